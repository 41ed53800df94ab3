// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <string.h>

#include "dhcpkd/model.h"

static const struct key pool_keys[] = {
	{ "subnet", 0 }, { "dev", 0 }, { "range", 1 }, { "router", 1 }, { "dns", 1 }, { "domain", 0 }, { "lease", 0 },
	{ "min-lease", 0 }, { "max-lease", 0 }, { "authoritative", 0 }, { "option", 1 }, { NULL, 0 },
};

static const struct key host_keys[] = {
	{ "mac", 0 }, { "client-id", 0 }, { "ip", 0 }, { "hostname", 0 }, { "option", 1 }, { "pool", 0 }, { NULL, 0 },
};

const struct key *model_keys(enum object_type type)
{
	return type == POOL ? pool_keys : host_keys;
}

struct json_object *model_new(void)
{
	struct json_object *model = json_object_new_object();

	json_object_object_add(model, "pools", json_object_new_object());
	json_object_object_add(model, "hosts", json_object_new_object());
	return model;
}

struct json_object *model_copy(struct json_object *model)
{
	struct json_object *copy = NULL;

	json_object_deep_copy(model, &copy, NULL);
	return copy;
}

struct json_object *model_objects(struct json_object *model, enum object_type type)
{
	return json_object_object_get(model, type == POOL ? "pools" : "hosts");
}

/* A name is written in files, shown in tables and passed to the kernel: one plain word. */
static int check_name(const char *name, struct err *e)
{
	const char *c;

	if (!*name || strlen(name) >= DHCPK_POOL_NAME_SIZE)
		return err_set(e, name, "a name has 1 to %d characters, \"%s\" has %zu", DHCPK_POOL_NAME_SIZE - 1, name,
			       strlen(name));
	for (c = name; *c; c++) {
		if (!isalnum((unsigned char)*c) && !strchr("-_.:", *c))
			return err_set(e, name, "the name \"%s\" may have letters, digits, - _ . : only", name);
	}
	return 0;
}

int model_add(struct json_object *model, enum object_type type, const char *name, struct json_object **object,
	      struct err *e)
{
	struct json_object *all = model_objects(model, type);
	const char *what = type == POOL ? "pool" : "host";

	if (check_name(name, e))
		return -1;
	if (json_object_object_get(all, name))
		return err_set(e, name, "there is a %s \"%s\" already", what, name);
	*object = json_object_new_object();
	json_object_object_add(all, name, *object);
	return 0;
}

int model_value(struct json_object *object, enum object_type type, const char *key, const char *value, struct err *e)
{
	const struct key *k = model_keys(type);
	struct json_object *values;

	while (k->name && strcmp(k->name, key))
		k++;
	if (!k->name)
		return err_set(e, key, "unknown word \"%s\"", key);
	values = json_object_object_get(object, key);
	if (!values) {
		values = json_object_new_array();
		json_object_object_add(object, key, values);
	}
	if (!k->list && json_object_array_length(values))
		return err_set(e, key, "\"%s\" is given twice", key);
	json_object_array_add(values, json_object_new_string(value));
	return 0;
}
