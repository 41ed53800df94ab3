// SPDX-License-Identifier: GPL-2.0-only
/*
 * Address maps of pools. A lease belongs to its address, and a pool finds its leases by their
 * addresses. A generation of the configuration has maps, which say which addresses are free. A map
 * is filled from the leases before its generation runs, in bursts, while packets continue to change
 * leases. Changes to addresses that are filled already are followed in the map.
 */
#include "lease/map.h"

#include <linux/random.h>
#include <linux/slab.h>

/**
 * dhcpk_map_new - make a map of a pool's addresses, without leases
 * @first: the first address of the pool's subnet, host order
 * @last: the last address of the subnet
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
 * dhcpk_map_free - free a map
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
 * @maps: the maps of a generation, or NULL
 * @addr: host order
 *
 * Return: the map, or NULL.
 * Context: any, the leases locked.
 */
struct dhcpk_map *dhcpk_maps_at(const struct dhcpk_maps *maps, u32 addr)
{
	unsigned int from = 0, to, middle;

	if (!maps)
		return NULL;
	to = maps->n;
	while (from < to) {
		middle = (from + to) / 2;
		if (maps->map[middle]->last < addr)
			from = middle + 1;
		else
			to = middle;
	}
	return from < maps->n && maps->map[from]->first <= addr ? maps->map[from] : NULL;
}

/**
 * dhcpk_maps_serve - does a map contain this address as a host address?
 * @maps: the maps of a generation, or NULL
 * @addr: host order
 *
 * The first and the last address of a subnet are no host addresses.
 *
 * Context: any, the leases locked.
 */
bool dhcpk_maps_serve(const struct dhcpk_maps *maps, u32 addr)
{
	const struct dhcpk_map *m = dhcpk_maps_at(maps, addr);

	return m && addr > m->first && addr < m->last;
}

static void map_shun(struct dhcpk_map *m, u32 addr)
{
	dhcpk_alloc_take(m->alloc, addr);
	dhcpk_alloc_release(m->alloc, addr, true);
}

/* A lease of @addr changes from state @from to state @to; -1 is no lease. */
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
		/*
		 * In a new map the address is clean. An expired or released lease makes it free but
		 * not clean.
		 */
		map_shun(m, addr);
		break;
	default:
		dhcpk_alloc_take(m->alloc, addr);
	}
}

/* Returns the map of the staged generation, if its filling has passed the address. */
static struct dhcpk_map *staged_map(const struct dhcpk_leases *s, u32 addr)
{
	struct dhcpk_map *m = dhcpk_maps_at(s->staged, addr);

	return m && addr < m->filled ? m : NULL;
}

/**
 * dhcpk_map_follow - update the maps after a change of a lease
 * @s: the leases, locked
 * @l: the lease
 * @from: the old state, enum dhcpk_lease_state; -1: the lease is new
 * @to: the new state; -1: the lease is about to be freed
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
 * dhcpk_map_shun - give an address to clients only when no clean address is left
 * @s: the leases, locked
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
		map_shun(m, addr);
	if (next && next != m)
		map_shun(next, addr);
}

/* Fills the map from up to DHCPK_BURST leases. Returns true if more may follow. */
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
 * dhcpk_map_fill - put the existing leases into a new map
 * @s: the leases, not locked; their staged generation has the map
 * @m: the map
 *
 * Context: process, dhcpk_net.lock held.
 */
void dhcpk_map_fill(struct dhcpk_leases *s, struct dhcpk_map *m)
{
	while (fill_burst(s, m))
		cond_resched();
}

/*
 * Handles up to DHCPK_BURST addresses that differ, from number *@n on. Returns true if more may
 * follow.
 */
static bool reservations_burst(struct dhcpk_leases *s, struct dhcpk_map *m,
			       const struct dhcpk_alloc *a, u32 *n)
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
 * dhcpk_map_follow_reservations - change the reservations in a map of the same ranges
 * @s: the leases, not locked
 * @m: a map in use
 * @a: the same ranges with the new reservations, from dhcpk_alloc_new() and dhcpk_alloc_reserve()
 *
 * A packet waits for the comparison of two bitmaps at most, or for one burst of changes.
 *
 * Context: process, dhcpk_net.lock held.
 */
void dhcpk_map_follow_reservations(struct dhcpk_leases *s, struct dhcpk_map *m,
				   const struct dhcpk_alloc *a)
{
	u32 n = 0;

	while (reservations_burst(s, m, a, &n))
		cond_resched();
}

/*
 * Moves up to DHCPK_BURST offers of a map of the old generation. Starts at the end of the list, to
 * keep the order. Returns true if more may follow.
 */
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
 * dhcpk_map_offers_move - move offers into the maps of a new generation, by their addresses
 * @s: the leases, not locked; the generation runs
 * @m: a map of the old generation
 *
 * Context: process, dhcpk_net.lock held.
 */
void dhcpk_map_offers_move(struct dhcpk_leases *s, struct dhcpk_map *m)
{
	while (offers_burst(s, m))
		cond_resched();
}
