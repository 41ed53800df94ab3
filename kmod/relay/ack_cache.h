/* SPDX-License-Identifier: GPL-2.0-only */
/* The ACKs that a relay with "survive" has passed on. */
#ifndef DHCPK_RELAY_ACK_CACHE_H
#define DHCPK_RELAY_ACK_CACHE_H

#include "relay/types.h"

enum {
	DHCPK_ACK_CACHE_REQUESTS	= 2048,	/* recent ones that the cache has notes of */
	DHCPK_ASKS_MAX		= 3,	/* how often servers are asked to confirm an ACK */
};

/**
 * struct dhcpk_ack_entry - a lease that a server has granted to a client of the relay
 * @unanswered_since: when the client sent its first request for the lease that no server has
 *     answered, boottime ns; 0: a server has answered
 * @unconfirmed: node in dhcpk_ack_cache.unconfirmed while the relay has extended the lease and no
 *     server has confirmed that; else empty
 * @expires: when the lease ends that the server knows of, boottime ns
 * @granted_until: when the last lease ends that the relay has granted, boottime ns; a lease that a
 *     server confirms may end earlier
 * @asked_at: with @unconfirmed, when servers were last due to be asked to confirm the lease,
 *     boottime ns
 * @asks: how often the relay has asked servers to confirm the lease; DHCPK_ASKS_MAX: they do not
 *     confirm it. A granted lease stays valid, and the relay does not extend it again
 * @link: the relay's address for link selection when the ACK came; a server that obeys it chose the
 *     subnet by that
 * @server: the server that granted the lease
 * @id: a hash of the client identifier, or a constant for a client without one; 0: unknown
 * @ack: the ACK as the client got it
 * @request: with @unconfirmed, the request that the relay answered
 */
struct dhcpk_ack_entry {
	u64			unanswered_since;
	struct list_head	unconfirmed;
	u64			expires;
	u64			granted_until;
	u64			asked_at;
	u8			asks;
	__be32			link;
	__be32			server;
	u32			id;
	struct dhcpk_msg_copy	*ack;
	struct dhcpk_msg_copy	*request;
};

/* The ACKs of a relay. The cache outlives generations. @lock protects the entries. */
struct dhcpk_ack_cache {
	refcount_t		users;
	atomic_long_t		*in_all;	/* bytes, of all caches of the namespace */
	spinlock_t		lock;
	struct xarray		by_addr;	/* host order address -> struct dhcpk_ack_entry */
	struct list_head	unconfirmed;	/* of entries, the longest unasked first */
	unsigned int		n;
	unsigned int		n_unconfirmed;
	unsigned long		cursor;		/* the next address to check for expiry */
	/*
	 * A NAK contains neither the refused address nor the client identifier. Two tables by
	 * exchange: the addresses that clients requested, and hashes of their identifiers. Packets
	 * write them without the lock.
	 */
	u64			asked_addr[DHCPK_ACK_CACHE_REQUESTS];
	u64			asked_id[DHCPK_ACK_CACHE_REQUESTS];
};

struct dhcpk_ack_cache *dhcpk_ack_cache_new(atomic_long_t *in_all);
struct dhcpk_ack_cache *dhcpk_ack_cache_get(struct dhcpk_ack_cache *m);
void dhcpk_ack_cache_put(struct dhcpk_ack_cache *m);
bool dhcpk_ack_cache_is_empty(const struct dhcpk_ack_cache *m);
void dhcpk_ack_cache_size(struct dhcpk_ack_cache *m, u32 *n, u32 *unconfirmed);
struct dhcpk_msg_copy *dhcpk_msg_copy_new(const void *data, unsigned int len);
bool dhcpk_ack_cache_replace(struct dhcpk_ack_cache *m, struct dhcpk_msg_copy **old,
			     struct dhcpk_msg_copy *copy);
struct dhcpk_ack_entry *dhcpk_ack_cache_find(struct dhcpk_ack_cache *m, __be32 addr);
struct dhcpk_ack_entry *dhcpk_ack_cache_add(struct dhcpk_ack_cache *m, __be32 addr);
void dhcpk_ack_cache_confirm(struct dhcpk_ack_cache *m, struct dhcpk_ack_entry *r);
void dhcpk_ack_cache_del(struct dhcpk_ack_cache *m, unsigned long addr, struct dhcpk_ack_entry *r);
void dhcpk_ack_cache_expire(struct dhcpk_ack_cache *m, u32 survive, unsigned int looks, u64 now);

static inline struct dhcp_hdr *dhcpk_msg_copy_hdr(struct dhcpk_msg_copy *c)
{
	return (struct dhcp_hdr *)c->data;
}

/* The address that a client requested, and a hash of its identifier */
struct dhcpk_request_note {
	__be32	addr;
	u32	id;
};

/* Returns false if a later REQUEST has taken the slot of this one. */
static inline bool dhcpk_ack_cache_get_request(const struct dhcpk_ack_cache *m,
					       const struct dhcp_hdr *hdr,
					       struct dhcpk_request_note *asked)
{
	u32 exchange = dhcpk_relay_exchange(hdr);

	return dhcpk_table_get(m->asked_addr, DHCPK_ACK_CACHE_REQUESTS, exchange,
			       (__force u32 *)&asked->addr) &&
	       dhcpk_table_get(m->asked_id, DHCPK_ACK_CACHE_REQUESTS, exchange, &asked->id);
}

static inline void dhcpk_ack_cache_note_request(struct dhcpk_ack_cache *m, u32 exchange,
						__be32 addr, u32 id)
{
	dhcpk_table_put(m->asked_addr, DHCPK_ACK_CACHE_REQUESTS, exchange, (__force u32)addr);
	dhcpk_table_put(m->asked_id, DHCPK_ACK_CACHE_REQUESTS, exchange, id);
}

#endif
