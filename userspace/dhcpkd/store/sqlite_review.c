// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rows that cannot be: somebody has been at the file, the disk has changed them, or another dhcpkd has other rules. They
 * go into a table of their own, where no client's next binding takes their place. And rows that nobody needs any more.
 */
#include <stdlib.h>
#include <string.h>

#include "dhcpkd/store/check.h"
#include "dhcpkd/store/sqlite.h"

enum { AT_ONCE = 1000, SWEEP_AT_ONCE = 100000 };

struct bad_row {
	uint32_t	ip;
	uint64_t	rests;		/* until this boottime ns; 0: not at all */
	char		why[96];
};

/* Those from an address on, at most AT_ONCE; a negative number for an error */
static int find_bad(struct store *s, uint32_t from, struct bad_row *bad, struct err *e)
{
	sqlite3_stmt *q = store_select(s, EACH, 0, 0);
	int step = SQLITE_ERROR, n = 0;
	enum row_kind kind;
	struct binding b;

	if (q)
		sqlite3_bind_int64(q, 1, from);
	while (q && n < AT_ONCE && (step = sqlite3_step(q)) == SQLITE_ROW) {
		kind = store_take_row(s, q, &b, bad[n].why);
		bad[n].ip = b.ip;
		bad[n].rests = kind == ROW_RESTS ? b.horizon : 0;
		n += kind != ROW_GOOD;
	}
	if (step != SQLITE_ROW && step != SQLITE_DONE)
		n = store_error(s, "reading it", e);
	sqlite3_reset(q);
	return n;
}

/* In a transaction: the row is kept as it is, and its address rests, or is free. */
static int put_aside(struct store *s, uint32_t ip, uint64_t rests, const char *why, struct err *e)
{
	struct binding rest = { .ip = ip, .horizon = rests };
	sqlite3_stmt *q = store_statement(s, KEEP);
	struct clock_now now = {};

	if (s->now(&now, e))
		return store_fault(s);
	sqlite3_bind_int64(q, 1, ip);
	sqlite3_bind_int64(q, 2, now.wall_ns / 1000000000);
	sqlite3_bind_text(q, 3, why, -1, SQLITE_STATIC);
	if (store_run(s, KEEP, "putting a row aside", e))
		return store_fault(s);
	if (!rests)
		return store_del(s, ip, e);
	binding_rest(&rest);
	return store_put(s, &rest, e);
}

static int put_all_aside(struct store *s, const struct bad_row *bad, int n, struct err *e)
{
	int i;

	if (store_begin(s, e))
		return -1;
	for (i = 0; i < n; i++) {
		if (put_aside(s, bad[i].ip, bad[i].rests, bad[i].why, e))
			return -1;
	}
	/* A module that has these bindings is to say all of them again. */
	store_mark(s, 0);
	return store_sync(s, e);
}

int store_review(struct store *s, struct err *e)
{
	struct bad_row *bad = calloc(AT_ONCE, sizeof(*bad));
	uint32_t from = 0;
	int n, result = 0;

	if (!bad)
		return err_set(e, NULL, "%s: no memory", s->file);
	do {
		n = find_bad(s, from, bad, e);
		if (n)
			result = n < 0 ? -1 : put_all_aside(s, bad, n, e);
		/* What was put aside is good now: not all rows are looked at again for the next ones. */
		from = n > 0 ? bad[n - 1].ip : 0;
	} while (!result && n == AT_ONCE);
	free(bad);
	return result;
}

/* Is there a row of the address, and does that keep it from others for a while? */
static bool find_row(struct store *s, uint32_t ip, uint64_t *rests)
{
	sqlite3_stmt *q = store_select(s, EACH, ip, 32);
	bool found = q && sqlite3_step(q) == SQLITE_ROW;
	struct clock_now now = {};
	struct binding b = {};
	struct err ignored;
	char why[96];

	if (found && !s->now(&now, &ignored))
		store_take_row(s, q, &b, why);
	*rests = binding_until(&b);
	if (*rests <= now.boot_ns)
		*rests = 0;
	sqlite3_reset(q);
	return found;
}

int store_reject(struct store *s, uint32_t ip, const char *reason, struct err *e)
{
	uint64_t rests;

	return find_row(s, ip, &rests) ? put_aside(s, ip, rests, reason, e) : 0;
}

/* ---- for people ---- */

int store_rejected(struct store *s, int (*each)(const struct store_rejected *r, void *arg), void *arg, struct err *e)
{
	static const char sql[] = "SELECT key, at, reason FROM rejected ORDER BY n DESC";
	struct store_rejected r;
	int step = SQLITE_ROW, result = 0;
	sqlite3_stmt *q;

	if (store_readable(s, e))
		return -1;
	if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL))
		return store_error(s, "reading it", e);
	while (!result && (step = sqlite3_step(q)) == SQLITE_ROW) {
		r.ip = sqlite3_column_int64(q, 0);
		r.at = sqlite3_column_int64(q, 1);
		sqlite3_snprintf(sizeof(r.reason), r.reason, "%s", sqlite3_column_text(q, 2));
		result = each(&r, arg);
	}
	if (!result && step != SQLITE_DONE)
		result = store_error(s, "reading it", e);
	sqlite3_finalize(q);
	return result;
}

int store_rejected_count(struct store *s, uint64_t *n, struct err *e)
{
	int64_t found;

	if (store_readable(s, e) || store_pragma(s, "SELECT count(*) FROM rejected", &found, e))
		return -1;
	*n = found;
	return 0;
}

/* ---- what is over ---- */

struct sweep {
	struct store_net	*nets;		/* sorted */
	size_t			n_nets;
	uint64_t		now;
	uint32_t		*over;
	size_t			n;
};

static int take_over(const struct binding *b, void *arg)
{
	struct sweep *w = arg;

	if (b->horizon > w->now || b->expires > w->now || store_net_at(w->nets, w->n_nets, b->ip))
		return 0;
	w->over[w->n++] = b->ip;
	return w->n == SWEEP_AT_ONCE;
}

static int forget(struct store *s, const struct sweep *w, struct err *e)
{
	size_t i;

	if (store_begin(s, e))
		return -1;
	for (i = 0; i < w->n; i++) {
		if (store_del(s, w->over[i], e))
			return -1;
	}
	return store_sync(s, e);
}

int store_sweep(struct store *s, const struct store_net *nets, size_t n, uint64_t *gone, struct err *e)
{
	struct sweep w = {
		.nets = calloc(n + 1, sizeof(*nets)), .n_nets = n, .over = calloc(SWEEP_AT_ONCE, sizeof(*w.over)),
	};
	struct clock_now now = {};
	int result = s->now(&now, e);

	*gone = 0;
	w.now = now.boot_ns;
	if (w.nets && n) {
		memcpy(w.nets, nets, n * sizeof(*nets));
		store_nets_sort(w.nets, n);
	}
	while (!result && w.nets && w.over) {
		w.n = 0;
		if (store_each(s, 0, 0, take_over, &w, e) < 0 || (w.n && forget(s, &w, e)))
			result = -1;
		else
			*gone += w.n;
		if (w.n < SWEEP_AT_ONCE)
			break;
	}
	free(w.nets);
	free(w.over);
	return result;
}
