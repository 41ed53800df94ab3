// SPDX-License-Identifier: GPL-2.0-only
/* The configuration: the pools and hosts of a generation. */
#include "config/pool.h"

#include <linux/slab.h>

#include "lease/map.h"

/**
 * dhcpk_config_new - make an empty generation
 * @generation: its cookie
 *
 * Return: the configuration or NULL for lack of memory.
 * Context: process.
 */
struct dhcpk_config *dhcpk_config_new(u32 generation)
{
	struct dhcpk_config *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return NULL;
	if (dhcpk_id_table_init(&c->host_by_id))
		goto free;
	if (dhcpk_links_init(c))
		goto hosts;
	c->generation = generation;
	xa_init(&c->servers);
	xa_init(&c->relay_by_giaddr);
	INIT_LIST_HEAD(&c->pools);
	INIT_LIST_HEAD(&c->relays);
	return c;

hosts:
	dhcpk_id_table_destroy(&c->host_by_id);
free:
	kfree(c);
	return NULL;
}

/**
 * dhcpk_config_free - free a generation
 * @c: the configuration or NULL; no packet can reach it any more
 *
 * Maps that other generations use stay. The caller frees the relays.
 *
 * Context: process.
 */
void dhcpk_config_free(struct dhcpk_config *c)
{
	struct dhcpk_pool *pool, *next;

	if (!c)
		return;
	dhcpk_id_table_destroy(&c->host_by_id);
	dhcpk_pools_free(&c->all);
	list_for_each_entry_safe(pool, next, &c->pools, list)
		dhcpk_pool_free(pool);
	xa_destroy(&c->servers);
	xa_destroy(&c->relay_by_giaddr);
	dhcpk_links_free(c);
	kvfree(c->maps);
	kfree(c);
}

/**
 * dhcpk_config_pool - find a pool by its name
 * @c: the configuration or NULL
 * @name: the name
 *
 * Return: the pool or NULL.
 * Context: process, dhcpk_net.lock held.
 */
struct dhcpk_pool *dhcpk_config_pool(const struct dhcpk_config *c, const char *name)
{
	struct dhcpk_pool *pool;

	if (!c)
		return NULL;
	list_for_each_entry(pool, &c->pools, list) {
		if (!strcmp(pool->name, name))
			return pool;
	}
	return NULL;
}

/**
 * dhcpk_config_overlap - does a pool's subnet overlap the subnet of a pool in the configuration?
 * @c: the configuration
 * @pool: a pool that is not in the configuration yet
 *
 * Context: process.
 */
bool dhcpk_config_overlap(const struct dhcpk_config *c, const struct dhcpk_pool *pool)
{
	const struct dhcpk_pool *next = dhcpk_pools_behind(&c->all, pool->subnet);

	return dhcpk_pools_at(&c->all, pool->subnet) ||
	       (next && (next->subnet & pool->mask) == pool->subnet);
}

/**
 * dhcpk_config_covers - does one pool of a configuration contain the whole subnet of another pool?
 * @c: the configuration or NULL
 * @pool: a pool of another configuration
 *
 * Several smaller pools are not enough: their first and last addresses may be host addresses in the
 * wider subnet of @pool.
 *
 * Context: process.
 */
bool dhcpk_config_covers(const struct dhcpk_config *c, const struct dhcpk_pool *pool)
{
	const struct dhcpk_pool *at = dhcpk_pool_at(c, pool->subnet);

	return at && at->prefix <= pool->prefix;
}

/**
 * dhcpk_config_add_pool - add a pool to a generation that is being staged
 * @c: the configuration; takes the pool over
 * @pool: a pool with a name and a subnet of its own
 *
 * Return: 0 or -ENOMEM. After an error the caller still owns the pool, and can only free the
 *	generation, with dhcpk_config_free().
 * Context: process, dhcpk_net.lock held.
 */
int dhcpk_config_add_pool(struct dhcpk_config *c, struct dhcpk_pool *pool)
{
	int err = dhcpk_links_add_pool(c, pool);

	if (!err)
		err = dhcpk_pools_add(&c->all, pool);
	if (err)
		return err;
	list_add_tail(&pool->list, &c->pools);
	c->n_pools++;
	return 0;
}

/**
 * dhcpk_pool_new - make an empty pool
 *
 * Return: the pool or NULL for lack of memory.
 * Context: process.
 */
struct dhcpk_pool *dhcpk_pool_new(void)
{
	struct dhcpk_pool *pool = kvzalloc(sizeof(*pool), GFP_KERNEL);

	if (!pool)
		return NULL;
	INIT_LIST_HEAD(&pool->hosts);
	xa_init(&pool->host_by_addr);
	return pool;
}

/**
 * dhcpk_pool_free - free a pool, its hosts and its option sets
 * @pool: the pool; no packet can reach it any more
 *
 * A map that another generation uses stays.
 *
 * Context: process.
 */
void dhcpk_pool_free(struct dhcpk_pool *pool)
{
	struct dhcpk_host *host, *next;

	list_for_each_entry_safe(host, next, &pool->hosts, list) {
		kfree(host->set);
		kfree(host);
	}
	xa_destroy(&pool->host_by_addr);
	if (pool->map && !pool->map->users)
		dhcpk_map_free(pool->map);
	kfree(pool->set);
	kvfree(pool);
}

/**
 * dhcpk_id_next_on_link - the first node of an identity on a link, from an address on
 * @any: a node of the identity, or NULL
 * @pools: the pools of the link
 * @addr: host order; above U32_MAX there is no node
 *
 * The search goes through nodes and pools in the order of their addresses, side by side. So the
 * cost depends on the smaller number of the two.
 *
 * Return: the node, or NULL.
 * Context: any; the caller excludes writers of the table.
 */
struct dhcpk_id_node *dhcpk_id_next_on_link(const struct dhcpk_id_node *any,
					    const struct dhcpk_pools *pools, u64 addr)
{
	struct dhcpk_id_node *n = any ? dhcpk_id_node_from(any, addr) : NULL;
	const struct dhcpk_pool *pool;

	while (n && !dhcpk_pools_at(pools, n->addr)) {
		pool = dhcpk_pools_behind(pools, n->addr);
		n = pool ? dhcpk_id_node_from(any, pool->subnet) : NULL;
	}
	return n;
}

static bool has_host(const struct dhcpk_config *c, struct dhcpk_pool *pool,
		     const struct dhcpk_id *id)
{
	const struct dhcpk_pools one_pool = { .n = 1, .by_addr = &pool };
	bool found;

	rcu_read_lock();
	found = dhcpk_id_next_on_link(dhcpk_id_table_find(&c->host_by_id, id), &one_pool, 0);
	rcu_read_unlock();
	return found;
}

/**
 * dhcpk_pool_add_host - reserve an address or an option set for a client
 * @c: a generation that is being staged
 * @pool: one of its pools; takes over the host
 * @host: the reservation
 *
 * Return: 0, -EEXIST if the client or the address is reserved already, -ENOMEM. After an error the
 *	caller still owns the host.
 * Context: process, dhcpk_net.lock held.
 */
int dhcpk_pool_add_host(struct dhcpk_config *c, struct dhcpk_pool *pool, struct dhcpk_host *host)
{
	const struct dhcpk_id id = dhcpk_id_of(&host->by_id);
	u32 addr = host->addr;
	int err;

	if (has_host(c, pool, &id))
		return -EEXIST;
	if (addr) {
		err = xa_insert(&pool->host_by_addr, addr, host, GFP_KERNEL);
		if (err)
			return err == -EBUSY ? -EEXIST : err;
	}
	host->pool = pool;
	host->by_id.addr = addr ?: pool->subnet;
	err = dhcpk_id_table_insert(&c->host_by_id, &host->by_id);
	if (err) {
		if (addr)
			xa_erase(&pool->host_by_addr, addr);
		return err;
	}
	list_add_tail(&host->list, &pool->hosts);
	c->n_hosts++;
	return 0;
}
