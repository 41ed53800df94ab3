// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a reply goes; core/reply.c writes its content. The reply always has a fresh skb, because a
 * tap may hold the request.
 */
#include "server/reply.h"

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/udp.h>
#include <net/route.h>

#include "base/frame.h"
#include "server/sender.h"

/* RFC 2131 section 4.1, fourth paragraph, for a client on the link. */
static void to_client(const struct dhcpk_ctx *ctx, struct dhcpk_dest *to)
{
	const struct dhcp_hdr *req = ctx->msg.hdr;
	__be32 has = ctx->msg.type == DHCP_INFORM ? htonl(dhcpk_asked(ctx)) : req->ciaddr;

	to->addr = htonl(INADDR_BROADCAST);
	to->on_all = true;
	/* 4.3.2: a refused client has no usable address, whatever ciaddr says. */
	if (ctx->reply.type == DHCP_NAK)
		return;
	/*
	 * The client has an address and need not answer ARP for it: send to the source of the
	 * frame.
	 */
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

/*
 * To the relay, RFC 2131 section 4.1, or through routers to a client that sent its message through
 * them.
 */
static void to_elsewhere(const struct dhcpk_ctx *ctx, struct dhcpk_dest *to)
{
	const struct dhcp_hdr *req = ctx->msg.hdr;

	to->routed = true;
	/* RFC 1542 section 5.4: a BOOTP client with a ciaddr needs no relay. DHCP differs. */
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
 * Option 57 limits the IP datagram (the stricter reading). The reply is also never longer than the
 * MTU of the request's interface and of the reply's route: loopback has an MTU of 64 KB.
 */
static unsigned int body_limit(const struct dhcpk_ctx *ctx, const struct rtable *rt)
{
	unsigned int mtu = READ_ONCE(ctx->dev->mtu);

	if (rt)
		mtu = min(mtu, dst_mtu(&rt->dst));

	return max_t(unsigned int, min_t(unsigned int, ctx->msg.max_size, mtu), DHCP_MIN_DATAGRAM) -
	       DHCP_IP_UDP_LEN;
}

/*
 * The message, with space for headers before it. A client that accepts 9,000 bytes rarely needs
 * them. If there is no memory for that size in one piece, the size of an Ethernet frame is enough,
 * or the size that every client accepts.
 */
static struct sk_buff *build(const struct dhcpk_ctx *ctx, const struct rtable *rt)
{
	static const u16 shorter[] = {
		ETH_DATA_LEN - DHCP_IP_UDP_LEN, DHCP_MIN_DATAGRAM - DHCP_IP_UDP_LEN
	};
	const struct net_device *dev = rt ? rt->dst.dev : ctx->dev;
	unsigned int limit = body_limit(ctx, rt), i;
	struct sk_buff *skb = dhcpk_frame_new(dev, limit);
	struct dhcp_left_out left_out;

	for (i = 0; !skb && i < ARRAY_SIZE(shorter); i++) {
		limit = min_t(unsigned int, limit, shorter[i]);
		skb = dhcpk_frame_new(dev, limit);
	}
	if (!skb)
		return NULL;
	skb_put(skb, dhcp_reply_build(skb->data, limit, &ctx->reply, &left_out));
	dhcpk_count_many(ctx->dn, DHCPK_STAT_OPTIONS_LEFT_OUT, left_out.options);
	dhcpk_count_many(ctx->dn, DHCPK_STAT_AGENT_LEFT_OUT, left_out.agent);
	return skb;
}

/**
 * dhcpk_reply - step: build the reply, for the client's link, or by the routing table for a relay
 * or a remote client
 * @ctx: a decided message
 *
 * Return: DHCPK_NEXT with the reply in @answer, its destination in the cb of @answer, and its
 * @route, all for dhcpk_xmit() or dhcpk_reply_end(); DHCPK_DROP if there is no route or no memory.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_reply(struct dhcpk_ctx *ctx)
{
	struct dhcpk_dest to = destination(ctx);

	ctx->route = to.routed ? dhcpk_route(ctx->dev, &to) : NULL;
	if (IS_ERR(ctx->route))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_TX_FAILED);
	ctx->answer = build(ctx, ctx->route);
	if (!ctx->answer) {
		dhcpk_reply_end(ctx);
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_NO_MEMORY);
	}
	*DHCPK_DEST(ctx->answer) = to;
	return DHCPK_NEXT;
}

/**
 * dhcpk_reply_end - release the route of the reply
 * @ctx: the message
 *
 * Context: softirq.
 */
void dhcpk_reply_end(struct dhcpk_ctx *ctx)
{
	if (ctx->route)
		ip_rt_put(ctx->route);
}
