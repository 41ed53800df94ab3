/* SPDX-License-Identifier: GPL-2.0-only */
/* The lease database of a network namespace: walks over many leases. */
#ifndef DHCPK_LEASES_H
#define DHCPK_LEASES_H

#include "lease/types.h"

void dhcpk_map_leave(struct dhcpk_leases *s, const struct dhcpk_map *m);
struct dhcpk_leases *dhcpk_leases_new(struct dhcpk_net *dn);
void dhcpk_leases_free(struct dhcpk_leases *s);
void dhcpk_leases_expire(struct dhcpk_leases *s, u64 now);
unsigned int dhcpk_leases_forget(struct dhcpk_leases *s, u32 first, u32 last);
void dhcpk_leases_unrestore(struct dhcpk_leases *s, u32 first, u32 last);

#endif
