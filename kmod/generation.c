// SPDX-License-Identifier: GPL-2.0-only
/* One generation of the configuration replaces another, while packets arrive. */
#include "generation.h"

#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "config/pool.h"
#include "hook.h"
#include "lease/map.h"
#include "lease/leases.h"
#include "relay/exchange.h"
#include "relay/relay.h"

/* Frees a generation and its relays. */
static void end_generation(struct dhcpk_config *c)
{
	if (!c)
		return;
	dhcpk_relays_free(c);
	dhcpk_config_free(c);
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

/*
 * A pool takes over the map of an old pool with the same subnet and ranges. The names of the pools
 * do not matter.
 */
static struct dhcpk_map *inherited_map(const struct dhcpk_config *old,
				       const struct dhcpk_pool *pool, const struct dhcpk_alloc *a)
{
	const struct dhcpk_pool *old_pool = dhcpk_pool_at(old, pool->subnet);

	if (old_pool && old_pool->subnet == pool->subnet && old_pool->mask == pool->mask &&
	    dhcpk_alloc_same_ranges(old_pool->map->alloc, a))
		return old_pool->map;
	return NULL;
}

/*
 * For a pool that takes over a map: that map, and the pool's new reservations. They are applied
 * once nothing can fail any more.
 */
struct taken_over {
	struct dhcpk_map	*map;
	struct dhcpk_alloc	*alloc;
};

static int prepare_map(const struct dhcpk_config *old, struct dhcpk_pool *pool,
		       struct taken_over *t)
{
	t->alloc = alloc_for(pool);
	if (!t->alloc)
		return -ENOMEM;
	/* An earlier attempt may have left a map. */
	dhcpk_map_free(pool->map);
	pool->map = NULL;
	t->map = inherited_map(old, pool, t->alloc);
	if (t->map)
		return 0;
	pool->map = dhcpk_map_new(pool->subnet, pool->subnet | ~pool->mask, t->alloc);
	if (!pool->map)
		return -ENOMEM;
	t->alloc = NULL;
	return 0;
}

/* Makes the list of all maps, still empty. list_maps() fills it once nothing can fail any more. */
static struct dhcpk_maps *maps_new(unsigned int n_pools)
{
	struct dhcpk_maps *maps = kvzalloc(struct_size(maps, map, n_pools), GFP_KERNEL);

	if (maps)
		maps->n = n_pools;
	return maps;
}

static void list_maps(struct dhcpk_config *c)
{
	unsigned int i;

	for (i = 0; i < c->n_pools; i++)
		c->maps->map[i] = c->all.by_addr[i]->map;
}

/* Does everything that can fail, before anything changes. @taken: one element for each pool. */
static int prepare_generation(struct dhcpk_net *dn, const struct dhcpk_config *old,
			      struct dhcpk_config *c, struct taken_over *taken)
{
	struct dhcpk_pool *pool;
	unsigned int i = 0;
	int err;

	err = dhcpk_segments_nest(c);
	list_for_each_entry(pool, &c->pools, list) {
		if (!err)
			err = prepare_map(old, pool, &taken[i++]);
	}
	if (!err)
		err = dhcpk_relays_inherit(dn, old, c);
	if (!err && c->n_relays)
		err = dhcpk_exchanges_init(dn, c);
	if (!err) {
		/* An earlier attempt may have left a list. */
		kvfree(c->maps);
		c->maps = maps_new(c->n_pools);
		err = c->maps ? 0 : -ENOMEM;
	}
	if (err)
		return err;
	return c->n_pools || c->n_relays ? dhcpk_hook_register(dn) : 0;
}

/*
 * Gives each pool its map. From here on, the staged maps follow the changes that packets make in
 * the running generation.
 */
static void fill_maps(struct dhcpk_leases *s, struct dhcpk_config *c,
		      const struct taken_over *taken)
{
	struct dhcpk_pool *pool;
	unsigned int i = 0;

	list_for_each_entry(pool, &c->pools, list) {
		if (taken[i].map) {
			pool->map = taken[i].map;
			dhcpk_map_follow_reservations(s, pool->map, taken[i].alloc);
		}
		pool->map->users++;
		i++;
	}
	list_maps(c);
	spin_lock_bh(&s->lock);
	s->staged = c->maps;
	spin_unlock_bh(&s->lock);
	list_for_each_entry(pool, &c->pools, list) {
		if (pool->map->users == 1)
			dhcpk_map_fill(s, pool->map);
	}
}

/*
 * Switches the generations. A packet that selected its pool in the old generation, and comes to the
 * leases after the switch, starts again.
 */
static void switch_generations(struct dhcpk_net *dn, struct dhcpk_config *c)
{
	struct dhcpk_leases *s = dn->leases;

	rtnl_lock();
	dhcpk_links_follow(dn, c);
	spin_lock_bh(&s->lock);
	rcu_assign_pointer(dn->config, c);
	s->config = c;
	s->maps = c->maps;
	s->staged = NULL;
	spin_unlock_bh(&s->lock);
	rtnl_unlock();
}

/* Frees a generation that no packet can reach any more, and forgets leases without a pool. */
static void retire_generation(struct dhcpk_leases *s, struct dhcpk_config *c)
{
	struct dhcpk_pool *pool;

	if (!c)
		return;
	list_for_each_entry(pool, &c->pools, list) {
		if (--pool->map->users)
			continue;
		dhcpk_map_offers_move(s, pool->map);
		dhcpk_map_leave(s, pool->map);
	}
	end_generation(c);
}

static void free_taken(struct taken_over *taken, unsigned int n)
{
	unsigned int i;

	for (i = 0; taken && i < n; i++)
		dhcpk_alloc_free(taken[i].alloc);
	kvfree(taken);
}

/**
 * dhcpk_config_publish - make a staged generation the running one
 * @dn: the namespace; it has a lease database
 * @c: the generation; taken over if the call succeeds
 *
 * Return: 0, or -errno without any change: the call may be repeated.
 * Context: process, dn->lock held, RTNL not held.
 */
int dhcpk_config_publish(struct dhcpk_net *dn, struct dhcpk_config *c)
{
	struct dhcpk_config *old =
		rcu_dereference_protected(dn->config, lockdep_is_held(&dn->lock));
	struct taken_over *taken = kvcalloc(c->n_pools + 1, sizeof(*taken), GFP_KERNEL);
	int err = taken ? prepare_generation(dn, old, c, taken) : -ENOMEM;

	if (err)
		goto free;
	fill_maps(dn->leases, c, taken);
	switch_generations(dn, c);
	if (!c->n_pools && !c->n_relays)
		dhcpk_hook_unregister(dn);
	synchronize_net();
	dhcpk_relays_inherit_counts(old, c);
	retire_generation(dn->leases, old);
	/*
	 * Changes that come more often than once a second do not delay the tick:
	 * queue_delayed_work() leaves pending work as it is, and each tick queues the next one.
	 */
	queue_delayed_work(system_wq, &dn->tick, HZ);
free:
	free_taken(taken, c->n_pools);
	return err;
}

/**
 * dhcpk_config_discard - free the staged generation, and the leases that were restored for it
 * @dn: the namespace
 *
 * Context: process, dn->lock held.
 */
void dhcpk_config_discard(struct dhcpk_net *dn)
{
	struct dhcpk_pool *pool;

	if (!dn->staged)
		return;
	list_for_each_entry(pool, &dn->staged->pools, list)
		dhcpk_leases_unrestore(dn->leases, pool->subnet, pool->subnet | ~pool->mask);
	end_generation(dn->staged);
	dn->staged = NULL;
}

/**
 * dhcpk_config_retire - free the running and the staged generation of a namespace that goes away
 * @dn: the namespace; its hook is gone and a grace period has passed
 *
 * Context: process.
 */
void dhcpk_config_retire(struct dhcpk_net *dn)
{
	struct dhcpk_config *c;
	struct dhcpk_pool *pool;

	/*
	 * Most namespaces never have a configuration. Many of these may end at once, without a
	 * grace period for each.
	 */
	if (!dn->leases) {
		cancel_delayed_work_sync(&dn->doorbell);
		return;
	}
	rtnl_lock();
	c = rcu_replace_pointer(dn->config, NULL, lockdep_rtnl_is_held());
	rtnl_unlock();
	synchronize_net(); /* the tick may be reading it */
	cancel_delayed_work_sync(&dn->tick);
	cancel_delayed_work_sync(&dn->doorbell);
	/* The leases use the maps of the configuration. So they are freed first. */
	dhcpk_leases_free(dn->leases);
	dn->leases = NULL;
	if (c) {
		list_for_each_entry(pool, &c->pools, list)
			pool->map->users--;
	}
	end_generation(c);
	end_generation(dn->staged);
	dn->staged = NULL;
}
