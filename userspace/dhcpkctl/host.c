// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "dhcpkctl/ctl.h"

static const char *const keys[] = { "mac", "client-id", "ip", "hostname", "option", "pool", NULL };

/* A host is called after its client; the file may call it something else. */
static const char *client_of(int argc, char **argv)
{
	int i;

	for (i = 0; i + 1 < argc; i++) {
		if (!strcmp(argv[i], "mac") || !strcmp(argv[i], "client-id"))
			return argv[i + 1];
	}
	return NULL;
}

static enum status add(struct ctl *c, int argc, char **argv)
{
	const char *name = client_of(argc, argv);
	struct json_object *request;
	enum status status;

	if (!name)
		return wrong("host add wants mac M or client-id X");
	request = request_new("host-add", name);
	status = add_words(request, argc, argv, keys);
	if (status == DONE)
		return ask(c, request, NULL);
	json_object_put(request);
	return status;
}

static struct json_object *hosts_of(struct json_object *result)
{
	return json_object_object_get(json_object_object_get(result, "model"), "hosts");
}

/* The name under which the daemon keeps the host that is called so, or whose mac or client-id that is. */
static const char *name_of(struct json_object *hosts, const char *word)
{
	json_object_object_foreach(hosts, name, host) {
		static const char *const ids[] = { "mac", "client-id" };
		size_t i;

		if (!strcasecmp(name, word))
			return name;
		for (i = 0; i < 2; i++) {
			struct json_object *values = json_object_object_get(host, ids[i]);

			if (values && !strcasecmp(json_object_get_string(json_object_array_get_idx(values, 0)), word))
				return name;
		}
	}
	return NULL;
}

static enum status del(struct ctl *c, int argc, char **argv)
{
	struct json_object *result = NULL;
	const char *word = argc == 2 ? client_of(argc, argv) : argc == 1 ? argv[0] : NULL;
	const char *name;
	enum status status;

	if (!word)
		return wrong("host del wants NAME, mac M or client-id X");
	status = ask(c, request_new("model", NULL), &result);
	if (status != DONE)
		return status;
	name = name_of(hosts_of(result), word);
	status = ask(c, request_new("host-del", name ? name : word), NULL);
	json_object_put(result);
	return status;
}

static enum status show_hosts(struct ctl *c, int argc, char **argv)
{
	static const char *const columns[] = { "name", "mac", "client-id", "ip", "hostname", "pool", "option", NULL };
	struct json_object *array, *result = NULL;
	enum status status = ask(c, request_new("model", NULL), &result);
	size_t i;

	if (status != DONE)
		return status;
	array = json_object_new_array();
	json_object_object_foreach(hosts_of(result), name, host) {
		struct json_object *row = json_object_new_object();

		set_text(row, "name", name);
		for (i = 0; keys[i]; i++) {
			struct json_object *values = json_object_object_get(host, keys[i]);

			if (values && !strcmp(keys[i], "option"))
				json_object_object_add(row, "option", json_object_get(values));
			else if (values)
				json_object_object_add(row, keys[i], json_object_get(json_object_array_get_idx(values, 0)));
		}
		json_object_array_add(array, row);
	}
	json_object_put(result);
	return show(c, array, columns);
}

enum status host_main(struct ctl *c, int argc, char **argv)
{
	static const struct command commands[] = {
		{ "add", add, " (mac M | client-id X) [ip IP] [hostname H] [option CODE|NAME VALUE]... [pool NAME]\n"
			      "    reserves an address or options for a client; the pool is the one that has the address" },
		{ "del", del, " NAME | mac M | client-id X" },
		{ "show", show_hosts, "" },
		{}
	};

	return run_object(c, "host", commands, "show", argc, argv);
}
