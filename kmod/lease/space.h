/* SPDX-License-Identifier: GPL-2.0-only */
/* The lease database of a network namespace: walks over many leases. */
#ifndef DHCPK_SPACE_H
#define DHCPK_SPACE_H

#include "lease/types.h"

void dhcpk_map_leave(struct dhcpk_space *s, const struct dhcpk_map *m);
struct dhcpk_space *dhcpk_space_new(struct dhcpk_net *dn);
void dhcpk_space_free(struct dhcpk_space *s);
void dhcpk_space_expire(struct dhcpk_space *s, u64 now);
unsigned int dhcpk_space_forget(struct dhcpk_space *s, u32 first, u32 last);
void dhcpk_space_unrestore(struct dhcpk_space *s, u32 first, u32 last);

#endif
