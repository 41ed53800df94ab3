/* SPDX-License-Identifier: GPL-2.0-only */
/* Events for listeners and for the daemon. */
#ifndef DHCPK_NETLINK_EVENT_H
#define DHCPK_NETLINK_EVENT_H

#include "lease/event.h"

extern const struct dhcpk_notifier dhcpk_netlink_events;

#endif
