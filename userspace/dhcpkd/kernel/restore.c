// SPDX-License-Identifier: GPL-2.0-or-later
/* Restores the store's leases to the kernel. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "dhcpkd/kernel/restore.h"
#include "dhcpkd/failpoint.h"
#include "dhcpkd/kernel/commit.h"
#include "dhcpkd/log.h"
#include "dhcpkd/stop.h"
#include "dhcpkd/store/clock.h"
#include "dhcpkd/store/store.h"
#include "lib/conv.h"
#include "lib/kernel/pool.h"
#include "lib/kernel/spec.h"
#include "lib/kernel/store.h"

enum { PROGRESS = 100000 };

struct refused {
	uint32_t	ip;
	char		why[200];
};

struct restoring {
	struct commit		*c;
	struct kernel_restore	to;
	const struct served	*served;
	struct refused		*refused;	/* by the kernel; written once reading is done */
	size_t			n_refused;
	struct err		*e;
};

static void take_refused(uint32_t ip, const char *why, void *arg)
{
	struct restoring *r = arg;
	struct refused *more = reallocarray(r->refused, r->n_refused + 1, sizeof(*more));

	if (!more)
		return;
	r->refused = more;
	more[r->n_refused].ip = ip;
	snprintf(more[r->n_refused++].why, sizeof(more->why), "%s", why);
}

static int put_all_aside(struct store *s, const struct restoring *r, struct err *e)
{
	size_t i;

	if (store_begin(s, e))
		return -1;
	for (i = 0; i < r->n_refused; i++) {
		if (store_reject(s, r->refused[i].ip, r->refused[i].why, e))
			return -1;
	}
	return store_sync(s, e);
}

static void put_aside(struct commit *c, const struct restoring *r)
{
	struct err e = {};
	char ip[IP_SIZE];
	size_t i;

	for (i = 0; i < r->n_refused; i++)
		say(LOG_ERR, "the binding of %s is not served: %s", format_ip(ip, r->refused[i].ip),
		    r->refused[i].why);
	if (r->n_refused && put_all_aside(c->store, r, &e))
		commit_failed(c, &e);
}

static void add_served(const struct kernel_pool *p, void *arg)
{
	struct served *served = arg;
	struct store_net *more = reallocarray(served->nets, served->n + 1, sizeof(*more));

	served->short_of_memory |= !more;
	if (!more)
		return;
	served->nets = more;
	more[served->n++] = (struct store_net){ p->subnet, p->prefix };
}

int restore_served(struct kernel *k, struct served *served, struct err *e)
{
	int err = kernel_pools(k, add_served, served, e);

	if (!err && served->short_of_memory) {
		err_set(e, NULL, "out of memory");
		err = -ENOMEM;
	}
	store_nets_sort(served->nets, served->n);
	return err;
}

/*
 * The first and last address of a pool's subnet are not leased by it; a wider pool may lease them.
 */
static bool serves(const struct store_net *net, uint32_t ip)
{
	return ip > net->subnet && ip < (net->subnet | (UINT32_C(0xffffffff) >> net->prefix));
}

static int restore_lease(const struct stored_lease *l, void *arg)
{
	struct restoring *r = arg;
	const struct store_net *net = store_net_at(r->served->nets, r->served->n, l->ip);
	struct stored_lease unsure;
	int err;

	failpoint("restoring");
	if (daemon_is_ending())
		return err_not_now(r->e, "dhcpkd ends before all bindings are read back"), -EAGAIN;
	if (net && serves(net, l->ip))
		return 0;
	if (!store_times_will_do(r->c->store)) {
		unsure = *l;
		unsure.expires = lease_until(l);
		unsure.horizon = 0;
		l = &unsure;
	}
	err = kernel_restore_add(&r->to, l, r->e);
	if (r->to.n % PROGRESS == 0)
		say(LOG_INFO, "pool %s: %llu bindings read back so far", r->to.pool,
		    (unsigned long long)r->to.n);
	return err;
}

int restore_pool(struct commit *c, struct kernel *k, uint32_t generation,
		 const struct pool_spec *pool, const struct served *served, struct err *e)
{
	struct restoring r = {
		.to = { .k = k,
			.pool = pool->name,
			.generation = generation,
			.refused = take_refused,
			.arg = &r },
		.c = c,
		.served = served,
		.e = e,
	};
	const struct store_net *net = store_net_at(served->nets, served->n, pool->subnet);
	uint64_t start = clock_boot_ns();
	int err;

	if (net && net->prefix <= pool->prefix)
		return 0;
	err = store_each(c->store, pool->subnet, pool->prefix, restore_lease, &r, e);
	if (!err)
		err = kernel_restore_end(&r.to, e);
	kernel_restore_drop(&r.to);
	put_aside(c, &r);
	free(r.refused);
	if (err)
		return err;
	if (r.to.n)
		say(LOG_INFO, "pool %s: %llu bindings read back in %.1f s", pool->name,
		    (unsigned long long)r.to.n, (clock_boot_ns() - start) / 1e9);
	return 0;
}
