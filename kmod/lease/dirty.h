/* SPDX-License-Identifier: GPL-2.0-only */
/* Leases with changes that the store does not have yet. */
#ifndef DHCPK_DIRTY_H
#define DHCPK_DIRTY_H

#include "lease/types.h"

u64 dhcpk_horizon(const struct dhcpk_lease *l);
void dhcpk_dirty(struct dhcpk_leases *s, struct dhcpk_lease *l);
void dhcpk_dirty_as(struct dhcpk_leases *s, struct dhcpk_lease *l, const struct dhcpk_lease *old);
void dhcpk_dirty_unless_covered(struct dhcpk_leases *s, struct dhcpk_lease *l);
void dhcpk_unlist(struct dhcpk_leases *s, struct dhcpk_lease *l);
bool dhcpk_backlog(struct dhcpk_leases *s, u64 now);
bool dhcpk_store_is_silent(struct dhcpk_leases *s, u64 now);
void dhcpk_seq_after(struct dhcpk_leases *s, u64 seq);
void dhcpk_pulled(struct dhcpk_leases *s, struct dhcpk_lease *l);
void dhcpk_list_again(struct dhcpk_leases *s, struct dhcpk_lease *l);

#endif
