// SPDX-License-Identifier: GPL-2.0-only
/* A reply leaves: at once, or when it need not wait for the store any more. */
#include "server/xmit.h"

#include <net/route.h>

#include "base/address.h"
#include "base/frame.h"
#include "base/trace.h"

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

/* Consumes @skb and the route, and counts the result. */
static enum dhcpk_step send(struct dhcpk_net *dn, struct net_device *dev, struct rtable *rt,
			    struct sk_buff *skb)
{
	struct dhcpk_dest to = *DHCPK_DEST(skb);
	int err;

	trace_reply(dev, to.type, (const struct dhcp_hdr *)skb->data, to.addr, to.lease);
	err = dhcpk_frame_send(dev, rt, &to, skb);
	dhcpk_count(dn, err ? DHCPK_STAT_DROP_TX_FAILED : sent_stat(to.type));
	return err ? DHCPK_DROP : DHCPK_DONE;
}

/*
 * Has an interface of this host got the client's address meanwhile? The client's next request is
 * refused then.
 */
static bool yiaddr_is_local(const struct dhcpk_net *dn, const struct net_device *dev,
			    struct sk_buff *skb)
{
	return DHCPK_DEST(skb)->addresses != rt_genid_ipv4(dn->net) &&
	       dhcpk_address_type(dev, ((const struct dhcp_hdr *)skb->data)->yiaddr) == RTN_LOCAL;
}

/**
 * dhcpk_xmit_parked - send a reply that has waited for the store
 * @dn: the namespace
 * @skb: the reply; consumed
 *
 * Looks up interface and route now: they may have changed since the reply was built.
 *
 * Context: softirq, or process with softirqs off; RCU.
 */
void dhcpk_xmit_parked(struct dhcpk_net *dn, struct sk_buff *skb)
{
	struct net_device *dev = dev_get_by_index_rcu(dn->net, DHCPK_DEST(skb)->ifindex);
	unsigned int room = DHCP_IP_UDP_LEN;
	struct rtable *rt = NULL;

	if (!dev || yiaddr_is_local(dn, dev, skb))
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
 * dhcpk_xmit - step: send the reply
 * @ctx: a message with its reply; both reply and route are consumed
 *
 * Return: DHCPK_DONE; DHCPK_DROP if the frame could not be sent: the client asks again.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_xmit(struct dhcpk_ctx *ctx)
{
	return send(ctx->dn, ctx->dev, ctx->route, ctx->answer);
}
