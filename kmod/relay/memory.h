/* SPDX-License-Identifier: GPL-2.0-only */
/* What a relay remembers of the ACKs that it has passed on. */
#ifndef DHCPK_RELAY_MEMORY_H
#define DHCPK_RELAY_MEMORY_H

#include "relay/types.h"

enum {
	DHCPK_MEMORY_REQUESTS	= 2048,	/* lately passed on, of which we know what they ask for */
	DHCPK_ASKS_MAX		= 3,	/* that servers are asked to confirm one ACK */
};

/**
 * struct remembered - an address that a server has given a client
 * @unanswered: when its client first asked for it without hearing from a server since, boottime ns;
 *     0: it has heard from one
 * @vouched: in dhcpk_memory.vouched until a server has confirmed what we have vouched for, or empty
 * @expires: when the lease ends that the server knows of, boottime ns
 * @until: when the last one ends that we have vouched for, boottime ns; what a server confirms may
 *     end before
 * @asked: with @vouched, when we last would have asked a server to confirm it, boottime ns
 * @asks: how often we have; DHCPK_ASKS_MAX: the servers do not confirm it. We stand by our word,
 *     and give it no more
 * @link: what was the interface's address when it came; a server that heeds the link selection went
 *     by that
 * @server: whose word it is
 * @id: a hash of its client's identifier, or of there being none; 0: unknown
 * @ack: the ACK, as the client got it
 * @request: with @vouched, the request that we answered
 */
struct remembered {
	u64			unanswered;
	struct list_head	vouched;
	u64			expires;
	u64			until;
	u64			asked;
	u8			asks;
	__be32			link;
	__be32			server;
	u32			id;
	struct dhcpk_body	*ack;
	struct dhcpk_body	*request;
};

/* What a relay remembers; it outlives generations. All is under @lock. */
struct dhcpk_memory {
	refcount_t		users;
	atomic_long_t		*in_all;	/* bytes, of all memories of the namespace */
	spinlock_t		lock;
	struct xarray		by_addr;	/* host order address -> struct remembered */
	struct list_head	vouched;	/* struct remembered, the longest unasked first */
	unsigned int		n;
	unsigned int		n_vouched;
	unsigned long		cursor;		/* up to here this round has forgotten the past */
	/*
	 * A NAK does not say which address is refused, nor to which client. Two tables by exchange:
	 * the addresses that were asked for, and hashes of the clients' identifiers. Packets write
	 * them without the lock.
	 */
	u64			asked[DHCPK_MEMORY_REQUESTS];
	u64			asking[DHCPK_MEMORY_REQUESTS];
};

struct dhcpk_memory *dhcpk_memory_new(atomic_long_t *in_all);
struct dhcpk_memory *dhcpk_memory_get(struct dhcpk_memory *m);
void dhcpk_memory_put(struct dhcpk_memory *m);
bool dhcpk_memory_is_empty(const struct dhcpk_memory *m);
void dhcpk_memory_size(struct dhcpk_memory *m, u32 *n, u32 *vouched);
struct dhcpk_body *dhcpk_body_new(const void *data, unsigned int len);
bool dhcpk_memory_keep(struct dhcpk_memory *m, struct dhcpk_body **kept, struct dhcpk_body *body);
struct remembered *dhcpk_memory_find(struct dhcpk_memory *m, __be32 addr);
struct remembered *dhcpk_memory_add(struct dhcpk_memory *m, __be32 addr);
void dhcpk_memory_stop_vouching(struct dhcpk_memory *m, struct remembered *r);
void dhcpk_memory_forget(struct dhcpk_memory *m, unsigned long addr, struct remembered *r);
void dhcpk_memory_forget_past(struct dhcpk_memory *m, u32 survive, unsigned int looks, u64 now);

static inline struct dhcp_hdr *dhcpk_body_hdr(struct dhcpk_body *b)
{
	return (struct dhcp_hdr *)b->data;
}

/* What a client has asked for, and a hash of its identifier */
struct dhcpk_asked {
	__be32	addr;
	u32	id;
};

/* Returns false if a later REQUEST has taken the place of this one. */
static inline bool dhcpk_memory_get_asked(const struct dhcpk_memory *m, const struct dhcp_hdr *hdr,
					  struct dhcpk_asked *asked)
{
	u32 exchange = dhcpk_relay_exchange(hdr);

	return dhcpk_table_get(m->asked, DHCPK_MEMORY_REQUESTS, exchange,
			       (__force u32 *)&asked->addr) &&
	       dhcpk_table_get(m->asking, DHCPK_MEMORY_REQUESTS, exchange, &asked->id);
}

static inline void dhcpk_memory_put_asked(struct dhcpk_memory *m, u32 exchange, __be32 addr, u32 id)
{
	dhcpk_table_put(m->asked, DHCPK_MEMORY_REQUESTS, exchange, (__force u32)addr);
	dhcpk_table_put(m->asking, DHCPK_MEMORY_REQUESTS, exchange, id);
}

#endif
