// SPDX-License-Identifier: GPL-2.0-or-later
/* The store in an SQLite file: the operations for store.c. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dhcpkd/store/sqlite.h"
#include "dhcpkd/store/boots.h"
#include "dhcpkd/store/sqlite_db.h"
#include "dhcpkd/store/sqlite_file.h"
#include "dhcpkd/store/sqlite_pair.h"
#include "dhcpkd/store/sqlite_review.h"
#include "dhcpkd/store/sqlite_rows.h"
#include "dhcpkd/store/sqlite_wal.h"
#include "dhcpkd/store/store.h"

enum { CHECKPOINT_FRAMES = 2000 };

/* ---- boots ---- */

#define UPTIME_MAX_NS	(INT64_C(1) << 60)	/* 36 years */

/* Numbers, and a possible uptime. Leases of an invalid boot are rejected, see sqlite_review(). */
static bool is_valid_boot(sqlite3_stmt *q)
{
	int i;

	for (i = 0; i < 7; i++) {
		if (sqlite3_column_type(q, i) != (i == 1 ? SQLITE_TEXT : SQLITE_INTEGER))
			return false;
	}
	return sqlite3_column_int64(q, 0) > 0 && sqlite3_column_int64(q, 0) <= INT32_MAX &&
	       sqlite3_column_int64(q, 2) >= 0 && sqlite3_column_int64(q, 2) <= UPTIME_MAX_NS &&
	       sqlite3_column_int64(q, 4) >= 0;
}

static int load_boots(struct store *base, struct err *e)
{
	struct sqlite *s = sqlite_of(base);
	struct clock_boot *b;
	sqlite3_stmt *q;
	int result;

	if (sqlite3_prepare_v2(s->db, "SELECT * FROM boots ORDER BY n", -1, &q, NULL))
		return sqlite_error(s, "reading its boots", e);
	while ((result = sqlite3_step(q)) == SQLITE_ROW) {
		if (!is_valid_boot(q))
			continue;
		b = boots_add(base, e);
		if (!b)
			break;
		*b = (struct clock_boot){
			.n = sqlite3_column_int64(q, 0),
			.boot_ns = sqlite3_column_int64(q, 2),
			.wall_ns = sqlite3_column_int64(q, 3),
			.ahead_ns = sqlite3_column_int64(q, 4),
			.floor_ns = sqlite3_column_int64(q, 5),
			.age_ns = sqlite3_column_int64(q, 6),
		};
		sqlite3_snprintf(sizeof(b->boot_id), b->boot_id, "%s", sqlite3_column_text(q, 1));
		base->seq = sqlite3_column_int64(q, 7);
	}
	if (result != SQLITE_DONE && result != SQLITE_ROW)
		sqlite_error(s, "reading its boots", e);
	sqlite3_finalize(q);
	return result == SQLITE_DONE ? 0 : -1;
}

static int last_boot(struct store *base, int64_t *n, struct err *e)
{
	static const char last[] = "SELECT ifnull(max(boot), 0) FROM leases WHERE typeof(boot) = "
				   "'integer' AND boot < 1073741824";

	return sqlite_pragma(sqlite_of(base), last, n, e);
}

static int put_boot(struct store *base, const struct clock_boot *b, uint64_t seq, struct err *e)
{
	struct sqlite *s = sqlite_of(base);
	sqlite3_stmt *q = sqlite_statement(s, PUT_BOOT);

	if (!q)
		return sqlite_error(s, "keeping the time", e);
	sqlite3_bind_int64(q, 1, b->n);
	sqlite3_bind_text(q, 2, b->boot_id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(q, 3, b->boot_ns);
	sqlite3_bind_int64(q, 4, b->wall_ns);
	sqlite3_bind_int64(q, 5, b->ahead_ns);
	sqlite3_bind_int64(q, 6, b->floor_ns);
	sqlite3_bind_int64(q, 7, b->age_ns);
	sqlite3_bind_int64(q, 8, (int64_t)seq);
	return sqlite_run(s, PUT_BOOT, "keeping the time", e);
}

static int forget_boots(struct store *base, struct err *e)
{
	static const char old[] = "DELETE FROM boots WHERE n < (SELECT max(n) FROM boots) AND n "
				  "NOT IN (SELECT boot FROM leases)";
	struct sqlite *s = sqlite_of(base);

	if (!sqlite3_exec(s->db, old, NULL, NULL, NULL))
		return 0;
	return sqlite_error(s, "forgetting old boots", e);
}

/* ---- transactions ---- */

static int fault(struct store *base)
{
	return sqlite_fault(sqlite_of(base));
}

static int begin(struct store *base, struct err *e)
{
	struct sqlite *s = sqlite_of(base);

	if (sqlite_ready(s, e))
		return -1;
	return sqlite_run(s, BEGIN, "beginning", e) ? sqlite_fault(s) : 0;
}

static int check(struct store *base, struct err *e)
{
	struct sqlite *s = sqlite_of(base);

	if (!sqlite_log_is_cut(s))
		return 0;
	store_abort(base);
	if (!sqlite_check_log(s, e))
		err_set(e, NULL, "%s: its log was cut while in use", base->name);
	return -1;
}

static int commit(struct store *base, struct err *e)
{
	struct sqlite *s = sqlite_of(base);

	if (sqlite_mark_pair(s, e) || sqlite_run(s, COMMIT, "committing", e))
		return -1;
	s->log_is_new = false;
	return 0;
}

static int committed(struct store *base, struct err *e)
{
	struct sqlite *s = sqlite_of(base);

	sqlite_committed(s);
	return sqlite_check_log(s, e);
}

static void rollback(struct store *base)
{
	struct sqlite *s = sqlite_of(base);

	if (sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL))
		sqlite_fault(s);
}

static void idle(struct store *base)
{
	sqlite_idle(sqlite_of(base));
}

/* ---- the store ---- */

/* A log that was not moved into the file is read when the store is opened the next time. */
static void close_store(struct store *base)
{
	struct sqlite *s = sqlite_of(base);
	struct err ignored;

	sqlite_cut(s);
	sqlite_check_log(s, &ignored);
	sqlite_disconnect(s, !s->broken);
	if (s->file_fd >= 0)
		close(s->file_fd);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	if (s->dir_fd >= 0)
		close(s->dir_fd);
	free(s);
}

static const struct store_ops ops = {
	.close = close_store,
	.begin = begin,
	.put = sqlite_put,
	.del_net = sqlite_del_net,
	.reject = sqlite_reject,
	.check = check,
	.commit = commit,
	.fault = fault,
	.rollback = rollback,
	.committed = committed,
	.idle = idle,
	.each = sqlite_each,
	.count = sqlite_count,
	.rejected = sqlite_rejected,
	.rejected_count = sqlite_rejected_count,
	.load_boots = load_boots,
	.last_boot = last_boot,
	.put_boot = put_boot,
	.forget_boots = forget_boots,
};

static int load_id(struct sqlite *s, struct err *e)
{
	sqlite3_stmt *q;
	int n = 0;

	if (sqlite3_prepare_v2(s->db, "SELECT id FROM store", -1, &q, NULL))
		return sqlite_error(s, "reading its id", e);
	if (sqlite3_step(q) == SQLITE_ROW)
		n = sqlite3_column_bytes(q, 0);
	if (n == sizeof(s->base.id))
		memcpy(s->base.id, sqlite3_column_blob(q, 0), n);
	sqlite3_finalize(q);
	return n == sizeof(s->base.id) ? 0 : err_set(e, NULL, "%s: is damaged: it has no id",
						     s->base.name);
}

int sqlite_open(struct store **out, const char *dir,
		int (*now)(struct clock_now *now, struct err *e), struct err *e)
{
	struct sqlite *s = calloc(1, sizeof(*s));

	if (!s)
		return err_set(e, NULL, "%s: no memory", dir);
	s->base.ops = &ops;
	s->base.now = now;
	s->dir_fd = -1;
	s->lock_fd = -1;
	s->file_fd = -1;
	s->broken = true;
	s->checkpoint_at = CHECKPOINT_FRAMES;
	if (sqlite_take(s, dir, e) || load_id(s, e) || boots_enter(&s->base, e) ||
	    (sqlite_review(s, e) && sqlite_readable(s, e))) {
		s->broken = true;
		store_close(&s->base);
		return -1;
	}
	*out = &s->base;
	return 0;
}
