/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The store in an SQLite file. Its parts, lowest first: _db (a connection), _schema (tables of the
 * file), _pair (which log belongs to which file), _wal (commits and faults), _rows (leases to rows
 * and back), _review (invalid rows), _file (which files are accepted).
 */
#ifndef DHCPKD_STORE_SQLITE_H
#define DHCPKD_STORE_SQLITE_H

#include "dhcpkd/store/clock.h"
#include "lib/err.h"

struct store;

/* sqlite_open - store_open() with another clock */
int sqlite_open(struct store **out, const char *dir,
		int (*now)(struct clock_now *now, struct err *e), struct err *e);

#endif
