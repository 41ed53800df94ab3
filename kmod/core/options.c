// SPDX-License-Identifier: GPL-2.0-only
/* Options: the pre-rendered options of a pool or host, checked and indexed once. */
#include <linux/string.h>

#include "dhcp.h"

/* Options that the server writes itself, or that only clients and relays send */
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
 * The length of the option at @p with its headers and all its pieces: those of 255 bytes and the
 * last one (RFC 3396). 0 if the option is truncated.
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
 * dhcp_options_check - may these options be copied into a reply?
 * @options: wire options (code, length, value)*
 * @len: their length in bytes
 * @n: set to the number of options; an option in several pieces counts once
 * @bad_code: set to the invalid option, if there is one
 *
 * Return: true if every option lies inside @len, none is there twice, and none is set by the server
 * itself.
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
 * dhcp_options_index - prepare a set for dhcp_reply_build()
 * @set: data and len are set, the data is checked, and there is space for as many ref as
 * dhcp_options_check() has counted
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
 * dhcp_pad - pad a message to the length that old clients and relays need (RFC 1542 section 2.1)
 * @body: the message, with space for @size bytes
 * @len: its length
 * @size: its maximum length
 *
 * Return: its new length, at least DHCP_MIN_BODY if there is space for that.
 * Context: any.
 */
size_t dhcp_pad(u8 *body, size_t len, size_t size)
{
	if (len >= DHCP_MIN_BODY || size < DHCP_MIN_BODY)
		return len;
	memset(body + len, DHCP_OPT_PAD, DHCP_MIN_BODY - len);
	return DHCP_MIN_BODY;
}
