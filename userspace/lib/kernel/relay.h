/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Relays: programming them, reading their state, and setting the state of their servers. */
#ifndef DHCPK_KERNEL_RELAY_H
#define DHCPK_KERNEL_RELAY_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/dhcpk.h>

#include "lib/err.h"
#include "lib/kernel/spec.h"

struct kernel;

/* The state of a relay's server. Times are boottime ns. */
struct kernel_server {
	uint32_t	ip;		/* host order */
	bool		up;
	uint64_t	sent, replies;
	uint64_t	last;		/* last answer; 0: never */
	uint64_t	unanswered_since;	/* 0: no answer is due */
};

struct kernel_relay {
	char			dev[IFNAMSIZ];
	uint32_t		ifindex;	/* 0: no such interface */
	uint32_t		giaddr;		/* the one in use, host order; 0: none */
	uint32_t		flags;		/* DHCPK_RELAY_F_* */
	uint32_t		survive;	/* s; 0: off */
	uint32_t		remembered, vouched;
	struct kernel_server	servers[DHCPK_RELAY_SERVERS_MAX];
	unsigned int		n_servers;
	uint64_t		count[DHCPK_RELAY_STAT_MAX + 1];
};

int kernel_relay(struct kernel *k, uint32_t generation, const struct relay_spec *relay,
		 struct err *e);

/* kernel_relays - read all relays; the caller frees @all, whatever is returned */
int kernel_relays(struct kernel *k, struct kernel_relay **all, size_t *n, struct err *e);

/*
 * kernel_set_server - set a relay's server up or down
 * kernel_probe_server - send it a probe; later dumps show its answer
 */
int kernel_set_server(struct kernel *k, const char *dev, uint32_t ip, bool up, struct err *e);
int kernel_probe_server(struct kernel *k, const char *dev, uint32_t ip, struct err *e);

/* relay_stat_name - the name for people and JSON; NULL for an unknown number */
const char *relay_stat_name(unsigned int stat);

#endif
