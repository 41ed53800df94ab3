/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reservations. */
#ifndef DHCPKD_COMPILE_HOST_H
#define DHCPKD_COMPILE_HOST_H

#include <json-c/json.h>

#include "dhcpkd/compile/compiled.h"
#include "lib/err.h"
#include "lib/option/options.h"

/*
 * compile_hosts - all hosts of the model; @s has its pools already. Return: 0, or -1 with the word
 * at fault.
 */
int compile_hosts(struct json_object *model, const struct option_defs *own, struct compiled *s,
		  struct err *e);

#endif
