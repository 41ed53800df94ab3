/* SPDX-License-Identifier: GPL-2.0-only */
/* One lease: its memory, its state, and the identities by which it is found. */
#ifndef DHCPK_RECORD_H
#define DHCPK_RECORD_H

#include "lease/types.h"

int dhcpk_lease_init(void);
void dhcpk_lease_exit(void);
bool dhcpk_lease_live(const struct dhcpk_lease *l);
bool dhcpk_same_hardware(const struct dhcpk_lease *l, const struct dhcp_hdr *hdr);
struct dhcpk_id dhcpk_lease_circuit(const struct dhcpk_lease *l);
struct dhcpk_lease *dhcpk_lease_create(struct dhcpk_leases *s, const struct dhcpk_id *id, u32 addr);
void dhcpk_lease_set_state(struct dhcpk_leases *s, struct dhcpk_lease *l, u8 state, u64 expires);
void dhcpk_lease_timer(struct dhcpk_leases *s, struct dhcpk_lease *l);
bool dhcpk_lease_name(struct dhcpk_leases *s, struct dhcpk_lease *l, const struct dhcpk_id *id);
void dhcpk_lease_link_hardware(struct dhcpk_leases *s, struct dhcpk_lease *l);
void dhcpk_lease_link_hardware_as(struct dhcpk_leases *s, struct dhcpk_lease *l, u16 kind);
void dhcpk_lease_set_hardware(struct dhcpk_leases *s, struct dhcpk_lease *l, u8 htype, u8 hlen,
			      const u8 *chaddr);
void dhcpk_lease_unlink(struct dhcpk_leases *s, struct dhcpk_lease *l);
void dhcpk_blob_replace(struct dhcpk_blob **blob, const struct dhcp_bytes *value);
void dhcpk_lease_forget(struct dhcpk_leases *s, struct dhcpk_lease *l);
void dhcpk_lease_erase(struct dhcpk_leases *s, struct dhcpk_lease *l);
void dhcpk_lease_free(struct dhcpk_leases *s, struct dhcpk_lease *l);

#endif
