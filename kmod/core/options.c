// SPDX-License-Identifier: GPL-2.0-only
/* Options: the pre-rendered ones of a pool or host, checked and indexed once; the walk through those of a message. */
#include <linux/string.h>

#include "dhcp.h"

/* Options that the server writes itself or that only clients and relays send */
static bool reserved_code(u8 code)
{
	switch (code) {
	case DHCP_OPT_PAD:
	case DHCP_OPT_REQUESTED_IP ... DHCP_OPT_PARAMETER_LIST:
	case DHCP_OPT_MAX_SIZE ... DHCP_OPT_T2:
	case DHCP_OPT_CLIENT_ID:
	case DHCP_OPT_RAPID_COMMIT ... DHCP_OPT_RELAY_AGENT:
	case DHCP_OPT_SUBNET_SELECTION:
	case DHCP_OPT_END:
		return true;
	default:
		return false;
	}
}

/*
 * The length of the option at @p with its headers and all its pieces: those of 255 bytes and the one that ends it
 * (RFC 3396). 0 if it is cut off.
 */
static size_t whole_option(const u8 *p, const u8 *end)
{
	const u8 *at = p;
	u8 len;

	do {
		if (end - at < 2 || at[1] > end - at - 2)
			return 0;
		len = at[1];
		at += 2 + len;
	} while (len == 255 && at < end && at[0] == p[0]);
	return at - p;
}

/**
 * dhcp_options_check - may these bytes stand in a reply as they are?
 * @options: wire options (code, length, value)*
 * @len: their length in bytes
 * @n: set to how many options there are, each with all its pieces counted once
 * @bad_code: set to the option at fault, if there is one
 *
 * Return: true if every option lies inside @len, none comes twice, and none is the server's own.
 * Context: any.
 */
bool dhcp_options_check(const u8 *options, size_t len, u8 *n, u8 *bad_code)
{
	bool seen[256] = {};
	size_t at, size;

	*n = 0;
	for (at = 0; at < len; at += size) {
		u8 code = options[at];

		*bad_code = code;
		size = whole_option(options + at, options + len);
		if (!size || reserved_code(code) || seen[code])
			return false;
		seen[code] = true;
		++*n;
	}
	return true;
}

/**
 * dhcp_options_index - make a set ready for dhcp_reply_build()
 * @set: its data and len are set, its data checked, and it has room for as many ref as dhcp_options_check() counted
 *
 * Context: any.
 */
void dhcp_options_index(struct dhcp_option_set *set)
{
	size_t at, size;

	memset(set->slot, 0, sizeof(set->slot));
	set->n = 0;
	for (at = 0; at < set->len; at += size) {
		size = whole_option(set->data + at, set->data + set->len);
		set->ref[set->n] = (struct dhcp_option_ref){ .at = at, .len = size };
		set->slot[set->data[at]] = ++set->n;
	}
}

/**
 * dhcp_options_have - is an option configured?
 * @set: the set
 * @code: the option
 *
 * Context: any.
 */
bool dhcp_options_have(const struct dhcp_option_set *set, u8 code)
{
	return set->slot[code];
}

/**
 * dhcp_pad - make a message as long as old clients and relays want it (RFC 1542 section 2.1)
 * @body: the message, with room for @size bytes
 * @len: its length
 * @size: how long it may become
 *
 * Return: its new length, DHCP_MIN_BODY at least if there is room for that.
 * Context: any.
 */
size_t dhcp_pad(u8 *body, size_t len, size_t size)
{
	if (len >= DHCP_MIN_BODY || size < DHCP_MIN_BODY)
		return len;
	memset(body + len, DHCP_OPT_PAD, DHCP_MIN_BODY - len);
	return DHCP_MIN_BODY;
}
