// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rows of the database: whatever somebody has written into them, what comes out of the store are bindings.
 *
 * The input is a list of changes to rows, made with SQLite as by hand. Which tables there are, and which columns they have,
 * the store itself says: so that this goes on when its layout does.
 */
#include <arpa/inet.h>
#include <sqlite3.h>
#include <stdbool.h>

#include "dhcpkd/store/open.h"
#include "fuzz.h"
#include "user.h"

enum { TABLES_MAX = 8, COLUMNS_MAX = 24, OPS_MAX = 12, ROWS = 4, ID_NONE = 258, AGENT_MAX = 512 };

struct table {
	char	name[32];
	char	column[COLUMNS_MAX][32];
	int	n;
};

static struct table tables[TABLES_MAX];
static int n_tables;
static uint8_t *fresh_store;	/* the file, as the store made it, with some rows */
static size_t fresh_size;

static int now(struct clock_now *to, struct err *e)
{
	*to = (struct clock_now){ UINT64_C(100000000000), INT64_C(1700000000000000000), "boot-1" };
	return 0;
}

/* ---- the store, by pools or by addresses ---- */

typedef int each_fn(const struct stored_lease *b, void *arg);
typedef int each_pool_fn(struct store *s, const char *pool, each_fn *each, void *arg, struct err *e);
typedef int each_net_fn(struct store *s, uint32_t subnet, uint8_t prefix, each_fn *each, void *arg, struct err *e);
enum { BY_ADDRESS = _Generic(&store_each, each_net_fn * : 1, each_pool_fn * : 0) };

static int all_bindings(struct store *s, each_fn *each, void *arg, struct err *e)
{
	void *f = (void *)store_each;

	return BY_ADDRESS ? ((each_net_fn *)f)(s, 0, 0, each, arg, e) : ((each_pool_fn *)f)(s, NULL, each, arg, e);
}

/* ---- a store with some rows ---- */

/* What a row's columns are called, and what makes sense there, whichever of them a table has; ?1 is the row's number */
static const struct { const char *name, *value; } sense[] = {
	{ "key", "4294967296 * (SELECT count(*) > 0 FROM sqlite_master WHERE name = 'pools') + 3221225984 + ?1" },
	{ "state", "3" }, { "htype", "1" }, { "chaddr", "x'02005e10abcd'" }, { "id_kind", "?1 % 2 * 255 + 1" }, { "id", "x'0102' || ?1" },
	{ "server_id", "3221225985" }, { "hostname", "x'706331'" }, { "agent", "x'01046c616e31'" }, { "boot", "1" },
	{ "starts", "1000000000" }, { "expires", "1000000000000" }, { "horizon", "2000000000000" }, { "name", "'lan' || ?1" },
	{ "n", "?1" }, { "at", "1700000000" }, { "reason", "'none'" },
};

static const char *sense_of(const char *column)
{
	size_t i;

	for (i = 0; i < sizeof(sense) / sizeof(sense[0]); i++) {
		if (!strcmp(sense[i].name, column))
			return sense[i].value;
	}
	return "NULL";
}

static sqlite3 *edit(void)
{
	sqlite3 *db;

	CHECK(sqlite3_open(user_file("store/leases.db"), &db) == SQLITE_OK);
	sqlite3_exec(db, "PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF", NULL, NULL, NULL);
	return db;
}

static void find_columns(sqlite3 *db, struct table *t)
{
	sqlite3_stmt *q;

	CHECK(!sqlite3_prepare_v2(db, "SELECT name FROM pragma_table_info(?1)", -1, &q, NULL));
	sqlite3_bind_text(q, 1, t->name, -1, SQLITE_STATIC);
	while (sqlite3_step(q) == SQLITE_ROW && t->n < COLUMNS_MAX)
		snprintf(t->column[t->n++], sizeof(t->column[0]), "%s", (const char *)sqlite3_column_text(q, 0));
	sqlite3_finalize(q);
}

static void find_tables(sqlite3 *db)
{
	sqlite3_stmt *q;

	CHECK(!sqlite3_prepare_v2(db, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", -1, &q, NULL));
	while (sqlite3_step(q) == SQLITE_ROW && n_tables < TABLES_MAX) {
		snprintf(tables[n_tables].name, sizeof(tables[0].name), "%s", (const char *)sqlite3_column_text(q, 0));
		find_columns(db, &tables[n_tables++]);
	}
	sqlite3_finalize(q);
}

static void add_rows(sqlite3 *db, const struct table *t)
{
	char names[1024] = "", values[4096] = "", sql[8192];
	sqlite3_stmt *q;
	int i;

	for (i = 0; i < t->n; i++) {
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s", i ? ", " : "", t->column[i]);
		snprintf(values + strlen(values), sizeof(values) - strlen(values), "%s%s", i ? ", " : "", sense_of(t->column[i]));
	}
	snprintf(sql, sizeof(sql), "INSERT INTO \"%s\"(%s) VALUES(%s)", t->name, names, values);
	CHECK(!sqlite3_prepare_v2(db, sql, -1, &q, NULL));
	for (i = 1; i <= ROWS; i++) {
		sqlite3_bind_int(q, 1, i);
		sqlite3_step(q);
		sqlite3_reset(q);
	}
	sqlite3_finalize(q);
}

static void read_fresh(void)
{
	FILE *f = fopen(user_file("store/leases.db"), "r");

	CHECK(f && !fseek(f, 0, SEEK_END));
	fresh_size = ftell(f);
	rewind(f);
	fresh_store = malloc(fresh_size);
	CHECK(fresh_store && fread(fresh_store, 1, fresh_size, f) == fresh_size);
	fclose(f);
}

static int count(const struct stored_lease *b, void *arg)
{
	++*(int *)arg;
	return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct store *s;
	struct err e = {};
	sqlite3 *db;
	int i, n = 0;

	CHECK(!store_open_clock(&s, user_file("store"), now, &e) && !store_begin(s, &e) && !store_sync(s, &e));
	store_close(s);
	db = edit();
	find_tables(db);
	for (i = 0; i < n_tables; i++) {
		/* The store's own id and what it keeps of boots are there already. */
		if (strcmp(tables[i].name, "store") && strcmp(tables[i].name, "boots"))
			add_rows(db, &tables[i]);
	}
	sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
	sqlite3_close(db);
	read_fresh();
	CHECK(!store_open_clock(&s, user_file("store"), now, &e));
	CHECK(!all_bindings(s, count, &n, &e));
	store_close(s);
	/* Otherwise the names above are not the store's any more, and nothing would be tested. */
	CHECK(n == ROWS);
	return 0;
}

/* ---- changes ---- */

/* One value: a number at the edges of some type, bytes or text, a fraction, nothing */
static void bind_value(sqlite3_stmt *q, int i, struct input *in)
{
	static const int64_t edges[] = {
		0, 1, 2, 3, 4, 5, 6, 7, 16, 255, 256, 257, 258, 259, 65535, 65536, -1, INT32_MAX, UINT32_MAX, INT64_C(1) << 32,
		(INT64_C(1) << 32) + 3221225985, INT64_MAX, INT64_MIN, INT64_C(5) << 32, 1000000000, 2000000000000,
	};
	static char bytes[4096];
	uint8_t kind, size;
	int64_t number;
	double fraction;
	size_t len;

	take(in, &kind, 1);
	switch (kind % 6) {
	case 0:
		sqlite3_bind_int64(q, i, edges[kind / 6 % (sizeof(edges) / sizeof(edges[0]))]);
		break;
	case 1:
		take(in, &number, sizeof(number));
		sqlite3_bind_int64(q, i, number);
		break;
	case 2:
	case 3:
		take(in, &size, 1);
		len = kind & 64 ? size * 16 : size;
		take(in, bytes, len);
		if (kind % 6 == 2)
			sqlite3_bind_blob(q, i, bytes, len, SQLITE_STATIC);
		else
			sqlite3_bind_text(q, i, bytes, len, SQLITE_STATIC);
		break;
	case 4:
		take(in, &fraction, sizeof(fraction));
		sqlite3_bind_double(q, i, fraction);
		break;
	default:
		sqlite3_bind_null(q, i);
	}
}

/* What the file does not allow is not done. */
static void change(sqlite3 *db, struct input *in)
{
	const struct table *t;
	uint8_t op[4];
	sqlite3_stmt *q;
	char sql[512];

	take(in, op, sizeof(op));
	t = &tables[op[0] % n_tables];
	if (op[1] % 16 == 15)
		snprintf(sql, sizeof(sql), "DELETE FROM \"%s\" WHERE rowid %s ?2", t->name, op[1] & 16 ? "=" : ">");
	else if (op[1] % 16 == 14)
		snprintf(sql, sizeof(sql), "INSERT INTO \"%s\" SELECT * FROM \"%s\" WHERE rowid = ?2", t->name, t->name);
	else
		snprintf(sql, sizeof(sql), "UPDATE OR IGNORE \"%s\" SET \"%s\" = ?1 WHERE rowid IN (SELECT rowid FROM \"%s\" "
			 "ORDER BY rowid LIMIT %d OFFSET ?2)", t->name, t->column[op[2] % t->n], t->name, op[1] & 16 ? 9 : 1);
	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL))
		return;
	if (sqlite3_bind_parameter_index(q, "?1") == 1)
		bind_value(q, 1, in);
	sqlite3_bind_int(q, 2, op[3] % (ROWS + 1));
	sqlite3_step(q);
	sqlite3_finalize(q);
}

static void change_rows(struct input *in)
{
	sqlite3 *db = edit();
	int i;

	sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
	for (i = 0; i < OPS_MAX && in->len; i++)
		change(db, in);
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	sqlite3_close(db);
}

/* ---- what must hold ---- */

/* What came out, as a sum that does not hang on the order */
struct seen {
	uint64_t	n, sum;
};

static uint64_t sum_of(const uint8_t *p, size_t len)
{
	uint64_t sum = 14695981039346656037U;

	while (len--)
		sum = (sum ^ *p++) * 1099511628211U;
	return sum;
}

static int see(const struct stored_lease *b, void *arg)
{
	struct seen *seen = arg;

	CHECK(b->state == DHCPK_LEASE_BOUND || b->state == DHCPK_LEASE_RELEASED || lease_rests(b));
	CHECK(b->chaddr_len <= sizeof(b->chaddr) && b->agent_len <= sizeof(b->agent));
	/* Layout 1 leaves these to the kernel, which refuses them. */
	if (BY_ADDRESS) {
		CHECK(b->ip);
		CHECK(b->agent_len <= AGENT_MAX);
		CHECK(b->id_len || lease_rests(b));
		CHECK(!b->id_len || b->id_kind <= ID_NONE);
	}
	seen->n++;
	seen->sum += sum_of(b->id, b->id_len) ^ sum_of(b->chaddr, b->chaddr_len) ^ sum_of(b->agent, b->agent_len) ^
		     sum_of(b->hostname, b->hostname_len) ^ ((uint64_t)b->state << 32 | b->ip);
	return 0;
}

/* Returns false if the store is refused, or says that there is a row which it has not written. */
static bool look(struct seen *seen)
{
	struct store *s;
	struct err e = {};
	bool fine;

	memset(seen, 0, sizeof(*seen));
	if (store_open_clock(&s, user_file("store"), now, &e)) {
		CHECK(*e.text);
		return false;
	}
	fine = !all_bindings(s, see, seen, &e);
	CHECK(fine || *e.text);
	memset(&e, 0, sizeof(e));
	if (store_tick(s, &e))
		CHECK(*e.text);
	store_close(s);
	return fine;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct seen first, again;
	bool fine;

	remove(user_file("store/leases.db-wal"));
	remove(user_file("store/leases.db-shm"));
	user_write(user_file("store/leases.db"), fresh_store, fresh_size);
	change_rows(&in);
	fine = look(&first);
	/* Nor does it change by being looked at. */
	if (fine) {
		CHECK(look(&again));
		CHECK(first.n == again.n && first.sum == again.sum);
	}
	return 0;
}
