// SPDX-License-Identifier: GPL-2.0-or-later
/* The part that all kinds of stores share: transactions, times, and the sweep. */
#include <stdlib.h>
#include <string.h>

#include "dhcpkd/store/store.h"
#include "dhcpkd/store/boots.h"
#include "dhcpkd/store/check.h"
#include "dhcpkd/store/ops.h"

void store_close(struct store *s)
{
	if (!s)
		return;
	store_abort(s);
	free(s->boots);
	s->boots = NULL;
	s->n_boots = 0;
	s->ops->close(s);
}

const uint8_t *store_id(const struct store *s)
{
	return s->id;
}

uint64_t store_seq(const struct store *s)
{
	return s->seq;
}

bool store_times_will_do(const struct store *s)
{
	return s->registered;
}

/* ---- transactions ---- */

static int require_tx(struct store *s, struct err *e)
{
	return s->in_tx ? 0 : err_set(e, NULL, "%s: no transaction is open", s->name);
}

int store_begin(struct store *s, struct err *e)
{
	if (s->in_tx)
		return err_set(e, NULL, "%s: a transaction is open already", s->name);
	if (s->ops->begin(s, e))
		return -1;
	s->in_tx = true;
	s->next_seq = s->seq;
	return 0;
}

void store_mark(struct store *s, uint64_t seq)
{
	s->next_seq = seq;
}

int store_put(struct store *s, const struct stored_lease *l, struct err *e)
{
	const char *wrong = lease_check(l);

	if (require_tx(s, e))
		return -1;
	if (wrong) {
		err_set(e, NULL, "%s: invalid binding: %s", s->name, wrong);
		return s->ops->fault(s);
	}
	return s->ops->put(s, l, e) ? s->ops->fault(s) : 0;
}

int store_del_net(struct store *s, uint32_t subnet, uint8_t prefix, struct err *e)
{
	if (require_tx(s, e))
		return -1;
	return s->ops->del_net(s, subnet, prefix, e) ? s->ops->fault(s) : 0;
}

int store_del(struct store *s, uint32_t ip, struct err *e)
{
	return store_del_net(s, ip, 32, e);
}

int store_reject(struct store *s, uint32_t ip, const char *reason, struct err *e)
{
	return s->ops->reject(s, ip, reason, e);
}

int store_sync(struct store *s, struct err *e)
{
	if (require_tx(s, e) || s->ops->check(s, e))
		return -1;
	if (boots_write(s, e) || s->ops->commit(s, e))
		return s->ops->fault(s);
	s->in_tx = false;
	s->registered = true;
	s->seq = s->next_seq;
	return s->ops->committed(s, e);
}

void store_abort(struct store *s)
{
	if (!s->in_tx)
		return;
	s->ops->rollback(s);
	s->in_tx = false;
}

int store_tick(struct store *s, struct err *e)
{
	if (s->in_tx)
		return 0;
	if (store_begin(s, e) || store_sync(s, e))
		return -1;
	s->ops->idle(s);
	return 0;
}

/* ---- reading ---- */

int store_each(struct store *s, uint32_t subnet, uint8_t prefix,
	       int (*each)(const struct stored_lease *l, void *arg), void *arg, struct err *e)
{
	return s->ops->each(s, subnet, prefix, each, arg, e);
}

int store_count(struct store *s, uint32_t subnet, uint8_t prefix, uint64_t *n, struct err *e)
{
	return s->ops->count(s, subnet, prefix, n, e);
}

int store_rejected(struct store *s, int (*each)(const struct store_rejected *r, void *arg),
		   void *arg, struct err *e)
{
	return s->ops->rejected(s, each, arg, e);
}

int store_rejected_count(struct store *s, uint64_t *n, struct err *e)
{
	return s->ops->rejected_count(s, n, e);
}

/* ---- expired leases ---- */

enum { SWEEP_AT_ONCE = 100000 };

struct sweep {
	struct store_net	*nets;		/* sorted */
	size_t			n_nets;
	uint64_t		now;
	uint32_t		*over;
	size_t			n;
};

static int collect_expired(const struct stored_lease *l, void *arg)
{
	struct sweep *w = arg;

	if (l->horizon > w->now || l->expires > w->now || store_net_at(w->nets, w->n_nets, l->ip))
		return 0;
	w->over[w->n++] = l->ip;
	return w->n == SWEEP_AT_ONCE;
}

static int delete_expired(struct store *s, const struct sweep *w, struct err *e)
{
	size_t i;

	if (store_begin(s, e))
		return -1;
	for (i = 0; i < w->n; i++) {
		if (store_del(s, w->over[i], e))
			return -1;
	}
	return store_sync(s, e);
}

int store_sweep(struct store *s, const struct store_net *nets, size_t n, uint64_t *gone,
		struct err *e)
{
	struct sweep w = {
		.nets = calloc(n + 1, sizeof(*nets)),
		.n_nets = n,
		.over = calloc(SWEEP_AT_ONCE, sizeof(*w.over)),
	};
	struct clock_now now = {};
	int result = s->now(&now, e);

	*gone = 0;
	w.now = now.boot_ns;
	if (w.nets && n) {
		memcpy(w.nets, nets, n * sizeof(*nets));
		store_nets_sort(w.nets, n);
	}
	while (!result && w.nets && w.over) {
		w.n = 0;
		if (store_each(s, 0, 0, collect_expired, &w, e) < 0 ||
		    (w.n && delete_expired(s, &w, e)))
			result = -1;
		else
			*gone += w.n;
		if (w.n < SWEEP_AT_ONCE)
			break;
	}
	free(w.nets);
	free(w.over);
	return result;
}
