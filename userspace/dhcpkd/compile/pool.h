/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pool, with its option set. */
#ifndef DHCPKD_COMPILE_POOL_H
#define DHCPKD_COMPILE_POOL_H

#include <json-c/json.h>

#include "dhcpkd/compile/compiled.h"
#include "lib/err.h"
#include "lib/option/options.h"

/* compile_pool - 0, or -1 with the word at fault */
int compile_pool(const char *name, struct json_object *object, const struct option_defs *own,
		 struct compiled *s, struct pool_spec *p, struct err *e);

#endif
