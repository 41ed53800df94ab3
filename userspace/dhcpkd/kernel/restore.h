/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Leases from the store to a kernel that does not have them. */
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

/* The nets of the running generation, sorted; the caller frees @nets. */
struct served {
	struct store_net	*nets;
	size_t			n;
	bool			short_of_memory;
};

/* restore_served - read them from the kernel; 0 or as kernel_pools() */
int restore_served(struct kernel *k, struct served *served, struct err *e);

/*
 * restore_pool - load the store's leases of a pool's net into a generation; skip nets in @served:
 * there the kernel has newer data
 */
int restore_pool(struct commit *c, struct kernel *k, uint32_t generation,
		 const struct pool_spec *pool, const struct served *served, struct err *e);

#endif
