// SPDX-License-Identifier: GPL-2.0-or-later
/* Leases that are deleted: those of deleted pools, and expired ones of addresses in no pool. */
#include <errno.h>

#include "dhcpkd/kernel/forget.h"
#include "dhcpkd/kernel/commit.h"
#include "dhcpkd/log.h"
#include "dhcpkd/store/store.h"
#include "lib/kernel/kernel.h"
#include "lib/kernel/lease.h"

/*
 * Forget in the kernel first: otherwise its leases would be stored again. It is no error if the
 * module is not loaded or has no such leases.
 */
static int forget_in_kernel(const struct store_net *nets, size_t n, struct err *e)
{
	struct err why = {};
	struct kernel *k;
	int err = kernel_open(&k, &why);
	size_t i;

	if (!err) {
		for (i = 0; i < n && (!err || err == -ENOENT); i++)
			err = kernel_del_net(k, nets[i].subnet, nets[i].prefix, &why);
		kernel_close(k);
	}
	if (!err || err == -ENODEV || err == -ENOENT)
		return 0;
	err_set(e, NULL, "the pool's bindings stay in the kernel and in the store: %s", why.text);
	say(LOG_WARNING, "%s", e->text);
	return -1;
}

static int forget_in_store(struct store *s, const struct store_net *nets, size_t n, struct err *e)
{
	size_t i;

	if (store_begin(s, e))
		return -1;
	for (i = 0; i < n; i++) {
		if (store_del_net(s, nets[i].subnet, nets[i].prefix, e))
			return -1;
	}
	return store_sync(s, e);
}

int commit_forget_nets(struct commit *c, const struct store_net *nets, size_t n, struct err *e)
{
	struct err why = {};

	if (!n)
		return 0;
	/*
	 * On a store failure the kernel goes on with leases that it knows, and takes them for
	 * stored.
	 */
	if (forget_in_kernel(nets, n, e))
		return -1;
	if (!forget_in_store(c->store, nets, n, &why))
		return 0;
	commit_failed(c, &why);
	return err_set(e, NULL, "the store still has the pool's bindings: %s", why.text);
}

int commit_sweep(struct commit *c, const struct store_net *nets, size_t n)
{
	struct err e = {};
	uint64_t gone;

	if (*c->error)
		return -1;
	if (store_sweep(c->store, nets, n, &gone, &e)) {
		commit_failed(c, &e);
		return -1;
	}
	if (gone)
		say(LOG_INFO, "%llu expired bindings of addresses in no pool are forgotten",
		    (unsigned long long)gone);
	return 0;
}
