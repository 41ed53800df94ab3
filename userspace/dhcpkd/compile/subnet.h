/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pool's subnet. */
#ifndef DHCPKD_COMPILE_SUBNET_H
#define DHCPKD_COMPILE_SUBNET_H

#include <stdint.h>

#include "lib/kernel/spec.h"

static inline uint32_t broadcast_of(const struct pool_spec *p)
{
	return p->subnet | (0xffffffffU >> p->prefix);
}

static inline int in_subnet(const struct pool_spec *p, uint32_t ip)
{
	return ip >= p->subnet && ip <= broadcast_of(p);
}

#endif
