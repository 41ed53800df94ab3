/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Relays: into a generation, what the module knows of them, and what it hears of their servers. */
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

/* What a relay knows of a server. Times are boottime ns. */
struct kernel_server {
	uint32_t	ip;		/* host order */
	bool		up;
	uint64_t	sent, replies;
	uint64_t	last;		/* when it answered last; 0: never */
	uint64_t	unanswered_since;		/* since when it owes an answer; 0: it owes none */
};

struct kernel_relay {
	char			dev[IFNAMSIZ];
	uint32_t		ifindex;	/* 0: there is no such interface */
	uint32_t		giaddr;		/* the one in use, host order; 0: none */
	uint32_t		flags;		/* DHCPK_RELAY_F_* */
	uint32_t		survive;	/* s; 0: not at all */
	uint32_t		remembered, vouched;
	struct kernel_server	servers[DHCPK_RELAY_SERVERS_MAX];
	unsigned int		n_servers;
	uint64_t		count[DHCPK_RELAY_STAT_MAX + 1];
};

int kernel_relay(struct kernel *k, uint32_t generation, const struct relay_spec *relay, struct err *e);

/* kernel_relays - all of them, for the caller to free, whatever is returned */
int kernel_relays(struct kernel *k, struct kernel_relay **all, size_t *n, struct err *e);

/* kernel_set_server - whether a relay's server answers; kernel_probe_server - ask it something: the dump has its answer */
int kernel_set_server(struct kernel *k, const char *dev, uint32_t ip, bool up, struct err *e);
int kernel_probe_server(struct kernel *k, const char *dev, uint32_t ip, struct err *e);

/* relay_stat_name - for people and JSON, NULL for a number that has none */
const char *relay_stat_name(unsigned int stat);

#endif
