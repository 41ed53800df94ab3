// SPDX-License-Identifier: GPL-2.0-only
/*
 * The leases of a network namespace. They belong to addresses, so that pools are renamed, split, merged, grown and shrunk
 * without a lease being touched. All walks over many leases are here; they go in bursts.
 */
#include "lease/leases.h"

#include <linux/slab.h>

#include "lease/dirty.h"
#include "lease/lease.h"
#include "lease/map.h"
#include "lease/record.h"

/* ---- records of many addresses ---- */

/*
 * Calls @visit for some records from *@addr to @last; true if there may be more. @visit may end the record, and returns how
 * much it counts for in @sum.
 */
static bool visit_burst(struct dhcpk_leases *s, unsigned long *addr, u32 last,
			unsigned int (*visit)(struct dhcpk_leases *s, struct dhcpk_lease *l), unsigned int *sum)
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

static unsigned int visit_all(struct dhcpk_leases *s, u32 first, u32 last,
			      unsigned int (*visit)(struct dhcpk_leases *s, struct dhcpk_lease *l))
{
	unsigned long addr = first;
	unsigned int sum = 0;

	while (visit_burst(s, &addr, last, visit, &sum))
		cond_resched();
	return sum;
}

static unsigned int forget(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	if (l->state == DHCPK_LEASE_FREE)
		return 0;
	dhcpk_lease_forget(s, l);
	return 1;
}

/**
 * dhcpk_leases_forget - forget all records of some addresses, whatever their clients believe
 * @s: the space, not locked
 * @first: host order
 * @last: host order, inclusive
 *
 * Return: how many there were.
 * Context: process.
 */
unsigned int dhcpk_leases_forget(struct dhcpk_leases *s, u32 first, u32 last)
{
	return visit_all(s, first, last, forget);
}

/* What no pool contains any more stays only as long as it is a promise. */
static unsigned int leave(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	bool promise = l->state == DHCPK_LEASE_BOUND || dhcpk_lease_rests(l);

	return promise || dhcpk_maps_at(s->maps, l->by_id.addr) ? 0 : forget(s, l);
}

/* The store has the row still: it is read back with the next generation that has a pool there. */
static unsigned int unrestore(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	if (dhcpk_maps_serve(s->maps, l->by_id.addr))
		return 0;
	dhcpk_lease_unrestore(s, l->by_id.addr);
	return 1;
}

/**
 * dhcpk_leases_unrestore - what was read back for a generation goes, since that will not run, or is to be sent once more
 * @s: the space, not locked
 * @first: host order; the running generation's addresses stay
 * @last: host order, inclusive
 *
 * Context: process, dhcpk_net.lock held.
 */
void dhcpk_leases_unrestore(struct dhcpk_leases *s, u32 first, u32 last)
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
void dhcpk_map_leave(struct dhcpk_leases *s, const struct dhcpk_map *m)
{
	visit_all(s, m->first, m->last, leave);
}

/* ---- the space ---- */

/* Some records of the slot that is being dealt with; true if there may be more. */
static bool expire_burst(struct dhcpk_leases *s, u64 now)
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
 * dhcpk_leases_expire - deal with everything that has run out
 * @s: the space, not locked
 * @now: boottime ns
 *
 * However many leases end in one second, a packet waits for a burst of them at most.
 *
 * Context: process; one at a time.
 */
void dhcpk_leases_expire(struct dhcpk_leases *s, u64 now)
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
 * dhcpk_leases_new - no bindings
 * @dn: the namespace
 *
 * Return: the space, or NULL for lack of memory.
 * Context: process.
 */
struct dhcpk_leases *dhcpk_leases_new(struct dhcpk_net *dn)
{
	struct dhcpk_leases *s = kvzalloc(sizeof(*s), GFP_KERNEL);

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
 * dhcpk_leases_free - end a space and forget all clients in it
 * @s: the space or NULL; no packet can reach it any more
 *
 * Context: process.
 */
void dhcpk_leases_free(struct dhcpk_leases *s)
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
