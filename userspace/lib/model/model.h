/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the administrator wants: options, pools, hosts and relays as words, exactly as they were written in the file or at
 * dhcpkctl.
 *
 * The model is a JSON object, so that it can be copied, shown and saved as it is:
 *   {"options": {NAME: {KEY: [VALUE, ...], ...}, ...}, "pools": {NAME: {...}, ...}, "hosts": {NAME: {...}, ...},
 *    "relays": {INTERFACE: {...}, ...}}
 * words.h has the keys. The compiler gives them their meaning and refuses those that have none.
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

/* Could an interface be called so? */
bool is_interface_name(const char *text);

/* whose - an error is about this object, "relay eth1". Returns -1. */
int err_object(struct err *e, enum object_type type, const char *name);

/* model_add - a new, empty object; -1 if there is one of that name, or the name is none */
int model_add(struct json_object *model, enum object_type type, const char *name, struct json_object **object,
	      struct err *e);

/* model_value - one more value of a key; -1 for an unknown word or a second value where there can be only one */
int model_value(struct json_object *object, enum object_type type, const char *key, const char *value, struct err *e);

/* model_order - the keys of an object as a file has them, in whichever order they were given */
void model_order(struct json_object *object, enum object_type type);

/* model_text - value number @i of a key, or NULL */
const char *model_text(struct json_object *object, const char *key, size_t i);

#endif
