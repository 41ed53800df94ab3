// SPDX-License-Identifier: GPL-2.0-or-later
/* What a relay's words mean, under the sanitizers: words in, the template of option 82 and the rest or a reason out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dhcpkd/compile/agent.h"
#include "dhcpkd/compile/compile.h"
#include "lib/model/model.h"
#include "kselftest_harness.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define SERVER "server=192.0.2.1;"
#define AGAIN_10(s) s s s s s s s s s s
#define TEXT_250 AGAIN_10("1234567890123456789012345")

/* The relay of "WORD=VALUE;WORD=VALUE;...": 0, or -1 and what is wrong */
static int compile(const char *words, struct json_object **model, struct compiled *specs, struct err *e)
{
	char copy[2048], *save = NULL, *word, *value;
	struct json_object *relay;

	memset(e, 0, sizeof(*e));
	*model = model_new();
	if (model_add(*model, RELAY, "eth1", &relay, e))
		abort();
	snprintf(copy, sizeof(copy), "%s", words);
	for (word = strtok_r(copy, ";", &save); word; word = strtok_r(NULL, ";", &save)) {
		value = strchr(word, '=');
		*value++ = '\0';
		if (model_value(relay, RELAY, word, value, e))
			abort();
	}
	return model_compile(*model, NULL, specs, e);
}

/* ---- option 82 ---- */

struct agent {
	const char	*words;
	const char	*bytes;
	size_t		len;
};

#define AGENT(words, bytes) { SERVER words, bytes, sizeof(bytes) - 1 }
#define TEXT "\x00"
#define EMPTY "\x00"

static const struct agent agents[] = {
	AGENT("", ""),
	AGENT("mode=priority;trusted=on;policy=append;source-port=67;link-selection=auto;agent-flags=off", ""),
	/* RFC 3046 */
	AGENT("circuit-id=eth 1/2", "\x01\x09" TEXT "\x07" "eth 1/2"),
	AGENT("circuit-id=%i", "\x01\x02\x01" EMPTY),
	AGENT("circuit-id=%i:%v/%s%m%p",
	      "\x01\x10\x01" EMPTY TEXT "\x01:\x02" EMPTY TEXT "\x01/\x03" EMPTY "\x04" EMPTY "\x05" EMPTY),
	AGENT("remote-id=100%%%v%%", "\x02\x0b" TEXT "\x04" "100%\x02" EMPTY TEXT "\x01%"),
	AGENT("remote-id=b;circuit-id=a", "\x01\x03" TEXT "\x01" "a\x02\x03" TEXT "\x01" "b"),
	AGENT("circuit-id=0x0004000a", "\x01\x06" TEXT "\x04\x00\x04\x00\x0a"),
	AGENT("circuit-id=0x00:04:00:0a", "\x01\x06" TEXT "\x04\x00\x04\x00\x0a"),
	AGENT("circuit-id=\"0x00\"", "\x01\x06" TEXT "\x04" "0x00"),
	AGENT("circuit-id=\"a\"b\"", "\x01\x05" TEXT "\x03" "a\"b"),
	AGENT("circuit-id=00:04", "\x01\x07" TEXT "\x05" "00:04"),
	AGENT("circuit-id=" TEXT_250 "123", "\x01\xff" TEXT "\xfd" TEXT_250 "123"),
	AGENT("circuit-id=" TEXT_250 ";remote-id=%v", "\x01\xfc" TEXT "\xfa" TEXT_250 "\x02\x02\x02" EMPTY),
	/* RFC 3527: on its own with a giaddr only */
	AGENT("giaddr=198.51.100.1", "\x05\x02\x06" EMPTY),
	AGENT("giaddr=198.51.100.1;link-selection=auto", "\x05\x02\x06" EMPTY),
	AGENT("giaddr=198.51.100.1;link-selection=off", ""),
	AGENT("link-selection=on", "\x05\x02\x06" EMPTY),
	/* RFC 5010, RFC 5107: the override says how the request came, too */
	AGENT("agent-flags=on", "\x0a\x02\x08" EMPTY),
	AGENT("server-id-override=on", "\x0a\x02\x08" EMPTY "\x0b\x02\x07" EMPTY),
	AGENT("server-id-override=on;agent-flags=off", "\x0a\x02\x08" EMPTY "\x0b\x02\x07" EMPTY),
	/* Who is to survive its servers stands in for them. */
	AGENT("survive=1h", "\x0a\x02\x08" EMPTY "\x0b\x02\x07" EMPTY),
	AGENT("survive=1h;agent-flags=off;server-id-override=on", "\x0a\x02\x08" EMPTY "\x0b\x02\x07" EMPTY),
	/* RFC 6925 */
	AGENT("relay-id=00:03:00:01:52:54:00:12:34:56", "\x0c\x0c" TEXT "\x0a\x00\x03\x00\x01\x52\x54\x00\x12\x34\x56"),
	/* RFC 8357 */
	AGENT("source-port=6767", "\x13" EMPTY),
	/* RFC 6607 */
	AGENT("vss=global", "\x97\x03" TEXT "\x01\xff\x98" EMPTY),
	AGENT("vss=text blue", "\x97\x07" TEXT "\x05\x00" "blue\x98" EMPTY),
	AGENT("vss=text  b", "\x97\x05" TEXT "\x03\x00" " b\x98" EMPTY),
	AGENT("vss=vpn 00:11:22:33:44:55:66", "\x97\x0a" TEXT "\x08\x01\x00\x11\x22\x33\x44\x55\x66\x98" EMPTY),
	/* All of them, in the order of their codes */
	AGENT("vss=global;source-port=6767;relay-id=010203;server-id-override=on;link-selection=on;remote-id=b;circuit-id=a",
	      "\x01\x03" TEXT "\x01" "a\x02\x03" TEXT "\x01" "b\x05\x02\x06" EMPTY "\x0a\x02\x08" EMPTY "\x0b\x02\x07" EMPTY
	      "\x0c\x05" TEXT "\x03\x01\x02\x03\x13" EMPTY "\x97\x03" TEXT "\x01\xff\x98" EMPTY),
};

TEST(R13_option_82_has_what_was_asked_for)
{
	struct json_object *model;
	struct compiled specs;
	struct err e;
	size_t i;

	for (i = 0; i < ARRAY_LEN(agents); i++) {
		const struct agent *a = &agents[i];

		ASSERT_EQ(0, compile(a->words, &model, &specs, &e))
			TH_LOG("%s: %s", a->words, e.text);
		EXPECT_EQ(a->len, specs.relays[0].agent_len)
			TH_LOG("%s", a->words);
		EXPECT_EQ(0, memcmp(a->bytes, specs.relays[0].agent, a->len))
			TH_LOG("%s", a->words);
		compiled_free(&specs);
		json_object_put(model);
	}
}

TEST(this_machines_name)
{
	char name[256] = "";
	struct json_object *model;
	struct compiled specs;
	struct err e;

	gethostname(name, sizeof(name) - 1);
	ASSERT_EQ(0, compile(SERVER "remote-id=<%h>", &model, &specs, &e));
	EXPECT_EQ(2 + 2 + 2 + strlen(name), specs.relays[0].agent_len);
	EXPECT_EQ('<', specs.relays[0].agent[4]);
	EXPECT_EQ(0, memcmp(specs.relays[0].agent + 5, name, strlen(name)));
	compiled_free(&specs);
	json_object_put(model);
}

TEST(R29_relay_id_of_the_store)
{
	uint8_t id[DHCPK_STORE_ID_SIZE], duid[RELAY_ID_SIZE];
	struct json_object *model;
	struct relay_spec *r;
	struct compiled specs;
	struct err e;

	ASSERT_EQ(0, compile(SERVER "circuit-id=a;relay-id=auto;vss=global", &model, &specs, &e));
	r = &specs.relays[0];
	ASSERT_EQ(5 + 4 + RELAY_ID_SIZE + 5 + 2, r->agent_len);
	EXPECT_EQ(5 + 4 + 2, r->store_id);
	memset(id, 0x5a, sizeof(id));
	memcpy(r->agent + r->store_id, id, sizeof(id));
	relay_id_auto(duid, id);
	EXPECT_EQ(0, memcmp(r->agent + 5, "\x0c\x14\x00\x12\x00\x04", 6));
	EXPECT_EQ(0, memcmp(r->agent + 5 + 4, duid, sizeof(duid)));
	compiled_free(&specs);
	json_object_put(model);
}

/* ---- the rest ---- */

TEST(what_holds_unless_it_is_said)
{
	struct json_object *model;
	struct relay_spec *r;
	struct compiled specs;
	struct err e;

	ASSERT_EQ(0, compile(SERVER, &model, &specs, &e));
	ASSERT_EQ(1, specs.n_relays);
	r = &specs.relays[0];
	EXPECT_STREQ("eth1", r->dev);
	EXPECT_EQ(1, r->n_servers);
	EXPECT_EQ(0xc0000201, r->servers[0]);
	EXPECT_EQ(0, r->flags);
	EXPECT_EQ(DHCPK_RELAY_KEEP, r->policy);
	EXPECT_EQ(4, r->hops);
	EXPECT_EQ(0, r->secs);
	EXPECT_EQ(67, r->port);
	EXPECT_EQ(0, r->giaddr);
	EXPECT_EQ(0, r->survive);
	EXPECT_EQ(0, r->store_id);
	EXPECT_EQ(0, json_object_array_length(specs.warnings));
	compiled_free(&specs);
	json_object_put(model);
}

TEST(what_is_said_holds)
{
	struct json_object *model;
	struct relay_spec *r;
	struct compiled specs;
	struct err e;

	ASSERT_EQ(0, compile("server=192.0.2.3,192.0.2.1;server=192.0.2.2;mode=priority;trusted=on;validate=yes;replies=any;"
			     "policy=replace;hops=16;secs=65535;source-port=65535;giaddr=198.51.100.1;survive=1d", &model,
			     &specs, &e))
		TH_LOG("%s", e.text);
	r = &specs.relays[0];
	EXPECT_EQ(3, r->n_servers);
	EXPECT_EQ(0xc0000203, r->servers[0]);
	EXPECT_EQ(0xc0000201, r->servers[1]);
	EXPECT_EQ(0xc0000202, r->servers[2]);
	EXPECT_EQ(DHCPK_RELAY_F_MASK, r->flags);
	EXPECT_EQ(DHCPK_RELAY_REPLACE, r->policy);
	EXPECT_EQ(16, r->hops);
	EXPECT_EQ(65535, r->secs);
	EXPECT_EQ(65535, r->port);
	EXPECT_EQ(0xc6336401, r->giaddr);
	EXPECT_EQ(86400, r->survive);
	/* It is none of ours. */
	EXPECT_EQ(1, json_object_array_length(specs.warnings));
	compiled_free(&specs);
	json_object_put(model);
}

TEST(a_giaddr_of_ours_is_seen)
{
	uint64_t seen;
	struct json_object *model;
	struct compiled specs;
	struct err e;

	ASSERT_EQ(0, compile(SERVER "giaddr=198.51.100.1", &model, &specs, &e));
	seen = specs.own_seen;
	EXPECT_STREQ("relay eth1: giaddr 198.51.100.1 is none of this machine's addresses; nothing is relayed until it is",
		     json_object_get_string(json_object_array_get_idx(specs.warnings, 0)));
	compiled_free(&specs);
	json_object_put(model);
	ASSERT_EQ(0, compile(SERVER, &model, &specs, &e));
	EXPECT_EQ(seen, specs.own_seen);
	compiled_free(&specs);
	json_object_put(model);
}

/* ---- what has no meaning ---- */

#define TOO_LONG " is too long: there is room for 253 bytes of text, and less with %i and the like"
#define VSS_WANTS "vss wants global, \"text NAME\" with 1 to 252 ASCII characters, or \"vpn HEX\" with 7 bytes, "

static const struct { const char *words, *text; } bad[] = {
	{ "mode=all", "server is missing (server 192.0.2.1)" },
	{ "server=x", "server wants an IPv4 address, not \"x\"" },
	{ "server=192.0.2.1,,192.0.2.256", "server wants an IPv4 address, not \"192.0.2.256\"" },
	{ "server=,", "server wants an IPv4 address, not \",\"" },
	{ "server=0.0.0.1", "server 0.0.0.1 is not a host address" },
	{ "server=127.0.0.1", "server 127.0.0.1 is not a host address" },
	{ "server=224.0.0.1", "server 224.0.0.1 is a multicast address" },
	{ "server=255.255.255.255", "server 255.255.255.255 is not a host address" },
	{ SERVER "server=192.0.2.1", "server 192.0.2.1 is given twice" },
	{ SERVER "giaddr=192.0.2.1", "server 192.0.2.1 is the relay's own giaddr" },
	{ "server=1.0.0.1,1.0.0.2,1.0.0.3,1.0.0.4,1.0.0.5,1.0.0.6,1.0.0.7,1.0.0.8,1.0.0.9;"
	  "server=2.0.0.1,2.0.0.2,2.0.0.3,2.0.0.4,2.0.0.5,2.0.0.6,2.0.0.7,2.0.0.8", "server: more than 16 addresses" },
	{ SERVER "giaddr=x", "giaddr wants an IPv4 address, not \"x\"" },
	{ SERVER "giaddr=240.0.0.1", "giaddr 240.0.0.1 is not a host address" },
	{ SERVER "mode=first", "mode wants all or priority, not \"first\"" },
	{ SERVER "policy=forward", "policy wants append, replace, keep or drop, not \"forward\"" },
	{ SERVER "replies=all", "replies wants configured or any, not \"all\"" },
	{ SERVER "trusted=2", "trusted wants on or off, not \"2\"" },
	{ SERVER "hops=0", "hops wants a number from 1 to 16, not \"0\"" },
	{ SERVER "hops=17", "hops wants a number from 1 to 16, not \"17\"" },
	{ SERVER "secs=65536", "secs wants a number from 0 to 65535, not \"65536\"" },
	{ SERVER "secs=-1", "secs wants a number from 0 to 65535, not \"-1\"" },
	{ SERVER "source-port=0", "source-port wants a number from 1 to 65535, not \"0\"" },
	{ SERVER "source-port=68", "source-port 68 is where clients listen" },
	{ SERVER "survive=59", "survive wants a time from 1m to 1d, not \"59\"" },
	{ SERVER "survive=86401", "survive wants a time from 1m to 1d, not \"86401\"" },
	{ SERVER "survive=infinite", "survive wants a time from 1m to 1d, not \"infinite\"" },
	{ SERVER "survive=1h;server-id-override=off",
	  "survive wants server-id-override: without it clients renew past the relay" },
	{ SERVER "validate=on", "validate wants something that is put into option 82, such as a circuit-id" },
	{ SERVER "link-selection=maybe", "link-selection wants on, off or auto, not \"maybe\"" },
	{ SERVER "circuit-id=", "circuit-id is empty" },
	{ SERVER "circuit-id=\"\"", "circuit-id is empty" },
	{ SERVER "remote-id=50%", "remote-id: a % at the end; %% is a percent sign" },
	{ SERVER "remote-id=%q", "remote-id: \"%q\" stands for nothing; known: %i the interface, %v its VLAN, "
	  "%s the VLAN around that one, %p the bridge's port, %m the client's hardware address, %h this machine's name, "
	  "%% a percent sign" },
	{ SERVER "circuit-id=0x0", "circuit-id wants 1 to 253 bytes in hexadecimal such as 0x0004000a, or a format; "
	  "\"0x0\" is a format if it is in quotes" },
	{ SERVER "circuit-id=" TEXT_250 "1234", "circuit-id" TOO_LONG },
	{ SERVER "remote-id=" TEXT_250 "%i%i", "remote-id" TOO_LONG },
	{ SERVER "circuit-id=" TEXT_250 "1;remote-id=%i",
	  "option 82 has room for 255 bytes, and what is to be in it has 256 or more; the longest is circuit-id" },
	{ SERVER "circuit-id=%i;remote-id=b;relay-id=010203;vss=text " TEXT_250,
	  "option 82 has room for 255 bytes, and what is to be in it has 266 or more; the longest is vss" },
	{ SERVER "relay-id=0102", "relay-id wants auto, or a DUID of 3 to 130 bytes in hexadecimal such as "
	  "00:03:00:01:52:54:00:12:34:56, not \"0102\"" },
	{ SERVER "vss=local", VSS_WANTS "not \"local\"" },
	{ SERVER "vss=text ", VSS_WANTS "not \"text \"" },
	{ SERVER "vss=vpn 010203040506", VSS_WANTS "not \"vpn 010203040506\"" },
};

TEST(what_has_no_meaning_is_refused_with_a_reason)
{
	struct json_object *model;
	struct compiled specs;
	struct err e;
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		EXPECT_EQ(-1, compile(bad[i].words, &model, &specs, &e))
			TH_LOG("%s", bad[i].words);
		EXPECT_STREQ(bad[i].text, e.text);
		EXPECT_STREQ("relay eth1", e.object);
		json_object_put(model);
	}
}

TEST(names_are_interfaces)
{
	static const char *const none[] = {
		"", "a-name-of-16-byt", "eth/1", "eth:1", "eth 1", ".", "..", "eth\n1", "eth\v", "\feth", "eth\xa0", "\xc3\xa0", "\xff",
	};
	static const char *const good[] = {
		"a-name-of-15-by", "eth0.1000.12", "...", "eth+1", "ppp@1", "~", "-", "a\"b'{#$\\}=(,*", "eth\xc3\xb6",
	};
	struct json_object *model = model_new(), *relay;
	struct err e;
	size_t i;

	for (i = 0; i < ARRAY_LEN(none); i++)
		EXPECT_EQ(-1, model_add(model, RELAY, none[i], &relay, &e));
	for (i = 0; i < ARRAY_LEN(good); i++)
		EXPECT_EQ(0, model_add(model, RELAY, good[i], &relay, &e));
	json_object_put(model);
}

TEST_HARNESS_MAIN
