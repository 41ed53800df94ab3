// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/conv.h"
#include "lib/options.h"

enum type { IP, IPS, IP_PAIRS, STRING, U8, U16, U32, I32, BOOL, HEX };

static const char *const wants[] = {
	[IP]		= "an IPv4 address",
	[IPS]		= "IPv4 addresses, a comma between them",
	[IP_PAIRS]	= "pairs of IPv4 addresses, a comma between all of them",
	[STRING]	= "text",
	[U8]		= "a number from 0 to 255",
	[U16]		= "a number from 0 to 65535",
	[U32]		= "a number from 0 to 4294967295, or a time such as 1h",
	[I32]		= "a number of seconds, which may be negative",
	[BOOL]		= "on or off",
	[HEX]		= "bytes in hexadecimal (0x0102 or 01:02) or \"text\"",
};

static const struct {
	uint8_t		code;
	uint8_t		type;
	const char	*name;
} registry[] = {
	{ 1, IP, "subnet-mask" },		{ 2, I32, "time-offset" },
	{ 3, IPS, "routers" },			{ 4, IPS, "time-servers" },
	{ 5, IPS, "name-servers" },		{ 6, IPS, "domain-name-servers" },
	{ 7, IPS, "log-servers" },		{ 9, IPS, "lpr-servers" },
	{ 12, STRING, "host-name" },		{ 13, U16, "boot-size" },
	{ 15, STRING, "domain-name" },		{ 16, IP, "swap-server" },
	{ 17, STRING, "root-path" },		{ 19, BOOL, "ip-forwarding" },
	{ 23, U8, "default-ip-ttl" },		{ 26, U16, "interface-mtu" },
	{ 28, IP, "broadcast-address" },	{ 33, IP_PAIRS, "static-routes" },
	{ 35, U32, "arp-cache-timeout" },	{ 40, STRING, "nis-domain" },
	{ 41, IPS, "nis-servers" },		{ 42, IPS, "ntp-servers" },
	{ 43, HEX, "vendor-encapsulated-options" }, { 44, IPS, "netbios-name-servers" },
	{ 46, U8, "netbios-node-type" },	{ 47, STRING, "netbios-scope" },
	{ 60, STRING, "vendor-class-identifier" }, { 66, STRING, "tftp-server-name" },
	{ 67, STRING, "bootfile-name" },	{ 69, IPS, "smtp-servers" },
	{ 70, IPS, "pop-servers" },		{ 100, STRING, "posix-timezone" },
	{ 101, STRING, "tzdb-timezone" },	{ 114, STRING, "captive-portal" },
	{ 119, HEX, "domain-search" },		{ 121, HEX, "classless-static-routes" },
	{ 138, IPS, "capwap-ac" },		{ 150, IPS, "tftp-server-address" },
	{ 252, STRING, "wpad" },
};

#define REGISTERED (sizeof(registry) / sizeof(registry[0]))

const char *option_name(uint8_t code)
{
	size_t i;

	for (i = 0; i < REGISTERED; i++) {
		if (registry[i].code == code)
			return registry[i].name;
	}
	return NULL;
}

static enum type type_of(uint8_t code)
{
	size_t i;

	for (i = 0; i < REGISTERED; i++) {
		if (registry[i].code == code)
			return registry[i].type;
	}
	return HEX;
}

/* RFC 2131 table 3: what the server writes itself, or what only a client or relay says. */
static int server_owns(unsigned long code)
{
	return (code >= 50 && code <= 55) || (code >= 57 && code <= 59) || code == 61 || code == 82;
}

static int find_code(const char *word, uint8_t *code, struct err *e)
{
	unsigned long number;
	size_t i;

	if (!parse_number(word, ~0UL, &number)) {
		if (!number || number > 254)
			return err_set(e, word, "option codes are 1 to 254, not \"%s\"", word);
		if (server_owns(number))
			return err_set(e, word, "option %s is the server's own and cannot be set", word);
		*code = number;
		return 0;
	}
	for (i = 0; i < REGISTERED; i++) {
		if (!strcmp(registry[i].name, word)) {
			*code = registry[i].code;
			return 0;
		}
	}
	return err_set(e, word, "no option \"%s\" is known; give its code instead", word);
}

struct bytes {
	uint8_t	data[256];
	size_t	len;
};

static int put_be(struct bytes *b, uint32_t value, size_t size)
{
	if (b->len + size > 255)
		return -1;
	while (size--)
		b->data[b->len++] = value >> 8 * size;
	return 0;
}

static int encode_ips(struct bytes *b, const char *value)
{
	char copy[1024], *save = NULL, *part;
	uint32_t ip;

	if (strlen(value) >= sizeof(copy))
		return -1;
	strcpy(copy, value);
	for (part = strtok_r(copy, ", ", &save); part; part = strtok_r(NULL, ", ", &save)) {
		if (parse_ip(part, &ip) || put_be(b, ip, 4))
			return -1;
	}
	return b->len ? 0 : -1;
}

static int encode_number(struct bytes *b, const char *value, unsigned long max, size_t size)
{
	unsigned long number;
	uint32_t seconds;

	if (!parse_number(value, max, &number))
		return put_be(b, number, size);
	if (size == 4 && !parse_time(value, &seconds))
		return put_be(b, seconds, 4);
	return -1;
}

static int encode_signed(struct bytes *b, const char *value)
{
	unsigned long number;

	if (*value == '-')
		return parse_number(value + 1, 0x80000000UL, &number) ? -1 : put_be(b, -number, 4);
	return parse_number(value, 0x7fffffffUL, &number) ? -1 : put_be(b, number, 4);
}

static int encode_text(struct bytes *b, const char *value, size_t len)
{
	if (!len || len > 255)
		return -1;
	memcpy(b->data, value, len);
	b->len = len;
	return 0;
}

static int encode_hex(struct bytes *b, const char *value)
{
	size_t len = strlen(value);

	if (len > 2 && value[0] == '"' && value[len - 1] == '"')
		return encode_text(b, value + 1, len - 2);
	return parse_hex(value, b->data, 255, &b->len);
}

static int encode(struct bytes *b, enum type type, const char *value)
{
	int on;

	b->len = 0;
	switch (type) {
	case IP:
		return encode_ips(b, value) || b->len != 4 ? -1 : 0;
	case IPS:
		return encode_ips(b, value);
	case IP_PAIRS:
		return encode_ips(b, value) || b->len % 8 ? -1 : 0;
	case STRING:
		return encode_text(b, value, strlen(value));
	case U8:
		return encode_number(b, value, 255, 1);
	case U16:
		return encode_number(b, value, 65535, 2);
	case U32:
		return encode_number(b, value, 0xffffffffUL, 4);
	case I32:
		return encode_signed(b, value);
	case BOOL:
		return parse_bool(value, &on) ? -1 : put_be(b, on, 1);
	default:
		return encode_hex(b, value);
	}
}

const uint8_t *option_find(const struct option_block *block, uint8_t code)
{
	size_t at;

	for (at = 0; at < block->len; at += 2 + block->data[at + 1]) {
		if (block->data[at] == code)
			return &block->data[at];
	}
	return NULL;
}

int option_put(struct option_block *block, uint8_t code, const void *value, size_t len, struct err *e)
{
	if (len > 255)
		return err_set(e, NULL, "option %u is longer than 255 bytes", code);
	if (block->len + 2 + len > sizeof(block->data))
		return err_set(e, NULL, "the options are more than %zu bytes together", sizeof(block->data));
	block->data[block->len++] = code;
	block->data[block->len++] = len;
	memcpy(block->data + block->len, value, len);
	block->len += len;
	return 0;
}

int option_add(struct option_block *block, const char *text, struct err *e)
{
	size_t word_len = strcspn(text, " \t");
	const char *value = text + word_len + strspn(text + word_len, " \t");
	char word[64];
	struct bytes b;
	uint8_t code = 0;

	if (word_len >= sizeof(word) || !word_len)
		return err_set(e, text, "\"%.60s\" is no option: CODE VALUE or NAME VALUE", text);
	memcpy(word, text, word_len);
	word[word_len] = '\0';
	if (find_code(word, &code, e))
		return -1;
	if (!*value)
		return err_set(e, word, "option %s needs a value: %s", word, wants[type_of(code)]);
	if (encode(&b, type_of(code), value))
		return err_set(e, value, "option %s wants %s, not \"%s\"", word, wants[type_of(code)], value);
	if (option_find(block, code))
		return err_set(e, word, "option %s (%u) is set twice", word, code);
	return option_put(block, code, b.data, b.len, e);
}
