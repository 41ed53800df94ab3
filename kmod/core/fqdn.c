// SPDX-License-Identifier: GPL-2.0-only
/* Option 81, the client's name (RFC 4702), for a server that does not update the DNS. */
#include <linux/stddef.h>
#include <linux/string.h>

#include "dhcp.h"

enum { NAME_MAX_LEN = 252, LABEL_MAX = 63 };	/* of the option's 255 bytes, 3 are its header */

/*
 * Walks over labels (RFC 1035 section 3.1) up to the root or the end. @complete: the name ends with
 * the root. Returns false if the labels are malformed.
 */
static bool walk_labels(const u8 *name, size_t len, bool *complete)
{
	size_t at = 0;

	*complete = false;
	while (at < len && name[at]) {
		if (name[at] > LABEL_MAX || name[at] >= len - at)
			return false;
		at += 1 + name[at];
	}
	*complete = at < len;
	return at + *complete == len && len <= NAME_MAX_LEN;
}

/*
 * Writes "lab.example" as labels with the root behind them. Returns 0 if it is no valid name or
 * does not fit.
 */
static size_t put_domain(u8 *to, size_t room, const u8 *domain, size_t len)
{
	size_t at = 0, label = 0, i;

	if (len && domain[len - 1] == '.')
		len--;
	if (!len || len + 2 > room)
		return 0;
	for (i = 0; i <= len; i++) {
		if (i < len && domain[i] != '.') {
			to[at + 1 + label++] = domain[i];
			continue;
		}
		if (!label || label > LABEL_MAX)
			return 0;
		to[at] = label;
		at += 1 + label;
		label = 0;
	}
	to[at++] = 0;
	return at;
}

/**
 * dhcp_fqdn_answer - the server's option 81 for a client that sends its name
 * @buf: space for 255 bytes, the option's value
 * @fqdn: option 81 of the request
 * @domain: the client's domain as text, to complete a partial name, or NULL
 * @domain_len: its length
 *
 * RFC 4702 section 4: the encoding is the client's; N is set, because the server updates nothing,
 * so S is clear; O is set if the client has set S; both result codes are 255. Section
 * 2.3.1: a name in ASCII is not supported, and its option is ignored.
 *
 * Return: the length of the value, 0 if the option is to be ignored.
 * Context: any.
 */
size_t dhcp_fqdn_answer(u8 *buf, const struct dhcp_bytes *fqdn, const u8 *domain, u8 domain_len)
{
	const u8 *name;
	bool complete;
	size_t len;
	u8 flags;

	if (fqdn->len < DHCP_FQDN_HEADER || !(fqdn->data[0] & DHCP_FQDN_ENCODED))
		return 0;
	name = fqdn->data + DHCP_FQDN_HEADER;
	len = fqdn->len - DHCP_FQDN_HEADER;
	if (!walk_labels(name, len, &complete))
		return 0;
	flags = fqdn->data[0];
	buf[0] = DHCP_FQDN_ENCODED | DHCP_FQDN_NO_UPDATE |
		 (flags & DHCP_FQDN_SERVER ? DHCP_FQDN_OVERRIDDEN : 0);
	buf[1] = 255;
	buf[2] = 255;
	memcpy(buf + DHCP_FQDN_HEADER, name, len);
	if (!complete && len && domain)
		len += put_domain(buf + DHCP_FQDN_HEADER + len, NAME_MAX_LEN - len, domain,
				  domain_len);
	return DHCP_FQDN_HEADER + len;
}
