// SPDX-License-Identifier: GPL-2.0-only
/* Who is told that a lease changes. */
#include "lease/event.h"

#include <linux/netdevice.h>

const struct dhcpk_notifier __rcu *dhcpk_notifier;

/**
 * dhcpk_notifier_register - from now on changes are told
 * @n: to whom; there is no other
 *
 * Context: process, while the module is loaded.
 */
void dhcpk_notifier_register(const struct dhcpk_notifier *n)
{
	rcu_assign_pointer(dhcpk_notifier, n);
}

/**
 * dhcpk_notifier_unregister - nobody is told any more, not even now, when it returns
 *
 * The number of the netlink family may be another family's soon.
 *
 * Context: process, while the module is unloaded.
 */
void dhcpk_notifier_unregister(void)
{
	RCU_INIT_POINTER(dhcpk_notifier, NULL);
	synchronize_net();
}

/**
 * dhcpk_tell_dirty - tell the daemon that there is something to pull
 * @net: the namespace
 * @portid: the daemon's socket
 *
 * Return: 0, or -errno if it has not been told.
 * Context: process.
 */
int dhcpk_tell_dirty(struct net *net, u32 portid)
{
	const struct dhcpk_notifier *n;

	/* It may sleep, and so is called outside of RCU: it sees by itself whether the family has gone. */
	rcu_read_lock();
	n = rcu_dereference(dhcpk_notifier);
	rcu_read_unlock();
	return n ? n->dirty(net, portid) : -ESHUTDOWN;
}
