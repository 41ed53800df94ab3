/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the store knows goes back into a kernel that does not. */
#ifndef DHCPKD_RESTORE_H
#define DHCPKD_RESTORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct commit;
struct err;
struct kernel;
struct pool_spec;
struct store_net;

/* The nets that the running generation serves, sorted; @nets is the caller's to free. */
struct served {
	struct store_net	*nets;
	size_t			n;
	bool			short_of_memory;
};

/* restore_served - ask the kernel for them; 0 or as kernel_pools() */
int restore_served(struct kernel *k, struct served *served, struct err *e);

/* restore_pool - the store's bindings of a pool's net into a generation; of those in @served the kernel has the truth */
int restore_pool(struct commit *c, struct kernel *k, uint32_t generation, const struct pool_spec *pool,
		 const struct served *served, struct err *e);

#endif
