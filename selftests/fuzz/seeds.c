// SPDX-License-Identifier: GPL-2.0-or-later
/* seeds DIR: messages, templates and rows, for DIR/message, DIR/agent and DIR/store, where fuzzing starts. */
#include <linux/dhcpk.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent.h"
#include "message.h"

enum { HEADER = 240, ROOM = 9000 };

/* Bytes of a literal, NULs among them */
struct bytes {
	const char	*data;
	size_t		len;
};

#define B(text) { text, sizeof(text) - 1 }

#define X16 "xxxxxxxxxxxxxxxx"
#define X64 X16 X16 X16 X16
#define X250 X64 X64 X64 X16 X16 X16 "xxxxxxxxxx"

#define PRL "\x37\x0a\x01\x79\x03\x06\x0f\x21\x0c\x2b\x6c\x51"
#define ID "\x3d\x07\x01\x02\x00\x5e\x10\xab\xcd"
#define ASKS "\x32\x04\x0a\0\0\x05"
#define SERVER "\x36\x04\x0a\0\0\x01"
#define NAME "\x51\x0b\x05\0\0\x03pc1\x03lab"
#define AGENT "\x52\x1e\x01\x04" "eth0\x02\x02\xab\xcd\x05\x04\x0a\0\0\0\x0b\x04\x0a\0\0\x02\x13\0\x97\x01\xff\x98\0"

/* Options of requests, by what they lead to */
static const struct bytes requests[] = {
	B(""), B("\xff"), B("\x35\x01\x01\xff"), B("\x35\x01\x01" PRL ID "\x39\x02\x05\xdc\xff"),
	B("\x35\x01\x01\x50\0" NAME "\x33\x04\0\0\x0e\x10\xff"), B("\x35\x01\x01" PRL AGENT "\xff"),
	B("\x35\x01\x03" ASKS SERVER ID PRL "\xff"), B("\x35\x01\x03" ASKS ID "\x0c\x05" "host\0\xff"),
	B("\x35\x01\x03" SERVER "\xff"), B("\x35\x01\x03" ID PRL "\xff"), B("\x35\x01\x03" ID NAME AGENT "\xff"),
	B("\x35\x01\x04" ASKS SERVER ID "\x38\x04used\xff"), B("\x35\x01\x04" ASKS "\xff"), B("\x35\x01\x07" SERVER ID "\xff"),
	B("\x35\x01\x07\xff"), B("\x35\x01\x08" PRL "\xff"), B("\x35\x01\x08" SERVER "\xff"), B("\x35\x01\x02\xff"),
	B("\x35\x01\x05\x33\x04\0\0\x0e\x10\x3a\x04\0\0\x07\x08\x3b\x04\0\0\x0c\x4e" SERVER AGENT "\xff"),
	B("\x35\x01\x01\x34\x01\x03\xff"), B("\x35\x01\x01\x34\x01\x01\x34\x01\x02" ID "\xff"), B("\x35\x01\x01\x76\x04\x0a\0\0\0\xff"),
	/* In pieces (RFC 3396) */
	B("\x35\x01\x01\x3d\x03\x01\x02\0\x0c\x02ho\x3d\x04\x5e\x10\xab\xcd\x0c\x02st\x37\x01\x01\x37\x01\x03\x37\x01\x06\xff"),
	B("\x35\x01\x01\x52\x03\x01\x04" "e\x37\x01\x01\x52\x03th0\x52\x04\x02\x02" "ab\xff"),
	B("\x35\x01\x03\x35\x01\x01\x32\x04\x0a\0\0\x05\x32\x04\x0a\0\0\x06\x33\x04\0\0\0\x3c\x33\x04\0\0\0\x78\xff"),
	B("\x35\x01\x01\x3d\xfa" X250 "\x3d\x05xxxxx\xff"), B("\x35\x01\x01\x3d\xfa" X250 "\x3d\x06xxxxxx\xff"),
	B("\x35\x01\x01\x52\xfa" X250 "\x52\xfa" X250 "\xff"), B("\x35\x01\x01\x52\xfa" X250 "\x52\xfa" X250 "\x52\x14" X16 "xxxx\xff"),
	B("\x35\x01\x01\x0c\xfa" X250 "\x0c\x40" X64 "\xff"), B("\x35\x01\x01\x52\0\xff"), B("\x35\x01\x01\x0c\0\x3d\0\x37\0\xff"),
	/* Names: partial, whole, in ASCII, none, with labels that do not add up, too long for the domain */
	B("\x35\x01\x01\x51\x08\x04\0\0\x03pc1\0\xff"), B("\x35\x01\x01\x51\x06\0\0\0pc1\xff"), B("\x35\x01\x01\x51\x03\x05\0\0\xff"),
	B("\x35\x01\x01\x51\x07\x04\0\0\x09pc1\xff"), B("\x35\x01\x01\x51\x43\x04\0\0\x3f" X16 X16 X16 "xxxxxxxxxxxxxxx\xff"),
	B("\x35\x01\x01\x51\x02\x05\0\xff"), B("\x35\x01\x01\x51\xc4\x04\0\0\x30" X16 X16 X16 "\x30" X16 X16 X16 "\x30" X16 X16 X16
	  "\x2d" X16 X16 "xxxxxxxxxxxxx\xff"), B("\x35\x01\x01\x51\x08\x04\0\0\0\x03pc1\xff"),
	/* What does not add up */
	B("\x35\x01"), B("\x35\x02\x01\x01\xff"), B("\x35"), B("\x35\x01\x01\x32\x03\x0a\0\0\xff"), B("\x35\x01\x01\x39\x01\x05\xff"),
	B("\x35\x01\x01\x33\x01\x05\xff"), B("\x34\x02\x01\x01\xff"), B("\x35\x01\x01\x52\x05\x01\x09" "abc\xff"),
};

/* Options of pools */
static const struct bytes sets[] = {
	B(""),
	B("\x01\x04\xff\xff\xff\0\x03\x04\x0a\0\0\x01\x06\x04\x0a\0\0\x01\x0f\x0blab.example\x79\x05\x08\x0a\x0a\0\0\x21\x08\x0a\0\0\x05\x0a\0\0\x01"),
	B("\x01\x04\xff\xff\xff\0\x0c\xff" X250 "xxxxx\x0c\x05yyyyy\x2b\xfa" X250 "\x0f\x01x\x79\xc8" X64 X64 X64 "xxxxxxxx\x03\x04\x0a\0\0\x01"),
	B("\x6c\x04\0\0\x07\x08\x0f\x04lab.\x2b\x78" X64 X16 X16 X16 "xxxxxxxx\x42\x38" X16 X16 X16 "xxxxxxxx\x06\x04\x0a\0\0\x01"),
	B("\x0f\x41" X64 "x\x21\xfa" X250 "\x06\xfa" X250 "\x03\xfa" X250 "\x79\x05\x08\x0a\x0a\0\0"),
	B("\x0f\x03" "a..\x01\x04\xff\0\0\0"), B("\x32\x04\0\0\0\0"), B("\x01\x04\0\0\0\0\x01\x04\0\0\0\0"), B("\x03\x09x"),
};

/* Templates of option 82 (DHCPK_A_RELAY_AGENT) */
static const struct bytes templates[] = {
	B(""), B("\x01\x02\x01\0\x02\x02\x04\0"), B("\x01\x07\x03\0\0\x01.\x02\0"), B("\x01\x02\x05\0"),
	B("\x01\x08\0\x01x\x05\0\0\x01y\x0a\x02\x08\0"), B("\x05\x02\x06\0\x0b\x02\x07\0\x13\0\x98\0"), B("\x97\x03\0\x01\xff\x98\0"),
	B("\x01\x0b\x05\0\0\x01,\x05\0\0\0\x01\0"), B("\x01\xfc\0\xfa" X250), B("\x01\x02\x09\0"), B("\x01\x02\x08\0"), B("\x01\x09"),
	B("\x01\x03\x01\x01x"), B("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	"\0\0\0\0\0\0\0\0\0\0\0\0"), B("\x01\xf6\0\xf4" X64 X64 X64 X16 X16 X16 "xxxx\x02\x02\x04\0\x02\x02\x01\0\x0a\x02\x08\0"),
};

/* Options of replies whose option 82 is such a relay's, or another's */
static const struct bytes replies[] = {
	B("\x35\x01\x02\x52\x17\x01\x04" "ethx\x02\x0f" "02:00:5e:10:ab:cd\xff"), B("\x35\x01\x02\x52\x06\x01\x04lanx\xff"),
	B("\x52\x03\x01\x01q\x35\x01\x02\x52\x06\x01\x04lanx\x52\x06\x01\x04lanx\xff"), B("\x52\x0c\x01\x06xlanxy\x0a\x01\x80\x06\x01z\xff"),
	B("\x52\x04\x01\x06xl\x35\x01\x02\x52\x04" "anxy\x52\x03\x0a\x01\x80\xff"), B("\x52\x03\x97\x01\xff\xff"), B("\0\x52\x02\x01\x04\0\x52\x04lanx\0\xff\0\0z"),
	B("\x52\x03\x97\x01\xff\x52\x05\x97\x01\xff\x98\0\xff"), B("\x52\x0c\x05\x04\x0a\0\0\x01\x0b\x04\x0a\0\0\x01"),
	B("\x52\x10\x01\x01q\x01\x04lanx\x01\x04lanx\x06\x01z\xff"), B("\x52\x02\x01\x09\x35"), B("\x52"),
};

static size_t put(char *to, size_t at, const void *data, size_t len)
{
	memcpy(to + at, data, len);
	return at + len;
}

/* op, hardware address, and cookie; what else is there says @v */
static size_t put_message(char *to, size_t at, const struct bytes *options, int op, unsigned int v)
{
	static const char name[] = "\x0c\x02" "ab\x34\x01\x03\xff", more[] = "\x52\x03\x01\x01x\x35\x01\x01\xff";
	char *m = to + at;

	memset(m, 0, HEADER);
	memcpy(m, "\x01\x01\x06\0\x11\x22\x33\x44\0\x07\x80\0", 12);
	m[0] = op;
	memcpy(m + 28, "\x02\0\x5e\x10\xab\xcd", 6);
	memcpy(m + 236, v % 16 == 15 ? "\0\0\0\0" : "\x63\x82\x53\x63", 4);
	if (v & 1)
		memcpy(m + 12, "\x0a\0\0\x05", 4);
	if (v & 2)
		memcpy(m + 24, "\x0a\0\0\x02", 4);
	if (v & 4) {
		memcpy(m + 44, name, sizeof(name) - 1);
		memcpy(m + 108, more, sizeof(more) - 1);
	}
	return put(to, at + HEADER, options->data, options->len);
}

static void save(const char *dir, const char *target, unsigned int n, const char *data, size_t len)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s/%04u", dir, target, n);
	f = fopen(path, "w");
	if (!f || fwrite(data, 1, len, f) != len || fclose(f)) {
		perror(path);
		exit(1);
	}
}

static unsigned int rnd(void)
{
	static unsigned int state = 82;

	state = state * 1664525 + 1013904223;
	return state >> 8;
}

static void save_message(const char *dir, unsigned int n, const struct bytes *set, const struct bytes *request, unsigned int v)
{
	struct knobs k = {
		.facts = rnd(), .hold = rnd() % 3, .server_name = v & 8 ? 10 : 0, .boot_file = v & 16 ? 20 : 0, .mtu = v & 1 ? 0 : 115,
		.set_len = set->len, .lease = v & 2 ? 0xffffffff : 3600, .yiaddr = 0x0500000a, .source = 0x0100000a,
	};
	char room[ROOM];
	size_t at = put(room, 0, &k, sizeof(k));

	at = put(room, at, set->data, set->len);
	at = put_message(room, at, request, 1, v);
	save(dir, "message", n, room, at);
}

static void save_agent(const char *dir, unsigned int n, const struct bytes *template, const struct bytes *options, unsigned int v)
{
	struct agent_knobs k = {
		.dev = 3, .port = v & 1 ? 4 : 0, .vlan = v & 2 ? 7 : 0, .svlan = v & 4 ? 4094 : 0, .hlen = v & 8 ? 6 : 16, .flags = v << 3,
		.link = v & 2 ? 0x0100000a : 0, .server_id = v & 4 ? 0x0100000a : 0, .more = v & 8 ? 255 : 20, .template_len = template->len,
	};
	char room[ROOM];
	size_t at = put(room, 0, &k, sizeof(k));

	at = put(room, at, template->data, template->len);
	at = put_message(room, at, options, v & 1 ? 1 : 2, v & ~3U);
	save(dir, "agent", n, room, at);
}

/* Each column of each table with values that it should not have; store.c says how an input is read. */
static void save_rows(const char *dir)
{
	static const unsigned char kinds[] = { 0, 6, 24, 36, 54, 66, 78, 96, 102, 126, 2, 3, 66 + 2, 66 + 3, 4, 5 };
	unsigned char input[8] = {};
	unsigned int n = 0, i;

	for (input[0] = 0; input[0] < 4; input[0]++) {
		for (input[2] = 0; input[2] < 16; input[2]++) {
			for (i = 0; i < sizeof(kinds); i++) {
				input[1] = i & 1 ? 16 : 0;
				input[4] = kinds[i];
				input[5] = i * 16;
				save(dir, "store", n++, (const char *)input, sizeof(input));
			}
		}
	}
}

/* A value of 255 bytes, and some that are just shorter or longer: text, and a hardware address of 17 */
static unsigned int save_long_agents(const char *dir, unsigned int n)
{
	static const struct bytes discover = B("\x35\x01\x01\xff");
	unsigned int len;

	for (len = 232; len < 242; len++) {
		char room[300] = { 1, 4 + len, DHCPK_AGENT_TEXT, len };
		struct bytes template = { room, 6 + len };

		memset(room + 4, 'x', len);
		room[4 + len] = DHCPK_AGENT_MAC;
		save_agent(dir, n++, &template, &discover, 8);
	}
	return n;
}

/* Where what must be in a reply and option 82 fight for the options field */
static unsigned int save_full_replies(const char *dir, unsigned int n)
{
	char room[700] = "\x35\x01\x01";
	struct bytes request = { room, 0 };
	unsigned int id, agent;

	for (id = 1; id < 256; id += 23) {
		for (agent = 0; agent < 256; agent += 5) {
			room[3] = 61;
			room[4] = id;
			memset(room + 5, 'i', id);
			room[5 + id] = 82;
			room[6 + id] = agent;
			memset(room + 7 + id, 'a', agent);
			request.len = 7 + id + agent;
			save_message(dir, n++, &sets[1 + agent % 4], &request, 16 * id);
		}
	}
	return n;
}

#define SIZE(a) (sizeof(a) / sizeof((a)[0]))

int main(int argc, char **argv)
{
	unsigned int i, j, n = 0;

	if (argc != 2)
		return 2;
	for (i = 0; i < SIZE(requests); i++) {
		for (j = 0; j < 4 * SIZE(sets); j++)
			save_message(argv[1], n++, &sets[j % SIZE(sets)], &requests[i], rnd());
	}
	save_full_replies(argv[1], n);
	save_rows(argv[1]);
	n = save_long_agents(argv[1], 0);
	for (i = 0; i < SIZE(templates); i++) {
		for (j = 0; j < SIZE(replies); j++)
			save_agent(argv[1], n++, &templates[i], &replies[j], rnd());
		for (j = 0; j < SIZE(requests); j++)
			save_agent(argv[1], n++, &templates[i], &requests[j], rnd());
	}
	return 0;
}
