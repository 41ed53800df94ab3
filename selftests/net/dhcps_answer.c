// SPDX-License-Identifier: GPL-2.0-or-later
/* What a server says that may be broken or hostile: option 82 at every place and in every state but the right one. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "dhcpc.h"
#include "dhcps.h"

/* An option field that is being written. What finds no room is left out. */
struct area {
	uint8_t *p;
	uint8_t *end;
};

static void put_bytes(struct area *a, const void *bytes, size_t len)
{
	if (len > (size_t)(a->end - a->p))
		return;
	memcpy(a->p, bytes, len);
	a->p += len;
}

static void put_option(struct area *a, uint8_t code, const void *value, uint8_t len)
{
	if (len + 2 > a->end - a->p)
		return;
	*a->p++ = code;
	*a->p++ = len;
	put_bytes(a, value, len);
}

static bool agent_is(const char *word) { return !strcmp(get("agent", "echo"), word); }

/* One option 82 as it is echoed, or without sub-option 152: a server that understands it takes it out (RFC 6607). */
static void put_echo(struct area *a, const uint8_t *value, uint8_t len)
{
	uint8_t kept[255];
	size_t at, n, n_kept = 0;

	if (!number("strip152", 0)) {
		put_option(a, DHCP_OPT_RELAY_AGENT, value, len);
		return;
	}
	for (at = 0; len - at >= 2 && value[at + 1] <= len - at - 2; at += n) {
		n = 2 + value[at + 1];
		if (value[at] == 152)
			continue;
		memcpy(kept + n_kept, value + at, n);
		n_kept += n;
	}
	put_option(a, DHCP_OPT_RELAY_AGENT, kept, n_kept);
}

/* Every option 82 of the request, or the one that the script has */
static void put_agents(struct area *a, const struct request *r)
{
	const char *agent = get("agent", "echo");
	uint8_t value[255];
	size_t at;

	if (!agent[strspn(agent, "0123456789abcdefABCDEF:")]) {
		put_option(a, DHCP_OPT_RELAY_AGENT, value, hex(agent, value, sizeof(value)));
		return;
	}
	for (at = 0; at < r->agents_len; at += 2 + r->agents[at + 1])
		put_echo(a, r->agents + at + 2, r->agents[at + 1]);
}

/* An option 82 in the place of each of its own sub-options, as deep as 255 bytes allow */
static void put_nested(struct area *a, const struct request *r)
{
	uint8_t value[255];
	size_t len = r->agents_len < 200 ? r->agents_len : 0;

	memcpy(value, r->agents, len);
	while (len + 2 <= sizeof(value)) {
		memmove(value + 2, value, len);
		value[0] = DHCP_OPT_RELAY_AGENT;
		value[1] = len;
		len += 2;
	}
	put_option(a, DHCP_OPT_RELAY_AGENT, value, len);
}

/* RFC 3396 lets options come in pieces; these are more than the options field of RFC 2131 holds. */
static void put_huge(struct area *a, const struct request *r)
{
	uint8_t value[255];
	int i;

	memset(value, 0xee, sizeof(value));
	put_agents(a, r);
	for (i = 0; i < 4; i++)
		put_option(a, DHCP_OPT_RELAY_AGENT, value, sizeof(value));
}

/* The body ends in the middle of it. */
static void put_truncated(struct area *a, const struct request *r, const uint8_t *body)
{
	uint8_t whole[2 + 255];
	struct area tail = { whole, whole + sizeof(whole) };

	put_option(&tail, DHCP_OPT_RELAY_AGENT, r->agents + 2, r->agents_len ? r->agents[1] : 0);
	if (whole[1] < 200)
		whole[1] += 40;
	else
		tail.p -= 20;
	while (a->p - body + (tail.p - whole) < DHCP_MIN_BODY)
		*a->p++ = DHCP_OPT_PAD;
	put_bytes(a, whole, tail.p - whole);
}

/* Into a field of text, which option 52 says to hold options. An agent may not have that, RFC 3046 section 2.1. */
static void put_overloaded(struct area *a, const struct request *r, uint8_t *field, size_t size, uint8_t which)
{
	struct area inner = { field, field + size - 1 };

	put_option(a, DHCP_OPT_OVERLOAD, &which, 1);
	put_agents(&inner, r);
	*inner.p = DHCP_OPT_END;
}

static uint8_t answer_type(const struct request *r)
{
	const char *reply = get("reply", "auto");

	if (strcmp(reply, "auto"))
		return type_number(reply);
	return r->type == DHCP_DISCOVER ? DHCP_OFFER : r->type ? DHCP_ACK : DHCP_NONE;
}

static bool answered(const struct request *r)
{
	const char *reply = get("reply", "auto");

	if (!strcmp(reply, "none") || r->hdr.op != DHCP_BOOTREQUEST || r->len < offsetof(struct dhcp_hdr, cookie))
		return false;
	return strcmp(reply, "auto") || r->type == DHCP_DISCOVER || r->type == DHCP_REQUEST || r->type == DHCP_INFORM ||
	       r->type == DHCP_NONE;
}

static uint32_t choose_yiaddr(const struct request *r, uint8_t type)
{
	if (strcmp(get("yiaddr", "auto"), "auto"))
		return inet_addr(get("yiaddr", ""));
	if (type == DHCP_NAK || r->type == DHCP_INFORM)
		return 0;
	return r->hdr.ciaddr ?: htonl(ntohl(inet_addr(get("base", "192.0.2.0"))) + r->hdr.chaddr[5]);
}

static void fill_header(struct dhcp_hdr *h, const struct request *r, uint8_t type)
{
	h->op = number("op", DHCP_BOOTREPLY);
	h->htype = number("htype", r->hdr.htype);
	h->hlen = number("hlen", r->hdr.hlen);
	h->hops = number("hops", 0);
	h->xid = htonl(number("xid", ntohl(r->hdr.xid)));
	h->secs = htons(number("secs", 0));
	h->flags = htons(number("flags", ntohs(r->hdr.flags)));
	h->ciaddr = get("ciaddr", NULL) ? inet_addr(get("ciaddr", "")) : r->type == DHCP_DISCOVER ? 0 : r->hdr.ciaddr;
	h->yiaddr = choose_yiaddr(r, type);
	h->siaddr = inet_addr(get("siaddr", "0.0.0.0"));
	h->giaddr = get("giaddr", NULL) ? inet_addr(get("giaddr", "")) : r->hdr.giaddr;
	memcpy(h->chaddr, r->hdr.chaddr, sizeof(h->chaddr));
	hex(get("chaddr", ""), h->chaddr, sizeof(h->chaddr));
	hex(get("sname", ""), h->sname, sizeof(h->sname));
	hex(get("file", ""), h->file, sizeof(h->file));
	h->cookie = r->has_cookie ? htonl(DHCP_COOKIE) : 0;
}

static void put_own(struct area *a, const struct request *r, uint8_t type)
{
	uint32_t sid = get("sid", NULL) ? inet_addr(get("sid", "")) : r->ours;
	uint32_t lease = htonl(number("lease", 3600));
	uint8_t raw[ANSWER_MAX];

	if (type) {
		put_option(a, DHCP_OPT_MESSAGE_TYPE, &type, 1);
		put_option(a, DHCP_OPT_SERVER_ID, &sid, 4);
	}
	if (agent_is("middle") || agent_is("twice"))
		put_agents(a, r);
	if (type == DHCP_OFFER || (type == DHCP_ACK && r->type != DHCP_INFORM))
		put_option(a, DHCP_OPT_LEASE_TIME, &lease, 4);
	put_bytes(a, raw, hex(get("opt", ""), raw, sizeof(raw)));
}

static void put_last(struct area *a, const struct request *r, struct dhcp_hdr *h)
{
	if (agent_is("overload-file"))
		put_overloaded(a, r, h->file, sizeof(h->file), 1);
	else if (agent_is("overload-sname"))
		put_overloaded(a, r, h->sname, sizeof(h->sname), 2);
	else if (agent_is("nested"))
		put_nested(a, r);
	else if (agent_is("huge"))
		put_huge(a, r);
	else if (agent_is("truncated"))
		put_truncated(a, r, (uint8_t *)h);
	else if (!agent_is("none") && !agent_is("first") && !agent_is("middle"))
		put_agents(a, r);
	if (number("end", 1) && !agent_is("truncated"))
		put_bytes(a, &(uint8_t){ DHCP_OPT_END }, 1);
}

size_t build_answer(const struct request *r, uint8_t *buf)
{
	struct dhcp_hdr *h = (struct dhcp_hdr *)buf;
	struct area a = { h->options, buf + ANSWER_MAX };
	uint8_t type = answer_type(r);
	size_t len, pad = number("pad", DHCP_MIN_BODY);

	if (!answered(r))
		return 0;
	memset(buf, 0, ANSWER_MAX);
	fill_header(h, r, type);
	if (r->has_cookie) {
		if (agent_is("first"))
			put_agents(&a, r);
		put_own(&a, r, type);
		put_last(&a, r, h);
	}
	len = a.p - buf;
	if (len < pad && !agent_is("truncated"))
		len = pad;
	return number("cut", len) < len ? number("cut", len) : len;
}
