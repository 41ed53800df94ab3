// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bindings of a network namespace, and the address maps of the pools around them.
 *
 * Bindings belong to addresses. A pool finds its bindings by their addresses, so that pools are renamed, split, merged, grown
 * and shrunk without a binding being touched: what a generation of the configuration has of its own are maps, which say
 * which addresses are free. A map is filled from the bindings before its generation runs, in bursts, while packets go on
 * changing bindings: changes behind the place that the filling has come to are followed.
 */
#include <linux/slab.h>

#include "dhcpk.h"

/* ---- maps ---- */

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
static struct dhcpk_map *staged_map(const struct dhcpk_space *s, u32 addr)
{
	struct dhcpk_pool *pool = dhcpk_pool_at(s->staged, addr);

	return pool && addr < pool->map->filled ? pool->map : NULL;
}

/**
 * dhcpk_space_track - maps follow a record
 * @s: the space, locked
 * @l: the record
 * @from: the state that it had, enum dhcpk_lease_state; -1: it is new
 * @to: the state that it has now; -1: it is about to go
 *
 * Context: any.
 */
void dhcpk_space_track(struct dhcpk_space *s, const struct dhcpk_lease *l, int from, int to)
{
	struct dhcpk_pool *pool = dhcpk_pool_at(s->config, l->by_id.addr);
	struct dhcpk_map *next = unlikely(s->staged) ? staged_map(s, l->by_id.addr) : NULL;

	lockdep_assert_held(&s->lock);
	if (pool)
		map_track(pool->map, l->by_id.addr, from, to);
	if (next && (!pool || next != pool->map))
		map_track(next, l->by_id.addr, from, to);
}

/**
 * dhcpk_space_shun - an address is given to clients only when no clean one is left
 * @s: the space, locked
 * @addr: host order, free
 *
 * Context: any.
 */
void dhcpk_space_shun(struct dhcpk_space *s, u32 addr)
{
	struct dhcpk_pool *pool = dhcpk_pool_at(s->config, addr);
	struct dhcpk_map *next = unlikely(s->staged) ? staged_map(s, addr) : NULL;

	lockdep_assert_held(&s->lock);
	if (pool)
		shun(pool->map, addr);
	if (next && (!pool || next != pool->map))
		shun(next, addr);
}

/* Some of a map's addresses; true if there may be more. */
static bool fill_burst(struct dhcpk_space *s, struct dhcpk_map *m)
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
void dhcpk_map_fill(struct dhcpk_space *s, struct dhcpk_map *m)
{
	while (fill_burst(s, m))
		cond_resched();
}

/* Some of the addresses that differ, from number *@n on; true if there may be more. */
static bool reservations_burst(struct dhcpk_space *s, struct dhcpk_map *m, const struct dhcpk_alloc *a, u32 *n)
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
void dhcpk_map_follow_reservations(struct dhcpk_space *s, struct dhcpk_map *m, const struct dhcpk_alloc *a)
{
	u32 n = 0;

	while (reservations_burst(s, m, a, &n))
		cond_resched();
}

/* Some offers of a map of the generation before; true if there may be more. From the end, so that the order stays. */
static bool offers_burst(struct dhcpk_space *s, struct dhcpk_map *m)
{
	struct dhcpk_pool *pool;
	struct dhcpk_lease *l;
	unsigned int n;

	spin_lock_bh(&s->lock);
	pool = dhcpk_pool_at(s->config, m->first);
	if (pool && pool == dhcpk_pool_at(s->config, m->last))
		list_splice_init(&m->offers, &pool->map->offers);
	for (n = 0; n < DHCPK_BURST && !list_empty(&m->offers); n++) {
		l = list_last_entry(&m->offers, struct dhcpk_lease, offer);
		pool = dhcpk_pool_at(s->config, l->by_id.addr);
		if (pool)
			list_move(&l->offer, &pool->map->offers);
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
void dhcpk_map_offers_move(struct dhcpk_space *s, struct dhcpk_map *m)
{
	while (offers_burst(s, m))
		cond_resched();
}

/* ---- records of many addresses ---- */

/*
 * Calls @visit for some records from *@addr to @last; true if there may be more. @visit may end the record, and returns how
 * much it counts for in @sum.
 */
static bool visit_burst(struct dhcpk_space *s, unsigned long *addr, u32 last,
			unsigned int (*visit)(struct dhcpk_space *s, struct dhcpk_lease *l), unsigned int *sum)
{
	struct dhcpk_lease *l;
	unsigned int n = 0;

	spin_lock_bh(&s->lock);
	xa_for_each_range(&s->by_addr, *addr, l, *addr, last) {
		if (n++ == DHCPK_BURST)
			break;
		*sum += visit(s, l);
	}
	spin_unlock_bh(&s->lock);
	return l;
}

static unsigned int visit_all(struct dhcpk_space *s, u32 first, u32 last,
			      unsigned int (*visit)(struct dhcpk_space *s, struct dhcpk_lease *l))
{
	unsigned long addr = first;
	unsigned int sum = 0;

	while (visit_burst(s, &addr, last, visit, &sum))
		cond_resched();
	return sum;
}

static unsigned int forget(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	if (l->state == DHCPK_LEASE_FREE)
		return 0;
	dhcpk_lease_forget(s, l);
	return 1;
}

/**
 * dhcpk_space_forget - forget all records of some addresses, whatever their clients believe
 * @s: the space, not locked
 * @first: host order
 * @last: host order, inclusive
 *
 * Return: how many there were.
 * Context: process.
 */
unsigned int dhcpk_space_forget(struct dhcpk_space *s, u32 first, u32 last)
{
	return visit_all(s, first, last, forget);
}

/* What no pool contains any more stays only as long as it is a promise. */
static unsigned int leave(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	bool promise = l->state == DHCPK_LEASE_BOUND || dhcpk_lease_rests(l);

	return promise || dhcpk_pool_at(s->config, l->by_id.addr) ? 0 : forget(s, l);
}

/* The store has the row still: it is read back with the next generation that has a pool there. */
static unsigned int unrestore(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	if (dhcpk_config_serves(s->config, l->by_id.addr))
		return 0;
	dhcpk_lease_unrestore(s, l->by_id.addr);
	return 1;
}

/**
 * dhcpk_space_unrestore - what was read back for a generation goes, since that will not run, or is to be sent once more
 * @s: the space, not locked
 * @first: host order; the running generation's addresses stay
 * @last: host order, inclusive
 *
 * Context: process, dhcpk_net.lock held.
 */
void dhcpk_space_unrestore(struct dhcpk_space *s, u32 first, u32 last)
{
	visit_all(s, first, last, unrestore);
}

/**
 * dhcpk_map_leave - a generation is over that had a map
 * @s: the space, not locked; the next generation runs
 * @m: the map
 *
 * Context: process.
 */
void dhcpk_map_leave(struct dhcpk_space *s, const struct dhcpk_map *m)
{
	visit_all(s, m->first, m->last, leave);
}

/* ---- the space ---- */

/* Some records of the slot that is being dealt with; true if there may be more. */
static bool expire_burst(struct dhcpk_space *s, u64 now)
{
	struct dhcpk_lease *l;
	unsigned int n;

	spin_lock_bh(&s->lock);
	for (n = 0; n < DHCPK_BURST && !hlist_empty(&s->expiring); n++) {
		l = hlist_entry(s->expiring.first, struct dhcpk_lease, timer);
		if (l->expires <= now)
			dhcpk_lease_expire(s, l, now);
		else
			dhcpk_lease_timer(s, l);
	}
	spin_unlock_bh(&s->lock);
	return n == DHCPK_BURST;
}

/**
 * dhcpk_space_expire - deal with everything that has run out
 * @s: the space, not locked
 * @now: boottime ns
 *
 * However many leases end in one second, a packet waits for a burst of them at most.
 *
 * Context: process; one at a time.
 */
void dhcpk_space_expire(struct dhcpk_space *s, u64 now)
{
	u64 second = div_u64(now, NSEC_PER_SEC);
	unsigned int slots = min_t(u64, second - s->wheel_second + 1, DHCPK_WHEEL_SLOTS);
	u64 at = second - (slots - 1);

	for (; at <= second; at++) {
		spin_lock_bh(&s->lock);
		hlist_move_list(&s->wheel[at % DHCPK_WHEEL_SLOTS], &s->expiring);
		/* This slot comes round only after a whole turn, but for the present second's. */
		s->wheel_second = min(at + 1, second);
		spin_unlock_bh(&s->lock);
		while (expire_burst(s, now))
			cond_resched();
	}
}

/**
 * dhcpk_space_new - no bindings
 * @dn: the namespace
 *
 * Return: the space, or NULL for lack of memory.
 * Context: process.
 */
struct dhcpk_space *dhcpk_space_new(struct dhcpk_net *dn)
{
	struct dhcpk_space *s = kvzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	if (dhcpk_id_table_init(&s->by_id)) {
		kvfree(s);
		return NULL;
	}
	s->dn = dn;
	spin_lock_init(&s->lock);
	INIT_LIST_HEAD(&s->dirty);
	INIT_LIST_HEAD(&s->in_flight);
	__skb_queue_head_init(&s->parked);
	xa_init(&s->by_addr);
	s->wheel_second = div_u64(ktime_get_boottime_ns(), NSEC_PER_SEC);
	s->seq = DHCPK_SEQ_FIRST + ((u64)get_random_u32() << 24);
	s->forget_from = U64_MAX;
	dhcpk_seq_after(s, dn->committed);
	return s;
}

/**
 * dhcpk_space_free - end a space and forget all clients in it
 * @s: the space or NULL; no packet can reach it any more
 *
 * Context: process.
 */
void dhcpk_space_free(struct dhcpk_space *s)
{
	struct dhcpk_lease *l;
	unsigned long addr;

	if (!s)
		return;
	/* One by one: a million take long enough for the processor's softirqs to be missed. */
	xa_for_each(&s->by_addr, addr, l) {
		spin_lock_bh(&s->lock);
		dhcpk_lease_free(s, l);
		spin_unlock_bh(&s->lock);
		cond_resched();
	}
	xa_destroy(&s->by_addr);
	dhcpk_id_table_destroy(&s->by_id);
	kvfree(s);
}
