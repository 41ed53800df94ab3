// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/core/agent.c: option 82 made, put into requests, and taken out of replies. */
#include <arpa/inet.h>
#include <linux/dhcpk.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dhcp.h"
#include "kselftest_harness.h"

static const u8 AGENT[] = { 1, 4, 'e', 't', 'h', '0', 2, 2, 0xab, 0xcd };
static const struct dhcp_bytes agent = { .data = AGENT, .len = sizeof(AGENT) };

#define BYTES(text) ((struct dhcp_bytes){ .data = (const u8 *)(text), .len = sizeof(text) - 1 })

static bool is_lan(const void *bridge, const u8 *name, size_t len)
{
	return len > 3 && !memcmp(name, "lan", 3);
}

static const struct dhcp_own_agent own_agent = {
	.value = { .data = AGENT, .len = sizeof(AGENT) }, .hole = { [0 ... DHCP_AGENT_SUBS_MAX - 1] = DHCP_NO_HOLE },
};

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
#define REMOVE() (self->len = dhcp_agent_remove(self->body, self->len, self->size, NULL))
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
	EXPECT_EQ(300, dhcp_agent_remove(self->body, 300, 600, NULL));
}

/* Requests of 0 to 300 bytes */
TEST_F(message, R14_any_length)
{
	size_t len, got;

	for (len = 0; len <= 300; len++) {
		MAKE("", 240, 600);
		got = dhcp_agent_append(self->body, len, self->size, &own_agent.value);
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

/* ---- made of a template ---- */


static const struct dhcp_agent_facts facts = {
	.dev = "eth0.7", .port = "lan3", .vlan = 7, .svlan = 4094, .chaddr = (const u8 *)"\x02\0\0\0\xab\xcd", .hlen = 6,
	.link = 0x0100a8c0, .server_id = 0x0200a8c0, .flags = DHCP_AGENT_UNICAST,
};

static u8 room[DHCP_AGENT_MAX];

static struct dhcp_bytes rendered(struct dhcp_bytes template, const struct dhcp_agent_facts *f)
{
	struct dhcp_bytes value;

	return dhcp_agent_render(&value, room, &template, f, NULL) ? value : (struct dhcp_bytes){ .len = 9999 };
}

#define EXPECT_VALUE(wanted, template) do {						\
	struct dhcp_bytes _v = rendered(BYTES(template), &facts);			\
	EXPECT_EQ(sizeof(wanted) - 1, _v.len);						\
	EXPECT_EQ(0, memcmp(_v.data, wanted, sizeof(wanted) - 1));			\
} while (0)

/* P3: what is not there has no address to reckon with; clang's sanitizer looks. */
TEST(P3_what_is_absent_has_no_address)
{
	const struct dhcp_bytes none = {};
	struct dhcp_bytes value;
	u32 pieces;
	bool vss;

	EXPECT_TRUE(dhcp_agent_check(&none, &pieces, &vss));
	EXPECT_TRUE(dhcp_agent_render(&value, room, &none, &facts, NULL));
	EXPECT_EQ(0, value.len);
	EXPECT_FALSE(dhcp_agent_matches(&none, &own_agent));
}

/* R13: each piece says what it stands for. */
TEST(R13_pieces)
{
	EXPECT_VALUE("\x01\x05" "ab\0cd", "\x01\x07\0\x05" "ab\0cd");
	EXPECT_VALUE("\x01\x06" "eth0.7", "\x01\x02\x01\0");
	EXPECT_VALUE("\x01\x06" "4094.7", "\x01\x07\x03\0\0\x01.\x02\0");
	EXPECT_VALUE("\x02\x11" "02:00:00:00:ab:cd", "\x02\x02\x04\0");
	EXPECT_VALUE("\x01\x04" "lan3", "\x01\x02\x05\0");
	EXPECT_VALUE("\x05\x04\xc0\xa8\0\x01\x0b\x04\xc0\xa8\0\x02\x0a\x01\x80",
		     "\x05\x02\x06\0\x0b\x02\x07\0\x0a\x02\x08\0");
	EXPECT_VALUE("\x13\0\x98\0", "\x13\0\x98\0");
}

/* What cannot be said takes its sub-option with it, and no other. */
TEST(R13_what_cannot_be_said)
{
	struct dhcp_agent_facts f = facts;
	struct dhcp_bytes v;

	f.port = NULL;
	f.link = 0;
	v = rendered(BYTES("\x01\x05\0\x01x\x05\0\x02\x02\x01\0\x05\x02\x06\0"), &f);
	EXPECT_EQ(8, v.len);
	EXPECT_EQ(0, memcmp(v.data, "\x02\x06" "eth0.7", 8));
}

/* R20: how a request came does not show in its reply; with what is between them, two holes are one. */
TEST(R20_what_a_reply_does_not_show)
{
	struct dhcp_bytes template = BYTES("\x01\x08\0\x01x\x05\0\0\x01y\x02\x02\x01\0\x0a\x02\x08\0"
					   "\x01\x0c\0\x01x\x05\0\0\x01z\x05\0\x02\0"), value;
	struct dhcp_agent_facts f = facts;
	u8 hole[DHCP_AGENT_SUBS_MAX];

	f.port = NULL;
	EXPECT_TRUE(dhcp_agent_render(&value, room, &template, &f, hole));
	EXPECT_EQ(18, value.len);
	EXPECT_EQ(0, memcmp(value.data, "\x01\x02xy\x02\x06" "eth0.7" "\x0a\0\x01\x02x7", 18));
	EXPECT_EQ(0, memcmp(hole, "\x01\xff\0\x01", 4));
	/* Where there is no bridge, the port is the interface. */
	EXPECT_TRUE(dhcp_agent_render(&value, room, &template, &facts, hole));
	EXPECT_EQ(0, memcmp(value.data, "\x01\x06xlan3y", 8));
	EXPECT_EQ(0, memcmp(hole, "\xff\xff\0\xff", 4));
}

TEST(R13_sub_options_have_an_end)
{
	u8 many[2 * (DHCP_AGENT_SUBS_MAX + 1)] = {};
	struct dhcp_bytes template = { .data = many, .len = sizeof(many) };
	u32 pieces;
	bool vss;

	EXPECT_FALSE(dhcp_agent_check(&template, &pieces, &vss));
	template.len -= 2;
	EXPECT_TRUE(dhcp_agent_check(&template, &pieces, &vss));
}

/* R16: to the last byte, and no further. */
TEST(R16_room_for_255)
{
	u8 text[2 + 2 + 253 + 4] = { 1, 255, DHCPK_AGENT_TEXT, 253 };
	struct dhcp_bytes template = { .data = text, .len = 257 };
	struct dhcp_bytes v = rendered(template, &facts);

	EXPECT_EQ(255, v.len);
	memcpy(text + 257, "\x13\0", 2);
	template.len = 259;
	EXPECT_EQ(9999, rendered(template, &facts).len);
}

TEST(R13_templates_that_do_not_add_up)
{
	static const struct { const char *bytes; size_t len; bool fine; } t[] = {
		{ "", 0, true }, { "\x01", 1, false }, { "\x01\x02\x01", 3, false }, { "\x01\x02\x01\0", 4, true },
		{ "\x01\x02\x09\0", 4, false }, { "\x01\x03\x01\x01x", 5, false }, { "\x01\x03\0\x02x", 5, false },
		{ "\x01\x01\x01", 3, false }, { "\x13\0\x98\0", 4, true },
		{ "\x0a\x02\x08\0", 4, true }, { "\x01\x02\x08\0", 4, false },
		/* Of how a request came a reply says one byte: nothing else is known again there. */
		{ "\x0a\x02\x05\0", 4, false }, { "\x0a\x03\0\x01x", 5, false }, { "\x0a\x04\x08\0\x08\0", 6, false },
	};
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		u8 *bytes = malloc(t[i].len ?: 1);
		struct dhcp_bytes template = { .data = memcpy(bytes, t[i].bytes, t[i].len), .len = t[i].len };
		u32 pieces;
		bool vss;

		EXPECT_EQ(t[i].fine, dhcp_agent_check(&template, &pieces, &vss)) TH_LOG("template %zu", i);
		free(bytes);
	}
}

TEST(R13_what_a_template_has)
{
	struct dhcp_bytes template = BYTES("\x01\x02\x05\0\x97\x03\0\x01\xff\x98\0");
	u32 pieces;
	bool vss;

	EXPECT_TRUE(dhcp_agent_check(&template, &pieces, &vss));
	EXPECT_EQ(1U << DHCPK_AGENT_PORT | 1U << DHCPK_AGENT_TEXT, pieces);
	EXPECT_TRUE(vss);
}

/* ---- known again ---- */

/* The first sub-option may have a hole. */
static bool ours_with_hole(struct dhcp_bytes whole, struct dhcp_bytes value, u8 hole)
{
	struct dhcp_own_agent own = own_agent;

	own.value = value;
	own.hole[0] = hole;
	own.is_port = is_lan;
	return dhcp_agent_matches(&whole, &own);
}

static bool ours(struct dhcp_bytes whole, struct dhcp_bytes value)
{
	return ours_with_hole(whole, value, DHCP_NO_HOLE);
}

/* R20 */
TEST(R20_ours_or_not)
{
	EXPECT_TRUE(ours(BYTES("\x01\x01x\x02\x01y"), BYTES("\x01\x01x\x02\x01y")));
	EXPECT_FALSE(ours(BYTES("\x01\x01x\x02\x01z"), BYTES("\x01\x01x\x02\x01y")));
	EXPECT_FALSE(ours(BYTES("\x01\x01x"), BYTES("\x01\x01x\x02\x01y")));
	/* Behind another relay's, and before one's. */
	EXPECT_TRUE(ours(BYTES("\x01\x01q\x01\x01x"), BYTES("\x01\x01x")));
	EXPECT_TRUE(ours(BYTES("\x01\x01x\x02\x01y\x06\0"), BYTES("\x01\x01x\x02\x01y")));
	/* Unicast or not, it is ours; and so without VSS control, but not without another. */
	EXPECT_TRUE(ours_with_hole(BYTES("\x0a\x01\0\x01\x01x"), BYTES("\x0a\0\x01\x01x"), 0));
	EXPECT_TRUE(ours_with_hole(BYTES("\x0a\x01\x80\x01\x01x"), BYTES("\x0a\0\x01\x01x"), 0));
	EXPECT_FALSE(ours_with_hole(BYTES("\x01\x01x"), BYTES("\x0a\0\x01\x01x"), 0));
	EXPECT_TRUE(ours(BYTES("\x97\x01\xff"), BYTES("\x97\x01\xff\x98\0")));
	EXPECT_FALSE(ours(BYTES("\x97\x01\xff"), BYTES("\x97\x01\xff\x13\0")));
	/* Any port of the bridge, or none, with all that is around it; but not anything. */
	EXPECT_TRUE(ours_with_hole(BYTES("\x01\x06xlan3y"), BYTES("\x01\x02xy"), 1));
	EXPECT_FALSE(ours_with_hole(BYTES("\x01\x06xwan3y"), BYTES("\x01\x02xy"), 1));
	EXPECT_FALSE(ours_with_hole(BYTES("\x01\x06xlan3z"), BYTES("\x01\x02xy"), 1));
	EXPECT_FALSE(ours_with_hole(BYTES("\x01\x06zlan3y"), BYTES("\x01\x02xy"), 1));
	EXPECT_FALSE(ours_with_hole(BYTES("\x01\x01x"), BYTES("\x01\x02xy"), 1));
	EXPECT_TRUE(ours_with_hole(BYTES("\x02\x01z"), BYTES("\x01\x02xy\x02\x01z"), 1));
	EXPECT_FALSE(ours_with_hole(BYTES("\x02\x01x"), BYTES("\x01\0"), 0));
	/* What does not add up is nobody's. */
	EXPECT_FALSE(ours(BYTES("\x01\x09x"), BYTES("\x01\x01x")));
	EXPECT_FALSE(ours((struct dhcp_bytes){}, BYTES("\x01\x01x")));
}

/* R17: behind another relay's, only ours goes. */
TEST_F(message, R17_only_ours)
{
	MAKE("\x52\x0d\x01\x01q\x01\x04" "eth0\x02\x02\xab\xcd\x35\x01\x02\xff", 300, 600);
	EXPECT_EQ(300, dhcp_agent_remove(self->body, self->len, self->size, &own_agent));
	EXPECT_OPTIONS("\x52\x03\x01\x01q\x35\x01\x02\xff\0");
}

/* R17: whoever appended to ours expects it back; ours is what goes to the client's side. */
TEST_F(message, R17_what_was_appended_to_ours_goes_too)
{
	MAKE("\x52\x10\x01\x01q\x01\x04" "eth0\x02\x02\xab\xcd\x06\x01z\x35\x01\x02\xff", 300, 600);
	EXPECT_EQ(300, dhcp_agent_remove(self->body, self->len, self->size, &own_agent));
	EXPECT_OPTIONS("\x52\x03\x01\x01q\x35\x01\x02\xff\0");
}

/* R17: what only looks as if it were ours is another's, if ours is at the end. */
TEST_F(message, R17_ours_is_the_last_that_looks_like_it)
{
	struct dhcp_own_agent own = own_agent;

	own.value = BYTES("\x01\0");
	own.hole[0] = 0;
	own.is_port = is_lan;
	MAKE("\x52\x0c\x01\x04lan1\x01\x04lan2\x35\x01\x02\xff", 300, 600);
	EXPECT_EQ(300, dhcp_agent_remove(self->body, self->len, self->size, &own));
	EXPECT_OPTIONS("\x52\x06\x01\x04lan1\x35\x01\x02\xff\0");
}

/* R15, R17: a switch's own stays where we have added nothing. */
TEST_F(message, R15_R17_a_switchs_own_is_not_ours)
{
	struct dhcp_own_agent own = own_agent;

	own.value = BYTES("\x01\0");
	own.hole[0] = 0;
	own.is_port = is_lan;
	MAKE("\x52\x05\x01\x03sw1\x35\x01\x02\xff", 300, 600);
	EXPECT_EQ(300, dhcp_agent_remove(self->body, self->len, self->size, &own));
	EXPECT_OPTIONS("\x52\x05\x01\x03sw1\x35\x01\x02\xff\0");
}

/* R17, RFC 3396: one option in pieces, of which none is ours by itself; another relay's is before it. */
TEST_F(message, R17_ours_in_pieces)
{
	struct dhcp_own_agent own = own_agent;

	own.joined = BYTES("\x01\x01q\x01\x04" "eth0\x02\x02\xab\xcd\x06\x01z");
	MAKE("\x52\x02\x01\x01\x52\x06q\x01\x04" "eth\x35\x01\x02\x52\x05" "0\x02\x02\xab\xcd\x52\x03\x06\x01z\xff",
	     300, 600);
	EXPECT_EQ(300, dhcp_agent_remove(self->body, self->len, self->size, &own));
	EXPECT_OPTIONS("\x52\x02\x01\x01\x52\x01q\x35\x01\x02\xff\0");
}

/* R17: where ours is whole, what is in another option is another's. */
TEST_F(message, R17_another_option_beside_ours)
{
	struct dhcp_own_agent own = own_agent;

	own.joined = BYTES("\x01\x04" "eth0\x02\x02\xab\xcd\x01\x01q");
	MAKE("\x52\x0a\x01\x04" "eth0\x02\x02\xab\xcd\x35\x01\x02\x52\x03\x01\x01q\xff", 300, 600);
	EXPECT_EQ(300, dhcp_agent_remove(self->body, self->len, self->size, &own));
	EXPECT_OPTIONS("\x35\x01\x02\x52\x03\x01\x01q\xff\0");
}

/* R17: the parser puts 512 bytes together and no more. What is behind those goes with ours, and else with nothing. */
TEST_F(message, R17_pieces_that_were_not_put_together_stay)
{
	u8 options[3 + 252 + 252 + 22 + 1] = { 0x35, 1, 2 };
	struct dhcp_own_agent own = own_agent;
	struct dhcp_scratch scratch;
	struct dhcp_msg msg;

	memset(options + 3, 'x', sizeof(options) - 3);
	memcpy(options + 3, "\x52\xfa", 2);
	memcpy(options + 255, "\x52\xfa", 2);
	memcpy(options + 507, "\x52\x14", 2);
	options[529] = DHCP_OPT_END;
	make(self, options, sizeof(options), DHCP_HDR_LEN + sizeof(options), 800);
	EXPECT_EQ(DHCP_PARSE_VALUE, dhcp_parse(&msg, &scratch, self->body, self->len));
	own.joined = msg.agent.whole;
	EXPECT_EQ(500, own.joined.len);
	EXPECT_EQ(self->len, dhcp_agent_remove(self->body, self->len, self->size, &own));
	EXPECT_EQ(0, memcmp(self->body + DHCP_HDR_LEN, options, sizeof(options)));
}

TEST_F(message, R17_another_relays_stays)
{
	MAKE("\x52\x03\x01\x01q\x35\x01\x02" TAG "\xff", 300, 600);
	EXPECT_EQ(300, dhcp_agent_remove(self->body, self->len, self->size, &own_agent));
	EXPECT_OPTIONS("\x52\x03\x01\x01q\x35\x01\x02\xff\0");
}

/* A trusted relay without a template of its own passes on what a switch behind it has put in. */
TEST_F(message, P3_without_a_template_nothing_is_ours)
{
	static const struct dhcp_own_agent none = {};

	MAKE("\x52\x03\x01\x01q\x35\x01\x02" TAG "\xff", 300, 600);
	EXPECT_EQ(300, dhcp_agent_remove(self->body, self->len, self->size, &none));
	EXPECT_OPTIONS("\x52\x03\x01\x01q\x35\x01\x02" TAG "\xff\0");
}

/* The best of some: processor seconds to take @n options 82 out of a message of nothing else */
static double removal(struct _test_data_message *self, size_t n)
{
	size_t len = DHCP_HDR_LEN + 2 * n + 1, i;
	double best = 1e9, took;
	int round;

	for (round = 0; round < 5; round++) {
		clock_t start;

		make(self, "", 0, len, len);
		for (i = 0; i < n; i++)
			self->body[DHCP_HDR_LEN + 2 * i] = DHCP_OPT_RELAY_AGENT;
		self->body[len - 1] = DHCP_OPT_END;
		start = clock();
		REMOVE();
		took = (double)(clock() - start) / CLOCKS_PER_SEC;
		best = took < best ? took : best;
	}
	return best;
}

/* R17: a client may put option 82 in as often as a datagram has room for it. */
TEST_F(message, R17_as_often_as_there_is_room_for_it)
{
	double few, many;

	few = removal(self, 2000);
	many = removal(self, 32000);
	EXPECT_EQ(300, self->len);
	EXPECT_OPTIONS("\xff\0\0");
	/* 16 times as many; each by each would be 256 times the work */
	EXPECT_LT(many, 0.0005 + 64 * few);
}

TEST_HARNESS_MAIN
