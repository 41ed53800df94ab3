/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Leases to rows and back. */
#ifndef DHCPKD_STORE_SQLITE_ROWS_H
#define DHCPKD_STORE_SQLITE_ROWS_H

#include <stdint.h>

#include "dhcpkd/store/sqlite_db.h"
#include "lib/err.h"
#include "lib/kernel/stored_lease.h"

enum row_kind {
	ROW_GOOD,
	ROW_RESTS,	/* invalid; the address is RESTING until the horizon */
	ROW_BAD,	/* invalid; the address is free: the horizon has passed */
};

/*
 * sqlite_take_row - read the current row of EACH; sets @why unless it is valid. ROW_RESTS: @l is
 * the lease to serve instead.
 */
enum row_kind sqlite_take_row(struct sqlite *s, sqlite3_stmt *q, struct stored_lease *l,
			      char why[96]);
/* sqlite_select - the statement for reading or changing the rows of a net; NULL on error */
sqlite3_stmt *sqlite_select(struct sqlite *s, enum sqlite_statement n, uint32_t subnet,
			    uint8_t prefix);

/* Operations of struct store_ops */
int sqlite_put(struct store *base, const struct stored_lease *l, struct err *e);
int sqlite_del_net(struct store *base, uint32_t subnet, uint8_t prefix, struct err *e);
int sqlite_each(struct store *base, uint32_t subnet, uint8_t prefix,
		int (*each)(const struct stored_lease *l, void *arg), void *arg, struct err *e);
int sqlite_count(struct store *base, uint32_t subnet, uint8_t prefix, uint64_t *n, struct err *e);

#endif
