/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compiles the model as a whole. */
#ifndef DHCPKD_COMPILE_H
#define DHCPKD_COMPILE_H

#include <json-c/json.h>

#include "dhcpkd/compile/compiled.h"
#include "lib/err.h"

/*
 * model_compile - compile and check a whole model; errors name the object, the word and the reason:
 * -1
 *
 * @edited may be NULL. If this machine gets an address later, configuration that was given before
 * must still be served. e->not_now: memory is short or the addresses cannot be read; the model has
 * no error.
 */
int model_compile(struct json_object *model, const struct edited_object *edited,
		  struct compiled *compiled, struct err *e);
/*
 * model_check - is the model valid, whatever addresses this machine has? 0, or -1 as
 * model_compile()
 */
int model_check(struct json_object *model, struct err *e);

#endif
