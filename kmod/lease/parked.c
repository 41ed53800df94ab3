// SPDX-License-Identifier: GPL-2.0-only
/*
 * ACKs that wait for the store, and what they answer: meanwhile no other answer leaves that the client would take for it.
 * The space is locked unless it is said otherwise.
 */
#include "lease/parked.h"

#include <linux/if_ether.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include "base/frame.h"
#include "base/trace.h"

enum {
	PARKED_MAX	= 16384,	/* replies that wait for the store, in a namespace */
	PARKED_SECONDS	= 8,	/* how long: by then the client has asked again, RFC 2131 section 4.1 */
	PARKED_ROOM	= 2048,	/* bytes that a reply may have while it waits, unless it is as long */
};

/*
 * struct dhcpk_exchange - by what a client knows the answer
 *
 * Clients without a hardware address, that choose the same transaction id, are one here: the others wait for the first.
 */
struct dhcpk_exchange {
	struct hlist_node	node;
	struct exchange_key {
		__be32		xid;
		u8		chaddr[ETH_ALEN];
	} __packed		key;
};

static struct exchange_key key_of(const struct dhcp_hdr *hdr)
{
	struct exchange_key k = { .xid = hdr->xid };

	memcpy(k.chaddr, hdr->chaddr, min_t(size_t, hdr->hlen, sizeof(k.chaddr)));
	return k;
}

static struct hlist_head *bucket_of(struct dhcpk_leases *s, const struct exchange_key *k)
{
	return &s->awaited[siphash(k, sizeof(*k), &dhcpk_hash_key) % DHCPK_AWAITED_BUCKETS];
}

/**
 * dhcpk_awaited - does an ACK wait that the client would miss if it got an answer to this message first?
 * @s: the space, locked
 * @hdr: the message
 *
 * Context: softirq.
 */
bool dhcpk_awaited(struct dhcpk_leases *s, const struct dhcp_hdr *hdr)
{
	const struct exchange_key k = key_of(hdr);
	const struct dhcpk_exchange *x;

	lockdep_assert_held(&s->lock);
	if (!s->n_awaited)
		return false;
	hlist_for_each_entry(x, bucket_of(s, &k), node) {
		if (!memcmp(&x->key, &k, sizeof(k)))
			return true;
	}
	return false;
}

/* From now on. Without memory for that other answers may come before the ACK. */
static void await(struct dhcpk_leases *s, struct sk_buff *skb)
{
	struct dhcpk_exchange *x = kmalloc(sizeof(*x), DHCPK_GFP_SOFTIRQ);

	DHCPK_DEST(skb)->exchange = x;
	if (!x)
		return;
	x->key = key_of((const struct dhcp_hdr *)skb->data);
	hlist_add_head(&x->node, bucket_of(s, &x->key));
	s->n_awaited++;
}

/**
 * dhcpk_await_end - an ACK has left, or will not
 * @s: the space, locked
 * @x: its struct dhcpk_dest.exchange, or NULL
 *
 * Context: softirq or process.
 */
void dhcpk_await_end(struct dhcpk_leases *s, struct dhcpk_exchange *x)
{
	lockdep_assert_held(&s->lock);
	if (!x)
		return;
	hlist_del(&x->node);
	s->n_awaited--;
	kfree(x);
}

/* ---- replies that wait ---- */

/**
 * dhcpk_parked_take - the reply of a binding waits for the store no longer, but for being sent; it is awaited still
 * @s: its space, locked
 * @l: the binding
 *
 * Return: the reply, or NULL if none waited. Once it has left, or will not, dhcpk_await_end() is for its exchange.
 * Context: softirq or process.
 */
struct sk_buff *dhcpk_parked_take(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	struct sk_buff *skb = l->parked;

	lockdep_assert_held(&s->lock);
	if (!skb)
		return NULL;
	l->parked = NULL;
	__skb_unlink(skb, &s->parked);
	atomic_dec(&s->dn->parked);
	return skb;
}

/**
 * dhcpk_unpark - the reply that waits for a binding to be stored waits no longer
 * @s: its space
 * @l: the binding
 *
 * Return: the reply, for the caller to send or free; NULL if none waited.
 * Context: softirq or process.
 */
struct sk_buff *dhcpk_unpark(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	struct sk_buff *skb = dhcpk_parked_take(s, l);

	if (skb)
		dhcpk_await_end(s, DHCPK_DEST(skb)->exchange);
	return skb;
}

/**
 * dhcpk_parked_reply_to - has the reply that waits the transaction id of this request?
 * @l: its client's binding, for which a reply waits
 * @msg: the request
 *
 * Context: softirq, the space locked.
 */
bool dhcpk_parked_reply_to(const struct dhcpk_lease *l, const struct dhcp_msg *msg)
{
	return ((const struct dhcp_hdr *)l->parked->data)->xid == msg->hdr->xid;
}

/**
 * dhcpk_parked_already - is this request's reply waiting?
 * @l: its client's binding
 * @msg: the request
 * @now: boottime ns
 *
 * A client gives up on a request after some seconds (RFC 2131 section 4.1). Another transaction within one second is another
 * sender's, or as good as the same.
 *
 * Context: softirq.
 */
bool dhcpk_parked_already(const struct dhcpk_lease *l, const struct dhcp_msg *msg, u64 now)
{
	return l->parked && (dhcpk_parked_reply_to(l, msg) || now < l->parked->tstamp + NSEC_PER_SEC);
}

/* The reply with no more memory than it needs: what it was built in has the room that the client and the link allow. */
static struct sk_buff *shrunk(struct sk_buff *skb)
{
	struct sk_buff *small;

	if (skb_end_offset(skb) <= PARKED_ROOM)
		return skb;
	small = skb_copy_expand(skb, skb_headroom(skb), 0, DHCPK_GFP_SOFTIRQ);
	if (!small)
		return skb;
	kfree_skb(skb);
	return small;
}

/* @skb waits for the record to be stored, in place of a reply that waits already. */
static void wait_for(struct dhcpk_leases *s, struct dhcpk_lease *l, struct sk_buff *skb, u64 now)
{
	trace_park(l->by_id.addr, l->seq);
	kfree_skb(dhcpk_unpark(s, l));
	skb->tstamp = now;
	DHCPK_DEST(skb)->lease = l;
	__skb_queue_tail(&s->parked, skb);
	l->parked = skb;
	await(s, skb);
	atomic_inc(&s->dn->parked);
}

/**
 * dhcpk_park - let a reply wait for the store
 * @s: the space, not locked
 * @skb: the reply without headers, with its destination; replaced by one that needs less memory
 * @addr: the address that it is about, host order
 * @seq: the change that the store is to know first
 * @now: boottime ns
 *
 * While the reply was built, the lease may have been stored, or have become another client's.
 *
 * Return: whether it waits; then it is taken over. If not, it is the caller's still.
 * Context: softirq, RCU.
 */
enum dhcpk_parking dhcpk_park(struct dhcpk_leases *s, struct sk_buff **skb, u32 addr, u64 seq, u64 now)
{
	enum dhcpk_parking parking = DHCPK_NOT_PARKED;
	struct dhcpk_lease *l;

	*skb = shrunk(*skb);
	spin_lock(&s->lock);
	l = xa_load(&s->by_addr, addr);
	if (l && l->seq == seq && !l->commit_state) {
		parking = DHCPK_STORED_MEANWHILE;
	} else if (l && l->seq == seq && (l->parked || atomic_read(&s->dn->parked) < PARKED_MAX)) {
		wait_for(s, l, *skb, now);
		parking = DHCPK_PARKED;
	}
	spin_unlock(&s->lock);
	return parking;
}

/* Some of the replies that are too old; true if there may be more. */
static bool parked_burst(struct dhcpk_leases *s, u64 now)
{
	struct sk_buff *skb;
	unsigned int n = 0;

	spin_lock_bh(&s->lock);
	while (n < DHCPK_BURST && (skb = skb_peek(&s->parked)) &&
	       skb->tstamp + (u64)PARKED_SECONDS * NSEC_PER_SEC < now) {
		kfree_skb(dhcpk_unpark(s, DHCPK_DEST(skb)->lease));
		n++;
	}
	dhcpk_count_many(s->dn, DHCPK_STAT_DROP_COMMIT_BACKLOG, n);
	spin_unlock_bh(&s->lock);
	return n == DHCPK_BURST;
}

/**
 * dhcpk_parked_expire - drop replies whose clients have given up on them
 * @s: the space, not locked
 * @now: boottime ns
 *
 * Context: process.
 */
void dhcpk_parked_expire(struct dhcpk_leases *s, u64 now)
{
	while (parked_burst(s, now))
		cond_resched();
}
