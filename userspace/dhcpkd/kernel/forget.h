/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Deletes leases in kernel and store. */
#ifndef DHCPKD_FORGET_H
#define DHCPKD_FORGET_H

#include <stddef.h>

#include "lib/err.h"

struct commit;
struct store_net;

/*
 * commit_forget_nets - pools were deleted: forget the leases in these nets too
 *
 * Returns -1 if the kernel cannot be told: the leases stay. Returns -1 also if the store cannot be
 * written now: the kernel reports the deletion to it later; without the module the leases stay in
 * the store. Either is logged.
 */
int commit_forget_nets(struct commit *c, const struct store_net *nets, size_t n, struct err *e);

/* commit_sweep - forget expired leases in none of these nets; -1 if that failed for now */
int commit_sweep(struct commit *c, const struct store_net *nets, size_t n);

#endif
