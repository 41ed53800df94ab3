// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the store does not know yet. A lease that says more than the store does is dirty. The daemon pulls dirty leases, which
 * are in flight then, and commits them; whatever changes on the way is dirty again. So the lists always say what is missing,
 * whichever program dies, and a lease that changes often is listed once. selftests/model/ has this protocol as a model,
 * checked exhaustively. Everything here runs with the space's lock held unless it says otherwise.
 */
#include "lease/dirty.h"

#include <linux/workqueue.h>

#include "lease/parked.h"

/*
 * Since when records are listed is counted in units of 2^27 ns, an eighth of a second. What durability async may cost in a
 * crash is a second: what may have been listed seven units ago has waited for long enough.
 */
#define LISTED_UNIT(ns)	((u32)((ns) >> 27))
#define ASYNC_UNITS	LISTED_UNIT(NSEC_PER_SEC)

static u64 lease_ns(const struct dhcpk_lease *l)
{
	return (u64)l->lease * NSEC_PER_SEC;
}

/**
 * dhcpk_horizon - up to when the store says that the client may use its address, once it has the binding as it is
 * @l: a binding
 *
 * Never before the end of the lease: what has been promised to the client is on stable storage first. Nor before what the store says
 * already: a REQUEST for a short lease, which anybody can send, must not leave the client's next renewal to a store that may be dead.
 * But a row that is for ever would outlive a lease that is not any more.
 *
 * Return: boottime ns; 0 for an address that no client has.
 * Context: any.
 */
u64 dhcpk_horizon(const struct dhcpk_lease *l)
{
	if (!dhcpk_lease_bound(l))
		return 0;
	/* An eighth to spare: clients that renew at T1, a little late each time, are to fit in four times. */
	return max3(l->expires, l->starts + DHCPK_HORIZON_FACTOR * lease_ns(l) + lease_ns(l) / 8, l->horizon == U64_MAX ? 0 : l->horizon);
}

/* Time goes on: what was listed before the times that are told apart is counted as a whole. */
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
	return (s32)(since - s->listed_base) < 0 ? &s->listed_before : &s->listed[since % DHCPK_LISTED_SLOTS];
}

static void move_to(struct dhcpk_leases *s, struct dhcpk_lease *l, u8 list)
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
 * dhcpk_dirty - a binding has changed, and the store is to know
 * @s: its space
 * @l: the binding; may be dirty or in flight already
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
	move_to(s, l, DHCPK_COMMIT_DIRTY);
	queue_delayed_work(system_highpri_wq, &s->dn->doorbell, 0);
}

/**
 * dhcpk_dirty_as - what the store was to be told of an address is still to be told
 * @s: its space
 * @l: the address's new record, not listed
 * @old: the record that it replaces
 *
 * The row of the old record goes, or is replaced.
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
	move_to(s, l, DHCPK_COMMIT_DIRTY);
}

/**
 * dhcpk_dirty_unless_covered - a client has been bound or has renewed: is the store to know?
 * @s: its space
 * @l: the binding
 *
 * Not as long as the store says enough for this time and the next, half a lease on: should the daemon die now, the client's
 * next renewal is answered all the same. A binding that is on its way to the store goes back to the start, since what is
 * committed is the binding as it was pulled.
 *
 * Context: softirq.
 */
void dhcpk_dirty_unless_covered(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	lockdep_assert_held(&s->lock);
	/* A row that is for ever would outlive a lease that is not any more. */
	if (l->commit_state || l->horizon < l->expires || (l->horizon == U64_MAX && l->expires != U64_MAX) ||
	    (l->expires != U64_MAX && l->horizon < l->starts + lease_ns(l) + lease_ns(l) / 2))
		dhcpk_dirty(s, l);
}

/**
 * dhcpk_unlist - a record is about to go: it is on no list, and nobody is told of it
 * @s: its space
 * @l: the record
 *
 * Context: softirq or process.
 */
void dhcpk_unlist(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	move_to(s, l, DHCPK_COMMIT_NONE);
	kfree_skb(dhcpk_unpark(s, l));
}

/**
 * dhcpk_backlog - has any change waited for the store for longer than durability async allows?
 * @s: the space
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
 * dhcpk_store_is_silent - can nothing new be stored for now, as far as is known?
 * @s: the space
 * @now: boottime ns
 *
 * No daemon is attached, or the one that is has not stored a change for a second: its disk is full, say.
 *
 * Context: softirq.
 */
bool dhcpk_store_is_silent(struct dhcpk_leases *s, u64 now)
{
	return !READ_ONCE(s->dn->attached) || dhcpk_backlog(s, now);
}

/**
 * dhcpk_list_again - what was in flight is dirty again, and first
 * @s: its space
 * @l: the binding, in flight
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
 * dhcpk_seq_after - changes that are still to come have greater numbers than the store's last one
 * @s: the space, not locked
 * @seq: the store's; what no kernel can have come to is not heeded
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
 * dhcpk_pulled - the daemon has been given a binding
 * @s: its space
 * @l: the binding, dirty
 *
 * From now on the store may say less than before, but never less than the row that is being written.
 *
 * Context: process.
 */
void dhcpk_pulled(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	lockdep_assert_held(&s->lock);
	l->stored = true;	/* or will be; it is not known if the daemon dies now */
	l->horizon = min(l->horizon, dhcpk_horizon(l));
	s->dn->pulled = max(s->dn->pulled, l->seq);
	move_to(s, l, DHCPK_COMMIT_IN_FLIGHT);
}
