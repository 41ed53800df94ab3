// SPDX-License-Identifier: GPL-2.0-or-later
/* A file and a log that were not written together, as after a copy of one of them was put back. */
#include "store_util.h"
#include "kselftest_harness.h"

enum { N_STATES = 24 };

/* The two files as a power cut would leave them, and what they hold */
struct state {
	uint8_t		*file, *log;
	size_t		file_len, log_len;
	struct model	m;
};

FIXTURE(pair) {
	struct store	*s;
	struct err	e;
	struct state	state[N_STATES];
};

FIXTURE_SETUP(pair)
{
	make_dir();
	ASSERT_EQ(0, open_store(&self->s, &self->e));
}

FIXTURE_TEARDOWN(pair)
{
	int i;

	for (i = 0; i < N_STATES; i++) {
		free(self->state[i].file);
		free(self->state[i].log);
	}
	store_close(self->s);
	remove_dir();
}

static void take(struct state *state, const struct model *m)
{
	state->file = read_file(path_of("leases.db"), &state->file_len);
	state->log = read_file(path_of("leases.db-wal"), &state->log_len);
	state->m = *m;
}

static void put(const struct state *file, const struct state *log)
{
	remove_files();
	write_file(path_of("leases.db"), file->file, file->file_len);
	if (log->log)
		write_file(path_of("leases.db-wal"), log->log, log->log_len);
}

/* Transactions of several sizes, a log that starts over now and then, and a daemon that ends in good order once */
static int fill(struct store **s, struct state *state, struct err *e)
{
	struct model m = {};
	int i;

	for (i = 0; i < N_STATES; i++) {
		sqlite_of(*s)->checkpoint_at = 1 + any(30);
		if (i == N_STATES / 2) {
			store_close(*s);
			*s = NULL;
			if (open_store(s, e))
				return -1;
		}
		if (change(*s, &m, 1 + any(12), e) || store_sync(*s, e))
			return -1;
		take(&state[i], &m);
	}
	store_close(*s);
	*s = NULL;
	return 0;
}

/* An older file with a newer log is the newer store, or it is refused. */
TEST_F(pair, P1_an_older_file_beside_a_newer_log)
{
	int i, j, refused = 0;

	ASSERT_EQ(0, fill(&self->s, self->state, &self->e)) { TH_LOG("%s", self->e.text); }
	for (j = 0; j < N_STATES; j++) {
		for (i = 0; i <= j; i++) {
			put(&self->state[i], &self->state[j]);
			if (open_store(&self->s, &self->e)) {
				ASSERT_LT(i, j) { TH_LOG("%s", self->e.text); }
				ASSERT_NE(NULL, strstr(self->e.text, "belongs to another state of it")) { TH_LOG("%s", self->e.text); }
				refused++;
			} else {
				ASSERT_EQ(true, holds(self->s, &self->state[j].m)) { TH_LOG("file %d, log %d", i, j); }
			}
			store_close(self->s);
			self->s = NULL;
		}
	}
	EXPECT_LT(N_STATES, refused);
}

static bool same_bytes(const char *name, const uint8_t *before, size_t before_len)
{
	size_t len;
	uint8_t *now = read_file(path_of(name), &len);
	bool same = now && len == before_len && !memcmp(now, before, len);

	free(now);
	return same;
}

/* Both are left as they were found; without the log, as the text says, the older file is a store. */
TEST_F(pair, P1_a_pair_that_is_refused_is_not_touched)
{
	const struct state *old = &self->state[0], *new = &self->state[N_STATES - 1];

	ASSERT_EQ(0, fill(&self->s, self->state, &self->e));
	put(old, new);
	ASSERT_EQ(-1, open_store(&self->s, &self->e));
	EXPECT_EQ(true, same_bytes("leases.db", old->file, old->file_len));
	EXPECT_EQ(true, same_bytes("leases.db-wal", new->log, new->log_len));
	remove(path_of("leases.db-wal"));
	ASSERT_EQ(0, open_store(&self->s, &self->e)) { TH_LOG("%s", self->e.text); }
}

/* A process that ends without tidying up, so that what it has done is in the log */
static void run_and_leave(const char *sql)
{
	sqlite3 *db;

	if (sqlite3_open_v2(path_of("leases.db"), &db, SQLITE_OPEN_READWRITE, "unix"))
		abort();
	sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL))
		abort();
	sqlite3_close(db);
}

#define BACK_TO_LAYOUT_2 \
	"ALTER TABLE store DROP COLUMN log; ALTER TABLE store DROP COLUMN log_before; PRAGMA user_version = 2"

/* A file of the layout before, and its log, have nothing to tell by. */
TEST_F(pair, a_log_without_a_number)
{
	struct state before = {};
	struct model m = {};

	ASSERT_EQ(0, change(self->s, &m, 12, &self->e));
	ASSERT_EQ(0, store_sync(self->s, &self->e));
	store_close(self->s);
	self->s = NULL;
	run_and_leave(BACK_TO_LAYOUT_2);
	take(&before, &m);
	EXPECT_LT(0, before.log_len);
	ASSERT_EQ(0, open_store(&self->s, &self->e)) { TH_LOG("%s", self->e.text); }
	EXPECT_EQ(true, holds(self->s, &m));
	store_close(self->s);
	run_sql("DELETE FROM rejected");
	put(&before, &before);
	ASSERT_EQ(0, open_store(&self->s, &self->e)) { TH_LOG("%s", self->e.text); }
	EXPECT_EQ(true, holds(self->s, &m));
	free(before.file);
	free(before.log);
}

/* A copy from before the upgrade is older than any log that has a number. */
TEST_F(pair, P1_a_file_of_the_layout_before_beside_a_newer_log)
{
	struct state before = {}, after = {};
	struct model m = {};

	ASSERT_EQ(0, change(self->s, &m, 12, &self->e));
	ASSERT_EQ(0, store_sync(self->s, &self->e));
	store_close(self->s);
	run_sql(BACK_TO_LAYOUT_2);
	take(&before, &m);
	ASSERT_EQ(0, open_store(&self->s, &self->e)) { TH_LOG("%s", self->e.text); }
	sqlite_of(self->s)->checkpoint_at = 1;
	ASSERT_EQ(0, change(self->s, &m, 3, &self->e) || store_sync(self->s, &self->e));
	take(&after, &m);
	store_close(self->s);
	self->s = NULL;
	put(&before, &after);
	ASSERT_EQ(-1, open_store(&self->s, &self->e));
	EXPECT_NE(NULL, strstr(self->e.text, "belongs to another state of it")) { TH_LOG("%s", self->e.text); }
	free(before.file);
	free(before.log);
	free(after.file);
	free(after.log);
}

TEST_HARNESS_MAIN
