// SPDX-License-Identifier: GPL-2.0-only
/* Notification of changes of leases. */
#include "lease/event.h"

#include <linux/netdevice.h>

const struct dhcpk_notifier __rcu *dhcpk_notifier;

/**
 * dhcpk_notifier_register - start notifications
 * @n: the receiver; there is only one
 *
 * Context: process, while the module is loaded.
 */
void dhcpk_notifier_register(const struct dhcpk_notifier *n)
{
	rcu_assign_pointer(dhcpk_notifier, n);
}

/**
 * dhcpk_notifier_unregister - stop notifications; none is under way when this returns
 *
 * Another family may soon get the number of the netlink family.
 *
 * Context: process, while the module is unloaded.
 */
void dhcpk_notifier_unregister(void)
{
	RCU_INIT_POINTER(dhcpk_notifier, NULL);
	synchronize_net();
}

/**
 * dhcpk_tell_dirty - tell the daemon that there are dirty leases
 * @net: the namespace
 * @portid: the daemon's socket
 *
 * Return: 0, or -errno if the daemon has not been told.
 * Context: process.
 */
int dhcpk_tell_dirty(struct net *net, u32 portid)
{
	const struct dhcpk_notifier *n;

	/*
	 * n->dirty() may sleep, so the call is outside of RCU. It checks itself whether the family
	 * is closed.
	 */
	rcu_read_lock();
	n = rcu_dereference(dhcpk_notifier);
	rcu_read_unlock();
	return n ? n->dirty(net, portid) : -ESHUTDOWN;
}
