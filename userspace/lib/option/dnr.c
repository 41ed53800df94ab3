// SPDX-License-Identifier: GPL-2.0-or-later
/* Encrypted DNS resolvers: RFC 9463 section 5.1, service parameters: RFC 9460 section 2.2. */
#include <stdlib.h>
#include <string.h>

#include "lib/option/dnr.h"
#include "lib/conv.h"
#include "lib/option/names.h"

enum { SVC_ALPN = 1, SVC_PORT = 3, SVC_DOHPATH = 7 };

/* A resolver as written; the strings point into the part. */
struct resolver {
	unsigned long	priority;
	const char	*name;
	struct bytes	addrs;
	const char	*alpn, *port, *dohpath;
};

/* Clients discard multicast and loopback addresses, section 5.2. */
static int check_addresses(struct bytes *b, const struct bytes *addrs)
{
	size_t at;

	for (at = 0; at < addrs->len; at += 4) {
		if (!addrs->data[at] || addrs->data[at] == 127 || addrs->data[at] >= 224)
			return because(b, "a resolver's address is neither 0/8, loopback nor "
					  "multicast");
	}
	return addrs->len > 252 ? because(b, "a resolver has at most 63 addresses") : 0;
}

static int set_once(struct bytes *b, const char **member, const char *word, const char *value)
{
	if (*member)
		return because(b, "%s comes twice", word);
	if (!*value)
		return because(b, "%s needs a value", word);
	*member = value;
	return 0;
}

static int set_priority(struct bytes *b, struct resolver *r, const char *value)
{
	if (r->priority)
		return because(b, "priority comes twice");
	if (parse_number(value, 65535, &r->priority) || !r->priority)
		return because(b, "the priority is 1 to 65535, not \"%.40s\"", value);
	return 0;
}

static int set_word(struct bytes *b, struct resolver *r, const char *word, char **rest)
{
	if (!strcmp(word, "priority"))
		return set_priority(b, r, next_word(rest));
	if (!strcmp(word, "name"))
		return set_once(b, &r->name, "name", next_word(rest));
	if (!strcmp(word, "addr"))
		return put_ips(&r->addrs, next_word(rest)) ? because(b, "addr wants IPv4 addresses")
							   : 0;
	if (!strncmp(word, "alpn=", 5))
		return set_once(b, &r->alpn, "alpn", word + 5);
	if (!strncmp(word, "port=", 5))
		return set_once(b, &r->port, "port", word + 5);
	if (!strncmp(word, "dohpath=", 8))
		return set_once(b, &r->dohpath, "dohpath", word + 8);
	return because(b, "known here: priority name addr alpn= port= dohpath=, not \"%.40s\"",
		       word);
}

/* Do the protocols include HTTP? They are registered as http/1.1, h2 and h3. */
static int speaks_http(const char *alpn)
{
	for (; *alpn; alpn += strcspn(alpn, ","), alpn += *alpn == ',') {
		size_t len = strcspn(alpn, ",");

		if (!strncmp(alpn, "http/", 5) ||
		    (len == 2 && alpn[0] == 'h' && strchr("23", alpn[1])))
			return 1;
	}
	return 0;
}

/* Without addresses a resolver has a name only; with addresses it needs alpn. */
static int check_resolver(struct bytes *b, const struct resolver *r)
{
	if (!r->priority || !r->name)
		return because(b, "%s is missing", r->priority ? "name" : "priority");
	if (!r->addrs.len)
		return r->alpn || r->port || r->dohpath ? because(b, "parameters need an addr") : 0;
	if (!r->alpn)
		return because(b, "alpn= is missing, such as alpn=dot");
	if (r->dohpath && (*r->dohpath != '/' || !strstr(r->dohpath, "{?dns}")))
		return because(b, "dohpath is a path with {?dns}, such as /dns-query{?dns}");
	if (speaks_http(r->alpn) && !r->dohpath)
		return because(b, "alpn=%.40s needs a dohpath=, such as dohpath=/dns-query{?dns}",
			       r->alpn);
	return check_addresses(b, &r->addrs);
}

static int take_protocol(struct bytes *b, char *id, void *arg)
{
	size_t len = strlen(id);

	return len > 255 || put_be(b, len, 1) ? -1 : put_bytes(b, id, len);
}

static int put_alpn(struct bytes *b, const char *list)
{
	size_t start = b->len, len;

	if (put_be(b, SVC_ALPN, 2) || put_be(b, 0, 2) ||
	    each_part(b, list, ",", take_protocol, NULL))
		return -1;
	len = b->len - start - 4;
	b->data[start + 2] = len >> 8;
	b->data[start + 3] = len;
	return 0;
}

/* In the order of their keys, RFC 9460. */
static int put_parameters(struct bytes *b, const struct resolver *r)
{
	unsigned long port;

	if (put_alpn(b, r->alpn))
		return -1;
	if (r->port) {
		if (parse_number(r->port, 65535, &port) || !port)
			return because(b, "the port is 1 to 65535, not \"%.40s\"", r->port);
		if (put_be(b, SVC_PORT, 2) || put_be(b, 2, 2) || put_be(b, port, 2))
			return -1;
	}
	if (!r->dohpath)
		return 0;
	if (put_be(b, SVC_DOHPATH, 2) || put_be(b, strlen(r->dohpath), 2))
		return -1;
	return put_bytes(b, r->dohpath, strlen(r->dohpath));
}

static int put_resolver(struct bytes *b, const struct resolver *r)
{
	size_t start = b->len, len;

	if (put_be(b, 0, 2) || put_be(b, r->priority, 2) || put_be(b, 0, 1) || put_name(b, r->name))
		return -1;
	b->data[start + 4] = b->len - start - 5;
	if (r->addrs.len && (put_be(b, r->addrs.len, 1) ||
			     put_bytes(b, r->addrs.data, r->addrs.len) || put_parameters(b, r)))
		return -1;
	len = b->len - start - 2;
	b->data[start] = len >> 8;
	b->data[start + 1] = len;
	return 0;
}

static int take_resolver(struct bytes *b, char *part, void *arg)
{
	struct resolver r = {};
	const char *word;

	while (*(word = next_word(&part))) {
		if (set_word(b, &r, word, &part))
			return -1;
	}
	return check_resolver(b, &r) ? -1 : put_resolver(b, &r);
}

static int encode_dnr(struct bytes *b, const char *value, const struct option_def *def)
{
	return each_part(b, value, ";", take_resolver, NULL);
}

const struct option_type type_dnr = { "encrypted-dns",
				      "priority N name NAME [addr IP alpn=dot [port=N] "
				      "[dohpath=/PATH{?dns}]]; ...",
				      encode_dnr };
