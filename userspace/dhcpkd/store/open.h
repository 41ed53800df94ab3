/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPKD_STORE_OPEN_H
#define DHCPKD_STORE_OPEN_H

#include "dhcpkd/store/clock.h"
#include "dhcpkd/store/store.h"
#include "lib/err.h"

/*
 * store_open - open @dir/leases.db; creates directory and file, for their owner only
 *
 * Refuses any file but an intact store of this version or an older one, leaves it unchanged, and
 * says in @e what to do. One process at a time can have the store open.
 */
int store_open(struct store **s, const char *dir, struct err *e);
/* store_open_clock - store_open() with another clock */
int store_open_clock(struct store **s, const char *dir,
		     int (*now)(struct clock_now *now, struct err *e), struct err *e);

#endif
