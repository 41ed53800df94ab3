/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does a relay's server answer? A state for each, moved by what the kernel has seen of it. No clock, no socket: health.c
 * looks once a second and does what is said here.
 *
 *	up ──owes an answer for 5 s──▶ suspect ──3 probes, a second each, and no answer──▶ down
 *	 ▲                               │                                                  │ a probe each 5 s
 *	 └────────any answer─────────────┴────────────────any answer since─────────────────┘
 *
 * A server need not answer all that it is sent: that it owes an answer is a reason to ask, and no more.
 */
#ifndef DHCPKD_HEALTH_STEP_H
#define DHCPKD_HEALTH_STEP_H

#include <stdbool.h>
#include <stdint.h>

enum server_health { HEALTH_NEW, HEALTH_UP, HEALTH_SUSPECT, HEALTH_DOWN };
enum health_deed { HEALTH_NOTHING, HEALTH_PROBE, HEALTH_TAKE_OUT, HEALTH_TAKE_BACK };

/* What the kernel says now. Times are boottime ns. */
struct health_seen {
	bool		up;
	uint64_t	last;		/* its last answer, 0: none yet */
	uint64_t	silent;		/* since when it owes one, 0: it owes none */
};

struct health_state {
	enum server_health health;	/* HEALTH_NEW before the first step */
	unsigned int	probes;		/* sent since it is suspect */
	uint64_t	probed;		/* when the last one was */
	uint64_t	since;		/* down: when it was taken out */
	uint64_t	last;		/* suspect: its last answer before */
};

/* health_step - what is to be done about a server. The kernel's word counts: what was not done is asked for again. */
enum health_deed health_step(struct health_state *s, const struct health_seen *seen, uint64_t now);

/* health_unsent - a probe that was asked for has not left this machine, for a reason that is not the server's: it is none */
void health_unsent(struct health_state *s);

#endif
