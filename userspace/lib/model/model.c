// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include <linux/dhcpk.h>

#include "lib/model/model.h"
#include "lib/conv.h"
#include "lib/utf8.h"

struct json_object *model_new(void)
{
	struct json_object *model = json_object_new_object();
	unsigned int type;

	for (type = 0; type < OBJECT_TYPES; type++)
		json_object_object_add(model, object_kinds[type].plural, json_object_new_object());
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
	return json_object_object_get(model, object_kinds[type].plural);
}

/*
 * The kernel's rule, dev_valid_name(). It counts Latin-1's no-break space as a space, too. Names
 * must be UTF-8. A semicolon ends a line in other servers' files.
 */
bool is_interface_name(const char *text)
{
	return *text && strlen(text) < IFNAMSIZ && strcmp(text, ".") && strcmp(text, "..") &&
	       !strpbrk(text, "/:; \t\n\v\f\r\xa0") && is_utf8(text);
}

/*
 * A name is written to files, shown in tables and sent to the kernel: one plain word. Interface
 * names are given by the system.
 */
static int check_name(enum object_type type, const char *name, struct err *e)
{
	const char *c;

	if (type == RELAY)
		return is_interface_name(name) ? 0
			: err_set(e, name, "\"%s\" is no interface name", name);
	if (!*name || strlen(name) >= DHCPK_POOL_NAME_SIZE)
		return err_set(e, name, "a name has 1 to %d characters, \"%s\" has %zu",
			       DHCPK_POOL_NAME_SIZE - 1, name, strlen(name));
	for (c = name; *c; c++) {
		if (!isalnum((unsigned char)*c) && !strchr("-_.:", *c))
			return err_set(e, name,
				       "the name \"%s\" may have letters, digits, - _ . : only",
				       name);
	}
	return 0;
}

int err_object(struct err *e, enum object_type type, const char *name)
{
	snprintf(e->object, sizeof(e->object), "%s %.50s", object_kinds[type].name, name);
	return -1;
}

int model_add(struct json_object *model, enum object_type type, const char *name,
	      struct json_object **object, struct err *e)
{
	struct json_object *all = model_objects(model, type);

	if (check_name(type, name, e))
		return -1;
	if (json_object_object_get(all, name))
		return err_set(e, name, "there is %s \"%s\" already", object_kinds[type].a, name);
	*object = json_object_new_object();
	json_object_object_add(all, name, *object);
	return 0;
}

int model_value(struct json_object *object, enum object_type type, const char *key,
		const char *value, struct err *e)
{
	const struct key *k = find_key(type, key);
	struct json_object *values;

	if (!k)
		return err_set(e, key, "unknown word \"%s\"", key);
	if (!is_utf8(value))
		return err_set(e, value, "%s: the value is no UTF-8 text", key);
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

void model_order(struct json_object *object, enum object_type type)
{
	struct json_object *values;
	const struct key *k;

	for (k = object_kinds[type].keys; k->name; k++) {
		values = json_object_get(json_object_object_get(object, k->name));
		if (!values)
			continue;
		json_object_object_del(object, k->name);
		json_object_object_add(object, k->name, values);
	}
}

const char *model_text(struct json_object *object, const char *key, size_t i)
{
	struct json_object *values = json_object_object_get(object, key);

	if (!values || i >= json_object_array_length(values))
		return NULL;
	return json_object_get_string(json_object_array_get_idx(values, i));
}
