/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPKD_STATE_DIR_H
#define DHCPKD_STATE_DIR_H

#include "lib/err.h"

/*
 * state_dir_check - may @file be read or written as a configuration? Not if it is one of those that the daemon keeps in
 * @dir, there already or not: -1, with the reason. Nothing is opened.
 */
int state_dir_check(const char *dir, const char *file, struct err *e);

#endif
