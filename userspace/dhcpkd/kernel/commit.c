// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Commit before ACK, the daemon's half: pull dirty leases from the kernel, write them in one
 * transaction, sync, and tell the kernel. While one batch is being synced the next one gathers in
 * the kernel: batches grow with the load.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "dhcpkd/kernel/commit.h"
#include "dhcpkd/failpoint.h"
#include "dhcpkd/log.h"
#include "dhcpkd/store/check.h"
#include "dhcpkd/store/open.h"
#include "dhcpkd/store/store.h"
#include "lib/conv.h"
#include "lib/kernel/kernel.h"
#include "lib/kernel/lease.h"
#include "lib/kernel/store.h"
#include "lib/utf8.h"

enum { RETRY_S = 1, ANCHOR_S = 10, LAST_S = 2, TURN_MS = 100 };

static uint64_t now_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- a batch ---- */

struct batch {
	struct store	*store;
	uint64_t	n, seq;
	struct err	*e;
};

/* One invalid lease must not keep all others from being written. Its address is kept: RESTING. */
static int write_rest(struct batch *batch, const struct stored_lease *l, const char *wrong)
{
	struct stored_lease rest = *l;
	char ip[IP_SIZE];

	say(LOG_ERR, "the kernel's binding of %s cannot be stored: %s; its address rests",
	    format_ip(ip, l->ip), wrong);
	lease_rest(&rest);
	return store_put(batch->store, &rest, batch->e) ? -EIO : 0;
}

static int write_lease(const struct stored_lease *l, uint64_t seq, void *arg)
{
	struct batch *batch = arg;
	const char *wrong;

	if (!batch->n && store_begin(batch->store, batch->e))
		return -EIO;
	batch->n++;
	if (seq > batch->seq)
		batch->seq = seq;
	if (l->state == DHCPK_LEASE_FREE)
		return store_del(batch->store, l->ip, batch->e) ? -EIO : 0;
	wrong = lease_check(l);
	if (wrong)
		return write_rest(batch, l, wrong);
	return store_put(batch->store, l, batch->e) ? -EIO : 0;
}

/*
 * Move one batch from the kernel to the disk. Return: 0, or -1; @kernel_failed: the kernel failed,
 * not the store.
 */
static int commit_batch(struct commit *c, struct batch *batch, bool *kernel_failed)
{
	uint64_t start;
	struct err ke = {};
	int err;

	*kernel_failed = false;
	failpoint("before-pull");
	err = kernel_pull(c->kernel, write_lease, batch, &ke);
	failpoint("after-pull");
	if (err) {
		if (batch->n)
			store_abort(c->store);
		/* The socket may hold unread answers. */
		if (*ke.text)
			commit_detach(c);
		*kernel_failed = !*batch->e->text;
		if (*kernel_failed)
			*batch->e = ke;
		return -1;
	}
	if (!batch->n)
		return 0;
	store_mark(c->store, batch->seq);
	failpoint("before-sync");
	start = now_ns(CLOCK_MONOTONIC);
	if (store_sync(c->store, batch->e))
		return -1;
	failpoint("after-sync");
	c->last_sync = now_ns(CLOCK_REALTIME);
	c->last_sync_took = now_ns(CLOCK_MONOTONIC) - start;
	c->told = batch->seq;
	*kernel_failed = kernel_stored(c->kernel, batch->seq, batch->e);
	failpoint("after-commit");
	return *kernel_failed ? -1 : 0;
}

/* ---- kernel socket and store, and their failures ---- */

static void pause_commits(struct commit *c)
{
	ev_io_stop(c->loop, &c->dirty);
	ev_timer_stop(c->loop, &c->turn);
}

void commit_detach(struct commit *c)
{
	if (!c->kernel)
		return;
	pause_commits(c);
	kernel_close(c->kernel);
	c->kernel = NULL;
}

/*
 * Try again after a delay; leases in flight are dirty again then. The socket stays attached:
 * otherwise another daemon could attach another store, and the kernel would forget what this store
 * has.
 */
static void try_later(struct commit *c)
{
	if (c->kernel)
		pause_commits(c);
	ev_timer_again(c->loop, &c->retry);
}

void commit_failed(struct commit *c, const struct err *e)
{
	char error[sizeof(c->error)];

	/*
	 * The store has repaired itself and reports the cause. A second failure in a row is an
	 * error.
	 */
	if (e->not_now && !c->mended) {
		c->mended = true;
		say(LOG_WARNING, "%s", e->text);
		try_later(c);
		return;
	}
	snprintf(error, sizeof(error), "%.255s", e->text);
	replace_non_utf8(error);
	if (strcmp(c->error, error))
		say(LOG_ERR,
		    "%s; new clients get no address until this is fixed; renewals continue",
		    e->text);
	strcpy(c->error, error);
	c->errors++;
	try_later(c);
}

/*
 * A restore may find a cut log too; store_seq() is 0 then. The kernel learns that when the daemon
 * attaches again, and sends all leases again.
 */
static bool has_lost(const struct commit *c)
{
	return c->kernel && store_seq(c->store) < c->told;
}

static void works_again(struct commit *c)
{
	if (*c->error)
		say(LOG_INFO, "the store works again");
	*c->error = '\0';
	c->mended = false;
}

/*
 * Commit all dirty leases; repeat, since more may arrive meanwhile, but let other events run too.
 */
static void commit_all(struct commit *c)
{
	uint64_t end = now_ns(CLOCK_MONOTONIC) + TURN_MS * UINT64_C(1000000);
	struct batch batch;
	bool kernel_failed;
	struct err e = {};

	if (has_lost(c)) {
		try_later(c);
		return;
	}
	/*
	 * After an error, test the store first. Leases pulled for a transaction that fails lose
	 * their horizon: a client that was away would have to wait for the store.
	 */
	if (*c->error && store_tick(c->store, &e)) {
		commit_failed(c, &e);
		return;
	}
	do {
		batch = (struct batch){ .store = c->store, .e = &e };
		if (commit_batch(c, &batch, &kernel_failed)) {
			if (kernel_failed) {
				say(LOG_WARNING, "%s", e.text);
				commit_detach(c);
				try_later(c);
			} else {
				commit_failed(c, &e);
			}
			return;
		}
		c->stored += batch.n;
		if (batch.n)
			works_again(c);
		if (now_ns(CLOCK_MONOTONIC) >= end) {
			ev_timer_set(&c->turn, 0, 0);
			ev_timer_start(c->loop, &c->turn);
			return;
		}
	} while (batch.n || kernel_has_dirty(c->kernel));
}

static void on_dirty(struct ev_loop *loop, ev_io *w, int events)
{
	commit_all(w->data);
}

/* A timer, so that other ready events run first: a fed event would come before them. */
static void on_turn(struct ev_loop *loop, ev_timer *w, int events)
{
	commit_all(w->data);
}

static int attach(struct commit *c, struct err *e)
{
	int err;

	c->told = store_seq(c->store);
	err = kernel_attach(c->kernel, store_id(c->store), c->told, e);
	if (err == -EBUSY)
		err_set(e, NULL,
			"another dhcpkd, with another store, is attached to the module in this "
			"network namespace: until that one has ended nothing is changed or stored "
			"by this one");
	return err;
}

/* Attach by the open socket; the socket of an unloaded module fails. */
static int attach_again(struct commit *c)
{
	struct err why = {};

	return c->kernel ? attach(c, &why) : -ENODEV;
}

int commit_attach(struct commit *c, struct err *e)
{
	int err = attach_again(c);

	if (c->kernel)
		pause_commits(c);
	if (err) {
		commit_detach(c);
		err = kernel_open(&c->kernel, e);
		if (err)
			return err;
		err = attach(c, e);
	}
	if (err) {
		commit_detach(c);
		return err;
	}
	ev_io_init(&c->dirty, on_dirty, kernel_fd(c->kernel), EV_READ);
	c->dirty.data = c;
	ev_io_start(c->loop, &c->dirty);
	/* The kernel wakes the daemon once only, and may have done so between its answers. */
	ev_timer_set(&c->turn, 0, 0);
	ev_timer_start(c->loop, &c->turn);
	return 0;
}

bool commit_detached(const struct commit *c)
{
	return !c->kernel && !ev_is_active(&c->retry);
}

static void on_retry(struct ev_loop *loop, ev_timer *w, int events)
{
	struct commit *c = w->data;
	struct err e = {};

	ev_timer_stop(loop, w);
	/* On failure (no module, or another daemon is attached) daemon_watch() tries again. */
	commit_attach(c, &e);
}

/* ---- the wall clock ---- */

/*
 * Leases are stored in time since boot; the matching wall clock time is stored beside it and
 * follows the clock's steps. If no lease waits to be written, this also shows that a failed store
 * works again.
 */
static void anchor(struct commit *c)
{
	struct err e = {};

	if (store_tick(c->store, &e)) {
		commit_failed(c, &e);
		return;
	}
	c->mended = false;
	if (has_lost(c))
		try_later(c);
	else if (!ev_is_active(&c->retry))
		works_again(c);
}

static void watch_clock(struct commit *c)
{
	struct itimerspec never = { .it_value.tv_sec = (time_t)(~0UL >> 2) };

	timerfd_settime(c->clock_fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL);
}

static void on_clock_set(struct ev_loop *loop, ev_io *w, int events)
{
	struct commit *c = w->data;
	uint64_t ticks;

	if (read(c->clock_fd, &ticks, sizeof(ticks)) < 0 && errno != ECANCELED)
		return;
	watch_clock(c);
	anchor(c);
}

static void on_anchor(struct ev_loop *loop, ev_timer *w, int events)
{
	anchor(w->data);
}

enum { SAID_AT_ONCE = 20 };

static int say_rejected(const struct store_rejected *r, void *arg)
{
	int *n = arg;
	char ip[IP_SIZE];

	if (++*n <= SAID_AT_ONCE)
		say(LOG_ERR, "leases.db: the binding of %s is not served, and put aside: %s",
		    format_ip(ip, r->ip), r->reason);
	return 0;
}

static void say_all_rejected(struct commit *c)
{
	struct err e = {};
	int n = 0;

	if (store_rejected(c->store, say_rejected, &n, &e))
		say(LOG_ERR, "%s", e.text);
	if (n > SAID_AT_ONCE)
		say(LOG_ERR, "leases.db: %d bindings more are put aside", n - SAID_AT_ONCE);
}

int commit_start(struct commit *c, struct ev_loop *loop, const char *dir, struct err *e)
{
	struct err failed = {};

	if (store_open(&c->store, dir, e))
		return -1;
	say_all_rejected(c);
	c->loop = loop;
	ev_timer_init(&c->retry, on_retry, RETRY_S, RETRY_S);
	c->retry.data = c;
	ev_timer_init(&c->turn, on_turn, 0, 0);
	c->turn.data = c;
	ev_timer_init(&c->anchor, on_anchor, ANCHOR_S, ANCHOR_S);
	c->anchor.data = c;
	ev_timer_start(loop, &c->anchor);
	c->clock_fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	if (c->clock_fd < 0)
		return err_set(e, NULL, "timerfd_create: %s", strerror(errno));
	watch_clock(c);
	ev_io_init(&c->clock_set, on_clock_set, c->clock_fd, EV_READ);
	c->clock_set.data = c;
	ev_io_start(loop, &c->clock_set);
	/*
	 * The kernel grants times by restored leases; these depend on how this boot is recorded. So
	 * record it.
	 */
	if (store_tick(c->store, &failed))
		commit_failed(c, &failed);
	return 0;
}

/* ---- the end ---- */

/*
 * Store everything that is dirty now, so that an upgrade loses nothing with "durability async"
 * either; but stop after LAST_S seconds, since more may arrive for ever.
 */
static void commit_last(struct commit *c)
{
	uint64_t end = now_ns(CLOCK_MONOTONIC) + LAST_S * UINT64_C(1000000000);
	struct batch batch;
	struct err e = {};
	bool kernel_failed;

	if (*c->error || (ev_is_active(&c->retry) ? commit_attach(c, &e) : !c->kernel) ||
	    has_lost(c))
		return;
	do {
		batch = (struct batch){ .store = c->store, .e = &e };
		if (commit_batch(c, &batch, &kernel_failed)) {
			say(LOG_WARNING,
			    "%s; the kernel keeps what is not stored for the next dhcpkd", e.text);
			return;
		}
	} while (batch.n && now_ns(CLOCK_MONOTONIC) < end);
}

void commit_stop(struct commit *c)
{
	failpoint("before-last-pull");
	commit_last(c);
	commit_detach(c);
	close(c->clock_fd);
	store_close(c->store);
}
