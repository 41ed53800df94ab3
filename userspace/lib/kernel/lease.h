/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bindings of the module: lists, events, and the end of some. */
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
	uint8_t		also_mac[16], also_mac_len;	/* another machine that uses the client identifier, in turn with this one */
	uint8_t		client_id[255], client_id_len;
	uint8_t		hostname[255], hostname_len;
	uint64_t	starts, expires;	/* boottime ns */
	uint64_t	horizon;	/* up to when the store says that it may be in use; 0: it does not */
	uint8_t		agent[1024];	/* option 82 as the relay sent it */
	size_t		agent_len;
};

/*
 * kernel_leases - of all pools if @pool is NULL, of all addresses if @ip is 0, or if the module does not know better
 * -EINTR: the configuration has changed on the way, so that pools may be called as before, or no longer.
 */
int kernel_leases(struct kernel *k, const char *pool, uint32_t ip, void (*each)(const struct kernel_lease *l, void *arg),
		  void *arg, struct err *e);
int kernel_del_lease(struct kernel *k, const char *pool, uint32_t ip, struct err *e);
/* kernel_del_net - all bindings of a net: their addresses are free at once */
int kernel_del_net(struct kernel *k, uint32_t subnet, uint8_t prefix, struct err *e);
/*
 * kernel_duplicates - call @each for the bindings whose client identifier two machines use in turn: the last eight of a day. Only
 * pool, ip, mac, also_mac and client_id are set.
 */
int kernel_duplicates(struct kernel *k, void (*each)(const struct kernel_lease *l, void *arg), void *arg, struct err *e);

/* kernel_events - join the group and call @each for every change, for ever */
int kernel_events(struct kernel *k, void (*each)(const struct kernel_lease *l, void *arg), void *arg, struct err *e);

/* lease_agent - a sub-option of the relay's option 82: its value, or NULL */
const uint8_t *lease_agent(const struct kernel_lease *l, uint8_t code, size_t *len);

/* lease_state_name - for people and JSON, NULL for a number that has none */
const char *lease_state_name(unsigned int state);

#endif
