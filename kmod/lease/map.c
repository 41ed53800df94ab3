// SPDX-License-Identifier: GPL-2.0-only
/*
 * The address maps of pools. A lease belongs to its address, and a pool finds its leases by their addresses; what a generation of the
 * configuration has of its own are maps, which say which addresses are free. A map is filled from the leases before its generation
 * runs, in bursts, while packets go on changing leases: changes behind the place that the filling has come to are followed.
 */
#include "lease/map.h"

#include <linux/random.h>
#include <linux/slab.h>

/**
 * dhcpk_map_new - a map of a pool's addresses, in which there are no bindings yet
 * @first: the first address of the pool's subnet, host order
 * @last: the last one
 * @alloc: the addresses of the pool's ranges; taken over if the call succeeds
 *
 * Return: the map, which dhcpk_map_fill() completes, or NULL for lack of memory.
 * Context: process.
 */
struct dhcpk_map *dhcpk_map_new(u32 first, u32 last, struct dhcpk_alloc *alloc)
{
	struct dhcpk_map *m = kzalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return NULL;
	m->first = first;
	m->last = last;
	m->alloc = alloc;
	INIT_LIST_HEAD(&m->offers);
	get_random_bytes(&m->key, sizeof(m->key));
	return m;
}

/**
 * dhcpk_map_free - end a map
 * @m: the map or NULL; no packet can reach it any more
 *
 * Context: process.
 */
void dhcpk_map_free(struct dhcpk_map *m)
{
	if (!m)
		return;
	dhcpk_alloc_free(m->alloc);
	kfree(m);
}

/**
 * dhcpk_maps_at - the map that contains an address
 * @maps: those of a generation, or NULL
 * @addr: host order
 *
 * Return: the map, or NULL.
 * Context: any, the space locked.
 */
struct dhcpk_map *dhcpk_maps_at(const struct dhcpk_maps *maps, u32 addr)
{
	unsigned int from = 0, to = maps ? maps->n : 0, middle;

	while (from < to) {
		middle = (from + to) / 2;
		if (maps->map[middle]->last < addr)
			from = middle + 1;
		else
			to = middle;
	}
	return maps && from < maps->n && maps->map[from]->first <= addr ? maps->map[from] : NULL;
}

/**
 * dhcpk_maps_serve - can a client live at an address of one of the maps?
 * @maps: those of a generation, or NULL
 * @addr: host order
 *
 * A subnet's first address and its last one are no host's.
 *
 * Context: any, the space locked.
 */
bool dhcpk_maps_serve(const struct dhcpk_maps *maps, u32 addr)
{
	const struct dhcpk_map *m = dhcpk_maps_at(maps, addr);

	return m && addr > m->first && addr < m->last;
}

static void shun(struct dhcpk_map *m, u32 addr)
{
	dhcpk_alloc_take(m->alloc, addr);
	dhcpk_alloc_release(m->alloc, addr, true);
}

/* A record of @addr changes from state @from to @to; -1 is no record. */
static void map_track(struct dhcpk_map *m, u32 addr, int from, int to)
{
	if (from >= 0)
		m->count[from]--;
	if (to < 0)
		return;
	m->count[to]++;
	switch (to) {
	case DHCPK_LEASE_FREE:
		dhcpk_alloc_release(m->alloc, addr, false);
		break;
	case DHCPK_LEASE_EXPIRED:
	case DHCPK_LEASE_RELEASED:
		/* In a new map the address is clean, which a remembered one is not. */
		shun(m, addr);
		break;
	default:
		dhcpk_alloc_take(m->alloc, addr);
	}
}

/* The map of the generation that is about to run, if it has come to the address already. */
static struct dhcpk_map *staged_map(const struct dhcpk_leases *s, u32 addr)
{
	struct dhcpk_map *m = dhcpk_maps_at(s->staged, addr);

	return m && addr < m->filled ? m : NULL;
}

/**
 * dhcpk_map_follow - maps follow a record
 * @s: the space, locked
 * @l: the record
 * @from: the state that it had, enum dhcpk_lease_state; -1: it is new
 * @to: the state that it has now; -1: it is about to go
 *
 * Context: any.
 */
void dhcpk_map_follow(struct dhcpk_leases *s, const struct dhcpk_lease *l, int from, int to)
{
	struct dhcpk_map *m = dhcpk_maps_at(s->maps, l->by_id.addr);
	struct dhcpk_map *next = unlikely(s->staged) ? staged_map(s, l->by_id.addr) : NULL;

	lockdep_assert_held(&s->lock);
	if (m)
		map_track(m, l->by_id.addr, from, to);
	if (next && next != m)
		map_track(next, l->by_id.addr, from, to);
}

/**
 * dhcpk_map_shun - an address is given to clients only when no clean one is left
 * @s: the space, locked
 * @addr: host order, free
 *
 * Context: any.
 */
void dhcpk_map_shun(struct dhcpk_leases *s, u32 addr)
{
	struct dhcpk_map *m = dhcpk_maps_at(s->maps, addr);
	struct dhcpk_map *next = unlikely(s->staged) ? staged_map(s, addr) : NULL;

	lockdep_assert_held(&s->lock);
	if (m)
		shun(m, addr);
	if (next && next != m)
		shun(next, addr);
}

/* Some of a map's addresses; true if there may be more. */
static bool fill_burst(struct dhcpk_leases *s, struct dhcpk_map *m)
{
	unsigned long addr = max_t(u64, m->filled, m->first);
	struct dhcpk_lease *l;
	unsigned int n = 0;

	spin_lock_bh(&s->lock);
	xa_for_each_range(&s->by_addr, addr, l, addr, m->last) {
		if (n++ == DHCPK_BURST)
			break;
		map_track(m, addr, -1, l->state);
	}
	m->filled = l ? addr : U64_MAX;
	spin_unlock_bh(&s->lock);
	return l;
}

/**
 * dhcpk_map_fill - put the bindings that there are into a new map
 * @s: the space, not locked; its staged generation has the map
 * @m: the map
 *
 * Context: process, dhcpk_net.lock held.
 */
void dhcpk_map_fill(struct dhcpk_leases *s, struct dhcpk_map *m)
{
	while (fill_burst(s, m))
		cond_resched();
}

/* Some of the addresses that differ, from number *@n on; true if there may be more. */
static bool reservations_burst(struct dhcpk_leases *s, struct dhcpk_map *m, const struct dhcpk_alloc *a, u32 *n)
{
	const struct dhcpk_lease *l;
	unsigned int done = 0;
	bool more = true;
	u32 addr;

	spin_lock_bh(&s->lock);
	while (done++ < DHCPK_BURST && more) {
		more = dhcpk_alloc_next_difference(m->alloc, a, n, &addr);
		if (!more)
			break;
		if (!dhcpk_alloc_contains(a, addr)) {
			dhcpk_alloc_reserve(m->alloc, addr);
			continue;
		}
		dhcpk_alloc_unreserve(m->alloc, addr);
		l = xa_load(&s->by_addr, addr);
		if (l)
			map_track(m, addr, l->state, l->state);
	}
	spin_unlock_bh(&s->lock);
	return more;
}

/**
 * dhcpk_map_follow_reservations - other addresses are reserved from now on, in the ranges that the map has
 * @s: the space, not locked
 * @m: a map in use
 * @a: what dhcpk_alloc_new() and dhcpk_alloc_reserve() make of the same ranges and the new reservations
 *
 * Packets wait no longer than a comparison of two bitmaps takes, or a burst of changes.
 *
 * Context: process, dhcpk_net.lock held.
 */
void dhcpk_map_follow_reservations(struct dhcpk_leases *s, struct dhcpk_map *m, const struct dhcpk_alloc *a)
{
	u32 n = 0;

	while (reservations_burst(s, m, a, &n))
		cond_resched();
}

/* Some offers of a map of the generation before; true if there may be more. From the end, so that the order stays. */
static bool offers_burst(struct dhcpk_leases *s, struct dhcpk_map *m)
{
	struct dhcpk_map *next;
	struct dhcpk_lease *l;
	unsigned int n;

	spin_lock_bh(&s->lock);
	next = dhcpk_maps_at(s->maps, m->first);
	if (next && next == dhcpk_maps_at(s->maps, m->last))
		list_splice_init(&m->offers, &next->offers);
	for (n = 0; n < DHCPK_BURST && !list_empty(&m->offers); n++) {
		l = list_last_entry(&m->offers, struct dhcpk_lease, offer);
		next = dhcpk_maps_at(s->maps, l->by_id.addr);
		if (next)
			list_move(&l->offer, &next->offers);
		else
			list_del_init(&l->offer);
	}
	spin_unlock_bh(&s->lock);
	return n == DHCPK_BURST;
}

/**
 * dhcpk_map_offers_move - offers follow their addresses into the maps of a new generation
 * @s: the space, not locked; the generation runs
 * @m: a map of the generation before
 *
 * Context: process, dhcpk_net.lock held.
 */
void dhcpk_map_offers_move(struct dhcpk_leases *s, struct dhcpk_map *m)
{
	while (offers_burst(s, m))
		cond_resched();
}
