// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dhcpkd/relay/health.h"
#include "dhcpkd/log.h"
#include "dhcpkd/relay/health_step.h"
#include "dhcpkd/store/clock.h"
#include "lib/conv.h"
#include "lib/kernel/kernel.h"
#include "lib/kernel/relay.h"

struct health_server {
	char			dev[IFNAMSIZ];
	uint32_t		ip;
	struct health_state	state;
};

/*
 * Relays that depend on their servers' state. The kernel's configuration counts, whichever program
 * set it.
 */
static bool is_watched(const struct kernel_relay *r)
{
	return r->flags & DHCPK_RELAY_F_PRIORITY || r->survive;
}

/* Usually the order is that of the last check: @at is where the last search ended. */
static struct health_state state_of(const struct health *h, const char *dev, uint32_t ip,
				    size_t *at)
{
	size_t i;

	for (i = 0; i < h->n_servers; i++) {
		const struct health_server *s = &h->servers[(*at + i) % h->n_servers];

		if (s->ip == ip && !strcmp(s->dev, dev)) {
			*at = (*at + i + 1) % h->n_servers;
			return s->state;
		}
	}
	return (struct health_state){ .health = HEALTH_NEW };
}

/* On failure the next check tries again. */
static void set_server(struct kernel *k, const char *dev, uint32_t ip, bool up)
{
	char text[IP_SIZE];
	struct err e = {};

	if (kernel_set_server(k, dev, ip, up, &e))
		return;
	if (up)
		say(LOG_INFO, "relay %s: server %s answers again", dev, format_ip(text, ip));
	else
		say(LOG_WARNING, "relay %s: server %s does not answer: left out", dev,
		    format_ip(text, ip));
}

/*
 * A server without a route does not answer. But it is not the server's fault if this machine's
 * interface or address is gone.
 */
static void probe(struct kernel *k, const char *dev, uint32_t ip, struct health_state *state)
{
	struct err e = {};
	int err = kernel_probe_server(k, dev, ip, &e);

	if (err == -ENETDOWN || err == -EADDRNOTAVAIL)
		health_unsent(state);
}

static void check_server(struct kernel *k, const char *dev, const struct kernel_server *server,
			 struct health_state *state)
{
	struct health_seen seen = { .up = server->up,
				    .last = server->last,
				    .unanswered_since = server->unanswered_since };

	switch (health_step(state, &seen, clock_boot_ns())) {
	case HEALTH_PROBE:
		probe(k, dev, server->ip, state);
		break;
	case HEALTH_TAKE_OUT:
		set_server(k, dev, server->ip, false);
		break;
	case HEALTH_TAKE_BACK:
		set_server(k, dev, server->ip, true);
		break;
	case HEALTH_NOTHING:
		break;
	}
}

/* These servers are not checked, so they must not stay down. */
static void set_all_up(struct kernel *k, const struct kernel_relay *r)
{
	struct err e = {};
	unsigned int i;

	for (i = 0; i < r->n_servers; i++) {
		if (!r->servers[i].up)
			kernel_set_server(k, r->dev, r->servers[i].ip, true, &e);
	}
}

/* Check all current servers; forget the state of others. */
static void check_servers(struct health *h, struct kernel *k, const struct kernel_relay *all,
			  size_t n)
{
	struct health_server *now = calloc(n * DHCPK_RELAY_SERVERS_MAX + 1, sizeof(*now));
	size_t i, n_now = 0, at = 0;
	unsigned int j;

	if (!now)
		return;
	for (i = 0; i < n; i++) {
		if (!is_watched(&all[i])) {
			set_all_up(k, &all[i]);
			continue;
		}
		for (j = 0; j < all[i].n_servers; j++) {
			const struct kernel_server *server = &all[i].servers[j];
			struct health_server *s = &now[n_now++];

			memcpy(s->dev, all[i].dev, sizeof(s->dev));
			s->ip = server->ip;
			s->state = state_of(h, s->dev, s->ip, &at);
			check_server(k, s->dev, server, &s->state);
		}
	}
	free(h->servers);
	h->servers = now;
	h->n_servers = n_now;
}

/* On failure the next check makes up for it. Without the module all state is forgotten. */
void health_look(struct health *h)
{
	struct kernel_relay *all = NULL;
	struct kernel *k;
	struct err e = {};
	size_t n;
	int err;

	err = kernel_open(&k, &e);
	if (err == -ENODEV)
		health_forget(h);
	if (err)
		return;
	if (!kernel_relays(k, &all, &n, &e))
		check_servers(h, k, all, n);
	kernel_close(k);
	free(all);
}

void health_forget(struct health *h)
{
	free(h->servers);
	h->servers = NULL;
	h->n_servers = 0;
}
