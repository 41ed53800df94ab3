/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration that was last applied from the daemon's file, beside the store: it is served when the file is found
 * bad at the start, until somebody has mended it.
 */
#ifndef DHCPKD_LAST_GOOD_H
#define DHCPKD_LAST_GOOD_H

#include "dhcpkd/daemon.h"

/*
 * last_good_keep - what runs is what the file says: keep it
 * What goes wrong with that is said once. @d->to_keep stays set then, for last_good_keep_again().
 */
void last_good_keep(struct daemon *d);

/* last_good_keep_again - if that has gone wrong, and some seconds are over; not while the kernel has another's configuration */
void last_good_keep_again(struct daemon *d);

/*
 * last_good_take - the file is bad, for the reason in @e: its last good configuration becomes @d->model, and that is said
 * Return: 0; -1 if none has been kept of this file, or it is what @d->model is already.
 */
int last_good_take(struct daemon *d, const struct err *e);

#endif
