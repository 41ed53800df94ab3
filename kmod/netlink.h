/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the netlink desk share. */
#ifndef DHCPK_NETLINK_H
#define DHCPK_NETLINK_H

#include <net/genetlink.h>

#include "dhcpk.h"

extern struct genl_family dhcpk_genl_family;
extern const struct nla_policy dhcpk_pool_policy[];
extern const struct nla_policy dhcpk_range_policy[];
extern const struct nla_policy dhcpk_link_policy[];
extern const struct nla_policy dhcpk_set_policy[];
extern const struct nla_policy dhcpk_host_policy[];
extern const struct nla_policy dhcpk_lease_policy[];
extern const struct nla_policy dhcpk_lease_request_policy[];

/* netlink.c */
struct sk_buff *dhcpk_reply_new(struct genl_info *info, void **hdr);
int dhcpk_reply_send(struct sk_buff *skb, void *hdr, struct genl_info *info);

/* netlink_config.c */
int dhcpk_nl_config_begin(struct sk_buff *skb, struct genl_info *info);
int dhcpk_nl_config_pool(struct sk_buff *skb, struct genl_info *info);
int dhcpk_nl_config_host(struct sk_buff *skb, struct genl_info *info);
int dhcpk_nl_config_commit(struct sk_buff *skb, struct genl_info *info);

/* netlink_dump.c */
int dhcpk_nl_dump_pools(struct sk_buff *skb, struct netlink_callback *cb);
int dhcpk_nl_dump_leases(struct sk_buff *skb, struct netlink_callback *cb);
int dhcpk_nl_del_lease(struct sk_buff *skb, struct genl_info *info);

#endif
