// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commit before ACK: what has to be stored, and what is being stored. parked.c has the replies that wait for it.
 *
 * A binding that says more than the store does is dirty. The daemon pulls dirty bindings, which are in flight then, and
 * commits them; whatever changes on the way is dirty again. So the lists always say what is missing, whichever program dies,
 * and a binding that changes often is listed once. selftests/model/ has this protocol as a model, checked exhaustively.
 * Everything here runs with the space's lock held unless it says otherwise.
 */
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "dhcpk.h"
#include "failpoint.h"

enum { RING_AGAIN_MS = 10 };	/* when the daemon's socket was full */

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
static void listed_advance(struct dhcpk_space *s, u32 now)
{
	s32 gone = now - s->listed_base - (DHCPK_LISTED_SLOTS - 1), i;

	for (i = 0; i < gone && i < DHCPK_LISTED_SLOTS; i++) {
		s->listed_before += s->listed[(s->listed_base + i) % DHCPK_LISTED_SLOTS];
		s->listed[(s->listed_base + i) % DHCPK_LISTED_SLOTS] = 0;
	}
	if (gone > 0)
		s->listed_base += gone;
}

static u32 *listed_slot(struct dhcpk_space *s, u32 since)
{
	return (s32)(since - s->listed_base) < 0 ? &s->listed_before : &s->listed[since % DHCPK_LISTED_SLOTS];
}

static void move_to(struct dhcpk_space *s, struct dhcpk_lease *l, u8 list)
{
	struct list_head *const heads[] = { NULL, &s->dirty, &s->in_flight };
	atomic_t *const counts[] = { NULL, &s->dn->dirty, &s->dn->in_flight };

	lockdep_assert_held(&s->lock);
	if (l->listed) {
		list_del_init(&l->unstored);
		atomic_dec(counts[l->listed]);
	}
	if (l->listed && !list)
		--*listed_slot(s, l->listed_at);
	if (!l->listed && list)
		++*listed_slot(s, l->listed_at);
	l->listed = list;
	if (list) {
		list_add_tail(&l->unstored, heads[list]);
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
void dhcpk_dirty(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	if (!l->listed) {
		l->listed_at = LISTED_UNIT(ktime_get_boottime_ns());
		listed_advance(s, l->listed_at);
	}
	l->seq = ++s->seq;
	move_to(s, l, DHCPK_LISTED_DIRTY);
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
void dhcpk_dirty_as(struct dhcpk_space *s, struct dhcpk_lease *l, const struct dhcpk_lease *old)
{
	if (!old->listed)
		return;
	l->listed_at = old->listed_at;
	l->seq = ++s->seq;
	move_to(s, l, DHCPK_LISTED_DIRTY);
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
void dhcpk_dirty_unless_covered(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	/* A row that is for ever would outlive a lease that is not any more. */
	if (l->listed || l->horizon < l->expires || (l->horizon == U64_MAX && l->expires != U64_MAX) ||
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
void dhcpk_unlist(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	move_to(s, l, DHCPK_LISTED_NOT);
	kfree_skb(dhcpk_unpark(s, l));
}

/**
 * dhcpk_backlog - has any change waited for the store for longer than durability async allows?
 * @s: the space
 * @now: boottime ns
 *
 * Context: softirq.
 */
bool dhcpk_backlog(struct dhcpk_space *s, u64 now)
{
	u32 limit = LISTED_UNIT(now) - ASYNC_UNITS, at;

	listed_advance(s, LISTED_UNIT(now));
	if (s->listed_before)
		return true;
	for (at = s->listed_base; (s32)(limit - at) >= 0; at++) {
		if (s->listed[at % DHCPK_LISTED_SLOTS])
			return true;
	}
	return false;
}

/* ---- the daemon's side; dhcpk_net.lock is held ---- */

/* Some of what is in flight is dirty again, and first; true if there may be more. From the end, so that the order stays. */
static bool detach_burst(struct dhcpk_space *s)
{
	struct dhcpk_lease *l;
	unsigned int n;

	spin_lock_bh(&s->lock);
	for (n = 0; n < DHCPK_BURST && !list_empty(&s->in_flight); n++) {
		l = list_last_entry(&s->in_flight, struct dhcpk_lease, unstored);
		l->listed = DHCPK_LISTED_DIRTY;
		list_move(&l->unstored, &s->dirty);
		atomic_dec(&s->dn->in_flight);
		atomic_inc(&s->dn->dirty);
	}
	spin_unlock_bh(&s->lock);
	return n == DHCPK_BURST;
}

/**
 * dhcpk_detach - there is no daemon to store anything
 * @dn: the namespace
 *
 * What is in flight is dirty again, and first.
 *
 * Context: process, dn->lock held.
 */
void dhcpk_detach(struct dhcpk_net *dn)
{
	WRITE_ONCE(dn->attached, 0);
	while (dn->space && detach_burst(dn->space))
		cond_resched();
}

/**
 * dhcpk_seq_after - changes that are still to come have greater numbers than the store's last one
 * @s: the space, not locked
 * @seq: the store's; what no kernel can have come to is not heeded
 *
 * Context: process, dn->lock held.
 */
void dhcpk_seq_after(struct dhcpk_space *s, u64 seq)
{
	spin_lock_bh(&s->lock);
	if (seq < DHCPK_SEQ_FIRST + DHCPK_SEQ_FIRST / 2)
		s->seq = max(s->seq, seq);
	spin_unlock_bh(&s->lock);
}

/* The store is another: it knows nothing. Until the walk has come to an address, dhcpk_lease_grant() takes care of it. */
static void forget_store(struct dhcpk_space *s)
{
	unsigned long addr = 0;
	struct dhcpk_lease *l;
	unsigned int n;

	do {
		spin_lock_bh(&s->lock);
		n = 0;
		s->forget_from = addr;
		xa_for_each_start(&s->by_addr, addr, l, addr) {
			if (n++ == DHCPK_BURST)
				break;
			l->horizon = 0;
			if (l->state != DHCPK_LEASE_OFFERED)
				dhcpk_dirty(s, l);
		}
		if (!l)
			s->forget_from = U64_MAX;
		spin_unlock_bh(&s->lock);
		cond_resched();
	} while (l);
}

/**
 * dhcpk_attach - a daemon is there to store bindings
 * @dn: the namespace
 * @portid: its socket
 * @store_id: DHCPK_STORE_ID_SIZE bytes that tell its store from others
 * @seq: the last change that the store says it has
 *
 * Another store knows nothing, and neither does one that lacks what was committed to it. While a daemon is attached, none
 * takes its place: a power cut before the new store has been told everything would lose bindings.
 *
 * Return: 0, or -EBUSY if another socket is attached with another store.
 * Context: process, dn->lock held.
 */
int dhcpk_attach(struct dhcpk_net *dn, u32 portid, const u8 *store_id, u64 seq)
{
	bool same = !memcmp(dn->store_id, store_id, sizeof(dn->store_id)) && seq >= dn->committed && seq <= dn->pulled;
	bool other = dn->stored && !same;

	if (other && dn->attached && dn->attached != portid)
		return -EBUSY;
	dhcpk_detach(dn);
	if (dn->space)
		dhcpk_seq_after(dn->space, seq);
	if (other && dn->space)
		forget_store(dn->space);
	memcpy(dn->store_id, store_id, sizeof(dn->store_id));
	dn->committed = seq;
	if (!same)
		dn->pulled = seq;
	dn->stored = true;
	WRITE_ONCE(dn->rung, false);
	WRITE_ONCE(dn->attached, portid);
	queue_delayed_work(system_highpri_wq, &dn->doorbell, 0);
	return 0;
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
void dhcpk_pulled(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	l->stored = true;	/* or will be; it is not known if the daemon dies now */
	l->horizon = min(l->horizon, dhcpk_horizon(l));
	s->dn->pulled = max(s->dn->pulled, l->seq);
	move_to(s, l, DHCPK_LISTED_IN_FLIGHT);
}

/*
 * The reply that waits for a binding. The lease that it promises begins when it leaves: a machine that has slept meanwhile
 * may find that the store says less than that, and the client asks again.
 */
static struct sk_buff *ready_reply(struct dhcpk_space *s, struct dhcpk_lease *l, u64 now)
{
	struct sk_buff *skb = dhcpk_parked_take(s, l);

	if (!skb || dhcpk_expiry(now, l->lease) <= dhcpk_horizon(l))
		return skb;
	dhcpk_await_end(s, DHCPK_DEST(skb)->exchange);
	kfree_skb(skb);
	dhcpk_count(s->dn, DHCPK_STAT_DROP_COMMIT_BACKLOG);
	return NULL;
}

/* One binding is stored. Its reply, if one waits, is added to @ready. */
static void commit_one(struct dhcpk_space *s, struct dhcpk_lease *l, u64 now, struct sk_buff_head *ready)
{
	struct sk_buff *skb = ready_reply(s, l, now);

	move_to(s, l, DHCPK_LISTED_NOT);
	dhcpk_count(s->dn, DHCPK_STAT_COMMITTED);
	dhcpk_lease_committed(s, l, skb ? now : 0);
	if (skb) {
		l->leaving = true;
		__skb_queue_tail(ready, skb);
	}
}

/*
 * They are awaited until they have left. Softirqs are off, so that the memory of a binding that ends meanwhile stays, and nothing
 * reads it then.
 */
static void send_ready(struct dhcpk_space *s, struct sk_buff_head *ready)
{
	struct {
		struct dhcpk_exchange *exchange;
		struct dhcpk_lease *lease;
	} sent[32];
	struct sk_buff *skb;
	unsigned int n;

	while (!skb_queue_empty(ready)) {
		rcu_read_lock();
		for (n = 0; n < ARRAY_SIZE(sent) && (skb = __skb_dequeue(ready)); n++) {
			sent[n].exchange = DHCPK_DEST(skb)->exchange;
			sent[n].lease = DHCPK_DEST(skb)->lease;
			dhcpk_xmit_parked(s->dn, skb);
		}
		rcu_read_unlock();
		spin_lock(&s->lock);
		while (n--) {
			sent[n].lease->leaving = false;
			dhcpk_await_end(s, sent[n].exchange);
		}
		spin_unlock(&s->lock);
	}
}

/* Some of what is in flight; true if there may be more. */
static bool commit_burst(struct dhcpk_space *s, u64 seq)
{
	struct sk_buff_head ready;
	struct dhcpk_lease *l;
	unsigned int n = 0;
	u64 now;

	__skb_queue_head_init(&ready);
	/* No message is dealt with in between, so that what is ready does not wait for the answers to others. */
	local_bh_disable();
	spin_lock(&s->lock);
	now = ktime_get_boottime_ns(); /* from now on this is not interrupted for long: the leases begin when the ACKs leave */
	while (n < DHCPK_BURST && (l = list_first_entry_or_null(&s->in_flight, struct dhcpk_lease, unstored)) &&
	       l->seq <= seq) {
		commit_one(s, l, now, &ready);
		n++;
	}
	spin_unlock(&s->lock);
	dhcpk_failpoint("before-transmit");
	send_ready(s, &ready);
	local_bh_enable();
	dhcpk_failpoint("after-transmit");
	return n == DHCPK_BURST;
}

/**
 * dhcpk_commit - what was pulled is on stable storage; send the replies that waited for it
 * @dn: the namespace
 * @seq: up to this change
 *
 * Context: process, dn->lock held.
 */
void dhcpk_commit(struct dhcpk_net *dn, u64 seq)
{
	dn->committed = min(seq, dn->pulled);
	while (dn->space && commit_burst(dn->space, seq))
		cond_resched();
}

/**
 * dhcpk_doorbell - tell the daemon that there is something to pull
 * @work: dhcpk_net.doorbell
 *
 * Rings once until it pulls; if its socket is full, again soon, and once a second in any case (main.c).
 *
 * Context: process.
 */
void dhcpk_doorbell(struct work_struct *work)
{
	struct dhcpk_net *dn = container_of(to_delayed_work(work), struct dhcpk_net, doorbell);
	u32 portid = READ_ONCE(dn->attached);

	if (!portid || READ_ONCE(dn->rung) || !atomic_read(&dn->dirty))
		return;
	/* Before the bell rings: the daemon may have pulled by the time that it has rung, and is to hear of what comes then. */
	WRITE_ONCE(dn->rung, true);
	if (!dhcpk_dirty_event(dn->net, portid))
		return;
	WRITE_ONCE(dn->rung, false);
	queue_delayed_work(system_highpri_wq, &dn->doorbell, msecs_to_jiffies(RING_AGAIN_MS));
}
