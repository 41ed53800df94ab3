/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows that cannot be. */
#ifndef DHCPKD_STORE_SQLITE_REVIEW_H
#define DHCPKD_STORE_SQLITE_REVIEW_H

#include <stdint.h>

#include "dhcpkd/store/sqlite_db.h"
#include "lib/err.h"

/* sqlite_review - put them aside. It may fail for a disk; they are left out all the same. */
int sqlite_review(struct sqlite *s, struct err *e);

/* What struct store_ops has under these names */
int sqlite_reject(struct store *base, uint32_t ip, const char *reason, struct err *e);
int sqlite_rejected(struct store *base, int (*each)(const struct store_rejected *r, void *arg),
		    void *arg, struct err *e);
int sqlite_rejected_count(struct store *base, uint64_t *n, struct err *e);

#endif
