// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dhcpkctl/ctl.h"

static const char *const keys[] = {
	"subnet", "dev", "range", "router", "dns", "domain", "lease", "min-lease", "max-lease", "authoritative", "option",
	NULL,
};

#define WORDS	" NAME subnet CIDR [dev IF] [range A-B]... [router IP]... [dns IP]... [domain D]\n" \
		"        [lease TIME] [min-lease TIME] [max-lease TIME] [authoritative on|off] [option CODE|NAME VALUE]..."

static enum status change(struct ctl *c, const char *op, int argc, char **argv)
{
	struct json_object *request;
	enum status status;

	if (!argc)
		return wrong("which pool? a name is missing");
	request = request_new(op, argv[0]);
	status = add_words(request, argc - 1, argv + 1, keys);
	if (status != DONE) {
		json_object_put(request);
		return status;
	}
	return ask(c, request, NULL);
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
		return wrong("pool del wants one name");
	return ask(c, request_new("pool-del", argv[0]), NULL);
}

/* ---- show ---- */

struct gathered {
	struct json_object *array;
	struct json_object *model;	/* the daemon's pools, NULL without it */
};

static void add_settings(struct json_object *row, struct json_object *settings)
{
	struct json_object *values;
	size_t i;

	for (i = 0; keys[i]; i++) {
		values = settings ? json_object_object_get(settings, keys[i]) : NULL;
		if (!values)
			continue;
		if (!strcmp(keys[i], "range"))
			json_object_object_add(row, "ranges", json_object_get(values));
		else if (!strcmp(keys[i], "router") || !strcmp(keys[i], "dns") || !strcmp(keys[i], "option"))
			json_object_object_add(row, keys[i], json_object_get(values));
		else if (!strcmp(keys[i], "domain") || !strcmp(keys[i], "authoritative"))
			json_object_object_add(row, keys[i], json_object_get(json_object_array_get_idx(values, 0)));
	}
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
	set_text(row, "state", !*p->dev ? "unattached" : p->ifindex ? "serving" : "waiting for interface");
	json_object_object_add(row, "ranges", json_object_new_array());
	set_number(row, "size", p->size);
	set_number(row, "bound", p->bound);
	set_number(row, "offered", p->offered);
	set_number(row, "declined", p->declined);
	set_number(row, "free", p->free);
	set_number(row, "lease", p->lease);
	/* Bindings are in the kernel's memory only, and gone with it. */
	set_text(row, "durability", "none");
	add_settings(row, g->model ? json_object_object_get(g->model, p->name) : NULL);
	json_object_array_add(g->array, row);
}

/* The daemon's words for the pools; without it the kernel's are enough to read. */
static struct json_object *daemon_pools(struct ctl *c, struct json_object **result)
{
	struct err e = {};
	int fd = control_connect(c->socket, &e);
	struct json_object *model = NULL;

	if (fd < 0 || control_call(fd, request_new("model", NULL), result, &e))
		fprintf(stderr, "dhcpkctl: %s; this is what the kernel knows\n", e.text);
	else
		model = json_object_object_get(*result, "model");
	if (fd >= 0)
		close(fd);
	return model ? json_object_object_get(model, "pools") : NULL;
}

enum status pools_json(struct ctl *c, struct json_object **array)
{
	struct json_object *result = NULL;
	struct gathered g = { .array = json_object_new_array() };
	struct kernel *k;
	struct err e = {};
	int err;

	err = kernel_open(&k, &e);
	if (!err) {
		g.model = daemon_pools(c, &result);
		err = kernel_pools(k, take_pool, &g, &e);
		kernel_close(k);
	}
	json_object_put(result);
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
		"name", "subnet", "dev", "state", "ranges", "size", "bound", "offered", "declined", "free", "lease", NULL,
	};
	struct json_object *array;
	enum status status = pools_json(c, &array);

	if (status != DONE)
		return status;
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
		{ "add", add, WORDS "\n    a new pool; without a range the whole subnet, but for routers and own addresses" },
		{ "set", set, WORDS "\n    gives the words named new values; bindings stay" },
		{ "del", del, " NAME\n    ends a pool, its hosts and its bindings" },
		{ "show", show_pools, " [NAME]\n    what is served, and how full it is" },
		{}
	};

	return run_object(c, "pool", commands, "show", argc, argv);
}
