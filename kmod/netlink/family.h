/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic netlink family: replies, error texts, and the generation that a request belongs to.
 */
#ifndef DHCPK_NETLINK_FAMILY_H
#define DHCPK_NETLINK_FAMILY_H

#include <net/genetlink.h>

#include "config/types.h"

extern struct genl_family dhcpk_genl_family;

/*
 * Parses the attributes of a nest into the array @tb, which is as long as the policy, so that no
 * access is beyond the end of either. A policy that several files use is declared with its length.
 */
#define dhcpk_parse_nest(tb, nest, policy, extack)						\
	nla_parse_nested(tb, ARRAY_SIZE(tb) - 1 +						\
			     BUILD_BUG_ON_ZERO(ARRAY_SIZE(tb) != ARRAY_SIZE(policy)),		\
			 nest, policy, extack)

/* A change of the staged generation @c, with @dn->lock held. @object: from dhcpk_nl_stage() */
typedef int (*dhcpk_nl_change)(struct dhcpk_net *dn, struct dhcpk_config *c, void *object,
			       struct genl_info *info);

void dhcpk_netlink_open(void);
void dhcpk_netlink_close(void);
bool dhcpk_netlink_hold(void);
void dhcpk_netlink_release(void);
struct sk_buff *dhcpk_reply_new(struct genl_info *info, void **hdr);
int dhcpk_reply_send(struct sk_buff *msg, void *hdr, struct genl_info *info);
int dhcpk_refuse(struct genl_info *info, const struct nlattr *attr, const char *why);
int dhcpk_nl_stage(struct genl_info *info, dhcpk_nl_change change, void *object);
const struct dhcpk_config *dhcpk_nl_running(const struct dhcpk_net *dn);
const struct dhcpk_config *dhcpk_nl_shown(const struct dhcpk_net *dn, struct netlink_callback *cb);
void *dhcpk_put_header(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd);

#endif
