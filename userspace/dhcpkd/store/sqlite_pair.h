/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which log belongs to which file. */
#ifndef DHCPKD_STORE_SQLITE_PAIR_H
#define DHCPKD_STORE_SQLITE_PAIR_H

#include "dhcpkd/store/sqlite_db.h"
#include "lib/err.h"

/* sqlite_check_pair - does the log belong to the file? Call it before using either. */
int sqlite_check_pair(struct sqlite *s, struct err *e);
/* sqlite_mark_pair - if the open transaction begins a log, write the log's number */
int sqlite_mark_pair(struct sqlite *s, struct err *e);

#endif
