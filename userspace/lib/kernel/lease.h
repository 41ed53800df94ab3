/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The leases of the module: lists, events, and deletion. */
#ifndef DHCPK_KERNEL_LEASE_H
#define DHCPK_KERNEL_LEASE_H

#include <stddef.h>
#include <stdint.h>

#include <linux/dhcpk.h>

#include "lib/err.h"

struct kernel;

struct kernel_lease {
	char		pool[DHCPK_POOL_NAME_SIZE];
	uint32_t	ip;		/* host order */
	uint8_t		state;
	uint8_t		htype;
	uint8_t		mac[16], mac_len;
	/* another machine with the same client identifier */
	uint8_t		also_mac[16], also_mac_len;
	uint8_t		client_id[255], client_id_len;
	uint8_t		hostname[255], hostname_len;
	uint64_t	starts, expires;	/* boottime ns */
	uint64_t	horizon;	/* up to when the store keeps it; 0: not stored */
	uint8_t		agent[1024];	/* option 82 as the relay sent it */
	size_t		agent_len;
};

/*
 * kernel_leases - call @each for leases: of all pools if @pool is NULL, of all addresses if @ip is
 * 0
 *
 * The module may return more leases than asked for. -EINTR: the configuration changed during the
 * dump, so that pools may have been renamed or deleted.
 */
int kernel_leases(struct kernel *k, const char *pool, uint32_t ip,
		  void (*each)(const struct kernel_lease *l, void *arg), void *arg, struct err *e);
int kernel_del_lease(struct kernel *k, const char *pool, uint32_t ip, struct err *e);
/* kernel_del_net - delete all leases of a net: their addresses are free at once */
int kernel_del_net(struct kernel *k, uint32_t subnet, uint8_t prefix, struct err *e);
/*
 * kernel_duplicates - call @each for leases with a client identifier that two machines use in turn
 *
 * The last eight of a day. Only pool, ip, mac, also_mac and client_id are set.
 */
int kernel_duplicates(struct kernel *k, void (*each)(const struct kernel_lease *l, void *arg),
		      void *arg, struct err *e);

/*
 * kernel_events - join the multicast group and call @each for every change; returns only on error
 */
int kernel_events(struct kernel *k, void (*each)(const struct kernel_lease *l, void *arg),
		  void *arg, struct err *e);

/* lease_agent - the value of a sub-option of the relay's option 82, or NULL */
const uint8_t *lease_agent(const struct kernel_lease *l, uint8_t code, size_t *len);

/* lease_state_name - the name for people and JSON; NULL for an unknown number */
const char *lease_state_name(unsigned int state);

#endif
