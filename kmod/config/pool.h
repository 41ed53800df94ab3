/* SPDX-License-Identifier: GPL-2.0-only */
/* The pools and hosts of a generation. */
#ifndef DHCPK_POOL_H
#define DHCPK_POOL_H

#include "config/link.h"

struct dhcpk_config *dhcpk_config_new(u32 generation);
void dhcpk_config_free(struct dhcpk_config *c);
struct dhcpk_pool *dhcpk_config_pool(const struct dhcpk_config *c, const char *name);
bool dhcpk_config_overlap(const struct dhcpk_config *c, const struct dhcpk_pool *pool);
int dhcpk_config_add_pool(struct dhcpk_config *c, struct dhcpk_pool *pool);
int dhcpk_pool_add_host(struct dhcpk_config *c, struct dhcpk_pool *pool, struct dhcpk_host *host);
struct dhcpk_pool *dhcpk_pool_new(void);
void dhcpk_pool_free(struct dhcpk_pool *pool);
bool dhcpk_config_covers(const struct dhcpk_config *c, const struct dhcpk_pool *pool);
struct dhcpk_id_node *dhcpk_id_next_on_link(const struct dhcpk_id_node *any,
					    const struct dhcpk_pools *pools, u64 addr);

/* Returns the pool that contains an address, or NULL. */
static inline struct dhcpk_pool *dhcpk_pool_at(const struct dhcpk_config *c, u32 addr)
{
	return c ? dhcpk_pools_at(&c->all, addr) : NULL;
}

#endif
