// SPDX-License-Identifier: GPL-2.0-or-later
/* What a model means goes into the kernel, as one generation. */
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

static int send_objects(struct kernel *k, const struct specs *s, uint32_t generation, struct err *e)
{
	size_t i;
	int err;

	for (i = 0; i < s->n_pools; i++) {
		err = kernel_pool(k, generation, &s->pools[i], e);
		if (err)
			return whose(e, POOL, s->pools[i].name), err;
	}
	for (i = 0; i < s->n_hosts; i++) {
		err = kernel_host(k, generation, &s->hosts[i], e);
		if (err)
			return whose(e, HOST, s->hosts[i].name), err;
	}
	for (i = 0; i < s->n_relays; i++) {
		err = kernel_relay(k, generation, &s->relays[i], e);
		if (err)
			return whose(e, RELAY, s->relays[i].dev), err;
	}
	return 0;
}

/* Bindings come before the pools are opened: no address is given away that the store knows to be in use. */
static int send_bindings(struct commit *c, struct kernel *k, const struct specs *s,
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

static int send_generation(struct commit *c, struct kernel *k, const struct specs *s,
			   uint32_t *generation, struct err *e)
{
	int err;

	err = kernel_begin(k, generation, e);
	if (!err)
		err = send_objects(k, s, *generation, e);
	if (!err)
		err = send_bindings(c, k, s, *generation, e);
	return err ? err : kernel_commit(k, *generation, e);
}

/* relay-id auto: the id of the store, which stays when the machine is started again */
static void put_store_id(struct specs *s, const uint8_t *id)
{
	size_t i;

	for (i = 0; i < s->n_relays; i++) {
		if (s->relays[i].store_id)
			memcpy(s->relays[i].agent + s->relays[i].store_id, id, DHCPK_STORE_ID_SIZE);
	}
}

/*
 * A generation brings bindings, and somebody has to store them. A kernel that another daemon stores
 * for belongs to that one; a socket that was attached once tells nothing of that, the module may be
 * another by now.
 */
int program_specs(struct commit *c, struct specs *s, uint32_t *generation, struct err *e)
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

/* Something was said about an object, and the reason stays; anything else may be better in a second. */
bool program_is_fault(int err, const struct err *e)
{
	return *e->object && !e->not_now &&
	       (err == -EINVAL || err == -ERANGE || err == -EEXIST || err == -ENOENT || err == -E2BIG);
}
