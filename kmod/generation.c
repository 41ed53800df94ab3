// SPDX-License-Identifier: GPL-2.0-only
/* How one generation of the configuration takes the place of another, while packets come. */
#include "generation.h"

#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "config/pool.h"
#include "hook.h"
#include "lease/map.h"
#include "lease/leases.h"
#include "relay/exchange.h"
#include "relay/relay.h"

/* Ends a generation with its relays. */
static void end(struct dhcpk_config *c)
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

/* A pool takes over the map of a pool with its subnet and ranges, whatever that pool was called. */
static struct dhcpk_map *inherited_map(const struct dhcpk_config *old, const struct dhcpk_pool *pool, const struct dhcpk_alloc *a)
{
	const struct dhcpk_pool *before = dhcpk_pool_at(old, pool->subnet);

	if (before && before->subnet == pool->subnet && before->mask == pool->mask &&
	    dhcpk_alloc_same_ranges(before->map->alloc, a))
		return before->map;
	return NULL;
}

/* What a pool is to get when nothing can fail any more: the map that it takes over, and the reservations to be made there. */
struct taken_over {
	struct dhcpk_map	*map;
	struct dhcpk_alloc	*alloc;
};

static int prepare_map(const struct dhcpk_config *old, struct dhcpk_pool *pool, struct taken_over *t)
{
	t->alloc = alloc_for(pool);
	if (!t->alloc)
		return -ENOMEM;
	/* An earlier attempt may have left one. */
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

/* The maps of all pools, in the order of their addresses; which these are is filled in when nothing can fail any more. */
static struct dhcpk_maps *maps_new(unsigned int n_pools)
{
	struct dhcpk_maps *maps = kvzalloc(struct_size(maps, map, n_pools), GFP_KERNEL);

	if (maps)
		maps->n = n_pools;
	return maps;
}

static void fill_in(struct dhcpk_config *c)
{
	unsigned int i;

	for (i = 0; i < c->n_pools; i++)
		c->maps->map[i] = c->all.by_addr[i]->map;
}

/* Everything that can fail is done here, before anything changes. @taken: one element for each pool. */
static int prepare(struct dhcpk_net *dn, const struct dhcpk_config *old, struct dhcpk_config *c, struct taken_over *taken)
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
		/* An earlier attempt may have left some. */
		kvfree(c->maps);
		c->maps = maps_new(c->n_pools);
		err = c->maps ? 0 : -ENOMEM;
	}
	if (err)
		return err;
	return c->n_pools || c->n_relays ? dhcpk_hook_register(dn) : 0;
}

/* Every pool gets its map. From here on the next generation's maps follow what packets do in the running one. */
static void fill_maps(struct dhcpk_leases *s, struct dhcpk_config *c, const struct taken_over *taken)
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
	fill_in(c);
	spin_lock_bh(&s->lock);
	s->staged = c->maps;
	spin_unlock_bh(&s->lock);
	list_for_each_entry(pool, &c->pools, list) {
		if (pool->map->users == 1)
			dhcpk_map_fill(s, pool->map);
	}
}

/* Swaps the generations. A packet that has begun with the old one and comes to the bindings now starts again. */
static void switch_over(struct dhcpk_net *dn, struct dhcpk_config *c)
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

/* Ends a generation that no packet can reach any more. */
static void retire(struct dhcpk_leases *s, struct dhcpk_config *c)
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
	end(c);
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
 * @dn: the namespace; it has a space
 * @c: the generation; taken over if the call succeeds
 *
 * Return: 0, or -errno and nothing has changed: the call may be repeated.
 * Context: process, dn->lock held, RTNL not held.
 */
int dhcpk_config_publish(struct dhcpk_net *dn, struct dhcpk_config *c)
{
	struct dhcpk_config *old = rcu_dereference_protected(dn->config, lockdep_is_held(&dn->lock));
	struct taken_over *taken = kvcalloc(c->n_pools + 1, sizeof(*taken), GFP_KERNEL);
	int err = taken ? prepare(dn, old, c, taken) : -ENOMEM;

	if (err)
		goto free;
	fill_maps(dn->leases, c, taken);
	switch_over(dn, c);
	if (!c->n_pools && !c->n_relays)
		dhcpk_hook_unregister(dn);
	synchronize_net();
	dhcpk_relays_inherit_counts(old, c);
	retire(dn->leases, old);
	/* Not put off by changes that come faster than its second: the next one re-arms it anyway. */
	queue_delayed_work(system_wq, &dn->tick, HZ);
free:
	free_taken(taken, c->n_pools);
	return err;
}

/**
 * dhcpk_config_discard - a staged generation will not run
 * @dn: the namespace; it may have none
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
	end(dn->staged);
	dn->staged = NULL;
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
	struct dhcpk_pool *pool;

	/* Most namespaces never have a configuration: many that end at once need not wait for a grace period each. */
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
	/* Bindings find their pools by the configuration: it goes after them. */
	dhcpk_leases_free(dn->leases);
	dn->leases = NULL;
	if (c) {
		list_for_each_entry(pool, &c->pools, list)
			pool->map->users--;
	}
	end(c);
	end(dn->staged);
	dn->staged = NULL;
}
