// SPDX-License-Identifier: GPL-2.0-only
/* The one reply builder: OFFER, ACK and NAK from pre-rendered options. */
#include <linux/string.h>
#include <linux/unaligned.h>

#include "dhcp.h"

/* The part of the buffer that is still to be written. One byte is always kept back for END. */
struct cursor {
	u8	*p;
	u8	*end;
};

/* A set of option codes */
struct codes {
	u8 bits[256 / 8];
};

static bool has_code(const struct codes *set, u8 code)
{
	return set->bits[code / 8] & 1U << code % 8;
}

static void add_code(struct codes *set, u8 code)
{
	set->bits[code / 8] |= 1U << code % 8;
}

static bool put_option(struct cursor *c, u8 code, const void *value, u8 len)
{
	if (c->end - c->p < 2 + len)
		return false;
	*c->p++ = code;
	*c->p++ = len;
	memcpy(c->p, value, len);
	c->p += len;
	return true;
}

static bool put_u32(struct cursor *c, u8 code, u32 value)
{
	u8 bytes[4];

	put_unaligned_be32(value, bytes);
	return put_option(c, code, bytes, sizeof(bytes));
}

/* RFC 2131 4.4.5: T1 is half the lease, T2 seven eighths of it; both are infinite with an infinite lease. */
static void put_times(struct cursor *c, u32 lease)
{
	bool infinite = lease == 0xffffffff;

	put_u32(c, DHCP_OPT_LEASE_TIME, lease);
	put_u32(c, DHCP_OPT_T1, infinite ? lease : lease / 2);
	put_u32(c, DHCP_OPT_T2, infinite ? lease : lease - lease / 8);
}

/* @at: a wire option. Puts it once; what does not fit is left out. */
static void put_block(struct cursor *c, struct codes *sent, const u8 *at)
{
	if (has_code(sent, at[0]))
		return;
	if (put_option(c, at[0], at + 2, at[1]))
		add_code(sent, at[0]);
}

static const u8 *find_option(const u8 *options, size_t len, u8 code)
{
	const u8 *p = options, *end = options + len;

	for (; p < end; p += 2 + p[1]) {
		if (p[0] == code)
			return p;
	}
	return NULL;
}

/*
 * The configured options that the client asked for, in its order (RFC 2132 9.8), the subnet mask first (RFC 2132 3.3:
 * before the router). A client without a request list gets everything.
 */
static void put_configured(struct cursor *c, const struct dhcp_reply *r)
{
	const struct dhcp_bytes *prl = &r->msg->prl;
	const u8 *end = r->options + r->options_len;
	struct codes sent = {};
	const u8 *p;
	u8 i;

	p = find_option(r->options, r->options_len, DHCP_OPT_SUBNET_MASK);
	if (p)
		put_block(c, &sent, p);
	if (!prl->data) {
		for (p = r->options; p < end; p += 2 + p[1])
			put_block(c, &sent, p);
		return;
	}
	for (i = 0; i < prl->len; i++) {
		if (has_code(&sent, prl->data[i]))
			continue;
		p = find_option(r->options, r->options_len, prl->data[i]);
		if (p)
			put_block(c, &sent, p);
		else
			add_code(&sent, prl->data[i]);
	}
}

static void put_header(u8 *buf, const struct dhcp_reply *r)
{
	const struct dhcp_hdr *req = r->msg->hdr;
	struct dhcp_hdr *hdr = (struct dhcp_hdr *)buf;

	hdr->op = DHCP_BOOTREPLY;
	hdr->htype = req->htype;
	hdr->hlen = req->hlen;
	hdr->xid = req->xid;
	hdr->flags = req->flags;
	/* RFC 2131 table 3: ciaddr comes back in an ACK only. */
	if (r->type == DHCP_ACK)
		hdr->ciaddr = req->ciaddr;
	hdr->yiaddr = r->yiaddr;
	hdr->giaddr = req->giaddr;
	memcpy(hdr->chaddr, req->chaddr, sizeof(hdr->chaddr));
	put_unaligned_be32(DHCP_COOKIE, &hdr->cookie);
}

/**
 * dhcp_reply_build - write a reply
 * @buf: where to, at any alignment; zeroed whole first, so that nothing of an earlier packet leaves in this one
 * @size: its size in bytes, at least DHCP_MIN_DATAGRAM - DHCP_IP_UDP_LEN
 * @reply: what it says
 *
 * RFC 2131 section 4.3.1 and table 3. Options of the protocol come first and always fit: 240 bytes of header, at most 285
 * of 53, 54, 51, 58, 59 and 61 (RFC 6842). Then comes what the client asked for; what finds no room is left out.
 *
 * Return: the length of the message in bytes, at least DHCP_MIN_BODY.
 * Context: any.
 */
size_t dhcp_reply_build(u8 *buf, size_t size, const struct dhcp_reply *reply)
{
	const struct dhcp_bytes *id = &reply->msg->client_id;
	struct cursor c = { .p = buf + DHCP_HDR_LEN, .end = buf + size - 1 };
	u8 type = reply->type;
	size_t len;

	memset(buf, 0, size);
	put_header(buf, reply);
	put_option(&c, DHCP_OPT_MESSAGE_TYPE, &type, sizeof(type));
	put_option(&c, DHCP_OPT_SERVER_ID, &reply->server_id, sizeof(reply->server_id));
	if (reply->yiaddr)
		put_times(&c, reply->lease_time);
	if (id->data)
		put_option(&c, DHCP_OPT_CLIENT_ID, id->data, id->len);
	if (reply->message)
		put_option(&c, DHCP_OPT_MESSAGE, reply->message, strlen(reply->message));
	if (reply->type != DHCP_NAK)
		put_configured(&c, reply);
	*c.p++ = DHCP_OPT_END;

	len = c.p - buf;
	return len < DHCP_MIN_BODY ? DHCP_MIN_BODY : len;
}

/* Options that the server writes itself or that only clients and relays send */
static bool reserved_code(u8 code)
{
	switch (code) {
	case DHCP_OPT_PAD:
	case DHCP_OPT_REQUESTED_IP ... DHCP_OPT_PARAMETER_LIST:
	case DHCP_OPT_MAX_SIZE ... DHCP_OPT_T2:
	case DHCP_OPT_CLIENT_ID:
	case DHCP_OPT_RELAY_AGENT:
	case DHCP_OPT_END:
		return true;
	default:
		return false;
	}
}

/**
 * dhcp_options_valid - may these bytes stand in a reply as they are?
 * @options: wire options (code, length, value)*
 * @len: their length in bytes
 * @bad_code: set to the option at fault, if there is one
 *
 * Return: true if every option lies inside @len, none comes twice, and none is the server's own.
 * Context: any.
 */
bool dhcp_options_valid(const u8 *options, size_t len, u8 *bad_code)
{
	const u8 *p = options, *end = options + len;
	struct codes seen = {};

	while (p < end) {
		*bad_code = p[0];
		if (end - p < 2 || p[1] > end - p - 2)
			return false;
		if (reserved_code(p[0]) || has_code(&seen, p[0]))
			return false;
		add_code(&seen, p[0]);
		p += 2 + p[1];
	}
	return true;
}
