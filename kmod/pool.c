// SPDX-License-Identifier: GPL-2.0-only
/* The configuration: the pools, hosts and relays of a generation, and how one takes the place of another. */
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "relay.h"

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
	if (dhcpk_links_init(c)) {
		kfree(c);
		return NULL;
	}
	c->generation = generation;
	xa_init(&c->servers);
	xa_init(&c->relay_by_giaddr);
	INIT_LIST_HEAD(&c->pools);
	INIT_LIST_HEAD(&c->relays);
	return c;
}

/**
 * dhcpk_config_free - end a generation; the spaces of its pools stay
 * @c: the configuration or NULL; no packet can reach it any more
 *
 * Context: process.
 */
void dhcpk_config_free(struct dhcpk_config *c)
{
	struct dhcpk_relay *relay, *next_relay;
	struct dhcpk_pool *pool, *next;

	if (!c)
		return;
	list_for_each_entry_safe(pool, next, &c->pools, list)
		dhcpk_pool_free(pool);
	list_for_each_entry_safe(relay, next_relay, &c->relays, list)
		dhcpk_relay_free(relay);
	xa_destroy(&c->servers);
	xa_destroy(&c->relay_by_giaddr);
	dhcpk_links_free(c);
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
 * Return: the pool that shares addresses with it, or NULL.
 * Context: process.
 */
struct dhcpk_pool *dhcpk_config_overlap(const struct dhcpk_config *c, const struct dhcpk_pool *pool)
{
	struct dhcpk_pool *other;

	list_for_each_entry(other, &c->pools, list) {
		u32 mask = other->mask & pool->mask;

		if ((other->subnet & mask) == (pool->subnet & mask))
			return other;
	}
	return NULL;
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
	if (dhcpk_id_table_init(&pool->host_by_id)) {
		kvfree(pool);
		return NULL;
	}
	INIT_LIST_HEAD(&pool->hosts);
	xa_init(&pool->host_by_addr);
	return pool;
}

/**
 * dhcpk_pool_free - end a pool, its hosts and options; its space stays
 * @pool: the pool; no packet can reach it any more
 *
 * Context: process.
 */
void dhcpk_pool_free(struct dhcpk_pool *pool)
{
	struct dhcpk_host *host, *next;

	dhcpk_id_table_destroy(&pool->host_by_id);
	list_for_each_entry_safe(host, next, &pool->hosts, list) {
		kfree(host->set);
		kfree(host);
	}
	xa_destroy(&pool->host_by_addr);
	if (pool->space && !pool->space->users)
		dhcpk_space_free(pool->space);
	kfree(pool->set);
	kvfree(pool);
}

/**
 * dhcpk_pool_add_host - reserve an address or an option set for a client
 * @pool: a pool that is being staged; takes the host over
 * @host: the reservation
 *
 * Return: 0, -EEXIST if the client or the address is reserved already, -ENOMEM. After an error it is still the caller's.
 * Context: process.
 */
int dhcpk_pool_add_host(struct dhcpk_pool *pool, struct dhcpk_host *host)
{
	int err;

	if (host->addr) {
		err = xa_insert(&pool->host_by_addr, host->addr, host, GFP_KERNEL);
		if (err)
			return err == -EBUSY ? -EEXIST : err;
	}
	err = dhcpk_id_table_insert(&pool->host_by_id, &host->by_id);
	if (err) {
		if (host->addr)
			xa_erase(&pool->host_by_addr, host->addr);
		return err;
	}
	list_add_tail(&host->list, &pool->hosts);
	return 0;
}

static struct dhcpk_alloc *alloc_for(const struct dhcpk_pool *pool)
{
	struct dhcpk_alloc *a = dhcpk_alloc_new(pool->ranges, pool->n_ranges);
	struct dhcpk_host *host;

	if (!a)
		return NULL;
	list_for_each_entry(host, &pool->hosts, list) {
		if (host->addr)
			dhcpk_alloc_reserve(a, host->addr);
	}
	return a;
}

/* A pool keeps its bindings if its name and its subnet stay. */
static struct dhcpk_space *inherited_space(const struct dhcpk_config *old, const struct dhcpk_pool *pool)
{
	const struct dhcpk_pool *before = dhcpk_config_pool(old, pool->name);

	if (before && before->subnet == pool->subnet && before->mask == pool->mask)
		return before->space;
	return NULL;
}

/**
 * dhcpk_pool_stage_space - a place for bindings that come before the pool is opened
 * @dn: the namespace
 * @pool: a pool that is staged
 *
 * Return: 0, -EEXIST if the pool goes on with the bindings of the running generation, -ENOMEM.
 * Context: process, dn->lock held.
 */
int dhcpk_pool_stage_space(struct dhcpk_net *dn, struct dhcpk_pool *pool)
{
	const struct dhcpk_config *old = rcu_dereference_protected(dn->config, lockdep_is_held(&dn->lock));
	struct dhcpk_alloc *map;

	if (pool->space)
		return 0;
	if (inherited_space(old, pool))
		return -EEXIST;
	map = alloc_for(pool);
	pool->space = map ? dhcpk_space_new(dn, pool->name) : NULL;
	if (!pool->space) {
		dhcpk_alloc_free(map);
		return -ENOMEM;
	}
	dhcpk_space_set_alloc(pool->space, map);
	return 0;
}

static void drop_spaces(struct dhcpk_config *c)
{
	struct dhcpk_pool *pool;

	list_for_each_entry(pool, &c->pools, list) {
		if (pool->space && !--pool->space->users)
			dhcpk_space_free(pool->space);
		pool->space = NULL;
	}
}

/* A generation that does not come: what it has of its own stays, bindings that were restored into it above all. */
static void disinherit(struct dhcpk_config *c)
{
	struct dhcpk_pool *pool;

	list_for_each_entry(pool, &c->pools, list) {
		if (pool->space && pool->space->users)
			pool->space = NULL;
	}
}

/* Everything that can fail is done here, before anything changes. @maps: one address map for each pool. */
static int prepare(struct dhcpk_net *dn, const struct dhcpk_config *old, struct dhcpk_config *c,
		   struct dhcpk_alloc **maps)
{
	struct dhcpk_pool *pool;
	unsigned int i = 0;
	int err;

	err = dhcpk_segments_nest(c);
	if (err)
		return err;
	list_for_each_entry(pool, &c->pools, list) {
		maps[i] = alloc_for(pool);
		if (!maps[i])
			return -ENOMEM;
		i++;
		if (!pool->space)
			pool->space = inherited_space(old, pool);
		if (!pool->space)
			pool->space = dhcpk_space_new(dn, pool->name);
		if (!pool->space)
			return -ENOMEM;
	}
	err = dhcpk_relays_inherit(old, c);
	if (!err && c->n_relays)
		err = dhcpk_exchanges_init(dn, c);
	if (err)
		return err;
	return c->n_pools || c->n_relays ? dhcpk_hook_register(dn) : 0;
}

/* Swaps the generations; from here on packets see the new one. */
static void switch_over(struct dhcpk_net *dn, struct dhcpk_config *c)
{
	rtnl_lock();
	dhcpk_links_follow(dn, c);
	rcu_assign_pointer(dn->config, c);
	rtnl_unlock();
}

/**
 * dhcpk_config_publish - make a staged generation the running one
 * @dn: the namespace
 * @c: the generation; taken over if the call succeeds
 *
 * Return: 0, or -errno and nothing has changed.
 * Context: process, dn->lock held, RTNL not held.
 */
int dhcpk_config_publish(struct dhcpk_net *dn, struct dhcpk_config *c)
{
	struct dhcpk_config *old = rcu_dereference_protected(dn->config, lockdep_is_held(&dn->lock));
	struct dhcpk_alloc **maps = kvcalloc(c->n_pools + 1, sizeof(*maps), GFP_KERNEL);
	struct dhcpk_pool *pool;
	unsigned int i = 0;
	int err;

	err = maps ? prepare(dn, old, c, maps) : -ENOMEM;
	if (err) {
		disinherit(c);
		goto free_maps;
	}
	list_for_each_entry(pool, &c->pools, list) {
		pool->space->users++;
		maps[i] = dhcpk_space_set_alloc(pool->space, maps[i]);
		i++;
	}
	switch_over(dn, c);
	if (!c->n_pools && !c->n_relays)
		dhcpk_hook_unregister(dn);
	synchronize_net();
	dhcpk_relays_inherit_counts(old, c);
	if (old) {
		drop_spaces(old);
		dhcpk_config_free(old);
	}
	mod_delayed_work(system_wq, &dn->tick, HZ);

free_maps:
	for (i = 0; maps && i < c->n_pools; i++)
		dhcpk_alloc_free(maps[i]);
	kvfree(maps);
	return err;
}

/**
 * dhcpk_config_retire - end whatever is running or staged in a namespace that goes away
 * @dn: the namespace; its hook is gone and a grace period has passed
 *
 * Context: process.
 */
void dhcpk_config_retire(struct dhcpk_net *dn)
{
	struct dhcpk_config *c;

	rtnl_lock();
	c = rcu_replace_pointer(dn->config, NULL, lockdep_rtnl_is_held());
	rtnl_unlock();
	synchronize_net(); /* the tick may be reading it */
	cancel_delayed_work_sync(&dn->tick);
	cancel_delayed_work_sync(&dn->doorbell);
	if (c)
		drop_spaces(c);
	dhcpk_config_free(c);
	dhcpk_config_free(dn->staged);
	dn->staged = NULL;
}
