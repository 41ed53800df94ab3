/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands that stage and show relays, and commands for their servers. */
#ifndef DHCPK_NETLINK_RELAY_H
#define DHCPK_NETLINK_RELAY_H

#include "netlink/family.h"

extern const struct nla_policy dhcpk_config_relay_policy[DHCPK_A_MAX + 1];

int dhcpk_nl_config_relay(struct sk_buff *skb, struct genl_info *info);
int dhcpk_nl_dump_relays(struct sk_buff *skb, struct netlink_callback *cb);
int dhcpk_nl_set_server(struct sk_buff *skb, struct genl_info *info);
int dhcpk_nl_probe_server(struct sk_buff *skb, struct genl_info *info);

#endif
