// SPDX-License-Identifier: GPL-2.0-or-later
/* The store of bindings: what is put is what is found, and what is no store is refused as it is. */
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store_util.h"
#include "kselftest_harness.h"

FIXTURE(store) {
	struct store	*s;
	struct err	e;
};

FIXTURE_SETUP(store)
{
	make_dir();
	ASSERT_EQ(0, open_store(&self->s, &self->e));
}

FIXTURE_TEARDOWN(store)
{
	store_close(self->s);
	remove_dir();
}

#define FINE(call) ASSERT_EQ(0, call) { TH_LOG("%s", self->e.text); }
#define REOPEN() do { store_close(self->s); self->s = NULL; FINE(open_store(&self->s, &self->e)); } while (0)
#define REFUSED(words) do { \
	self->e.text[0] = '\0'; \
	self->s = NULL; \
	ASSERT_EQ(-1, open_store(&self->s, &self->e)); \
	EXPECT_NE(NULL, strstr(self->e.text, words)) { TH_LOG("%s", self->e.text); } \
	EXPECT_NE(NULL, strstr(self->e.text, dir)); \
} while (0)

static int mode_of(const char *name)
{
	struct stat st;

	return stat(path_of(name), &st) ? -1 : st.st_mode & 07777;
}

TEST_F(store, random_bindings_come_back_as_they_were)
{
	static struct model m;
	uint64_t n, expected;
	int round, key;

	for (round = 0; round < 60; round++) {
		FINE(change(self->s, &m, 1 + any(40), &self->e));
		FINE(store_sync(self->s, &self->e));
		ASSERT_TRUE(holds(self->s, &m));
		if (any(2))
			REOPEN();
		ASSERT_TRUE(holds(self->s, &m));
	}
	for (key = 0, expected = 0; key < N_KEYS; key++)
		expected += m.there[key];
	FINE(store_count(self->s, 0, 0, &n, &self->e));
	EXPECT_EQ(expected, n);
}

static int count_one(const struct stored_lease *b, void *arg)
{
	return ++*(int *)arg == 2 ? 77 : 0;
}

TEST_F(store, nets_are_told_apart)
{
	struct stored_lease b;
	uint64_t n;
	int i, calls = 0;

	FINE(store_begin(self->s, &self->e));
	for (i = 0; i < N_KEYS; i++) {
		any_binding(i, &b);
		FINE(store_put(self->s, &b, &self->e));
	}
	FINE(store_del(self->s, 0x01020304, &self->e));
	FINE(store_sync(self->s, &self->e));
	FINE(store_count(self->s, LAN, 24, &n, &self->e));
	EXPECT_EQ(N_IPS, n);
	FINE(store_count(self->s, LAN + 4, 30, &n, &self->e));
	EXPECT_EQ(4, n);
	FINE(store_count(self->s, UINT32_MAX, 32, &n, &self->e));
	EXPECT_EQ(1, n);
	FINE(store_count(self->s, 0x80000000, 1, &n, &self->e));
	EXPECT_EQ(2 * N_IPS + 1, n);
	FINE(store_count(self->s, 0x01000000, 8, &n, &self->e));
	EXPECT_EQ(0, n);
	EXPECT_EQ(77, store_each(self->s, LAN, 24, count_one, &calls, &self->e));
	EXPECT_EQ(2, calls);
	FINE(store_begin(self->s, &self->e));
	FINE(store_del_net(self->s, LAN, 24, &self->e));
	FINE(store_sync(self->s, &self->e));
	FINE(store_count(self->s, LAN, 24, &n, &self->e));
	EXPECT_EQ(0, n);
	FINE(store_count(self->s, 0, 0, &n, &self->e));
	EXPECT_EQ(2 * N_IPS, n);
}

TEST_F(store, abort_leaves_nothing)
{
	static struct model m, aborted;
	int i;

	FINE(change(self->s, &m, 30, &self->e));
	FINE(store_sync(self->s, &self->e));
	for (i = 0; i < 20; i++) {
		aborted = m;
		FINE(change(self->s, &aborted, 30, &self->e));
		store_abort(self->s);
		ASSERT_TRUE(holds(self->s, &m));
	}
	remove_files();
	REOPEN();
	memset(&m, 0, sizeof(m));
	any_binding(0, &m.b[0]);
	for (i = 0; i < 2; i++) {
		FINE(store_begin(self->s, &self->e));
		FINE(store_put(self->s, &m.b[0], &self->e));
		if (!i)
			store_abort(self->s);
	}
	FINE(store_sync(self->s, &self->e));
	m.there[0] = true;
	REOPEN();
	EXPECT_TRUE(holds(self->s, &m));
	/* Closed in the middle */
	aborted = m;
	FINE(change(self->s, &aborted, 30, &self->e));
	REOPEN();
	EXPECT_TRUE(holds(self->s, &m));
}

TEST_F(store, calls_out_of_order_and_bindings_of_no_sense)
{
	static struct model none;
	struct stored_lease b;
	int i;

	any_binding(0, &b);
	EXPECT_EQ(-1, store_put(self->s, &b, &self->e));
	EXPECT_EQ(-1, store_del(self->s, 0, &self->e));
	EXPECT_EQ(-1, store_sync(self->s, &self->e));
	store_abort(self->s);
	for (i = 0; i < 6; i++) {
		any_binding(0, &b);
		b.id_len = b.id_kind = 1;
		switch (i) {
		case 0: b.state = DHCPK_LEASE_OFFERED; break;
		case 1: b.chaddr_len = 17; break;
		case 2: b.agent_len = LEASE_AGENT_MAX + 1; break;
		case 3: b.id_kind = LEASE_ID_NONE; break;
		case 4: b.id_len = 0; break;
		case 5: b.id_len = b.id_kind = 0; b.state = DHCPK_LEASE_BOUND; break;
		}
		FINE(store_begin(self->s, &self->e));
		EXPECT_EQ(-1, store_begin(self->s, &self->e));
		EXPECT_EQ(-1, store_put(self->s, &b, &self->e));
		EXPECT_EQ(-1, store_sync(self->s, &self->e));
	}
	EXPECT_TRUE(holds(self->s, &none));
}

TEST_F(store, made_for_its_owner_with_an_id_that_stays)
{
	uint8_t id[DHCPK_STORE_ID_SIZE], zero[DHCPK_STORE_ID_SIZE] = {};
	struct stat st;

	ASSERT_EQ(0, stat(path_of("leases.db"), &st));
	EXPECT_EQ(0600, st.st_mode & 07777);
	FINE(store_tick(self->s, &self->e));
	ASSERT_EQ(0, stat(path_of("leases.db-wal"), &st));
	EXPECT_EQ(0600, st.st_mode & 07777);
	memcpy(id, store_id(self->s), sizeof(id));
	EXPECT_NE(0, memcmp(id, zero, sizeof(id)));
	REOPEN();
	EXPECT_EQ(0, memcmp(id, store_id(self->s), sizeof(id)));
	store_close(self->s);
	remove_dir();
	FINE(open_store(&self->s, &self->e));
	ASSERT_EQ(0, stat(dir, &st));
	EXPECT_EQ(0700, st.st_mode & 07777);
	EXPECT_NE(0, memcmp(id, store_id(self->s), sizeof(id)));
}

/* A child has SQLite's word for it that there is a lock; this is the kernel's. Closing a file takes the process's lock off it. */
static bool locked_for_others(void)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 0x40000002, .l_len = 510 };
	int status;

	if (!fork())
		_exit(fcntl(open(path_of("leases.db"), O_RDONLY), F_GETLK, &lock) || lock.l_type == F_UNLCK);
	wait(&status);
	return !status;
}

TEST_F(store, one_daemon_at_a_time)
{
	struct store *other = self->s;
	sqlite3 *shell;
	int status;

	REFUSED("another dhcpkd has it open");
	self->s = other;
	EXPECT_EQ(0600, mode_of("leases.db.lock"));
	if (!fork()) {
		/* A lock of the directory does not keep sqlite3 out, the one of the file does. */
		sqlite3_open(path_of("leases.db"), &shell);
		status = sqlite3_exec(shell, "SELECT count(*) FROM leases", NULL, NULL, NULL);
		_exit(status == SQLITE_BUSY ? 0 : 1);
	}
	wait(&status);
	EXPECT_EQ(0, status);
	EXPECT_TRUE(locked_for_others());
	FINE(store_tick(self->s, &self->e));
	store_close(self->s);
	ASSERT_EQ(0, sqlite3_open(path_of("leases.db"), &shell));
	ASSERT_EQ(0, sqlite3_exec(shell, "BEGIN; SELECT count(*) FROM leases", NULL, NULL, NULL));
	REFUSED("another program has it open");
	sqlite3_close(shell);
	FINE(open_store(&self->s, &self->e));
}

/* Refused for these words, with all files as they were. */
#define REFUSED_UNTOUCHED(words) do { \
	size_t before_len, after_len; \
	uint8_t *before = read_file(path_of("leases.db"), &before_len), *after; \
	REFUSED(words); \
	after = read_file(path_of("leases.db"), &after_len); \
	ASSERT_EQ(before_len, after_len); \
	EXPECT_EQ(0, before ? memcmp(before, after, after_len) : 0); \
	free(before); \
	free(after); \
} while (0)

TEST_F(store, strangers_are_refused)
{
	store_close(self->s);
	run_sql("PRAGMA user_version = 5");
	REFUSED_UNTOUCHED("has layout 5, and this dhcpkd knows 1 to 4: it was written by a newer one");
	run_sql("PRAGMA user_version = 4; PRAGMA application_id = 1");
	REFUSED_UNTOUCHED("is a database of another program");
	remove_files();
	run_sql("CREATE TABLE t(x)");
	REFUSED_UNTOUCHED("is a database of another program");
	write_file(path_of("leases.db"), dir, 0);
	REFUSED_UNTOUCHED("is cut short, to 0 bytes");
	write_file(path_of("leases.db"), "lease 192.0.2.1 {", 17);
	REFUSED_UNTOUCHED("is cut short, to 17 bytes");
	write_file(path_of("leases.db"), self->e.text, sizeof(self->e.text));
	REFUSED_UNTOUCHED("is no database");
	remove_files();
	ASSERT_EQ(0, symlink("/nonexistent/file", path_of("leases.db")));
	REFUSED_UNTOUCHED("is a symbolic link");
	remove_files();
	ASSERT_EQ(0, mkdir(path_of("leases.db"), 0700));
	REFUSED("is no regular file");
	remove_files();
	write_file(path_of("leases.db-wal"), "log", 3);
	REFUSED("is not there, but its log");
	remove_files();
	/* What a start left that did not get far */
	write_file(path_of("leases.db.new"), "half", 4);
	FINE(open_store(&self->s, &self->e));
	EXPECT_NE(0, access(path_of("leases.db.new"), F_OK));
}

/* As somebody who may not do everything. */
static int open_as_nobody(const char *words)
{
	struct store *s;
	struct err e = {};
	int status;

	if (!fork()) {
		if (!geteuid() && (setgid(65534) || setuid(65534)))
			_exit(2);
		_exit(open_store(&s, &e) == -1 && strstr(e.text, words) ? 0 : (printf("# %s\n", e.text), fflush(stdout), 1));
	}
	wait(&status);
	return status;
}

TEST_F(store, read_only_is_refused)
{
	store_close(self->s);
	self->s = NULL;
	if (!geteuid()) {
		ASSERT_EQ(0, chown(dir, 65534, 65534));
		ASSERT_EQ(0, chown(path_of("leases.db"), 65534, 65534));
		EXPECT_EQ(0, open_as_nobody("cannot open leases.db.lock beside it: Permission denied"));
		ASSERT_EQ(0, chown(path_of("leases.db.lock"), 65534, 65534));
	}
	chmod(path_of("leases.db"), 0400);
	EXPECT_EQ(0, open_as_nobody("can be read only"));
	chmod(path_of("leases.db"), 0000);
	EXPECT_EQ(0, open_as_nobody("Permission denied"));
	chmod(path_of("leases.db"), 0600);
	chmod(dir, 0500);
	EXPECT_EQ(0, open_as_nobody("cannot write to this directory"));
	chmod(dir, 0700);
}

/* Cut at every length that is a boundary of something, and at many others: consistent or refused, and never replaced. */
TEST_F(store, cut_short_is_refused)
{
	static struct model m;
	size_t len, at, after_len;
	uint8_t *file, *after;

	FINE(change(self->s, &m, 60, &self->e));
	FINE(store_sync(self->s, &self->e));
	store_close(self->s);
	file = read_file(path_of("leases.db"), &len);
	for (at = 0; at < len; at += any(4) ? 1 + any(700) : STORE_PAGE_SIZE - at % STORE_PAGE_SIZE) {
		remove_files();
		write_file(path_of("leases.db"), file, at);
		ASSERT_EQ(-1, open_store(&self->s, &self->e)) {
			TH_LOG("%zu of %zu", at, len);
		}
		EXPECT_TRUE(strstr(self->e.text, "cut short") || strstr(self->e.text, "is damaged")) {
			TH_LOG("%zu: %s", at, self->e.text);
		}
		after = read_file(path_of("leases.db"), &after_len);
		ASSERT_EQ(at, after_len);
		ASSERT_EQ(0, memcmp(file, after, at));
		free(after);
	}
	write_file(path_of("leases.db"), file, len);
	FINE(open_store(&self->s, &self->e));
	EXPECT_TRUE(holds(self->s, &m));
	free(file);
}

/* As after a power cut: file and log as they are while in use. */
static void crash_copy(struct store **s, uint8_t **db, size_t *db_len, uint8_t **wal, size_t *wal_len)
{
	*db = read_file(path_of("leases.db"), db_len);
	*wal = read_file(path_of("leases.db-wal"), wal_len);
	store_close(*s);
	*s = NULL;
}

TEST_F(store, a_log_cut_short_has_whole_transactions)
{
	static struct model m[6];
	size_t db_len, wal_len, at, i, seen = 0;
	uint8_t *db, *wal;

	for (i = 1; i < 6; i++) {
		m[i] = m[i - 1];
		FINE(change(self->s, &m[i], 3, &self->e));
		FINE(store_sync(self->s, &self->e));
	}
	crash_copy(&self->s, &db, &db_len, &wal, &wal_len);
	for (at = 0; at <= wal_len; at = at < wal_len && at + 900 > wal_len ? wal_len : at + 1 + any(900)) {
		remove_files();
		write_file(path_of("leases.db"), db, db_len);
		write_file(path_of("leases.db-wal"), wal, at);
		FINE(open_store(&self->s, &self->e));
		while (seen < 5 && !holds(self->s, &m[seen]))
			seen++;
		ASSERT_TRUE(holds(self->s, &m[seen]));
		store_close(self->s);
		self->s = NULL;
	}
	EXPECT_EQ(5, seen);
	/* The file cut under a log that is whole */
	remove_files();
	write_file(path_of("leases.db"), db, STORE_PAGE_SIZE);
	write_file(path_of("leases.db-wal"), wal, wal_len);
	REFUSED_UNTOUCHED("is damaged");
	free(db);
	free(wal);
}

TEST_F(store, damage_is_refused_or_harmless)
{
	static struct model m;
	int64_t rejected;
	int i, opened = 0, wrong = 0;
	size_t len, at;
	uint8_t *file;

	FINE(change(self->s, &m, 60, &self->e));
	FINE(store_sync(self->s, &self->e));
	store_close(self->s);
	file = read_file(path_of("leases.db"), &len);
	for (i = 0; i < 300; i++) {
		at = any(len);
		file[at] ^= 0x5a;
		remove_files();
		write_file(path_of("leases.db"), file, len);
		file[at] ^= 0x5a;
		if (open_store(&self->s, &self->e))
			continue;
		opened++;
		if (!sqlite_pragma(sqlite_of(self->s),
				   "SELECT count(*) FROM rejected", &rejected, &self->e))
			wrong += rejected;
		store_close(self->s);
	}
	TH_LOG("%d opened, %d rows put aside", opened, wrong);
	write_file(path_of("leases.db"), file, len);
	FINE(open_store(&self->s, &self->e));
	free(file);
}

TEST_F(store, older_layouts_are_brought_up)
{
	static const char *const steps[] = {
		"CREATE TABLE one(x)", "ALTER TABLE one ADD COLUMN y DEFAULT 5; INSERT INTO one(x) VALUES(1)", "CREATE TABLE two AS SELECT y FROM one",
	};
	static const char *const bad[] = { "", "", "", "CREATE TABLE three(x)", "CREATE TABLE two(x)" };
	int64_t value;

	sqlite3_exec(sqlite_of(self->s)->db, "PRAGMA user_version = 0", NULL, NULL, NULL);
	FINE(sqlite_migrate(sqlite_of(self->s), steps, 2, &self->e));
	FINE(sqlite_migrate(sqlite_of(self->s), steps, 3, &self->e));
	FINE(sqlite_migrate(sqlite_of(self->s), steps, 3, &self->e));
	FINE(sqlite_pragma(sqlite_of(self->s), "SELECT y FROM two", &value, &self->e));
	EXPECT_EQ(5, value);
	EXPECT_EQ(-1, sqlite_migrate(sqlite_of(self->s), bad, 5, &self->e));
	EXPECT_NE(NULL, strstr(self->e.text, "bringing it to the present layout: table two already exists"));
	FINE(sqlite_pragma(sqlite_of(self->s), "PRAGMA user_version", &value, &self->e));
	EXPECT_EQ(3, value);
	FINE(sqlite_pragma(sqlite_of(self->s),
			   "SELECT count(*) FROM sqlite_master WHERE name = 'three'",
			   &value, &self->e));
	EXPECT_EQ(0, value);
	EXPECT_EQ(-1, sqlite_migrate(sqlite_of(self->s), steps, 2, &self->e));
	EXPECT_NE(NULL, strstr(self->e.text, "layout 3"));
	/* The way of a daemon that starts: an older store, and one whose step fails and which stays what it was */
	store_close(self->s);
	remove_files();
	run_sql("PRAGMA application_id = 0x6468706b; PRAGMA journal_mode = WAL; CREATE TABLE kept(x)");
	FINE(open_store(&self->s, &self->e));
	FINE(store_tick(self->s, &self->e));
	store_close(self->s);
	run_sql("SELECT * FROM kept; DROP TABLE leases; PRAGMA user_version = 0");
	REFUSED("bringing it to the present layout");
	run_sql("CREATE TABLE leases(x)");
}

/* Whoever can open it, can lock it: the directory is anybody's, and a copy of the file was put back. */
TEST_F(store, others_cannot_keep_it_from_being_opened)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY);

	store_close(self->s);
	self->s = NULL;
	ASSERT_EQ(0, chmod(dir, 0755));
	ASSERT_EQ(0, chmod(path_of("leases.db"), 0644));
	ASSERT_EQ(0, chmod(path_of("leases.db-wal"), 0644));
	ASSERT_EQ(0, flock(fd, LOCK_SH));
	FINE(open_store(&self->s, &self->e));
	EXPECT_EQ(0640, mode_of("leases.db"));
	EXPECT_EQ(0640, mode_of("leases.db-wal"));
	store_close(self->s);
	self->s = NULL;
	ASSERT_EQ(0, chmod(path_of("leases.db"), 0644));
	ASSERT_EQ(0, unlink(path_of("leases.db-wal")));
	FINE(open_store(&self->s, &self->e));
	EXPECT_EQ(0640, mode_of("leases.db-wal"));
	EXPECT_EQ(0600, mode_of("leases.db.lock"));
	close(fd);
}

TEST_F(store, a_file_that_goes_away_is_missed)
{
	static struct model m;

	FINE(store_tick(self->s, &self->e));
	ASSERT_EQ(0, rename(path_of("leases.db"), path_of("elsewhere")));
	EXPECT_EQ(-1, store_begin(self->s, &self->e));
	EXPECT_NE(NULL, strstr(self->e.text, "was moved or deleted while in use"));
	ASSERT_EQ(0, rename(path_of("elsewhere"), path_of("leases.db")));
	FINE(change(self->s, &m, 3, &self->e));
	FINE(store_sync(self->s, &self->e));
}

/* Somebody moves the directory, or mounts something over it: the next daemon finds what is at the path. */
TEST_F(store, a_directory_that_goes_away_is_missed)
{
	char elsewhere[sizeof(dir) + 2];
	static struct model m;

	FINE(store_tick(self->s, &self->e));
	snprintf(elsewhere, sizeof(elsewhere), "%s.x", dir);
	ASSERT_EQ(0, rename(dir, elsewhere));
	EXPECT_EQ(-1, store_begin(self->s, &self->e));
	EXPECT_NE(NULL, strstr(self->e.text, "was moved or deleted while in use"));
	ASSERT_EQ(0, rename(elsewhere, dir));
	FINE(change(self->s, &m, 3, &self->e));
	FINE(store_sync(self->s, &self->e));
}

/* Its log would be elsewhere, and looked for in vain. */
TEST_F(store, a_link_to_a_file_is_refused)
{
	store_close(self->s);
	ASSERT_EQ(0, rename(path_of("leases.db"), path_of("elsewhere")));
	ASSERT_EQ(0, symlink("elsewhere", path_of("leases.db")));
	REFUSED("is a symbolic link");
	ASSERT_EQ(0, rename(path_of("elsewhere"), path_of("leases.db")));
	FINE(open_store(&self->s, &self->e));
}

static int print_columns(void *arg, int n, char **values, char **names)
{
	int i;

	for (i = 0; i < n; i++)
		snprintf((char *)arg + strlen(arg), 1024 - strlen(arg), "%s=%s ", names[i], values[i]);
	return 0;
}

TEST_F(store, people_can_read_it)
{
	static const char expected[] =
		"address=192.0.2.5 state=bound htype=1 chaddr=02:00:00:00:00:ab client_kind=61 client=01ff "
		"server=192.0.2.1 hostname=box agent=010178 starts=2023-11-14T22:12:20Z expires=2023-11-14T23:12:20Z horizon=never ";
	struct stored_lease b = {
		.ip = 0xc0000205, .state = DHCPK_LEASE_BOUND, .htype = 1, .chaddr = { 2, 0, 0, 0, 0, 0xab },
		.chaddr_len = 6, .id_kind = 61, .id = { 1, 255 }, .id_len = 2, .hostname = "box", .hostname_len = 3,
		.starts = 40 * SECOND, .expires = 3640 * SECOND, .horizon = CLOCK_NEVER, .agent = { 1, 1, 'x' }, .agent_len = 3,
	};
	char text[1024] = "";

	b.server_id = htobe32(0xc0000201);
	FINE(store_begin(self->s, &self->e));
	FINE(store_put(self->s, &b, &self->e));
	b.ip++;
	memcpy(b.hostname, "a\33[", 3);
	FINE(store_put(self->s, &b, &self->e));
	FINE(store_sync(self->s, &self->e));
	ASSERT_EQ(0, sqlite3_exec(sqlite_of(self->s)->db, "SELECT * FROM bindings", print_columns,
				  text, NULL));
	EXPECT_EQ(0, strncmp(text, expected, strlen(expected))) {
		TH_LOG("%s", text);
	}
	EXPECT_NE(NULL, strstr(text, "hostname=0x611b5b "));
}

TEST_HARNESS_MAIN
