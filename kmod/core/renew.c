// SPDX-License-Identifier: GPL-2.0-only
/* A renewal without the server: a relay with "survive" repeats an earlier ACK. */
#include <linux/string.h>
#include <linux/unaligned.h>

#include "dhcp.h"

/* RFC 2132 sections 9.2, 9.11, 9.12: four bytes each. */
static bool set_time(u8 *option, u32 seconds)
{
	if (option[1] != 4)
		return false;
	put_unaligned_be32(seconds, option + 2);
	return true;
}

/* Returns whether the lease time is among the options. */
static bool set_times(u8 *body, size_t len, u32 seconds)
{
	struct dhcp_place p;
	bool lease = false;
	size_t at;

	for (at = DHCP_HDR_LEN; dhcp_next_option(body, len, at, &p) && p.code != DHCP_OPT_END;
	     at = p.at + p.len) {
		if (p.code == DHCP_OPT_LEASE_TIME)
			lease |= set_time(body + p.at, seconds);
		else if (p.code == DHCP_OPT_T1)
			set_time(body + p.at, seconds / 2);
		else if (p.code == DHCP_OPT_T2)
			set_time(body + p.at, seconds - seconds / 8);
	}
	return lease;
}

/**
 * dhcp_ack_again - turn an earlier ACK into the answer to another request of its client
 * @ack: the ACK, changed in place
 * @len: its length, at least DHCP_HDR_LEN
 * @req: the request
 * @seconds: the lease time; T1 and T2 follow (RFC 2131 section 4.4.5)
 *
 * Return: false if the lease time is not in the options field: the ACK would have another lease
 * time.
 * Context: any.
 */
bool dhcp_ack_again(u8 *ack, size_t len, const struct dhcp_hdr *req, u32 seconds)
{
	struct dhcp_hdr *hdr = (struct dhcp_hdr *)ack;

	hdr->xid = req->xid;
	hdr->secs = 0;
	hdr->flags = req->flags;
	hdr->ciaddr = req->ciaddr;
	return set_times(ack, len, seconds);
}
