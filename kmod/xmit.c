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

/* A hardware address that a frame can be sent to: of this link's kind, one station's, not ours. */
static bool usable_chaddr(const struct dhcpk_ctx *ctx)
{
	const struct dhcp_hdr *req = ctx->msg.hdr;

	return ctx->dev->type == ARPHRD_ETHER && req->htype == DHCP_HTYPE_ETHERNET && req->hlen == ETH_ALEN &&
	       is_valid_ether_addr(req->chaddr) && !ether_addr_equal(req->chaddr, ctx->dev->dev_addr);
}

/* RFC 2131 section 4.1, fourth paragraph, for a client on the link. */
static void to_client(const struct dhcpk_ctx *ctx, struct dhcpk_dest *to)
{
	const struct dhcp_hdr *req = ctx->msg.hdr;

	to->addr = htonl(INADDR_BROADCAST);
	to->on_all = true;
	/* 4.3.2: a client that is refused has no address to be reached at, whatever it says. */
	if (ctx->reply.type == DHCP_NAK)
		return;
	/* It has an address and need not answer ARP for it: back to where the frame came from. */
	if (req->ciaddr) {
		to->addr = req->ciaddr;
		to->on_all = ctx->dev->type != ARPHRD_ETHER;
		if (!to->on_all)
			memcpy(to->mac, eth_hdr(ctx->skb)->h_source, ETH_ALEN);
		return;
	}
	if (req->flags & htons(DHCP_FLAG_BROADCAST) || !usable_chaddr(ctx))
		return;
	to->on_all = false;
	memcpy(to->mac, req->chaddr, ETH_ALEN);
	if (ctx->reply.yiaddr)
		to->addr = ctx->reply.yiaddr;
}

/* To its relay, RFC 2131 section 4.1, or through routers to a client that wrote to us through them. */
static void to_elsewhere(const struct dhcpk_ctx *ctx, struct dhcpk_dest *to)
{
	const struct dhcp_hdr *req = ctx->msg.hdr;

	to->routed = true;
	/* RFC 1542 section 5.4: who says where it is itself needs no relay. DHCP has it otherwise. */
	if (!req->giaddr || (ctx->reply.type == DHCP_NONE && req->ciaddr)) {
		to->addr = req->ciaddr;
		return;
	}
	to->addr = req->giaddr;
	to->port = ctx->msg.agent.source_port ? udp_hdr(ctx->skb)->source : htons(DHCP_SERVER_PORT);
}

static struct dhcpk_dest destination(const struct dhcpk_ctx *ctx)
{
	struct dhcpk_dest to = {
		.source		= ctx->source,
		.ifindex	= ctx->dev->ifindex,
		.port		= htons(DHCP_CLIENT_PORT),
		.type		= ctx->reply.type,
	};

	if (ctx->remote || ctx->msg.hdr->giaddr)
		to_elsewhere(ctx, &to);
	else
		to_client(ctx, &to);
	return to;
}

/* In the VRF of the interface, as the request came. NULL if it needs none; an error if there is none. */
static struct rtable *route_to(struct net_device *dev, const struct dhcpk_dest *to)
{
	struct flowi4 fl4 = {
		.flowi4_oif	= l3mdev_master_ifindex_rcu(dev),
		.flowi4_proto	= IPPROTO_UDP,
		.daddr		= to->addr,
		.saddr		= to->source,
		.fl4_sport	= htons(DHCP_SERVER_PORT),
		.fl4_dport	= to->port,
	};

	return to->routed ? ip_route_output_key(dev_net(dev), &fl4) : NULL;
}

/* The limit of option 57 is the IP datagram's (the stricter reading), and never more than the link carries. */
static unsigned int body_limit(const struct dhcpk_ctx *ctx, const struct rtable *rt)
{
	unsigned int mtu = rt ? dst_mtu(&rt->dst) : READ_ONCE(ctx->dev->mtu);

	return max_t(unsigned int, min_t(unsigned int, ctx->msg.max_size, mtu), DHCP_MIN_DATAGRAM) - HEADERS;
}

/* The message, with room for headers before it. */
static struct sk_buff *build(const struct dhcpk_ctx *ctx, const struct rtable *rt)
{
	struct net_device *dev = rt ? rt->dst.dev : ctx->dev;
	unsigned int limit = body_limit(ctx, rt);
	struct dhcp_left_out left_out;
	struct sk_buff *skb;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + HEADERS + limit + dev->needed_tailroom, DHCPK_GFP_SOFTIRQ);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED_SPACE(dev) + HEADERS);
	skb_put(skb, dhcp_reply_build(skb->data, limit, &ctx->reply, &left_out));
	dhcpk_count_many(ctx->dn, DHCPK_STAT_OPTIONS_LEFT_OUT, left_out.options);
	dhcpk_count_many(ctx->dn, DHCPK_STAT_AGENT_LEFT_OUT, left_out.agent);
	return skb;
}

/* The checksum is filled in here: clients that read raw frames drop what a device was to complete. */
static void put_udp(struct sk_buff *skb, const struct dhcpk_dest *to)
{
	struct udphdr *uh = skb_push(skb, sizeof(*uh));

	skb_reset_transport_header(skb);
	uh->source = htons(DHCP_SERVER_PORT);
	uh->dest = to->port;
	uh->len = htons(skb->len);
	uh->check = 0;
	uh->check = csum_tcpudp_magic(to->source, to->addr, skb->len, IPPROTO_UDP, csum_partial(uh, skb->len, 0));
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;
	skb->ip_summed = CHECKSUM_NONE;
}

static void put_ip(struct sk_buff *skb, const struct dhcpk_dest *to)
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
		.saddr		= to->source,
		.daddr		= to->addr,
	};
	ip_send_check(iph);
	skb->protocol = htons(ETH_P_IP);
}

/* Consumes @skb. The frame passes the taps and the queueing discipline like any other. */
static int send_on_link(struct net_device *dev, const struct dhcpk_dest *to, struct sk_buff *skb)
{
	int err;

	skb->dev = dev;
	if (dev_hard_header(skb, dev, ETH_P_IP, to->on_all ? dev->broadcast : to->mac, NULL, skb->len) < 0) {
		kfree_skb(skb);
		return -EINVAL;
	}
	err = dev_queue_xmit(skb);
	return net_xmit_eval(err);
}

/* Consumes @skb and the route. Like any datagram of this host; routers on the way may cut it up. */
static int send_routed(struct net *net, struct rtable *rt, struct sk_buff *skb)
{
	int err;

	ip_hdr(skb)->frag_off = 0;
	ip_select_ident(net, skb, NULL);
	skb_dst_set(skb, &rt->dst);
	err = ip_local_out(net, NULL, skb);
	return net_xmit_eval(err);
}

static enum dhcpk_stat sent_stat(u8 type)
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

/* Consumes @skb and the route, and counts what becomes of it. */
static enum dhcpk_step send(struct dhcpk_net *dn, struct net_device *dev, struct rtable *rt, struct sk_buff *skb)
{
	struct dhcpk_dest to = *DHCPK_DEST(skb);
	int err;

	/* From here on the cb is IP's. */
	memset(skb->cb, 0, sizeof(skb->cb));
	skb->tstamp = 0;
	put_udp(skb, &to);
	put_ip(skb, &to);
	err = rt ? send_routed(dn->net, rt, skb) : send_on_link(dev, &to, skb);
	dhcpk_count(dn, err ? DHCPK_STAT_DROP_TX_FAILED : sent_stat(to.type));
	return err ? DHCPK_DROP : DHCPK_DONE;
}

/**
 * dhcpk_xmit_parked - send a reply whose waiting is over
 * @dn: the namespace
 * @skb: the reply; consumed
 *
 * Interfaces and routes are looked up now: much may have changed since it was built.
 *
 * Context: softirq, or process with softirqs off; RCU.
 */
void dhcpk_xmit_parked(struct dhcpk_net *dn, struct sk_buff *skb)
{
	struct net_device *dev = dev_get_by_index_rcu(dn->net, DHCPK_DEST(skb)->ifindex);
	struct rtable *rt = dev ? route_to(dev, DHCPK_DEST(skb)) : NULL;
	unsigned int room = HEADERS;

	if (!dev || IS_ERR(rt))
		goto drop;
	room += LL_RESERVED_SPACE(rt ? rt->dst.dev : dev);
	if (skb_cow_head(skb, room)) {
		if (rt)
			ip_rt_put(rt);
		goto drop;
	}
	send(dn, dev, rt, skb);
	return;

drop:
	kfree_skb(skb);
	dhcpk_count(dn, DHCPK_STAT_DROP_TX_FAILED);
}

/**
 * dhcpk_xmit - step: build the reply and send it to the client, by its link, or to its relay, by the routing table
 * @ctx: a decided message
 *
 * Return: DHCPK_DONE, also if the reply waits for the store; DHCPK_DROP if there was no route or memory, too many wait, or
 * the device took no frame; the client asks again.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_xmit(struct dhcpk_ctx *ctx)
{
	struct dhcpk_dest to = destination(ctx);
	struct rtable *rt = route_to(ctx->dev, &to);
	struct sk_buff *skb;

	if (IS_ERR(rt))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_TX_FAILED);
	skb = build(ctx, rt);
	if (skb)
		*DHCPK_DEST(skb) = to;
	if (skb && !ctx->wait)
		return send(ctx->dn, ctx->dev, rt, skb);
	if (rt)
		ip_rt_put(rt);
	return skb ? dhcpk_park(ctx, skb) : dhcpk_drop(ctx, DHCPK_STAT_DROP_NO_MEMORY);
}
