// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/core/agent.c: option 82 into requests and out of replies. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "dhcp.h"
#include "kselftest_harness.h"

static const u8 AGENT[] = { 1, 4, 'e', 't', 'h', '0', 2, 2, 0xab, 0xcd };
static const struct dhcp_bytes agent = { .data = AGENT, .len = sizeof(AGENT) };

/* A message in a block of exactly the room it may have, so that a byte too far is seen. */
FIXTURE(message) {
	u8 *body;
	size_t len, size;
};

FIXTURE_SETUP(message)
{
	self->body = NULL;
}

FIXTURE_TEARDOWN(message)
{
	free(self->body);
}

static void make(struct _test_data_message *self, const void *options, size_t n, size_t len, size_t size)
{
	struct dhcp_hdr *hdr;

	free(self->body);
	self->body = calloc(1, size);
	self->len = len;
	self->size = size;
	hdr = (struct dhcp_hdr *)self->body;
	hdr->op = DHCP_BOOTREQUEST;
	hdr->cookie = htonl(DHCP_COOKIE);
	memcpy(hdr->options, options, n);
}

#define MAKE(options, len, size) make(self, options, sizeof(options) - 1, len, size)
#define APPEND() (self->len = dhcp_agent_append(self->body, self->len, self->size, &agent))
#define REMOVE() (self->len = dhcp_agent_remove(self->body, self->len, self->size))
#define EXPECT_OPTIONS(bytes) EXPECT_EQ(0, memcmp(self->body + DHCP_HDR_LEN, bytes, sizeof(bytes) - 1))

#define TAG "\x52\x0a\x01\x04" "eth0\x02\x02\xab\xcd"

/* R14: last before END, and a padded message does not grow. */
TEST_F(message, R14_last_before_end)
{
	MAKE("\x35\x01\x01\xff", 300, 600);
	EXPECT_EQ(300, APPEND());
	EXPECT_OPTIONS("\x35\x01\x01" TAG "\xff\0\0");
}

TEST_F(message, R14_no_end)
{
	MAKE("\x35\x01\x01", 243, 600);
	EXPECT_EQ(243 + 12 + 1, APPEND());
	EXPECT_OPTIONS("\x35\x01\x01" TAG "\xff");
}

TEST_F(message, R14_no_end_but_padding)
{
	MAKE("\x35\x01\x01\0\0\0", 300, 600);
	EXPECT_EQ(300, APPEND());
	EXPECT_OPTIONS("\x35\x01\x01" TAG "\xff");
}

TEST_F(message, R14_pads_between_stay)
{
	MAKE("\0\x35\x01\x01\0\xff", 246, 600);
	EXPECT_EQ(245 + 12 + 1, APPEND());
	EXPECT_OPTIONS("\0\x35\x01\x01\0" TAG "\xff");
}

TEST_F(message, R14_nothing_but_a_cookie)
{
	MAKE("", 240, 253);
	EXPECT_EQ(253, APPEND());
	EXPECT_OPTIONS(TAG "\xff");
}

/* R16: what does not fit is forwarded without. */
TEST_F(message, R16_no_room)
{
	MAKE("\x35\x01\x01\xff", 244, 255);
	EXPECT_EQ(0, dhcp_agent_append(self->body, self->len, self->size, &agent));
	EXPECT_OPTIONS("\x35\x01\x01\xff\0");
}

/* R30, RFC 951: a message without a cookie has no options field to put it into. */
TEST_F(message, R30_bootp_without_cookie)
{
	MAKE("\x35\x01\x01\xff", 300, 600);
	((struct dhcp_hdr *)self->body)->cookie = 0;
	EXPECT_EQ(0, dhcp_agent_append(self->body, 300, 600, &agent));
	EXPECT_EQ(300, dhcp_agent_remove(self->body, 300, 600));
}

/* Requests of 0 to 300 bytes */
TEST_F(message, R14_any_length)
{
	size_t len, got;

	for (len = 0; len <= 300; len++) {
		MAKE("", 240, 600);
		got = dhcp_agent_append(self->body, len, self->size, &agent);
		EXPECT_EQ(len < 240 ? 0 : len < 253 ? 253 : len, got);
	}
}

TEST_F(message, R14_options_that_do_not_add_up)
{
	MAKE("\x35\x01\x01\x0c\x05" "ab", 247, 600);
	EXPECT_EQ(0, dhcp_agent_append(self->body, self->len, self->size, &agent));
	MAKE("\x35\x01\x01\x0c", 244, 600);
	EXPECT_EQ(0, dhcp_agent_append(self->body, self->len, self->size, &agent));
}

/* R17: wherever a server put it, and as often as it did; the rest moves up and is padded again. */
TEST_F(message, R17_out_of_the_middle)
{
	MAKE("\x35\x01\x05" TAG "\x33\x04\0\0\0\x3c\xff", 300, 600);
	EXPECT_EQ(300, REMOVE());
	EXPECT_OPTIONS("\x35\x01\x05\x33\x04\0\0\0\x3c\xff\0\0\0");
}

TEST_F(message, R17_twice_and_first_and_last)
{
	MAKE(TAG "\x35\x01\x05" TAG "\xff", 268, 600);
	EXPECT_EQ(300, REMOVE());
	EXPECT_OPTIONS("\x35\x01\x05\xff\0\0\0");
}

TEST_F(message, R17_no_room_for_padding)
{
	MAKE("\x35\x01\x05" TAG "\xff", 256, 256);
	EXPECT_EQ(244, REMOVE());
	EXPECT_OPTIONS("\x35\x01\x05\xff");
}

TEST_F(message, R17_long_stays_long)
{
	MAKE("\x35\x01\x05" TAG "\xff", 500, 500);
	EXPECT_EQ(488, REMOVE());
}

/* What looks like option 82 inside another option, behind END or in file and sname is none. */
TEST_F(message, R17_not_elsewhere)
{
	MAKE("\x34\x01\x03\x2b\x0c" TAG "\xff" TAG, 300, 300);
	memcpy(((struct dhcp_hdr *)self->body)->file, TAG, 12);
	EXPECT_EQ(300, REMOVE());
	EXPECT_OPTIONS("\x34\x01\x03\x2b\x0c" TAG "\xff" TAG);
	EXPECT_EQ(0, memcmp(((struct dhcp_hdr *)self->body)->file, TAG, 12));
}

TEST_F(message, R17_truncated)
{
	MAKE("\x35\x01\x05\x52\x40\x01\x04" "eth0", 251, 600);
	EXPECT_EQ(0, REMOVE());
	MAKE("\x35\x01\x05\x52", 244, 600);
	EXPECT_EQ(0, REMOVE());
}

/* Random options: what was put in comes out again, and nothing else has moved. */
TEST_F(message, R14_R17_there_and_back)
{
	int round;

	srand(82);
	for (round = 0; round < 20000; round++) {
		u8 options[200], *p = options;
		size_t len, padded;
		u8 *before;

		while (p - options < rand() % 150) {
			u8 n = rand() % 20;

			*p++ = 1 + rand() % 80;
			*p++ = n;
			while (n--)
				*p++ = rand();
		}
		*p++ = DHCP_OPT_END;
		len = DHCP_HDR_LEN + (p - options);
		padded = len < 300 ? 300 : len;
		make(self, options, p - options, padded, 600);
		before = malloc(padded);
		memcpy(before, self->body, padded);
		ASSERT_NE(0, APPEND());
		ASSERT_EQ(padded, REMOVE());
		ASSERT_EQ(0, memcmp(before, self->body, padded));
		free(before);
	}
}

TEST_HARNESS_MAIN
