// SPDX-License-Identifier: GPL-2.0-or-later
/* Sends a compiled model to the kernel, as one generation. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dhcpkd/kernel/program.h"
#include "dhcpkd/kernel/commit.h"
#include "dhcpkd/kernel/restore.h"
#include "dhcpkd/store/store.h"
#include "lib/kernel/config.h"
#include "lib/kernel/kernel.h"
#include "lib/kernel/relay.h"
#include "lib/model/model.h"

static int send_objects(struct kernel *k, const struct compiled *s, uint32_t generation,
			struct err *e)
{
	size_t i;
	int err;

	for (i = 0; i < s->n_pools; i++) {
		err = kernel_pool(k, generation, &s->pools[i], e);
		if (err)
			return err_object(e, POOL, s->pools[i].name), err;
	}
	for (i = 0; i < s->n_hosts; i++) {
		err = kernel_host(k, generation, &s->hosts[i], e);
		if (err)
			return err_object(e, HOST, s->hosts[i].name), err;
	}
	for (i = 0; i < s->n_relays; i++) {
		err = kernel_relay(k, generation, &s->relays[i], e);
		if (err)
			return err_object(e, RELAY, s->relays[i].dev), err;
	}
	return 0;
}

/*
 * Restore leases before the pools are served: no address is leased that the store knows to be in
 * use.
 */
static int send_leases(struct commit *c, struct kernel *k, const struct compiled *s,
			 uint32_t generation, struct err *e)
{
	struct served served = {};
	size_t i;
	int err;

	err = restore_served(k, &served, e);
	for (i = 0; !err && i < s->n_pools; i++)
		err = restore_pool(c, k, generation, &s->pools[i], &served, e);
	free(served.nets);
	return err;
}

static int send_generation(struct commit *c, struct kernel *k, const struct compiled *s,
			   uint32_t *generation, struct err *e)
{
	int err;

	err = kernel_begin(k, generation, e);
	if (!err)
		err = send_objects(k, s, *generation, e);
	if (!err)
		err = send_leases(c, k, s, *generation, e);
	return err ? err : kernel_commit(k, *generation, e);
}

/* relay-id auto: the store's id, which stays the same across boots */
static void put_store_id(struct compiled *s, const uint8_t *id)
{
	size_t i;

	for (i = 0; i < s->n_relays; i++) {
		if (s->relays[i].store_id)
			memcpy(s->relays[i].agent + s->relays[i].store_id, id, DHCPK_STORE_ID_SIZE);
	}
}

/*
 * A generation brings leases, which a daemon must store. So attach first: it fails if another
 * daemon is attached. An earlier attachment proves nothing, since the module may have been loaded
 * again.
 */
int program_compiled(struct commit *c, struct compiled *s, uint32_t *generation, struct err *e)
{
	struct kernel *k;
	int err;

	err = commit_attach(c, e);
	if (!err)
		err = kernel_open(&k, e);
	if (err)
		return err;
	put_store_id(s, store_id(c->store));
	err = send_generation(c, k, s, generation, e);
	kernel_close(k);
	return err;
}

int program_running(struct kernel_info *info, struct err *e)
{
	struct kernel *k;
	int err;

	err = kernel_open(&k, e);
	if (err)
		return err;
	err = kernel_info(k, info, e);
	kernel_close(k);
	return err;
}

/*
 * An error of an object in the model, which will occur again. Other errors may be gone in a second.
 */
bool program_is_fault(int err, const struct err *e)
{
	return *e->object && !e->not_now &&
	       (err == -EINVAL || err == -ERANGE || err == -EEXIST || err == -ENOENT ||
		err == -E2BIG);
}
