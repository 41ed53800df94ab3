/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What requests have in common. */
#ifndef DHCPKD_CONTROL_REQUEST_H
#define DHCPKD_CONTROL_REQUEST_H

#include <json-c/json.h>

#include "dhcpkd/daemon.h"
#include "lib/err.h"

/* request_text, request_string - a string, or that of a key; NULL if it is none, or has a NUL in it */
const char *request_text(struct json_object *o);
const char *request_string(struct json_object *request, const char *key);

/* request_check_known - what runs without our knowing it must not be ended in passing, nor left out of a file: -1 */
int request_check_known(const struct daemon *d, struct err *e);

/* request_warnings - {"warnings": [TEXT, ...]}: what is served otherwise than it is said, as far as it begins with @head */
struct json_object *request_warnings(const struct daemon *d, const char *head);

#endif
