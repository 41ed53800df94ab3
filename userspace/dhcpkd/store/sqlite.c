// SPDX-License-Identifier: GPL-2.0-or-later
/* The store: its statements, boots and transactions. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dhcpkd/store/sqlite.h"

enum { CHECKPOINT_FRAMES = 2000, BOOTS_MAX = 32 };

static const char *const sql[N_STATEMENTS] = {
	[PUT] = "INSERT OR REPLACE INTO leases VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, NULL)",
	[DEL_NET] = "DELETE FROM leases WHERE key BETWEEN ?1 AND ?2",
	[PUT_BOOT] = "INSERT OR REPLACE INTO boots VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[EACH] = "SELECT * FROM leases WHERE key BETWEEN ?1 AND ?2 ORDER BY key",
	[COUNT] = "SELECT count(*) FROM leases WHERE key BETWEEN ?1 AND ?2",
	[KEEP] = "INSERT INTO rejected SELECT NULL, ?2, ?3, * FROM leases WHERE key = ?1",
	[NEW_LOG] = "UPDATE store SET log_before = log, log = random()",
	[BEGIN] = "BEGIN IMMEDIATE",
	[COMMIT] = "COMMIT",
};

/* ---- statements ---- */

sqlite3_stmt *store_statement(struct store *s, enum store_statement n)
{
	if (!s->statements[n])
		sqlite3_prepare_v3(s->db, sql[n], -1, SQLITE_PREPARE_PERSISTENT, &s->statements[n], NULL);
	return s->statements[n];
}

/* The text is taken before the statement is reset, and the reason with it. */
int store_run(struct store *s, enum store_statement n, const char *doing, struct err *e)
{
	sqlite3_stmt *q = store_statement(s, n);
	int result = q && sqlite3_step(q) == SQLITE_DONE ? 0 : store_error(s, doing, e);

	sqlite3_reset(q);
	return result;
}

/* ---- boots ---- */

static struct clock_boot *running_boot(struct store *s)
{
	return &s->boots[s->n_boots - 1];
}

static struct clock_boot *add_boot(struct store *s, struct err *e)
{
	struct clock_boot *more = reallocarray(s->boots, s->n_boots + 1, sizeof(*more));

	if (!more) {
		err_set(e, NULL, "%s: no memory", s->file);
		return NULL;
	}
	s->boots = more;
	return &s->boots[s->n_boots++];
}

#define UPTIME_MAX_NS	(INT64_C(1) << 60)	/* 36 years */

/* Numbers, and an uptime that a machine can have. Bindings of a boot that cannot be are put aside, see store_review(). */
static bool can_be(sqlite3_stmt *q)
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

static int load_boots(struct store *s, struct err *e)
{
	struct clock_boot *b;
	sqlite3_stmt *q;
	int result;

	if (sqlite3_prepare_v2(s->db, "SELECT * FROM boots ORDER BY n", -1, &q, NULL))
		return store_error(s, "reading its boots", e);
	while ((result = sqlite3_step(q)) == SQLITE_ROW) {
		if (!can_be(q))
			continue;
		b = add_boot(s, e);
		if (!b)
			break;
		*b = (struct clock_boot){
			.n = sqlite3_column_int64(q, 0), .boot_ns = sqlite3_column_int64(q, 2),
			.wall_ns = sqlite3_column_int64(q, 3), .ahead_ns = sqlite3_column_int64(q, 4),
			.floor_ns = sqlite3_column_int64(q, 5), .age_ns = sqlite3_column_int64(q, 6),
		};
		sqlite3_snprintf(sizeof(b->boot_id), b->boot_id, "%s", sqlite3_column_text(q, 1));
		s->seq = sqlite3_column_int64(q, 7);
	}
	if (result != SQLITE_DONE && result != SQLITE_ROW)
		store_error(s, "reading its boots", e);
	sqlite3_finalize(q);
	return result == SQLITE_DONE ? 0 : -1;
}

/* A boot that the file has lost had a number, too, though not any: its bindings are not the running one's. */
static int pass_lost_boots(struct store *s, struct clock_boot *running, struct err *e)
{
	static const char last[] = "SELECT ifnull(max(boot), 0) FROM leases WHERE typeof(boot) = 'integer' AND boot < 1073741824";
	int64_t n;

	if (store_pragma(s, last, &n, e))
		return -1;
	if (running->n <= n)
		running->n = n + 1;
	return 0;
}

/* In place of a change of this boot's kernel, of which there is none yet: what tells the file from an older copy of it. */
static uint64_t seq_before(const struct clock_boot *last)
{
	return last ? ((uint64_t)last->wall_ns ^ last->boot_ns << 1 ^ (uint64_t)last->n << 48) >> 2 | 1 : 1;
}

/* The running boot becomes the last one. The file hears of it with the first transaction, since it may have no room now. */
static int enter_boot(struct store *s, struct err *e)
{
	struct clock_boot *last, *running;
	struct clock_now now = {};
	int64_t gap;
	size_t i;

	if (s->now(&now, e) || load_boots(s, e))
		return -1;
	s->registered = s->n_boots && clock_same_boot(running_boot(s), &now);
	if (s->registered)
		return 0;
	running = add_boot(s, e);
	if (!running)
		return -1;
	last = s->n_boots > 1 ? running - 1 : NULL;
	clock_start(running, last, &now);
	s->seq = seq_before(last);
	if (pass_lost_boots(s, running, e))
		return -1;
	gap = last ? clock_gap(last, &now) : 0;
	for (i = 0; i + 1 < s->n_boots; i++)
		s->boots[i].age_ns = clock_later(s->boots[i].age_ns, gap);
	return 0;
}

static int put_boot(struct store *s, const struct clock_boot *b, struct err *e)
{
	sqlite3_stmt *q = store_statement(s, PUT_BOOT);

	if (!q)
		return store_error(s, "keeping the time", e);
	sqlite3_bind_int64(q, 1, b->n);
	sqlite3_bind_text(q, 2, b->boot_id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(q, 3, b->boot_ns);
	sqlite3_bind_int64(q, 4, b->wall_ns);
	sqlite3_bind_int64(q, 5, b->ahead_ns);
	sqlite3_bind_int64(q, 6, b->floor_ns);
	sqlite3_bind_int64(q, 7, b->age_ns);
	sqlite3_bind_int64(q, 8, b == running_boot(s) ? (int64_t)s->next_seq : 0);
	return store_run(s, PUT_BOOT, "keeping the time", e);
}

/* Boots of which no binding is left. Looking for them costs a scan, so it is done once a boot and not for a few. */
static int forget_boots(struct store *s, struct err *e)
{
	static const char old[] = "DELETE FROM boots WHERE n < (SELECT max(n) FROM boots) AND n NOT IN (SELECT boot FROM leases)";

	if (s->n_boots <= BOOTS_MAX || !sqlite3_exec(s->db, old, NULL, NULL, NULL))
		return 0;
	return store_error(s, "forgetting old boots", e);
}

static int write_boots(struct store *s, struct err *e)
{
	struct clock_now now;
	size_t i;

	if (s->now(&now, e))
		return -1;
	clock_anchor(running_boot(s), &now);
	for (i = s->registered ? s->n_boots - 1 : 0; i < s->n_boots; i++) {
		if (put_boot(s, &s->boots[i], e))
			return -1;
	}
	return s->registered ? 0 : forget_boots(s, e);
}

bool store_times_will_do(const struct store *s)
{
	return s->registered;
}

const struct clock_boot *store_boot(const struct store *s, int64_t n)
{
	size_t i;

	for (i = s->n_boots; i-- && s->boots[i].n >= n;) {
		if (s->boots[i].n == n)
			return &s->boots[i];
	}
	return NULL;
}

/* ---- transactions ---- */

int store_begin(struct store *s, struct err *e)
{
	if (s->in_tx)
		return err_set(e, NULL, "%s: a transaction is open already", s->file);
	if (store_ready(s, e))
		return -1;
	if (store_run(s, BEGIN, "beginning", e))
		return store_fault(s);
	s->in_tx = true;
	s->next_seq = s->seq;
	return 0;
}

uint64_t store_seq(const struct store *s)
{
	return s->seq;
}

void store_mark(struct store *s, uint64_t seq)
{
	s->next_seq = seq;
}

int store_require_tx(struct store *s, struct err *e)
{
	return s->in_tx ? 0 : err_set(e, NULL, "%s: no transaction is open", s->file);
}

int store_sync(struct store *s, struct err *e)
{
	if (store_require_tx(s, e))
		return -1;
	if (store_log_is_cut(s)) {
		store_abort(s);
		if (!store_check_log(s, e))
			err_set(e, NULL, "%s: its log was cut while in use", s->file);
		return -1;
	}
	if (write_boots(s, e) || store_mark_pair(s, e) || store_run(s, COMMIT, "committing", e))
		return store_fault(s);
	s->in_tx = false;
	s->registered = true;
	s->log_is_new = false;
	s->seq = s->next_seq;
	store_committed(s);
	return store_check_log(s, e);
}

void store_abort(struct store *s)
{
	if (!s->in_tx)
		return;
	if (sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL))
		store_fault(s);
	s->in_tx = false;
}

int store_tick(struct store *s, struct err *e)
{
	if (s->in_tx)
		return 0;
	if (store_begin(s, e) || store_sync(s, e))
		return -1;
	store_idle(s);
	return 0;
}

/* ---- the store ---- */

static int load_id(struct store *s, struct err *e)
{
	sqlite3_stmt *q;
	int n = 0;

	if (sqlite3_prepare_v2(s->db, "SELECT id FROM store", -1, &q, NULL))
		return store_error(s, "reading its id", e);
	if (sqlite3_step(q) == SQLITE_ROW)
		n = sqlite3_column_bytes(q, 0);
	if (n == sizeof(s->id))
		memcpy(s->id, sqlite3_column_blob(q, 0), n);
	sqlite3_finalize(q);
	return n == sizeof(s->id) ? 0 : err_set(e, NULL, "%s: is damaged: it has no id", s->file);
}

int store_open_clock(struct store **out, const char *dir, int (*now)(struct clock_now *now, struct err *e), struct err *e)
{
	struct store *s = calloc(1, sizeof(*s));

	if (!s)
		return err_set(e, NULL, "%s: no memory", dir);
	s->dir_fd = -1;
	s->lock_fd = -1;
	s->file_fd = -1;
	s->broken = true;
	s->now = now;
	s->checkpoint_at = CHECKPOINT_FRAMES;
	if (store_take(s, dir, e) || load_id(s, e) || enter_boot(s, e) || (store_review(s, e) && store_readable(s, e))) {
		s->broken = true;
		store_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

int store_open(struct store **s, const char *dir, struct err *e)
{
	return store_open_clock(s, dir, clock_read, e);
}

/* A log that is not tidied up is read by whoever opens the store next. */
void store_close(struct store *s)
{
	struct err ignored;

	if (!s)
		return;
	store_abort(s);
	store_cut(s);
	store_check_log(s, &ignored);
	store_disconnect(s, !s->broken);
	if (s->file_fd >= 0)
		close(s->file_fd);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	if (s->dir_fd >= 0)
		close(s->dir_fd);
	free(s->boots);
	free(s);
}

const uint8_t *store_id(const struct store *s)
{
	return s->id;
}
