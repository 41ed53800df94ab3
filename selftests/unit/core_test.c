// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/core/ in userspace, under the address and undefined-behaviour sanitizers: bytes in, verdicts out. */
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
	struct dhcp_scratch scratch;
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
	return dhcp_parse(&self->msg, &self->scratch, self->buf, self->len);
}

#define PARSE(options) parse(self, options, sizeof(options) - 1)

/* X01, CVE-2021-3592: every length shorter than the fixed part */
TEST_F(message, X01_short)
{
	size_t len;

	for (len = 0; len < DHCP_HDR_LEN; len++) {
		u8 *exact = calloc(1, len + 1);

		EXPECT_EQ(DHCP_PARSE_SHORT, dhcp_parse(&self->msg, &self->scratch, exact, len));
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
	EXPECT_EQ(DHCP_PARSE_OK, dhcp_parse(&self->msg, &self->scratch, self->buf, self->len));
	EXPECT_TRUE(self->msg.bare);
	PARSE("\xff");
	hdr_of(self->buf)->hlen = 17;
	EXPECT_EQ(DHCP_PARSE_HLEN, dhcp_parse(&self->msg, &self->scratch, self->buf, self->len));
	PARSE("\xff");
	hdr_of(self->buf)->op = 3;
	EXPECT_EQ(DHCP_PARSE_OP, dhcp_parse(&self->msg, &self->scratch, self->buf, self->len));
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
	EXPECT_EQ(DHCP_PARSE_VALUE, PARSE("\x35\x00"));
	EXPECT_EQ(DHCP_PARSE_VALUE, PARSE("\x34\x00"));
	EXPECT_EQ(DHCP_PARSE_VALUE, PARSE("\x35\x01\x03\x36\x05\x01\x02\x03\x04\x05"));
	EXPECT_EQ(DHCP_PARSE_VALUE, PARSE("\x36\x00\x35\x01\x04"));
}

/* The address that was offered matters in a REQUEST, and one without it is not answered. */
TEST_F(message, O03_wishes_that_cannot_be_read)
{
	static const char wishes[] = "\x32\x03\x01\x02\x03\x33\x02\x01\x02\x39\x01\x02\x76\x05\x01\x02\x03\x04\x05\x36\x00\x35\x01\x01";

	EXPECT_EQ(DHCP_PARSE_OK, PARSE(wishes));
	EXPECT_EQ(DHCP_DISCOVER, self->msg.type);
	EXPECT_EQ(5, self->msg.ignored);
	EXPECT_EQ(0, self->msg.requested_ip);
	EXPECT_EQ(0, self->msg.server_id);
	EXPECT_EQ(0, self->msg.subnet_selection);
	EXPECT_FALSE(self->msg.has_lease_time);
	EXPECT_EQ(DHCP_MIN_DATAGRAM, self->msg.max_size);
	EXPECT_EQ(DHCP_PARSE_OK, PARSE("\x35\x01\x03\x32\x00"));
	EXPECT_EQ(0, self->msg.requested_ip);
	EXPECT_EQ(1, self->msg.ignored);
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
	EXPECT_EQ(DHCP_PARSE_OK, dhcp_parse(&self->msg, &self->scratch, self->buf, self->len));
	EXPECT_EQ(DHCP_REQUEST, self->msg.type);
	EXPECT_EQ(htonl(0x0a000001), self->msg.requested_ip);

	memset(hdr_of(self->buf)->sname, 0x0c, 64);
	EXPECT_EQ(DHCP_PARSE_TRUNCATED, dhcp_parse(&self->msg, &self->scratch, self->buf, self->len));
}

TEST_F(message, H14_maximum_size)
{
	PARSE("\x39\x02\x00\x10");
	EXPECT_EQ(576, self->msg.max_size);
	PARSE("\x39\x02\x05\xdc");
	EXPECT_EQ(1500, self->msg.max_size);
}

/* O09, RFC 3396 section 7: pieces are one value, wherever they come; of a fixed size, the first is all of it */
TEST_F(message, O09_pieces_are_joined)
{
	PARSE("\x37\x02\x01\x03\x3d\x02\xaa\xbb\x37\x01\x06\x3d\x01\xcc\x37\x01\x0f\x34\x01\x01\xff");
	memcpy(hdr_of(self->buf)->file, "\x37\x01\x2a\x3d\x01\xdd\xff", 7);
	EXPECT_EQ(DHCP_PARSE_OK, dhcp_parse(&self->msg, &self->scratch, self->buf, self->len));
	ASSERT_EQ(5, self->msg.prl.len);
	EXPECT_EQ(0, memcmp(self->msg.prl.data, "\x01\x03\x06\x0f\x2a", 5));
	ASSERT_EQ(4, self->msg.client_id.len);
	EXPECT_EQ(0, memcmp(self->msg.client_id.data, "\xaa\xbb\xcc\xdd", 4));
	PARSE("\x35\x01\x01\x35\x01\x03\x32\x04\x01\x02\x03\x04\x32\x04\x05\x06\x07\x08");
	EXPECT_EQ(DHCP_DISCOVER, self->msg.type);
	EXPECT_EQ(htonl(0x01020304), self->msg.requested_ip);
}

/* X01: pieces without end are refused, not written anywhere */
TEST_F(message, O09_too_many_pieces)
{
	u8 bytes[2 * 257], many[1400];
	size_t i;

	memset(bytes, 7, sizeof(bytes));
	memcpy(bytes, "\x3d\xff", 2);
	memcpy(bytes + 257, "\x3d\xff", 2);
	EXPECT_EQ(DHCP_PARSE_VALUE, parse(self, bytes, sizeof(bytes)));
	for (i = 0; i < sizeof(many); i += 4)
		memcpy(many + i, i % 8 ? "\x37\x02\x01\x02" : "\x3d\x02\x01\x02", 4);
	EXPECT_EQ(DHCP_PARSE_VALUE, parse(self, many, sizeof(many)));
}

TEST_F(message, L03_L06_L07_L09_agent)
{
	const struct dhcp_agent *a = &self->msg.agent;

	PARSE("\x35\x01\x01\x52\x17\x01\x03" "abc" "\x02\x02" "xy" "\x05\x04\x0a\x00\x00\x01\x0b\x04\x0a\x00\x00\xfe\x13\x00");
	EXPECT_EQ(23, a->whole.len);
	EXPECT_EQ(0, memcmp(a->circuit_id.data, "abc", 3));
	EXPECT_EQ(2, a->remote_id.len);
	EXPECT_EQ(htonl(0x0a000001), a->link_selection);
	EXPECT_EQ(htonl(0x0a0000fe), a->server_id);
	EXPECT_TRUE(a->source_port);
	/* opaque from where it does not add up */
	EXPECT_EQ(DHCP_PARSE_OK, PARSE("\x52\x06\x01\x01" "a" "\x02\x09" "b"));
	EXPECT_EQ(6, a->whole.len);
	EXPECT_EQ(1, a->circuit_id.len);
	EXPECT_EQ(NULL, a->remote_id.data);
	/* A relay that appends its own leaves those of the one before it in front. */
	EXPECT_EQ(DHCP_PARSE_OK, PARSE("\x52\x0c\x01\x01" "a" "\x02\x01" "b" "\x01\x01" "c" "\x02\x01" "d"));
	EXPECT_EQ('a', *a->circuit_id.data);
	EXPECT_EQ('b', *a->remote_id.data);
}

TEST_F(message, O25_name_out_of_option_81)
{
	PARSE("\x0c\x03" "old" "\x51\x08\x04\0\0\x03" "box" "\0");
	ASSERT_EQ(3, self->msg.host_name.len);
	EXPECT_EQ(0, memcmp(self->msg.host_name.data, "box", 3));
	PARSE("\x0c\x03" "old" "\x51\x06\x00\0\0" "box");
	EXPECT_EQ(0, memcmp(self->msg.host_name.data, "old", 3));
	PARSE("\x51\x05\x04\0\0\x09" "b");
	EXPECT_EQ(NULL, self->msg.host_name.data);
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

/* P3: an option that is not there has no address to reckon with; clang's sanitizer looks. */
TEST_F(message, P3_what_is_absent_has_no_address)
{
	u8 n = 1, code, answer[255];

	EXPECT_EQ(DHCP_PARSE_OK, PARSE("\xff"));
	EXPECT_EQ(NULL, self->msg.agent.whole.data);
	EXPECT_EQ(0, dhcp_fqdn_answer(answer, &self->msg.fqdn, NULL, 0));
	EXPECT_TRUE(dhcp_options_check(NULL, 0, &n, &code));
	EXPECT_EQ(0, n);
}

/* ---- decide ---- */

FIXTURE(decision) {
	struct dhcp_msg msg;
	struct dhcp_scratch scratch;
	struct dhcp_facts facts;
	struct dhcp_hdr hdr;
};

FIXTURE_SETUP(decision)
{
	memset(self, 0, sizeof(*self));
	self->msg.hdr = &self->hdr;
	self->facts = (struct dhcp_facts){ .server_id_matches = true, .on_link = true, .allowed = true };
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

TEST_F(decision, O18_O19_B01_switches)
{
	self->msg.rapid_commit = true;
	EXPECT_EQ(DHCP_DO_OFFER, verdict(self, DHCP_DISCOVER));
	self->facts.rapid_commit = true;
	EXPECT_EQ(DHCP_DO_RAPID, verdict(self, DHCP_DISCOVER));
	self->msg.prl = (struct dhcp_bytes){ (const u8 *)"\x01\x6c", 2 };
	EXPECT_EQ(DHCP_DO_RAPID, verdict(self, DHCP_DISCOVER));
	self->facts.v6_mostly = true;
	EXPECT_EQ(DHCP_DO_PREFER_V6, verdict(self, DHCP_DISCOVER));
	EXPECT_EQ(DHCP_DO_NOTHING, verdict(self, DHCP_NONE));
	self->facts.bootp = true;
	EXPECT_EQ(DHCP_DO_BOOTP, verdict(self, DHCP_NONE));
}

/* a reservation is a record of the client */
TEST_F(decision, Q04_reserved)
{
	self->msg.requested_ip = 2;
	self->facts.known = true;
	self->facts.reserved = true;
	EXPECT_EQ(DHCP_DO_ACK, verdict(self, DHCP_REQUEST));
	/* ... but not for an address that this machine has got since */
	self->facts.allowed = false;
	EXPECT_EQ(DHCP_DO_NAK, verdict(self, DHCP_REQUEST));
	self->facts.allowed = true;
	self->facts.reserved = false;
	EXPECT_EQ(DHCP_DO_NAK, verdict(self, DHCP_REQUEST));
}

TEST_F(decision, Q01_Q02_selecting)
{
	self->msg.server_id = 1;
	self->msg.requested_ip = 2;
	EXPECT_EQ(DHCP_DO_ACK, verdict(self, DHCP_REQUEST));
	self->facts.hold = DHCP_HELD_BY_OTHER;
	EXPECT_EQ(DHCP_DO_NAK, verdict(self, DHCP_REQUEST));
	self->facts.hold = DHCP_HELD_BY_NONE;
	/* A client that goes from address to address would leave each of them resting. */
	self->facts.bound_elsewhere = true;
	EXPECT_EQ(DHCP_DO_NAK, verdict(self, DHCP_REQUEST));
	self->facts.reserved = true;
	EXPECT_EQ(DHCP_DO_ACK, verdict(self, DHCP_REQUEST));
	self->facts.reserved = self->facts.bound_elsewhere = false;
	self->facts.allowed = false;
	EXPECT_EQ(DHCP_DO_NAK, verdict(self, DHCP_REQUEST));
	self->facts.known = true;
	EXPECT_EQ(DHCP_DO_NAK, verdict(self, DHCP_REQUEST));
	self->facts.server_id_matches = false;
	EXPECT_EQ(DHCP_DO_FORGET, verdict(self, DHCP_REQUEST));
}

/* What says the same twice */
TEST_F(decision, Q15_redundant)
{
	int both, named, differs;

	self->facts.hold = DHCP_HELD_BY_CLIENT;
	self->hdr.ciaddr = 2;
	for (both = 0; both < 2; both++) {
		for (named = 0; named < 2; named++) {
			for (differs = 0; differs <= both; differs++) {
				self->msg.requested_ip = both ? 2 + differs : 0;
				self->msg.server_id = named;
				EXPECT_EQ(differs ? DHCP_DO_NOTHING : DHCP_DO_ACK, verdict(self, DHCP_REQUEST));
			}
		}
	}
	self->msg.requested_ip = 0;
	self->facts.server_id_matches = false;
	EXPECT_EQ(DHCP_DO_FORGET, verdict(self, DHCP_REQUEST));
	self->hdr.ciaddr = 0;
	self->facts.server_id_matches = true;
	EXPECT_EQ(DHCP_DO_NOTHING, verdict(self, DHCP_REQUEST));
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
		/* A stranger who rebinds may belong to a subnet that another server has on this link. */
		EXPECT_EQ(self->hdr.ciaddr ? DHCP_DO_NOTHING : DHCP_DO_NAK, verdict(self, DHCP_REQUEST));
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
	self->facts.server_id_matches = false;
	EXPECT_EQ(DHCP_DO_NOTHING, verdict(self, DHCP_RELEASE));
	self->facts.server_id_matches = true;
	self->msg.server_id = 0;
	EXPECT_EQ(DHCP_DO_NOTHING, verdict(self, DHCP_DECLINE));
	EXPECT_EQ(DHCP_DO_RELEASE, verdict(self, DHCP_RELEASE));
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

TEST_HARNESS_MAIN
