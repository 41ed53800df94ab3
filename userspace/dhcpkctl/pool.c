// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "dhcpkctl/ctl.h"
#include "dhcpkctl/json.h"
#include "dhcpkctl/print.h"
#include "lib/kernel/kernel.h"
#include "lib/kernel/pool.h"

static enum status change(struct ctl *c, const char *op, int argc, char **argv)
{
	if (name_missing(POOL, argc, argv))
		return usage_error("which pool? a name is missing%s%s%s", argc ? " before \"" : "",
				   argc ? argv[0] : "", argc ? "\"" : "");
	return send_words(c, op, argv[0], argc - 1, argv + 1, POOL);
}

static enum status add(struct ctl *c, int argc, char **argv)
{
	return change(c, "pool-add", argc, argv);
}

static enum status set(struct ctl *c, int argc, char **argv)
{
	return change(c, "pool-set", argc, argv);
}

static enum status del(struct ctl *c, int argc, char **argv)
{
	if (argc != 1)
		return usage_error("pool del wants one name");
	return send_words(c, "pool-del", argv[0], 0, NULL, POOL);
}

/* ---- show ---- */

struct gathered {
	struct json_object *array;
	struct json_object *model;	/* the daemon's pools; NULL: no daemon */
	struct interfaces *interfaces;
};

/* The kernel's values have precedence; the daemon's settings are added. */
static void add_pool_settings(struct json_object *row, struct json_object *settings)
{
	static const char *const kernels[] = { "subnet", "dev", "lease", "durability" };
	struct json_object *words = json_object_new_object(), *ranges;
	size_t i;

	add_settings(words, POOL, settings);
	for (i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++)
		json_object_object_del(words, kernels[i]);
	ranges = json_object_object_get(words, "range");
	if (ranges)
		json_object_object_add(row, "ranges", json_object_get(ranges));
	json_object_object_del(words, "range");
	json_object_object_foreach(words, key, value)
		json_object_object_add(row, key, json_object_get(value));
	json_object_put(words);
}

/* A serving interface must be up, and have an address to answer from. */
static const char *pool_state(const struct kernel_pool *p, const struct interfaces *interfaces)
{
	const struct interface *i;

	if (!*p->dev)
		return "unattached";
	if (!p->ifindex)
		return "waiting for interface";
	i = find_interface(interfaces, p->dev);
	if (!i)
		return "serving";
	if (*i->port_of)
		return i->port_of;
	if (!i->up)
		return "interface is down";
	return i->addressed ? "serving" : "interface has no address";
}

static void take_pool(const struct kernel_pool *p, void *arg)
{
	struct gathered *g = arg;
	struct json_object *row = json_object_new_object();
	char ip[IP_SIZE], cidr[32];

	snprintf(cidr, sizeof(cidr), "%s/%u", format_ip(ip, p->subnet), p->prefix);
	set_text(row, "name", p->name);
	set_text(row, "subnet", cidr);
	set_text(row, "dev", p->dev);
	set_text(row, "state", pool_state(p, g->interfaces));
	json_object_object_add(row, "ranges", json_object_new_array());
	set_number(row, "size", p->size);
	set_number(row, "bound", p->bound);
	set_number(row, "offered", p->offered);
	set_number(row, "declined", p->declined);
	set_number(row, "resting", p->resting);
	set_number(row, "free", p->free);
	set_number(row, "lease", p->lease);
	set_text(row, "durability", p->flags & DHCPK_POOL_F_ASYNC ? "async" : "sync");
	add_pool_settings(row, g->model ? json_object_object_get(g->model, p->name) : NULL);
	json_object_array_add(g->array, row);
}

enum status pools_json(struct json_object *said, struct json_object **array)
{
	struct json_object *model = json_object_object_get(said, "model");
	struct gathered g = {
		json_object_new_array(), json_object_object_get(model, "pools"), interfaces_read(),
	};
	struct kernel *k;
	struct err e = {};
	int err;

	err = kernel_open(&k, &e);
	if (!err) {
		err = kernel_pools(k, take_pool, &g, &e);
		kernel_close(k);
	}
	interfaces_free(g.interfaces);
	if (err) {
		json_object_put(g.array);
		return refuse(&e);
	}
	*array = g.array;
	return DONE;
}

static void keep_only(struct json_object *array, const char *name)
{
	size_t i = json_object_array_length(array);

	while (i--) {
		struct json_object *row = json_object_array_get_idx(array, i);

		if (strcmp(json_object_get_string(json_object_object_get(row, "name")), name))
			json_object_array_del_idx(array, i, 1);
	}
}

static enum status show_pools(struct ctl *c, int argc, char **argv)
{
	static const char *const columns[] = {
		"name", "subnet", "dev", "state", "ranges", "size", "bound", "offered", "declined",
		"resting", "free", "lease", NULL,
	};
	struct err e = {};
	struct json_object *said, *array;
	enum status status;

	if (argc > 1)
		return usage_error("pool show takes one name, not \"%s\" besides", argv[1]);
	said = get_daemon_state(c, &e);
	status = pools_json(said, &array);
	if (status != DONE) {
		json_object_put(said);
		return status;
	}
	if (!said)
		warn_no_daemon(&e);
	json_object_put(said);
	if (argc) {
		keep_only(array, argv[0]);
		if (!json_object_array_length(array)) {
			json_object_put(array);
			fprintf(stderr, "dhcpkctl: there is no pool \"%s\"\n", argv[0]);
			return REFUSED;
		}
	}
	return show(c, array, columns);
}

enum status pool_main(struct ctl *c, int argc, char **argv)
{
	static const struct command commands[] = {
		{ "add", add, " NAME subnet CIDR [WORD VALUE]...", &object_kinds[POOL],
		  "adds a pool; without a range it serves the whole subnet, except routers and "
		  "this machine's addresses" },
		{ "set", set, " NAME [WORD VALUE | no WORD]...\n"
		  "    sets the given words; \"no WORD\" unsets one; leases stay" },
		{ "del", del, " NAME\n    deletes a pool, its hosts and its leases" },
		{ "show", show_pools, " [NAME]\n    the pools and their use" },
		{}
	};

	return run_object(c, "pool", commands, "show", argc, argv);
}
