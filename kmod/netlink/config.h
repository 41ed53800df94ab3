/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands that begin and commit a generation of the configuration. */
#ifndef DHCPK_NETLINK_CONFIG_H
#define DHCPK_NETLINK_CONFIG_H

#include "netlink/family.h"

extern const struct nla_policy dhcpk_config_commit_policy[DHCPK_A_MAX + 1];

int dhcpk_nl_config_begin(struct sk_buff *skb, struct genl_info *info);
int dhcpk_nl_config_commit(struct sk_buff *skb, struct genl_info *info);

#endif
