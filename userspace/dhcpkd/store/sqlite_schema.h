/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in the file. */
#ifndef DHCPKD_STORE_SQLITE_SCHEMA_H
#define DHCPKD_STORE_SQLITE_SCHEMA_H

#include <stdint.h>

#include "dhcpkd/store/sqlite_db.h"
#include "lib/err.h"

#define STORE_APPLICATION_ID	0x6468706b	/* "dhpk" */
#define STORE_PAGE_SIZE		2048		/* a row changed at random costs a page or two in the log: small ones */

extern const char *const sqlite_steps[];		/* from layout N to N + 1 */
extern const int sqlite_n_steps;
/* sqlite_newer - say that a file is of a later layout than @n_steps; -1 */
int sqlite_newer(struct sqlite *s, int64_t version, int n_steps, struct err *e);
/*
 * sqlite_migrate - bring @db to layout @n_steps by the missing ones of @steps, or leave it as it
 * is; -1 and a text
 */
int sqlite_migrate(struct sqlite *s, const char *const *steps, int n_steps, struct err *e);

#endif
