/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands that store and restore leases. */
#ifndef DHCPK_NETLINK_STORE_H
#define DHCPK_NETLINK_STORE_H

#include <linux/notifier.h>

#include "netlink/family.h"

extern const struct nla_policy dhcpk_attach_policy[DHCPK_A_MAX + 1];
extern const struct nla_policy dhcpk_commit_policy[DHCPK_A_MAX + 1];
extern const struct nla_policy dhcpk_config_restore_policy[DHCPK_A_MAX + 1];
extern struct notifier_block dhcpk_netlink_notifier;

int dhcpk_nl_attach(struct sk_buff *skb, struct genl_info *info);
int dhcpk_nl_pull(struct sk_buff *skb, struct netlink_callback *cb);
int dhcpk_nl_commit(struct sk_buff *skb, struct genl_info *info);
int dhcpk_nl_config_restore(struct sk_buff *skb, struct genl_info *info);

#endif
