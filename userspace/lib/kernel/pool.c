// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stdlib.h>

#include "lib/kernel/pool.h"
#include "lib/kernel/request.h"

static void take_pool(struct nlattr **attrs, void *arg)
{
	struct nlattr *a[DHCPK_A_POOL_MAX + 1];
	struct kernel_pool *p;

	if (!attrs[DHCPK_A_POOL] ||
	    nla_parse_nested(a, DHCPK_A_POOL_MAX, attrs[DHCPK_A_POOL], NULL))
		return;
	p = kernel_list_next(arg);
	if (a[DHCPK_A_POOL_NAME])
		nla_strlcpy(p->name, a[DHCPK_A_POOL_NAME], sizeof(p->name));
	if (a[DHCPK_A_POOL_DEV])
		nla_strlcpy(p->dev, a[DHCPK_A_POOL_DEV], sizeof(p->dev));
	p->subnet = ntohl(u32_of(a[DHCPK_A_POOL_SUBNET]));
	p->prefix = u8_of(a[DHCPK_A_POOL_PREFIX]);
	p->ifindex = u32_of(a[DHCPK_A_POOL_IFINDEX]);
	p->lease = u32_of(a[DHCPK_A_POOL_LEASE]);
	p->size = u32_of(a[DHCPK_A_POOL_SIZE]);
	p->bound = u32_of(a[DHCPK_A_POOL_BOUND]);
	p->offered = u32_of(a[DHCPK_A_POOL_OFFERED]);
	p->declined = u32_of(a[DHCPK_A_POOL_DECLINED]);
	p->resting = u32_of(a[DHCPK_A_POOL_RESTING]);
	p->free = u32_of(a[DHCPK_A_POOL_FREE]);
	p->flags = u32_of(a[DHCPK_A_POOL_FLAGS]);
}

int kernel_pools(struct kernel *k, void (*each)(const struct kernel_pool *, void *), void *arg,
		 struct err *e)
{
	struct kernel_list l = { .each = sizeof(struct kernel_pool) };
	int err = kernel_dump(k, DHCPK_CMD_GET_POOL, take_pool, &l, e);
	size_t i;

	for (i = 0; !err && i < l.n; i++)
		each((struct kernel_pool *)l.all + i, arg);
	free(l.all);
	return err;
}
