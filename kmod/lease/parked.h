/* SPDX-License-Identifier: GPL-2.0-only */
/* Replies that wait for the store. */
#ifndef DHCPK_PARKED_H
#define DHCPK_PARKED_H

#include "lease/types.h"

struct dhcpk_exchange;

/**
 * enum dhcpk_parking - result of dhcpk_park()
 * @DHCPK_PARKED: the reply waits
 * @DHCPK_STORED_MEANWHILE: the lease has been stored, the reply can leave
 * @DHCPK_NOT_PARKED: the lease has changed or is gone, or too many replies wait
 */
enum dhcpk_parking {
	DHCPK_PARKED,
	DHCPK_STORED_MEANWHILE,
	DHCPK_NOT_PARKED,
};

bool dhcpk_awaited(struct dhcpk_leases *s, const struct dhcp_hdr *hdr);
void dhcpk_await_end(struct dhcpk_leases *s, struct dhcpk_exchange *x);
struct sk_buff *dhcpk_parked_take(struct dhcpk_leases *s, struct dhcpk_lease *l);
struct sk_buff *dhcpk_unpark(struct dhcpk_leases *s, struct dhcpk_lease *l);
bool dhcpk_parked_reply_to(const struct dhcpk_lease *l, const struct dhcp_msg *msg);
bool dhcpk_parked_already(const struct dhcpk_lease *l, const struct dhcp_msg *msg, u64 now);
enum dhcpk_parking dhcpk_park(struct dhcpk_leases *s, struct sk_buff **skb, u32 addr, u64 seq,
			      u64 now);
void dhcpk_parked_expire(struct dhcpk_leases *s, u64 now);

#endif
