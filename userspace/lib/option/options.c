// SPDX-License-Identifier: GPL-2.0-or-later
/* The registry: name and type of each option. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/option/options.h"
#include "lib/conv.h"
#include "lib/option/dnr.h"
#include "lib/option/forms.h"
#include "lib/option/names.h"
#include "lib/option/types.h"

static const struct option_def registry[] = {
	/* RFC 2132 */
	{ 1, "subnet-mask", &type_ip },
	{ 2, "time-offset", &type_i32 },
	{ 3, "routers", &type_ip_list, "router" },
	{ 4, "time-servers", &type_ip_list },
	{ 5, "name-servers", &type_ip_list },
	{ 6, "domain-name-servers", &type_ip_list, "dns" },
	{ 7, "log-servers", &type_ip_list },
	{ 8, "cookie-servers", &type_ip_list },
	{ 9, "lpr-servers", &type_ip_list },
	{ 10, "impress-servers", &type_ip_list },
	{ 11, "resource-location-servers", &type_ip_list },
	{ 12, "host-name", &type_host_name },
	{ 13, "boot-size", &type_u16 },
	{ 14, "merit-dump", &type_text },
	{ 15, "domain-name", &type_domain_text, "domain" },
	{ 16, "swap-server", &type_ip },
	{ 17, "root-path", &type_text },
	{ 18, "extensions-path", &type_text },
	{ 19, "ip-forwarding", &type_bool },
	{ 20, "non-local-source-routing", &type_bool },
	{ 21, "policy-filter", &type_policy_filter },
	{ 22, "max-dgram-reassembly", &type_u16, .min = 576 },
	{ 23, "default-ip-ttl", &type_u8, .min = 1 },
	{ 24, "path-mtu-aging-timeout", &type_time },
	{ 25, "path-mtu-plateau-table", &type_u16_list, .min = 68 },
	{ 26, "interface-mtu", &type_u16, "mtu", .min = 68 },
	{ 27, "all-subnets-local", &type_bool },
	{ 28, "broadcast-address", &type_ip },
	{ 29, "perform-mask-discovery", &type_bool },
	{ 30, "mask-supplier", &type_bool },
	{ 31, "router-discovery", &type_bool },
	{ 32, "router-solicitation-address", &type_ip },
	{ 33, "static-routes", &type_static_routes },
	{ 34, "trailer-encapsulation", &type_bool },
	{ 35, "arp-cache-timeout", &type_time },
	{ 36, "ieee802-3-encapsulation", &type_bool },
	{ 37, "default-tcp-ttl", &type_u8, .min = 1 },
	{ 38, "tcp-keepalive-interval", &type_time },
	{ 39, "tcp-keepalive-garbage", &type_bool },
	{ 40, "nis-domain", &type_text },
	{ 41, "nis-servers", &type_ip_list },
	{ 42, "ntp-servers", &type_ip_list, "ntp" },
	{ 43, "vendor-encapsulated-options", &type_hex },
	{ 44, "netbios-name-servers", &type_ip_list },
	{ 45, "netbios-dd-server", &type_ip_list },
	{ 46, "netbios-node-type", &type_node_type },
	{ 47, "netbios-scope", &type_text },
	{ 48, "font-servers", &type_ip_list },
	{ 49, "x-display-manager", &type_ip_list },
	{ 60, "vendor-class-identifier", &type_text },
	{ 62, "nwip-domain-name", &type_text },		/* RFC 2242 */
	{ 63, "nwip-suboptions", &type_hex },
	{ 64, "nisplus-domain-name", &type_text },
	{ 65, "nisplus-servers", &type_ip_list },
	{ 66, "tftp-server-name", &type_text },
	{ 67, "bootfile-name", &type_text, "boot-file-name" },
	{ 68, "mobile-ip-home-agent", &type_ip_list },
	{ 69, "smtp-servers", &type_ip_list, "smtp-server" },
	{ 70, "pop-servers", &type_ip_list, "pop-server" },
	{ 71, "nntp-server", &type_ip_list },
	{ 72, "www-server", &type_ip_list },
	{ 73, "finger-server", &type_ip_list },
	{ 74, "irc-server", &type_ip_list },
	{ 75, "streettalk-server", &type_ip_list },
	{ 76, "streettalk-directory-assistance-server", &type_ip_list },
	/* later RFCs */
	{ 77, "user-class", &type_hex },		/* RFC 3004 */
	{ 78, "slp-directory-agent", &type_slp_agents },	/* RFC 2610 */
	{ 79, "slp-service-scope", &type_slp_scope },
	{ 85, "nds-servers", &type_ip_list },		/* RFC 2241 */
	{ 86, "nds-tree-name", &type_text },
	{ 87, "nds-context", &type_text },
	{ 88, "bcms-controller-names", &type_domains },	/* RFC 4280 */
	{ 89, "bcms-controller-address", &type_ip_list },
	{ 98, "uap-servers", &type_text },		/* RFC 2485 */
	{ 99, "geoconf-civic", &type_hex },		/* RFC 4776 */
	{ 100, "posix-timezone", &type_text, "pcode" },	/* RFC 4833 */
	{ 101, "tzdb-timezone", &type_text, "tcode" },
	{ 108, "ipv6-only-preferred", &type_time, "v6-only-preferred" },	/* RFC 8925 */
	{ 112, "netinfo-server-address", &type_ip_list },
	{ 113, "netinfo-server-tag", &type_text },
	{ 114, "captive-portal", &type_uri, "v4-captive-portal" },	/* RFC 8910 */
	{ 116, "auto-configure", &type_u8, "auto-config", .max = 1 },	/* RFC 2563 */
	{ 117, "name-service-search", &type_u16_list },	/* RFC 2937 */
	{ 119, "domain-search", &type_domain_list },	/* RFC 3397 */
	{ 120, "sip-servers", &type_sip },		/* RFC 3361 */
	{ 121, "classless-static-routes", &type_routes, "classless-static-route" }, /* RFC 3442 */
	{ 124, "vendor-class", &type_vendor_class, "vivco-suboptions" },	/* RFC 3925 */
	{ 125, "vendor-specific", &type_vendor, "vivso-suboptions" },
	{ 136, "pana-agent", &type_ip_list },		/* RFC 5192 */
	{ 137, "v4-lost", &type_domain },		/* RFC 5223 */
	{ 138, "capwap-ac", &type_ip_list, "capwap-ac-v4" },	/* RFC 5417 */
	{ 141, "sip-ua-cs-domains", &type_domains },	/* RFC 6011 */
	{ 143, "sztp", &type_uri_list, "v4-sztp-redirect" },	/* RFC 8572 */
	{ 150, "tftp-server-address", &type_ip_list },	/* RFC 5859 */
	{ 162, "encrypted-dns", &type_dnr, "v4-dnr" },	/* RFC 9463 */
	{ 208, "pxelinux-magic", &type_hex },		/* RFC 5071 */
	{ 209, "config-file", &type_text },
	{ 210, "path-prefix", &type_text },
	{ 211, "reboot-time", &type_time },
	{ 212, "6rd", &type_6rd, "option-6rd" },	/* RFC 5969 */
	{ 213, "access-domain", &type_domain, "v4-access-domain" },	/* RFC 5986 */
	{ 249, "ms-classless-static-routes", &type_routes },
	{ 252, "wpad", &type_text },
};

#define REGISTERED (sizeof(registry) / sizeof(registry[0]))

/* A code without a name takes bytes. */
static const struct option_def unnamed = { .type = &type_hex };

/* The types that a user's own definition may have. */
static const struct option_type *const types[] = {
	&type_ip, &type_ip_list, &type_ip_pairs, &type_text, &type_u8, &type_u16, &type_u16_list,
	&type_u32, &type_i32, &type_time, &type_bool, &type_hex, &type_domain, &type_domain_list,
	&type_routes,
};

#define TYPES (sizeof(types) / sizeof(types[0]))

void option_each(void (*each)(const struct option_def *def, void *arg), void *arg)
{
	size_t i;

	for (i = 0; i < REGISTERED; i++)
		each(&registry[i], arg);
}

char *option_wants(char *buf, size_t size, const struct option_def *def)
{
	const struct option_type *t = def->type;

	if (t->max)
		snprintf(buf, size, "%s from %u to %u", t->wants, def->min,
			 def->max ? def->max : t->max);
	else
		snprintf(buf, size, "%s", t->wants);
	return buf;
}

const char *option_type_name(const struct option_def *def)
{
	return def->type->name;
}

char *option_types_text(char *buf, size_t size)
{
	size_t i, at = 0;

	for (i = 0; i < TYPES && at < size; i++)
		at += snprintf(buf + at, size - at, "%s%s", at ? " " : "", types[i]->name);
	return buf;
}

/* ---- finding an option ---- */

static const struct option_def *registered(unsigned long code)
{
	size_t i;

	for (i = 0; i < REGISTERED; i++) {
		if (registry[i].code == code)
			return &registry[i];
	}
	return NULL;
}

static int called(const struct option_def *def, const char *word)
{
	return !strcmp(def->name, word) || (def->alias && !strcmp(def->alias, word));
}

static const struct option_def *registered_name(const char *word)
{
	size_t i;

	for (i = 0; i < REGISTERED; i++) {
		if (called(&registry[i], word))
			return &registry[i];
	}
	return NULL;
}

/*
 * Why a code cannot be set, or NULL. RFC 2131 table 3: options that the server writes itself, or
 * that only clients or relays send.
 */
static const char *refusal(unsigned long code)
{
	if (!code || code > 254)
		return "is none: option codes are 1 to 254";
	if (code == 56)
		return "is the server's own (the text of a NAK) and cannot be set";
	if (code == 81)
		return "is the server's own (it answers a client's FQDN itself) and cannot be set";
	if (code == 118)
		return "is the server's own and cannot be set; subnet-selection on heeds it";
	if (code == 80)
		return "is the server's own and cannot be set; rapid-commit on heeds it";
	if ((code >= 50 && code <= 59) || code == 61 || code == 82)
		return "is the server's own and cannot be set";
	if (code == 208)
		return "(pxelinux magic) is deprecated by RFC 5071 and not sent; 209 to 211 do "
		       "without it";
	return NULL;
}

static int parse_code(const char *word, unsigned long *code, struct err *e)
{
	const char *why;

	if (parse_number(word, ~0UL, code))
		return err_set(e, word, "\"%.60s\" is no option code", word);
	why = refusal(*code);
	return why ? err_set(e, word, "option %.60s %s", word, why) : 0;
}

static const struct option_def *defined(unsigned long code, const struct option_defs *own)
{
	size_t i;

	for (i = 0; own && i < own->n; i++) {
		if (own->def[i].code == code)
			return &own->def[i];
	}
	return NULL;
}

/* The user's own definitions come first: they may rename site-specific codes. */
static const struct option_def *by_code(unsigned long code, const struct option_defs *own)
{
	const struct option_def *def = defined(code, own);

	if (!def)
		def = registered(code);
	return def ? def : &unnamed;
}

bool option_lists_hosts(uint8_t code, const struct option_defs *own)
{
	return by_code(code, own)->type == &type_ip_list;
}

const char *option_name(uint8_t code)
{
	const struct option_def *def = registered(code);

	return def ? def->name : NULL;
}

static int find_option(const char *word, const struct option_defs *own,
		       const struct option_def **def, uint8_t *code, struct err *e)
{
	unsigned long number;
	size_t i;

	if (isdigit((unsigned char)*word) && word[strspn(word, "0123456789")] == '\0') {
		if (parse_code(word, &number, e))
			return -1;
		*def = by_code(number, own);
		*code = number;
		return 0;
	}
	*def = registered_name(word);
	for (i = 0; own && i < own->n && !*def; i++) {
		if (called(&own->def[i], word))
			*def = &own->def[i];
	}
	if (!*def)
		return err_set(e, word, "no option \"%s\" is known; give its code instead", word);
	*code = (*def)->code;
	return 0;
}

static const struct option_type *find_type(const char *name)
{
	size_t i;

	for (i = 0; i < TYPES; i++) {
		if (!strcmp(types[i]->name, name))
			return types[i];
	}
	return NULL;
}

/* Options that the server itself evaluates: masks, routers, names of clients */
static bool is_read(unsigned long code)
{
	return code == 1 || code == 3 || code == 12 || code == 15 || code == 28;
}

/*
 * An option of the registry keeps its name and type there; its code and the new name get the new
 * type.
 */
int option_define(struct option_defs *own, const char *name, const char *code, const char *type,
		  struct err *e)
{
	const struct option_type *t = find_type(type);
	const struct option_def *known;
	unsigned long number;
	char all[256];

	if (!isalpha((unsigned char)*name))
		return err_set(e, name,
			       "the name of an option starts with a letter, not as \"%s\" does",
			       name);
	if (registered_name(name))
		return err_set(e, name, "option %s is known already (code %u)", name,
			       registered_name(name)->code);
	if (parse_code(code, &number, e))
		return -1;
	if (is_read(number))
		return err_set(e, code,
			       "option %s (%s) has a meaning for dhcpkd itself, and keeps its type",
			       code, registered(number)->name);
	known = defined(number, own);
	if (known)
		return err_set(e, code, "option %s has a definition already (%s)", code,
			       known->name);
	if (!t)
		return err_set(e, type, "there is no type \"%.60s\"; known: %s", type,
			       option_types_text(all, sizeof(all)));
	own->def[own->n++] = (struct option_def){ .code = number, .name = name, .type = t };
	return 0;
}

/* ---- values into a block ---- */

/* @what is the option's name for errors. */
static int encode(struct option_block *block, uint8_t code, const char *what, const char *value,
		  const struct option_def *def, struct err *e)
{
	struct bytes b = { .len = 0 };
	int err = def->type->encode(&b, value, def);
	char wants[256];

	if (err && b.no_memory)
		return err_not_now(e, "out of memory");
	if (err)
		return err_set(e, value, "%s wants %s, not \"%.200s\"%s%s", what,
			       option_wants(wants, sizeof(wants), def), value, *b.why ? ": " : "",
			       b.why);
	if (*b.note)
		snprintf(block->note, sizeof(block->note), "%.60s: %s", what, b.note);
	return option_put(block, code, b.data, b.len, e);
}

/* Boot loaders that use these do not request them: RFC 5071 sections 3 to 6. */
static bool never_asked_for(uint8_t code)
{
	return code >= 208 && code <= 211;
}

/* Length of @text without a last word "always" */
static size_t without_always(const char *text, bool *always)
{
	size_t len = strlen(text), at;

	while (len && strchr(" \t", text[len - 1]))
		len--;
	at = len < 6 ? 0 : len - 6;
	*always = at && !strncmp(text + at, "always", 6) && strchr(" \t", text[at - 1]);
	if (!*always)
		return strlen(text);
	while (at && strchr(" \t", text[at - 1]))
		at--;
	/* A lone "always" is the value. */
	*always = strcspn(text, " \t") < at;
	return *always ? at : strlen(text);
}

static int add_one(struct option_block *block, const char *text, bool always,
		   const struct option_defs *own, struct err *e)
{
	size_t word_len = strcspn(text, " \t");
	const char *value = text + word_len + strspn(text + word_len, " \t");
	const struct option_def *def;
	char word[64], what[80], wants[256];
	uint8_t code = 0;

	if (word_len >= sizeof(word) || !word_len)
		return err_set(e, text, "\"%.60s\" is no option: CODE VALUE or NAME VALUE", text);
	memcpy(word, text, word_len);
	word[word_len] = '\0';
	if (find_option(word, own, &def, &code, e))
		return -1;
	if (!*value)
		return err_set(e, word, "option %s needs a value: %s", word,
			       option_wants(wants, sizeof(wants), def));
	if (option_find(block, code))
		return err_set(e, word, "option %s (%u) is set twice", word, code);
	block->always[code] |= always || never_asked_for(code);
	snprintf(what, sizeof(what), "option %s", word);
	return encode(block, code, what, value, def, e);
}

int option_add(struct option_block *block, const char *said, const struct option_defs *own,
	       struct err *e)
{
	bool always;
	size_t len = without_always(said, &always);
	char *text = strndup(said, len);
	int result;

	if (!text)
		return err_not_now(e, "out of memory");
	result = add_one(block, text, always, own, e);
	free(text);
	return result;
}

int option_add_word(struct option_block *block, uint8_t code, const char *word, const char *value,
		    struct err *e)
{
	return encode(block, code, word, value, registered(code), e);
}
