/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the relays' servers answer, where that matters: tells the kernel, and logs it. */
#ifndef DHCPKD_HEALTH_H
#define DHCPKD_HEALTH_H

#include <stddef.h>

struct health_server;

struct health {
	struct health_server	*servers;	/* those of the last check */
	size_t			n_servers;
};

/* health_look - once a second: probe silent servers, and tell the kernel which servers are up */
void health_look(struct health *h);
void health_forget(struct health *h);

#endif
