// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commit before ACK: what has to be stored, what is being stored, and the replies that wait for it.
 *
 * A binding that says more than the store does is dirty. The daemon pulls dirty bindings, which are in flight then, and
 * commits them; whatever changes on the way is dirty again. So the lists always say what is missing, whoever dies, and a
 * binding that changes often is listed once. Everything here runs with the space's lock held unless it says otherwise.
 */
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "dhcpk.h"
#include "failpoint.h"

enum {
	BURST			= 256,	/* commits in one go with the lock held */
	RING_AGAIN_MS		= 10,	/* when the daemon's socket was full */
};

/* With durability async, what a crash may cost. */
#define ASYNC_NS	NSEC_PER_SEC

/* A renewal keeps off the store if the next one, half a lease on, will still be covered; a quarter of a lease to spare. */
#define REFRESH_AT(lease_ns)	((lease_ns) + (lease_ns) / 4)

static u64 lease_ns(const struct dhcpk_lease *l)
{
	return l->expires - l->starts;
}

/**
 * dhcpk_horizon - up to when the store says that the client may use its address, once it has the binding as it is
 * @l: a binding
 *
 * Return: boottime ns; 0 for one that nobody has.
 * Context: any.
 */
u64 dhcpk_horizon(const struct dhcpk_lease *l)
{
	if (l->state != DHCPK_LEASE_BOUND && l->state != DHCPK_LEASE_PENDING)
		return 0;
	/* An eighth to spare: clients that renew at T1, a little late each time, are to fit in four times. */
	return l->expires == U64_MAX ? U64_MAX : l->starts + DHCPK_HORIZON_FACTOR * lease_ns(l) + lease_ns(l) / 8;
}

static void move_to(struct dhcpk_space *s, struct dhcpk_lease *l, u8 list)
{
	struct list_head *const heads[] = { NULL, &s->dirty, &s->in_flight };
	atomic_t *const counts[] = { NULL, &s->dn->dirty, &s->dn->in_flight };

	if (l->listed) {
		list_del_init(&l->unstored);
		atomic_dec(counts[l->listed]);
	}
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
	if (l->listed == DHCPK_LISTED_NOT && l->state != DHCPK_LEASE_OFFERED)
		l->listed_at = ktime_get_boottime_ns();
	l->seq = atomic64_inc_return(&s->dn->seq);
	move_to(s, l, DHCPK_LISTED_DIRTY);
	queue_delayed_work(system_highpri_wq, &s->dn->doorbell, 0);
}

/**
 * dhcpk_dirty_unless_covered - a client has been bound or has renewed: is the store to know?
 * @s: its space
 * @l: the binding
 *
 * Not as long as the store says enough for this time and the next. One that is on its way there goes back to the start,
 * since what is committed is the binding as it was pulled.
 *
 * Context: softirq.
 */
void dhcpk_dirty_unless_covered(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	if (l->listed || l->horizon < l->expires ||
	    (l->expires != U64_MAX && l->horizon < l->starts + REFRESH_AT(lease_ns(l))))
		dhcpk_dirty(s, l);
}

/**
 * dhcpk_unpark - the reply that waits for a binding to be stored waits no longer
 * @s: its space
 * @l: the binding
 *
 * Return: the reply, for the caller to send or free; NULL if none waited.
 * Context: softirq or process.
 */
struct sk_buff *dhcpk_unpark(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	struct sk_buff *skb = l->parked;

	if (!skb)
		return NULL;
	l->parked = NULL;
	__skb_unlink(skb, &s->parked);
	atomic_dec(&s->dn->parked);
	return skb;
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

static bool listed_long_ago(struct list_head *list, u64 now)
{
	const struct dhcpk_lease *l = list_first_entry_or_null(list, struct dhcpk_lease, unstored);

	return l && l->state != DHCPK_LEASE_OFFERED && l->listed_at + ASYNC_NS < now;
}

/**
 * dhcpk_backlog - has something waited for the store for longer than durability async allows?
 * @s: the space
 * @now: boottime ns
 *
 * Context: softirq.
 */
bool dhcpk_backlog(struct dhcpk_space *s, u64 now)
{
	return listed_long_ago(&s->in_flight, now) || listed_long_ago(&s->dirty, now);
}

/* ---- replies that wait ---- */

/**
 * dhcpk_parked_already - is this request's reply waiting?
 * @l: its client's binding
 * @msg: the request
 *
 * Context: softirq.
 */
bool dhcpk_parked_already(const struct dhcpk_lease *l, const struct dhcp_msg *msg)
{
	return l->parked && ((const struct dhcp_hdr *)l->parked->data)->xid == msg->hdr->xid;
}

/**
 * dhcpk_park - step: the reply waits for the store
 * @ctx: a message whose reply promises more than the store says; its space is not locked
 * @skb: the reply without headers, with its destination; taken over
 *
 * Return: DHCPK_DONE, or DHCPK_DROP if too many wait already.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_park(struct dhcpk_ctx *ctx, struct sk_buff *skb)
{
	struct dhcpk_space *s = ctx->pool->space;
	struct dhcpk_lease *l;
	bool waits = false, stored = false;

	spin_lock(&s->lock);
	l = xa_load(&s->by_addr, ntohl(ctx->reply.yiaddr));
	/* While the reply was built, the binding may have been stored, or have become another's. */
	if (l && l->seq == ctx->seq) {
		stored = !l->listed;
		waits = !stored && (l->parked || atomic_read(&s->dn->parked) < DHCPK_PARKED_MAX);
	}
	if (waits) {
		kfree_skb(dhcpk_unpark(s, l));
		skb->tstamp = ctx->now;
		DHCPK_DEST(skb)->lease = l;
		__skb_queue_tail(&s->parked, skb);
		l->parked = skb;
		atomic_inc(&s->dn->parked);
	}
	spin_unlock(&s->lock);

	if (waits) {
		dhcpk_count(ctx->dn, DHCPK_STAT_PARKED);
		return DHCPK_DONE;
	}
	if (stored) {
		dhcpk_xmit_parked(ctx->dn, skb);
		return DHCPK_DONE;
	}
	kfree_skb(skb);
	return dhcpk_drop(ctx, DHCPK_STAT_DROP_COMMIT_BACKLOG);
}

/**
 * dhcpk_parked_expire - drop replies whose clients have given up on them
 * @s: the space, not locked
 * @now: boottime ns
 *
 * Context: process.
 */
void dhcpk_parked_expire(struct dhcpk_space *s, u64 now)
{
	struct sk_buff *skb;

	spin_lock_bh(&s->lock);
	while ((skb = skb_peek(&s->parked)) && skb->tstamp + (u64)DHCPK_PARKED_SECONDS * NSEC_PER_SEC < now) {
		kfree_skb(dhcpk_unpark(s, DHCPK_DEST(skb)->lease));
		dhcpk_count(s->dn, DHCPK_STAT_DROP_COMMIT_BACKLOG);
	}
	spin_unlock_bh(&s->lock);
}

/* ---- the daemon's side; dhcpk_net.lock is held ---- */

static struct list_head *pools_of(struct dhcpk_net *dn)
{
	static LIST_HEAD(none);
	struct dhcpk_config *c = rcu_dereference_protected(dn->config, lockdep_is_held(&dn->lock));

	return c ? &c->pools : &none;
}

/**
 * dhcpk_detach - nobody is there to store anything
 * @dn: the namespace
 *
 * What is in flight is dirty again, and first.
 *
 * Context: process, dn->lock held.
 */
void dhcpk_detach(struct dhcpk_net *dn)
{
	const struct dhcpk_pool *pool;
	struct dhcpk_lease *l;

	WRITE_ONCE(dn->attached, 0);
	list_for_each_entry(pool, pools_of(dn), list) {
		struct dhcpk_space *s = pool->space;

		spin_lock_bh(&s->lock);
		list_for_each_entry(l, &s->in_flight, unstored) {
			l->listed = DHCPK_LISTED_DIRTY;
			atomic_dec(&dn->in_flight);
			atomic_inc(&dn->dirty);
		}
		list_splice_init(&s->in_flight, &s->dirty);
		spin_unlock_bh(&s->lock);
	}
}

/* The store is another: it knows nothing. */
static void forget_store(struct dhcpk_space *s)
{
	struct dhcpk_lease *l;
	unsigned long addr;

	spin_lock_bh(&s->lock);
	xa_for_each(&s->by_addr, addr, l) {
		l->horizon = 0;
		if (l->state != DHCPK_LEASE_OFFERED)
			dhcpk_dirty(s, l);
	}
	spin_unlock_bh(&s->lock);
}

/**
 * dhcpk_attach - a daemon is there to store bindings
 * @dn: the namespace
 * @portid: its socket
 * @store_id: DHCPK_STORE_ID_SIZE bytes that tell its store from others
 *
 * Context: process, dn->lock held.
 */
void dhcpk_attach(struct dhcpk_net *dn, u32 portid, const u8 *store_id)
{
	const struct dhcpk_pool *pool;

	dhcpk_detach(dn);
	if (dn->stored && memcmp(dn->store_id, store_id, sizeof(dn->store_id))) {
		list_for_each_entry(pool, pools_of(dn), list)
			forget_store(pool->space);
	}
	memcpy(dn->store_id, store_id, sizeof(dn->store_id));
	dn->stored = true;
	WRITE_ONCE(dn->rung, false);
	WRITE_ONCE(dn->attached, portid);
	queue_delayed_work(system_highpri_wq, &dn->doorbell, 0);
}

/**
 * dhcpk_pulled - the daemon has been given a binding
 * @s: its space
 * @l: the binding, dirty
 *
 * Context: process.
 */
void dhcpk_pulled(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	l->stored = true;	/* or will be; nobody can tell if the daemon dies now */
	move_to(s, l, DHCPK_LISTED_IN_FLIGHT);
}

/* One binding is stored. Its reply, if one waits, is added to @ready. */
static void commit_one(struct dhcpk_space *s, struct dhcpk_lease *l, u64 now, struct sk_buff_head *ready)
{
	struct sk_buff *skb = dhcpk_unpark(s, l);

	move_to(s, l, DHCPK_LISTED_NOT);
	dhcpk_count(s->dn, DHCPK_STAT_COMMITTED);
	dhcpk_lease_settle(s, l, skb ? now : 0);
	if (skb)
		__skb_queue_tail(ready, skb);
}

/* Some of a space; true if there may be more. */
static bool commit_burst(struct dhcpk_space *s, u64 seq)
{
	u64 now = ktime_get_boottime_ns();
	struct sk_buff_head ready;
	struct dhcpk_lease *l;
	struct sk_buff *skb;
	unsigned int n = 0;

	__skb_queue_head_init(&ready);
	spin_lock_bh(&s->lock);
	while (n < BURST && (l = list_first_entry_or_null(&s->in_flight, struct dhcpk_lease, unstored)) && l->seq <= seq) {
		commit_one(s, l, now, &ready);
		n++;
	}
	spin_unlock_bh(&s->lock);

	dhcpk_failpoint("before-transmit");
	local_bh_disable();
	rcu_read_lock();
	while ((skb = __skb_dequeue(&ready)))
		dhcpk_xmit_parked(s->dn, skb);
	rcu_read_unlock();
	local_bh_enable();
	dhcpk_failpoint("after-transmit");
	return n == BURST;
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
	const struct dhcpk_pool *pool;

	list_for_each_entry(pool, pools_of(dn), list) {
		while (commit_burst(pool->space, seq))
			cond_resched();
	}
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
	if (dhcpk_dirty_event(dn->net, portid))
		queue_delayed_work(system_highpri_wq, &dn->doorbell, msecs_to_jiffies(RING_AGAIN_MS));
	else
		WRITE_ONCE(dn->rung, true);
}
