// SPDX-License-Identifier: GPL-2.0-only
/* The reply: where it goes, and out. Always a fresh skb; the request may be cloned by a tap. */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/udp.h>
#include <net/route.h>

#include "dhcpk.h"

/* RFC 2131 section 4.1, fourth paragraph, for a client on the link. */
static void to_client(const struct dhcpk_ctx *ctx, struct dhcpk_dest *to)
{
	const struct dhcp_hdr *req = ctx->msg.hdr;
	__be32 has = ctx->msg.type == DHCP_INFORM ? htonl(dhcpk_asked(ctx)) : req->ciaddr;

	to->addr = htonl(INADDR_BROADCAST);
	to->on_all = true;
	/* 4.3.2: a client that is refused has no address to be reached at, whatever it says. */
	if (ctx->reply.type == DHCP_NAK)
		return;
	/* It has an address and need not answer ARP for it: back to where the frame came from. */
	if (has) {
		to->addr = has;
		to->on_all = ctx->dev->type != ARPHRD_ETHER;
		if (!to->on_all)
			memcpy(to->mac, eth_hdr(ctx->skb)->h_source, ETH_ALEN);
		return;
	}
	if (req->flags & htons(DHCP_FLAG_BROADCAST) || !dhcpk_usable_chaddr(ctx->dev, req))
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
		.sport		= htons(DHCP_SERVER_PORT),
		.type		= ctx->reply.type,
	};

	if (ctx->remote || ctx->msg.hdr->giaddr)
		to_elsewhere(ctx, &to);
	else
		to_client(ctx, &to);
	return to;
}

/*
 * The limit of option 57 is the IP datagram's (the stricter reading), and never more than the links carry that the request came
 * by and the reply leaves by: loopback carries 64 KB.
 */
static unsigned int body_limit(const struct dhcpk_ctx *ctx, const struct rtable *rt)
{
	unsigned int mtu = READ_ONCE(ctx->dev->mtu);

	if (rt)
		mtu = min(mtu, dst_mtu(&rt->dst));

	return max_t(unsigned int, min_t(unsigned int, ctx->msg.max_size, mtu), DHCP_MIN_DATAGRAM) - DHCP_IP_UDP_LEN;
}

/* The message, with room for headers before it. */
static struct sk_buff *build(const struct dhcpk_ctx *ctx, const struct rtable *rt)
{
	unsigned int limit = body_limit(ctx, rt);
	struct sk_buff *skb = dhcpk_frame_new(rt ? rt->dst.dev : ctx->dev, limit);
	struct dhcp_left_out left_out;

	if (!skb)
		return NULL;
	skb_put(skb, dhcp_reply_build(skb->data, limit, &ctx->reply, &left_out));
	dhcpk_count_many(ctx->dn, DHCPK_STAT_OPTIONS_LEFT_OUT, left_out.options);
	dhcpk_count_many(ctx->dn, DHCPK_STAT_AGENT_LEFT_OUT, left_out.agent);
	return skb;
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
	int err = dhcpk_frame_send(dev, rt, &to, skb);

	dhcpk_count(dn, err ? DHCPK_STAT_DROP_TX_FAILED : sent_stat(to.type));
	return err ? DHCPK_DROP : DHCPK_DONE;
}

/* An interface has got the address meanwhile that the client would get. Its next request is refused. */
static bool has_become_ours(const struct dhcpk_net *dn, const struct net_device *dev, struct sk_buff *skb)
{
	return DHCPK_DEST(skb)->addresses != rt_genid_ipv4(dn->net) &&
	       dhcpk_address_type(dev, ((const struct dhcp_hdr *)skb->data)->yiaddr) == RTN_LOCAL;
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
	unsigned int room = DHCP_IP_UDP_LEN;
	struct rtable *rt = NULL;

	if (!dev || has_become_ours(dn, dev, skb))
		goto drop;
	if (DHCPK_DEST(skb)->routed)
		rt = dhcpk_route(dev, DHCPK_DEST(skb));
	if (IS_ERR(rt))
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
	struct rtable *rt = to.routed ? dhcpk_route(ctx->dev, &to) : NULL;
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
