/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Option sets. All return 0, or -1 with the word at fault. */
#ifndef DHCPKD_COMPILE_SET_H
#define DHCPKD_COMPILE_SET_H

#include <json-c/json.h>
#include <stdint.h>

#include "dhcpkd/compile/words.h"
#include "lib/err.h"
#include "lib/kernel/spec.h"
#include "lib/option/options.h"

/*
 * compile_renewal - renew and rebind of a pool or host with this lease; without them @set is
 * unchanged
 */
int compile_renewal(struct json_object *object, uint32_t lease, struct option_set *set,
		    struct err *e);

/* compile_pool_set - the set of a pool */
int compile_pool_set(struct json_object *object, const struct option_defs *own, struct pool_spec *p,
		     const struct addrs *routers, struct err *e);

/*
 * compile_host_set - a host's set merged with its pool's; NULL if the host has no options of its
 * own
 */
int compile_host_set(struct json_object *object, const struct option_defs *own,
		     const struct pool_spec *pool, struct host_spec *h, struct err *e);

#endif
