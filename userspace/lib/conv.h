/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text to values and back. Parsers accept only the whole text: 0, or -1 if it is invalid. Addresses
 * are in host order, times in seconds with UINT32_MAX for "infinite".
 */
#ifndef DHCPK_CONV_H
#define DHCPK_CONV_H

#include <stddef.h>
#include <stdint.h>

struct range {
	uint32_t first;		/* both inclusive */
	uint32_t last;
};

int parse_ip(const char *text, uint32_t *ip);
int parse_cidr(const char *text, uint32_t *net, uint8_t *prefix);
int parse_range(const char *text, struct range *r);
int parse_time(const char *text, uint32_t *seconds);	/* 90, 90s, 15m, 1h, 7d, 2w, infinite */
int parse_number(const char *text, unsigned long max, unsigned long *value);
int parse_bool(const char *text, int *value);		/* on off yes no true false */
/* parse_hex - 0102, 01:02, 0x0102; parse_bytes - the same, or "text" in quotes */
int parse_hex(const char *text, uint8_t *bytes, size_t size, size_t *len);
int parse_bytes(const char *text, uint8_t *bytes, size_t size, size_t *len);
int parse_mac(const char *text, uint8_t mac[6]);

/* These write into @buf and return it. */
#define IP_SIZE		16
#define DATE_SIZE	32
/* no_host - why an address is not a host's, for an error text; NULL: it may be a host's */
const char *no_host(uint32_t ip);
char *format_ip(char buf[IP_SIZE], uint32_t ip);
/* format_date - seconds since 1970 in the form of RFC 3339, in UTC */
char *format_date(char buf[DATE_SIZE], int64_t seconds);
char *format_hex(char *buf, size_t size, const uint8_t *bytes, size_t len);

/*
 * Bytes from the network for a terminal or JSON: printable ASCII is kept, other bytes become \xNN.
 */
char *format_safe(char *buf, size_t size, const uint8_t *bytes, size_t len);

/* Bytes that a relay sent: unchanged if all of them are printable ASCII, else in hexadecimal. */
char *format_bytes(char *buf, size_t size, const uint8_t *bytes, size_t len);

#endif
