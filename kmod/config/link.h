/* SPDX-License-Identifier: GPL-2.0-only */
/* Where pools are served: on interfaces, and for the addresses of relays and renewing clients. */
#ifndef DHCPK_LINK_H
#define DHCPK_LINK_H

#include "config/types.h"

struct notifier_block;

int dhcpk_link_notify(struct notifier_block *nb, unsigned long event, void *ptr);
void dhcpk_links_follow(struct dhcpk_net *dn, struct dhcpk_config *c);
const struct dhcpk_link *dhcpk_link_find(const struct dhcpk_config *c, int ifindex);
const struct dhcpk_pools *dhcpk_segment_find(const struct dhcpk_config *c, __be32 addr);
struct dhcpk_pool *dhcpk_pools_at(const struct dhcpk_pools *pools, u32 addr);
const struct dhcpk_pool *dhcpk_pools_behind(const struct dhcpk_pools *pools, u32 addr);
int dhcpk_pools_add(struct dhcpk_pools *pools, struct dhcpk_pool *pool);
void dhcpk_pools_free(struct dhcpk_pools *pools);
int dhcpk_links_init(struct dhcpk_config *c);
struct dhcpk_link *dhcpk_link_get(struct dhcpk_config *c, const char *dev);
int dhcpk_links_add_pool(struct dhcpk_config *c, struct dhcpk_pool *pool);
int dhcpk_segments_nest(struct dhcpk_config *c);
void dhcpk_links_free(struct dhcpk_config *c);

#endif
