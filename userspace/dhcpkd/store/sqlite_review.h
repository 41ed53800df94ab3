/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Invalid rows. */
#ifndef DHCPKD_STORE_SQLITE_REVIEW_H
#define DHCPKD_STORE_SQLITE_REVIEW_H

#include <stdint.h>

#include "dhcpkd/store/sqlite_db.h"
#include "lib/err.h"

/* sqlite_review - move them aside. A disk error may prevent that; they are skipped all the same. */
int sqlite_review(struct sqlite *s, struct err *e);

/* Operations of struct store_ops */
int sqlite_reject(struct store *base, uint32_t ip, const char *reason, struct err *e);
int sqlite_rejected(struct store *base, int (*each)(const struct store_rejected *r, void *arg),
		    void *arg, struct err *e);
int sqlite_rejected_count(struct store *base, uint64_t *n, struct err *e);

#endif
