/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bindings on their way from the kernel to the store, and back. */
#ifndef DHCPKD_COMMIT_H
#define DHCPKD_COMMIT_H

#include <ev.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

struct kernel;
struct store;
struct store_net;

struct commit {
	struct store	*store;
	struct kernel	*kernel;	/* the attached socket; NULL: there is none */
	struct ev_loop	*loop;
	ev_io		bell, clock_set;
	ev_timer	retry, anchor, turn;
	int		clock_fd;
	uint64_t	told;		/* what the kernel takes the store to have: a change of it */
	/* for people */
	uint64_t	stored;		/* bindings, since the daemon started */
	uint64_t	last_sync;	/* wall clock ns, 0: none yet */
	uint64_t	last_sync_took;	/* ns */
	uint64_t	errors;
	char		error[256];	/* what is wrong with the store now; empty: nothing */
	bool		mended;		/* the last attempt failed, and the store has mended itself since */
};

/* commit_start - open the store in @dir; -1 if it cannot be used, with what to do about it in @e */
int commit_start(struct commit *c, struct ev_loop *loop, const char *dir, struct err *e);
/* commit_stop - store what there is to be stored, and let go of kernel and store */
void commit_stop(struct commit *c);

/*
 * commit_attach - be the one who stores the kernel's bindings; 0 or as kernel_open(); -EBUSY: another is, with another
 * store
 */
int commit_attach(struct commit *c, struct err *e);
/* commit_detach - be it no more, nor hold on to a module that is gone */
void commit_detach(struct commit *c);
/* commit_detached - is it not, and will not try by itself? */
bool commit_detached(const struct commit *c);

/*
 * commit_forget_nets - pools have been deleted, and the bindings in these nets with them
 *
 * -1 if the kernel cannot be told: then they stay. -1, too, if the store cannot be written now: the kernel tells it later that they
 * are gone; without the module they stay in the store. The log says so, too.
 */
int commit_forget_nets(struct commit *c, const struct store_net *nets, size_t n, struct err *e);

/* commit_sweep - forget what is over and in none of these nets; -1 if that could not be done now */
int commit_sweep(struct commit *c, const struct store_net *nets, size_t n);

/* commit_failed - the store cannot be written: say so once, and try it again later */
void commit_failed(struct commit *c, const struct err *e);

#endif
