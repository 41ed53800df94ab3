/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands that show the state of a namespace and its counters. */
#ifndef DHCPK_NETLINK_INFO_H
#define DHCPK_NETLINK_INFO_H

#include "netlink/family.h"

int dhcpk_nl_get_info(struct sk_buff *skb, struct genl_info *info);
int dhcpk_nl_get_stats(struct sk_buff *skb, struct genl_info *info);

#endif
