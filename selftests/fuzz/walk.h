/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages walked through once more, apart from kmod/core/, for what must hold of its results. */
#ifndef DHCPK_FUZZ_WALK_H
#define DHCPK_FUZZ_WALK_H

#include "dhcp.h"

/* An option with all its pieces (RFC 3396): @whole bytes at @start; @len bytes at @value of its first piece */
struct place {
	const u8	*start, *value;
	size_t		whole, len;
	u8		code;
};

static inline bool is_zero(const u8 *p, size_t len)
{
	while (len && !p[len - 1])
		len--;
	return !len;
}

/* field_end - where END is; NULL if options reach over the field's end or there is no END */
static inline const u8 *field_end(const u8 *p, size_t size)
{
	const u8 *end = p + size;

	while (p < end && *p != DHCP_OPT_END) {
		if (*p == DHCP_OPT_PAD) {
			p++;
			continue;
		}
		if (end - p < 2 || p[1] > end - p - 2)
			return NULL;
		p += 2 + p[1];
	}
	return p < end ? p : NULL;
}

/* whole_at - the option at @p; false if it is a pad or reaches over @end */
static inline bool whole_at(const u8 *p, const u8 *end, struct place *o)
{
	const u8 *at = p;
	u8 len;

	*o = (struct place){ .start = p, .value = p + 2, .code = *p };
	if (*p == DHCP_OPT_PAD)
		return false;
	do {
		if (end - at < 2 || at[1] > end - at - 2)
			return false;
		len = at[1];
		at += 2 + len;
	} while (len == 255 && at < end && *at == *p);
	o->whole = at - p;
	o->len = o->whole - 2;
	return true;
}

/* walk_fqdn - what the answer to option 81 must be, by the server's own function and the set's domain */
static inline size_t walk_fqdn(u8 *buf, const struct dhcp_bytes *fqdn, const struct dhcp_option_set *set)
{
	const u8 *domain = NULL;
	u8 len = 0;

	if (dhcp_options_have(set, DHCP_OPT_DOMAIN_NAME)) {
		domain = set->data + set->ref[set->slot[DHCP_OPT_DOMAIN_NAME] - 1].at;
		len = domain[1];
	}
	return dhcp_fqdn_answer(buf, fqdn, domain ? domain + 2 : NULL, len);
}

/* walk_times - options 51, 58 and 59 of the options field for a lease of so many seconds; is there a lease time? */
static inline bool walk_times(u8 *body, size_t len, u32 seconds)
{
	u8 *p = body + DHCP_HDR_LEN, *end = body + len;
	bool lease = false;

	for (; p < end && *p != DHCP_OPT_END; p += *p ? 2 + p[1] : 1) {
		u32 value = *p == DHCP_OPT_LEASE_TIME ? seconds : *p == DHCP_OPT_T1 ? seconds / 2 : seconds - seconds / 8;

		if (!*p)
			continue;
		if (end - p < 2 || p[1] > end - p - 2)
			break;
		if ((*p != DHCP_OPT_LEASE_TIME && *p != DHCP_OPT_T1 && *p != DHCP_OPT_T2) || p[1] != 4)
			continue;
		lease |= *p == DHCP_OPT_LEASE_TIME;
		p[2] = value >> 24;
		p[3] = value >> 16;
		p[4] = value >> 8;
		p[5] = value;
	}
	return lease;
}

#endif
