/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bindings to rows and back. */
#ifndef DHCPKD_STORE_SQLITE_ROWS_H
#define DHCPKD_STORE_SQLITE_ROWS_H

#include <stdint.h>

#include "dhcpkd/store/sqlite_db.h"
#include "lib/err.h"
#include "lib/kernel/binding.h"

enum row_kind {
	ROW_GOOD,
	ROW_RESTS,	/* it cannot be, and the address is nobody's until the horizon */
	ROW_BAD,	/* it cannot be, and the address is free: the horizon has passed */
};

/*
 * sqlite_take_row - what EACH has found; @why is set unless it is good. One that rests is what it
 * becomes.
 */
enum row_kind sqlite_take_row(struct sqlite *s, sqlite3_stmt *q, struct binding *b, char why[96]);
/*
 * sqlite_select - the statement, which reads or changes the rows of a net; NULL if it cannot be
 * made
 */
sqlite3_stmt *sqlite_select(struct sqlite *s, enum sqlite_statement n, uint32_t subnet,
			    uint8_t prefix);

/* What struct store_ops has under these names */
int sqlite_put(struct store *base, const struct binding *b, struct err *e);
int sqlite_del_net(struct store *base, uint32_t subnet, uint8_t prefix, struct err *e);
int sqlite_each(struct store *base, uint32_t subnet, uint8_t prefix,
		int (*each)(const struct binding *b, void *arg), void *arg, struct err *e);
int sqlite_count(struct store *base, uint32_t subnet, uint8_t prefix, uint64_t *n, struct err *e);

#endif
