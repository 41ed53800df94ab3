/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a model means, as the kernel is told. */
#ifndef DHCPKD_COMPILE_SPECS_H
#define DHCPKD_COMPILE_SPECS_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/kernel/spec.h"
#include "lib/model/words.h"

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

void specs_free(struct specs *specs);

/* specs_warn - something is served otherwise than it was said */
void specs_warn(struct specs *s, enum object_type type, const char *name, const char *text);

#endif
