/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the relays' servers answer, where that matters: the kernel is told, and people are. */
#ifndef DHCPKD_HEALTH_H
#define DHCPKD_HEALTH_H

#include <stddef.h>

struct health_server;

struct health {
	struct health_server	*servers;	/* those that were there at the last look */
	size_t			n_servers;
};

/* health_look - once a second: those that are silent are asked, and the kernel is told who is up */
void health_look(struct health *h);
void health_forget(struct health *h);

#endif
