// SPDX-License-Identifier: GPL-2.0-only
/* Exchanges whose ACK waits for the store: no other answer leaves that the client would take for it. */
#include <linux/if_ether.h>
#include <linux/net.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include "dhcpk.h"

/*
 * struct dhcpk_exchange - by what a client knows the answer
 *
 * Where the hardware address is longer, or there is none, this is as good.
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

	memcpy(k.chaddr, hdr->chaddr, sizeof(k.chaddr));
	return k;
}

static struct hlist_head *bucket_of(struct dhcpk_space *s, const struct exchange_key *k)
{
	static siphash_key_t secret __read_mostly;

	net_get_random_once(&secret, sizeof(secret));
	return &s->awaited[siphash(k, sizeof(*k), &secret) % DHCPK_AWAITED_BUCKETS];
}

/**
 * dhcpk_awaited - does an ACK wait that the client would miss if it got an answer to this message first?
 * @s: the space, locked
 * @hdr: the message
 *
 * Context: softirq.
 */
bool dhcpk_awaited(struct dhcpk_space *s, const struct dhcp_hdr *hdr)
{
	const struct exchange_key k = key_of(hdr);
	const struct dhcpk_exchange *x;

	if (!s->n_awaited)
		return false;
	hlist_for_each_entry(x, bucket_of(s, &k), node) {
		if (!memcmp(&x->key, &k, sizeof(k)))
			return true;
	}
	return false;
}

/**
 * dhcpk_await - an ACK is awaited from now on
 * @s: the space, locked
 * @skb: the ACK, without headers; for lack of memory other answers may come before it
 *
 * Context: softirq.
 */
void dhcpk_await(struct dhcpk_space *s, struct sk_buff *skb)
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
void dhcpk_await_end(struct dhcpk_space *s, struct dhcpk_exchange *x)
{
	if (!x)
		return;
	hlist_del(&x->node);
	s->n_awaited--;
	kfree(x);
}
