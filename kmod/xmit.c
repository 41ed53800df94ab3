// SPDX-License-Identifier: GPL-2.0-only
/* The reply's frame: where it goes, and out. Always a fresh skb; the request may be cloned by a tap. */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "dhcpk.h"

enum { HEADERS = sizeof(struct iphdr) + sizeof(struct udphdr) };
static_assert((int)HEADERS == DHCP_IP_UDP_LEN);

/* Where a reply goes. @mac is only set on links that have such addresses. */
struct dest {
	__be32		addr;
	const u8	*mac;
};

/* A hardware address that a frame can be sent to: of this link's kind, one station's, not ours. */
static bool usable_chaddr(const struct dhcpk_ctx *ctx)
{
	const struct dhcp_hdr *req = ctx->msg.hdr;

	return ctx->dev->type == ARPHRD_ETHER && req->htype == DHCP_HTYPE_ETHERNET && req->hlen == ETH_ALEN &&
	       is_valid_ether_addr(req->chaddr) && !ether_addr_equal(req->chaddr, ctx->dev->dev_addr);
}

/* RFC 2131 section 4.1, fourth paragraph, for a client on the link. */
static struct dest destination(const struct dhcpk_ctx *ctx)
{
	const struct dhcp_hdr *req = ctx->msg.hdr;
	struct dest everybody = { .addr = htonl(INADDR_BROADCAST), .mac = ctx->dev->broadcast };

	/* 4.3.2: a client that is refused has no address to be reached at, whatever it says. */
	if (ctx->reply.type == DHCP_NAK)
		return everybody;
	/* It has an address and need not answer ARP for it: back to where the frame came from. */
	if (req->ciaddr)
		return (struct dest){ .addr = req->ciaddr, .mac = eth_hdr(ctx->skb)->h_source };
	if (req->flags & htons(DHCP_FLAG_BROADCAST) || !usable_chaddr(ctx))
		return everybody;
	return (struct dest){ .addr = ctx->reply.yiaddr, .mac = req->chaddr };
}

/* The limit of option 57 is the IP datagram's (the stricter reading), and never more than the link carries. */
static unsigned int body_limit(const struct dhcpk_ctx *ctx)
{
	unsigned int limit = min_t(unsigned int, ctx->msg.max_size, READ_ONCE(ctx->dev->mtu));

	return max_t(unsigned int, limit, DHCP_MIN_DATAGRAM) - HEADERS;
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
static void put_udp(struct sk_buff *skb, __be32 from, __be32 to)
{
	struct udphdr *uh = skb_push(skb, sizeof(*uh));

	skb_reset_transport_header(skb);
	uh->source = htons(DHCP_SERVER_PORT);
	uh->dest = htons(DHCP_CLIENT_PORT);
	uh->len = htons(skb->len);
	uh->check = 0;
	uh->check = csum_tcpudp_magic(from, to, skb->len, IPPROTO_UDP, csum_partial(uh, skb->len, 0));
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;
	skb->ip_summed = CHECKSUM_NONE;
}

static struct sk_buff *build(const struct dhcpk_ctx *ctx, const struct dest *to)
{
	unsigned int limit = body_limit(ctx);
	struct net_device *dev = ctx->dev;
	struct sk_buff *skb;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + HEADERS + limit + dev->needed_tailroom, DHCPK_GFP_SOFTIRQ);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED_SPACE(dev) + HEADERS);
	skb_put(skb, dhcp_reply_build(skb->data, limit, &ctx->reply));
	put_udp(skb, ctx->server_id, to->addr);
	put_ip(skb, ctx->server_id, to->addr);
	skb->dev = dev;
	skb->protocol = htons(ETH_P_IP);
	return skb;
}

static enum dhcpk_stat sent_stat(enum dhcp_type type)
{
	switch (type) {
	case DHCP_OFFER:
		return DHCPK_STAT_TX_OFFER;
	case DHCP_ACK:
		return DHCPK_STAT_TX_ACK;
	default:
		return DHCPK_STAT_TX_NAK;
	}
}

/**
 * dhcpk_xmit - step: build the reply and send it, out of the interface the request came in by
 * @ctx: a decided message
 *
 * Return: DHCPK_DONE, or DHCPK_DROP if there was no memory or the device took no frame; the client will ask again.
 * Context: softirq, RCU. The frame passes the taps and the queueing discipline like any other.
 */
enum dhcpk_step dhcpk_xmit(struct dhcpk_ctx *ctx)
{
	struct dest to = destination(ctx);
	struct sk_buff *skb = build(ctx, &to);
	int err;

	if (!skb)
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_NO_MEMORY);
	if (dev_hard_header(skb, ctx->dev, ETH_P_IP, to.mac, NULL, skb->len) < 0) {
		kfree_skb(skb);
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_TX_FAILED);
	}
	err = dev_queue_xmit(skb);
	if (net_xmit_eval(err))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_TX_FAILED);
	dhcpk_count(ctx->dn, sent_stat(ctx->reply.type));
	return DHCPK_DONE;
}
