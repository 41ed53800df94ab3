// SPDX-License-Identifier: GPL-2.0-or-later
/* What is in the file: the layout of before, the way to the present one and back, and rows that cannot be. */

#include "dhcp.h"
#include "store_disk.h"
#include "kselftest_harness.h"

_Static_assert((int)LEASE_AGENT_MAX == (int)DHCP_JOINED_MAX, "the kernel's limit");

FIXTURE(layout) {
	struct store	*s;
	struct err	e;
};

FIXTURE_SETUP(layout)
{
	make_dir();
	put_shim();
}

FIXTURE_TEARDOWN(layout)
{
	store_close(self->s);
	remove_dir();
}

#define FINE(call) ASSERT_EQ(0, call) { TH_LOG("%s", self->e.text); }
#define REOPEN() do { store_close(self->s); self->s = NULL; FINE(open_store(&self->s, &self->e)); } while (0)
#define LAN_IP(n)	(0xc0000200u + (n))	/* 192.0.2.N */

/* ---- the layout of before ---- */

/* Boot 1 lasted 100 s of 1,000 that are over; boot 2 runs. "old" is what the pool "lan" was called once. */
static const char *const first[] = {
	"PRAGMA application_id = 0x6468706b; PRAGMA page_size = 2048",
	NULL,		/* the step to layout 1 */
	"INSERT INTO boots VALUES(1, 'boot-0', 100000000000, 1699999000000000000, 0, -9223372036854775808, 1000000000000), "
		"(2, 'boot-1', 90000000000, 1699999990000000000, 0, -9223372036854775808, 0)",
	"INSERT INTO pools VALUES(1, 'old'), (2, 'lan'), (7, 'other')",
#define ROW1(pool, last, id, boot, starts) \
	"INSERT INTO leases VALUES((" #pool " << 32) + 3221225984 + " #last ", 3, 1, x'020000000001', 256, x'" id "', " \
	"3221225985, x'626f78', x'010178', " #boot ", " starts ", 5000000000000, 7000000000000)"
	ROW1(1, 10, "AA", 1, "50000000000"), ROW1(2, 10, "BB", 2, "1000000000"),
	ROW1(1, 11, "AA", 2, "30000000000"), ROW1(2, 11, "BB", 2, "20000000000"),
	ROW1(1, 12, "CC", 1, "1"), ROW1(2, 13, "", 2, "1"), ROW1(7, 14, "DD", 2, "NULL"), ROW1(9, 15, "EE", 2, "60000000000"),
	"UPDATE leases SET horizon = NULL, expires = NULL WHERE id = x'DD'",
	"PRAGMA user_version = 1; PRAGMA journal_mode = WAL",
};

static void make_layout_1(void)
{
	size_t i;

	for (i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		run_sql(first[i] ? first[i] : sqlite_steps[0]);
}

struct list {
	struct stored_lease	b[16];
	int		n;
};

static int add_to_list(const struct stored_lease *b, void *arg)
{
	struct list *l = arg;

	if (l->n == 16)
		return 1;
	l->b[l->n++] = *b;
	return 0;
}

/* "10:BB 11:AA ..." with a minus for nobody's */
static const char *found(struct store *s, struct list *l)
{
	static char text[256];
	struct err e;
	int i, at = 0;

	l->n = 0;
	*text = '\0';
	if (store_each(s, 0, 0, add_to_list, l, &e))
		return NULL;
	for (i = 0; i < l->n; i++)
		at += snprintf(text + at, sizeof(text) - at, l->b[i].id_len ? "%u:%02X " : "%u- ", l->b[i].ip & 255,
			       l->b[i].id[0]);
	return text;
}

static int take_reason(const struct store_rejected *r, void *arg)
{
	snprintf(arg, 256, "%u %s", r->ip & 255, r->reason);
	return 1;
}

TEST_F(layout, bindings_of_layout_1_come_back)
{
	char reason[256] = "";
	struct list l;
	int64_t n;

	make_layout_1();
	FINE(open_store(&self->s, &self->e));
	EXPECT_STREQ("10:BB 11:AA 12:CC 13- 14:DD 15:EE ", found(self->s, &l));
	EXPECT_EQ(LAN_IP(10), l.b[0].ip);
	EXPECT_EQ(DHCPK_LEASE_BOUND, l.b[0].state);
	EXPECT_EQ(256, l.b[0].id_kind);
	EXPECT_EQ(htobe32(LAN_IP(1)), l.b[0].server_id);
	EXPECT_EQ(0, memcmp("box", l.b[0].hostname, 3));
	EXPECT_EQ(SECOND, l.b[0].starts);
	EXPECT_EQ(7000 * SECOND, l.b[0].horizon);
	EXPECT_EQ(6000 * SECOND, l.b[2].horizon);	/* another boot's time */
	EXPECT_EQ(CLOCK_NEVER, l.b[4].horizon);
	/* It cannot be; its holder may go on until then. */
	EXPECT_EQ(DHCPK_LEASE_RESTING, l.b[3].state);
	EXPECT_EQ(7000 * SECOND, l.b[3].expires);
	EXPECT_EQ(1, store_rejected(self->s, take_reason, reason, &self->e));
	EXPECT_STREQ("13 its id has no bytes", reason);
	FINE(sqlite_pragma(sqlite_of(self->s),
			   "SELECT count(*) FROM bindings WHERE address = '192.0.2.10'",
			   &n, &self->e));
	EXPECT_EQ(1, n);
	FINE(sqlite_pragma(sqlite_of(self->s),
			   "SELECT count(*) FROM sqlite_master WHERE name = 'pools'",
			   &n, &self->e));
	EXPECT_EQ(0, n);
	/* Once */
	REOPEN();
	EXPECT_STREQ("10:BB 11:AA 12:CC 13- 14:DD 15:EE ", found(self->s, &l));
	FINE(sqlite_pragma(sqlite_of(self->s), "SELECT count(*) FROM rejected", &n, &self->e));
	EXPECT_EQ(1, n);
}

/* As whoever opens the file next would see it, with a log that ends with what failed; and left as it is */
static int64_t file_layout(void)
{
	int64_t version = -1;
	sqlite3_stmt *q;
	sqlite3 *db;

	if (sqlite3_open_v2(path_of("leases.db"), &db, SQLITE_OPEN_READWRITE, "unix"))
		return -1;
	sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (!sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &q, NULL)) {
		if (sqlite3_step(q) == SQLITE_ROW)
			version = sqlite3_column_int64(q, 0);
		sqlite3_finalize(q);
	}
	sqlite3_close(db);
	return version;
}

/*
 * Each kind of fault at each place where it can come. Only where the disk takes nothing any more, the process ends, and a
 * sync was all that was missing, the next one finds what was done; it is whole.
 */
TEST_F_TIMEOUT(layout, a_migration_that_fails_leaves_layout_1, 200)
{
	enum fault kind;
	struct list l;
	int n;

	for (kind = NO_FAULT + 1; kind < N_FAULTS; kind++) {
		for (n = 0, disk.hit = true; disk.hit; n++) {
			remove_files();
			make_layout_1();
			disk.hit = disk.once = false;
			disk.after = n;
			disk.kind = kind;
			if (open_store(&self->s, &self->e)) {
				disk.kind = NO_FAULT;
				ASSERT_EQ(strstr(self->e.text, "cannot cut a failed transaction") ?
					  sqlite_n_steps : 1, file_layout())
					TH_LOG("kind %d, %d: %s", kind, n, self->e.text);
			}
			disk.kind = NO_FAULT;
			REOPEN();
			ASSERT_STREQ("10:BB 11:AA 12:CC 13- 14:DD 15:EE ", found(self->s, &l));
			store_close(self->s);
			self->s = NULL;
		}
		EXPECT_LT(kind == TRUNCATE_EIO ? 0 : 2, n);
	}
}

/* userspace/dhcpkd/store/layout-*.sql are run by the sqlite3 of this library here. @first: SQL to be run before */
static void go_back(const char *path, const char *first)
{
	size_t len;
	char *script = (char *)read_file(path, &len), *sql;

	if (!script || asprintf(&sql, "%s %s", first, script) < 0)
		abort();
	*strrchr(sql, ';') = '\0';
	run_sql(sql);
	free(sql);
	free(script);
}

/* One step at a time: a script that is run on another layout than its own would leave a file that no dhcpkd can read. */
TEST_F(layout, a_way_back_from_another_layout_is_refused)
{
	char *script;
	sqlite3 *db;
	size_t len;

	FINE(open_store(&self->s, &self->e));
	store_close(self->s);
	self->s = NULL;
	script = (char *)read_file(USERSPACE "/dhcpkd/store/layout-1.sql", &len);
	ASSERT_NE(NULL, script);
	ASSERT_EQ(SQLITE_OK, sqlite3_open_v2(path_of("leases.db"), &db, SQLITE_OPEN_READWRITE, "unix"));
	EXPECT_EQ(SQLITE_OK, sqlite3_exec(db, "CREATE TEMP TABLE nets(pool, net, prefix)", NULL, NULL, NULL));
	EXPECT_EQ(SQLITE_CONSTRAINT, sqlite3_exec(db, script, NULL, NULL, NULL));
	sqlite3_close(db);
	free(script);
	EXPECT_EQ(4, file_layout());
	FINE(open_store(&self->s, &self->e));
}

TEST_F(layout, the_way_back_to_layout_1)
{
	static const char nets[] = "CREATE TEMP TABLE nets(pool, net, prefix);"
				   "INSERT INTO nets VALUES('lan', '192.0.2.8', 29), ('all', '192.0.2.0', 29);";
	struct list l;
	int64_t n;

	make_layout_1();
	FINE(open_store(&self->s, &self->e));
	store_close(self->s);
	self->s = NULL;
	go_back(USERSPACE "/dhcpkd/store/layout-3.sql", "");
	EXPECT_EQ(3, file_layout());
	go_back(USERSPACE "/dhcpkd/store/layout-2.sql", "");
	EXPECT_EQ(2, file_layout());
	go_back(USERSPACE "/dhcpkd/store/layout-1.sql", nets);
	EXPECT_EQ(1, file_layout());
	FINE(open_store(&self->s, &self->e));
	EXPECT_STREQ("10:BB 11:AA 12:CC 13- 14:DD 15:EE ", found(self->s, &l));
	FINE(sqlite_pragma(sqlite_of(self->s), "SELECT count(*) FROM boots", &n, &self->e));
	EXPECT_EQ(2, n);
}

/* ---- rows that cannot be ---- */

#define DAY	(24 * 3600 * SECOND)

/* The address rests until then; 0: not at all. The boot is in its 100th second. */
static const struct { const char *change, *reason; uint64_t rests; } bad_rows[] = {
	{ "id = x''", "its id has no bytes", 5000 * SECOND },
	{ "id = x'', id_kind = 0", "its id is missing", 5000 * SECOND },
	{ "id_kind = 258", "its id_kind is unknown", 5000 * SECOND },
	{ "id_kind = 70000", "its id_kind is not a number from 0 to 65535", 5000 * SECOND },
	{ "id_kind = 'x'", "its id_kind is not a number from 0 to 65535", 5000 * SECOND },
	{ "id = zeroblob(256)", "its id is not bytes, at most 255", 5000 * SECOND },
	{ "id = 'text'", "its id is not bytes, at most 255", 5000 * SECOND },
	{ "chaddr = zeroblob(17)", "its chaddr is not bytes, at most 16", 5000 * SECOND },
	{ "chaddr = 5", "its chaddr is not bytes, at most 16", 5000 * SECOND },
	{ "hostname = zeroblob(256)", "its hostname is not bytes, at most 255", 5000 * SECOND },
	{ "agent = zeroblob(513)", "its agent has more than 512 bytes", 5000 * SECOND },
	{ "agent = zeroblob(100000)", "its agent is not bytes, at most 1024", 5000 * SECOND },
	{ "state = 2", "its state is not one that is stored", 5000 * SECOND },
	{ "state = -1", "its state is not a number from 0 to 255", 5000 * SECOND },
	{ "state = 'bound'", "its state is not a number from 0 to 255", 5000 * SECOND },
	{ "htype = 256", "its htype is not a number from 0 to 255", 5000 * SECOND },
	{ "server_id = -1", "its server_id is not a number from 0 to 4294967295", 5000 * SECOND },
	{ "starts = -5", "its starts is not a number from 0 to 9223372036854775807", 5000 * SECOND },
	{ "starts = 'x', expires = 'y'", "its starts is not a number from 0 to 9223372036854775807", 5000 * SECOND },
	{ "expires = 1.5", "its expires is not a number from 0 to 9223372036854775807", 5000 * SECOND },
	/* Who can read until when? */
	{ "horizon = -1", "its horizon is not a number from 0 to 9223372036854775807", 100 * SECOND + DAY },
	{ "horizon = 'tomorrow'", "its horizon is not a number from 0 to 9223372036854775807", 100 * SECOND + DAY },
	{ "boot = 77", "its boot is not in the file", 5100 * SECOND },
	{ "boot = x'01'", "its boot is not a number from 0 to 9223372036854775807", 5100 * SECOND },
	{ "boot = 77, starts = 1000000000", "its boot is not in the file", 5099 * SECOND },
	{ "boot = 77, starts = 'x'", "its boot is not in the file", 100 * SECOND + DAY },
	{ "boot = 77, horizon = NULL", "its boot is not in the file", 100 * SECOND + DAY },
	{ "boot = 77, horizon = NULL, starts = NULL", "its boot is not in the file", 100 * SECOND + DAY },
	{ "boot = 77, horizon = 0", "its boot is not in the file", 0 },
	/* A declined address has no horizon in its row. The row's end says how long the address rests. */
	{ "state = 6, horizon = 0, expires = 3000000000000, agent = 7", "its agent is not bytes, at most 1024", 3000 * SECOND },
	{ "state = 'x', horizon = 0, expires = 3000000000000", "its state is not a number from 0 to 255", 3000 * SECOND },
	{ "state = 'x', expires = 'y'", "its state is not a number from 0 to 255", 5000 * SECOND },
	{ "state = 5, horizon = 0, expires = 3000000000000, agent = 7", "its agent is not bytes, at most 1024", 0 },
	{ "id = x'', horizon = 5", "its id has no bytes", 0 },
};

#define N_BAD (int)(sizeof(bad_rows) / sizeof(bad_rows[0]))

/* Three bindings, of which the second is not as it was written */
static int with_bad_row(int i)
{
	struct stored_lease b = { .state = DHCPK_LEASE_BOUND, .id = { 0xAA }, .id_len = 1, .id_kind = 1 };
	struct store *s;
	struct err e;
	char sql[128];

	remove_files();
	if (open_store(&s, &e) || store_begin(s, &e))
		return -1;
	b.horizon = 5000 * SECOND;
	for (b.ip = LAN_IP(10); b.ip <= LAN_IP(12); b.ip++) {
		if (store_put(s, &b, &e))
			return -1;
	}
	if (store_sync(s, &e))
		return -1;
	store_close(s);
	snprintf(sql, sizeof(sql), "UPDATE leases SET %s WHERE key & 255 = 11", bad_rows[i].change);
	run_sql(sql);
	return 0;
}

static const char *others_and(bool rests)
{
	return rests ? "10:AA 11- 12:AA " : "10:AA 12:AA ";
}

TEST_F(layout, P1_rows_that_cannot_be_are_kept_and_the_others_served)
{
	char reason[256], wanted[256];
	struct list l;
	int64_t n;
	int i;

	for (i = 0; i < N_BAD; i++) {
		ASSERT_EQ(0, with_bad_row(i));
		REOPEN();
		EXPECT_STREQ(others_and(bad_rows[i].rests), found(self->s, &l)) TH_LOG("%s", bad_rows[i].change);
		if (bad_rows[i].rests && l.n == 3) {
			EXPECT_EQ(DHCPK_LEASE_RESTING, l.b[1].state);
			EXPECT_EQ(bad_rows[i].rests, l.b[1].expires);
			EXPECT_EQ(bad_rows[i].rests, l.b[1].horizon);
		}
		*reason = '\0';
		snprintf(wanted, sizeof(wanted), "11 %s", bad_rows[i].reason);
		EXPECT_EQ(1, store_rejected(self->s, take_reason, reason, &self->e));
		EXPECT_STREQ(wanted, reason);
		/* As it was found, whoever gets the address next */
		snprintf(wanted, sizeof(wanted), "SELECT count(*) FROM rejected WHERE key & 255 = 11");
		FINE(sqlite_pragma(sqlite_of(self->s), wanted, &n, &self->e));
		EXPECT_EQ(1, n);
		store_close(self->s);
		self->s = NULL;
	}
}

/* A disk that takes nothing: they cannot be put aside, and are left out all the same. */
TEST_F(layout, P1_rows_that_cannot_be_on_a_full_disk)
{
	struct list l;
	int i;

	for (i = 0; i < N_BAD; i++) {
		ASSERT_EQ(0, with_bad_row(i));
		disk.kind = WRITE_ENOSPC;
		disk.once = false;
		disk.after = 0;
		FINE(open_store(&self->s, &self->e));
		EXPECT_STREQ(others_and(bad_rows[i].rests), found(self->s, &l)) TH_LOG("%s", bad_rows[i].change);
		disk.kind = NO_FAULT;
		store_close(self->s);
		self->s = NULL;
	}
}

/* What is kept of a boot is a row, too. Without it the bindings of that boot rest, whichever they are. */
TEST_F(layout, P1_boots_that_cannot_be)
{
	static const char *const changes[] = {
		"UPDATE boots SET n = n + 5", "UPDATE boots SET n = 0", "UPDATE boots SET n = -1",
		"UPDATE boots SET n = 9223372036854775807", "DELETE FROM boots",
		"UPDATE leases SET boot = 77; DELETE FROM boots",
		"UPDATE boots SET age_ns = 'x'", "UPDATE boots SET wall_ns = 'y'", "UPDATE boots SET boot_ns = 'z'",
		"UPDATE boots SET boot_ns = 9000000000000000000", "UPDATE boots SET boot_ns = -1",
		"UPDATE boots SET boot_id = x'00'", "UPDATE boots SET ahead_ns = -1",
	};
	char wanted[128];
	struct list l;
	unsigned int i;
	int64_t n;

	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		ASSERT_EQ(0, with_bad_row(N_BAD - 1));
		run_sql(changes[i]);
		FINE(open_store(&self->s, &self->e));
		snprintf(wanted, sizeof(wanted), "%s", found(self->s, &l));
		EXPECT_STREQ("10- 11- 12- ", wanted) TH_LOG("%s", changes[i]);
		EXPECT_EQ(5100 * SECOND, l.b[0].horizon) TH_LOG("%s", changes[i]);
		/* And goes on with a boot that can be */
		FINE(store_begin(self->s, &self->e));
		FINE(store_put(self->s, &l.b[0], &self->e));
		FINE(store_sync(self->s, &self->e));
		REOPEN();
		EXPECT_STREQ("10- 11- 12- ", found(self->s, &l)) TH_LOG("%s", changes[i]);
		FINE(sqlite_pragma(sqlite_of(self->s),
				   "SELECT max(n) FROM boots WHERE n IN (SELECT boot FROM leases)",
				   &n, &self->e));
		EXPECT_EQ(1, n > 0 && n < 100) TH_LOG("%s", changes[i]);
		store_close(self->s);
		self->s = NULL;
	}
}

/* Up to which change of the kernel's the file has all: with the transaction, or not at all. */
TEST_F(layout, P1_what_the_file_has_of_the_kernels_changes)
{
	const uint64_t seq = UINT64_C(1) << 63 | 12345;
	uint64_t before;

	ASSERT_EQ(0, with_bad_row(N_BAD - 1));
	run_sql("DELETE FROM leases WHERE key & 255 = 11");
	FINE(open_store(&self->s, &self->e));
	before = store_seq(self->s);
	EXPECT_NE(0, before);
	FINE(store_begin(self->s, &self->e));
	store_mark(self->s, seq);
	EXPECT_EQ(before, store_seq(self->s));
	FINE(store_sync(self->s, &self->e));
	EXPECT_EQ(seq, store_seq(self->s));
	FINE(store_begin(self->s, &self->e));
	store_mark(self->s, seq + 1);
	store_abort(self->s);
	FINE(store_tick(self->s, &self->e));
	EXPECT_EQ(seq, store_seq(self->s));
	REOPEN();
	EXPECT_EQ(seq, store_seq(self->s));
	/* A row is not what it was. */
	store_close(self->s);
	run_sql("UPDATE leases SET id = x'' WHERE key & 255 = 10");
	FINE(open_store(&self->s, &self->e));
	EXPECT_EQ(0, store_seq(self->s));
	REOPEN();
	EXPECT_EQ(0, store_seq(self->s));
	/* Another boot, another module: not what an older copy of the file would say, and the same each time it is asked */
	FINE(store_begin(self->s, &self->e));
	store_mark(self->s, seq);
	FINE(store_sync(self->s, &self->e));
	fake.boot_id[0] = 'B';
	REOPEN();
	before = store_seq(self->s);
	EXPECT_NE(0, before);
	EXPECT_GT(UINT64_C(1) << 63, before);
	REOPEN();
	EXPECT_EQ(before, store_seq(self->s));
	fake.boot_id[0] = 'b';
	fake.boot_ns += SECOND;
	FINE(store_tick(self->s, &self->e));
	fake.boot_id[0] = 'C';
	REOPEN();
	EXPECT_NE(before, store_seq(self->s));
	fake.boot_id[0] = 'b';
	fake.boot_ns -= SECOND;
}

/* A boot that is added changes nothing. */
TEST_F(layout, P1_a_boot_of_the_far_future)
{
	struct list l;

	ASSERT_EQ(0, with_bad_row(0));
	run_sql("INSERT INTO boots SELECT 9223372036854775807, boot_id, boot_ns, wall_ns, ahead_ns, floor_ns, age_ns, 5 FROM boots");
	FINE(open_store(&self->s, &self->e));
	EXPECT_STREQ("10:AA 11- 12:AA ", found(self->s, &l));
}

TEST_F(layout, many_rows_that_cannot_be)
{
	struct list l;
	int64_t n;

	ASSERT_EQ(0, with_bad_row(0));
	run_sql("WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 2500) "
		"INSERT INTO leases SELECT n, 99, 1, x'', 1, x'01', 0, x'', x'', 1, 0, 0, 0, NULL FROM i");
	FINE(open_store(&self->s, &self->e));
	EXPECT_STREQ("10:AA 11- 12:AA ", found(self->s, &l));
	FINE(sqlite_pragma(sqlite_of(self->s), "SELECT count(*) FROM rejected", &n, &self->e));
	EXPECT_EQ(2501, n);
}

TEST_F(layout, what_the_kernel_refuses_is_put_aside)
{
	char reason[256] = "";
	struct list l;

	ASSERT_EQ(0, with_bad_row(0));
	FINE(open_store(&self->s, &self->e));
	FINE(store_begin(self->s, &self->e));
	FINE(store_reject(self->s, LAN_IP(12), "kernel: no", &self->e));
	FINE(store_reject(self->s, LAN_IP(99), "kernel: not there", &self->e));
	FINE(store_sync(self->s, &self->e));
	EXPECT_STREQ("10:AA 11- 12- ", found(self->s, &l));
	EXPECT_EQ(1, store_rejected(self->s, take_reason, reason, &self->e));
	EXPECT_STREQ("12 kernel: no", reason);
	fake.boot_ns += 6000 * SECOND;
	FINE(store_begin(self->s, &self->e));
	FINE(store_reject(self->s, LAN_IP(10), "kernel: no", &self->e));
	FINE(store_sync(self->s, &self->e));
	EXPECT_STREQ("11- 12- ", found(self->s, &l));
	fake.boot_ns -= 6000 * SECOND;
}

/* ---- what is over, and what came first ---- */

TEST_F(layout, what_is_over_and_in_no_net_is_forgotten)
{
	static const struct store_net nets[] = { { LAN_IP(0), 29 }, { 0x0a000000, 8 } };
	struct stored_lease b = { .state = DHCPK_LEASE_BOUND, .id = { 0xAA }, .id_len = 1, .id_kind = 1 };
	struct list l;
	uint64_t gone;

	FINE(open_store(&self->s, &self->e));
	FINE(store_begin(self->s, &self->e));
	for (b.ip = LAN_IP(6); b.ip <= LAN_IP(11); b.ip++) {
		b.horizon = b.ip == LAN_IP(11) ? CLOCK_NEVER : (b.ip & 1 ? 200 : 50) * SECOND;
		FINE(store_put(self->s, &b, &self->e));
	}
	FINE(store_sync(self->s, &self->e));
	FINE(store_sweep(self->s, nets, 2, &gone, &self->e));
	EXPECT_EQ(2, gone);
	EXPECT_STREQ("6:AA 7:AA 9:AA 11:AA ", found(self->s, &l));
	fake.boot_ns += 1000 * SECOND;
	FINE(store_sweep(self->s, nets, 2, &gone, &self->e));
	EXPECT_EQ(1, gone);
	EXPECT_STREQ("6:AA 7:AA 11:AA ", found(self->s, &l));
	FINE(store_sweep(self->s, NULL, 0, &gone, &self->e));
	EXPECT_EQ(2, gone);
	fake.boot_ns -= 1000 * SECOND;
}

TEST_F(layout, what_was_written_later_has_a_greater_order)
{
	static const uint64_t starts[] = { 0, SECOND, 2 * SECOND, INT64_MAX, CLOCK_NEVER };
	struct stored_lease b = { .state = DHCPK_LEASE_BOUND, .id_len = 1, .id_kind = 1 };
	struct list l;
	int boot, i;

	for (boot = 0; boot < 3; boot++) {
		snprintf(fake.boot_id, sizeof(fake.boot_id), "order-%d", boot);
		REOPEN();
		FINE(store_begin(self->s, &self->e));
		for (i = 0; i < 4 + !boot; i++) {
			b.ip = LAN_IP(4 * boot + i) + !!boot;
			b.starts = starts[i];
			FINE(store_put(self->s, &b, &self->e));
		}
		FINE(store_sync(self->s, &self->e));
	}
	found(self->s, &l);
	ASSERT_EQ(13, l.n);
	for (i = 1; i < l.n; i++) {
		EXPECT_LT(l.b[i - 1].order, l.b[i].order + (l.b[i].starts == CLOCK_NEVER));
		EXPECT_GT(UINT64_C(1) << 63, l.b[i].order);
	}
}

TEST_HARNESS_MAIN
