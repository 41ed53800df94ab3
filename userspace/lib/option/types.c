// SPDX-License-Identifier: GPL-2.0-or-later
/* The plain types: addresses, numbers, text, bytes. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/option/types.h"
#include "lib/conv.h"

/* ---- addresses ---- */

static int encode_ip(struct bytes *b, const char *value, const struct option_def *def)
{
	uint32_t ip;

	return parse_ip(value, &ip) ? -1 : put_be(b, ip, 4);
}

static int encode_ip_list(struct bytes *b, const char *value, const struct option_def *def)
{
	return put_hosts(b, value);
}

static int encode_ip_pairs(struct bytes *b, const char *value, const struct option_def *def)
{
	if (put_ips(b, value))
		return -1;
	return b->len % 8 ? because(b, "the last has no partner") : 0;
}

/* ---- numbers ---- */

static uint32_t max_of(const struct option_def *def)
{
	return def->max ? def->max : def->type->max;
}

/* In decimal, or in hexadecimal as 0x5dc */
static int number_of(const char *text, unsigned long max, unsigned long *number)
{
	size_t len = strlen(text);
	char *end;

	if (strncasecmp(text, "0x", 2) || len < 3 || len > 10 || !isxdigit((unsigned char)text[2]))
		return parse_number(text, max, number);
	*number = strtoul(text, &end, 16);
	return *end || *number > max ? -1 : 0;
}

static int put_number(struct bytes *b, const char *text, const struct option_def *def, size_t size)
{
	unsigned long number;

	if (number_of(text, max_of(def), &number) || number < def->min)
		return -1;
	return put_be(b, number, size);
}

static int encode_u8(struct bytes *b, const char *value, const struct option_def *def)
{
	return put_number(b, value, def, 1);
}

static int encode_u16(struct bytes *b, const char *value, const struct option_def *def)
{
	return put_number(b, value, def, 2);
}

static int encode_u32(struct bytes *b, const char *value, const struct option_def *def)
{
	return put_number(b, value, def, 4);
}

static int take_u16(struct bytes *b, char *part, void *arg)
{
	return put_number(b, part, arg, 2) ? because(b, "\"%.60s\" is none", part) : 0;
}

static int encode_u16_list(struct bytes *b, const char *value, const struct option_def *def)
{
	return each_part(b, value, ", \t", take_u16, (void *)def);
}

static int encode_i32(struct bytes *b, const char *value, const struct option_def *def)
{
	unsigned long number;

	if (*value == '-')
		return parse_number(value + 1, 0x80000000UL, &number) ? -1 : put_be(b, -number, 4);
	return parse_number(value, 0x7fffffffUL, &number) ? -1 : put_be(b, number, 4);
}

static int encode_time(struct bytes *b, const char *value, const struct option_def *def)
{
	uint32_t seconds;

	return parse_time(value, &seconds) ? -1 : put_be(b, seconds, 4);
}

static int encode_bool(struct bytes *b, const char *value, const struct option_def *def)
{
	int on;

	return parse_bool(value, &on) ? -1 : put_be(b, on, 1);
}

/* RFC 2132 section 8.7 */
static int encode_node_type(struct bytes *b, const char *value, const struct option_def *def)
{
	unsigned long number;

	if (parse_number(value, 8, &number) || !number || number & (number - 1))
		return -1;
	return put_be(b, number, 1);
}

/* ---- text and bytes ---- */

/*
 * RFC 2132 section 2: no NUL at the end. Quotes around the whole text are not sent; write bytes to
 * send them.
 */
static int encode_text(struct bytes *b, const char *value, const struct option_def *def)
{
	size_t len = strlen(value);

	if (len > 1 && value[0] == '"' && strchr(value + 1, '"') == value + len - 1) {
		value++;
		len -= 2;
	}
	if (!len)
		return -1;
	if (def->max && len > def->max)
		return because(b, "it is more than %u bytes", def->max);
	return put_bytes(b, value, len);
}

static int encode_hex(struct bytes *b, const char *value, const struct option_def *def)
{
	size_t size = strlen(value) + 1, len;
	uint8_t *bytes = malloc(size);
	int err = !bytes || parse_bytes(value, bytes, size, &len) ? -1 : put_bytes(b, bytes, len);

	b->no_memory = !bytes;
	free(bytes);
	return err;
}

const struct option_type type_ip = { "ip", "an IPv4 address", encode_ip };
const struct option_type type_ip_list = { "ip-list", "IPv4 addresses, a comma between them",
					  encode_ip_list };
const struct option_type type_ip_pairs = {
	"ip-pairs", "pairs of IPv4 addresses, a comma between all of them", encode_ip_pairs
};
const struct option_type type_text = { "text", "text", encode_text };
const struct option_type type_u8 = { "u8", "a number", encode_u8, 255 };
const struct option_type type_u16 = { "u16", "a number", encode_u16, 65535 };
const struct option_type type_u16_list = {
	"u16-list", "numbers, a comma between them,", encode_u16_list, 65535
};
const struct option_type type_u32 = { "u32", "a number", encode_u32, UINT32_MAX };
const struct option_type type_i32 = { "i32", "a number of seconds, which may be negative",
				      encode_i32 };
const struct option_type type_time = { "time", "a time such as 3600, 15m, 1h, 7d or infinite",
				       encode_time };
const struct option_type type_bool = { "bool", "on or off", encode_bool };
const struct option_type type_hex = { "hex", "bytes in hexadecimal (0x0102 or 01:02) or \"text\"",
				      encode_hex };
const struct option_type type_node_type = { "node-type", "1 (B), 2 (P), 4 (M) or 8 (H)",
					    encode_node_type };
