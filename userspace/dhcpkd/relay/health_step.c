// SPDX-License-Identifier: GPL-2.0-or-later
#include "dhcpkd/relay/health_step.h"

#define SECOND		UINT64_C(1000000000)
#define SILENT_FOR	(5 * SECOND)
#define PROBE_EVERY	(1 * SECOND)
#define PROBE_DOWN	(5 * SECOND)
#define EARLY		(SECOND / 2)	/* timers are inexact: nearly due counts as due */

enum { PROBES = 3 };

static bool due(uint64_t since, uint64_t after, uint64_t now)
{
	return now >= since && now - since + EARLY >= after;
}

static enum health_action probe(struct health_state *s, uint64_t now)
{
	s->probes++;
	s->probed = now;
	return HEALTH_PROBE;
}

static enum health_action step_up(struct health_state *s, const struct health_seen *seen,
				  uint64_t now)
{
	if (!seen->unanswered_since || now < seen->unanswered_since + SILENT_FOR)
		return HEALTH_NOTHING;
	s->health = HEALTH_SUSPECT;
	s->probes = 0;
	s->last = seen->last;
	return probe(s, now);
}

static enum health_action step_suspect(struct health_state *s, const struct health_seen *seen,
				       uint64_t now)
{
	if (!seen->unanswered_since || seen->last != s->last) {
		s->health = HEALTH_UP;
		return HEALTH_NOTHING;
	}
	if (!due(s->probed, PROBE_EVERY, now))
		return HEALTH_NOTHING;
	if (s->probes < PROBES)
		return probe(s, now);
	s->health = HEALTH_DOWN;
	s->since = s->probed = now;
	return HEALTH_TAKE_OUT;
}

static enum health_action step_down(struct health_state *s, const struct health_seen *seen,
				    uint64_t now)
{
	if (seen->last > s->since) {
		s->health = HEALTH_UP;
		return HEALTH_TAKE_BACK;
	}
	return due(s->probed, PROBE_DOWN, now) ? probe(s, now) : HEALTH_NOTHING;
}

/* Take over the kernel's state at the start, or if another daemon or a new relay has changed it. */
static void adopt(struct health_state *s, const struct health_seen *seen, uint64_t now)
{
	if (s->health != HEALTH_NEW && seen->up == (s->health != HEALTH_DOWN))
		return;
	*s = (struct health_state){ .health = seen->up ? HEALTH_UP : HEALTH_DOWN, .since = now };
}

enum health_action health_step(struct health_state *s, const struct health_seen *seen, uint64_t now)
{
	adopt(s, seen, now);
	switch (s->health) {
	case HEALTH_SUSPECT:
		return step_suspect(s, seen, now);
	case HEALTH_DOWN:
		return step_down(s, seen, now);
	default:
		return step_up(s, seen, now);
	}
}

void health_unsent(struct health_state *s)
{
	if (s->health == HEALTH_SUSPECT)
		s->probes--;
}
