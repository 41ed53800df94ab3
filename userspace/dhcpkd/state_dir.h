/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPKD_STATE_DIR_H
#define DHCPKD_STATE_DIR_H

#include <stdbool.h>

#include "lib/err.h"

/* What the daemon keeps there; SQLite names its log after the file. */
#define STORE_FILE_NAME	"leases.db"
#define STORE_LOG_NAME	STORE_FILE_NAME "-wal"
#define STORE_LOCK_NAME	STORE_FILE_NAME ".lock"
#define STORE_NEW_NAME	STORE_FILE_NAME ".new"
#define LAST_GOOD_NAME	"last-good.conf"

/* is_same_file - are both there, and one file? */
bool is_same_file(const char *one, const char *other);

/*
 * state_dir_check - may @file be read or written as a configuration? Not if it is one of those that the daemon keeps in
 * @dir, there already or not: -1, with the reason. Nothing is opened.
 */
int state_dir_check(const char *dir, const char *file, struct err *e);

#endif
