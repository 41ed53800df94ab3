/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pools that the module serves. */
#ifndef DHCPK_KERNEL_POOL_H
#define DHCPK_KERNEL_POOL_H

#include <net/if.h>
#include <stdint.h>

#include <linux/dhcpk.h>

#include "lib/err.h"

struct kernel;

struct kernel_pool {
	char		name[DHCPK_POOL_NAME_SIZE];
	uint32_t	subnet;		/* host order */
	uint8_t		prefix;
	char		dev[IFNAMSIZ];
	uint32_t	ifindex;
	uint32_t	lease;
	uint32_t	flags;		/* DHCPK_POOL_F_* */
	uint32_t	size, bound, offered, declined, resting, free;
};

int kernel_pools(struct kernel *k, void (*each)(const struct kernel_pool *p, void *arg), void *arg,
		 struct err *e);

#endif
