// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/core/renew.c: an ACK once more. */
#include <arpa/inet.h>
#include <string.h>

#include "dhcp.h"
#include "kselftest_harness.h"

static const struct dhcp_hdr request = {
	.op = DHCP_BOOTREQUEST, .xid = 0x11223344, .secs = 0x0500, .flags = 0x0080, .ciaddr = 0x6502000a, .hops = 3,
};

/* @options in a block of exactly @len bytes; returns what dhcp_ack_again() says. */
static bool again(struct dhcp_hdr *ack, const void *options, size_t len, u32 seconds)
{
	memset(ack, 0, sizeof(*ack));
	ack->op = DHCP_BOOTREPLY;
	ack->xid = 0xdeadbeef;
	ack->secs = 0x0100;
	ack->yiaddr = 0x6502000a;
	memcpy(ack->options, options, len);
	return dhcp_ack_again((u8 *)ack, sizeof(*ack) + len, &request, seconds);
}

static u8 room[1024];

#define AGAIN(options, seconds) again((struct dhcp_hdr *)room, options, sizeof(options) - 1, seconds)
#define EXPECT_OPTIONS(bytes) EXPECT_EQ(0, memcmp(room + sizeof(struct dhcp_hdr), bytes, sizeof(bytes) - 1))

TEST(fields_of_the_request)
{
	const struct dhcp_hdr *ack = (const struct dhcp_hdr *)room;

	EXPECT_TRUE(AGAIN("\x33\x04\0\0\0\x01\xff", 60));
	EXPECT_EQ(request.xid, ack->xid);
	EXPECT_EQ(request.flags, ack->flags);
	EXPECT_EQ(request.ciaddr, ack->ciaddr);
	EXPECT_EQ(0, ack->secs);
	EXPECT_EQ(0, ack->hops);
	EXPECT_EQ(DHCP_BOOTREPLY, ack->op);
	EXPECT_EQ(0x6502000a, ack->yiaddr);
}

/* RFC 2131 section 4.4.5: T1 at a half, T2 at seven eighths. */
TEST(times)
{
	EXPECT_TRUE(AGAIN("\x35\x01\x05\0\x3a\x04\x01\x02\x03\x04\x33\x04\x01\x02\x03\x04\x3b\x04\x01\x02\x03\x04\xff", 800));
	EXPECT_OPTIONS("\x35\x01\x05\0\x3a\x04\0\0\x01\x90\x33\x04\0\0\x03\x20\x3b\x04\0\0\x02\xbc\xff");
}

/* Without END, or with less of an option than it says: nothing outside is touched, and what is before it counts. */
TEST(cut_off)
{
	EXPECT_TRUE(AGAIN("\x33\x04\x01\x02\x03\x04", 1));
	EXPECT_OPTIONS("\x33\x04\0\0\0\x01");
	EXPECT_TRUE(AGAIN("\x33\x04\x01\x02\x03\x04\x3a\x04\x01", 1));
	EXPECT_OPTIONS("\x33\x04\0\0\0\x01\x3a\x04\x01");
	EXPECT_FALSE(AGAIN("\x33\x04\x01", 1));
	EXPECT_FALSE(AGAIN("\x33", 1));
	EXPECT_FALSE(AGAIN("", 1));
}

/* A client would be told another time than the one that is vouched for. */
TEST(no_lease_time)
{
	EXPECT_FALSE(AGAIN("\x35\x01\x05\xff\x33\x04\x01\x02\x03\x04", 1));
	EXPECT_OPTIONS("\x35\x01\x05\xff\x33\x04\x01\x02\x03\x04");
	EXPECT_FALSE(AGAIN("\x33\x03\x01\x02\x03\xff", 1));
	EXPECT_OPTIONS("\x33\x03\x01\x02\x03\xff");
}

TEST_HARNESS_MAIN
