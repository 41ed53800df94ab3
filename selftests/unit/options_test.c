// SPDX-License-Identifier: GPL-2.0-or-later
/* The registry of options, under the address and undefined-behaviour sanitizers: text in, wire bytes or a reason out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/conv.h"
#include "lib/option/options.h"
#include "kselftest_harness.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define NAMES_WANTS "domain names, a comma between them"
#define PAIRS_WANTS "a comma between all of them"
#define BYTES_WANTS "bytes in hexadecimal (0x0102 or 01:02) or \"text\""
#define AGAIN_16(s) s s s s s s s s s s s s s s s s
#define TEXT_256 AGAIN_16(AGAIN_16("x"))
#define NAME_63 AGAIN_16("abc") "abcdefghijklmno"

struct good {
	const char	*text;
	const char	*wire;
	size_t		len;
};

#define GOOD(text, wire) { text, wire, sizeof(wire) - 1 }

/* With the RFC's own examples where it has any. */
static const struct good good[] = {
	/* RFC 2132: addresses, numbers, switches, text */
	GOOD("subnet-mask 255.255.255.0", "\x01\x04\xff\xff\xff\x00"),
	GOOD("1 255.255.255.0", "\x01\x04\xff\xff\xff\x00"),
	GOOD("time-offset -18000", "\x02\x04\xff\xff\xb9\xb0"),
	GOOD("time-offset 2147483647", "\x02\x04\x7f\xff\xff\xff"),
	GOOD("time-offset -2147483648", "\x02\x04\x80\x00\x00\x00"),
	GOOD("ntp-servers 192.0.2.1,192.0.2.2 192.0.2.3", "\x2a\x0c\xc0\x00\x02\x01\xc0\x00\x02\x02\xc0\x00\x02\x03"),
	GOOD("ntp\t192.0.2.1", "\x2a\x04\xc0\x00\x02\x01"),
	GOOD("root-path a b", "\x11\x03" "a b"),
	GOOD("host-name box_7.lab.example", "\x0c\x11" "box_7.lab.example"),
	GOOD("boot-size 512", "\x0d\x02\x02\x00"),
	GOOD("boot-size 0x10", "\x0d\x02\x00\x10"),
	GOOD("ip-forwarding on", "\x13\x01\x01"),
	GOOD("ip-forwarding off", "\x13\x01\x00"),
	GOOD("policy-filter 10.0.0.0,255.0.0.0, 192.0.2.0 255.255.255.0",
	     "\x15\x10\x0a\x00\x00\x00\xff\x00\x00\x00\xc0\x00\x02\x00\xff\xff\xff\x00"),
	GOOD("max-dgram-reassembly 576", "\x16\x02\x02\x40"),
	GOOD("default-ip-ttl 255", "\x17\x01\xff"),
	GOOD("path-mtu-aging-timeout 10m", "\x18\x04\x00\x00\x02\x58"),
	GOOD("path-mtu-plateau-table 68, 296 1500", "\x19\x06\x00\x44\x01\x28\x05\xdc"),
	GOOD("static-routes 198.51.100.0 192.0.2.1", "\x21\x08\xc6\x33\x64\x00\xc0\x00\x02\x01"),
	GOOD("arp-cache-timeout infinite", "\x23\x04\xff\xff\xff\xff"),
	GOOD("vendor-encapsulated-options 01:02:ff", "\x2b\x03\x01\x02\xff"),
	GOOD("netbios-node-type 8", "\x2e\x01\x08"),
	GOOD("66 \"quoted\"", "\x42\x06quoted"),
	GOOD("bootfile-name a\nb\\$HOME#{", "\x43\x0b" "a\nb\\$HOME#{"),
	/* RFC 2563, 2610, 2937, 3004 */
	GOOD("auto-configure 0", "\x74\x01\x00"),
	GOOD("slp-directory-agent mandatory 192.0.2.1", "\x4e\x05\x01\xc0\x00\x02\x01"),
	GOOD("slp-directory-agent 192.0.2.1", "\x4e\x05\x00\xc0\x00\x02\x01"),
	GOOD("slp-service-scope mandatory a,b", "\x4f\x04\x01" "a,b"),
	GOOD("slp-service-scope mandatorya", "\x4f\x0b\x00mandatorya"),
	GOOD("name-service-search 44,6", "\x75\x04\x00\x2c\x00\x06"),
	GOOD("user-class \"abc\"", "\x4d\x03" "abc"),
	/* RFC 3361 section 3.1 */
	GOOD("sip-servers example.com, example.net", "\x78\x1b\x00\x07" "example\x03" "com\x00\x07" "example\x03net\x00"),
	GOOD("sip-servers 192.0.2.1,192.0.2.2", "\x78\x09\x01\xc0\x00\x02\x01\xc0\x00\x02\x02"),
	/* RFC 3397 section 3, in one piece; then pointers into the middle, to a pointer, and to a whole name */
	GOOD("domain-search eng.apple.com,marketing.apple.com",
	     "\x77\x1b\x03" "eng\x05" "apple\x03" "com\x00\x09marketing\xc0\x04"),
	GOOD("domain-search a.b.c b.c. x.a.B.c C", "\x77\x0f\x01" "a\x01" "b\x01" "c\x00\xc0\x02\x01x\xc0\x00\xc0\x04"),
	/* RFC 3442: the table of destination descriptors */
	GOOD("classless-static-routes 0.0.0.0/0 192.0.2.1, 10.0.0.0/8 192.0.2.1, 10.0.0.0/24 192.0.2.1, "
	     "10.17.0.0/16 192.0.2.1, 10.27.129.0/24 192.0.2.1, 10.229.0.128/25 192.0.2.1, 10.198.122.47/32 192.0.2.1",
	     "\x79\x34\x00\xc0\x00\x02\x01\x08\x0a\xc0\x00\x02\x01\x18\x0a\x00\x00\xc0\x00\x02\x01"
	     "\x10\x0a\x11\xc0\x00\x02\x01\x18\x0a\x1b\x81\xc0\x00\x02\x01\x19\x0a\xe5\x00\x80\xc0\x00\x02\x01"
	     "\x20\x0a\xc6\x7a\x2f\xc0\x00\x02\x01"),
	GOOD("classless-static-routes 10.1.2.3/8 192.0.2.1", "\x79\x06\x08\x0a\xc0\x00\x02\x01"),
	/* RFC 3925: sub-options of one enterprise are one block, wherever they stand */
	GOOD("vendor-class 4491 \"docsis, 3.1\", 9 0102", "\x7c\x17\x00\x00\x11\x8b\x0b" "docsis, 3.1\x00\x00\x00\x09\x02\x01\x02"),
	GOOD("vendor-specific 3561 1 \"acs, a\", 9 2 0xff, 3561 2 01",
	     "\x7d\x18\x00\x00\x0d\xe9\x0b\x01\x06" "acs, a\x02\x01\x01\x00\x00\x00\x09\x03\x02\x01\xff"),
	GOOD("vendor-specific 00000de9:03:01:01:61", "\x7d\x08\x00\x00\x0d\xe9\x03\x01\x01" "a"),
	/* RFC 4280, 5223: names are not compressed */
	GOOD("bcms-controller-names a.b, c.b", "\x58\x0a\x01" "a\x01" "b\x00\x01" "c\x01" "b\x00"),
	GOOD("v4-lost lost.example.", "\x89\x0e\x04lost\x07" "example\x00"),
	/* RFC 4578 section 2: what PXE clients and servers exchange besides has no names here */
	GOOD("93 0006", "\x5d\x02\x00\x06"),
	GOOD("94 01:03:10", "\x5e\x03\x01\x03\x10"),
	GOOD("97 0x0000112233445566778899aabbccddeeff", "\x61\x11\x00\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff"),
	/* RFC 4833 section 2 */
	GOOD("posix-timezone EST5EDT4,M3.2.0/02:00,M11.1.0/02:00", "\x64\x23" "EST5EDT4,M3.2.0/02:00,M11.1.0/02:00"),
	GOOD("tzdb-timezone Europe/Zurich", "\x65\x0d" "Europe/Zurich"),
	/* RFC 5071, 5859, 5969 */
	GOOD("reboot-time 30m", "\xd3\x04\x00\x00\x07\x08"),
	GOOD("tftp-server-address 192.0.2.1, 192.0.2.2", "\x96\x08\xc0\x00\x02\x01\xc0\x00\x02\x02"),
	GOOD("6rd 8 2001:db8::/32 192.0.2.1",
	     "\xd4\x16\x08\x20\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xc0\x00\x02\x01"),
	/* RFC 7710's code, which RFC 8910 left to others, and RFC 8910 */
	GOOD("160 \"https://portal.example/\"", "\xa0\x17https://portal.example/"),
	GOOD("captive-portal https://portal.example/api?x=1,2", "\x72\x20https://portal.example/api?x=1,2"),
	GOOD("captive-portal urn:ietf:params:capport:unrestricted", "\x72\x24urn:ietf:params:capport:unrestricted"),
	/* RFC 8572 section 8.3, RFC 8925 section 3 */
	GOOD("sztp https://a.example https://192.0.2.1:8443/b,c",
	     "\x8f\x2f\x00\x11https://a.example\x00\x1ahttps://192.0.2.1:8443/b,c"),
	GOOD("ipv6-only-preferred 1800", "\x6c\x04\x00\x00\x07\x08"),
	/* RFC 9463 section 5.1: the name alone, a resolver with everything, two of them */
	GOOD("encrypted-dns priority 1 name dns.example", "\xa2\x12\x00\x10\x00\x01\x0d\x03" "dns\x07" "example\x00"),
	GOOD("encrypted-dns priority 16 name d.example addr 192.0.2.1,192.0.2.2 alpn=h2,dot port=53 dohpath=/q{?dns}",
	     "\xa2\x36\x00\x34\x00\x10\x0b\x01" "d\x07" "example\x00\x08\xc0\x00\x02\x01\xc0\x00\x02\x02"
	     "\x00\x01\x00\x07\x02h2\x03" "dot\x00\x03\x00\x02\x00\x35\x00\x07\x00\x08/q{?dns}"),
	GOOD("encrypted-dns priority 1 name a; priority 2 name b",
	     "\xa2\x10\x00\x06\x00\x01\x03\x01" "a\x00\x00\x06\x00\x02\x03\x01" "b\x00"),
	/* no name at all */
	GOOD("254 00", "\xfe\x01\x00"),
};

struct bad {
	const char *text;
	const char *says;
};

static const struct bad bad[] = {
	{ "", "\"\" is no option: CODE VALUE or NAME VALUE" },
	{ " ntp-servers 192.0.2.1", "is no option: CODE VALUE or NAME VALUE" },
	{ TEXT_256 " 1", "is no option: CODE VALUE or NAME VALUE" },
	{ "bogus 1", "no option \"bogus\" is known; give its code instead" },
	{ "0 01", "option 0 is none: option codes are 1 to 254" },
	{ "255 01", "option 255 is none: option codes are 1 to 254" },
	{ "99999999999999999999 01", "is no option code" },
	{ "53 01", "option 53 is the server's own and cannot be set" },
	{ "56 \"no\"", "option 56 is the server's own (the text of a NAK) and cannot be set" },
	{ "61 01", "option 61 is the server's own" },
	{ "80 01", "rapid-commit on heeds it" },
	{ "81 01", "option 81 is the server's own" },
	{ "82 01", "option 82 is the server's own" },
	{ "118 192.0.2.0", "subnet-selection on heeds it" },
	{ "208 f100747e", "209 to 211 do without it" },
	{ "ntp-servers", "option ntp-servers needs a value: IPv4 addresses, a comma between them" },
	{ "ntp-servers \t", "option ntp-servers needs a value: IPv4 addresses, a comma between them" },
	{ "subnet-mask 255.255.255", "option subnet-mask wants an IPv4 address, not \"255.255.255\"" },
	{ "routers 192.0.2.1, here", "option routers wants IPv4 addresses, a comma between them, not \"192.0.2.1, here\": "
	  "\"here\" is none" },
	{ "time-offset 2147483648", "option time-offset wants a number of seconds, which may be negative" },
	{ "time-offset --1", "option time-offset wants a number of seconds, which may be negative" },
	{ "boot-size 65536", "option boot-size wants a number from 0 to 65535, not \"65536\"" },
	{ "boot-size 0x10000", "option boot-size wants a number from 0 to 65535" },
	{ "boot-size 0x", "option boot-size wants a number from 0 to 65535" },
	{ "boot-size 0x1g", "option boot-size wants a number from 0 to 65535" },
	{ "ntp-servers 224.0.1.1", "224.0.1.1 is a multicast address" },
	{ "ntp-servers 0.1.2.3", "0.1.2.3 is not a host address" },
	{ "host-name -a", "a label neither begins nor ends with a hyphen" },
	{ "max-dgram-reassembly 575", "option max-dgram-reassembly wants a number from 576 to 65535, not \"575\"" },
	{ "default-ip-ttl 0", "option default-ip-ttl wants a number from 1 to 255, not \"0\"" },
	{ "default-ip-ttl 256", "option default-ip-ttl wants a number from 1 to 255, not \"256\"" },
	{ "path-mtu-plateau-table 1500,67", "numbers, a comma between them, from 68 to 65535, not \"1500,67\": \"67\" is none" },
	{ "auto-configure 2", "option auto-configure wants a number from 0 to 1, not \"2\"" },
	{ "ip-forwarding 1", "option ip-forwarding wants on or off, not \"1\"" },
	{ "ipv6-only-preferred soon", "option ipv6-only-preferred wants a time such as 3600, 15m, 1h, 7d or infinite" },
	{ "netbios-node-type 3", "option netbios-node-type wants 1 (B), 2 (P), 4 (M) or 8 (H), not \"3\"" },
	{ "policy-filter 10.0.0.0", "option policy-filter wants pairs of address and mask, " PAIRS_WANTS },
	{ "policy-filter 10.0.0.0,255.0.255.0", "255.0.255.0 is no mask" },
	{ "static-routes 0.0.0.0,192.0.2.1", "0.0.0.0 is no legal destination here" },
	{ "static-routes 10.0.0.0", "the last has no partner" },
	{ "host-name " TEXT_256, "option host-name wants a host name" },
	{ "domain-name " TEXT_256, "a domain name has 1 to 253 characters" },
	{ "domain-name bad name", "option domain-name wants a domain name, not \"bad name\": \"bad name\" may have letters" },
	{ "vendor-encapsulated-options 0102x", "option vendor-encapsulated-options wants " BYTES_WANTS ", not \"0102x\"" },
	{ "224 abc", "option 224 wants " BYTES_WANTS },
	{ "224 \"\"", "option 224 wants " BYTES_WANTS },
	{ "224 \"open", "option 224 wants " BYTES_WANTS },
	{ "v4-lost a..b", "option v4-lost wants a domain name, not \"a..b\": \"a..b\" has a label that is empty" },
	{ "v4-lost a/b", "\"a/b\" may have letters, digits, - and _ only" },
	{ "v4-lost .", "a domain name has 1 to 253 characters" },
	{ "v4-lost " NAME_63 "x.example", "has a label that is empty or longer than 63" },
	{ "domain-search a.example, " NAME_63 "." NAME_63 "." NAME_63 "." NAME_63, "option domain-search wants " NAMES_WANTS },
	{ "sip-servers 192.0.2.1, a.example", "option sip-servers wants either IPv4 addresses or domain names" },
	{ "classless-static-routes 10.0.0.0/8", "10.0.0.0/8 needs the address of a router" },
	{ "classless-static-routes 10.0.0.0 192.0.2.1", "option classless-static-routes wants routes such as" },
	{ "classless-static-routes 10.0.0.0/8 192.0.2.1 x", "is no ADDRESS/PREFIX ROUTER" },
	{ "classless-static-routes 10.0.0.0/8 192.0.2.1,", "a part is empty" },
	{ "classless-static-routes 10.0.0.0/33 192.0.2.1", "is no ADDRESS/PREFIX ROUTER" },
	{ "slp-directory-agent mandatory", "option slp-directory-agent wants [mandatory] IPv4 addresses" },
	{ "slp-service-scope mandatory ", "option slp-service-scope wants [mandatory] scopes" },
	{ "vendor-class x 01", "option vendor-class wants ENTERPRISE BYTES, ... with BYTES in hexadecimal or \"text\", not \"x 01\": \"x\" is no enterprise" },
	{ "vendor-class 4294967296 01", "\"4294967296\" is no enterprise number" },
	{ "vendor-class 9 01, 9 02", "enterprise 9 comes twice" },
	{ "vendor-class 9", "\"\" is neither hexadecimal nor \"text\" of at most 255 bytes" },
	{ "vendor-specific 9 256 01", "\"256\" is no sub-option code from 0 to 255" },
	{ "vendor-specific 00000009:05:01:01", "the bytes end within a block" },
	{ "vendor-specific 00000009:02:01:01", "the bytes have a sub-option that is longer than its block" },
	{ "vendor-specific 9 1 \"" TEXT_256 "\"", "is neither hexadecimal nor \"text\" of at most 255 bytes" },
	{ "captive-portal http://portal.example/", "option captive-portal wants an https URI" },
	{ "captive-portal https://192.0.2.1/", "its host must be a name, not an address" },
	{ "captive-portal https://[2001:db8::1]/", "its host must be a name, not an address" },
	{ "captive-portal https://user@portal.example/", "no user belongs into it" },
	{ "captive-portal https:///x", "it names no host" },
	{ "captive-portal https://a.example/" TEXT_256, "it has 274 bytes" },
	{ "captive-portal https://a.example/\x80", "a URI is printable ASCII without blanks" },
	{ "sztp https://a.example,http://b.example ftp://c.example", "it must start with https://" },
	{ "6rd 33 2001:db8::/32 192.0.2.1", "the IPv4 mask length is 0 to 32" },
	{ "6rd 8 2001:db8::1/32 192.0.2.1", "has bits set beyond the prefix" },
	{ "6rd 0 2001:db8::/97 192.0.2.1", "97 bits of prefix and 32 of IPv4 address are more than 128" },
	{ "6rd 8 2001:db8:: 192.0.2.1", "is no IPv6 prefix" },
	{ "6rd 8 2001:db8::/32", "the address of a border relay is missing" },
	{ "encrypted-dns name dns.example", "priority is missing" },
	{ "encrypted-dns priority 1", "name is missing" },
	{ "encrypted-dns priority 0 name a", "the priority is 1 to 65535, not \"0\"" },
	{ "encrypted-dns priority 1 priority 2 name a", "priority comes twice" },
	{ "encrypted-dns priority 1 name a name b", "name comes twice" },
	{ "encrypted-dns priority 1 name a alpn=dot", "parameters need an addr" },
	{ "encrypted-dns priority 1 name a addr 192.0.2.1", "alpn= is missing" },
	{ "encrypted-dns priority 1 name a addr x alpn=dot", "addr wants IPv4 addresses" },
	{ "encrypted-dns priority 1 name a addr 224.0.0.1 alpn=dot", "neither 0/8, loopback nor multicast" },
	{ "encrypted-dns priority 1 name a addr 192.0.2.1 alpn=http/1.1", "alpn=http/1.1 needs a dohpath=" },
	{ "encrypted-dns priority 1 name a addr 192.0.2.1 alpn=dot,h3", "alpn=dot,h3 needs a dohpath=" },
	{ "encrypted-dns priority 1 name a addr 192.0.2.1 alpn=h2 dohpath=/q", "dohpath is a path with {?dns}" },
	{ "encrypted-dns priority 1 name a addr 192.0.2.1 alpn=dot port=0", "the port is 1 to 65535" },
	{ "encrypted-dns priority 1 name a addr 192.0.2.1 alpn=", "alpn needs a value" },
	{ "encrypted-dns priority 1 name a colour red", "known here: priority name addr alpn= port= dohpath=, not \"colour\"" },
	{ "encrypted-dns priority 1 name a;", "a part is empty" },
};

TEST(text_to_bytes)
{
	size_t i, at;

	for (i = 0; i < ARRAY_LEN(good); i++) {
		struct option_block block = { .len = 0 };
		struct err e = {};

		ASSERT_EQ(0, option_add(&block, good[i].text, NULL, &e)) {
			TH_LOG("%s: %s", good[i].text, e.text);
		}
		EXPECT_EQ(good[i].len, block.len) {
			TH_LOG("%s", good[i].text);
		}
		for (at = 0; at < block.len && at < good[i].len && block.data[at] == (uint8_t)good[i].wire[at]; at++)
			;
		EXPECT_EQ(good[i].len, at) {
			TH_LOG("%s: byte %zu is %02x", good[i].text, at, block.data[at]);
		}
	}
}

TEST(refusals_say_what_is_wanted)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		struct option_block block = { .len = 0 };
		struct err e = {};

		EXPECT_EQ(-1, option_add(&block, bad[i].text, NULL, &e)) {
			TH_LOG("taken: %s", bad[i].text);
		}
		EXPECT_EQ(0, block.len);
		EXPECT_NE(NULL, strstr(e.text, bad[i].says)) {
			TH_LOG("%s: %s", bad[i].text, e.text);
		}
	}
}

/* ---- the registry as a whole ---- */

struct tally {
	char	names[8192], types[2048];	/* each between blanks */
	int	code, options, ambiguous, unordered, untried, refused;
};

static int in_list(const char *list, const char *word)
{
	char between[80];

	snprintf(between, sizeof(between), " %s ", word);
	return strstr(list, between) != NULL;
}

static void note(char *list, size_t size, const char *word)
{
	size_t len = strlen(list);

	snprintf(list + len, size - len, " %s ", word);
}

/* The types that the table above has an option of. */
static void take_type(const struct option_def *def, void *arg)
{
	struct tally *t = arg;
	size_t i, len = strlen(def->name);

	for (i = 0; i < ARRAY_LEN(good); i++) {
		if (!strncmp(good[i].text, def->name, len) && strchr(" \t", good[i].text[len]))
			note(t->types, sizeof(t->types), option_type_name(def));
	}
}

static void take_option(const struct option_def *def, void *arg)
{
	struct option_block block = { .len = 0 };
	struct tally *t = arg;
	struct err e = {};
	char wants[256];

	t->options++;
	t->ambiguous += in_list(t->names, def->name) || (def->alias && in_list(t->names, def->alias));
	note(t->names, sizeof(t->names), def->name);
	if (def->alias)
		note(t->names, sizeof(t->names), def->alias);
	t->unordered += def->code <= t->code;
	t->code = def->code;
	t->untried += !in_list(t->types, option_type_name(def));
	option_wants(wants, sizeof(wants), def);
	t->refused += option_add(&block, def->name, NULL, &e) && strstr(e.text, def->name) && strstr(e.text, wants);
}

TEST(registry_is_sound)
{
	struct tally t = {};

	option_each(take_type, &t);
	option_each(take_option, &t);
	EXPECT_LT(100, t.options);
	EXPECT_EQ(t.options, t.refused);
	EXPECT_EQ(0, t.untried);
	EXPECT_EQ(0, t.ambiguous);
	EXPECT_EQ(0, t.unordered);
}

/* ---- definitions of the user's own ---- */

struct own_type {
	const char *type, *value, *wire, *refused;
	size_t	   len;
};

#define OWN(type, value, wire, refused) { type, value, wire, refused, sizeof(wire) - 1 }

static const struct own_type own_types[] = {
	OWN("ip", "192.0.2.1", "\xc0\x00\x02\x01", "192.0.2"),
	OWN("ip-list", "192.0.2.1,192.0.2.2", "\xc0\x00\x02\x01\xc0\x00\x02\x02", "x"),
	OWN("ip-pairs", "192.0.2.1,192.0.2.2", "\xc0\x00\x02\x01\xc0\x00\x02\x02", "192.0.2.1"),
	OWN("text", "\"a\" b", "\"a\" b", ""),
	OWN("text", "\"a b\"", "a b", "\"\""),
	OWN("text", "\"a\" \"b\"", "\"a\" \"b\"", ""),
	OWN("u8", "255", "\xff", "256"),
	OWN("u16", "65535", "\xff\xff", "65536"),
	OWN("u16-list", "1,2", "\x00\x01\x00\x02", "1,x"),
	OWN("u32", "4294967295", "\xff\xff\xff\xff", "4294967296"),
	OWN("i32", "-1", "\xff\xff\xff\xff", "-2147483649"),
	OWN("time", "1h", "\x00\x00\x0e\x10", "1y"),
	OWN("time", "4294967295", "\xff\xff\xff\xff", "4294967296"),
	OWN("time", "4294967295s", "\xff\xff\xff\xff", "71582789m"),
	OWN("bool", "on", "\x01", "2"),
	OWN("hex", "0x00ff", "\x00\xff", "0x0"),
	OWN("domain", "a.b", "\x01" "a\x01" "b\x00", "a..b"),
	OWN("domain-list", "a.b b", "\x01" "a\x01" "b\x00\xc0\x02", "a.b,c..d"),
	OWN("routes", "10.0.0.0/8 192.0.2.1", "\x08\x0a\xc0\x00\x02\x01", "10.0.0.0/8"),
};

TEST(own_definitions)
{
	char types[512] = " ", known[256], text[64];
	struct option_defs own = { .n = 0 };
	struct err e = {};
	size_t i;

	for (i = 0; i < ARRAY_LEN(own_types); i++) {
		struct option_block block = { .len = 0 };
		const struct own_type *o = &own_types[i];

		own.n = 0;
		ASSERT_EQ(0, option_define(&own, "site", "224", o->type, &e));
		snprintf(text, sizeof(text), "site %s", o->refused);
		EXPECT_EQ(-1, option_add(&block, text, &own, &e)) {
			TH_LOG("%s takes %s", o->type, o->refused);
		}
		EXPECT_NE(NULL, strstr(e.text, "option site "));
		snprintf(text, sizeof(text), "site %s", o->value);
		EXPECT_EQ(0, option_add(&block, text, &own, &e)) {
			TH_LOG("%s", e.text);
		}
		ASSERT_EQ(o->len + 2, block.len) {
			TH_LOG("%s: %zu", o->type, block.len);
		}
		EXPECT_EQ(224, block.data[0]);
		EXPECT_EQ(0, memcmp(block.data + 2, o->wire, o->len));
		snprintf(text, sizeof(text), "224 %s", o->value);
		EXPECT_EQ(-1, option_add(&block, text, &own, &e));
		EXPECT_NE(NULL, strstr(e.text, "option 224 (224) is set twice"));
		note(types, sizeof(types), o->type);
	}
	option_types_text(known, sizeof(known));
	for (i = 0; i < strlen(known); i += strcspn(known + i, " ") + 1) {
		snprintf(text, sizeof(text), "%.*s", (int)strcspn(known + i, " "), known + i);
		EXPECT_TRUE(in_list(types, text)) {
			TH_LOG("not tried: %s", text);
		}
	}
}

TEST(definitions_refused)
{
	static const struct { const char *name, *code, *type, *says; } refused[] = {
		{ "9x", "225", "ip", "the name of an option starts with a letter" },
		{ "ntp", "225", "ip", "option ntp is known already (code 42)" },
		{ "x", "15", "ip", "option 15 (domain-name) has a meaning for dhcpkd itself, and keeps its type" },
		{ "x", "53", "ip", "option 53 is the server's own" },
		{ "x", "255", "ip", "option codes are 1 to 254" },
		{ "x", "0xe1", "ip", "\"0xe1\" is no option code" },
		{ "x", "224", "ip", "option 224 has a definition already (site)" },
		{ "x", "252", "ip", "option 252 has a definition already (proxy)" },
		{ "x", "225", "IP", "there is no type \"IP\"; known: ip ip-list" },
		{ "x", "225", "6rd", "there is no type \"6rd\"" },
	};
	struct option_defs own = { .n = 0 };
	struct err e = {};
	size_t i;

	ASSERT_EQ(0, option_define(&own, "site", "224", "text", &e));
	ASSERT_EQ(0, option_define(&own, "proxy", "252", "hex", &e));
	for (i = 0; i < ARRAY_LEN(refused); i++) {
		EXPECT_EQ(-1, option_define(&own, refused[i].name, refused[i].code, refused[i].type, &e));
		EXPECT_NE(NULL, strstr(e.text, refused[i].says)) {
			TH_LOG("%s", e.text);
		}
		EXPECT_EQ(2, own.n);
	}
}

/* A site's definition wins over what the registry calls its code; the registry's name keeps the registry's form. */
TEST(site_codes_are_named_anew)
{
	struct option_block block = { .len = 0 };
	struct option_defs own = { .n = 0 };
	struct err e = {};

	ASSERT_EQ(0, option_define(&own, "proxy", "252", "u8", &e));
	EXPECT_EQ(-1, option_add(&block, "252 http://a/", &own, &e));
	EXPECT_EQ(0, option_add(&block, "252 7", &own, &e));
	EXPECT_EQ(0, memcmp(block.data, "\xfc\x01\x07", 3));
	block.len = 0;
	EXPECT_EQ(0, option_add(&block, "wpad 7", &own, &e));
	EXPECT_EQ(0, memcmp(block.data, "\xfc\x01" "7", 3));
}

/* ---- blocks: RFC 3396 pieces, room, order ---- */

TEST(long_values_are_pieces)
{
	static const size_t lens[] = { 1, 254, 255, 256, 510, 511, 4062 };
	struct err e = {};
	size_t i, at, n;

	for (i = 0; i < ARRAY_LEN(lens); i++) {
		struct option_block block = { .len = 0 };
		uint8_t value[4096], joined[4096];

		for (at = 0; at < lens[i]; at++)
			value[at] = at * 7;
		ASSERT_EQ(0, option_put(&block, 224, value, lens[i], &e));
		EXPECT_EQ(lens[i] + 2 * ((lens[i] + 254) / 255), block.len);
		EXPECT_EQ(block.len, option_span(&block, 0));
		for (at = 0, n = 0; at < block.len; at += 2 + block.data[at + 1]) {
			EXPECT_EQ(224, block.data[at]);
			/* all but the last are full */
			EXPECT_TRUE(block.data[at + 1] == 255 || at + 2 + block.data[at + 1] == block.len);
			memcpy(joined + n, &block.data[at + 2], block.data[at + 1]);
			n += block.data[at + 1];
		}
		EXPECT_EQ(lens[i], n);
		EXPECT_EQ(0, memcmp(joined, value, n));
	}
}

/* A list of names is compressed as a whole and then cut: a pointer may lead into another piece. */
TEST(long_domain_list)
{
	struct option_block block = { .len = 0 };
	char text[2048] = "domain-search";
	struct err e = {};
	int i;

	for (i = 0; i < 60; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s d%03d.corp.example", i ? "," : "", i);
	ASSERT_EQ(0, option_add(&block, text, NULL, &e));
	/* 1+4 and the suffix, then 1+4 and a pointer */
	EXPECT_EQ(5 + 14 + 59 * 7 + 2 * 2, block.len);
	EXPECT_EQ(255, block.data[1]);
	EXPECT_EQ(119, block.data[257]);
	EXPECT_EQ(0, memcmp(&block.data[block.len - 7], "\x04" "d059\xc0\x05", 7));
}

TEST(room)
{
	struct option_block block = { .len = 0 }, from = { .len = 0 };
	static const uint8_t zeros[DHCPK_OPTIONS_MAX];
	struct err e = {};
	char *text = malloc(2 * DHCPK_OPTIONS_MAX + 16);

	EXPECT_EQ(-1, option_put(&block, 224, zeros, 4065, &e));
	EXPECT_NE(NULL, strstr(e.text, "more than 4096 bytes together"));
	EXPECT_EQ(0, block.len);
	EXPECT_EQ(0, option_put(&block, 224, zeros, 4064, &e));
	EXPECT_EQ(4096, block.len);
	EXPECT_EQ(-1, option_add(&block, "225 00", NULL, &e));
	EXPECT_EQ(4096, block.len);
	EXPECT_EQ(0, option_put(&from, 225, zeros, 1, &e));
	EXPECT_EQ(-1, option_append(&block, &from, &e));
	EXPECT_EQ(4096, block.len);
	/* what would not fit into any block */
	sprintf(text, "66 %05000d", 0);
	EXPECT_EQ(-1, option_add(&from, text, NULL, &e));
	EXPECT_NE(NULL, strstr(e.text, "it is more than 4096 bytes"));
	sprintf(text, "225 %08194d", 0);
	EXPECT_EQ(-1, option_add(&block, text, NULL, &e));
	free(text);
}

TEST(append_takes_what_is_not_there)
{
	struct option_block block = { .len = 0 }, from = { .len = 0 };
	static const uint8_t zeros[300];
	struct err e = {};

	ASSERT_EQ(0, option_add(&block, "ntp-servers 192.0.2.1", NULL, &e));
	ASSERT_EQ(0, option_put(&from, 224, zeros, 300, &e));
	ASSERT_EQ(0, option_add(&from, "ntp-servers 192.0.2.2", NULL, &e));
	ASSERT_EQ(0, option_add(&from, "default-ip-ttl 9", NULL, &e));
	ASSERT_EQ(0, option_append(&block, &from, &e));
	EXPECT_EQ(6 + 304 + 3, block.len);
	EXPECT_EQ(0, memcmp(block.data, "\x2a\x04\xc0\x00\x02\x01\xe0\xff", 8));
	EXPECT_EQ(304, option_span(&block, 6));
	EXPECT_EQ(block.data + 310, option_find(&block, 23));
	EXPECT_EQ(NULL, option_find(&block, 1));
}

/* ---- text that nobody would write ---- */

static uint32_t random_state = 2463534242;

/* xorshift: the same on every run */
static uint32_t any(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state % below;
}

/* Words that some type knows, and what separates them. */
static const char *const pieces[] = {
	"192.0.2.1", "10.0.0.0/8", "0.0.0.0/0", "255.255.255.0", "1", "0", "65535", "-", "4294967295", ",", ", ", " ", ";", "\t",
	"\"", "\"a, b\"", "0x", "00ff", ":", ".", "a.example", "b.a.example", "https://", "/", "?", "@", "[", "mandatory",
	"priority ", "name ", "addr ", "alpn=dot", "port=53", "dohpath=/q{?dns}", "2001:db8::/32", "on", "1h", "infinite", "\xff",
};

static void random_value(char *text, size_t size)
{
	size_t i, n = any(12), len = strlen(text);

	for (i = 0; i < n && len + 20 < size; i++)
		len += snprintf(text + len, size - len, "%s", pieces[any(ARRAY_LEN(pieces))]);
}

/* One of the good ones with a byte or two changed, doubled or cut. */
static void damaged_value(char *text, size_t size)
{
	size_t len, i, n = 1 + any(2);

	snprintf(text, size, "%s", good[any(ARRAY_LEN(good))].text);
	for (i = 0; i < n; i++) {
		len = strlen(text);
		switch (any(3)) {
		case 0:
			text[any(len)] = 1 + any(255);
			break;
		case 1:
			text[1 + any(len)] = '\0';
			break;
		default:
			snprintf(text + len, size - len, ", %s", strchr(good[any(ARRAY_LEN(good))].text, ' ') ? : "");
		}
	}
}

static int well_formed(const struct option_block *block)
{
	size_t at;

	for (at = 0; at + 2 <= block->len; at += 2 + block->data[at + 1])
		;
	return at == block->len;
}

TEST(dates)
{
	char buf[DATE_SIZE];

	EXPECT_STREQ("1970-01-01T00:00:00Z", format_date(buf, 0));
	EXPECT_STREQ("2023-11-14T22:13:20Z", format_date(buf, 1700000000));
	EXPECT_STREQ("1969-12-31T23:59:59Z", format_date(buf, -1));
	EXPECT_STREQ("@9223372036854775807", format_date(buf, INT64_MAX));
	EXPECT_STREQ("@-9223372036854775808", format_date(buf, INT64_MIN));
}

TEST(any_text_is_taken_or_refused)
{
	struct option_defs own = { .n = 0 };
	struct err e = {};
	int i, taken = 0;

	ASSERT_EQ(0, option_define(&own, "site-routes", "224", "routes", &e));
	ASSERT_EQ(0, option_define(&own, "site-pairs", "225", "ip-pairs", &e));
	for (i = 0; i < 300000; i++) {
		struct option_block block = { .len = 0 };
		char text[1024];
		int err;

		block.len = 0;
		*e.text = '\0';
		if (any(2)) {
			snprintf(text, sizeof(text), "%u ", any(256));
			random_value(text, sizeof(text));
		} else {
			damaged_value(text, sizeof(text));
		}
		err = option_add(&block, text, &own, &e);
		taken += !err;
		ASSERT_TRUE(err ? *e.text && !block.len : block.len && well_formed(&block)) {
			TH_LOG("%s: %s", text, e.text);
		}
	}
	EXPECT_LT(10000, taken);
}

TEST_HARNESS_MAIN
