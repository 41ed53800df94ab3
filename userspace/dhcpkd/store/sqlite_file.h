/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which files are accepted as a store. */
#ifndef DHCPKD_STORE_SQLITE_FILE_H
#define DHCPKD_STORE_SQLITE_FILE_H

#include "dhcpkd/store/sqlite_db.h"
#include "lib/err.h"

/* sqlite_take - lock @dir, check its file or create one, and connect to it */
int sqlite_take(struct sqlite *s, const char *dir, struct err *e);

#endif
