// SPDX-License-Identifier: GPL-2.0-or-later
/* The reply builder in userspace, under the address and undefined-behaviour sanitizers: what is sent, where, and what not. */
#include <arpa/inet.h>
#include <linux/unaligned.h>
#include <stdlib.h>
#include <string.h>

#include "dhcp.h"
#include "kselftest_harness.h"

enum { BODY = 548, REQUEST_MAX = 1200 };

FIXTURE(reply) {
	u8 *request;
	u8 *buf;
	size_t size;
	size_t len;
	struct dhcp_msg msg;
	struct dhcp_scratch scratch;
	struct dhcp_reply reply;
	struct dhcp_option_set *set;
	struct dhcp_left_out left_out;
};

static struct dhcp_hdr *hdr_of(u8 *buf)
{
	return (struct dhcp_hdr *)buf;
}

FIXTURE_SETUP(reply)
{
	struct dhcp_hdr *h;

	memset(self, 0, sizeof(*self));
	self->request = calloc(1, REQUEST_MAX);
	self->size = BODY;
	self->buf = malloc(BODY);
	self->set = calloc(1, sizeof(*self->set) + 255 * sizeof(struct dhcp_option_ref));
	h = hdr_of(self->request);
	h->op = DHCP_BOOTREQUEST;
	h->htype = 1;
	h->hlen = 6;
	h->cookie = htonl(DHCP_COOKIE);
	self->reply = (struct dhcp_reply){ .msg = &self->msg, .type = DHCP_OFFER, .yiaddr = htonl(0x0a000005),
					   .lease_time = 100, .set = self->set };
}

FIXTURE_TEARDOWN(reply)
{
	free(self->request);
	free(self->buf);
	free(self->set);
}

static void configure(struct _test_data_reply *self, const void *options, size_t len)
{
	u8 n, bad;

	if (!dhcp_options_check(options, len, &n, &bad))
		abort();
	self->set->data = options;
	self->set->len = len;
	dhcp_options_index(self->set);
	if (self->set->n != n)
		abort();
}

#define SET(options) configure(self, options, sizeof(options) - 1)

/* A client that takes larger datagrams */
static void resize(struct _test_data_reply *self, size_t size)
{
	free(self->buf);
	self->buf = malloc(size);
	self->size = size;
}

static size_t build(struct _test_data_reply *self, const void *options, size_t len)
{
	memcpy(hdr_of(self->request)->options, options, len);
	if (dhcp_parse(&self->msg, &self->scratch, self->request, DHCP_HDR_LEN + len))
		abort();
	memset(self->buf, 0xa5, self->size);
	self->len = dhcp_reply_build(self->buf, self->size, &self->reply, &self->left_out);
	return self->len;
}

#define BUILD(options) build(self, options, sizeof(options) - 1)

/* An option of the options field, NULL if it is not there. */
static const u8 *sent(struct _test_data_reply *self, u8 code)
{
	const u8 *p = hdr_of(self->buf)->options;

	while (*p != DHCP_OPT_END) {
		if (*p == code)
			return p;
		p += 2 + p[1];
	}
	return NULL;
}

static size_t join_field(const u8 *p, u8 code, u8 *value, size_t len)
{
	for (; *p != DHCP_OPT_END; p += 2 + p[1]) {
		if (*p != code)
			continue;
		memcpy(value + len, p + 2, p[1]);
		len += p[1];
	}
	return len;
}

/* An option as a receiver has it: RFC 3396 section 5 */
static size_t joined(struct _test_data_reply *self, u8 code, u8 *value)
{
	const u8 *overload = sent(self, DHCP_OPT_OVERLOAD);
	size_t len = join_field(hdr_of(self->buf)->options, code, value, 0);

	if (overload && overload[2] & 1)
		len = join_field(hdr_of(self->buf)->file, code, value, len);
	if (overload && overload[2] & 2)
		len = join_field(hdr_of(self->buf)->sname, code, value, len);
	return len;
}

/* X12-like poison: every byte of the reply is written, nothing after it. */
TEST_F(reply, C09_header_and_no_leak)
{
	const struct dhcp_hdr *h = hdr_of(self->buf);
	struct dhcp_hdr *q = hdr_of(self->request);

	SET("\x01\x04\xff\xff\xff\0\x03\x04\x0a\0\0\1");
	q->xid = 0x11223344;
	q->secs = 7;
	q->hops = 3;
	q->ciaddr = 9;
	EXPECT_EQ(DHCP_MIN_BODY, BUILD("\x35\x01\x01\x3d\x03\x01\x02\x03\xff"));
	EXPECT_EQ(2, h->op);
	EXPECT_EQ(0, h->hops);
	EXPECT_EQ(0, h->secs);
	EXPECT_EQ(0, h->ciaddr);
	EXPECT_EQ(0x11223344, h->xid);
	EXPECT_EQ(0, memcmp(h->options, "\x35\x01\x02\x36\x04\0\0\0\0\x33\x04\0\0\0\x64\x3a\x04\0\0\0\x32\x3b\x04\0\0\0\x58"
			    "\x3d\x03\x01\x02\x03\x01\x04\xff\xff\xff\0\x03\x04\x0a\0\0\1\xff\0", 47));
	EXPECT_EQ(0, self->buf[BODY - 1]);
}

TEST_F(reply, C10_next_server_and_boot_file)
{
	const struct dhcp_hdr *h = hdr_of(self->buf);

	self->set->next_server = htonl(0xc0000207);
	self->set->boot_file = "pxelinux.0";
	self->set->server_name = "boot";
	BUILD("\x35\x01\x01\xff");
	EXPECT_EQ(htonl(0xc0000207), h->siaddr);
	EXPECT_STREQ("pxelinux.0", (const char *)h->file);
	EXPECT_STREQ("boot", (const char *)h->sname);
	self->reply = (struct dhcp_reply){ .msg = &self->msg, .type = DHCP_NAK, .set = self->set, .message = "no" };
	BUILD("\x35\x01\x03\xff");
	EXPECT_EQ(0, h->siaddr);
	EXPECT_EQ(0, h->file[0]);
	EXPECT_EQ(0, h->sname[0]);
}

TEST_F(reply, Q08_Q09_relayed_nak)
{
	SET("\x01\x04\xff\xff\xff\0\x03\x04\x0a\0\0\1");
	hdr_of(self->request)->giaddr = 1;
	self->reply = (struct dhcp_reply){ .msg = &self->msg, .type = DHCP_NAK, .set = self->set, .message = "no" };
	BUILD("\x35\x01\x03\x37\x02\x01\x03\x3d\x02\x07\x08\x52\x03\x01\x01\x05\xff");
	EXPECT_EQ(htons(DHCP_FLAG_BROADCAST), hdr_of(self->buf)->flags);
	EXPECT_EQ(0, memcmp(hdr_of(self->buf)->options, "\x35\x01\x06\x36\x04\0\0\0\0\x3d\x02\x07\x08\x38\x02no"
			    "\x52\x03\x01\x01\x05\xff", 23));
}

TEST_F(reply, O01_O02_order_of_the_request_list)
{
	SET("\x03\x01\xa3\x06\x01\xa6\x0f\x01\xaf\x01\x04\xff\xff\0\0");
	BUILD("\x35\x01\x01\x37\x06\x0f\x06\x0f\x63\x03\x01\xff");
	EXPECT_EQ(0, memcmp(hdr_of(self->buf)->options + 27, "\x01\x04\xff\xff\0\0\x0f\x01\xaf\x06\x01\xa6\x03\x01\xa3\xff", 16));
}

/* L01, L02: as it came, in pieces if it must be, and last */
TEST_F(reply, L01_L02_agent_is_echoed_last)
{
	u8 request[3 + 257 + 4] = { 53, 1, 1, 82, 255, 1, 200 };
	const u8 *p;

	memset(request + 7, 0x5a, 253);
	memcpy(request + 260, "\x52\x02\x5b\x5c", 4);
	SET("\x06\x04\1\2\3\4");
	resize(self, 700);
	build(self, request, sizeof(request));
	EXPECT_FALSE(self->left_out.agent);
	p = sent(self, 82);
	ASSERT_NE(NULL, p);
	EXPECT_EQ(0, memcmp(p, request + 3, 261));
	EXPECT_EQ(DHCP_OPT_END, p[261]);
	EXPECT_NE(NULL, sent(self, 6));
}

TEST_F(reply, L02_agent_without_room_is_left_out)
{
	u8 request[3 + 257 + 257] = { 53, 1, 1 };

	memset(request + 3, 1, sizeof(request) - 3);
	memcpy(request + 3, "\x3d\xff", 2);
	memcpy(request + 260, "\x52\xff", 2);
	build(self, request, sizeof(request));
	EXPECT_TRUE(self->left_out.agent);
	EXPECT_EQ(NULL, sent(self, 82));
	EXPECT_NE(NULL, sent(self, 61));
}

/* O06, O07: file before sname, each with its own END, option 52 names them */
TEST_F(reply, O06_O07_overload_when_it_must)
{
	static u8 options[3 * 122 + 62 + 30];
	size_t at = 0;
	int i;

	for (i = 0; i < 3; i++, at += 122) {
		memset(options + at, 0x60 + i, 122);
		options[at] = 224 + i;
		options[at + 1] = 120;
	}
	memset(options + at, 0x70, 62);
	options[at] = 230;
	options[at + 1] = 60;
	at += 62;
	configure(self, options, at);
	BUILD("\x35\x01\x01\xff");
	EXPECT_EQ(0, self->left_out.options);
	ASSERT_NE(NULL, sent(self, 52));
	EXPECT_EQ(3, sent(self, 52)[2]);
	EXPECT_EQ(226, hdr_of(self->buf)->file[0]);
	EXPECT_EQ(DHCP_OPT_END, hdr_of(self->buf)->file[122]);
	EXPECT_EQ(230, hdr_of(self->buf)->sname[0]);
	EXPECT_EQ(DHCP_OPT_END, hdr_of(self->buf)->sname[62]);

	self->set->boot_file = "x";
	BUILD("\x35\x01\x01\xff");
	EXPECT_EQ(1, self->left_out.options);
	EXPECT_STREQ("x", (const char *)hdr_of(self->buf)->file);
	EXPECT_EQ(2, sent(self, 52)[2]);
	self->set->server_name = "y";
	BUILD("\x35\x01\x01\xff");
	EXPECT_EQ(2, self->left_out.options);
	EXPECT_EQ(NULL, sent(self, 52));
}

TEST_F(reply, O07_overload_of_both)
{
	static u8 options[2 * 122 + 127 + 63];

	memset(options, 0x66, sizeof(options));
	memcpy(options, "\xe0\x78", 2);
	memcpy(options + 122, "\xe1\x78", 2);
	memcpy(options + 244, "\xe2\x7d", 2);
	memcpy(options + 371, "\xe3\x3d", 2);
	configure(self, options, sizeof(options));
	BUILD("\x35\x01\x01\x52\x10\x01\x0e" "circuit-numbr7" "\xff");
	EXPECT_EQ(0, self->left_out.options);
	EXPECT_EQ(3, sent(self, 52)[2]);
	EXPECT_EQ(226, hdr_of(self->buf)->file[0]);
	EXPECT_EQ(DHCP_OPT_END, hdr_of(self->buf)->file[127]);
	EXPECT_EQ(227, hdr_of(self->buf)->sname[0]);
	EXPECT_EQ(DHCP_OPT_END, hdr_of(self->buf)->sname[63]);
}

/* O10: pieces of a long option are in order; O12: what was asked for last goes first */
TEST_F(reply, O10_O12_long_options)
{
	static u8 options[257 + 47 + 257 + 32 + 6], value[700];
	size_t i;

	for (i = 0; i < sizeof(options); i++)
		options[i] = i / 3;
	memcpy(options, "\x79\xff", 2);
	memcpy(options + 257, "\x79\x2d", 2);
	memcpy(options + 304, "\x77\xff", 2);
	memcpy(options + 561, "\x77\x1e", 2);
	memcpy(options + 593, "\x06\x04\1\2\3\4", 6);
	configure(self, options, sizeof(options));
	resize(self, 700);
	BUILD("\x35\x01\x01\x37\x03\x77\x06\x79\xff");
	EXPECT_EQ(0, self->left_out.options);
	EXPECT_NE(NULL, sent(self, 6));
	ASSERT_EQ(285, joined(self, 119, value));
	EXPECT_EQ(0, memcmp(value, options + 306, 255) || memcmp(value + 255, options + 563, 30));
	ASSERT_EQ(300, joined(self, 121, value));
	EXPECT_EQ(0, memcmp(value, options + 2, 255) || memcmp(value + 255, options + 259, 45));
	/* Less room: routes are more than the rest. */
	resize(self, 548);
	BUILD("\x35\x01\x01\x37\x03\x77\x06\x79\xff");
	EXPECT_EQ(1, self->left_out.options);
	EXPECT_EQ(4, joined(self, 6, value));
	EXPECT_EQ(300, joined(self, 121, value));
	EXPECT_EQ(0, joined(self, 119, value));
}

/* RFC 2131 section 4.4.5, whatever is configured and whatever the lease */
TEST_F(reply, Q17_T1_before_T2_before_the_end)
{
	static const u32 leases[] = { 2, 3, 7, 8, 10, 59, 60, 1000, 3600, 86400, 0x7fffffff, 0x80000000, 0xfffffffe };
	u32 times[] = { 0, 1, 60, 3599, 3600, 0x7fffffff, DHCP_TIME_SHARE + 1, DHCP_TIME_SHARE + 500, DHCP_TIME_SHARE + 999,
			DHCP_TIME_OFF };
	struct dhcp_option_set *set;
	size_t i, j, k;
	const u8 *t1, *t2;

	configure(self, (const u8 *)"", 0);
	set = (struct dhcp_option_set *)self->reply.set;
	for (i = 0; i < ARRAY_SIZE(leases); i++) {
		for (j = 0; j < ARRAY_SIZE(times); j++) {
			for (k = 0; k < ARRAY_SIZE(times); k++) {
				self->reply.lease_time = leases[i];
				set->renew = times[j];
				set->rebind = times[k];
				BUILD("\x35\x01\x01\xff");
				t1 = sent(self, 58);
				t2 = sent(self, 59);
				ASSERT_EQ(times[j] == DHCP_TIME_OFF, !t1);
				ASSERT_EQ(times[k] == DHCP_TIME_OFF, !t2);
				if (t2)
					ASSERT_GT(leases[i], get_unaligned_be32(t2 + 2));
				if (t1)
					ASSERT_GT(t2 ? get_unaligned_be32(t2 + 2) : leases[i], get_unaligned_be32(t1 + 2));
			}
		}
	}
}

/* A client that does not join pieces has its routes all the same, if another option can be cut in place of them. */
TEST_F(reply, O10_routes_are_not_cut_where_something_else_can_be)
{
	u8 options[202 + 152], value[600];
	const u8 *routes;

	memset(options, 0x55, sizeof(options));
	memcpy(options, "\xe0\xc8", 2);
	memcpy(options + 202, "\x79\x96", 2);
	configure(self, options, sizeof(options));
	BUILD("\x35\x01\x01\x37\x02\xe0\x79\xff");
	EXPECT_EQ(0, self->left_out.options);
	EXPECT_EQ(200, joined(self, 224, value));
	ASSERT_EQ(150, joined(self, 121, value));
	routes = sent(self, 121);
	ASSERT_NE(NULL, routes);
	EXPECT_EQ(150, routes[1]);
}

/* An option of no bytes is one, too. */
TEST_F(reply, O12_empty_options_are_sent_or_counted)
{
	u8 options[2 + 298], value[600];

	memset(options, 0x55, sizeof(options));
	memcpy(options, "\xe0\xfe", 2);
	memcpy(options + 256, "\xe1\x28", 2);
	memcpy(options + 298, "\xe2\x00", 2);
	configure(self, options, sizeof(options));
	BUILD("\x35\x01\x01\x37\x03\xe0\xe1\xe2\xff");
	EXPECT_EQ(254, joined(self, 224, value));
	EXPECT_EQ(40, joined(self, 225, value));
	EXPECT_TRUE(sent(self, 226) || self->left_out.options == 1);
}

/* RFC 3396 section 5: cut wherever the fields end, and every byte of it comes out again. */
TEST_F(reply, O10_cut_to_any_size)
{
	static u8 options[257 + 257 + 2 + 90], value[700], want[600];
	size_t size;

	for (size = 0; size < 600; size++)
		want[size] = size * 7;
	memcpy(options, "\xe0\xff", 2);
	memcpy(options + 2, want, 255);
	memcpy(options + 257, "\xe0\xff", 2);
	memcpy(options + 259, want + 255, 255);
	memcpy(options + 514, "\xe0\x5a", 2);
	memcpy(options + 516, want + 510, 90);
	configure(self, options, sizeof(options));
	for (size = 1000; size > 548; size--) {
		resize(self, size);
		BUILD("\x35\x01\x01\x37\x01\xe0\xff");
		if (self->left_out.options)
			break;
		ASSERT_EQ(600, joined(self, 224, value));
		ASSERT_EQ(0, memcmp(value, want, 600));
	}
	/* 240 bytes of header, 12 of options 53, 54 and 52, and END; 5 headers; 190 bytes are in file and sname. */
	EXPECT_GT(700, size);
	EXPECT_LT(670, size);
	EXPECT_EQ(0, joined(self, 224, value));
}

TEST_F(reply, O12_smallest_buffer_longest_identity)
{
	u8 request[3 + 2 + 255 + 1], options[4 * (2 + 250)];
	size_t i;

	memset(request, 1, sizeof(request));
	memcpy(request, "\x35\x01\x03\x3d\xff", 5);
	request[sizeof(request) - 1] = 255;
	for (i = 0; i < 4; i++) {
		memset(options + i * 252, 0x55, 252);
		options[i * 252] = 224 + i;
		options[i * 252 + 1] = 250;
	}
	configure(self, options, sizeof(options));
	build(self, request, sizeof(request));
	EXPECT_LE(self->len, BODY);
	EXPECT_EQ(255, self->buf[self->len - 1]);
	EXPECT_EQ(4, self->left_out.options);
}

/* RFC 3442: 121 in place of 3 and 33, but only for those who asked */
TEST_F(reply, O16_classless_routes_suppress)
{
	SET("\x03\x01\xa3\x21\x01\xb3\x79\x01\xc9\x06\x01\xa6");
	BUILD("\x35\x01\x01\x37\x04\x03\x21\x06\x79\xff");
	EXPECT_EQ(NULL, sent(self, 3));
	EXPECT_EQ(NULL, sent(self, 33));
	EXPECT_NE(NULL, sent(self, 121));
	EXPECT_NE(NULL, sent(self, 6));
	EXPECT_LT(sent(self, 6), sent(self, 121)); /* O02 */
	BUILD("\x35\x01\x01\x37\x03\x03\x21\x06\xff\0");
	EXPECT_NE(NULL, sent(self, 3));
	EXPECT_NE(NULL, sent(self, 33));
	EXPECT_EQ(NULL, sent(self, 121));
	SET("\x03\x01\xa3\x21\x01\xb3");
	BUILD("\x35\x01\x01\x37\x04\x03\x21\x06\x79\xff");
	EXPECT_NE(NULL, sent(self, 3));
}

TEST_F(reply, O17_O18_echoes_that_switches_allow)
{
	BUILD("\x35\x01\x01\x50\x00\x76\x04\x0a\x00\x00\x01\xff");
	EXPECT_EQ(NULL, sent(self, 80));
	EXPECT_EQ(NULL, sent(self, 118));
	self->reply.rapid_commit = true;
	self->reply.subnet_selection = htonl(0x0a000001);
	BUILD("\x35\x01\x01\x50\x00\x76\x04\x0a\x00\x00\x01\xff");
	EXPECT_EQ(0, sent(self, 80)[1]);
	EXPECT_EQ(0, memcmp(sent(self, 118), "\x76\x04\x0a\x00\x00\x01", 6));
}

TEST_F(reply, O25_O26_fqdn)
{
	SET("\x0f\x0b" "lab.example");
	BUILD("\x35\x01\x01\x51\x07\x05\0\0\x03" "box" "\xff");
	ASSERT_NE(NULL, sent(self, 81));
	EXPECT_EQ(0, memcmp(sent(self, 81), "\x51\x14\x0e\xff\xff\x03" "box" "\x03" "lab" "\x07" "example" "\0", 22));
	BUILD("\x35\x01\x01\x51\x08\xf4\0\0\x03" "box" "\0\xff");
	EXPECT_EQ(0, memcmp(sent(self, 81), "\x51\x08\x0c\xff\xff\x03" "box" "\0", 10));
	BUILD("\x35\x01\x01\x51\x06\0\0\0" "box" "\xff\0");
	EXPECT_EQ(NULL, sent(self, 81));
	BUILD("\x35\x01\x01\x51\x06\x04\0\0\x09" "ox" "\xff\0");
	EXPECT_EQ(NULL, sent(self, 81));
}

/* RFC 1534 section 2: nothing of DHCP in the answer to BOOTP, and 300 bytes */
TEST_F(reply, B02_bootp)
{
	SET("\x01\x04\xff\xff\xff\0\x03\x04\x0a\0\0\1");
	self->reply.type = DHCP_NONE;
	self->reply.lease_time = 0;
	EXPECT_EQ(DHCP_MIN_BODY, BUILD("\xff"));
	EXPECT_EQ(0, memcmp(hdr_of(self->buf)->options, "\x01\x04\xff\xff\xff\0\x03\x04\x0a\0\0\1\xff", 13));
	/* What the relay said comes back as far as 60 bytes of options have room for it beside the mask. */
	EXPECT_EQ(DHCP_MIN_BODY, BUILD("\x52\x06\x01\x04port\xff"));
	EXPECT_FALSE(self->left_out.agent);
	EXPECT_EQ(0, memcmp(sent(self, 82), "\x52\x06\x01\x04port\xff", 9));
	/* A relay takes it out again: it is no part of the client's 300 bytes. */
	hdr_of(self->request)->giaddr = htonl(0xc0000201);
	EXPECT_EQ(DHCP_MIN_BODY, BUILD("\x52\x06\x01\x04port\xff"));
	EXPECT_EQ(DHCP_HDR_LEN + 12 + 62 + 1, BUILD("\x52\x3c\x01\x3a" "1234567890123456789012345678901234567890123456789012345678\xff"));
	EXPECT_FALSE(self->left_out.agent);
	/* That is not its way for a client that knows its address. */
	hdr_of(self->request)->ciaddr = htonl(0xc0000263);
	EXPECT_EQ(DHCP_MIN_BODY, BUILD("\x52\x3c\x01\x3a" "1234567890123456789012345678901234567890123456789012345678\xff"));
	EXPECT_TRUE(self->left_out.agent);
	hdr_of(self->request)->giaddr = 0;
	hdr_of(self->request)->ciaddr = 0;
	hdr_of(self->request)->cookie = 0;
	EXPECT_EQ(DHCP_MIN_BODY, BUILD("\xff"));
	EXPECT_EQ(0, hdr_of(self->buf)->cookie);
}

/* X02: whatever is asked and configured, the reply is in its buffer and ends with END */
TEST_F(reply, X02_random_requests_and_sets)
{
	u8 options[2000], request[600];
	static const enum dhcp_type types[] = { DHCP_OFFER, DHCP_ACK, DHCP_NAK, DHCP_NONE };
	size_t i, at;
	int n;

	srandom(2);
	for (n = 0; n < 20000; n++) {
		u8 code = 0, bad, count;

		for (at = 0; at + 260 < sizeof(options) && random() % 12; at += 2 + options[at + 1]) {
			code += 1 + random() % 20;
			options[at] = code;
			options[at + 1] = random() % (random() % 3 ? 20 : 256);
			memset(options + at + 2, n, options[at + 1]);
		}
		if (!dhcp_options_check(options, at, &count, &bad))
			continue;
		configure(self, options, at);
		self->set->boot_file = random() % 2 ? "file" : NULL;
		for (i = 0; i < sizeof(request); i++)
			request[i] = random() % 4 ? random() % 90 : random();
		memcpy(hdr_of(self->request)->options, request, sizeof(request));
		if (dhcp_parse(&self->msg, &self->scratch, self->request, DHCP_HDR_LEN + random() % sizeof(request)))
			continue;
		self->reply.type = types[random() % 4];
		self->len = dhcp_reply_build(self->buf, BODY, &self->reply, &self->left_out);
		ASSERT_LE(self->len, BODY);
		ASSERT_GE(self->len, DHCP_MIN_BODY);
		sent(self, 254);
	}
}

TEST(options_check)
{
	u8 longest[2 * 257] = { 121, 255 };
	u8 bad, n;

	EXPECT_TRUE(dhcp_options_check((const u8 *)"", 0, &n, &bad));
	EXPECT_TRUE(dhcp_options_check((const u8 *)"\x06\x01\x02", 3, &n, &bad));
	EXPECT_EQ(1, n);
	EXPECT_FALSE(dhcp_options_check((const u8 *)"\x06", 1, &n, &bad));
	EXPECT_FALSE(dhcp_options_check((const u8 *)"\x06\x02\x02", 3, &n, &bad));
	EXPECT_FALSE(dhcp_options_check((const u8 *)"\x35\x01\x02", 3, &n, &bad));
	EXPECT_FALSE(dhcp_options_check((const u8 *)"\x06\x00\x06\x00", 4, &n, &bad));
	EXPECT_EQ(6, bad);
	memcpy(longest + 257, "\x79\xfe", 2);
	EXPECT_FALSE(dhcp_options_check(longest, sizeof(longest), &n, &bad));
	EXPECT_TRUE(dhcp_options_check(longest, sizeof(longest) - 1, &n, &bad));
	EXPECT_EQ(1, n);
}

TEST_HARNESS_MAIN
