/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The store in an SQLite file. Its parts, from below: _db (a connection), _schema (what is in the
 * file), _pair (which log is whose), _wal (commits and faults), _rows (bindings to rows and back),
 * _review (rows that cannot be), _file (which files are taken).
 */
#ifndef DHCPKD_STORE_SQLITE_H
#define DHCPKD_STORE_SQLITE_H

#include "dhcpkd/store/clock.h"
#include "lib/err.h"

struct store;

/* sqlite_open - store_open() with a clock of one's own */
int sqlite_open(struct store **out, const char *dir,
		int (*now)(struct clock_now *now, struct err *e), struct err *e);

#endif
