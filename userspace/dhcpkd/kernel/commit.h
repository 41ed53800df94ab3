/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Leases on their way from the kernel to the store, and back. */
#ifndef DHCPKD_COMMIT_H
#define DHCPKD_COMMIT_H

#include <ev.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

struct kernel;
struct store;

struct commit {
	struct store	*store;
	struct kernel	*kernel;	/* the attached socket; NULL: none */
	struct ev_loop	*loop;
	ev_io		dirty, clock_set;
	ev_timer	retry, anchor, turn;
	int		clock_fd;
	uint64_t	told;		/* change number that the kernel takes for stored */
	/* for the status */
	uint64_t	stored;		/* leases, since the daemon started */
	uint64_t	last_sync;	/* wall clock ns, 0: none yet */
	uint64_t	last_sync_took;	/* ns */
	uint64_t	errors;
	char		error[256];	/* the store's current error; empty: none */
	bool		mended;		/* the last attempt failed, but the store is repaired */
};

/* commit_start - open the store in @dir; -1 if it cannot be used, with what to do about it in @e */
int commit_start(struct commit *c, struct ev_loop *loop, const char *dir, struct err *e);
/* commit_stop - store what is dirty, and close the kernel socket and the store */
void commit_stop(struct commit *c);

/*
 * commit_attach - attach as the daemon that stores the kernel's leases; 0 or as kernel_open();
 * -EBUSY: another daemon with another store is attached
 */
int commit_attach(struct commit *c, struct err *e);
/* commit_detach - close the kernel socket; also if the module is gone */
void commit_detach(struct commit *c);
/* commit_detached - is it detached, with no retry pending? */
bool commit_detached(const struct commit *c);

/* commit_failed - the store cannot be written: log it once, and try again later */
void commit_failed(struct commit *c, const struct err *e);

#endif
