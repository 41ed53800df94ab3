/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bindings from the module to the store, and back. */
#ifndef DHCPK_KERNEL_STORE_H
#define DHCPK_KERNEL_STORE_H

#include <stdint.h>

#include "lib/err.h"
#include "lib/kernel/stored_lease.h"

struct kernel;
struct nl_msg;

/*
 * kernel_attach - this socket's daemon stores bindings; its store has the changes up to @seq, or 0
 * Doorbells make the socket readable, and are read by the next request.
 */
int kernel_attach(struct kernel *k, const uint8_t id[DHCPK_STORE_ID_SIZE], uint64_t seq, struct err *e);

/* kernel_pull - what is dirty, DHCPK_PULL_MAX at most; the first error of @each ends it, and is returned */
int kernel_pull(struct kernel *k, int (*each)(const struct stored_lease *l, uint64_t seq, void *arg), void *arg, struct err *e);

/* kernel_stored - all that was pulled up to @seq is on stable storage */
int kernel_stored(struct kernel *k, uint64_t seq, struct err *e);

/*
 * Bindings of one pool into a generation: fill in the first ones, add each, end; or drop what has not been sent yet.
 * -EEXIST: the pool has its bindings already. Without any the kernel is told nothing. One that the kernel finds fault
 * with does not keep the others out: its address rests until its horizon, and @refused gets the kernel's words.
 */
struct kernel_restore {
	struct kernel	*k;
	const char	*pool;
	uint32_t	generation;
	void		(*refused)(uint32_t ip, const char *why, void *arg);
	void		*arg;
	struct nl_msg	*msg;		/* being filled, or NULL */
	uint64_t	n;		/* bindings so far */
};

int kernel_restore_add(struct kernel_restore *r, const struct stored_lease *l, struct err *e);
int kernel_restore_end(struct kernel_restore *r, struct err *e);
void kernel_restore_drop(struct kernel_restore *r);

#endif
