/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the compiler share. All return 0, or -1 with the word at fault. */
#ifndef DHCPKD_COMPILE_H
#define DHCPKD_COMPILE_H

#include "dhcpkd/model.h"

enum { ADDRS_MAX = 32 };

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

/* own.c: the machine's addresses, as they are now; and a complaint about one, turned into a warning unless it is new (-1) */
int own_load(struct specs *s, struct err *e);
int own_warn(struct specs *s, enum object_type type, const char *name, struct err *e);

/* compile_set.c: a key's addresses; the set of a pool; a host's, with its pool's besides (NULL if it has nothing of its own) */
int compile_addresses(struct json_object *object, const char *key, struct addrs *a, struct err *e);
int compile_pool_set(struct json_object *object, const struct option_defs *own, struct pool_spec *p,
		     const struct addrs *routers, struct err *e);
int compile_host_set(struct json_object *object, const struct option_defs *own, const struct pool_spec *pool,
		     struct host_spec *h, struct err *e);

#endif
