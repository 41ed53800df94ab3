/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of the file. */
#ifndef DHCPKD_STORE_SQLITE_SCHEMA_H
#define DHCPKD_STORE_SQLITE_SCHEMA_H

#include <stdint.h>

#include "dhcpkd/store/sqlite_db.h"
#include "lib/err.h"

#define STORE_APPLICATION_ID	0x6468706b	/* "dhpk" */
#define STORE_PAGE_SIZE		2048		/* a changed row costs 1 or 2 pages of log */

extern const char *const sqlite_steps[];		/* from layout N to N + 1 */
extern const int sqlite_n_steps;
/* sqlite_newer - report that a file has a later layout than @n_steps; -1 */
int sqlite_newer(struct sqlite *s, int64_t version, int n_steps, struct err *e);
/*
 * sqlite_migrate - bring @db to layout @n_steps by the missing @steps, or leave it unchanged; -1
 * and a text
 */
int sqlite_migrate(struct sqlite *s, const char *const *steps, int n_steps, struct err *e);

#endif
