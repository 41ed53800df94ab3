/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A lease as the kernel gives it to the daemon's store, and as the store gives it back. */
#ifndef DHCPK_STORED_LEASE_H
#define DHCPK_STORED_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/dhcpk.h>

struct stored_lease {
	uint32_t	ip;		/* host order */
	uint8_t		state;		/* BOUND, RELEASED, DECLINED, RESTING; FREE: delete */
	uint8_t		htype;
	uint8_t		chaddr[16], chaddr_len;
	uint16_t	id_kind;	/* set by the kernel, and returned to it unchanged */
	uint8_t		id[255], id_len;	/* the client's identity; no bytes: no client */
	uint32_t	server_id;	/* network order, 0 for none */
	uint8_t		hostname[255], hostname_len;
	uint8_t		agent[1024];	/* option 82 as the relay sent it */
	uint16_t	agent_len;
	/*
	 * CLOCK_BOOTTIME ns of the running boot; 0: before this boot, or long past; UINT64_MAX, and
	 * all values beyond INT64_MAX: never
	 */
	uint64_t	starts, expires, horizon;
	/* set by the store only: greater than that of all leases written earlier, below 2^63 */
	uint64_t	order;
};

/* lease_rests - has no client the address, and may no client get it for now? */
static inline bool lease_rests(const struct stored_lease *l)
{
	return l->state == DHCPK_LEASE_DECLINED || l->state == DHCPK_LEASE_RESTING;
}

/* lease_until - boottime ns up to which no other client gets the address, by the stored row */
static inline uint64_t lease_until(const struct stored_lease *l)
{
	return lease_rests(l) && l->expires > l->horizon ? l->expires : l->horizon;
}

/*
 * lease_rest - delete the client's data. It may still use the address: RESTING until lease_until().
 */
static inline void lease_rest(struct stored_lease *l)
{
	uint64_t until = lease_until(l);

	*l = (struct stored_lease){
		.ip = l->ip,
		.state = DHCPK_LEASE_RESTING,
		.starts = l->starts,
		.expires = until,
		.horizon = until,
		.order = l->order,
	};
}

#endif
