/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPKD_STATE_DIR_H
#define DHCPKD_STATE_DIR_H

#include <stdbool.h>

#include "lib/err.h"

/* Files in the state directory; SQLite derives the name of its log. */
#define STORE_FILE_NAME	"leases.db"
#define STORE_LOG_NAME	STORE_FILE_NAME "-wal"
#define STORE_LOCK_NAME	STORE_FILE_NAME ".lock"
#define STORE_NEW_NAME	STORE_FILE_NAME ".new"
#define LAST_GOOD_NAME	"last-good.conf"

/* is_same_file - do both exist, and are they one file? */
bool is_same_file(const char *one, const char *other);

/*
 * state_dir_check - may @file be read or written as a configuration? -1 with the reason if it is
 * one of the daemon's own files in @dir, existing or not. No file is opened.
 */
int state_dir_check(const char *dir, const char *file, struct err *e);

#endif
