/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes of the configuration that a control client requests: one by one, or many as one. */
#ifndef DHCPKD_CONTROL_CHANGE_H
#define DHCPKD_CONTROL_CHANGE_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

#include "dhcpkd/compile/compiled.h"
#include "dhcpkd/control/hosts.h"
#include "dhcpkd/daemon.h"
#include "lib/err.h"

/* Changes of a control client that are to be made together. All zero: none has begun. */
struct pending {
	struct json_object	*base, *model;	/* the model when they began, and the changed one */
	struct net		*nets;		/* of pools that are deleted */
	size_t			n_nets;
	struct edited_object		*edited;		/* objects that are added or set */
	bool			refused;	/* one change was refused, and so all are */
};

/*
 * is_change - does an op change the configuration?
 * change_request - carry it out, or add it to the client's batch
 */
bool is_change(const char *op);
int change_request(struct daemon *d, struct pending *p, const char *op, struct json_object *request,
		   struct json_object **result, struct err *e);

/*
 * pending_begin - begin a batch of changes; pending_commit - carry it out; both drop the batch on
 * error
 */
int pending_begin(struct daemon *d, struct pending *p, struct err *e);
int pending_commit(struct daemon *d, struct pending *p, struct json_object **result, struct err *e);

/* pending_drop - the client has disconnected */
void pending_drop(struct pending *p);

#endif
