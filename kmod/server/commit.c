// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commit before ACK: the daemon attaches, is told when leases are dirty, pulls them, and says which
 * changes are on stable storage. Then the ACKs that wait for these changes leave. lease/dirty.c has
 * the lists of leases to store, lease/parked.c the waiting replies.
 */
#include "server/commit.h"

#include <linux/slab.h>
#include <linux/workqueue.h>

#include "base/failpoint.h"
#include "base/frame.h"
#include "base/trace.h"
#include "lease/dirty.h"
#include "lease/event.h"
#include "lease/lease.h"
#include "lease/parked.h"
#include "server/xmit.h"

enum { RING_AGAIN_MS = 10 };	/* retry after the daemon's socket was full */

/* ---- the daemon's side; dhcpk_net.lock is held ---- */

/*
 * Moves some leases from in flight back to the head of the dirty list. Starts at the end of the
 * list, so that the order stays. Returns true if there may be more.
 */
static bool detach_burst(struct dhcpk_leases *s)
{
	struct dhcpk_lease *l;
	unsigned int n;

	spin_lock_bh(&s->lock);
	for (n = 0; n < DHCPK_BURST && !list_empty(&s->in_flight); n++) {
		l = list_last_entry(&s->in_flight, struct dhcpk_lease, dirty_node);
		dhcpk_list_again(s, l);
	}
	spin_unlock_bh(&s->lock);
	return n == DHCPK_BURST;
}

/**
 * dhcpk_detach - the daemon is gone
 * @dn: the namespace
 *
 * Leases in flight are dirty again, and first.
 *
 * Context: process, dn->lock held.
 */
void dhcpk_detach(struct dhcpk_net *dn)
{
	WRITE_ONCE(dn->attached, 0);
	while (dn->leases && detach_burst(dn->leases))
		cond_resched();
}

/*
 * The store is a new one and has no leases. Until the walk has reached an address,
 * dhcpk_lease_grant() resets the horizon of its lease.
 */
static void forget_store(struct dhcpk_leases *s)
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
 * dhcpk_attach - a daemon attaches to store leases
 * @dn: the namespace
 * @portid: port id of its socket
 * @store_id: DHCPK_STORE_ID_SIZE bytes that identify its store
 * @seq: the last change that the store has
 *
 * A different store has no leases yet. A store that lacks changes which were committed to it is
 * treated the same. While a daemon is attached, no daemon with a different store takes its place: a
 * power cut before the new store has all leases would lose some.
 *
 * Return: 0, or -EBUSY if another socket is attached with another store.
 * Context: process, dn->lock held.
 */
int dhcpk_attach(struct dhcpk_net *dn, u32 portid, const u8 *store_id, u64 seq)
{
	bool same = !memcmp(dn->store_id, store_id, sizeof(dn->store_id)) && seq >= dn->committed &&
		    seq <= dn->pulled;
	bool other = dn->stored && !same;

	if (other && dn->attached && dn->attached != portid)
		return -EBUSY;
	dhcpk_detach(dn);
	if (dn->leases)
		dhcpk_seq_after(dn->leases, seq);
	if (other && dn->leases)
		forget_store(dn->leases);
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

/*
 * The reply that waits for a lease. The lease that it grants begins when the reply leaves. If the
 * host has slept meanwhile, the lease may now end after the horizon in the store: then the reply is
 * dropped, and the client asks again.
 */
static struct sk_buff *ready_reply(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 now)
{
	struct sk_buff *skb = dhcpk_parked_take(s, l);

	if (!skb || dhcpk_expiry(now, l->lease) <= dhcpk_horizon(l))
		return skb;
	dhcpk_await_end(s, DHCPK_DEST(skb)->exchange);
	kfree_skb(skb);
	dhcpk_count(s->dn, DHCPK_STAT_DROP_COMMIT_BACKLOG);
	return NULL;
}

/* One lease is stored. Its reply, if one waits, is added to @ready. */
static void commit_one(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 now,
		       struct sk_buff_head *ready)
{
	struct sk_buff *skb = ready_reply(s, l, now);

	dhcpk_unlist(s, l);
	dhcpk_count(s->dn, DHCPK_STAT_COMMITTED);
	dhcpk_lease_committed(s, l, skb ? now : 0);
	if (skb) {
		l->leaving = true;
		__skb_queue_tail(ready, skb);
	}
}

/*
 * Sends the ready replies. Each one counts as awaited until it has left. With softirqs off, a lease
 * that ends meanwhile stays in memory, and no message reads it.
 */
static void send_ready(struct dhcpk_leases *s, struct sk_buff_head *ready)
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

/* Commits some leases in flight. Returns true if there may be more. */
static bool commit_burst(struct dhcpk_leases *s, u64 seq)
{
	struct sk_buff_head ready;
	struct dhcpk_lease *l;
	unsigned int n = 0;
	u64 now;

	__skb_queue_head_init(&ready);
	/*
	 * With softirqs off, this CPU handles no message in between, so the ready replies do not
	 * wait for the answers to other messages.
	 */
	local_bh_disable();
	spin_lock(&s->lock);
	/* No long interruption from here on: the leases begin when the ACKs leave. */
	now = ktime_get_boottime_ns();
	while (n < DHCPK_BURST &&
	       (l = list_first_entry_or_null(&s->in_flight, struct dhcpk_lease, dirty_node)) &&
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
 * dhcpk_commit - pulled changes are on stable storage; send the replies that waited for them
 * @dn: the namespace
 * @seq: the last stored change
 *
 * Context: process, dn->lock held.
 */
void dhcpk_commit(struct dhcpk_net *dn, u64 seq)
{
	trace_commit(seq, atomic_read(&dn->in_flight));
	dn->committed = min(seq, dn->pulled);
	while (dn->leases && commit_burst(dn->leases, seq))
		cond_resched();
}

/**
 * dhcpk_doorbell - tell the daemon that there are dirty leases
 * @work: dhcpk_net.doorbell
 *
 * Sends one notification until the daemon pulls. If the daemon's socket is full, tries again after
 * RING_AGAIN_MS. Runs once a second in any case (main.c).
 *
 * Context: process.
 */
void dhcpk_doorbell(struct work_struct *work)
{
	struct dhcpk_net *dn = container_of(to_delayed_work(work), struct dhcpk_net, doorbell);
	u32 portid = READ_ONCE(dn->attached);

	if (!portid || READ_ONCE(dn->rung) || !atomic_read(&dn->dirty))
		return;
	/*
	 * Set before the notification: the daemon may pull before dhcpk_tell_dirty() returns, and
	 * must be told of later changes.
	 */
	WRITE_ONCE(dn->rung, true);
	if (!dhcpk_tell_dirty(dn->net, portid))
		return;
	WRITE_ONCE(dn->rung, false);
	queue_delayed_work(system_highpri_wq, &dn->doorbell, msecs_to_jiffies(RING_AGAIN_MS));
}
