/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands that stage and show pools. */
#ifndef DHCPK_NETLINK_POOL_H
#define DHCPK_NETLINK_POOL_H

#include "netlink/family.h"

extern const struct nla_policy dhcpk_pool_policy[DHCPK_A_POOL_MAX + 1];
extern const struct nla_policy dhcpk_config_pool_policy[DHCPK_A_MAX + 1];

int dhcpk_nl_config_pool(struct sk_buff *skb, struct genl_info *info);
int dhcpk_nl_dump_pools(struct sk_buff *skb, struct netlink_callback *cb);

#endif
