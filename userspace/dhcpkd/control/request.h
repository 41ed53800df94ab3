/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Helpers for requests. */
#ifndef DHCPKD_CONTROL_REQUEST_H
#define DHCPKD_CONTROL_REQUEST_H

#include <json-c/json.h>

#include "dhcpkd/daemon.h"
#include "lib/err.h"

/*
 * request_text, request_string - a string, or the string of a key; NULL if it is none or has a NUL
 * in it
 */
const char *request_text(struct json_object *o);
const char *request_string(struct json_object *request, const char *key);

/*
 * request_check_known - -1 if the kernel runs a configuration that this daemon does not know: a
 * change would end it, and a saved file would lack it
 */
int request_check_known(const struct daemon *d, struct err *e);

/* request_warnings - {"warnings": [TEXT, ...]}: the warnings that begin with @head */
struct json_object *request_warnings(const struct daemon *d, const char *head);

#endif
