// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lease database of a network namespace. A lease belongs to its address: pools can be renamed,
 * split, merged, grown and shrunk without a change to any lease. All walks over many leases are
 * here. They go in bursts, and release the lock between them.
 */
#include "lease/leases.h"

#include <linux/slab.h>

#include "lease/dirty.h"
#include "lease/lease.h"
#include "lease/map.h"
#include "lease/record.h"

/* ---- leases of many addresses ---- */

/*
 * Calls @visit for up to DHCPK_BURST leases from *@addr to @last. Returns true if more may follow.
 * @visit may remove the lease. It returns the number to add to @sum.
 */
static bool visit_burst(struct dhcpk_leases *s, unsigned long *addr, u32 last,
			unsigned int (*visit)(struct dhcpk_leases *s, struct dhcpk_lease *l),
			unsigned int *sum)
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

static unsigned int forget_lease(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	if (l->state == DHCPK_LEASE_FREE)
		return 0;
	dhcpk_lease_forget(s, l);
	return 1;
}

/**
 * dhcpk_leases_forget - forget all leases of a range of addresses, even those that clients use
 * @s: the leases, not locked
 * @first: host order
 * @last: host order, inclusive
 *
 * Return: number of leases that were forgotten.
 * Context: process.
 */
unsigned int dhcpk_leases_forget(struct dhcpk_leases *s, u32 first, u32 last)
{
	return visit_all(s, first, last, forget_lease);
}

/* A lease that no pool contains any more stays only while it is bound, declined or resting. */
static unsigned int forget_without_pool(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	bool stays = l->state == DHCPK_LEASE_BOUND || dhcpk_lease_rests(l);

	return stays || dhcpk_maps_at(s->maps, l->by_id.addr) ? 0 : forget_lease(s, l);
}

/*
 * The store still has the row. The daemon restores it for the next generation with a pool that
 * contains it.
 */
static unsigned int unrestore_lease(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	if (dhcpk_maps_serve(s->maps, l->by_id.addr))
		return 0;
	dhcpk_lease_unrestore(s, l->by_id.addr);
	return 1;
}

/**
 * dhcpk_leases_unrestore - remove leases that were restored for a staged generation
 * @s: the leases, not locked
 * @first: host order; leases of addresses that the running generation serves stay
 * @last: host order, inclusive
 *
 * The staged generation will not run, or the daemon will send these leases again.
 *
 * Context: process, dhcpk_net.lock held.
 */
void dhcpk_leases_unrestore(struct dhcpk_leases *s, u32 first, u32 last)
{
	visit_all(s, first, last, unrestore_lease);
}

/**
 * dhcpk_map_leave - a generation that used a map has ended
 * @s: the leases, not locked; the next generation runs
 * @m: the map
 *
 * Context: process.
 */
void dhcpk_map_leave(struct dhcpk_leases *s, const struct dhcpk_map *m)
{
	visit_all(s, m->first, m->last, forget_without_pool);
}

/* ---- the lease database ---- */

/* Handles up to DHCPK_BURST leases of the slot in @expiring. Returns true if more may follow. */
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
 * dhcpk_leases_expire - expire all leases that are over
 * @s: the leases, not locked
 * @now: boottime ns
 *
 * However many leases end in one second, a packet waits for one burst of them at most.
 *
 * Context: process; one caller at a time.
 */
void dhcpk_leases_expire(struct dhcpk_leases *s, u64 now)
{
	u64 second = div_u64(now, NSEC_PER_SEC);
	unsigned int slots = min_t(u64, second - s->wheel_second + 1, DHCPK_WHEEL_SLOTS);
	u64 at = second - (slots - 1);

	for (; at <= second; at++) {
		spin_lock_bh(&s->lock);
		hlist_move_list(&s->wheel[at % DHCPK_WHEEL_SLOTS], &s->expiring);
		/*
		 * A slot comes again after a full turn of the wheel, except the slot of the present
		 * second.
		 */
		s->wheel_second = min(at + 1, second);
		spin_unlock_bh(&s->lock);
		while (expire_burst(s, now))
			cond_resched();
	}
}

/**
 * dhcpk_leases_new - make an empty lease database
 * @dn: the namespace
 *
 * Return: the lease database, or NULL for lack of memory.
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
 * dhcpk_leases_free - free a lease database and all leases in it
 * @s: the lease database or NULL; no packet can reach it any more
 *
 * Context: process.
 */
void dhcpk_leases_free(struct dhcpk_leases *s)
{
	struct dhcpk_lease *l;
	unsigned long addr;

	if (!s)
		return;
	/*
	 * One by one: a million leases take so long that the softirqs of this processor would wait.
	 */
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
