/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the compiler share. All return 0, or -1 with the word at fault. */
#ifndef DHCPKD_COMPILE_H
#define DHCPKD_COMPILE_H

#include "lib/model/model.h"

enum {
	ADDRS_MAX = 63,		/* more would take a second piece of the option, which old clients do not join to the first */
	DHCP_SERVER_PORT = 67,
	DHCP_CLIENT_PORT = 68,
};

struct addrs {
	uint32_t	ip[ADDRS_MAX];
	unsigned int	n;
};

static inline uint32_t broadcast_of(const struct pool_spec *p)
{
	return p->subnet | (0xffffffffU >> p->prefix);
}

static inline int in_subnet(const struct pool_spec *p, uint32_t ip)
{
	return ip >= p->subnet && ip <= broadcast_of(p);
}

/* compile_pool.c */
int compile_pool(const char *name, struct json_object *object, const struct option_defs *own, struct specs *s,
		 struct pool_spec *p, struct err *e);

/* compile_pool.c: a key that is a time; what was in @seconds stays without it */
int compile_time(struct json_object *object, const char *key, uint32_t *seconds, struct err *e);

/* compile_set.c: renew and rebind of a pool or host with this lease; what was in @set stays without them */
int compile_renewal(struct json_object *object, uint32_t lease, struct option_set *set, struct err *e);

/* compile.c: a key that is "on" or "off"; what was in @on stays without it */
int compile_switch(struct json_object *object, const char *key, int *on, struct err *e);

/* compile.c: the place of a key's value among @names; "wants" is how they are said; what was in @which stays without it */
int compile_choice(struct json_object *object, const char *key, const char *const *names, const char *wants,
		   unsigned int *which, struct err *e);

/* compile_relay.c, and compile_agent.c: what it puts into option 82, for which port and giaddr are known already */
int compile_relay(const char *dev, struct json_object *object, struct specs *s, struct relay_spec *r, struct err *e);
int compile_agent(struct json_object *object, struct relay_spec *r, struct err *e);

/* own.c: the machine's addresses, as they are now; and a complaint about one, turned into a warning unless it is new (-1) */
int own_load(struct specs *s, struct err *e);
int own_warn(struct specs *s, enum object_type type, const char *name, const char *effect, struct err *e);

/* compile.c: something is served otherwise than it was said */
void compile_warn(struct specs *s, enum object_type type, const char *name, const char *text);

/* own_saw - a complaint that hangs on whether the machine has this address is looked at again when that changes */
void own_saw(struct specs *s, uint32_t ip);

/*
 * compile_set.c: a key's addresses, at most @max; the set of a pool; a host's, with its pool's besides (NULL if it has
 * nothing of its own)
 */
int compile_addresses(struct json_object *object, const char *key, unsigned int max, struct addrs *a, struct err *e);
int compile_pool_set(struct json_object *object, const struct option_defs *own, struct pool_spec *p,
		     const struct addrs *routers, struct err *e);
int compile_host_set(struct json_object *object, const struct option_defs *own, const struct pool_spec *pool,
		     struct host_spec *h, struct err *e);

#endif
