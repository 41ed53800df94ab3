// SPDX-License-Identifier: GPL-2.0-only
/* The configuration: the pools and hosts of a generation. */
#include "config/pool.h"

#include <linux/slab.h>

#include "lease/map.h"

/**
 * dhcpk_config_new - an empty generation
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
 * dhcpk_config_free - end a generation; maps that other generations have stay, and so do the relays
 * @c: the configuration or NULL; no packet can reach it any more
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
 * dhcpk_config_overlap - is a pool's subnet another's too?
 * @c: the configuration
 * @pool: a pool that is not in it yet
 *
 * Context: process.
 */
bool dhcpk_config_overlap(const struct dhcpk_config *c, const struct dhcpk_pool *pool)
{
	const struct dhcpk_pool *next = dhcpk_pools_behind(&c->all, pool->subnet);

	return dhcpk_pools_at(&c->all, pool->subnet) || (next && (next->subnet & pool->mask) == pool->subnet);
}

/**
 * dhcpk_config_covers - has a pool of a configuration every address of a pool's subnet?
 * @c: the configuration or NULL
 * @pool: a pool of another one
 *
 * Several smaller ones do not: their first and last addresses can be clients' of the pool.
 *
 * Context: process.
 */
bool dhcpk_config_covers(const struct dhcpk_config *c, const struct dhcpk_pool *pool)
{
	const struct dhcpk_pool *at = dhcpk_pool_at(c, pool->subnet);

	return at && at->prefix <= pool->prefix;
}

/**
 * dhcpk_config_add_pool - put a pool into a generation that is being staged
 * @c: the configuration; takes the pool over
 * @pool: a pool whose name and subnet no other has
 *
 * Return: 0 or -ENOMEM; then the pool is still the caller's, and the generation is good for nothing but dhcpk_config_free().
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
 * dhcpk_pool_new - a pool with nothing in it
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
 * dhcpk_pool_free - end a pool, its hosts and options; a map that another generation has stays
 * @pool: the pool; no packet can reach it any more
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
 * dhcpk_id_next_on_link - the first of an identity's nodes on a link, from an address on
 * @any: a node of the identity, or NULL
 * @pools: those of the link
 * @addr: host order; more than U32_MAX: there is none
 *
 * Nodes and pools are gone through side by side: however many there are of one, the fewer of the other count.
 *
 * Return: the node, or NULL.
 * Context: any; no writer of the table meanwhile.
 */
struct dhcpk_id_node *dhcpk_id_next_on_link(const struct dhcpk_id_node *any, const struct dhcpk_pools *pools, u64 addr)
{
	struct dhcpk_id_node *n = any ? dhcpk_id_node_from(any, addr) : NULL;
	const struct dhcpk_pool *pool;

	while (n && !dhcpk_pools_at(pools, n->addr)) {
		pool = dhcpk_pools_behind(pools, n->addr);
		n = pool ? dhcpk_id_node_from(any, pool->subnet) : NULL;
	}
	return n;
}

static bool has_host(const struct dhcpk_config *c, struct dhcpk_pool *pool, const struct dhcpk_id *id)
{
	const struct dhcpk_pools here = { .n = 1, .by_addr = &pool };
	bool found;

	rcu_read_lock();
	found = dhcpk_id_next_on_link(dhcpk_id_table_find(&c->host_by_id, id), &here, 0);
	rcu_read_unlock();
	return found;
}

/**
 * dhcpk_pool_add_host - reserve an address or an option set for a client
 * @c: a generation that is being staged
 * @pool: one of its pools; takes the host over
 * @host: the reservation
 *
 * Return: 0, -EEXIST if the client or the address is reserved already, -ENOMEM. After an error it is still the caller's.
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
