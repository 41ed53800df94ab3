/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The administrator's configuration: options, pools, hosts and relays as words, exactly as written
 * in the file or given to dhcpkctl.
 *
 * The model is a JSON object, so that it can be copied, shown and saved unchanged:
 *   {"options": {NAME: {KEY: [VALUE, ...], ...}, ...}, "pools": {NAME: {...}, ...},
 *    "hosts": {NAME: {...}, ...}, "relays": {INTERFACE: {...}, ...}}
 * words.h has the keys. The compiler (dhcpkd/compile) checks and encodes the values.
 */
#ifndef DHCPK_MODEL_H
#define DHCPK_MODEL_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"
#include "lib/model/words.h"

struct json_object *model_new(void);
struct json_object *model_copy(struct json_object *model);
struct json_object *model_objects(struct json_object *model, enum object_type type);

/* Is this a valid interface name? */
bool is_interface_name(const char *text);

/* err_object - set the object of an error, "relay eth1". Returns -1. */
int err_object(struct err *e, enum object_type type, const char *name);

/* model_add - add an empty object; -1 if the name exists already, or is invalid */
int model_add(struct json_object *model, enum object_type type, const char *name,
	      struct json_object **object, struct err *e);

/*
 * model_value - add a value to a key; -1 for an unknown word, or a second value if only one is
 * allowed
 */
int model_value(struct json_object *object, enum object_type type, const char *key,
		const char *value, struct err *e);

/* model_order - sort the keys of an object as in a file */
void model_order(struct json_object *object, enum object_type type);

/* model_text - value number @i of a key, or NULL */
const char *model_text(struct json_object *object, const char *key, size_t i);

#endif
