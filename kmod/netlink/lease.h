/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands that show and delete leases. */
#ifndef DHCPK_NETLINK_LEASE_H
#define DHCPK_NETLINK_LEASE_H

#include "lease/types.h"
#include "netlink/family.h"

extern const struct nla_policy dhcpk_get_lease_policy[DHCPK_A_MAX + 1];
extern const struct nla_policy dhcpk_del_lease_policy[DHCPK_A_MAX + 1];

int dhcpk_put_client(struct sk_buff *skb, const struct dhcpk_lease *l);
int dhcpk_put_place(struct sk_buff *skb, const struct dhcpk_leases *s, const struct dhcpk_lease *l);
int dhcpk_put_lease(struct sk_buff *skb, const struct dhcpk_leases *s, const struct dhcpk_lease *l,
		    u8 state);
void dhcpk_put_duplicates(struct sk_buff *skb, struct dhcpk_leases *s);

int dhcpk_nl_dump_leases(struct sk_buff *skb, struct netlink_callback *cb);
int dhcpk_nl_del_lease(struct sk_buff *skb, struct genl_info *info);

#endif
