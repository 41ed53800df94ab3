/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words to meaning: the model as a whole. */
#ifndef DHCPKD_COMPILE_H
#define DHCPKD_COMPILE_H

#include <json-c/json.h>

#include "dhcpkd/compile/specs.h"
#include "lib/err.h"

/*
 * model_compile - the meaning of a whole model, checked; errors name the object, the word and what is wrong with it: -1
 * @typed may be NULL. Addresses that this machine gets later must not keep what it was told before from being served. Where
 * memory is short, or those addresses cannot be read, nothing is at fault (not_now).
 */
int model_compile(struct json_object *model, const struct typed *typed, struct specs *specs, struct err *e);
/* model_check - has it a meaning, whatever addresses this machine has? 0, or -1 as model_compile() */
int model_check(struct json_object *model, struct err *e);

#endif
