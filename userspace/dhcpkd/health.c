// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "dhcpkd/clock.h"
#include "dhcpkd/daemon.h"
#include "dhcpkd/health.h"
#include "dhcpkd/health_step.h"
#include "dhcpkd/model.h"

enum { TICK_S = 1 };

struct health_server {
	char			dev[IFNAMSIZ];
	uint32_t		ip;
	struct health_state	state;
};

static bool is_watched(const struct health *h, const char *dev)
{
	size_t i;

	for (i = 0; i < h->n_watched; i++) {
		if (!strcmp(h->watched[i], dev))
			return true;
	}
	return h->all;
}

/* Most of the time they come in the order in which they came before: @at is where the last one was found. */
static struct health_state state_of(const struct health *h, const char *dev, uint32_t ip, size_t *at)
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

/* What is not done now, is when the kernel is asked the next time. */
static void tell(struct kernel *k, const char *dev, uint32_t ip, bool up)
{
	char text[IP_SIZE];
	struct err e = {};

	if (kernel_set_server(k, dev, ip, up, &e))
		return;
	if (up)
		say(LOG_INFO, "relay %s: server %s answers again", dev, format_ip(text, ip));
	else
		say(LOG_WARNING, "relay %s: server %s does not answer: left out", dev, format_ip(text, ip));
}

static void look_after(struct kernel *k, const char *dev, const struct kernel_server *server, struct health_state *state)
{
	struct health_seen seen = { .up = server->up, .last = server->last, .silent = server->silent };
	struct err e = {};

	switch (health_step(state, &seen, clock_boot_ns())) {
	case HEALTH_PROBE:
		/* One that cannot be sent is one without an answer. */
		kernel_probe_server(k, dev, server->ip, &e);
		break;
	case HEALTH_TAKE_OUT:
		tell(k, dev, server->ip, false);
		break;
	case HEALTH_TAKE_BACK:
		tell(k, dev, server->ip, true);
		break;
	case HEALTH_NOTHING:
		break;
	}
}

/* All servers that there are; what is known of those that are there no more is forgotten. */
static void look(struct health *h, struct kernel *k, const struct kernel_relay *all, size_t n)
{
	struct health_server *now = calloc(n * DHCPK_RELAY_SERVERS_MAX + 1, sizeof(*now));
	size_t i, n_now = 0, at = 0;
	unsigned int j;
	struct err e;

	if (!now)
		return;
	for (i = 0; i < n; i++) {
		for (j = 0; j < all[i].n_servers; j++) {
			const struct kernel_server *server = &all[i].servers[j];
			struct health_server *s = &now[n_now];

			if (!is_watched(h, all[i].dev)) {
				/* Nobody would find out that it answers again. */
				if (!server->up)
					kernel_set_server(k, all[i].dev, server->ip, true, &e);
				continue;
			}
			memcpy(s->dev, all[i].dev, sizeof(s->dev));
			s->ip = server->ip;
			s->state = state_of(h, s->dev, s->ip, &at);
			look_after(k, s->dev, server, &s->state);
			n_now++;
		}
	}
	free(h->servers);
	h->servers = now;
	h->n_servers = n_now;
}

static void forget(struct health *h)
{
	free(h->servers);
	h->servers = NULL;
	h->n_servers = 0;
}

/* Without the module, or with an older one, there is nothing to look at; with a new one health_watch() begins anew. */
static void on_tick(struct ev_loop *loop, ev_timer *w, int events)
{
	struct health *h = w->data;
	struct kernel_relay *all = NULL;
	struct kernel *k;
	struct err e = {};
	size_t n;
	int err;

	err = kernel_open(&k, &e);
	if (!err) {
		err = kernel_relays(k, &all, &n, &e);
		if (!err)
			look(h, k, all, n);
		kernel_close(k);
	}
	free(all);
	if (err == -ENODEV || err == -EOPNOTSUPP)
		forget(h);
	if (err == -ENODEV || err == -EOPNOTSUPP || (!err && !h->n_watched && !h->all))
		ev_timer_stop(loop, w);
}

void health_start(struct health *h, struct ev_loop *loop)
{
	h->loop = loop;
	ev_timer_init(&h->tick, on_tick, TICK_S, TICK_S);
	h->tick.data = h;
}

void health_stop(struct health *h)
{
	ev_timer_stop(h->loop, &h->tick);
	forget(h);
	free(h->watched);
	h->watched = NULL;
	h->n_watched = 0;
}

/* The timer runs on until it finds nothing to do: servers of a relay that is looked after no more are taken back first. */
void health_watch(struct health *h, const struct specs *s)
{
	size_t i;

	free(h->watched);
	h->watched = calloc(s->n_relays + 1, sizeof(*h->watched));
	h->n_watched = 0;
	h->all = false;
	for (i = 0; h->watched && i < s->n_relays; i++) {
		const struct relay_spec *r = &s->relays[i];

		if (r->flags & DHCPK_RELAY_F_PRIORITY || r->survive)
			snprintf(h->watched[h->n_watched++], IFNAMSIZ, "%s", r->dev);
	}
	if (s->n_relays && !ev_is_active(&h->tick))
		ev_timer_again(h->loop, &h->tick);
}

void health_watch_all(struct health *h)
{
	h->all = true;
	if (!ev_is_active(&h->tick))
		ev_timer_again(h->loop, &h->tick);
}
