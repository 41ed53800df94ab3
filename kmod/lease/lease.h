/* SPDX-License-Identifier: GPL-2.0-only */
/* Leases: find, grant, release, expire. */
#ifndef DHCPK_LEASE_H
#define DHCPK_LEASE_H

#include "lease/types.h"

struct dhcpk_lease *dhcpk_lease_at(struct dhcpk_leases *s, u32 addr, u64 now);
struct dhcpk_lease *dhcpk_lease_current(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 now);
void dhcpk_lease_give_up(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 now);
struct dhcpk_lease *dhcpk_lease_grant(struct dhcpk_leases *s, struct dhcpk_lease *held,
				      const struct dhcpk_id *id, u32 addr, u8 state, u64 now,
				      u32 seconds, const struct dhcp_msg *msg);
bool dhcpk_lease_release(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 now);
void dhcpk_lease_decline(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 until);
void dhcpk_lease_shun(struct dhcpk_leases *s, struct dhcpk_lease *l);
void dhcpk_lease_committed(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 from);
bool dhcpk_lease_expire(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 now);
int dhcpk_lease_restore(struct dhcpk_leases *s, const struct dhcpk_lease *from,
			const struct dhcpk_id *id, const struct dhcp_bytes *host_name,
			const struct dhcp_bytes *agent);
void dhcpk_lease_unrestore(struct dhcpk_leases *s, u32 addr);

#endif
