/* SPDX-License-Identifier: GPL-2.0-only */
/* Option sets from their attribute. */
#ifndef DHCPK_NETLINK_OPTION_SET_H
#define DHCPK_NETLINK_OPTION_SET_H

#include "netlink/family.h"

extern const struct nla_policy dhcpk_set_policy[DHCPK_A_SET_MAX + 1];

struct dhcp_option_set *dhcpk_nl_option_set(struct genl_info *info, struct nlattr *nest, int *err);

#endif
