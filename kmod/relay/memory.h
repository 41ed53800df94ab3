/* SPDX-License-Identifier: GPL-2.0-only */
/* For memory.c and survive.c */
#ifndef DHCPK_MEMORY_H
#define DHCPK_MEMORY_H

#include "relay/relay.h"

enum {
	DHCPK_MEMORY_REQUESTS	= 2048,	/* lately passed on, of which we know what they ask for */
};

/**
 * struct remembered - an address that a server has given a client
 * @unanswered: when its client first asked for it without hearing from a server since, boottime ns; 0: it has heard from one
 * @vouched: in dhcpk_memory.vouched until a server has confirmed what we have vouched for, or empty
 * @expires: when the lease ends that the server knows of, boottime ns
 * @until: when the last one ends that we have vouched for, boottime ns; what a server confirms may end before
 * @asked: with @vouched, when we last would have asked a server to confirm it, boottime ns
 * @asks: how often we have; ASKS_MAX: the servers do not confirm it. We stand by our word, and give it no more
 * @link: what was the interface's address when it came; a server that heeds the link selection went by that
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
	struct list_head	vouched;	/* struct remembered, the one asked longest ago first */
	unsigned int		n;
	unsigned int		n_vouched;
	unsigned long		cursor;		/* up to here the past has been forgotten in this round */
	/*
	 * A NAK does not say which address is refused, nor to which client. Two tables by exchange: the addresses that were
	 * asked for, and hashes of the clients' identifiers. Packets write them without the lock.
	 */
	u64			asked[DHCPK_MEMORY_REQUESTS];
	u64			asking[DHCPK_MEMORY_REQUESTS];
};

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

#endif
