// SPDX-License-Identifier: GPL-2.0-or-later
/* Times of the store over reboots, steps of the wall clock and suspend; nothing waits, the clocks are set. */
#include "store_util.h"
#include "kselftest_harness.h"

#define HOUR	((int64_t)(3600 * SECOND))
#define DAY	(24 * HOUR)

FIXTURE(clock) {
	struct store	*s;
	struct err	e;
};

FIXTURE_SETUP(clock)
{
	make_dir();
	ASSERT_EQ(0, open_store(&self->s, &self->e));
}

FIXTURE_TEARDOWN(clock)
{
	store_close(self->s);
	remove_dir();
}

#define FINE(call) ASSERT_EQ(0, call) { TH_LOG("%s", self->e.text); }

/* Both clocks go on. Suspended or not: CLOCK_BOOTTIME does not care. */
static void pass(int64_t ns)
{
	fake.boot_ns += ns;
	fake.wall_ns += ns;
}

/* A day's lease from now on, of which one row is written: it ends at this time of this boot. */
static uint64_t lease(struct store *s, int key, struct err *e)
{
	struct stored_lease b;

	any_binding(key, &b);
	b.starts = fake.boot_ns;
	b.expires = fake.boot_ns + DAY;
	b.horizon = CLOCK_NEVER;
	if (store_begin(s, e) || store_put(s, &b, e) || store_sync(s, e))
		abort();
	return b.expires;
}

static int take_one(const struct stored_lease *b, void *arg)
{
	*(struct stored_lease *)arg = *b;
	return 0;
}

/* How long the lease still has. */
static int64_t left(struct store *s, int key, struct err *e)
{
	struct stored_lease b = {};

	if (store_each(s, ip_of(key), 32, take_one, &b, e) || b.horizon != CLOCK_NEVER)
		abort();
	return b.expires - fake.boot_ns;
}

/* From the power cut to the first look at the clocks it takes @off; the wall clock says @wall_error more, by then. */
static void power_cut(int64_t off, int64_t wall_error)
{
	static int boots = 1;

	fake.wall_ns += off + wall_error;
	fake.boot_ns = 20 * SECOND;	/* until the daemon runs */
	snprintf(fake.boot_id, sizeof(fake.boot_id), "boot-%d", ++boots);
}

#define REBOOT(off, wall_error) do { \
	power_cut(off, wall_error); \
	store_close(self->s); \
	self->s = NULL; \
	FINE(open_store(&self->s, &self->e)); \
} while (0)

TEST_F(clock, the_machines_own)
{
	struct clock_now a, b;

	FINE(clock_read(&a, &self->e));
	FINE(clock_read(&b, &self->e));
	EXPECT_EQ(36, strlen(a.boot_id));
	EXPECT_STREQ(a.boot_id, b.boot_id);
	EXPECT_LE(a.boot_ns, b.boot_ns);
	EXPECT_LT(1600000000 * (int64_t)SECOND, a.wall_ns);
}

TEST_F(clock, a_reboot_takes_as_long_as_the_wall_clock_says)
{
	lease(self->s, 0, &self->e);
	pass(HOUR);
	REBOOT(2 * HOUR, 0);
	EXPECT_EQ(DAY - 3 * HOUR, left(self->s, 0, &self->e));
	/* Nothing was written in this boot; and then something was */
	REBOOT(HOUR, 0);
	EXPECT_EQ(DAY - 4 * HOUR, left(self->s, 0, &self->e));
	lease(self->s, N_IPS, &self->e);
	REBOOT(HOUR, 0);
	EXPECT_EQ(DAY - 5 * HOUR, left(self->s, 0, &self->e));
	EXPECT_EQ(DAY - HOUR, left(self->s, N_IPS, &self->e));
	/* Long past is 0, never is never */
	REBOOT(YEAR, 0);
	EXPECT_EQ(-(int64_t)fake.boot_ns, left(self->s, 0, &self->e));
}

/* Its number goes into what tells the file from an older copy, which differs from boot to boot. */
TEST_F(clock, a_boot_of_a_high_number)
{
	uint64_t seq;

	lease(self->s, 0, &self->e);
	store_close(self->s);
	self->s = NULL;
	run_sql("UPDATE boots SET n = 40000; UPDATE leases SET boot = 40000");
	power_cut(HOUR, 0);
	FINE(open_store(&self->s, &self->e));
	EXPECT_EQ(DAY - HOUR, left(self->s, 0, &self->e));
	seq = store_seq(self->s);
	EXPECT_LT(0, seq);
	REBOOT(HOUR, 0);
	EXPECT_EQ(seq, store_seq(self->s)); /* nothing was written */
	lease(self->s, 0, &self->e);
	REBOOT(HOUR, 0);
	EXPECT_NE(seq, store_seq(self->s));
	EXPECT_EQ(DAY - HOUR, left(self->s, 0, &self->e));
}

TEST_F(clock, a_daemon_that_restarts_changes_nothing)
{
	uint64_t expires = lease(self->s, 0, &self->e);

	fake.wall_ns += YEAR;
	store_close(self->s);
	FINE(open_store(&self->s, &self->e));
	EXPECT_EQ(expires, left(self->s, 0, &self->e) + fake.boot_ns);
}

TEST_F(clock, a_suspended_machine)
{
	lease(self->s, 0, &self->e);
	FINE(store_tick(self->s, &self->e));
	pass(5 * HOUR);
	EXPECT_EQ(DAY - 5 * HOUR, left(self->s, 0, &self->e));
	REBOOT(HOUR, 0);
	EXPECT_EQ(DAY - 6 * HOUR, left(self->s, 0, &self->e));
}

/* A container gets a boot_id of its own, and a state directory moves to a machine that has been up for long. */
TEST_F(clock, another_boot_id_is_no_reboot)
{
	lease(self->s, 0, &self->e);
	fake.boot_ns += 50 * DAY;
	fake.wall_ns += 50 * DAY;
	lease(self->s, 1, &self->e);
	pass(20 * SECOND);
	snprintf(fake.boot_id, sizeof(fake.boot_id), "container");
	store_close(self->s);
	self->s = NULL;
	FINE(open_store(&self->s, &self->e));
	EXPECT_EQ(DAY - 20 * SECOND, left(self->s, 1, &self->e));
	EXPECT_GT(0, left(self->s, 0, &self->e));
}

/* Its clock may be slow, and then the next boot's finds that more time has passed. A dead one shows that, another does not. */
TEST_F(clock, a_boot_is_to_be_written_first)
{
	lease(self->s, 0, &self->e);
	EXPECT_TRUE(store_times_will_do(self->s));
	REBOOT(5 * HOUR, -4 * HOUR);
	EXPECT_FALSE(store_times_will_do(self->s));
	FINE(store_tick(self->s, &self->e));
	EXPECT_TRUE(store_times_will_do(self->s));
	REBOOT(0, -6 * HOUR);
	EXPECT_FALSE(store_times_will_do(self->s));
	FINE(store_tick(self->s, &self->e));
	EXPECT_TRUE(store_times_will_do(self->s));
	EXPECT_EQ(DAY - HOUR, left(self->s, 0, &self->e));
	power_cut(HOUR, 10 * HOUR);
	store_close(self->s);
	self->s = NULL;
	FINE(open_store(&self->s, &self->e));
	EXPECT_LE(DAY - 12 * HOUR, left(self->s, 0, &self->e));
}

/*
 * A step while running, seen by a tick or not, then a power cut of an hour; afterwards the clock goes on as it was set, or is
 * what it was before. Late by what passed since the last anchor at most, never early.
 */
TEST_F(clock, steps_while_running)
{
	static const int64_t steps[] = { YEAR, -YEAR, HOUR / 2, -HOUR / 2 };
	int i, ticked, back;
	int64_t truth, has;

	for (i = 0; i < 16; i++) {
		ticked = i & 1;
		back = i & 2;
		lease(self->s, 0, &self->e);
		pass(HOUR);
		fake.wall_ns += steps[i / 4];
		if (ticked)
			FINE(store_tick(self->s, &self->e));
		EXPECT_EQ(DAY - HOUR, left(self->s, 0, &self->e));
		pass(10 * SECOND);
		/* Not seen by a tick, and so not known to have been set: a jump forward without power, if it stays */
		if (!ticked && !back && steps[i / 4] > 0)
			fake.wall_ns -= steps[i / 4];
		REBOOT(HOUR, back ? -steps[i / 4] : 0);
		truth = DAY - 2 * HOUR - 10 * SECOND;
		has = left(self->s, 0, &self->e);
		EXPECT_LE(truth, has);
		EXPECT_GE(truth + 2 * HOUR + (int64_t)(10 * SECOND), has);
		if (ticked)
			EXPECT_GE(truth + HOUR + (int64_t)(10 * SECOND), has);
		if (ticked && steps[i / 4] == YEAR && !back)
			EXPECT_EQ(truth, has);
	}
}

TEST_F(clock, steps_and_back_again)
{
	lease(self->s, 0, &self->e);
	fake.wall_ns += YEAR;
	FINE(store_tick(self->s, &self->e));
	fake.wall_ns -= 2 * YEAR;
	FINE(store_tick(self->s, &self->e));
	fake.wall_ns += YEAR;
	FINE(store_tick(self->s, &self->e));
	pass(HOUR);
	REBOOT(HOUR, 0);
	EXPECT_LE(DAY - 2 * HOUR, left(self->s, 0, &self->e));
	EXPECT_GE(DAY, left(self->s, 0, &self->e));
	/* The next boot does not know of it any more */
	lease(self->s, N_IPS, &self->e);
	REBOOT(HOUR, 0);
	EXPECT_EQ(DAY - HOUR, left(self->s, N_IPS, &self->e));
}

TEST_F(clock, a_dead_clock_ends_nothing_early)
{
	int64_t lost;

	lease(self->s, 0, &self->e);
	pass(HOUR);
	FINE(store_tick(self->s, &self->e));
	/* Off for an hour, and the clock starts in 1970 */
	lost = fake.wall_ns;
	REBOOT(HOUR, -lost);
	EXPECT_EQ(DAY - HOUR, left(self->s, 0, &self->e));
	lease(self->s, N_IPS, &self->e);
	pass(HOUR);
	FINE(store_tick(self->s, &self->e));
	/* Dead once more: what it was on before counts */
	REBOOT(HOUR, -fake.wall_ns);
	EXPECT_EQ(DAY - HOUR, left(self->s, N_IPS, &self->e));
	EXPECT_EQ(DAY - 2 * HOUR, left(self->s, 0, &self->e));
	pass(HOUR);
	FINE(store_tick(self->s, &self->e));
	/* Right from the beginning, after a boot in which it was dead: decades that nobody was off for */
	REBOOT(HOUR, lost);
	EXPECT_EQ(DAY - 2 * HOUR, left(self->s, N_IPS, &self->e));
	/* And from then on as usual */
	lease(self->s, 2 * N_IPS, &self->e);
	pass(HOUR);
	FINE(store_tick(self->s, &self->e));
	REBOOT(HOUR, 0);
	EXPECT_EQ(DAY - 2 * HOUR, left(self->s, 2 * N_IPS, &self->e));
}

/* A router without a battery is set up before it has a network: there is no boot before, to tell that its clock is dead. */
TEST_F(clock, dead_in_the_first_boot_of_a_store)
{
	store_close(self->s);
	self->s = NULL;
	remove_files();
	fake.wall_ns = 30 * SECOND;
	FINE(open_store(&self->s, &self->e));
	lease(self->s, 0, &self->e);
	pass(HOUR);
	FINE(store_tick(self->s, &self->e));
	REBOOT(HOUR, 1700000000 * SECOND);
	EXPECT_EQ(DAY - HOUR, left(self->s, 0, &self->e));
}

TEST_F(clock, dead_until_the_network_is_there)
{
	int64_t truth;

	lease(self->s, 0, &self->e);
	REBOOT(HOUR, -fake.wall_ns);
	truth = left(self->s, 0, &self->e);
	EXPECT_EQ(DAY, truth);
	pass(60 * SECOND);
	fake.wall_ns += 1700000000 * SECOND;
	FINE(store_tick(self->s, &self->e));
	/* What the kernel was told stays what it is */
	EXPECT_EQ(truth - 60 * (int64_t)SECOND, left(self->s, 0, &self->e));
	lease(self->s, N_IPS, &self->e);
	REBOOT(HOUR, 0);
	EXPECT_EQ(DAY - HOUR, left(self->s, N_IPS, &self->e));
}

TEST_F(clock, clocks_set_to_nonsense)
{
	static const int64_t walls[] = { INT64_MAX, INT64_MIN, 0, INT64_MIN, INT64_MAX, -1 };
	unsigned int i;

	for (i = 0; i < sizeof(walls) / sizeof(walls[0]); i++) {
		lease(self->s, 0, &self->e);
		REBOOT(0, 0);
		fake.wall_ns = walls[i];
		FINE(store_tick(self->s, &self->e));
		store_close(self->s);
		snprintf(fake.boot_id, sizeof(fake.boot_id), "nonsense-%u", i);
		FINE(open_store(&self->s, &self->e));
		EXPECT_GE(DAY, left(self->s, 0, &self->e));
	}
}

/* The memory of a virtual machine put back to an hour ago, but not its disk. */
TEST_F(clock, a_boot_that_goes_back)
{
	lease(self->s, 0, &self->e);
	pass(HOUR);
	FINE(store_tick(self->s, &self->e));
	fake.boot_ns -= HOUR;
	store_close(self->s);
	FINE(open_store(&self->s, &self->e));
	EXPECT_EQ(DAY - HOUR, left(self->s, 0, &self->e));
	lease(self->s, 0, &self->e);
	EXPECT_EQ(DAY, left(self->s, 0, &self->e));
}

TEST_F(clock, boots_are_forgotten_with_their_bindings)
{
	int64_t boots;
	int i;

	lease(self->s, 0, &self->e);
	for (i = 0; i < 200; i++) {
		REBOOT(60 * SECOND, 0);
		if (i % 20 == 19)
			lease(self->s, N_IPS, &self->e);
		FINE(store_tick(self->s, &self->e));
	}
	EXPECT_EQ(DAY - 200 * 60 * (int64_t)SECOND, left(self->s, 0, &self->e));
	FINE(sqlite_pragma(sqlite_of(self->s), "SELECT count(*) FROM boots", &boots, &self->e));
	EXPECT_GT(40, boots);
}

TEST_HARNESS_MAIN
