/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does a relay's server answer? One state a server; health_step() moves it by what the kernel has
 * seen of the server. No clock, no socket: health.c calls it once a second and carries out the
 * action that it returns.
 *
 *	up --unanswered for 5 s--> suspect --3 probes, 1 s apart, no answer--> down
 *	 ^                           |                                           | a probe each 5 s
 *	 +--------any answer---------+-------------any answer since--------------+
 *
 * A server need not answer every message: an unanswered request is only a reason to probe it.
 */
#ifndef DHCPKD_HEALTH_STEP_H
#define DHCPKD_HEALTH_STEP_H

#include <stdbool.h>
#include <stdint.h>

enum server_health { HEALTH_NEW, HEALTH_UP, HEALTH_SUSPECT, HEALTH_DOWN };
enum health_action { HEALTH_NOTHING, HEALTH_PROBE, HEALTH_TAKE_OUT, HEALTH_TAKE_BACK };

/* The kernel's view now. Times are boottime ns. */
struct health_seen {
	bool		up;
	uint64_t	last;		/* last answer, 0: none yet */
	uint64_t	unanswered_since;		/* 0: no answer is due */
};

struct health_state {
	enum server_health health;	/* HEALTH_NEW before the first step */
	unsigned int	probes;		/* since it is suspect */
	uint64_t	probed;		/* when the last probe was sent */
	uint64_t	since;		/* down: since when */
	uint64_t	last;		/* suspect: its last answer before that */
};

/*
 * health_step - the next action for a server. An action that failed is returned again by a later
 * step.
 */
enum health_action health_step(struct health_state *s, const struct health_seen *seen,
			       uint64_t now);

/* health_unsent - a probe was not sent, for a reason on this machine: it does not count */
void health_unsent(struct health_state *s);

#endif
