/* SPDX-License-Identifier: GPL-2.0-only */
/* Free addresses of a pool; see alloc.c. */
#ifndef DHCPK_ALLOC_H
#define DHCPK_ALLOC_H

#include <linux/types.h>

struct dhcpk_range {
	u32 first;	/* host order, both inclusive */
	u32 last;
};

struct dhcpk_alloc;

struct dhcpk_alloc *dhcpk_alloc_new(const struct dhcpk_range *ranges, unsigned int n);
void dhcpk_alloc_free(struct dhcpk_alloc *a);
void dhcpk_alloc_reserve(struct dhcpk_alloc *a, u32 addr);
void dhcpk_alloc_unreserve(struct dhcpk_alloc *a, u32 addr);
bool dhcpk_alloc_same_ranges(const struct dhcpk_alloc *a, const struct dhcpk_alloc *b);
bool dhcpk_alloc_next_difference(const struct dhcpk_alloc *a, const struct dhcpk_alloc *b, u32 *n,
				 u32 *addr);
bool dhcpk_alloc_has_clean(const struct dhcpk_alloc *a);
bool dhcpk_alloc_contains(const struct dhcpk_alloc *a, u32 addr);
void dhcpk_alloc_take(struct dhcpk_alloc *a, u32 addr);
void dhcpk_alloc_release(struct dhcpk_alloc *a, u32 addr, bool remembered);
bool dhcpk_alloc_pick(const struct dhcpk_alloc *a, u64 hash, u32 *addr);
u32 dhcpk_alloc_size(const struct dhcpk_alloc *a);
u32 dhcpk_alloc_available(const struct dhcpk_alloc *a);

#endif
