// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Invalid rows: a program or the disk has changed them, or another dhcpkd has other rules. They are
 * moved to a table of their own, where no new lease replaces them.
 */
#include <stdlib.h>

#include "dhcpkd/store/sqlite_review.h"
#include "dhcpkd/store/sqlite_rows.h"
#include "dhcpkd/store/sqlite_wal.h"
#include "dhcpkd/store/store.h"

enum { AT_ONCE = 1000 };

struct bad_row {
	uint32_t	ip;
	uint64_t	rests;		/* boottime ns of the end of RESTING; 0: none */
	char		why[96];
};

/* Invalid rows from an address on, at most AT_ONCE; negative on error */
static int find_bad(struct sqlite *s, uint32_t from, struct bad_row *bad, struct err *e)
{
	sqlite3_stmt *q = sqlite_select(s, EACH, 0, 0);
	int step = SQLITE_ERROR, n = 0;
	enum row_kind kind;
	struct stored_lease l;

	if (q)
		sqlite3_bind_int64(q, 1, from);
	while (q && n < AT_ONCE && (step = sqlite3_step(q)) == SQLITE_ROW) {
		kind = sqlite_take_row(s, q, &l, bad[n].why);
		bad[n].ip = l.ip;
		bad[n].rests = kind == ROW_RESTS ? l.horizon : 0;
		n += kind != ROW_GOOD;
	}
	if (step != SQLITE_ROW && step != SQLITE_DONE)
		n = sqlite_error(s, "reading it", e);
	sqlite3_reset(q);
	return n;
}

/* In a transaction: keep the row unchanged in the table; its address is RESTING, or free. */
static int put_aside(struct sqlite *s, uint32_t ip, uint64_t rests, const char *why, struct err *e)
{
	struct stored_lease rest = { .ip = ip, .horizon = rests };
	sqlite3_stmt *q = sqlite_statement(s, KEEP);
	struct clock_now now = {};

	if (s->base.now(&now, e))
		return sqlite_fault(s);
	sqlite3_bind_int64(q, 1, ip);
	sqlite3_bind_int64(q, 2, now.wall_ns / 1000000000);
	sqlite3_bind_text(q, 3, why, -1, SQLITE_STATIC);
	if (sqlite_run(s, KEEP, "putting a row aside", e))
		return sqlite_fault(s);
	if (!rests)
		return store_del(&s->base, ip, e);
	lease_rest(&rest);
	return store_put(&s->base, &rest, e);
}

static int put_all_aside(struct sqlite *s, const struct bad_row *bad, int n, struct err *e)
{
	int i;

	if (store_begin(&s->base, e))
		return -1;
	for (i = 0; i < n; i++) {
		if (put_aside(s, bad[i].ip, bad[i].rests, bad[i].why, e))
			return -1;
	}
	/* A module that has these leases must send all of them again. */
	store_mark(&s->base, 0);
	return store_sync(&s->base, e);
}

int sqlite_review(struct sqlite *s, struct err *e)
{
	struct bad_row *bad = calloc(AT_ONCE, sizeof(*bad));
	uint32_t from = 0;
	int n, result = 0;

	if (!bad)
		return err_set(e, NULL, "%s: no memory", s->base.name);
	do {
		n = find_bad(s, from, bad, e);
		if (n)
			result = n < 0 ? -1 : put_all_aside(s, bad, n, e);
		/* Moved rows are valid now: the next scan begins at the last one. */
		from = n > 0 ? bad[n - 1].ip : 0;
	} while (!result && n == AT_ONCE);
	free(bad);
	return result;
}

/* Return: has the address a row? @rests: until when that reserves it, or 0. */
static bool find_row(struct sqlite *s, uint32_t ip, uint64_t *rests)
{
	sqlite3_stmt *q = sqlite_select(s, EACH, ip, 32);
	bool found = q && sqlite3_step(q) == SQLITE_ROW;
	struct clock_now now = {};
	struct stored_lease l = {};
	struct err ignored;
	char why[96];

	if (found && !s->base.now(&now, &ignored))
		sqlite_take_row(s, q, &l, why);
	*rests = lease_until(&l);
	if (*rests <= now.boot_ns)
		*rests = 0;
	sqlite3_reset(q);
	return found;
}

int sqlite_reject(struct store *base, uint32_t ip, const char *reason, struct err *e)
{
	struct sqlite *s = sqlite_of(base);
	uint64_t rests;

	return find_row(s, ip, &rests) ? put_aside(s, ip, rests, reason, e) : 0;
}

/* ---- reports ---- */

int sqlite_rejected(struct store *base, int (*each)(const struct store_rejected *r, void *arg),
		    void *arg, struct err *e)
{
	static const char sql[] = "SELECT key, at, reason FROM rejected ORDER BY n DESC";
	struct sqlite *s = sqlite_of(base);
	struct store_rejected r;
	int step = SQLITE_ROW, result = 0;
	sqlite3_stmt *q;

	if (sqlite_readable(s, e))
		return -1;
	if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL))
		return sqlite_error(s, "reading it", e);
	while (!result && (step = sqlite3_step(q)) == SQLITE_ROW) {
		r.ip = sqlite3_column_int64(q, 0);
		r.at = sqlite3_column_int64(q, 1);
		sqlite3_snprintf(sizeof(r.reason), r.reason, "%s", sqlite3_column_text(q, 2));
		result = each(&r, arg);
	}
	if (!result && step != SQLITE_DONE)
		result = sqlite_error(s, "reading it", e);
	sqlite3_finalize(q);
	return result;
}

int sqlite_rejected_count(struct store *base, uint64_t *n, struct err *e)
{
	struct sqlite *s = sqlite_of(base);
	int64_t found;

	if (sqlite_readable(s, e) || sqlite_pragma(s, "SELECT count(*) FROM rejected", &found, e))
		return -1;
	*n = found;
	return 0;
}
