/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A relay. */
#ifndef DHCPKD_COMPILE_RELAY_H
#define DHCPKD_COMPILE_RELAY_H

#include <json-c/json.h>

#include "dhcpkd/compile/compiled.h"
#include "lib/err.h"

/* compile_relay - 0, or -1 with the word at fault */
int compile_relay(const char *dev, struct json_object *object, struct compiled *s,
		  struct relay_spec *r, struct err *e);

#endif
