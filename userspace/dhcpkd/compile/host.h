/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reservations. */
#ifndef DHCPKD_COMPILE_HOST_H
#define DHCPKD_COMPILE_HOST_H

#include <json-c/json.h>

#include "dhcpkd/compile/specs.h"
#include "lib/err.h"
#include "lib/option/options.h"

/* compile_hosts - all of the model, whose pools @s has already; -1 with the word at fault */
int compile_hosts(struct json_object *model, const struct option_defs *own, struct specs *s,
		  struct err *e);

#endif
