// SPDX-License-Identifier: GPL-2.0-or-later
/* The bytes of an option's value while they are built, and parsing of the parts of its text. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/option/value.h"
#include "lib/conv.h"

int because(struct bytes *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(b->why, sizeof(b->why), format, args);
	va_end(args);
	return -1;
}

int put_bytes(struct bytes *b, const void *data, size_t len)
{
	if (len > sizeof(b->data) - b->len)
		return because(b, "it is more than %zu bytes", sizeof(b->data));
	memcpy(b->data + b->len, data, len);
	b->len += len;
	return 0;
}

int put_be(struct bytes *b, uint32_t value, size_t size)
{
	uint8_t wire[4] = { value >> 24, value >> 16, value >> 8, value };

	return put_bytes(b, wire + 4 - size, size);
}

uint32_t be32_at(const struct bytes *b, size_t at)
{
	return (uint32_t)b->data[at] << 24 | b->data[at + 1] << 16 | b->data[at + 2] << 8 |
	       b->data[at + 3];
}

char *next_word(char **text)
{
	char *word = *text + strspn(*text, " \t");
	char *end = word + strcspn(word, " \t");

	*text = end + (*end != '\0');
	*end = '\0';
	return word;
}

static char *trim(char *part)
{
	size_t len;

	part += strspn(part, " \t");
	len = strlen(part);
	while (len && strchr(" \t", part[len - 1]))
		part[--len] = '\0';
	return part;
}

/* The first separator outside double quotes, or the end. */
static char *part_end(char *part, const char *separators)
{
	int quoted = 0;

	for (; *part && (quoted || !strchr(separators, *part)); part++)
		quoted ^= *part == '"';
	return part;
}

int each_part(struct bytes *b, const char *list, const char *separators,
	      int (*take)(struct bytes *, char *, void *), void *arg)
{
	char *copy = strdup(list), *at = copy, *end;
	int blanks = strchr(separators, ' ') != NULL, n = 0, err = copy ? 0 : -1, last = !copy;

	b->no_memory |= !copy;
	while (!last && !err) {
		end = part_end(at, separators);
		last = !*end;
		*end = '\0';
		at = trim(at);
		if (*at || !blanks)
			err = *at ? take(b, at, arg) : because(b, "a part is empty");
		n += *at != '\0';
		at = end + 1;
	}
	free(copy);
	return err || !n ? -1 : 0;
}

/* ---- addresses ---- */

static int take_ip(struct bytes *b, char *part, void *arg)
{
	uint32_t ip;

	if (parse_ip(part, &ip))
		return because(b, "\"%.60s\" is none", part);
	return put_be(b, ip, 4);
}

int put_ips(struct bytes *b, const char *list)
{
	return each_part(b, list, ", \t", take_ip, NULL);
}

/* Each is a host that clients contact. Other addresses can be sent as bytes. */
int put_hosts(struct bytes *b, const char *list)
{
	size_t at = b->len;
	const char *wrong;
	char ip[IP_SIZE];

	if (put_ips(b, list))
		return -1;
	for (; at < b->len; at += 4) {
		wrong = no_host(be32_at(b, at));
		if (wrong)
			return because(b, "%s is %s", format_ip(ip, be32_at(b, at)), wrong);
	}
	return 0;
}
