/* SPDX-License-Identifier: GPL-2.0-only */
/* Command that stages a host. */
#ifndef DHCPK_NETLINK_HOST_H
#define DHCPK_NETLINK_HOST_H

#include "netlink/family.h"

extern const struct nla_policy dhcpk_config_host_policy[DHCPK_A_MAX + 1];

int dhcpk_nl_config_host(struct sk_buff *skb, struct genl_info *info);

#endif
