// SPDX-License-Identifier: GPL-2.0-only
/* The reply's frame: where it goes, and out. Always a fresh skb; the request may be cloned by a tap. */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "dhcpk.h"

enum { HEADERS = sizeof(struct iphdr) + sizeof(struct udphdr) };
static_assert((int)HEADERS == DHCP_IP_UDP_LEN);

/**
 * struct dest - where a reply goes
 * @addr: IP address
 * @port: UDP port
 * @mac: on a link that has such addresses; unused with @rt
 * @rt: the route, if it does not simply leave by the interface that the request came in by
 */
struct dest {
	__be32		addr;
	__be16		port;
	const u8	*mac;
	struct rtable	*rt;
};

/* A hardware address that a frame can be sent to: of this link's kind, one station's, not ours. */
static bool usable_chaddr(const struct dhcpk_ctx *ctx)
{
	const struct dhcp_hdr *req = ctx->msg.hdr;

	return ctx->dev->type == ARPHRD_ETHER && req->htype == DHCP_HTYPE_ETHERNET && req->hlen == ETH_ALEN &&
	       is_valid_ether_addr(req->chaddr) && !ether_addr_equal(req->chaddr, ctx->dev->dev_addr);
}

/* RFC 2131 section 4.1, fourth paragraph, for a client on the link. */
static void to_client(const struct dhcpk_ctx *ctx, struct dest *to)
{
	const struct dhcp_hdr *req = ctx->msg.hdr;

	*to = (struct dest){ .addr = htonl(INADDR_BROADCAST), .port = htons(DHCP_CLIENT_PORT), .mac = ctx->dev->broadcast };
	/* 4.3.2: a client that is refused has no address to be reached at, whatever it says. */
	if (ctx->reply.type == DHCP_NAK)
		return;
	/* It has an address and need not answer ARP for it: back to where the frame came from. */
	if (req->ciaddr) {
		to->addr = req->ciaddr;
		to->mac = eth_hdr(ctx->skb)->h_source;
		return;
	}
	if (req->flags & htons(DHCP_FLAG_BROADCAST) || !usable_chaddr(ctx))
		return;
	to->mac = req->chaddr;
	if (ctx->reply.yiaddr)
		to->addr = ctx->reply.yiaddr;
}

/* In the VRF of the interface, as the request came. */
static struct rtable *route_to(const struct dhcpk_ctx *ctx, const struct dest *to)
{
	struct flowi4 fl4 = {
		.flowi4_oif	= l3mdev_master_ifindex_rcu(ctx->dev),
		.flowi4_proto	= IPPROTO_UDP,
		.daddr		= to->addr,
		.saddr		= ctx->source,
		.fl4_sport	= htons(DHCP_SERVER_PORT),
		.fl4_dport	= to->port,
	};

	return ip_route_output_key(dev_net(ctx->dev), &fl4);
}

/* To its relay, RFC 2131 section 4.1, or through routers to a client that wrote to us through them. */
static int to_elsewhere(const struct dhcpk_ctx *ctx, struct dest *to)
{
	const struct dhcp_hdr *req = ctx->msg.hdr;
	/* RFC 1542 section 5.4: what says where it is itself needs no relay. DHCP knows better only of the NAK. */
	bool relay = req->giaddr && !(ctx->reply.type == DHCP_NONE && req->ciaddr);

	*to = (struct dest){ .addr = relay ? req->giaddr : req->ciaddr, .port = htons(DHCP_CLIENT_PORT) };
	if (relay)
		to->port = ctx->msg.agent.source_port ? udp_hdr(ctx->skb)->source : htons(DHCP_SERVER_PORT);
	to->rt = route_to(ctx, to);
	return PTR_ERR_OR_ZERO(to->rt);
}

/* The limit of option 57 is the IP datagram's (the stricter reading), and never more than the link carries. */
static unsigned int body_limit(const struct dhcpk_ctx *ctx, const struct dest *to)
{
	unsigned int mtu = to->rt ? dst_mtu(&to->rt->dst) : READ_ONCE(ctx->dev->mtu);

	return max_t(unsigned int, min_t(unsigned int, ctx->msg.max_size, mtu), DHCP_MIN_DATAGRAM) - HEADERS;
}

static void put_ip(struct sk_buff *skb, __be32 from, __be32 to)
{
	struct iphdr *iph = skb_push(skb, sizeof(*iph));

	skb_reset_network_header(skb);
	*iph = (struct iphdr){
		.version	= 4,
		.ihl		= sizeof(*iph) / 4,
		.tot_len	= htons(skb->len),
		.frag_off	= htons(IP_DF),
		.ttl		= IPDEFTTL,
		.protocol	= IPPROTO_UDP,
		.saddr		= from,
		.daddr		= to,
	};
	ip_send_check(iph);
}

/* The checksum is filled in here: clients that read raw frames drop what a device was to complete. */
static void put_udp(struct sk_buff *skb, __be32 from, const struct dest *to)
{
	struct udphdr *uh = skb_push(skb, sizeof(*uh));

	skb_reset_transport_header(skb);
	uh->source = htons(DHCP_SERVER_PORT);
	uh->dest = to->port;
	uh->len = htons(skb->len);
	uh->check = 0;
	uh->check = csum_tcpudp_magic(from, to->addr, skb->len, IPPROTO_UDP, csum_partial(uh, skb->len, 0));
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;
	skb->ip_summed = CHECKSUM_NONE;
}

static struct sk_buff *build(const struct dhcpk_ctx *ctx, const struct dest *to)
{
	struct net_device *dev = to->rt ? to->rt->dst.dev : ctx->dev;
	unsigned int limit = body_limit(ctx, to);
	struct dhcp_left_out left_out;
	struct sk_buff *skb;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + HEADERS + limit + dev->needed_tailroom, DHCPK_GFP_SOFTIRQ);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED_SPACE(dev) + HEADERS);
	skb_put(skb, dhcp_reply_build(skb->data, limit, &ctx->reply, &left_out));
	dhcpk_count_many(ctx->dn, DHCPK_STAT_OPTIONS_LEFT_OUT, left_out.options);
	dhcpk_count_many(ctx->dn, DHCPK_STAT_AGENT_LEFT_OUT, left_out.agent);
	put_udp(skb, ctx->source, to);
	put_ip(skb, ctx->source, to->addr);
	skb->dev = dev;
	skb->protocol = htons(ETH_P_IP);
	return skb;
}

/* Consumes @skb. The frame passes the taps and the queueing discipline like any other. */
static int send_on_link(const struct dhcpk_ctx *ctx, const struct dest *to, struct sk_buff *skb)
{
	int err;

	if (dev_hard_header(skb, ctx->dev, ETH_P_IP, to->mac, NULL, skb->len) < 0) {
		kfree_skb(skb);
		return -EINVAL;
	}
	err = dev_queue_xmit(skb);
	return net_xmit_eval(err);
}

/* Consumes @skb and the route. Like any datagram of this host; routers on the way may cut it up. */
static int send_routed(const struct dhcpk_ctx *ctx, const struct dest *to, struct sk_buff *skb)
{
	struct net *net = dev_net(ctx->dev);
	int err;

	ip_hdr(skb)->frag_off = 0;
	ip_select_ident(net, skb, NULL);
	skb_dst_set(skb, &to->rt->dst);
	err = ip_local_out(net, NULL, skb);
	return net_xmit_eval(err);
}

static enum dhcpk_stat sent_stat(enum dhcp_type type)
{
	switch (type) {
	case DHCP_OFFER:
		return DHCPK_STAT_TX_OFFER;
	case DHCP_ACK:
		return DHCPK_STAT_TX_ACK;
	case DHCP_NAK:
		return DHCPK_STAT_TX_NAK;
	default:
		return DHCPK_STAT_TX_BOOTP;
	}
}

/**
 * dhcpk_xmit - step: build the reply and send it to the client, by its link, or to its relay, by the routing table
 * @ctx: a decided message
 *
 * Return: DHCPK_DONE, or DHCPK_DROP if there was no route or memory, or the device took no frame; the client asks again.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_xmit(struct dhcpk_ctx *ctx)
{
	struct sk_buff *skb;
	struct dest to;
	int err;

	if (!ctx->remote && !ctx->msg.hdr->giaddr)
		to_client(ctx, &to);
	else if (to_elsewhere(ctx, &to))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_TX_FAILED);
	skb = build(ctx, &to);
	if (!skb) {
		if (to.rt)
			ip_rt_put(to.rt);
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_NO_MEMORY);
	}
	err = to.rt ? send_routed(ctx, &to, skb) : send_on_link(ctx, &to, skb);
	if (err)
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_TX_FAILED);
	dhcpk_count(ctx->dn, sent_stat(ctx->reply.type));
	return DHCPK_DONE;
}
