// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/core/ in userspace, under the address and undefined-behaviour sanitizers: bytes in, verdicts and bytes out. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "dhcp.h"
#include "kselftest_harness.h"

/* A message in a block of exactly its size, so that a read past the end is seen. */
FIXTURE(message) {
	u8 *buf;
	size_t len;
	struct dhcp_msg msg;
};

static struct dhcp_hdr *hdr_of(u8 *buf)
{
	return (struct dhcp_hdr *)buf;
}

FIXTURE_SETUP(message)
{
	self->buf = NULL;
}

FIXTURE_TEARDOWN(message)
{
	free(self->buf);
}

static enum dhcp_parse_error parse(struct _test_data_message *self, const void *options, size_t len)
{
	struct dhcp_hdr *hdr;

	free(self->buf);
	self->len = DHCP_HDR_LEN + len;
	self->buf = calloc(1, self->len);
	hdr = hdr_of(self->buf);
	hdr->op = DHCP_BOOTREQUEST;
	hdr->htype = 1;
	hdr->hlen = 6;
	hdr->cookie = htonl(DHCP_COOKIE);
	memcpy(hdr->options, options, len);
	return dhcp_parse(&self->msg, self->buf, self->len);
}

#define PARSE(options) parse(self, options, sizeof(options) - 1)

/* X01, CVE-2021-3592: every length shorter than the fixed part */
TEST_F(message, X01_short)
{
	size_t len;

	for (len = 0; len < DHCP_HDR_LEN; len++) {
		u8 *exact = calloc(1, len + 1);

		EXPECT_EQ(DHCP_PARSE_SHORT, dhcp_parse(&self->msg, exact, len));
		free(exact);
	}
}

/* systemd #26151: 240 bytes and not an option */
TEST_F(message, X01_no_options)
{
	EXPECT_EQ(DHCP_PARSE_OK, PARSE(""));
	EXPECT_EQ(DHCP_NONE, self->msg.type);
}

TEST_F(message, H08_H09_cookie_op_and_hlen)
{
	PARSE("\xff");
	hdr_of(self->buf)->cookie = 0;
	EXPECT_EQ(DHCP_PARSE_COOKIE, dhcp_parse(&self->msg, self->buf, self->len));
	PARSE("\xff");
	hdr_of(self->buf)->hlen = 17;
	EXPECT_EQ(DHCP_PARSE_HLEN, dhcp_parse(&self->msg, self->buf, self->len));
	PARSE("\xff");
	hdr_of(self->buf)->op = 3;
	EXPECT_EQ(DHCP_PARSE_OP, dhcp_parse(&self->msg, self->buf, self->len));
}

/* O05, busybox 2016: the length byte, or the value, is the packet's last */
TEST_F(message, O05_options_cut_off)
{
	EXPECT_EQ(DHCP_PARSE_TRUNCATED, PARSE("\x35"));
	EXPECT_EQ(DHCP_PARSE_TRUNCATED, PARSE("\x35\x01"));
	EXPECT_EQ(DHCP_PARSE_TRUNCATED, PARSE("\x0c\xff" "a"));
	EXPECT_EQ(DHCP_PARSE_OK, PARSE("\x35\x01\x01"));
	EXPECT_EQ(DHCP_DISCOVER, self->msg.type);
}

/* odhcpd db034cf: pad and end have no length */
TEST_F(message, O05_pads_and_what_follows_end)
{
	EXPECT_EQ(DHCP_PARSE_OK, PARSE("\0\0\x35\x01\x03\0\xff\x32\x04\x01\x02\x03\x04"));
	EXPECT_EQ(DHCP_REQUEST, self->msg.type);
	EXPECT_EQ(0, self->msg.requested_ip);
}

/* CVE-2009-0692, CVE-2018-20679: a length that the option cannot have */
TEST_F(message, O03_value_lengths)
{
	EXPECT_EQ(DHCP_PARSE_VALUE, PARSE("\x32\x03\x01\x02\x03"));
	EXPECT_EQ(DHCP_PARSE_VALUE, PARSE("\x36\x05\x01\x02\x03\x04\x05"));
	EXPECT_EQ(DHCP_PARSE_VALUE, PARSE("\x33\x02\x01\x02"));
	EXPECT_EQ(DHCP_PARSE_VALUE, PARSE("\x35\x00"));
	EXPECT_EQ(DHCP_PARSE_VALUE, PARSE("\x39\x01\x02"));
	EXPECT_EQ(DHCP_PARSE_VALUE, PARSE("\x34\x00"));
}

/* CVE-2010-2156, CVE-2012-3571: an empty client-id is none */
TEST_F(message, C18_client_id_lengths)
{
	u8 longest[2 + 255] = { 61, 255, 1 };

	EXPECT_EQ(DHCP_PARSE_OK, PARSE("\x3d\x00\x35\x01\x01"));
	EXPECT_EQ(NULL, self->msg.client_id.data);
	EXPECT_EQ(DHCP_PARSE_OK, PARSE("\x3d\x01\x07"));
	EXPECT_EQ(1, self->msg.client_id.len);
	EXPECT_EQ(DHCP_PARSE_OK, parse(self, longest, sizeof(longest)));
	EXPECT_EQ(255, self->msg.client_id.len);
}

TEST_F(message, O04_trailing_nul_of_text)
{
	PARSE("\x0c\x04" "ab\0\0");
	EXPECT_EQ(2, self->msg.host_name.len);
	PARSE("\x0c\x01\0");
	EXPECT_EQ(NULL, self->msg.host_name.data);
}

TEST_F(message, O06_O08_overload)
{
	PARSE("\x34\x01\x03\xff");
	memcpy(hdr_of(self->buf)->file, "\x35\x01\x03\x34\x01\x02\xff", 7);
	memcpy(hdr_of(self->buf)->sname, "\x32\x04\x0a\x00\x00\x01\xff", 7);
	EXPECT_EQ(DHCP_PARSE_OK, dhcp_parse(&self->msg, self->buf, self->len));
	EXPECT_EQ(DHCP_REQUEST, self->msg.type);
	EXPECT_EQ(htonl(0x0a000001), self->msg.requested_ip);

	memset(hdr_of(self->buf)->sname, 0x0c, 64);
	EXPECT_EQ(DHCP_PARSE_TRUNCATED, dhcp_parse(&self->msg, self->buf, self->len));
}

TEST_F(message, H14_maximum_size)
{
	PARSE("\x39\x02\x00\x10");
	EXPECT_EQ(576, self->msg.max_size);
	PARSE("\x39\x02\x05\xdc");
	EXPECT_EQ(1500, self->msg.max_size);
}

/* X02: whatever the bytes, nothing is read outside them */
TEST_F(message, X02_random_options)
{
	u8 bytes[320];
	size_t i;
	int n;

	srandom(1);
	for (n = 0; n < 100000; n++) {
		size_t len = random() % sizeof(bytes);

		for (i = 0; i < len; i++)
			bytes[i] = random() % 4 ? random() % 64 : random();
		parse(self, bytes, len);
	}
}

/* ---- decide ---- */

FIXTURE(decision) {
	struct dhcp_hdr hdr;
	struct dhcp_msg msg;
	struct dhcp_facts facts;
};

FIXTURE_SETUP(decision)
{
	memset(self, 0, sizeof(*self));
	self->msg.hdr = &self->hdr;
	self->facts = (struct dhcp_facts){ .server_id_ours = true, .on_link = true, .allowed = true };
}

FIXTURE_TEARDOWN(decision)
{
}

static enum dhcp_verdict verdict(struct _test_data_decision *self, enum dhcp_type type)
{
	self->msg.type = type;
	return dhcp_decide(&self->msg, &self->facts).verdict;
}

TEST_F(decision, C07_discover)
{
	EXPECT_EQ(DHCP_DO_OFFER, verdict(self, DHCP_DISCOVER));
}

TEST_F(decision, Q01_Q02_selecting)
{
	self->msg.server_id = 1;
	self->msg.requested_ip = 2;
	EXPECT_EQ(DHCP_DO_ACK, verdict(self, DHCP_REQUEST));
	self->facts.hold = DHCP_HELD_BY_OTHER;
	EXPECT_EQ(DHCP_DO_NAK, verdict(self, DHCP_REQUEST));
	self->facts.hold = DHCP_HELD_BY_NONE;
	self->facts.allowed = false;
	EXPECT_EQ(DHCP_DO_NOTHING, verdict(self, DHCP_REQUEST));
	self->facts.known = true;
	EXPECT_EQ(DHCP_DO_NAK, verdict(self, DHCP_REQUEST));
	self->facts.server_id_ours = false;
	EXPECT_EQ(DHCP_DO_FORGET, verdict(self, DHCP_REQUEST));
}

TEST_F(decision, Q04_Q05_claiming)
{
	int renew;

	for (renew = 0; renew < 2; renew++) {
		self->msg.requested_ip = renew ? 0 : 2;
		self->hdr.ciaddr = renew ? 2 : 0;
		self->facts = (struct dhcp_facts){ .on_link = true, .allowed = true, .known = true };
		self->facts.hold = DHCP_HELD_BY_CLIENT;
		EXPECT_EQ(DHCP_DO_ACK, verdict(self, DHCP_REQUEST));
		self->facts.hold = DHCP_HELD_BY_OTHER;
		EXPECT_EQ(DHCP_DO_NAK, verdict(self, DHCP_REQUEST));
		self->facts.hold = DHCP_HELD_BY_NONE;
		EXPECT_EQ(DHCP_DO_NAK, verdict(self, DHCP_REQUEST));
		self->facts.known = false;
		EXPECT_EQ(DHCP_DO_NOTHING, verdict(self, DHCP_REQUEST));
		self->facts.authoritative = true;
		EXPECT_EQ(DHCP_DO_NAK, verdict(self, DHCP_REQUEST));
		self->facts.on_link = false;
		self->facts.authoritative = false;
		EXPECT_EQ(DHCP_DO_NAK, verdict(self, DHCP_REQUEST));
	}
}

TEST_F(decision, D02_D05_giving_back)
{
	self->msg.server_id = 1;
	self->msg.requested_ip = 2;
	self->hdr.ciaddr = 2;
	EXPECT_EQ(DHCP_DO_NOTHING, verdict(self, DHCP_DECLINE));
	self->facts.hold = DHCP_HELD_BY_CLIENT;
	EXPECT_EQ(DHCP_DO_DECLINE, verdict(self, DHCP_DECLINE));
	EXPECT_EQ(DHCP_DO_RELEASE, verdict(self, DHCP_RELEASE));
	self->facts.server_id_ours = false;
	EXPECT_EQ(DHCP_DO_NOTHING, verdict(self, DHCP_RELEASE));
	self->facts.server_id_ours = true;
	self->msg.server_id = 0;
	EXPECT_EQ(DHCP_DO_NOTHING, verdict(self, DHCP_DECLINE));
}

TEST_F(decision, X07_server_messages_do_nothing)
{
	int type;

	for (type = 0; type < 256; type++) {
		if (type == DHCP_DISCOVER || type == DHCP_REQUEST || type == DHCP_DECLINE || type == DHCP_RELEASE ||
		    type == DHCP_INFORM)
			continue;
		EXPECT_EQ(DHCP_DO_NOTHING, verdict(self, type));
	}
}

/* ---- reply ---- */

/* X12-like poison: every byte of the reply is written, nothing after it. */
TEST_F(message, C09_reply_header_and_no_leak)
{
	static const u8 options[] = "\x01\x04\xff\xff\xff\0\x03\x04\x0a\0\0\1";
	struct dhcp_reply r = { .msg = &self->msg, .type = DHCP_OFFER, .yiaddr = htonl(0x0a000005), .lease_time = 100 };
	u8 *buf = malloc(548);
	const struct dhcp_hdr *h = hdr_of(buf);
	size_t len;

	PARSE("\x35\x01\x01\x3d\x03\x01\x02\x03\xff");
	hdr_of(self->buf)->xid = 0x11223344;
	hdr_of(self->buf)->secs = 7;
	hdr_of(self->buf)->hops = 3;
	hdr_of(self->buf)->ciaddr = 9;
	r.options = options;
	r.options_len = sizeof(options) - 1;
	memset(buf, 0xa5, 548);
	len = dhcp_reply_build(buf, 548, &r);
	EXPECT_EQ(DHCP_MIN_BODY, len);
	EXPECT_EQ(2, h->op);
	EXPECT_EQ(0, h->hops);
	EXPECT_EQ(0, h->secs);
	EXPECT_EQ(0, h->ciaddr);
	EXPECT_EQ(0x11223344, h->xid);
	EXPECT_EQ(0, memcmp(h->options, "\x35\x01\x02\x36\x04\0\0\0\0\x33\x04\0\0\0\x64\x3a\x04\0\0\0\x32\x3b\x04\0\0\0\x58"
			    "\x3d\x03\x01\x02\x03\x01\x04\xff\xff\xff\0\x03\x04\x0a\0\0\1\xff\0", 47));
	EXPECT_EQ(0, buf[547]);
	free(buf);
}

/* O12: what does not fit is left out, END is always there */
TEST_F(message, O12_smallest_buffer_longest_identity)
{
	u8 request[3 + 2 + 255 + 1], options[4 * (2 + 250)];
	struct dhcp_reply r = { .msg = &self->msg, .type = DHCP_ACK, .yiaddr = 1, .lease_time = 0xffffffff };
	u8 *buf = malloc(548);
	size_t len, i;

	memset(request, 1, sizeof(request));
	memcpy(request, "\x35\x01\x03\x3d\xff", 5);
	request[sizeof(request) - 1] = 255;
	ASSERT_EQ(DHCP_PARSE_OK, parse(self, request, sizeof(request)));
	for (i = 0; i < 4; i++) {
		options[i * 252] = 224 + i;
		options[i * 252 + 1] = 250;
		memset(options + i * 252 + 2, 0x55, 250);
	}
	r.options = options;
	r.options_len = sizeof(options);
	len = dhcp_reply_build(buf, 548, &r);
	EXPECT_LE(len, 548);
	EXPECT_EQ(255, buf[len - 1]);
	free(buf);
}

TEST(options_valid)
{
	u8 bad;

	EXPECT_TRUE(dhcp_options_valid((const u8 *)"", 0, &bad));
	EXPECT_TRUE(dhcp_options_valid((const u8 *)"\x06\x01\x02", 3, &bad));
	EXPECT_FALSE(dhcp_options_valid((const u8 *)"\x06", 1, &bad));
	EXPECT_FALSE(dhcp_options_valid((const u8 *)"\x06\x02\x02", 3, &bad));
	EXPECT_FALSE(dhcp_options_valid((const u8 *)"\x35\x01\x02", 3, &bad));
	EXPECT_FALSE(dhcp_options_valid((const u8 *)"\x06\x00\x06\x00", 4, &bad));
	EXPECT_EQ(6, bad);
}

TEST_HARNESS_MAIN
