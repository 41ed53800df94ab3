// SPDX-License-Identifier: GPL-2.0-only
/* Events for listeners and for the daemon. */
#include "netlink/event.h"

#include "netlink/family.h"
#include "netlink/lease.h"

static struct sk_buff *event_new(const struct dhcpk_leases *s, const struct dhcpk_lease *l,
				 u8 state)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_DEFAULT_SIZE, DHCPK_GFP_SOFTIRQ);
	void *hdr;

	if (!skb)
		return NULL;
	hdr = genlmsg_put(skb, 0, 0, &dhcpk_genl_family, 0, DHCPK_CMD_EVENT_LEASE);
	if (!hdr || dhcpk_put_lease(skb, s, l, state)) {
		nlmsg_free(skb);
		return NULL;
	}
	genlmsg_end(skb, hdr);
	return skb;
}

/* struct dhcpk_notifier.lease: a message to all listeners. @s is locked. */
static void lease_event(struct dhcpk_leases *s, const struct dhcpk_lease *l, u8 state)
{
	struct sk_buff *skb = event_new(s, l, state);

	if (skb)
		genlmsg_multicast_netns(&dhcpk_genl_family, s->dn->net, skb, 0, 0,
					DHCPK_GFP_SOFTIRQ);
}

/* struct dhcpk_notifier.dirty: DHCPK_CMD_EVENT_DIRTY to the daemon's socket */
static int dirty_event(struct net *net, u32 portid)
{
	struct sk_buff *skb = genlmsg_new(0, GFP_KERNEL);
	int err;

	if (!skb)
		return -ENOMEM;
	if (!genlmsg_put(skb, 0, 0, &dhcpk_genl_family, 0, DHCPK_CMD_EVENT_DIRTY)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	if (!dhcpk_netlink_hold()) {
		nlmsg_free(skb);
		return -ESHUTDOWN;
	}
	err = genlmsg_unicast(net, skb, portid);
	dhcpk_netlink_release();
	return err;
}

const struct dhcpk_notifier dhcpk_netlink_events = {
	.family	= &dhcpk_genl_family,
	.lease	= lease_event,
	.dirty	= dirty_event,
};
