// SPDX-License-Identifier: GPL-2.0-or-later
/* What came: nothing in it is to be trusted. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "dhcpc.h"
#include "dhcps.h"

static bool only_padding(const uint8_t *p, const uint8_t *end)
{
	while (p < end && !*p)
		p++;
	return p == end;
}

static void take_agent(struct request *r, const uint8_t *p)
{
	const uint8_t *sub = p + 2, *end = sub + p[1];

	memcpy(r->agents + r->agents_len, p, 2 + p[1]);
	r->agents_len += 2 + p[1];
	for (; end - sub >= 2 && sub[1] <= end - sub - 2; sub += 2 + sub[1])
		r->source_port |= sub[0] == DHCP_AGENT_SOURCE_PORT;
}

static void read_options(struct request *r)
{
	const uint8_t *p = r->body + DHCP_HDR_LEN, *end = r->body + r->len, *behind = NULL;

	while (p < end && *p != DHCP_OPT_END) {
		if (*p == DHCP_OPT_PAD) {
			p++;
			continue;
		}
		if (end - p < 2 || end - p < 2 + p[1])
			break;
		if (*p == DHCP_OPT_MESSAGE_TYPE && p[1])
			r->type = p[2];
		if (*p == DHCP_OPT_RELAY_AGENT) {
			take_agent(r, p);
			behind = p + 2 + p[1];
		}
		p += 2 + p[1];
	}
	r->ended = p < end && *p == DHCP_OPT_END;
	if (!behind)
		return;
	r->place = "inside";
	if (behind < end && *behind == DHCP_OPT_END)
		r->place = "last";
	else if (only_padding(behind, end))
		r->place = "open";
}

void read_request(struct request *r, const uint8_t *body, size_t len)
{
	r->body = body;
	r->len = len;
	memset(&r->hdr, 0, sizeof(r->hdr));
	memcpy(&r->hdr, body, len < sizeof(r->hdr) ? len : sizeof(r->hdr));
	r->type = 0;
	r->agents_len = 0;
	r->place = "none";
	r->ended = false;
	r->source_port = false;
	r->has_cookie = len >= DHCP_HDR_LEN && r->hdr.cookie == htonl(DHCP_COOKIE);
	if (r->has_cookie)
		read_options(r);
}

void print_request(const struct request *r)
{
	printf("type=%s op=%u xid=%u", type_name(r->type), r->hdr.op, ntohl(r->hdr.xid));
	print_addr("saddr", r->saddr);
	print_addr("daddr", r->daddr);
	printf(" sport=%u len=%zu flags=%04x", r->sport, r->len, ntohs(r->hdr.flags));
	print_addr("ciaddr", r->hdr.ciaddr);
	print_rest(&r->hdr);
	printf(" place=%s end=%u", r->place, r->ended);
	if (r->has_cookie)
		print_options(r->body + DHCP_HDR_LEN, r->body + r->len);
	print_hex("raw", r->body, r->len);
}
