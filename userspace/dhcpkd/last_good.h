/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last configuration that was applied from the daemon's file, kept beside the store. It is
 * served if the file is bad at the start, until the file is fixed.
 */
#ifndef DHCPKD_LAST_GOOD_H
#define DHCPKD_LAST_GOOD_H

#include "dhcpkd/daemon.h"

/*
 * last_good_keep - the running configuration is the file's: keep a copy
 *
 * An error is logged once. @d->to_keep stays set then, for last_good_keep_again().
 */
void last_good_keep(struct daemon *d);

/*
 * last_good_keep_again - retry after some seconds if that failed; not while the kernel runs an
 * unknown configuration
 */
void last_good_keep_again(struct daemon *d);

/*
 * last_good_take - the file is bad, for the reason in @e: load its last good copy into @d->model,
 * and log that
 *
 * Return: 0; -1 if there is no copy of this file, or @d->model has the same contents already.
 */
int last_good_take(struct daemon *d, const struct err *e);

#endif
