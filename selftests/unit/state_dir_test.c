// SPDX-License-Identifier: GPL-2.0-or-later
/* Which files are the daemon's own, by whichever name */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dhcpkd/state_dir.h"
#include "kselftest_harness.h"

FIXTURE(state) {
	char	dir[32];
	char	here[PATH_MAX];
};

static void make_file(const char *path)
{
	close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

/* In the directory above: the store in "state", and other names of it */
FIXTURE_SETUP(state)
{
	strcpy(self->dir, "/tmp/state_dir_test.XXXXXX");
	ASSERT_NE(NULL, getcwd(self->here, sizeof(self->here)));
	ASSERT_NE(NULL, mkdtemp(self->dir));
	ASSERT_EQ(0, chdir(self->dir));
	ASSERT_EQ(0, mkdir("state", 0700));
	ASSERT_EQ(0, mkdir("other", 0700));
	make_file("state/leases.db");
	make_file("state/other.conf");
	make_file("other/leases.db");
	ASSERT_EQ(0, link("state/leases.db", "hard"));
	ASSERT_EQ(0, symlink("state/leases.db", "soft"));
	ASSERT_EQ(0, symlink("state", "link"));
	ASSERT_EQ(0, symlink("other.conf", "state/last-good.conf"));
}

FIXTURE_TEARDOWN(state)
{
	static const char *const made[] = {
		"state/leases.db", "state/other.conf", "state/last-good.conf", "other/leases.db", "hard", "soft", "link",
		"state", "other",
	};
	size_t i;

	for (i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		remove(made[i]);
	ASSERT_EQ(0, chdir(self->here));
	ASSERT_EQ(0, rmdir(self->dir));
}

/* -1 for the daemon's own, be its directory named from the root or from here */
static int check(FIXTURE_DATA(state) *s, const char *file, struct err *e)
{
	char path[PATH_MAX];
	int result;

	snprintf(path, sizeof(path), "%s/state", s->dir);
	memset(e, 0, sizeof(*e));
	result = state_dir_check("state", file, e);
	return state_dir_check(path, file, e) == result ? result : 1;
}

TEST_F(state, the_daemons_own)
{
	static const char *const files[] = {
		"state/leases.db", "./state//leases.db", "state/../link/leases.db", "hard", "soft", "state/other.conf",
		/* These are not there. */
		"state/leases.db-wal", "link/leases.db-shm", "state/leases.db-journal", "state/leases.db.new",
	};
	char path[PATH_MAX];
	struct err e;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		EXPECT_EQ(-1, check(self, files[i], &e))
			TH_LOG("%s", files[i]);
		snprintf(path, sizeof(path), "%s/%s", self->dir, files[i]);
		EXPECT_EQ(-1, check(self, path, &e))
			TH_LOG("%s", path);
	}
	EXPECT_EQ(-1, check(self, "hard", &e));
	EXPECT_STREQ("hard is dhcpkd's own leases.db, and no configuration; name another file", e.text);
	ASSERT_EQ(0, chdir("state"));
	EXPECT_EQ(-1, state_dir_check(".", "leases.db-wal", &e));
	ASSERT_EQ(0, chdir(".."));
}

TEST_F(state, of_others)
{
	static const char *const files[] = {
		"other/leases.db", "leases.db", "leases.db-wal", "state/dhcpkd.conf", "state", "nowhere/leases.db",
		"/dev/zero", "",
	};
	struct err e;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		EXPECT_EQ(0, check(self, files[i], &e))
			TH_LOG("file %zu", i);
}

TEST_HARNESS_MAIN
