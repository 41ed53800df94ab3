// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Disks that fail and processes that are killed. The Nth write, sync or truncation fails, once or from then on; then
 * nothing is acknowledged, and when the disk works again everything that was is there, and nothing else.
 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store_disk.h"
#include "kselftest_harness.h"

/* ---- tests ---- */

FIXTURE(fault) {
	struct store	*s;
	struct err	e;
	struct model	m, next;
};

FIXTURE_SETUP(fault)
{
	make_dir();
	put_shim();
	ASSERT_EQ(0, open_store(&self->s, &self->e));
}

FIXTURE_TEARDOWN(fault)
{
	store_close(self->s);
	remove_dir();
}

#define FINE(call) ASSERT_EQ(0, call) { TH_LOG("%s", self->e.text); }

static const char *const reasons[N_FAULTS] = {
	[WRITE_ENOSPC] = "cannot write, while", [WRITE_EIO] = "cannot write, while", [SHORT_WRITE] = "cannot write, while",
	[SYNC_EIO] = "cannot sync, while", [SYNC_ENOSPC] = "cannot sync, while", [TRUNCATE_EIO] = "cannot truncate, while",
};

static bool says_why(enum fault kind, const struct err *e)
{
	const char *error = strerror(kind == WRITE_ENOSPC || kind == SYNC_ENOSPC ? ENOSPC : EIO);

	if (!strstr(e->text, "/leases.db: ") || !strstr(e->text, error))
		return false;
	return strstr(e->text, reasons[kind]) || strstr(e->text, "cut a failed transaction");
}

/* A few transactions, with checkpoints between them. False if the store and the model came apart. */
static bool work(struct store *s, struct model *m, struct model *next, enum fault kind)
{
	struct err e = {};
	int i, err;

	for (i = 0; i < 8; i++) {
		*next = *m;
		err = change(s, next, 1 + any(12), &e) || store_sync(s, &e);
		if (!err)
			*m = *next;
		else if (!says_why(kind, &e))
			return fprintf(stderr, "# \"%s\"\n", e.text), false;
		if (i == 5 && store_tick(s, &e) && !says_why(kind, &e))
			return fprintf(stderr, "# \"%s\"\n", e.text), false;
		/* While the disk fails it may be that nothing can be read; then nothing is said */
		if (disk.kind == NO_FAULT && !holds(s, m))
			return false;
	}
	return true;
}

/* Each kind of fault at each place where it can come, until there are no more places. */
static int torture(struct store **s, struct model *m, struct model *next, enum fault kind, bool once, int *rounds)
{
	struct err e = {};

	for (*rounds = 0; ; ++*rounds) {
		sqlite_of(*s)->checkpoint_at = 1 + any(40);
		disk.after = *rounds;
		disk.once = once;
		disk.hit = false;
		disk.kind = kind;
		if (!work(*s, m, next, kind))
			return 1;
		disk.kind = NO_FAULT;
		*next = *m;
		if (change(*s, next, 5, &e) || store_sync(*s, &e))
			return fprintf(stderr, "# %s\n", e.text), 2;
		*m = *next;
		if (!holds(*s, m))
			return 3;
		store_close(*s);
		*s = NULL;
		if (open_store(s, &e) || !holds(*s, m))
			return fprintf(stderr, "# %s\n", e.text), 4;
		if (!disk.hit)
			return 0;
	}
}

TEST_F_TIMEOUT(fault, every_write_sync_and_truncation_fails_once_and_for_good, 200)
{
	enum fault kind;
	int once, rounds;

	for (kind = NO_FAULT + 1; kind < N_FAULTS; kind++) {
		for (once = 0; once < 2; once++) {
			ASSERT_EQ(0, torture(&self->s, &self->m, &self->next, kind, once, &rounds)) {
				TH_LOG("kind %d, %s, %d", kind, once ? "once" : "for good", rounds);
			}
			EXPECT_LT(kind == TRUNCATE_EIO ? 0 : 10, rounds);
		}
	}
}

/* What a process would find that has these files, and does not know what failed. */
static int found_by_another(const struct model *m)
{
	size_t db_len, wal_len;
	uint8_t *db = read_file(path_of("leases.db"), &db_len), *wal = read_file(path_of("leases.db-wal"), &wal_len);
	struct store *s;
	struct err e = {};
	int status;

	if (!fork()) {
		make_dir();
		write_file(path_of("leases.db"), db, db_len);
		if (wal)
			write_file(path_of("leases.db-wal"), wal, wal_len);
		status = open_store(&s, &e) || !holds(s, m);
		remove_dir();
		_exit(status);
	}
	free(db);
	free(wal);
	wait(&status);
	return status;
}

/* ---- somebody's hands on the log ---- */

#define LOG	path_of("leases.db-wal")
#define STORED(seq) do { \
	FINE(change(self->s, &self->m, 10, &self->e)); \
	store_mark(self->s, seq); \
	FINE(store_sync(self->s, &self->e)); \
} while (0)

static const char *const removed = "leases.db: its log was removed while in use; what was in it is in the file now";
static const char *const cut = "leases.db: its log was cut while in use; all bindings are written once more";

static bool says(const struct err *e, const char *text)
{
	return e->not_now && strstr(e->text, text);
}

/* The same file as it is at @path, or as it was, under another inode number */
static void put_in_place(const char *path, const uint8_t *bytes, size_t len)
{
	write_file(path_of("leases.db-journal"), bytes, len);
	if (rename(path_of("leases.db-journal"), path))
		abort();
}

TEST_F(fault, the_log_is_removed_between_transactions)
{
	STORED(70);
	ASSERT_EQ(0, unlink(LOG));
	EXPECT_EQ(-1, change(self->s, &self->next, 10, &self->e));
	EXPECT_TRUE(says(&self->e, removed));
	EXPECT_EQ(0, found_by_another(&self->m));
	EXPECT_EQ(70, store_seq(self->s));
	STORED(80);
	EXPECT_EQ(0, found_by_another(&self->m));
	EXPECT_EQ(80, store_seq(self->s));
}

TEST_F(fault, the_log_is_removed_in_a_transaction)
{
	FINE(change(self->s, &self->m, 10, &self->e));
	ASSERT_EQ(0, unlink(LOG));
	EXPECT_EQ(-1, store_sync(self->s, &self->e));
	EXPECT_TRUE(says(&self->e, removed));
	EXPECT_EQ(0, found_by_another(&self->m));
	STORED(80);
	EXPECT_EQ(0, found_by_another(&self->m));
}

/* An older copy of it is whole, too, and says something else. */
TEST_F(fault, an_older_log_is_put_in_place)
{
	size_t len;
	uint8_t *older;

	STORED(70);
	older = read_file(LOG, &len);
	STORED(71);
	put_in_place(LOG, older, len);
	free(older);
	EXPECT_EQ(-1, change(self->s, &self->next, 10, &self->e));
	EXPECT_TRUE(says(&self->e, removed));
	EXPECT_EQ(0, found_by_another(&self->m));
	STORED(80);
	EXPECT_EQ(0, found_by_another(&self->m));
}

/* The disk is full, a commit fails, and somebody removes the log to make room. */
TEST_F(fault, the_log_is_removed_after_a_fault)
{
	static const enum fault kinds[] = { WRITE_ENOSPC, SYNC_EIO };
	size_t i;
	int tries;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		STORED(70);
		self->next = self->m;
		FINE(change(self->s, &self->next, 10, &self->e));
		disk.kind = kinds[i];
		disk.after = 0;
		disk.once = false;
		EXPECT_EQ(-1, store_sync(self->s, &self->e));
		ASSERT_EQ(0, unlink(LOG));
		disk.kind = NO_FAULT;
		for (tries = 0; tries < 3 && store_tick(self->s, &self->e); tries++)
			EXPECT_TRUE(says(&self->e, removed));
		EXPECT_EQ(1, tries);
		EXPECT_EQ(0, found_by_another(&self->m));
		EXPECT_TRUE(holds(self->s, &self->m));
	}
}

/* While it is moved into the file a write fails, whichever; what is left of the file then is good for nothing. */
TEST_F(fault, the_log_is_removed_and_the_file_has_no_room)
{
	int after, tries;

	for (after = 0; ; after++) {
		STORED(70);
		STORED(71);
		ASSERT_EQ(0, unlink(LOG));
		disk.kind = WRITE_ENOSPC;
		disk.after = after;
		disk.once = true;
		disk.hit = false;
		EXPECT_EQ(-1, store_tick(self->s, &self->e));
		disk.kind = NO_FAULT;
		for (tries = 0; tries < 3 && store_tick(self->s, &self->e); tries++)
			EXPECT_TRUE(says(&self->e, removed));
		EXPECT_EQ(disk.hit, tries);
		ASSERT_EQ(0, found_by_another(&self->m)) { TH_LOG("write %d", after); }
		ASSERT_TRUE(holds(self->s, &self->m));
		if (!disk.hit)
			break;
	}
	EXPECT_LT(3, after);
}

static void let_files_grow_to(rlim_t size)
{
	const struct rlimit limit = { size, RLIM_INFINITY };

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit))
		abort();
}

/* A disk that is full takes pages in place of others, but no more of them: the file stays what it was. */
TEST_F(fault, the_log_is_removed_and_the_file_cannot_grow)
{
	const struct model nothing = {};
	struct stat st;

	STORED(70);
	ASSERT_EQ(0, unlink(LOG));
	ASSERT_EQ(0, stat(path_of("leases.db"), &st));
	let_files_grow_to(st.st_size);
	EXPECT_EQ(-1, store_tick(self->s, &self->e));
	EXPECT_NE(NULL, strstr(self->e.text, "make room on the disk before dhcpkd ends")) TH_LOG("%s", self->e.text);
	let_files_grow_to(RLIM_INFINITY);
	EXPECT_EQ(0, found_by_another(&nothing));
	EXPECT_EQ(-1, store_tick(self->s, &self->e));
	EXPECT_TRUE(says(&self->e, removed));
	EXPECT_EQ(0, found_by_another(&self->m));
	STORED(71);
	EXPECT_EQ(0, found_by_another(&self->m));
}

TEST_F(fault, the_log_is_removed_before_the_end)
{
	STORED(70);
	ASSERT_EQ(0, unlink(LOG));
	store_close(self->s);
	self->s = NULL;
	FINE(open_store(&self->s, &self->e));
	EXPECT_TRUE(holds(self->s, &self->m));
	EXPECT_EQ(70, store_seq(self->s));
}

/* A copy that takes the name while the disk fails is not the store that the daemon knows. */
TEST_F(fault, P1_another_file_in_its_place_after_a_fault)
{
	size_t len;
	uint8_t *copy = read_file(path_of("leases.db"), &len);

	STORED(70);
	disk.kind = SYNC_EIO;
	disk.once = true;
	disk.after = 0;
	self->next = self->m;
	FINE(change(self->s, &self->next, 5, &self->e));
	ASSERT_EQ(-1, store_sync(self->s, &self->e));
	ASSERT_EQ(0, rename(path_of("leases.db"), path_of("elsewhere")));
	write_file(path_of("leases.db"), copy, len);
	EXPECT_EQ(-1, store_begin(self->s, &self->e));
	EXPECT_NE(NULL, strstr(self->e.text, "was moved or deleted while in use"));
	ASSERT_EQ(0, rename(path_of("elsewhere"), path_of("leases.db")));
	STORED(5);
	EXPECT_TRUE(holds(self->s, &self->m));
	free(copy);
}

/* As by somebody who moves them away, and copies them back */
TEST_F(fault, both_files_are_copied_back)
{
	static const char *const names[] = { "leases.db", "leases.db-wal" };
	size_t i, len;
	uint8_t *bytes;

	STORED(70);
	STORED(71);
	for (i = 0; i < 2; i++) {
		bytes = read_file(path_of(names[i]), &len);
		put_in_place(path_of(names[i]), bytes, len);
		free(bytes);
	}
	EXPECT_EQ(-1, change(self->s, &self->next, 10, &self->e));
	EXPECT_NE(NULL, strstr(self->e.text, "was moved or deleted while in use"));
	store_close(self->s);
	self->s = NULL;
	FINE(open_store(&self->s, &self->e));
	EXPECT_TRUE(holds(self->s, &self->m));
	EXPECT_EQ(71, store_seq(self->s));
}

/* What was in it is lost, and no half of it is believed: the kernel hears that the store knows of nothing. */
FIXTURE(cuts) {
	struct store	*s;
	struct err	e;
	struct model	m;
};

FIXTURE_VARIANT(cuts) {
	off_t	by;
};

FIXTURE_VARIANT_ADD(cuts, by_a_byte) { .by = 1 };
FIXTURE_VARIANT_ADD(cuts, by_some_pages) { .by = 5000 };
FIXTURE_VARIANT_ADD(cuts, by_all) { .by = INT32_MAX };

FIXTURE_SETUP(cuts)
{
	make_dir();
	put_shim();
	ASSERT_EQ(0, open_store(&self->s, &self->e));
	STORED(70);
	STORED(71);
}

FIXTURE_TEARDOWN(cuts)
{
	store_close(self->s);
	remove_dir();
}

static void cut_log(off_t by)
{
	struct stat st;

	if (stat(LOG, &st) || truncate(LOG, st.st_size > by ? st.st_size - by : 0))
		abort();
}

/* @call notices it: the store says that it knows of nothing, and so does what is found on the disk. */
#define IS_LOST(call) do { \
	EXPECT_EQ(-1, call); \
	EXPECT_TRUE(says(&self->e, cut)); \
	EXPECT_EQ(0, store_seq(self->s)); \
	self->m = (struct model){}; \
	EXPECT_EQ(0, found_by_another(&self->m)); \
} while (0)

TEST_F(cuts, between_transactions)
{
	cut_log(variant->by);
	IS_LOST(change(self->s, &self->m, 10, &self->e));
	STORED(80);
	EXPECT_EQ(0, found_by_another(&self->m));
}

TEST_F(cuts, in_a_transaction)
{
	FINE(change(self->s, &self->m, 10, &self->e));
	cut_log(variant->by);
	IS_LOST(store_sync(self->s, &self->e));
	STORED(80);
	EXPECT_EQ(0, found_by_another(&self->m));
}

/* One for which a cache of ten pages has no room */
TEST_F(cuts, in_a_large_transaction)
{
	struct stored_lease b;
	int i;

	ASSERT_EQ(0, sqlite3_exec(sqlite_of(self->s)->db, "PRAGMA cache_size = 10", NULL, NULL,
				  NULL));
	FINE(store_begin(self->s, &self->e));
	for (i = 0; i < 1000; i++) {
		any_binding(0, &b);
		b.ip = 0x0a000000 + any(100000);
		FINE(store_put(self->s, &b, &self->e));
		if (i == 100)
			cut_log(variant->by);
	}
	IS_LOST(store_sync(self->s, &self->e));
}

/* Written over it, an older one may be as long. */
TEST_F(cuts, and_filled_with_an_older_one)
{
	size_t len;
	uint8_t *older = read_file(LOG, &len);

	sqlite_of(self->s)->checkpoint_at = 1;
	FINE(store_tick(self->s, &self->e));
	sqlite_of(self->s)->checkpoint_at = 2000;
	FINE(store_tick(self->s, &self->e));
	write_file(LOG, older, len);
	free(older);
	EXPECT_EQ(-1, store_tick(self->s, &self->e));
	EXPECT_TRUE(says(&self->e, cut));
	EXPECT_TRUE(holds(self->s, &self->m));
	EXPECT_EQ(0, found_by_another(&self->m));
}

TEST_F(cuts, before_the_end)
{
	cut_log(variant->by);
	store_close(self->s);
	self->s = NULL;
	FINE(open_store(&self->s, &self->e));
	self->m = (struct model){};
	EXPECT_TRUE(holds(self->s, &self->m));
}

/* Half a log is not believed because it could not be emptied at once, either. */
TEST_F(cuts, and_cannot_be_emptied)
{
	int tries;

	cut_log(variant->by);
	disk.kind = TRUNCATE_EIO;
	disk.after = 0;
	disk.once = false;
	EXPECT_EQ(-1, store_tick(self->s, &self->e));
	EXPECT_TRUE(says(&self->e, cut));
	for (tries = 0; tries < 2 && variant->by < INT32_MAX; tries++)
		EXPECT_EQ(-1, store_tick(self->s, &self->e));
	disk.kind = NO_FAULT;
	FINE(store_tick(self->s, &self->e));
	self->m = (struct model){};
	EXPECT_TRUE(holds(self->s, &self->m));
	EXPECT_EQ(0, found_by_another(&self->m));
}

/* ---- faults, again ---- */

/* The trap: the transaction whose sync failed is whole in the log, and whoever reads it finds it. */
TEST_F(fault, a_failed_sync_is_not_found_again)
{
	FINE(change(self->s, &self->m, 10, &self->e));
	FINE(store_sync(self->s, &self->e));
	self->next = self->m;
	FINE(change(self->s, &self->next, 10, &self->e));
	disk.kind = SYNC_EIO;
	disk.once = true;
	disk.after = 0;
	EXPECT_EQ(-1, store_sync(self->s, &self->e));
	EXPECT_NE(NULL, strstr(self->e.text, "cannot sync, while committing: Input/output error"));
	/* Killed at once, or going on */
	EXPECT_EQ(0, found_by_another(&self->m));
	EXPECT_TRUE(holds(self->s, &self->m));
	FINE(store_tick(self->s, &self->e));
	EXPECT_TRUE(holds(self->s, &self->m));
}

/* A daemon is killed in its sync, and the machine goes on: what it wrote can be read. */
static void killed_in_its_sync(struct store **s, struct model *m, struct model *next)
{
	struct err e = {};
	int status;

	store_close(*s);
	*s = NULL;
	if (!fork()) {
		if (open_store(s, &e) || change(*s, m, 10, &e) || store_sync(*s, &e) || change(*s, next, 10, &e))
			_exit(1);
		disk.deadly = true;
		store_sync(*s, &e);
		_exit(2);
	}
	wait(&status);
	if (status)
		abort();
}

/* ... and is not believed before it is synced. */
TEST_F(fault, P2_a_log_is_synced_before_it_is_read)
{
	killed_in_its_sync(&self->s, &self->m, &self->next);
	disk.kind = SYNC_EIO;
	disk.once = false;
	disk.after = 0;
	EXPECT_EQ(-1, open_store(&self->s, &self->e));
	EXPECT_NE(NULL, strstr(self->e.text, "cannot sync its log: Input/output error")) TH_LOG("%s", self->e.text);
	disk.kind = NO_FAULT;
	FINE(open_store(&self->s, &self->e));
	EXPECT_EQ(0, disk.unsynced);
}

/* A disk that is full, or takes no writes, can be synced: then the log is what is believed. */
TEST_F(fault, P5_a_log_on_a_full_disk_can_be_read)
{
	enum fault kind;

	for (kind = WRITE_ENOSPC; kind <= WRITE_EIO; kind++) {
		killed_in_its_sync(&self->s, &self->m, &self->next);
		disk.kind = kind;
		disk.once = false;
		disk.after = 0;
		disk.synced = 0;
		FINE(open_store(&self->s, &self->e));
		EXPECT_LT(0, disk.synced);
		EXPECT_EQ(-1, store_tick(self->s, &self->e));
		disk.kind = NO_FAULT;
		FINE(store_tick(self->s, &self->e));
	}
}

/* A start on a full disk: what is there can be read, and so known clients be served. */
TEST_F(fault, a_full_disk_can_be_read)
{
	FINE(change(self->s, &self->m, 20, &self->e));
	FINE(store_sync(self->s, &self->e));
	store_close(self->s);
	strcpy(fake.boot_id, "boot-2");
	disk.kind = WRITE_ENOSPC;
	disk.once = false;
	disk.after = 0;
	FINE(open_store(&self->s, &self->e));
	EXPECT_EQ(-1, store_tick(self->s, &self->e));
	EXPECT_NE(NULL, strstr(self->e.text, "No space left on device"));
	disk.kind = NO_FAULT;
	FINE(store_tick(self->s, &self->e));
}

TEST_F_TIMEOUT(fault, a_store_that_cannot_be_made_is_not_there, 200)
{
	enum fault kind;
	int n;

	for (kind = NO_FAULT + 1; kind <= SYNC_ENOSPC; kind++) {
		for (n = 0, disk.hit = true; disk.hit; n++) {
			store_close(self->s);
			self->s = NULL;
			remove_files();
			disk.hit = false;
			disk.once = false;
			disk.after = n;
			disk.kind = kind;
			if (!open_store(&self->s, &self->e)) {
				disk.kind = NO_FAULT;
				continue;
			}
			disk.kind = NO_FAULT;
			EXPECT_NE(0, access(path_of("leases.db.new"), F_OK));
			if (access(path_of("leases.db"), F_OK))
				EXPECT_TRUE(says_why(kind, &self->e) || strstr(self->e.text, ".new")) TH_LOG("%s", self->e.text);
			FINE(open_store(&self->s, &self->e));
		}
		EXPECT_LT(3, n);
	}
}

/* ---- kill -9 ---- */

/* Rows, each with its number, 1 the first; the number goes down the pipe when it is synced. */
static void write_for_ever(int fd, uint32_t from)
{
	struct stored_lease b = { .state = DHCPK_LEASE_BOUND, .id_len = 1, .id_kind = 1 };
	struct store *s;
	struct err e;
	int i, n;

	if (store_open(&s, dir, &e))
		_exit(1);
	sqlite_of(s)->checkpoint_at = 20;
	for (n = 1; ; n = n % 7 + 1) {
		if (store_begin(s, &e))
			_exit(1);
		for (i = 0; i < n; i++) {
			b.ip = ++from;
			b.starts = b.ip;
			if (store_put(s, &b, &e))
				_exit(1);
		}
		if (store_sync(s, &e) || write(fd, &from, sizeof(from)) != sizeof(from))
			_exit(1);
	}
}

static int count_up(const struct stored_lease *b, void *arg)
{
	uint32_t *n = arg;

	return b->ip != ++*n;
}

/* Longer than 30 s only where many other things are done. */
TEST_F_TIMEOUT(fault, killed_a_hundred_times, 200)
{
	uint32_t promised = 0, found, n;
	int round, fds[2], status;
	pid_t pid;

	store_close(self->s);
	self->s = NULL;
	for (round = 0; round < 100; round++) {
		ASSERT_EQ(0, pipe(fds));
		pid = fork();
		if (!pid)
			write_for_ever(fds[1], promised);
		close(fds[1]);
		if (read(fds[0], &n, sizeof(n)) == sizeof(n))
			promised = n;
		usleep(any(3000));
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		ASSERT_TRUE(WIFSIGNALED(status));
		while (read(fds[0], &n, sizeof(n)) == sizeof(n))
			promised = n;
		close(fds[0]);
		FINE(store_open(&self->s, dir, &self->e));
		found = 0;
		FINE(store_each(self->s, 0, 0, count_up, &found, &self->e));
		ASSERT_LE(promised, found);
		ASSERT_GE(promised + 7, found);
		promised = found;
		store_close(self->s);
		self->s = NULL;
	}
	TH_LOG("%u rows", promised);
	ASSERT_LT(1000, promised);
}

TEST_HARNESS_MAIN
