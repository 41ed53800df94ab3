/* SPDX-License-Identifier: GPL-2.0-or-later */
/* State and counters of the module. */
#ifndef DHCPK_KERNEL_INFO_H
#define DHCPK_KERNEL_INFO_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/dhcpk.h>

#include "lib/err.h"

struct kernel;

struct kernel_info {
	char		version[32];
	uint32_t	generation;
	uint64_t	now;		/* boottime ns */
	bool		stored;		/* a store has been attached once */
	bool		attached;	/* a daemon is attached to store leases */
	uint32_t	dirty, in_flight;	/* leases to be stored; leases being stored */
	uint32_t	parked;		/* replies that wait for that */
};

int kernel_info(struct kernel *k, struct kernel_info *info, struct err *e);
int kernel_stats(struct kernel *k, uint64_t count[DHCPK_STAT_MAX + 1], struct err *e);

/* stat_name - the name for people and JSON; NULL for an unknown number */
const char *stat_name(unsigned int stat);

#endif
