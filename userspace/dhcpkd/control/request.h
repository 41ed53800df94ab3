/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What requests.c and change.c share. */
#ifndef DHCPKD_REQUEST_H
#define DHCPKD_REQUEST_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"

struct daemon;
struct pending;

/* request_text, request_string - a string, or that of a key; NULL if it is none, or has a NUL in it */
const char *request_text(struct json_object *o);
const char *request_string(struct json_object *request, const char *key);

/* request_check_known - what runs without our knowing it must not be ended in passing, nor left out of a file: -1 */
int request_check_known(const struct daemon *d, struct err *e);

/* request_warnings - {"warnings": [TEXT, ...]}: what is served otherwise than it is said, as far as it begins with @head */
struct json_object *request_warnings(const struct daemon *d, const char *head);

/* is_change - does an op change the configuration? change_request - carry it out, or note it with a peer's others */
bool is_change(const char *op);
int change_request(struct daemon *d, struct pending *p, const char *op, struct json_object *request,
		   struct json_object **result, struct err *e);

/* pending_begin - a peer's changes are one from now on; pending_commit - it is complete; both leave nothing behind if they fail */
int pending_begin(struct daemon *d, struct pending *p, struct err *e);
int pending_commit(struct daemon *d, struct pending *p, struct json_object **result, struct err *e);

#endif
