/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the administrator wants: options, pools, hosts and relays as words, exactly as they were written in the file or at
 * dhcpkctl.
 *
 * The model is a JSON object, so that it can be copied, shown and saved as it is:
 *   {"options": {NAME: {KEY: [VALUE, ...], ...}, ...}, "pools": {NAME: {...}, ...}, "hosts": {NAME: {...}, ...},
 *    "relays": {INTERFACE: {...}, ...}}
 * lib/words.h has the keys. compile.c gives the words their meaning and refuses those that have none.
 */
#ifndef DHCPKD_MODEL_H
#define DHCPKD_MODEL_H

#include <json-c/json.h>

#include "lib/err.h"
#include "lib/kernel/spec.h"
#include "lib/option/options.h"
#include "lib/model/words.h"

struct json_object *model_new(void);
struct json_object *model_copy(struct json_object *model);
struct json_object *model_objects(struct json_object *model, enum object_type type);

/* Could an interface be called so? */
bool is_interface_name(const char *text);

/* whose - an error is about this object, "relay eth1". Returns -1. */
int whose(struct err *e, enum object_type type, const char *name);

/* model_add - a new, empty object; -1 if there is one of that name, or the name is none */
int model_add(struct json_object *model, enum object_type type, const char *name, struct json_object **object,
	      struct err *e);

/* model_value - one more value of a key; -1 for an unknown word or a second value where there can be only one */
int model_value(struct json_object *object, enum object_type type, const char *key, const char *value, struct err *e);

/* model_order - the keys of an object as a file has them, in whichever order they were given */
void model_order(struct json_object *object, enum object_type type);

/* model_text - value number @i of a key, or NULL */
const char *model_text(struct json_object *object, const char *key, size_t i);

/* relay_id_auto - what "relay-id auto" is: a DUID-UUID (RFC 6355) of the store's id, which stays from boot to boot */
enum { RELAY_ID_SIZE = 2 + DHCPK_STORE_ID_SIZE };
void relay_id_auto(uint8_t duid[RELAY_ID_SIZE], const uint8_t *id);

/* What somebody has just said anew. An address of this machine's own in it is an error, and elsewhere a warning. */
struct typed {
	enum object_type	type;
	const char		*name;
	bool			addresses;	/* it says some */
	const struct typed	*next;		/* what was said with it, or NULL */
};

/* What a model means, in its order. It refers to the model's strings. */
struct specs {
	struct pool_spec	*pools;
	size_t			n_pools;
	struct host_spec	*hosts;
	size_t			n_hosts;
	struct relay_spec	*relays;
	size_t			n_relays;
	uint16_t		ports[DHCPK_RELAY_PORTS_MAX];	/* besides 67, that relays send from */
	size_t			n_ports;
	uint32_t		*own;		/* this machine's addresses */
	size_t			n_own;
	uint32_t		*broadcasts;	/* of its subnets */
	size_t			n_broadcasts;
	uint64_t		own_seen;	/* a hash of those that pools' subnets have, and relays' giaddrs are */
	struct json_object	*warnings;	/* texts: what is served otherwise than it was said */
	const struct typed	*typed;
};

/*
 * model_compile - the meaning of a whole model, checked; errors name the object, the word and what is wrong with it: -1
 * @typed may be NULL. Addresses that this machine gets later must not keep what it was told before from being served. Where
 * memory is short, or those addresses cannot be read, nothing is at fault (not_now).
 */
int model_compile(struct json_object *model, const struct typed *typed, struct specs *specs, struct err *e);
void specs_free(struct specs *specs);

/* model_check - has it a meaning, whatever addresses this machine has? 0, or -1 as model_compile() */
int model_check(struct json_object *model, struct err *e);

#endif
