/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the administrator wants: pools and hosts as words, exactly as they were written in the file or at dhcpkctl.
 *
 * The model is a JSON object, so that it can be copied, shown and saved as it is:
 *   {"pools": {NAME: {KEY: [VALUE, ...], ...}, ...}, "hosts": {NAME: {KEY: [VALUE, ...], ...}, ...}}
 * compile.c gives the words their meaning and refuses those that have none.
 */
#ifndef DHCPKD_MODEL_H
#define DHCPKD_MODEL_H

#include <json-c/json.h>

#include "lib/err.h"
#include "lib/kernel.h"

enum object_type { POOL, HOST };

struct key {
	const char	*name;
	int		list;	/* may be given several times */
};

/* The words that pools and hosts know; a NULL name ends the list. */
const struct key *model_keys(enum object_type type);

struct json_object *model_new(void);
struct json_object *model_copy(struct json_object *model);
struct json_object *model_objects(struct json_object *model, enum object_type type);

/* model_add - a new, empty object; -1 if there is one of that name, or the name is none */
int model_add(struct json_object *model, enum object_type type, const char *name, struct json_object **object,
	      struct err *e);

/* model_value - one more value of a key; -1 for an unknown word or a second value where there can be only one */
int model_value(struct json_object *object, enum object_type type, const char *key, const char *value, struct err *e);

/*
 * model_compile - the meaning of a whole model, checked
 *
 * @pools and @hosts point to as many elements as model_objects() has; they refer to the model's strings and are the
 * caller's to free. Errors name the object, the word and what is wrong with it: -1.
 */
int model_compile(struct json_object *model, struct pool_spec **pools, struct host_spec **hosts, struct err *e);

#endif
