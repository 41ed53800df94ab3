/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the netlink desk share. */
#ifndef DHCPK_NETLINK_H
#define DHCPK_NETLINK_H

#include <net/genetlink.h>

#include "ctx.h"

extern struct genl_family dhcpk_genl_family;
extern const struct nla_policy dhcpk_pool_policy[DHCPK_A_POOL_MAX + 1];
extern const struct nla_policy dhcpk_range_policy[DHCPK_A_RANGE_MAX + 1];
extern const struct nla_policy dhcpk_link_policy[DHCPK_A_LINK_MAX + 1];
extern const struct nla_policy dhcpk_set_policy[DHCPK_A_SET_MAX + 1];
extern const struct nla_policy dhcpk_host_policy[DHCPK_A_HOST_MAX + 1];
extern const struct nla_policy dhcpk_server_policy[DHCPK_A_SERVER_UP + 1];
extern const struct nla_policy dhcpk_relay_policy[DHCPK_A_RELAY_AGENT + 1];
extern const struct nla_policy dhcpk_lease_policy[DHCPK_A_LEASE_IP + 1];
extern const struct nla_policy dhcpk_stored_policy[DHCPK_A_LEASE_MAX + 1];
extern const struct nla_policy dhcpk_lease_request_policy[DHCPK_A_MAX + 1];

/* A nest's attributes into the array @tb, which is as long as the policy: neither is read or written beyond its end. */
#define dhcpk_parse_nest(tb, nest, policy, extack)						\
	nla_parse_nested(tb, ARRAY_SIZE(tb) - 1 + BUILD_BUG_ON_ZERO(ARRAY_SIZE(tb) != ARRAY_SIZE(policy)),	\
			 nest, policy, extack)

/* ops.c */
int dhcpk_netlink_init(void);
void dhcpk_netlink_exit(void);
bool dhcpk_netlink_hold(void);
void dhcpk_netlink_release(void);
struct sk_buff *dhcpk_reply_new(struct genl_info *info, void **hdr);
int dhcpk_reply_send(struct sk_buff *skb, void *hdr, struct genl_info *info);

/* pool.c */
int dhcpk_refuse(struct genl_info *info, const struct nlattr *attr, const char *why);
struct dhcpk_config *dhcpk_nl_staged(struct dhcpk_net *dn, struct genl_info *info, int *err);
int dhcpk_nl_config_begin(struct sk_buff *skb, struct genl_info *info);
int dhcpk_nl_config_pool(struct sk_buff *skb, struct genl_info *info);
int dhcpk_nl_config_host(struct sk_buff *skb, struct genl_info *info);
int dhcpk_nl_config_commit(struct sk_buff *skb, struct genl_info *info);

/* store.c */
extern struct notifier_block dhcpk_netlink_notifier;
int dhcpk_nl_attach(struct sk_buff *skb, struct genl_info *info);
int dhcpk_nl_pull(struct sk_buff *skb, struct netlink_callback *cb);
int dhcpk_nl_commit(struct sk_buff *skb, struct genl_info *info);
int dhcpk_nl_config_restore(struct sk_buff *skb, struct genl_info *info);
int dhcpk_dirty_event(struct net *net, u32 portid);

/* relay.c */
int dhcpk_nl_config_relay(struct sk_buff *skb, struct genl_info *info);
int dhcpk_nl_dump_relays(struct sk_buff *skb, struct netlink_callback *cb);
int dhcpk_nl_set_server(struct sk_buff *skb, struct genl_info *info);
int dhcpk_nl_probe_server(struct sk_buff *skb, struct genl_info *info);

/* lease.c */
const struct dhcpk_config *dhcpk_nl_running(struct dhcpk_net *dn, struct netlink_callback *cb);
void *dhcpk_put_header(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd);
void dhcpk_put_duplicates(struct sk_buff *skb, struct dhcpk_space *s);
int dhcpk_put_place(struct sk_buff *skb, const struct dhcpk_space *s, const struct dhcpk_lease *l);
int dhcpk_put_client(struct sk_buff *skb, const struct dhcpk_lease *l);
int dhcpk_nl_dump_pools(struct sk_buff *skb, struct netlink_callback *cb);
int dhcpk_nl_dump_leases(struct sk_buff *skb, struct netlink_callback *cb);
int dhcpk_nl_del_lease(struct sk_buff *skb, struct genl_info *info);
void dhcpk_lease_event(struct dhcpk_space *s, const struct dhcpk_lease *l, u8 state);

#endif
