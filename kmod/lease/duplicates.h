/* SPDX-License-Identifier: GPL-2.0-only */
/* Client identifiers that two machines use in turn. */
#ifndef DHCPK_DUPLICATES_H
#define DHCPK_DUPLICATES_H

#include "lease/types.h"

void dhcpk_duplicate_note(struct dhcpk_leases *s, struct dhcpk_lease *l, const struct dhcp_hdr *hdr,
			  u64 now);
void dhcpk_duplicate_forget(struct dhcpk_leases *s, u32 addr);
const struct dhcpk_hardware *dhcpk_duplicate_of(const struct dhcpk_leases *s,
						const struct dhcpk_lease *l, u64 now);
const struct dhcpk_lease *dhcpk_duplicate_at(struct dhcpk_leases *s, unsigned int i, u64 now,
					     const struct dhcpk_hardware **also);

#endif
