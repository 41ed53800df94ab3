// SPDX-License-Identifier: GPL-2.0-or-later
/* Options with special formats: routes, URIs, service location, vendor data, 6rd. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/option/forms.h"
#include "lib/conv.h"
#include "lib/option/types.h"

/* ---- routes ---- */

static uint32_t mask_of(unsigned int prefix)
{
	return prefix ? ~0U << (32 - prefix) : 0;
}

/* RFC 3442: only the significant octets of the destination */
static int take_route(struct bytes *b, char *part, void *arg)
{
	const char *net = next_word(&part), *router = next_word(&part), *rest = next_word(&part);
	char net_text[IP_SIZE];
	uint32_t dest, via;
	uint8_t prefix;

	if (parse_cidr(net, &dest, &prefix) || *rest)
		return because(b, "\"%.60s\" is no ADDRESS/PREFIX ROUTER", net);
	if (parse_ip(router, &via))
		return because(b, "%s needs the address of a router, not \"%.40s\"", net, router);
	/* RFC 3442: bits beyond the prefix MUST be zero. */
	if (dest & ~mask_of(prefix)) {
		dest &= mask_of(prefix);
		snprintf(b->note, sizeof(b->note), "%.40s has host bits set; %s/%u is sent", net,
			 format_ip(net_text, dest), prefix);
	}
	if (put_be(b, prefix, 1) ||
	    put_be(b, prefix ? dest >> (32 - (prefix + 7) / 8 * 8) : 0, (prefix + 7) / 8))
		return -1;
	return put_be(b, via, 4);
}

static int encode_routes(struct bytes *b, const char *value, const struct option_def *def)
{
	return each_part(b, value, ",", take_route, NULL);
}

/* RFC 2132 section 4.3: destination, mask */
static int encode_policy_filter(struct bytes *b, const char *value, const struct option_def *def)
{
	char ip[IP_SIZE];
	size_t at;

	if (type_ip_pairs.encode(b, value, def))
		return -1;
	for (at = 0; at < b->len; at += 8) {
		uint32_t inverse = ~be32_at(b, at + 4);

		if (inverse & (inverse + 1))
			return because(b, "%s is no mask", format_ip(ip, ~inverse));
	}
	return 0;
}

/* RFC 2132 section 5.8: the default route is not allowed here */
static int encode_static_routes(struct bytes *b, const char *value, const struct option_def *def)
{
	size_t at;

	if (type_ip_pairs.encode(b, value, def))
		return -1;
	for (at = 0; at < b->len; at += 8) {
		if (!be32_at(b, at))
			return because(b, "0.0.0.0 is no legal destination here; option routers "
					  "says the default route");
	}
	return 0;
}

/* ---- URIs ---- */

/* Copy the host of an https URI to @host; -1 if it is not one. */
static int https_host(struct bytes *b, const char *uri, char *host, size_t size)
{
	const char *at, *c;
	size_t len;

	for (c = uri; *c; c++) {
		if (*c <= ' ' || *c >= 127)
			return because(b, "a URI is printable ASCII without blanks");
	}
	if (strncasecmp(uri, "https://", 8))
		return because(b, "it must start with https://");
	at = uri + 8;
	len = strcspn(at, "/?#");
	if (memchr(at, '@', len))
		return because(b, "no user belongs into it");
	if (*at != '[')
		len = strcspn(at, "/?#:");
	if (!len || len >= size)
		return because(b, "it names no host");
	memcpy(host, at, len);
	host[len] = '\0';
	return 0;
}

/* RFC 8910 section 2; the URN means that there is no portal */
static int encode_uri(struct bytes *b, const char *value, const struct option_def *def)
{
	char host[256];
	uint32_t ip;

	if (strlen(value) > 255)
		return because(b, "it has %zu bytes", strlen(value));
	if (strcmp(value, "urn:ietf:params:capport:unrestricted")) {
		if (https_host(b, value, host, sizeof(host)))
			return -1;
		if (*host == '[' || !parse_ip(host, &ip))
			return because(b, "its host must be a name, not an address");
	}
	return put_bytes(b, value, strlen(value));
}

static int take_uri(struct bytes *b, char *uri, void *arg)
{
	char host[256];

	if (https_host(b, uri, host, sizeof(host)))
		return -1;
	return put_be(b, strlen(uri), 2) || put_bytes(b, uri, strlen(uri)) ? -1 : 0;
}

/* RFC 8572 section 8.3: a length of two octets before each */
static int encode_uri_list(struct bytes *b, const char *value, const struct option_def *def)
{
	return each_part(b, value, " \t", take_uri, NULL);
}

/* ---- RFC 2610: a byte that says "mandatory", then agents or scopes ---- */

static const char *put_mandatory(struct bytes *b, const char *value)
{
	size_t len = strcspn(value, " \t");
	int mandatory = len == strlen("mandatory") && !strncmp(value, "mandatory", len);

	put_be(b, mandatory, 1);
	return mandatory ? value + len + strspn(value + len, " \t") : value;
}

static int encode_slp_agents(struct bytes *b, const char *value, const struct option_def *def)
{
	return put_hosts(b, put_mandatory(b, value));
}

static int encode_slp_scope(struct bytes *b, const char *value, const struct option_def *def)
{
	value = put_mandatory(b, value);
	return *value ? put_bytes(b, value, strlen(value)) : -1;
}

/* ---- RFC 3925: vendor data, a block for each enterprise ---- */

/* Start a block; end_block() fills in its length, one byte. */
static int begin_block(struct bytes *b, unsigned long enterprise)
{
	return put_be(b, enterprise, 4) || put_be(b, 0, 1) ? -1 : 0;
}

static int end_block(struct bytes *b, size_t start, unsigned long enterprise)
{
	size_t len = b->len - start - 5;

	if (len > 255)
		return because(b, "the data of enterprise %lu is more than 255 bytes", enterprise);
	b->data[start + 4] = len;
	return 0;
}

/* The block of an enterprise, or NULL. */
static uint8_t *find_block(struct bytes *b, unsigned long enterprise)
{
	size_t at;

	for (at = 0; at + 5 <= b->len; at += 5 + b->data[at + 4]) {
		if (be32_at(b, at) == enterprise)
			return &b->data[at];
	}
	return NULL;
}

static int parse_enterprise(struct bytes *b, const char *word, unsigned long *enterprise)
{
	if (!parse_number(word, UINT32_MAX, enterprise))
		return 0;
	return because(b, "\"%.40s\" is no enterprise number", word);
}

static int take_vendor_class(struct bytes *b, char *part, void *arg)
{
	const char *word = next_word(&part);
	size_t start = b->len, len;
	unsigned long enterprise;
	uint8_t data[255];

	if (parse_enterprise(b, word, &enterprise))
		return -1;
	if (find_block(b, enterprise))
		return because(b, "enterprise %lu comes twice", enterprise);
	part += strspn(part, " \t");
	if (parse_bytes(part, data, sizeof(data), &len))
		return because(b,
			       "\"%.60s\" is neither hexadecimal nor \"text\" of at most 255 bytes",
			       part);
	if (begin_block(b, enterprise) || put_bytes(b, data, len))
		return -1;
	return end_block(b, start, enterprise);
}

static int encode_vendor_class(struct bytes *b, const char *value, const struct option_def *def)
{
	return each_part(b, value, ",", take_vendor_class, NULL);
}

struct suboption {
	unsigned long	enterprise, code;
	uint8_t		data[255];
	size_t		len;
};

static int parse_suboption(struct bytes *b, char *part, struct suboption *s)
{
	const char *enterprise = next_word(&part), *code = next_word(&part);

	if (parse_enterprise(b, enterprise, &s->enterprise))
		return -1;
	if (parse_number(code, 255, &s->code))
		return because(b, "\"%.40s\" is no sub-option code from 0 to 255", code);
	part += strspn(part, " \t");
	if (parse_bytes(part, s->data, sizeof(s->data), &s->len))
		return because(b,
			       "\"%.60s\" is neither hexadecimal nor \"text\" of at most 255 bytes",
			       part);
	return 0;
}

/* Insert at the end of the enterprise's block, which may be before other blocks. */
static int take_suboption(struct bytes *b, char *part, void *arg)
{
	struct suboption s;
	uint8_t *block;
	size_t at, need;

	if (parse_suboption(b, part, &s))
		return -1;
	block = find_block(b, s.enterprise);
	if (!block) {
		at = b->len;
		if (begin_block(b, s.enterprise))
			return -1;
		block = &b->data[at];
	}
	at = block - b->data + 5 + block[4];
	need = 2 + s.len;
	if (block[4] + need > 255)
		return because(b, "the data of enterprise %lu is more than 255 bytes",
			       s.enterprise);
	if (need > sizeof(b->data) - b->len)
		return because(b, "it is more than %zu bytes", sizeof(b->data));
	memmove(&b->data[at + need], &b->data[at], b->len - at);
	b->data[at] = s.code;
	b->data[at + 1] = s.len;
	memcpy(&b->data[at + 2], s.data, s.len);
	b->len += need;
	block[4] += need;
	return 0;
}

/* Raw bytes are accepted if they are blocks of sub-options. */
static int check_blocks(struct bytes *b)
{
	size_t at, end, sub;

	for (at = 0; at < b->len; at = end) {
		end = at + 5 <= b->len ? at + 5 + b->data[at + 4] : b->len + 1;
		if (end > b->len)
			return because(b, "the bytes end within a block");
		for (sub = at + 5; sub < end; sub += 2 + b->data[sub + 1]) {
			if (sub + 2 > end || sub + 2 + b->data[sub + 1] > end)
				return because(b, "the bytes have a sub-option that is longer than "
						  "its block");
		}
	}
	return 0;
}

static int encode_vendor(struct bytes *b, const char *value, const struct option_def *def)
{
	if (!parse_hex(value, b->data, sizeof(b->data), &b->len))
		return check_blocks(b);
	b->len = 0;
	return each_part(b, value, ",", take_suboption, NULL);
}

/* ---- RFC 5969 section 7.1.1 ---- */

static int put_6rd_prefix(struct bytes *b, const char *text, unsigned long mask)
{
	const char *slash = strchr(text, '/');
	char head[INET6_ADDRSTRLEN] = "";
	struct in6_addr prefix;
	unsigned long len, bit;

	if (slash && (size_t)(slash - text) < sizeof(head))
		memcpy(head, text, slash - text);
	if (inet_pton(AF_INET6, head, &prefix) != 1 || parse_number(slash + 1, 128, &len))
		return because(b, "\"%.60s\" is no IPv6 prefix", text);
	if (32 - mask + len > 128)
		return because(b, "%lu bits of prefix and %lu of IPv4 address are more than 128",
			       len, 32 - mask);
	for (bit = len; bit < 128; bit++) {
		if (prefix.s6_addr[bit / 8] & (0x80 >> bit % 8))
			return because(b, "%.60s has bits set beyond the prefix", text);
	}
	return put_be(b, len, 1) || put_bytes(b, &prefix, sizeof(prefix)) ? -1 : 0;
}

static int encode_6rd(struct bytes *b, const char *value, const struct option_def *def)
{
	char copy[1024], *at = copy;
	unsigned long mask;

	if (strlen(value) >= sizeof(copy))
		return -1;
	strcpy(copy, value);
	if (parse_number(next_word(&at), 32, &mask))
		return because(b, "the IPv4 mask length is 0 to 32");
	if (put_be(b, mask, 1) || put_6rd_prefix(b, next_word(&at), mask))
		return -1;
	at += strspn(at, " \t");
	if (!*at)
		return because(b, "the address of a border relay is missing");
	return put_ips(b, at);
}

const struct option_type type_routes = {
	"routes", "routes such as \"10.0.0.0/8 192.0.2.1, 0.0.0.0/0 192.0.2.254\"", encode_routes
};
const struct option_type type_policy_filter = { "policy-filter",
						"pairs of address and mask, a comma between all of "
						"them",
						encode_policy_filter };
const struct option_type type_static_routes = { "static-routes",
						"pairs of destination and router, a comma between "
						"all of them",
						encode_static_routes };
const struct option_type type_uri = { "uri",
				      "an https URI of at most 255 bytes with a host name, or "
				      "urn:ietf:params:capport:unrestricted",
				      encode_uri };
const struct option_type type_uri_list = { "uri-list", "https URIs, a blank between them",
					   encode_uri_list };
const struct option_type type_slp_agents = {
	"slp-agents", "[mandatory] IPv4 addresses, a comma between them", encode_slp_agents
};
const struct option_type type_slp_scope = { "slp-scope", "[mandatory] scopes", encode_slp_scope };
const struct option_type type_vendor_class = { "vendor-class",
					       "ENTERPRISE BYTES, ... with BYTES in hexadecimal or "
					       "\"text\"",
					       encode_vendor_class };
const struct option_type type_vendor = { "vendor",
					 "ENTERPRISE CODE BYTES, ... with BYTES in hexadecimal or "
					 "\"text\", or the whole in hexadecimal",
					 encode_vendor };
const struct option_type type_6rd = {
	"6rd", "MASKLEN PREFIX/LEN RELAY, ... such as \"8 2001:db8::/32 192.0.2.1\"", encode_6rd
};
