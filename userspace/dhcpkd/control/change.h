/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes of the configuration that a peer asks for: one by one, or many as one. */
#ifndef DHCPKD_CONTROL_CHANGE_H
#define DHCPKD_CONTROL_CHANGE_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

#include "dhcpkd/compile/specs.h"
#include "dhcpkd/control/hosts.h"
#include "dhcpkd/daemon.h"
#include "lib/err.h"

/* Changes of a peer's that are to be made together. All of it 0: it has begun none. */
struct pending {
	struct json_object	*base, *model;	/* what ran when they began, and what is to run */
	struct net		*nets;		/* of pools that are deleted */
	size_t			n_nets;
	struct typed		*typed;		/* what is added or set */
	bool			refused;	/* one of them, and so all */
};

/* is_change - does an op change the configuration? change_request - carry it out, or note it with a peer's others */
bool is_change(const char *op);
int change_request(struct daemon *d, struct pending *p, const char *op, struct json_object *request,
		   struct json_object **result, struct err *e);

/* pending_begin - a peer's changes are one from now on; pending_commit - it is complete; both leave nothing behind if they fail */
int pending_begin(struct daemon *d, struct pending *p, struct err *e);
int pending_commit(struct daemon *d, struct pending *p, struct json_object **result, struct err *e);

/* pending_drop - its peer has gone */
void pending_drop(struct pending *p);

#endif
