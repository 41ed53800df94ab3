/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A compiled model, in the form that the kernel takes. */
#ifndef DHCPKD_COMPILE_COMPILED_H
#define DHCPKD_COMPILE_COMPILED_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/kernel/spec.h"
#include "lib/model/words.h"

/*
 * An object that the current request adds or changes. An address of this machine in it is an error;
 * in all other objects it is a warning.
 */
struct edited_object {
	enum object_type	type;
	const char		*name;
	bool			addresses;	/* the request sets addresses */
	const struct edited_object *next;	/* another object of the same request, or NULL */
};

/* A compiled model, in the model's order. It refers to the model's strings. */
struct compiled {
	struct pool_spec	*pools;
	size_t			n_pools;
	struct host_spec	*hosts;
	size_t			n_hosts;
	struct relay_spec	*relays;
	size_t			n_relays;
	uint16_t		ports[DHCPK_RELAY_PORTS_MAX];	/* source ports, without 67 */
	size_t			n_ports;
	uint32_t		*own;		/* this machine's addresses */
	size_t			n_own;
	uint32_t		*broadcasts;	/* of its subnets */
	size_t			n_broadcasts;
	uint64_t		own_seen;	/* hash of those in subnets or as giaddr */
	struct json_object	*warnings;	/* differences from the configuration */
	const struct edited_object	*edited;
};

void compiled_free(struct compiled *compiled);

/* compiled_warn - note that the server differs from the configuration */
void compiled_warn(struct compiled *s, enum object_type type, const char *name, const char *text);

#endif
