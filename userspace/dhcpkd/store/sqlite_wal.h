/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The write-ahead log: commits and faults. */
#ifndef DHCPKD_STORE_SQLITE_WAL_H
#define DHCPKD_STORE_SQLITE_WAL_H

#include <stdbool.h>

#include "dhcpkd/store/sqlite_db.h"
#include "lib/err.h"

/*
 * sqlite_ready - a connection that can be trusted with a transaction, and a log that is not too
 * long
 */
int sqlite_ready(struct sqlite *s, struct err *e);
/* sqlite_readable - a connection that shows what was committed, and nothing else */
int sqlite_readable(struct sqlite *s, struct err *e);
/*
 * sqlite_settle - put what a file was found with on stable storage, before any of it is believed
 * The daemon that wrote it may have died before its sync: then it can be read, and is gone after a power cut all the same.
 */
int sqlite_settle(struct sqlite *s, struct err *e);
/* sqlite_committed - to be called after each commit */
void sqlite_committed(struct sqlite *s);
/*
 * sqlite_check_log - is what was committed where the next connection finds it? No transaction is
 * open.
 *
 * If it is not, -1 and a text that says what becomes of it: it is in the file once the next transaction can be begun, or
 * store_seq() is 0 and the kernel is to tell all of it again.
 */
int sqlite_check_log(struct sqlite *s, struct err *e);
/*
 * sqlite_log_is_cut - does it lack what was committed? A transaction may be open, and is then not
 * to be committed.
 */
bool sqlite_log_is_cut(struct sqlite *s);
/* sqlite_cut - take what failed off the log, if there is any; 0 if there is none any more */
int sqlite_cut(struct sqlite *s);
/* sqlite_fault - a write failed: take back what it may have left; -1 */
int sqlite_fault(struct sqlite *s);
/* sqlite_idle - the time to do what would hold up a transaction */
void sqlite_idle(struct sqlite *s);

#endif
