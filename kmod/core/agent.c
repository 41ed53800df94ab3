// SPDX-License-Identifier: GPL-2.0-only
/* Option 82 on its way: put into requests, taken out of replies (RFC 3046 section 2.1). */
#include <linux/string.h>
#include <linux/unaligned.h>

#include "dhcp.h"

enum { OPTION_HEADER = 2, AGENT_MAX = 255 };

/**
 * struct place - an option in the options field, or what comes in its place at the end
 * @at: where it is, from the beginning of the message
 * @len: its bytes, header included
 * @code: the option, DHCP_OPT_END also where the field ends without
 */
struct place {
	size_t	at;
	size_t	len;
	u8	code;
};

/* The first option at or behind @at, pads not counted. Returns false if it reaches over the end of the message. */
static bool next_option(const u8 *body, size_t len, size_t at, struct place *p)
{
	while (at < len && body[at] == DHCP_OPT_PAD)
		at++;
	*p = (struct place){ .at = at, .code = DHCP_OPT_END };
	if (at == len || body[at] == DHCP_OPT_END)
		return true;
	if (len - at < OPTION_HEADER || body[at + 1] > len - at - OPTION_HEADER)
		return false;
	p->code = body[at];
	p->len = OPTION_HEADER + body[at + 1];
	return true;
}

static bool has_options(const u8 *body, size_t len)
{
	return len >= DHCP_HDR_LEN &&
	       get_unaligned_be32(&((const struct dhcp_hdr *)body)->cookie) == DHCP_COOKIE;
}

/**
 * dhcp_agent_append - put option 82 into a request, last before END
 * @body: the message, with room for @size bytes
 * @len: its length
 * @size: how long it may become
 * @agent: the option's value
 *
 * RFC 3046 section 2.1: into the options field and no other. END is added where the client left it out; padding behind it
 * gives way, so that a message that was padded does not grow.
 *
 * Return: the message's new length; 0 if it would not fit, if its options do not add up, or if it has none (RFC 951).
 * Then it is as it was.
 * Context: any.
 */
size_t dhcp_agent_append(u8 *body, size_t len, size_t size, const struct dhcp_bytes *agent)
{
	size_t at = DHCP_HDR_LEN, end;
	struct place p;

	if (!has_options(body, len) || !agent->len || agent->len > AGENT_MAX)
		return 0;
	for (; next_option(body, len, at, &p); at = p.at + p.len) {
		if (p.code != DHCP_OPT_END)
			continue;
		/* Without END, what is behind the last option is padding. */
		if (p.at < len)
			at = p.at;
		end = at + OPTION_HEADER + agent->len + 1;
		if (end > size)
			return 0;
		body[at] = DHCP_OPT_RELAY_AGENT;
		body[at + 1] = agent->len;
		memcpy(body + at + OPTION_HEADER, agent->data, agent->len);
		body[end - 1] = DHCP_OPT_END;
		return end > len ? end : len;
	}
	return 0;
}

/**
 * dhcp_agent_remove - take option 82 out of a reply
 * @body: the message, with room for @size bytes
 * @len: its length
 * @size: how long it may become; DHCP_MIN_BODY at least for the padding
 *
 * Wherever in the options field the server put it, and every time that it is there. What is said in file and sname is not
 * looked at (RFC 3046 section 2.1). The rest moves up, and the message is padded to DHCP_MIN_BODY again.
 *
 * Return: the message's new length; 0 if its options do not add up: then it is not to be forwarded.
 * Context: any.
 */
size_t dhcp_agent_remove(u8 *body, size_t len, size_t size)
{
	size_t at = DHCP_HDR_LEN, left = len;
	struct place p;

	if (!has_options(body, len))
		return len < DHCP_HDR_LEN ? 0 : len;
	while (next_option(body, left, at, &p)) {
		if (p.code == DHCP_OPT_END) {
			len = left;
			if (len < DHCP_MIN_BODY && size >= DHCP_MIN_BODY) {
				memset(body + len, DHCP_OPT_PAD, DHCP_MIN_BODY - len);
				len = DHCP_MIN_BODY;
			}
			return len;
		}
		at = p.at;
		if (p.code != DHCP_OPT_RELAY_AGENT) {
			at += p.len;
			continue;
		}
		memmove(body + at, body + at + p.len, left - at - p.len);
		left -= p.len;
	}
	return 0;
}
