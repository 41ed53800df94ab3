/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPKD_CONTROL_REQUESTS_H
#define DHCPKD_CONTROL_REQUESTS_H

#include <json-c/json.h>
#include <stddef.h>

#include "dhcpkd/control/change.h"
#include "dhcpkd/daemon.h"

/* answer_request - answer one request line. Return: a JSON object; the caller puts it. */
struct json_object *answer_request(struct daemon *d, struct pending *p, const char *line,
				   size_t len);

#endif
