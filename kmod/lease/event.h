/* SPDX-License-Identifier: GPL-2.0-only */
/* Notification of changes of leases. */
#ifndef DHCPK_EVENT_H
#define DHCPK_EVENT_H

#include <net/genetlink.h>

#include "lease/types.h"

/**
 * struct dhcpk_notifier - receiver of notifications: the netlink layer
 * @family: its family, for the check whether any socket listens
 * @lease: a lease has changed to @state; the leases are locked, any context
 * @dirty: tell the daemon behind the socket @portid that there are dirty leases; process context.
 *	Returns 0, or -errno if the daemon has not been told
 *
 * The lease layer does not call a layer above it directly. It calls these functions.
 */
struct dhcpk_notifier {
	const struct genl_family *family;
	void (*lease)(struct dhcpk_leases *s, const struct dhcpk_lease *l, u8 state);
	int (*dirty)(struct net *net, u32 portid);
};

extern const struct dhcpk_notifier __rcu *dhcpk_notifier;

void dhcpk_notifier_register(const struct dhcpk_notifier *n);
void dhcpk_notifier_unregister(void);
int dhcpk_tell_dirty(struct net *net, u32 portid);

/**
 * dhcpk_tell_lease - tell listeners that a lease has changed
 * @s: the leases, locked
 * @l: the lease
 * @state: its new state; DHCPK_LEASE_FREE if the lease is about to be removed
 *
 * The message may get lost. Without a listener there is no message and no cost.
 *
 * Context: softirq or process.
 */
static inline void dhcpk_tell_lease(struct dhcpk_leases *s, const struct dhcpk_lease *l, u8 state)
{
	const struct dhcpk_notifier *n;

	rcu_read_lock();
	n = rcu_dereference(dhcpk_notifier);
	if (n && genl_has_listeners(n->family, s->dn->net, 0))
		n->lease(s, l, state);
	rcu_read_unlock();
}

#endif
