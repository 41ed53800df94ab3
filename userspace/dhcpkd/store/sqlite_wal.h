/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The write-ahead log: commits and faults. */
#ifndef DHCPKD_STORE_SQLITE_WAL_H
#define DHCPKD_STORE_SQLITE_WAL_H

#include <stdbool.h>

#include "dhcpkd/store/sqlite_db.h"
#include "lib/err.h"

/* sqlite_ready - a connection that is fit for a transaction, with a log that is not too long */
int sqlite_ready(struct sqlite *s, struct err *e);
/* sqlite_readable - a connection that shows committed data only */
int sqlite_readable(struct sqlite *s, struct err *e);
/*
 * sqlite_settle - sync the log that was found, before its contents are used
 *
 * The daemon that wrote it may have died before its sync: its data can be read, but a power cut
 * would lose it.
 */
int sqlite_settle(struct sqlite *s, struct err *e);
/* sqlite_committed - call it after each commit */
void sqlite_committed(struct sqlite *s);
/*
 * sqlite_check_log - will the next connection find all committed data? No transaction is open.
 *
 * If not: -1 and a text about the consequence. Either the file has the data once the next
 * transaction can begin, or store_seq() is 0 and the kernel must send all leases again.
 */
int sqlite_check_log(struct sqlite *s, struct err *e);
/*
 * sqlite_log_is_cut - is committed data missing in the log? If a transaction is open, do not commit
 * it then.
 */
bool sqlite_log_is_cut(struct sqlite *s);
/* sqlite_cut - remove a failed transaction from the log; 0 if there is none any more */
int sqlite_cut(struct sqlite *s);
/* sqlite_fault - a write failed: undo what it may have left; -1 */
int sqlite_fault(struct sqlite *s);
/* sqlite_idle - do work that would delay a transaction */
void sqlite_idle(struct sqlite *s);

#endif
