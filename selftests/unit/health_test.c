// SPDX-License-Identifier: GPL-2.0-or-later
/* A relay's server, looked at once a second: what the kernel says of it is set here, and so is the time. */
#include <string.h>

#include "dhcpkd/relay/health_step.h"
#include "kselftest_harness.h"

#define SECOND		UINT64_C(1000000000)
#define START		(1000 * SECOND)

FIXTURE(server) {
	struct health_state	state;
	struct health_seen	seen;
	uint64_t		now;
	unsigned int		deeds[4];	/* how often each was asked for */
};

FIXTURE_SETUP(server)
{
	memset(self, 0, sizeof(*self));
	self->seen.up = true;
	self->now = START;
}

FIXTURE_TEARDOWN(server)
{
}

/* What the kernel does when it is told. */
static enum health_action tick_after(FIXTURE_DATA(server) *s, uint64_t ns)
{
	enum health_action deed;

	s->now += ns;
	deed = health_step(&s->state, &s->seen, s->now);
	s->deeds[deed]++;
	if (deed == HEALTH_TAKE_OUT || deed == HEALTH_TAKE_BACK)
		s->seen.up = deed == HEALTH_TAKE_BACK;
	return deed;
}

static enum health_action tick(FIXTURE_DATA(server) *s)
{
	return tick_after(s, SECOND);
}

/* @n ticks, of which none is to ask for anything but @deed or nothing: how often it does, or -1 */
static int ticks(FIXTURE_DATA(server) *s, int n, enum health_action wanted)
{
	int times = 0;

	while (n--) {
		enum health_action deed = tick(s);

		if (deed != wanted && deed != HEALTH_NOTHING)
			return -1;
		times += deed == wanted && deed != HEALTH_NOTHING;
	}
	return times;
}

static void asked(FIXTURE_DATA(server) *s)
{
	if (!s->seen.unanswered_since)
		s->seen.unanswered_since = s->now;
}

static void answer(FIXTURE_DATA(server) *s)
{
	s->seen.last = s->now;
	s->seen.unanswered_since = 0;
}

static void take_out(FIXTURE_DATA(server) *s)
{
	asked(s);
	while (tick(s) != HEALTH_TAKE_OUT)
		;
}

TEST_F(server, nobody_asks_nobody_probes)
{
	EXPECT_EQ(0, ticks(self, 1000, HEALTH_NOTHING));
	EXPECT_EQ(HEALTH_UP, self->state.health);
}

TEST_F(server, an_answer_within_five_seconds_is_one)
{
	int i;

	for (i = 0; i < 100; i++) {
		asked(self);
		EXPECT_EQ(0, ticks(self, 4, HEALTH_NOTHING));
		answer(self);
		EXPECT_EQ(0, ticks(self, 1, HEALTH_NOTHING));
	}
}

TEST_F(server, three_probes_a_second_apart_and_out)
{
	asked(self);
	EXPECT_EQ(0, ticks(self, 4, HEALTH_NOTHING));
	EXPECT_EQ(HEALTH_PROBE, tick(self));
	EXPECT_EQ(HEALTH_SUSPECT, self->state.health);
	EXPECT_EQ(HEALTH_PROBE, tick(self));
	EXPECT_EQ(HEALTH_PROBE, tick(self));
	EXPECT_EQ(HEALTH_TAKE_OUT, tick(self));
	EXPECT_EQ(HEALTH_DOWN, self->state.health);
}

TEST_F(server, it_owed_an_answer_before_anybody_looked)
{
	self->seen.unanswered_since = START - 600 * SECOND;
	EXPECT_EQ(3, ticks(self, 3, HEALTH_PROBE));
	EXPECT_EQ(HEALTH_TAKE_OUT, tick(self));
}

/* To the probe, or to a client: all the same. */
TEST_F(server, any_answer_to_any_probe_clears_it)
{
	int probes;

	for (probes = 1; probes <= 3; probes++) {
		asked(self);
		while (tick(self) != HEALTH_PROBE)
			;
		EXPECT_EQ(probes - 1, ticks(self, probes - 1, HEALTH_PROBE));
		answer(self);
		EXPECT_EQ(0, ticks(self, 10, HEALTH_NOTHING));
		EXPECT_EQ(HEALTH_UP, self->state.health);
	}
	EXPECT_EQ(0, self->deeds[HEALTH_TAKE_OUT]);
}

/* It has answered, and owes the next one already. */
TEST_F(server, an_answer_among_new_requests_clears_it)
{
	asked(self);
	while (tick(self) != HEALTH_PROBE)
		;
	answer(self);
	asked(self);
	EXPECT_EQ(HEALTH_NOTHING, tick(self));
	EXPECT_EQ(HEALTH_UP, self->state.health);
	EXPECT_EQ(0, ticks(self, 3, HEALTH_NOTHING));
	EXPECT_EQ(HEALTH_PROBE, tick(self));
}

TEST_F(server, who_is_out_is_probed_every_five_seconds)
{
	take_out(self);
	EXPECT_EQ(0, ticks(self, 4, HEALTH_PROBE));
	EXPECT_EQ(HEALTH_PROBE, tick(self));
	EXPECT_EQ(720, ticks(self, 3600, HEALTH_PROBE));
	EXPECT_EQ(1, self->deeds[HEALTH_TAKE_OUT]);
}

TEST_F(server, who_answers_again_is_taken_back_once)
{
	take_out(self);
	EXPECT_EQ(20, ticks(self, 100, HEALTH_PROBE));
	answer(self);
	/* At the moment of the last probe, and of the tick before. */
	self->seen.last = self->now - 1;
	EXPECT_EQ(HEALTH_TAKE_BACK, tick(self));
	EXPECT_EQ(0, ticks(self, 100, HEALTH_NOTHING));
	EXPECT_EQ(HEALTH_UP, self->state.health);
}

/* What it said before it was taken out is no sign of life. */
TEST_F(server, an_old_answer_takes_nobody_back)
{
	self->seen.last = START;
	take_out(self);
	EXPECT_EQ(2, ticks(self, 10, HEALTH_PROBE));
	self->seen.unanswered_since = 0;
	EXPECT_EQ(2, ticks(self, 10, HEALTH_PROBE));
	EXPECT_EQ(HEALTH_DOWN, self->state.health);
}

TEST_F(server, out_and_back_and_out_again)
{
	int i;

	for (i = 0; i < 10; i++) {
		take_out(self);
		answer(self);
		self->seen.last++;
		EXPECT_EQ(HEALTH_TAKE_BACK, tick(self));
	}
	EXPECT_EQ(30, self->deeds[HEALTH_PROBE]);
}

/* A daemon that starts knows no more than the kernel: who was out is asked at once. */
TEST_F(server, the_kernels_word_counts_at_the_start)
{
	self->seen.up = false;
	self->seen.last = START - SECOND;
	EXPECT_EQ(HEALTH_PROBE, tick(self));
	EXPECT_EQ(HEALTH_DOWN, self->state.health);
	EXPECT_EQ(0, ticks(self, 4, HEALTH_PROBE));
	answer(self);
	EXPECT_EQ(HEALTH_TAKE_BACK, tick(self));
}

/* The kernel was told, and it did not hear; or it is another one, or somebody else told it otherwise. */
TEST_F(server, the_kernels_word_counts_later)
{
	take_out(self);
	self->seen.up = true;
	EXPECT_EQ(3, ticks(self, 3, HEALTH_PROBE));
	EXPECT_EQ(HEALTH_TAKE_OUT, tick(self));
	self->seen.up = true;
	self->seen.unanswered_since = 0;
	EXPECT_EQ(0, ticks(self, 10, HEALTH_NOTHING));
	self->seen.up = false;
	EXPECT_EQ(HEALTH_PROBE, tick(self));
	self->seen.last = self->now + 1;
	EXPECT_EQ(HEALTH_TAKE_BACK, tick(self));
	self->seen.up = false;
	EXPECT_EQ(HEALTH_PROBE, tick(self));
}

/* A tick that comes early neither skips a probe nor counts as two. */
TEST_F(server, ticks_are_never_quite_on_time)
{
	int i;

	self->seen.unanswered_since = START - 60 * SECOND;
	for (i = 0; i < 3; i++)
		EXPECT_EQ(HEALTH_PROBE, tick_after(self, SECOND - SECOND / 100));
	EXPECT_EQ(HEALTH_NOTHING, tick_after(self, SECOND / 100));
	EXPECT_EQ(HEALTH_TAKE_OUT, tick_after(self, SECOND));
}

/* The interface is down for an hour: nothing that was not sent is missed. */
TEST_F(server, what_is_not_sent_is_no_silence)
{
	int i;

	asked(self);
	EXPECT_EQ(0, ticks(self, 4, HEALTH_NOTHING));
	EXPECT_EQ(HEALTH_PROBE, tick(self));
	for (i = 0; i < 3600; i++) {
		health_unsent(&self->state);
		ASSERT_EQ(HEALTH_PROBE, tick(self));
	}
	EXPECT_EQ(HEALTH_PROBE, tick(self));
	EXPECT_EQ(HEALTH_PROBE, tick(self));
	EXPECT_EQ(HEALTH_TAKE_OUT, tick(self));
	EXPECT_EQ(0, ticks(self, 4, HEALTH_NOTHING));
	EXPECT_EQ(HEALTH_PROBE, tick(self));
	health_unsent(&self->state);
	EXPECT_EQ(HEALTH_DOWN, self->state.health);
	EXPECT_EQ(1, ticks(self, 5, HEALTH_PROBE));
}

/* Suspended for hours, with a request on its way: it is asked three times all the same. */
TEST_F(server, a_long_sleep_takes_nobody_out)
{
	asked(self);
	EXPECT_EQ(HEALTH_PROBE, tick_after(self, 10 * 3600 * SECOND));
	EXPECT_EQ(HEALTH_PROBE, tick_after(self, 10 * 3600 * SECOND));
	answer(self);
	EXPECT_EQ(0, ticks(self, 10, HEALTH_NOTHING));
	EXPECT_EQ(HEALTH_UP, self->state.health);
}

/* A machine that has just been started: times are less than what is waited for. */
TEST_F(server, the_first_seconds_of_a_boot)
{
	self->now = 0;
	self->seen.unanswered_since = 1;
	EXPECT_EQ(0, ticks(self, 5, HEALTH_NOTHING));
	EXPECT_EQ(HEALTH_PROBE, tick(self));
	memset(&self->state, 0, sizeof(self->state));
	self->now = 0;
	self->seen.up = false;
	EXPECT_EQ(1, ticks(self, 5, HEALTH_PROBE));
}

TEST_HARNESS_MAIN
