// SPDX-License-Identifier: GPL-2.0-or-later
#include "dhcpkd/store/open.h"
#include "dhcpkd/store/sqlite.h"

int store_open_clock(struct store **s, const char *dir,
		     int (*now)(struct clock_now *now, struct err *e), struct err *e)
{
	return sqlite_open(s, dir, now, e);
}

int store_open(struct store **s, const char *dir, struct err *e)
{
	return store_open_clock(s, dir, clock_read, e);
}
