/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPKD_STORE_OPEN_H
#define DHCPKD_STORE_OPEN_H

#include "dhcpkd/store/clock.h"
#include "dhcpkd/store/store.h"
#include "lib/err.h"

/*
 * store_open - open @dir/leases.db; the directory and the file are made, for their owner alone, if they are not there
 * A file that is anything but a whole store of this version or an older one is refused as it is, with what to do about it.
 * One process at a time: others are refused as long as it is open.
 */
int store_open(struct store **s, const char *dir, struct err *e);
/* store_open_clock - store_open() with a clock of one's own */
int store_open_clock(struct store **s, const char *dir, int (*now)(struct clock_now *now, struct err *e), struct err *e);

#endif
