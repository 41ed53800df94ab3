/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the relays' servers answer, where that matters: the kernel is told, and people are. */
#ifndef DHCPKD_HEALTH_H
#define DHCPKD_HEALTH_H

#include <ev.h>
#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

struct specs;
struct health_server;

struct health {
	struct ev_loop		*loop;
	ev_timer		tick;
	char			(*watched)[IFNAMSIZ];	/* relays whose servers are looked after */
	size_t			n_watched;
	bool			all;			/* or all that there are */
	struct health_server	*servers;		/* those that were there at the last look */
	size_t			n_servers;
};

void health_start(struct health *h, struct ev_loop *loop);
void health_stop(struct health *h);

/*
 * health_watch - the kernel has these relays now; those with "mode priority" or "survive" are looked after
 * health_watch_all - it has some that nobody here knows
 */
void health_watch(struct health *h, const struct specs *s);
void health_watch_all(struct health *h);

#endif
