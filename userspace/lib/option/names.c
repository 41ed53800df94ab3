// SPDX-License-Identifier: GPL-2.0-or-later
/* Domain names within options: RFC 1035 labels, and RFC 3397's compressed lists of them. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/option/names.h"
#include "lib/conv.h"

enum {
	LABEL_MAX	= 63,
	NAME_MAX_WIRE	= 255,		/* with length bytes and root */
	POINTER		= 0xc000,	/* RFC 1035 section 4.1.4 */
	POINTER_MAX	= 0x3fff,
};

/* Removes a final dot. */
static int check_name(struct bytes *b, char *name)
{
	size_t len = strlen(name), label, at;

	if (len && name[len - 1] == '.')
		name[--len] = '\0';
	if (!len || len + 2 > NAME_MAX_WIRE)
		return because(b, "a domain name has 1 to %d characters", NAME_MAX_WIRE - 2);
	for (at = 0; at < len; at += label + 1) {
		label = strcspn(name + at, ".");
		if (!label || label > LABEL_MAX || at + label + 1 == len)
			return because(b, "\"%.60s\" has a label that is empty or longer than %d",
				       name, LABEL_MAX);
	}
	for (at = 0; at < len; at++) {
		if (!isalnum((unsigned char)name[at]) && !strchr("-_.", name[at]))
			return because(b, "\"%.60s\" may have letters, digits, - and _ only", name);
	}
	return 0;
}

static int put_label(struct bytes *b, const char *name, size_t len)
{
	return put_be(b, len, 1) || put_bytes(b, name, len) ? -1 : 0;
}

int put_name(struct bytes *b, const char *name)
{
	char copy[NAME_MAX_WIRE + 2];
	const char *at = copy;
	size_t len;

	if (snprintf(copy, sizeof(copy), "%s", name) >= (int)sizeof(copy))
		return because(b, "a domain name has 1 to %d characters", NAME_MAX_WIRE - 2);
	if (check_name(b, copy))
		return -1;
	for (; *at; at += len + (at[len] == '.')) {
		len = strcspn(at, ".");
		if (put_label(b, at, len))
			return -1;
	}
	return put_be(b, 0, 1);
}

static int take_name(struct bytes *b, char *part, void *arg)
{
	return put_name(b, part);
}

/*
 * RFC 952, RFC 1123 section 2.1: a name that a client may take, or register in the DNS. Underscores
 * are in wide use.
 */
static int encode_host_name(struct bytes *b, const char *value, const struct option_def *def)
{
	const char *at, *end;

	if (put_name(b, value))
		return -1;
	for (at = value; *at; at = end + (*end == '.')) {
		end = at + strcspn(at, ".");
		if (*at == '-' || end[-1] == '-')
			return because(b, "a label neither begins nor ends with a hyphen");
	}
	b->len = 0;
	return put_bytes(b, value, strlen(value));
}

static int encode_domain(struct bytes *b, const char *value, const struct option_def *def)
{
	return put_name(b, value);
}

/* RFC 2132 section 3.17: the name as text, without labels */
static int encode_domain_text(struct bytes *b, const char *value, const struct option_def *def)
{
	if (put_name(b, value))
		return -1;
	b->len = 0;
	return put_bytes(b, value, strlen(value));
}

static int encode_domains(struct bytes *b, const char *value, const struct option_def *def)
{
	return each_part(b, value, ", \t", take_name, NULL);
}

/* ---- RFC 3397: one compression over the whole list; pointers lead backwards only ---- */

/* Does the name at offset @at in the value equal @suffix? Pointers lead to complete names. */
static int name_at(const struct bytes *b, size_t at, const char *suffix)
{
	while (b->data[at]) {
		size_t len = b->data[at];

		if (len > LABEL_MAX) {
			at = (len << 8 | b->data[at + 1]) & POINTER_MAX;
			continue;
		}
		if (strncasecmp((const char *)&b->data[at + 1], suffix, len) ||
		    (suffix[len] && suffix[len] != '.'))
			return 0;
		suffix += len + (suffix[len] == '.');
		at += len + 1;
	}
	return !*suffix;
}

/* Offset of labels written before that equal @suffix; -1 if there are none. */
static int find_suffix(const struct bytes *b, size_t end, const char *suffix)
{
	size_t at = 0;

	while (at < end && at <= POINTER_MAX) {
		size_t len = b->data[at];

		if (len > LABEL_MAX) {
			at += 2;
			continue;
		}
		if (len && name_at(b, at, suffix))
			return at;
		at += len + 1;
	}
	return -1;
}

static int take_compressed(struct bytes *b, char *name, void *arg)
{
	size_t len, end = b->len;	/* of the names before this one */
	const char *at = name;
	int pointer;

	if (check_name(b, name))
		return -1;
	for (; *at; at += len + (at[len] == '.')) {
		pointer = find_suffix(b, end, at);
		if (pointer >= 0)
			return put_be(b, POINTER | pointer, 2);
		len = strcspn(at, ".");
		if (put_label(b, at, len))
			return -1;
	}
	return put_be(b, 0, 1);
}

static int encode_domain_list(struct bytes *b, const char *value, const struct option_def *def)
{
	return each_part(b, value, ", \t", take_compressed, NULL);
}

/* ---- RFC 3361: an encoding byte, then names (0) or addresses (1) ---- */

static int encode_sip(struct bytes *b, const char *value, const struct option_def *def)
{
	char first[IP_SIZE];
	uint32_t ip;
	int addresses;

	snprintf(first, sizeof(first), "%.*s", (int)strcspn(value, ", \t"), value);
	addresses = !parse_ip(first, &ip);
	if (put_be(b, addresses, 1))
		return -1;
	return addresses ? put_hosts(b, value) : encode_domains(b, value, def);
}

#define NAMES_WANTS "domain names, a comma between them"

const struct option_type type_host_name = { "host-name",
					    "a host name such as printer or printer.lab.example",
					    encode_host_name };
const struct option_type type_domain = { "domain", "a domain name", encode_domain };
const struct option_type type_domain_text = { "domain", "a domain name", encode_domain_text };
const struct option_type type_domains = { "domains", NAMES_WANTS, encode_domains };
const struct option_type type_domain_list = { "domain-list", NAMES_WANTS, encode_domain_list };
const struct option_type type_sip = { "sip",
				      "either IPv4 addresses or domain names, a comma between them",
				      encode_sip };
