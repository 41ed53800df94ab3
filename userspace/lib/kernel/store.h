/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Leases from the module to the store, and back. */
#ifndef DHCPK_KERNEL_STORE_H
#define DHCPK_KERNEL_STORE_H

#include <stdint.h>

#include "lib/err.h"
#include "lib/kernel/stored_lease.h"

struct kernel;
struct nl_msg;

/*
 * kernel_attach - attach this socket's daemon to store leases; its store has the changes up to
 * @seq, or 0
 *
 * EVENT_DIRTY messages make the socket readable; the next request reads them.
 */
int kernel_attach(struct kernel *k, const uint8_t id[DHCPK_STORE_ID_SIZE], uint64_t seq,
		  struct err *e);

/*
 * kernel_pull - read dirty leases, DHCPK_PULL_MAX at most; the first error of @each ends it, and is
 * returned
 */
int kernel_pull(struct kernel *k,
		int (*each)(const struct stored_lease *l, uint64_t seq, void *arg), void *arg,
		struct err *e);

/* kernel_stored - report that all leases pulled up to @seq are on stable storage */
int kernel_stored(struct kernel *k, uint64_t seq, struct err *e);

/*
 * Restores leases of one pool into a generation: set the first members, add each lease, then end;
 * or drop the leases that were not sent yet. -EEXIST: the pool has its leases already. Without
 * leases nothing is sent. If the kernel refuses a lease, the others are restored, its address is
 * RESTING until its horizon, and @refused gets the kernel's text.
 */
struct kernel_restore {
	struct kernel	*k;
	const char	*pool;
	uint32_t	generation;
	void		(*refused)(uint32_t ip, const char *why, void *arg);
	void		*arg;
	struct nl_msg	*msg;		/* being filled, or NULL */
	uint64_t	n;		/* leases so far */
};

int kernel_restore_add(struct kernel_restore *r, const struct stored_lease *l, struct err *e);
int kernel_restore_end(struct kernel_restore *r, struct err *e);
void kernel_restore_drop(struct kernel_restore *r);

#endif
