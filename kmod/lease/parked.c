// SPDX-License-Identifier: GPL-2.0-only
/*
 * ACKs that wait for the store, and the exchanges that they belong to. Until such an ACK has left,
 * no other answer is sent that the client would take for the answer to its request. The leases are
 * locked unless stated otherwise.
 */
#include "lease/parked.h"

#include <linux/if_ether.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include "base/frame.h"
#include "base/trace.h"

enum {
	PARKED_MAX	= 16384,	/* replies that wait in a namespace */
	PARKED_SECONDS	= 8,	/* by then the client asks again, RFC 2131 section 4.1 */
	PARKED_ROOM	= 2048,	/* a reply in a larger buffer is copied into a smaller one */
};

/*
 * struct dhcpk_exchange - the fields by which a client recognises the answer to its request
 *
 * Clients that have no hardware address and choose the same transaction id share an exchange: the
 * later ones wait for the first.
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
 * dhcpk_awaited - does an ACK wait that belongs to the same exchange as this message?
 * @s: the leases, locked
 * @hdr: the message
 *
 * An earlier answer to the message would make the client miss the ACK.
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

/*
 * Records that the ACK in @skb is awaited. Without memory for the record, other answers may leave
 * before the ACK.
 */
static void await_ack(struct dhcpk_leases *s, struct sk_buff *skb)
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
 * dhcpk_await_end - an ACK has left, or will not leave
 * @s: the leases, locked
 * @x: the struct dhcpk_dest.exchange of the ACK, or NULL
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
 * dhcpk_parked_take - take the reply that waits for a lease, to send it
 * @s: the leases, locked
 * @l: the lease
 *
 * The exchange of the reply is still awaited. When the reply has left, or will not leave, the
 * caller ends the exchange with dhcpk_await_end().
 *
 * Return: the reply, or NULL if none waited.
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
 * dhcpk_unpark - the reply that waits for a lease waits no longer
 * @s: the leases, locked
 * @l: the lease
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
 * dhcpk_parked_reply_to - does the waiting reply have the transaction id of this request?
 * @l: the client's lease, for which a reply waits
 * @msg: the request
 *
 * Context: softirq, the leases locked.
 */
bool dhcpk_parked_reply_to(const struct dhcpk_lease *l, const struct dhcp_msg *msg)
{
	return ((const struct dhcp_hdr *)l->parked->data)->xid == msg->hdr->xid;
}

/**
 * dhcpk_parked_already - does a reply to this request wait already?
 * @l: the client's lease
 * @msg: the request
 * @now: boottime ns
 *
 * A client gives up on a request after some seconds (RFC 2131 section 4.1). A request with another
 * transaction id within one second is treated as the same request: it comes from another sender, or
 * makes no difference.
 *
 * Context: softirq.
 */
bool dhcpk_parked_already(const struct dhcpk_lease *l, const struct dhcp_msg *msg, u64 now)
{
	return l->parked &&
	       (dhcpk_parked_reply_to(l, msg) || now < l->parked->tstamp + NSEC_PER_SEC);
}

/*
 * Copies a reply that is in a buffer of more than PARKED_ROOM bytes into a smaller buffer. The
 * first buffer has room for the longest message that the client and the link allow.
 */
static struct sk_buff *shrink_reply(struct sk_buff *skb)
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

/* Lets @skb wait until the lease is stored. It replaces a reply that waits already. */
static void park_reply(struct dhcpk_leases *s, struct dhcpk_lease *l, struct sk_buff *skb, u64 now)
{
	trace_park(l->by_id.addr, l->seq);
	kfree_skb(dhcpk_unpark(s, l));
	skb->tstamp = now;
	DHCPK_DEST(skb)->lease = l;
	__skb_queue_tail(&s->parked, skb);
	l->parked = skb;
	await_ack(s, skb);
	atomic_inc(&s->dn->parked);
}

/**
 * dhcpk_park - let a reply wait for the store
 * @s: the leases, not locked
 * @skb: the reply without headers, with its destination; may be replaced by a smaller copy
 * @addr: the address of the lease, host order
 * @seq: the change that the store must have first
 * @now: boottime ns
 *
 * While the reply was built, the lease may have been stored, or may have changed.
 *
 * Return: enum dhcpk_parking. With DHCPK_PARKED the reply is taken over. Otherwise the caller still
 *	owns it.
 * Context: softirq, RCU.
 */
enum dhcpk_parking dhcpk_park(struct dhcpk_leases *s, struct sk_buff **skb, u32 addr, u64 seq,
			      u64 now)
{
	enum dhcpk_parking parking = DHCPK_NOT_PARKED;
	struct dhcpk_lease *l;

	*skb = shrink_reply(*skb);
	spin_lock(&s->lock);
	l = xa_load(&s->by_addr, addr);
	if (l && l->seq == seq && !l->commit_state) {
		parking = DHCPK_STORED_MEANWHILE;
	} else if (l && l->seq == seq && (l->parked || atomic_read(&s->dn->parked) < PARKED_MAX)) {
		park_reply(s, l, *skb, now);
		parking = DHCPK_PARKED;
	}
	spin_unlock(&s->lock);
	return parking;
}

/* Drops up to DHCPK_BURST replies that are too old. Returns true if more may follow. */
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
 * dhcpk_parked_expire - drop replies that their clients no longer wait for
 * @s: the leases, not locked
 * @now: boottime ns
 *
 * Context: process.
 */
void dhcpk_parked_expire(struct dhcpk_leases *s, u64 now)
{
	while (parked_burst(s, now))
		cond_resched();
}
