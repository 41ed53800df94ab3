/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A binding as the kernel gives it to the daemon's store, and as the store gives it back. */
#ifndef DHCPK_BINDING_H
#define DHCPK_BINDING_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/dhcpk.h>

struct binding {
	uint32_t	ip;		/* host order */
	uint8_t		state;		/* enum dhcpk_lease_state: bound, released, declined, resting; free is to be removed */
	uint8_t		htype;
	uint8_t		chaddr[16], chaddr_len;
	uint16_t	id_kind;	/* with an id: the kernel's word for what it is, only to be given back */
	uint8_t		id[255], id_len;	/* the client's identity; no bytes: nobody's */
	uint32_t	server_id;	/* network order, 0 for none */
	uint8_t		hostname[255], hostname_len;
	uint8_t		agent[1024];	/* option 82 as the relay sent it */
	uint16_t	agent_len;
	/* CLOCK_BOOTTIME ns of the running boot; 0: before it, or long past; UINT64_MAX, and what is beyond INT64_MAX: never */
	uint64_t	starts, expires, horizon;
	/* out of the store only: greater than that of every binding that was written before, below 2^63 */
	uint64_t	order;
};

/* binding_rests - has no client the address, and may no client get it for now? */
static inline bool binding_rests(const struct binding *b)
{
	return b->state == DHCPK_LEASE_DECLINED || b->state == DHCPK_LEASE_RESTING;
}

/* binding_until - the time, boottime ns, up to which no other client gets the address; by the store's row */
static inline uint64_t binding_until(const struct binding *b)
{
	return binding_rests(b) && b->expires > b->horizon ? b->expires : b->horizon;
}

/* binding_rest - forget the client. It may still use the address, which therefore rests until binding_until(). */
static inline void binding_rest(struct binding *b)
{
	uint64_t until = binding_until(b);

	*b = (struct binding){
		.ip = b->ip, .state = DHCPK_LEASE_RESTING, .starts = b->starts, .expires = until, .horizon = until,
		.order = b->order,
	};
}

#endif
