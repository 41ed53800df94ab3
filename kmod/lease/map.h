/* SPDX-License-Identifier: GPL-2.0-only */
/* Address maps of pools: which addresses are free, and how many leases are in which state. */
#ifndef DHCPK_MAP_H
#define DHCPK_MAP_H

#include "lease/types.h"

struct dhcpk_map *dhcpk_map_new(u32 first, u32 last, struct dhcpk_alloc *alloc);
void dhcpk_map_free(struct dhcpk_map *m);
void dhcpk_map_follow_reservations(struct dhcpk_leases *s, struct dhcpk_map *m,
				   const struct dhcpk_alloc *a);
void dhcpk_map_fill(struct dhcpk_leases *s, struct dhcpk_map *m);
void dhcpk_map_offers_move(struct dhcpk_leases *s, struct dhcpk_map *m);
struct dhcpk_map *dhcpk_maps_at(const struct dhcpk_maps *maps, u32 addr);
bool dhcpk_maps_serve(const struct dhcpk_maps *maps, u32 addr);
void dhcpk_map_shun(struct dhcpk_leases *s, u32 addr);
void dhcpk_map_follow(struct dhcpk_leases *s, const struct dhcpk_lease *l, int from, int to);

#endif
