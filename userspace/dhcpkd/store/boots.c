// SPDX-License-Identifier: GPL-2.0-or-later
/* The boots in a store: each stored time belongs to one of them. See clock.h. */
#include <stdlib.h>

#include "dhcpkd/store/boots.h"

enum { BOOTS_MAX = 32 };

static struct clock_boot *running_boot(struct store *s)
{
	return &s->boots[s->n_boots - 1];
}

struct clock_boot *boots_add(struct store *s, struct err *e)
{
	struct clock_boot *more = reallocarray(s->boots, s->n_boots + 1, sizeof(*more));

	if (!more) {
		err_set(e, NULL, "%s: no memory", s->name);
		return NULL;
	}
	s->boots = more;
	return &s->boots[s->n_boots++];
}

/*
 * A boot whose row is lost had a number too, and leases may still have it: the running boot gets a
 * higher one.
 */
static int pass_lost_boots(struct store *s, struct clock_boot *running, struct err *e)
{
	int64_t n;

	if (s->ops->last_boot(s, &n, e))
		return -1;
	if (running->n <= n)
		running->n = n + 1;
	return 0;
}

/*
 * A starting value, until this boot's kernel has reported a change: it differs from that of an
 * older copy of the file.
 */
static uint64_t seq_before(const struct clock_boot *last)
{
	if (!last)
		return 1;
	return ((uint64_t)last->wall_ns ^ last->boot_ns << 1 ^ (uint64_t)last->n << 48) >> 2 | 1;
}

/*
 * Append the running boot. It is written with the first transaction, since the disk may be full
 * now.
 */
int boots_enter(struct store *s, struct err *e)
{
	struct clock_boot *last, *running;
	struct clock_now now = {};
	int64_t gap;
	size_t i;

	if (s->now(&now, e) || s->ops->load_boots(s, e))
		return -1;
	s->registered = s->n_boots && clock_same_boot(running_boot(s), &now);
	if (s->registered)
		return 0;
	running = boots_add(s, e);
	if (!running)
		return -1;
	last = s->n_boots > 1 ? running - 1 : NULL;
	clock_start(running, last, &now);
	s->seq = seq_before(last);
	if (pass_lost_boots(s, running, e))
		return -1;
	gap = last ? clock_gap(last, &now) : 0;
	for (i = 0; i + 1 < s->n_boots; i++)
		s->boots[i].age_ns = clock_later(s->boots[i].age_ns, gap);
	return 0;
}

static int put_boot(struct store *s, const struct clock_boot *b, struct err *e)
{
	return s->ops->put_boot(s, b, b == running_boot(s) ? s->next_seq : 0, e);
}

/* Delete boots without leases. That needs a scan: so once a boot, and only if there are many. */
static int forget_boots(struct store *s, struct err *e)
{
	return s->n_boots <= BOOTS_MAX ? 0 : s->ops->forget_boots(s, e);
}

int boots_write(struct store *s, struct err *e)
{
	struct clock_now now;
	size_t i;

	if (s->now(&now, e))
		return -1;
	clock_anchor(running_boot(s), &now);
	for (i = s->registered ? s->n_boots - 1 : 0; i < s->n_boots; i++) {
		if (put_boot(s, &s->boots[i], e))
			return -1;
	}
	return s->registered ? 0 : forget_boots(s, e);
}

const struct clock_boot *store_boot(const struct store *s, int64_t n)
{
	size_t i;

	for (i = s->n_boots; i-- && s->boots[i].n >= n;) {
		if (s->boots[i].n == n)
			return &s->boots[i];
	}
	return NULL;
}
