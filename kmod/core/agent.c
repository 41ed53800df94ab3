// SPDX-License-Identifier: GPL-2.0-only
/*
 * Option 82 in a relay: made for requests, inserted into requests, removed from replies (RFC 3046
 * section 2.1).
 */
#include <linux/dhcpk.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "dhcp.h"

enum { OPTION_HEADER = 2 };

/*
 * ---- made from a template: sub-options of pieces, each with a two-byte header
 * (DHCPK_A_RELAY_AGENT) ----
 */

/* Does the element at @p, with its length in its second byte, end at or before @end? */
static bool fits(const u8 *p, const u8 *end)
{
	return end - p >= OPTION_HEADER && p[1] <= end - p - OPTION_HEADER;
}

/**
 * dhcp_agent_check - check a template
 * @template: the bytes
 * @pieces: set to the kinds of pieces in it, bit N for kind N of enum dhcpk_agent_piece
 * @vss: set if the template makes sub-option 152
 *
 * Return: true if the template is well formed.
 * Context: any.
 */
bool dhcp_agent_check(const struct dhcp_bytes *template, u32 *pieces, bool *vss)
{
	const u8 *sub = template->data, *end, *p;
	unsigned int n = 0;

	*pieces = 0;
	*vss = false;
	if (!template->len)
		return true;
	for (end = sub + template->len; sub < end; sub = p) {
		const u8 *sub_end;

		if (!fits(sub, end) || n++ == DHCP_AGENT_SUBS_MAX)
			return false;
		*vss |= sub[0] == DHCP_AGENT_VSS_CONTROL;
		sub_end = sub + OPTION_HEADER + sub[1];
		for (p = sub + OPTION_HEADER; p < sub_end; p += OPTION_HEADER + p[1]) {
			if (!fits(p, sub_end) || p[0] > DHCPK_AGENT_MAX ||
			    (p[1] && p[0] != DHCPK_AGENT_TEXT))
				return false;
			/*
			 * A server may answer the flags with any value, so their sub-option has
			 * that one byte only. Every other sub-option of a reply is compared with
			 * the one that the relay inserted.
			 */
			if ((p[0] == DHCPK_AGENT_FLAGS) != (sub[0] == DHCP_AGENT_FLAGS) ||
			    (p[0] == DHCPK_AGENT_FLAGS && sub[1] > 2))
				return false;
			*pieces |= 1U << p[0];
		}
	}
	return true;
}

/*
 * The option under construction, as far as the buffer has space. @lost: the buffer was too short.
 * For the current sub-option, @start: its offset; @missing: a piece has no value; @hole: the offset
 * of a value that only the request showed. With @holes, the option is the one to expect in a reply,
 * and @n sub-options have set their hole.
 */
struct output {
	u8		*buf;
	size_t		len;
	bool		lost;
	size_t		start;
	bool		missing;
	u8		hole;
	u8		*holes;
	unsigned int	n;
};

/* Reserves space for @len more bytes. NULL: there is no space. */
static u8 *reserve(struct output *out, size_t len)
{
	u8 *p = out->buf + out->len;

	if (len > DHCP_AGENT_MAX - out->len) {
		out->lost = true;
		return NULL;
	}
	out->len += len;
	return p;
}

static void put(struct output *out, const void *data, size_t len)
{
	u8 *p = reserve(out, len);

	if (p)
		memcpy(p, data, len);
}

static void put_name(struct output *out, const char *name)
{
	if (name)
		put(out, name, strlen(name));
	else
		out->missing = true;
}

static void put_addr(struct output *out, __be32 addr)
{
	if (addr)
		put(out, &addr, sizeof(addr));
	else
		out->missing = true;
}

static void put_number(struct output *out, u16 n)
{
	char digits[5];
	size_t at = sizeof(digits);

	do {
		digits[--at] = '0' + n % 10;
		n /= 10;
	} while (n);
	put(out, digits + at, sizeof(digits) - at);
}

static void put_hardware(struct output *out, const u8 *chaddr, u8 hlen)
{
	static const char hex[] = "0123456789abcdef";
	unsigned int i, n = hlen < DHCP_CHADDR_LEN ? hlen : DHCP_CHADDR_LEN;
	u8 *p = n ? reserve(out, 3 * n - 1) : NULL;

	for (i = 0; p && i < n; i++) {
		if (i)
			*p++ = ':';
		*p++ = hex[chaddr[i] >> 4];
		*p++ = hex[chaddr[i] & 15];
	}
}

/* Merges several holes of a sub-option, and the bytes between them, into one. */
static void put_hole(struct output *out)
{
	size_t value = out->start + OPTION_HEADER;

	if (out->hole == DHCP_NO_HOLE)
		out->hole = out->len - value;
	else
		out->len = value + out->hole;
}

static void put_piece(struct output *out, const u8 *piece, const struct dhcp_agent_facts *facts)
{
	if (out->holes &&
	    (piece[0] == DHCPK_AGENT_FLAGS || (piece[0] == DHCPK_AGENT_PORT && !facts->port))) {
		put_hole(out);
		return;
	}
	switch (piece[0]) {
	case DHCPK_AGENT_TEXT:
		put(out, piece + OPTION_HEADER, piece[1]);
		break;
	case DHCPK_AGENT_DEV:
		put_name(out, facts->dev);
		break;
	case DHCPK_AGENT_VLAN:
		put_number(out, facts->vlan);
		break;
	case DHCPK_AGENT_SVLAN:
		put_number(out, facts->svlan);
		break;
	case DHCPK_AGENT_MAC:
		put_hardware(out, facts->chaddr, facts->hlen);
		break;
	case DHCPK_AGENT_PORT:
		put_name(out, facts->port);
		break;
	case DHCPK_AGENT_LINK:
		put_addr(out, facts->link);
		break;
	case DHCPK_AGENT_SERVER_ID:
		put_addr(out, facts->server_id);
		break;
	case DHCPK_AGENT_FLAGS:
		put(out, &facts->flags, sizeof(facts->flags));
		break;
	}
}

static void put_sub_option(struct output *out, const u8 *sub, const struct dhcp_agent_facts *facts)
{
	const u8 *piece = sub + OPTION_HEADER, *end = piece + sub[1];
	u8 *header = reserve(out, OPTION_HEADER);

	if (!header)
		return;
	out->start = header - out->buf;
	out->missing = false;
	out->hole = DHCP_NO_HOLE;
	for (; piece < end; piece += OPTION_HEADER + piece[1])
		put_piece(out, piece, facts);
	if (out->missing || out->lost) {
		out->len = out->start;
		return;
	}
	header[0] = sub[0];
	header[1] = out->len - out->start - OPTION_HEADER;
	if (out->holes)
		out->holes[out->n++] = out->hole;
}

/**
 * dhcp_agent_render - make option 82 for a request
 * @agent: set to the option's value, empty if the option has no sub-option
 * @buf: space for DHCP_AGENT_MAX bytes, which @agent refers to
 * @template: a template that dhcp_agent_check() has accepted
 * @facts: the values of the pieces
 * @hole: NULL for a request; for the option to expect in a reply, set as in &struct dhcp_own_agent
 *
 * A sub-option is left out if a piece of it has no value.
 *
 * Return: false if the option is too long.
 * Context: any.
 */
bool dhcp_agent_render(struct dhcp_bytes *agent, u8 *buf, const struct dhcp_bytes *template,
		       const struct dhcp_agent_facts *facts, u8 *hole)
{
	struct output out = { .buf = buf, .holes = hole };
	size_t at;

	for (at = 0; at < template->len; at += OPTION_HEADER + template->data[at + 1])
		put_sub_option(&out, template->data + at, facts);
	*agent = (struct dhcp_bytes){ .data = buf, .len = out.len };
	return !out.lost;
}

/* ---- found in replies ---- */

/*
 * May a sub-option be missing in the reply? Yes, if the bridge may not have known the port, or if
 * the server removes it, as RFC 6607 section 3.4 asks.
 */
static bool may_be_missing(const u8 *want, u8 hole)
{
	return want[0] == DHCP_AGENT_VSS_CONTROL ||
	       (hole != DHCP_NO_HOLE && want[0] != DHCP_AGENT_FLAGS);
}

/*
 * Has a sub-option of the reply the expected value? RFC 5010 section 5: a reply may have any value
 * in the flags.
 */
static bool same_value(const u8 *p, const u8 *want, u8 hole, const struct dhcp_own_agent *expected)
{
	const u8 *value = p + OPTION_HEADER, *wanted = want + OPTION_HEADER;
	size_t more = p[1] - want[1];

	if (hole == DHCP_NO_HOLE)
		return !more && !memcmp(value, wanted, want[1]);
	if (p[1] < want[1] || memcmp(value, wanted, hole) ||
	    memcmp(value + hole + more, wanted + hole, want[1] - hole))
		return false;
	return want[0] == DHCP_AGENT_FLAGS ? more == 1 :
	       expected->is_port(expected->bridge, value + hole, more);
}

/*
 * Returns where the expected sub-options, in their order, end in a value that begins with them;
 * NULL if it does not begin with them.
 */
static const u8 *skip_expected(const u8 *p, const u8 *end, const struct dhcp_own_agent *expected)
{
	const u8 *want = expected->value.data, *want_end, *start = p, *hole = expected->hole;

	if (!expected->value.len)
		return NULL;
	for (want_end = want + expected->value.len; want < want_end;
	     want += OPTION_HEADER + want[1], hole++) {
		if (may_be_missing(want, *hole) && (p == end || p[0] != want[0]))
			continue;
		if (!fits(p, end) || p[0] != want[0] || !same_value(p, want, *hole, expected))
			return NULL;
		p += OPTION_HEADER + p[1];
	}
	return p > start ? p : NULL;
}

/*
 * Returns where the expected sub-options begin in a value, with all that later relays have appended
 * behind them; @end if they are not in it. Expected sub-options at the end of the value come before
 * others that look the same.
 */
static const u8 *find_expected(const u8 *whole, const u8 *end,
			       const struct dhcp_own_agent *expected)
{
	const u8 *p, *first = end;

	for (p = whole; fits(p, end); p += OPTION_HEADER + p[1]) {
		const u8 *behind = skip_expected(p, end, expected);

		if (behind == end)
			return p;
		if (behind && first == end)
			first = p;
	}
	return first;
}

/**
 * dhcp_agent_matches - does an option 82 contain the sub-options of this relay?
 * @whole: the option's value in a reply
 * @expected: the sub-options that this relay inserts into the client's requests
 *
 * Another relay's sub-options may be before them, if this relay appended its own, and behind them.
 *
 * Context: any.
 */
bool dhcp_agent_matches(const struct dhcp_bytes *whole, const struct dhcp_own_agent *expected)
{
	const u8 *end;

	if (!whole->data)
		return false;
	end = whole->data + whole->len;
	return find_expected(whole->data, end, expected) < end;
}

/* ---- inserted and removed ---- */

static bool has_options(const u8 *body, size_t len)
{
	return len >= DHCP_HDR_LEN &&
	       get_unaligned_be32(&((const struct dhcp_hdr *)body)->cookie) == DHCP_COOKIE;
}

/**
 * dhcp_agent_append - insert option 82 into a request, last before END
 * @body: the message, with space for @size bytes
 * @len: its length
 * @size: its maximum length
 * @agent: the option's value
 *
 * RFC 3046 section 2.1: the option goes into the options field only. If the client has left out
 * END, it is added. Padding behind END is overwritten, so a padded message does not grow.
 *
 * Return: the new length of the message; 0 if the option does not fit, if the message's options are
 * malformed, or if it has none (RFC 951). Then the message is unchanged.
 * Context: any.
 */
size_t dhcp_agent_append(u8 *body, size_t len, size_t size, const struct dhcp_bytes *agent)
{
	size_t at = DHCP_HDR_LEN, end;
	struct dhcp_place p;

	if (!has_options(body, len) || !agent->len || agent->len > DHCP_AGENT_MAX)
		return 0;
	for (; dhcp_next_option(body, len, at, &p); at = p.at + p.len) {
		if (p.code != DHCP_OPT_END)
			continue;
		/* Without END, the bytes behind the last option are padding. */
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

/*
 * Does one option 82 contain all the expected sub-options? Then other options 82 belong to other
 * relays.
 */
static bool in_one_piece(const u8 *body, size_t len, const struct dhcp_own_agent *expected)
{
	size_t at = DHCP_HDR_LEN;
	struct dhcp_place p;

	for (; dhcp_next_option(body, len, at, &p) && p.code != DHCP_OPT_END; at = p.at + p.len) {
		const u8 *value = body + p.at + OPTION_HEADER, *end = body + p.at + p.len;

		if (p.code == DHCP_OPT_RELAY_AGENT && find_expected(value, end, expected) < end)
			return true;
	}
	return false;
}

/*
 * The part of option 82 that a relay removes from a message. A server may split the expected
 * sub-options over several pieces (@joined). Then the first @keep bytes of all pieces together
 * stay. @before: bytes in the pieces before this one.
 */
struct cut {
	const struct dhcp_own_agent	*expected;		/* NULL: remove the whole option */
	bool				joined;
	size_t				keep;
	size_t				before;
};

static void plan_cut(struct cut *c, const u8 *body, size_t len,
		     const struct dhcp_own_agent *expected)
{
	const struct dhcp_bytes *all = expected ? &expected->joined : NULL;

	*c = (struct cut){ .expected = expected };
	if (!all || !all->data || in_one_piece(body, len, expected))
		return;
	c->joined = true;
	c->keep = find_expected(all->data, all->data + all->len, expected) - all->data;
	/*
	 * The option has none of the expected sub-options: nothing is removed, not even from pieces
	 * that the parser had no space for.
	 */
	if (c->keep == all->len)
		c->keep = SIZE_MAX;
}

/*
 * Returns where the part of a piece that stays ends: the expected sub-options begin there, in this
 * piece or in all pieces joined.
 */
static size_t end_of_piece(struct cut *c, const u8 *body, size_t value, size_t end)
{
	size_t before = c->before, keep;

	c->before += end - value;
	if (!c->expected)
		return value;
	if (!c->joined)
		return find_expected(body + value, body + end, c->expected) - body;
	keep = c->keep > before ? c->keep - before : 0;
	return keep < end - value ? value + keep : end;
}

/**
 * dhcp_agent_remove - remove option 82 from a message
 * @body: the message, with space for @size bytes
 * @len: its length
 * @size: its maximum length; at least DHCP_MIN_BODY for the padding
 * @expected: remove only these sub-options, with everything behind them in their option;
 * sub-options before them stay; NULL: remove the whole option, whichever relay inserted it
 *
 * The option is removed from every place in the options field where a server has put it. The fields
 * file and sname are not examined (RFC 3046 section 2.1). The rest of the message moves up, and is
 * padded to DHCP_MIN_BODY again.
 *
 * Return: the new length of the message; 0 if its options are malformed: it must not be forwarded
 * then.
 * Context: any.
 */
size_t dhcp_agent_remove(u8 *body, size_t len, size_t size, const struct dhcp_own_agent *expected)
{
	/*
	 * The bytes from @kept to @at stay, and are still to be moved to @to, the end of what stays
	 * before them.
	 */
	size_t at = DHCP_HDR_LEN, kept = at, to = at, end;
	struct dhcp_place p;
	struct cut cut;

	if (!has_options(body, len))
		return len < DHCP_HDR_LEN ? 0 : len;
	plan_cut(&cut, body, len, expected);
	while (dhcp_next_option(body, len, at, &p)) {
		if (p.code == DHCP_OPT_END) {
			memmove(body + to, body + kept, len - kept);
			return dhcp_pad(body, to + len - kept, size);
		}
		at = p.at + p.len;
		if (p.code != DHCP_OPT_RELAY_AGENT)
			continue;
		end = end_of_piece(&cut, body, p.at + OPTION_HEADER, at);
		if (expected && end == at)
			continue;
		/* The option is removed, or becomes shorter. */
		if (end == p.at + OPTION_HEADER)
			end = p.at;
		else
			body[p.at + 1] = end - p.at - OPTION_HEADER;
		memmove(body + to, body + kept, end - kept);
		to += end - kept;
		kept = at;
	}
	return 0;
}
