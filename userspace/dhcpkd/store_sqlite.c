// SPDX-License-Identifier: GPL-2.0-or-later
/* Bindings to rows and back, in transactions. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dhcpkd/store_sqlite.h"

enum { CHECKPOINT_FRAMES = 2000, BOOTS_MAX = 32 };

static const char *const sql[N_STATEMENTS] = {
	[PUT] = "INSERT OR REPLACE INTO leases VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
	[DEL] = "DELETE FROM leases WHERE key = ?1",
	[DEL_POOL] = "DELETE FROM leases WHERE key BETWEEN ?1 AND ?1 + 4294967295",
	[FIND_POOL] = "SELECT n FROM pools WHERE name = ?1",
	[ADD_POOL] = "INSERT INTO pools(name) VALUES(?1)",
	[PUT_BOOT] = "INSERT OR REPLACE INTO boots VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[EACH] = "SELECT l.*, p.name FROM pools p CROSS JOIN leases l "
		 "WHERE (?1 IS NULL OR p.name = ?1) AND l.key BETWEEN p.n << 32 AND (p.n << 32) + 4294967295 "
		 "ORDER BY p.name, l.key",
	[COUNT] = "SELECT count(*) FROM pools p CROSS JOIN leases l "
		  "WHERE (?1 IS NULL OR p.name = ?1) AND l.key BETWEEN p.n << 32 AND (p.n << 32) + 4294967295",
	[BEGIN] = "BEGIN IMMEDIATE",
	[COMMIT] = "COMMIT",
};

/* ---- statements ---- */

static sqlite3_stmt *statement(struct store *s, enum store_statement n)
{
	if (!s->statements[n])
		sqlite3_prepare_v3(s->db, sql[n], -1, SQLITE_PREPARE_PERSISTENT, &s->statements[n], NULL);
	return s->statements[n];
}

/* One that answers with no row. The text is taken before the statement is reset, and the reason with it. */
static int run(struct store *s, enum store_statement n, const char *doing, struct err *e)
{
	sqlite3_stmt *q = statement(s, n);
	int result = q && sqlite3_step(q) == SQLITE_DONE ? 0 : store_error(s, doing, e);

	sqlite3_reset(q);
	return result;
}

static void bind_bytes(sqlite3_stmt *q, int i, const uint8_t *bytes, int len)
{
	sqlite3_bind_blob(q, i, bytes, len, SQLITE_STATIC);
}

static void bind_time(sqlite3_stmt *q, int i, uint64_t t)
{
	if (t > INT64_MAX)
		sqlite3_bind_null(q, i);
	else
		sqlite3_bind_int64(q, i, t);
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

static int load_boots(struct store *s, struct err *e)
{
	struct clock_boot *b;
	sqlite3_stmt *q;
	int result;

	if (sqlite3_prepare_v2(s->db, "SELECT * FROM boots ORDER BY n", -1, &q, NULL))
		return store_error(s, "reading its boots", e);
	while ((result = sqlite3_step(q)) == SQLITE_ROW) {
		b = add_boot(s, e);
		if (!b)
			break;
		*b = (struct clock_boot){
			.n = sqlite3_column_int64(q, 0), .boot_ns = sqlite3_column_int64(q, 2),
			.wall_ns = sqlite3_column_int64(q, 3), .ahead_ns = sqlite3_column_int64(q, 4),
			.floor_ns = sqlite3_column_int64(q, 5), .age_ns = sqlite3_column_int64(q, 6),
		};
		if (sqlite3_column_text(q, 1))
			sqlite3_snprintf(sizeof(b->boot_id), b->boot_id, "%s", sqlite3_column_text(q, 1));
	}
	if (result != SQLITE_DONE && result != SQLITE_ROW)
		store_error(s, "reading its boots", e);
	sqlite3_finalize(q);
	return result == SQLITE_DONE ? 0 : -1;
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
	gap = last ? clock_gap(last, &now) : 0;
	for (i = 0; i + 1 < s->n_boots; i++)
		s->boots[i].age_ns = clock_later(s->boots[i].age_ns, gap);
	return 0;
}

static int put_boot(struct store *s, const struct clock_boot *b, struct err *e)
{
	sqlite3_stmt *q = statement(s, PUT_BOOT);

	if (!q)
		return store_error(s, "keeping the time", e);
	sqlite3_bind_int64(q, 1, b->n);
	sqlite3_bind_text(q, 2, b->boot_id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(q, 3, b->boot_ns);
	sqlite3_bind_int64(q, 4, b->wall_ns);
	sqlite3_bind_int64(q, 5, b->ahead_ns);
	sqlite3_bind_int64(q, 6, b->floor_ns);
	sqlite3_bind_int64(q, 7, b->age_ns);
	return run(s, PUT_BOOT, "keeping the time", e);
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

static const struct clock_boot *find_boot(struct store *s, int64_t n)
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
	if (run(s, BEGIN, "beginning", e))
		return store_fault(s);
	s->in_tx = true;
	return 0;
}

static int require_tx(struct store *s, struct err *e)
{
	return s->in_tx ? 0 : err_set(e, NULL, "%s: no transaction is open", s->file);
}

int store_sync(struct store *s, struct err *e)
{
	if (require_tx(s, e))
		return -1;
	if (write_boots(s, e) || run(s, COMMIT, "committing", e))
		return store_fault(s);
	s->in_tx = false;
	s->registered = true;
	store_committed(s);
	return 0;
}

void store_abort(struct store *s)
{
	if (!s->in_tx)
		return;
	if (sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL))
		store_fault(s);
	s->in_tx = false;
	*s->pool = '\0';
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

/* ---- rows ---- */

/* The pool's part of a key, 0 if it is not there. */
static int find_pool(struct store *s, const char *pool, int64_t *key, struct err *e)
{
	sqlite3_stmt *q = statement(s, FIND_POOL);
	int result;

	sqlite3_bind_text(q, 1, pool, -1, SQLITE_STATIC);
	result = q ? sqlite3_step(q) : SQLITE_ERROR;
	*key = result == SQLITE_ROW ? sqlite3_column_int64(q, 0) << 32 : 0;
	if (result != SQLITE_ROW && result != SQLITE_DONE)
		store_error(s, "looking for a pool", e);
	sqlite3_reset(q);
	return result == SQLITE_ROW || result == SQLITE_DONE ? 0 : -1;
}

static int add_pool(struct store *s, const char *pool, struct err *e)
{
	sqlite3_stmt *q = statement(s, ADD_POOL);

	sqlite3_bind_text(q, 1, pool, -1, SQLITE_STATIC);
	if (run(s, ADD_POOL, "adding a pool", e))
		return -1;
	s->pool_key = sqlite3_last_insert_rowid(s->db) << 32;
	return 0;
}

/* Bindings come pool by pool. */
static int use_pool(struct store *s, const char *pool, struct err *e)
{
	if (*s->pool && !strcmp(s->pool, pool))
		return 0;
	*s->pool = '\0';
	if (find_pool(s, pool, &s->pool_key, e))
		return -1;
	if (!s->pool_key && add_pool(s, pool, e))
		return -1;
	strcpy(s->pool, pool);
	return 0;
}

static int check_binding(struct store *s, const struct binding *b, struct err *e)
{
	if (!*b->pool || !memchr(b->pool, '\0', sizeof(b->pool)))
		return err_set(e, NULL, "%s: a binding without a pool", s->file);
	if (b->state != DHCPK_LEASE_BOUND && b->state != DHCPK_LEASE_RELEASED && b->state != DHCPK_LEASE_DECLINED)
		return err_set(e, NULL, "%s: a binding in state %u, which is not kept", s->file, b->state);
	if (b->chaddr_len > sizeof(b->chaddr) || b->agent_len > sizeof(b->agent))
		return err_set(e, NULL, "%s: a binding with a length beyond its bytes", s->file);
	return 0;
}

int store_put(struct store *s, const struct binding *b, struct err *e)
{
	sqlite3_stmt *q;

	if (require_tx(s, e))
		return -1;
	q = statement(s, PUT);
	if (check_binding(s, b, e) || use_pool(s, b->pool, e))
		return store_fault(s);
	sqlite3_bind_int64(q, 1, s->pool_key | b->ip);
	sqlite3_bind_int(q, 2, b->state);
	sqlite3_bind_int(q, 3, b->htype);
	bind_bytes(q, 4, b->chaddr, b->chaddr_len);
	sqlite3_bind_int(q, 5, b->id_kind);
	bind_bytes(q, 6, b->id, b->id_len);
	sqlite3_bind_int64(q, 7, ntohl(b->server_id));
	bind_bytes(q, 8, b->hostname, b->hostname_len);
	bind_bytes(q, 9, b->agent, b->agent_len);
	sqlite3_bind_int64(q, 10, running_boot(s)->n);
	bind_time(q, 11, b->starts);
	bind_time(q, 12, b->expires);
	bind_time(q, 13, b->horizon);
	return run(s, PUT, "writing a binding", e) ? store_fault(s) : 0;
}

/* Runs @n over the rows from @ip of the pool on, if there is such a pool. */
static int delete(struct store *s, enum store_statement n, const char *pool, uint32_t ip, const char *doing, struct err *e)
{
	int64_t key;

	if (require_tx(s, e))
		return -1;
	if (find_pool(s, pool, &key, e))
		return store_fault(s);
	if (!key)
		return 0;
	sqlite3_bind_int64(statement(s, n), 1, key | ip);
	return run(s, n, doing, e) ? store_fault(s) : 0;
}

int store_del(struct store *s, const char *pool, uint32_t ip, struct err *e)
{
	return delete(s, DEL, pool, ip, "deleting a binding", e);
}

int store_del_pool(struct store *s, const char *pool, struct err *e)
{
	return delete(s, DEL_POOL, pool, 0, "deleting a pool's bindings", e);
}

/* ---- reading ---- */

static int take_bytes(sqlite3_stmt *q, int i, uint8_t *bytes, size_t size)
{
	int len = sqlite3_column_bytes(q, i);
	const void *blob = sqlite3_column_blob(q, i);

	if (len < 0 || (size_t)len > size)
		return -1;
	if (len)
		memcpy(bytes, blob, len);
	return len;
}

static uint64_t take_time(sqlite3_stmt *q, int i, const struct clock_boot *boot)
{
	if (sqlite3_column_type(q, i) == SQLITE_NULL)
		return CLOCK_NEVER;
	return clock_convert(boot, sqlite3_column_int64(q, i));
}

/* -1 for a row that we cannot have written. */
static int take_row(struct store *s, sqlite3_stmt *q, struct binding *b)
{
	const struct clock_boot *boot = find_boot(s, sqlite3_column_int64(q, 9));
	int chaddr, id, hostname, agent;

	*b = (struct binding){
		.ip = sqlite3_column_int64(q, 0), .state = sqlite3_column_int(q, 1), .htype = sqlite3_column_int(q, 2),
		.id_kind = sqlite3_column_int(q, 4), .server_id = htonl(sqlite3_column_int64(q, 6)),
	};
	chaddr = take_bytes(q, 3, b->chaddr, sizeof(b->chaddr));
	id = take_bytes(q, 5, b->id, sizeof(b->id));
	hostname = take_bytes(q, 7, b->hostname, sizeof(b->hostname));
	agent = take_bytes(q, 8, b->agent, sizeof(b->agent));
	if (!boot || chaddr < 0 || id < 0 || hostname < 0 || agent < 0 || sqlite3_column_bytes(q, 13) >= (int)sizeof(b->pool))
		return -1;
	memcpy(b->pool, sqlite3_column_text(q, 13), sqlite3_column_bytes(q, 13));
	b->chaddr_len = chaddr;
	b->id_len = id;
	b->hostname_len = hostname;
	b->agent_len = agent;
	b->starts = take_time(q, 10, boot);
	b->expires = take_time(q, 11, boot);
	b->horizon = take_time(q, 12, boot);
	return 0;
}

/* A statement that reads a pool or all of them. */
static sqlite3_stmt *select_pool(struct store *s, enum store_statement n, const char *pool, struct err *e)
{
	sqlite3_stmt *q;

	if (store_readable(s, e))
		return NULL;
	q = statement(s, n);
	if (!q)
		store_error(s, "reading it", e);
	else if (pool)
		sqlite3_bind_text(q, 1, pool, -1, SQLITE_STATIC);
	else
		sqlite3_bind_null(q, 1);
	return q;
}

int store_each(struct store *s, const char *pool, int (*each)(const struct binding *b, void *arg), void *arg,
	       struct err *e)
{
	sqlite3_stmt *q = select_pool(s, EACH, pool, e);
	int step, result = 0;
	struct binding b;
	struct err bad;

	if (!q)
		return -1;
	while (!result && (step = sqlite3_step(q)) == SQLITE_ROW) {
		if (!take_row(s, q, &b) && !check_binding(s, &b, &bad))
			result = each(&b, arg);
		else
			result = err_set(e, NULL, "%s: the binding with key %lld was not written by dhcpkd; delete it", s->file,
					 (long long)sqlite3_column_int64(q, 0));
	}
	if (!result && step != SQLITE_DONE)
		result = store_error(s, "reading it", e);
	sqlite3_reset(q);
	return result;
}

int store_count(struct store *s, const char *pool, uint64_t *n, struct err *e)
{
	sqlite3_stmt *q = select_pool(s, COUNT, pool, e);
	int result;

	if (!q)
		return -1;
	result = sqlite3_step(q) == SQLITE_ROW ? 0 : store_error(s, "reading it", e);
	*n = sqlite3_column_int64(q, 0);
	sqlite3_reset(q);
	return result;
}

/* ---- the store ---- */

static int load_id(struct store *s, struct err *e)
{
	sqlite3_stmt *q;
	int n = 0;

	if (sqlite3_prepare_v2(s->db, "SELECT id FROM store", -1, &q, NULL))
		return store_error(s, "reading its id", e);
	if (sqlite3_step(q) == SQLITE_ROW)
		n = take_bytes(q, 0, s->id, sizeof(s->id));
	sqlite3_finalize(q);
	return n == sizeof(s->id) ? 0 : err_set(e, NULL, "%s: is damaged: it has no id", s->file);
}

int store_open_clock(struct store **out, const char *dir, int (*now)(struct clock_now *now, struct err *e), struct err *e)
{
	struct store *s = calloc(1, sizeof(*s));

	if (!s)
		return err_set(e, NULL, "%s: no memory", dir);
	s->dir_fd = -1;
	s->broken = true;
	s->now = now;
	s->checkpoint_at = CHECKPOINT_FRAMES;
	if (store_take(s, dir, e) || load_id(s, e) || enter_boot(s, e)) {
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
	if (!s)
		return;
	store_abort(s);
	store_cut(s);
	store_disconnect(s, !s->broken);
	if (s->dir_fd >= 0)
		close(s->dir_fd);
	free(s->boots);
	free(s);
}

const uint8_t *store_id(const struct store *s)
{
	return s->id;
}
