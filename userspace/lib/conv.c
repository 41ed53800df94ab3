// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "lib/conv.h"

int parse_ip(const char *text, uint32_t *ip)
{
	struct in_addr addr;

	if (inet_pton(AF_INET, text, &addr) != 1)
		return -1;
	*ip = ntohl(addr.s_addr);
	return 0;
}

int parse_number(const char *text, unsigned long max, unsigned long *value)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return -1;
	errno = 0;
	*value = strtoul(text, &end, 10);
	return *end || errno || *value > max ? -1 : 0;
}

/* Copy @text up to the first @c into @head. Return: the text after it, or NULL. */
static const char *cut(const char *text, char c, char *head, size_t size)
{
	const char *at = strchr(text, c);

	if (!at || (size_t)(at - text) >= size)
		return NULL;
	memcpy(head, text, at - text);
	head[at - text] = '\0';
	return at + 1;
}

int parse_cidr(const char *text, uint32_t *net, uint8_t *prefix)
{
	char head[IP_SIZE];
	const char *tail = cut(text, '/', head, sizeof(head));
	unsigned long bits;

	if (!tail || parse_ip(head, net) || parse_number(tail, 32, &bits))
		return -1;
	*prefix = bits;
	return 0;
}

int parse_range(const char *text, struct range *r)
{
	char head[IP_SIZE];
	const char *tail = cut(text, '-', head, sizeof(head));

	if (!tail)
		return parse_ip(text, &r->first) || parse_ip(text, &r->last) ? -1 : 0;
	return parse_ip(head, &r->first) || parse_ip(tail, &r->last) ? -1 : 0;
}

int parse_time(const char *text, uint32_t *seconds)
{
	static const struct { char unit; unsigned long factor;
	} units[] = {
		{ '\0', 1 },   { 's', 1 },     { 'm', 60 },
		{ 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 },
	};
	unsigned long long value;
	char *end;
	size_t i;

	if (!strcmp(text, "infinite")) {
		*seconds = UINT32_MAX;
		return 0;
	}
	if (!isdigit((unsigned char)*text))
		return -1;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || value > UINT32_MAX || (*end && end[1]))
		return -1;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (*end != units[i].unit)
			continue;
		value *= units[i].factor;
		/* UINT32_MAX is infinite, as in the files of other servers. */
		if (value > UINT32_MAX)
			return -1;
		*seconds = value;
		return 0;
	}
	return -1;
}

int parse_bool(const char *text, int *value)
{
	if (!strcasecmp(text, "on") || !strcasecmp(text, "yes") || !strcasecmp(text, "true"))
		*value = 1;
	else if (!strcasecmp(text, "off") || !strcasecmp(text, "no") || !strcasecmp(text, "false"))
		*value = 0;
	else
		return -1;
	return 0;
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int parse_hex(const char *text, uint8_t *bytes, size_t size, size_t *len)
{
	size_t n = 0;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		text += 2;
	while (*text) {
		int high, low;

		if (n && (*text == ':' || *text == '-'))
			text++;
		high = nibble(text[0]);
		low = high < 0 ? -1 : nibble(text[1]);
		if (low < 0 || n == size)
			return -1;
		bytes[n++] = high << 4 | low;
		text += 2;
	}
	*len = n;
	return n ? 0 : -1;
}

int parse_bytes(const char *text, uint8_t *bytes, size_t size, size_t *len)
{
	size_t n = strlen(text);

	if (*text != '"')
		return parse_hex(text, bytes, size, len);
	if (n <= 2 || text[n - 1] != '"' || n - 2 > size)
		return -1;
	*len = n - 2;
	memcpy(bytes, text + 1, *len);
	return 0;
}

int parse_mac(const char *text, uint8_t mac[6])
{
	char part[3][5], plain[18], rest;
	size_t len;

	/* 5254.0012.3456, as on switches */
	if (sscanf(text, "%4[0-9a-fA-F].%4[0-9a-fA-F].%4[0-9a-fA-F]%c", part[0], part[1], part[2],
		   &rest) == 3 &&
	    strlen(text) == 14) {
		snprintf(plain, sizeof(plain), "%.2s:%.2s:%.2s:%.2s:%.2s:%.2s", part[0],
			 part[0] + 2, part[1], part[1] + 2, part[2], part[2] + 2);
		text = plain;
	}
	/* Twelve digits in a row may be something else: only the usual forms are accepted. */
	if (strlen(text) != 17 || parse_hex(text, mac, 6, &len))
		return -1;
	return len == 6 ? 0 : -1;
}

const char *no_host(uint32_t ip)
{
	if (ip >> 28 == 14)
		return "a multicast address";
	return !(ip >> 24) || ip >> 28 == 15 ? "not a host address" : NULL;
}

char *format_ip(char buf[IP_SIZE], uint32_t ip)
{
	snprintf(buf, IP_SIZE, "%u.%u.%u.%u", ip >> 24, ip >> 16 & 255, ip >> 8 & 255, ip & 255);
	return buf;
}

/* A file time may be beyond any calendar. */
char *format_date(char buf[DATE_SIZE], int64_t seconds)
{
	time_t t = seconds;
	struct tm tm;

	if (!gmtime_r(&t, &tm) || !strftime(buf, DATE_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm))
		snprintf(buf, DATE_SIZE, "@%lld", (long long)seconds);
	return buf;
}

char *format_hex(char *buf, size_t size, const uint8_t *bytes, size_t len)
{
	size_t i, at = 0;

	buf[0] = '\0';
	for (i = 0; i < len && at + 4 <= size; i++)
		at += snprintf(buf + at, size - at, i ? ":%02x" : "%02x", bytes[i]);
	return buf;
}

char *format_safe(char *buf, size_t size, const uint8_t *bytes, size_t len)
{
	size_t i, at = 0;

	for (i = 0; i < len && at + 5 <= size; i++) {
		if (bytes[i] > 32 && bytes[i] < 127 && bytes[i] != '\\')
			buf[at++] = bytes[i];
		else
			at += snprintf(buf + at, size - at, "\\x%02x", bytes[i]);
	}
	buf[at] = '\0';
	return buf;
}

char *format_bytes(char *buf, size_t size, const uint8_t *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len && bytes[i] >= 32 && bytes[i] < 127; i++)
		;
	if (i < len)
		return format_hex(buf, size, bytes, len);
	snprintf(buf, size, "%.*s", (int)len, (const char *)bytes);
	return buf;
}
