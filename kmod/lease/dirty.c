// SPDX-License-Identifier: GPL-2.0-only
/*
 * Leases with changes that the store does not have yet. A lease that says more than its row in the
 * store is dirty. The daemon pulls dirty leases, which are then in flight, and commits them. A
 * lease that changes while it is in flight becomes dirty again. So the lists are complete even if
 * the daemon dies, and a lease that changes often is listed once. selftests/model/ has a model of
 * this protocol, which is checked exhaustively. The functions in this file run with
 * dhcpk_leases.lock held unless stated otherwise.
 */
#include "lease/dirty.h"

#include <linux/workqueue.h>

#include "lease/parked.h"

/*
 * The time since which a lease is listed is counted in units of 2^27 ns, about an eighth of a
 * second. In a crash, durability async may lose the changes of one second: a lease that may have
 * been listed seven units ago has waited too long.
 */
#define LISTED_UNIT(ns)	((u32)((ns) >> 27))
#define ASYNC_UNITS	LISTED_UNIT(NSEC_PER_SEC)

static u64 lease_ns(const struct dhcpk_lease *l)
{
	return (u64)l->lease * NSEC_PER_SEC;
}

/**
 * dhcpk_horizon - end of the client's right to the address, as the store has it after a commit
 * @l: a lease
 *
 * The horizon is never before the end of the lease: the store has a lease before the client gets
 * its ACK. It is also never before the horizon that the store has already. Otherwise a forged
 * REQUEST for a short lease would make the client's next renewal depend on a store that may be
 * dead. But an infinite horizon is not kept when the lease is finite again: the row would outlive
 * the lease.
 *
 * Return: boottime ns; 0 if no client has the address.
 * Context: any.
 */
u64 dhcpk_horizon(const struct dhcpk_lease *l)
{
	if (!dhcpk_lease_bound(l))
		return 0;
	/*
	 * One eighth is spare: a client that renews at T1, a little late each time, renews four
	 * times within the horizon.
	 */
	return max3(l->expires, l->starts + DHCPK_HORIZON_FACTOR * lease_ns(l) + lease_ns(l) / 8,
		    l->horizon == U64_MAX ? 0 : l->horizon);
}

/* Moves the time slots up to @now. Leases of slots that fall out are counted in @listed_before. */
static void listed_advance(struct dhcpk_leases *s, u32 now)
{
	s32 gone = now - s->listed_base - (DHCPK_LISTED_SLOTS - 1), i;

	for (i = 0; i < gone && i < DHCPK_LISTED_SLOTS; i++) {
		s->listed_before += s->listed[(s->listed_base + i) % DHCPK_LISTED_SLOTS];
		s->listed[(s->listed_base + i) % DHCPK_LISTED_SLOTS] = 0;
	}
	if (gone > 0)
		s->listed_base += gone;
}

static u32 *listed_slot(struct dhcpk_leases *s, u32 since)
{
	return (s32)(since - s->listed_base) < 0 ?
		&s->listed_before : &s->listed[since % DHCPK_LISTED_SLOTS];
}

static void move_to_list(struct dhcpk_leases *s, struct dhcpk_lease *l, u8 list)
{
	struct list_head *const heads[] = { NULL, &s->dirty, &s->in_flight };
	atomic_t *const counts[] = { NULL, &s->dn->dirty, &s->dn->in_flight };

	lockdep_assert_held(&s->lock);
	if (l->commit_state) {
		list_del_init(&l->dirty_node);
		atomic_dec(counts[l->commit_state]);
	}
	if (l->commit_state && !list)
		--*listed_slot(s, l->dirty_since);
	if (!l->commit_state && list)
		++*listed_slot(s, l->dirty_since);
	l->commit_state = list;
	if (list) {
		list_add_tail(&l->dirty_node, heads[list]);
		atomic_inc(counts[list]);
	}
}

/**
 * dhcpk_dirty - a lease has changed, and the store must get the change
 * @s: the leases, locked
 * @l: the lease; may be dirty or in flight already
 *
 * Context: softirq or process.
 */
void dhcpk_dirty(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	lockdep_assert_held(&s->lock);
	if (!l->commit_state) {
		l->dirty_since = LISTED_UNIT(ktime_get_boottime_ns());
		listed_advance(s, l->dirty_since);
	}
	l->seq = ++s->seq;
	move_to_list(s, l, DHCPK_COMMIT_DIRTY);
	queue_delayed_work(system_highpri_wq, &s->dn->doorbell, 0);
}

/**
 * dhcpk_dirty_as - a new lease replaces one that is dirty or in flight
 * @s: the leases, locked
 * @l: the new lease of the same address, not listed
 * @old: the lease that it replaces
 *
 * The store still has to delete or replace the row of the old lease. No effect if the old lease is
 * not listed.
 *
 * Context: softirq or process.
 */
void dhcpk_dirty_as(struct dhcpk_leases *s, struct dhcpk_lease *l, const struct dhcpk_lease *old)
{
	lockdep_assert_held(&s->lock);
	if (!old->commit_state)
		return;
	l->dirty_since = old->dirty_since;
	l->seq = ++s->seq;
	move_to_list(s, l, DHCPK_COMMIT_DIRTY);
}

/**
 * dhcpk_dirty_unless_covered - make a lease dirty after a grant or renewal, if the store must know
 * @s: the leases, locked
 * @l: the lease
 *
 * The store need not know as long as its horizon covers this lease and the next renewal, half a
 * lease later. Then that renewal is answered even if the daemon dies now. A lease that is dirty or
 * in flight always becomes dirty again, since a commit confirms the lease as it was pulled.
 *
 * Context: softirq.
 */
void dhcpk_dirty_unless_covered(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	lockdep_assert_held(&s->lock);
	/* An infinite row must not outlive a lease that is finite now. */
	if (l->commit_state || l->horizon < l->expires ||
	    (l->horizon == U64_MAX && l->expires != U64_MAX) ||
	    (l->expires != U64_MAX && l->horizon < l->starts + lease_ns(l) + lease_ns(l) / 2))
		dhcpk_dirty(s, l);
}

/**
 * dhcpk_unlist - take a lease off the lists, and drop the reply that waits for it
 * @s: the leases, locked
 * @l: the lease
 *
 * Context: softirq or process.
 */
void dhcpk_unlist(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	move_to_list(s, l, DHCPK_COMMIT_NONE);
	kfree_skb(dhcpk_unpark(s, l));
}

/**
 * dhcpk_backlog - has a change waited for the store longer than durability async allows?
 * @s: the leases, locked
 * @now: boottime ns
 *
 * Context: softirq.
 */
bool dhcpk_backlog(struct dhcpk_leases *s, u64 now)
{
	u32 limit = LISTED_UNIT(now) - ASYNC_UNITS, at;

	lockdep_assert_held(&s->lock);
	listed_advance(s, LISTED_UNIT(now));
	if (s->listed_before)
		return true;
	for (at = s->listed_base; (s32)(limit - at) >= 0; at++) {
		if (s->listed[at % DHCPK_LISTED_SLOTS])
			return true;
	}
	return false;
}

/**
 * dhcpk_store_is_silent - is the store unable to take changes, as far as the kernel can see?
 * @s: the leases, locked
 * @now: boottime ns
 *
 * True if no daemon is attached, or if the attached daemon has not stored a change for one second,
 * for example because its disk is full.
 *
 * Context: softirq.
 */
bool dhcpk_store_is_silent(struct dhcpk_leases *s, u64 now)
{
	return !READ_ONCE(s->dn->attached) || dhcpk_backlog(s, now);
}

/**
 * dhcpk_list_again - a lease in flight becomes dirty again, at the head of the list
 * @s: the leases, locked
 * @l: the lease, in flight
 *
 * Context: process.
 */
void dhcpk_list_again(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	lockdep_assert_held(&s->lock);
	l->commit_state = DHCPK_COMMIT_DIRTY;
	list_move(&l->dirty_node, &s->dirty);
	atomic_dec(&s->dn->in_flight);
	atomic_inc(&s->dn->dirty);
}

/**
 * dhcpk_seq_after - number later changes after the last one in the store
 * @s: the leases, not locked
 * @seq: the number from the store; ignored if it is larger than any number that a kernel can reach
 *
 * Context: process, dn->lock held.
 */
void dhcpk_seq_after(struct dhcpk_leases *s, u64 seq)
{
	spin_lock_bh(&s->lock);
	if (seq < DHCPK_SEQ_FIRST + DHCPK_SEQ_FIRST / 2)
		s->seq = max(s->seq, seq);
	spin_unlock_bh(&s->lock);
}

/**
 * dhcpk_pulled - the daemon has pulled a lease
 * @s: the leases, locked
 * @l: the lease, dirty
 *
 * From now on the store may have either row. The kernel relies on the smaller horizon of the old
 * row and the new row.
 *
 * Context: process.
 */
void dhcpk_pulled(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	lockdep_assert_held(&s->lock);
	l->stored = true;	/* even if the daemon dies now, it may have written the row */
	l->horizon = min(l->horizon, dhcpk_horizon(l));
	s->dn->pulled = max(s->dn->pulled, l->seq);
	move_to_list(s, l, DHCPK_COMMIT_IN_FLIGHT);
}
