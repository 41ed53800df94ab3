// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "lib/model/words.h"

static const struct key option_keys[] = {
	{ "code", 0, "N" },
	{ "type", 0, "T" },
	{}
};

static const struct key pool_keys[] = {
	{ "subnet", 0, "CIDR" },
	{ "dev", 0, "IF" },
	{ "relay-link", 1, "CIDR" },
	{ "via", 1, "IF|none" },
	{ "range", 1, "A-B|none" },
	{ "router", 1, "IP" },
	{ "dns", 1, "IP" },
	{ "domain", 0, "D" },
	{ "lease", 0, "TIME" },
	{ "min-lease", 0, "TIME" },
	{ "max-lease", 0, "TIME" },
	{ "renew", 0, "TIME|N%|off" },
	{ "rebind", 0, "TIME|N%|off" },
	{ "decline-time", 0, "TIME" },
	{ "durability", 0, "sync|async" },
	{ "identity", 0, "client-id|mac|circuit-id|client-id-strict" },
	{ "authoritative", 0, "on|off" },
	{ "rapid-commit", 0, "on|off" },
	{ "bootp", 0, "on|off" },
	{ "subnet-selection", 0, "on|off" },
	{ "verify-chaddr", 0, "on|off" },
	{ "trusted", 0, "on|off" },
	{ "next-server", 0, "IP" },
	{ "server-name", 0, "TEXT" },
	{ "boot-file", 0, "TEXT" },
	{ "option", 1, "CODE|NAME VALUE [always]" },
	{}
};

static const struct key host_keys[] = {
	{ "mac", 0, "M" },
	{ "client-id", 0, "X" },
	{ "circuit-id", 0, "C" },
	{ "ip", 0, "IP" },
	{ "hostname", 0, "H" },
	{ "lease", 0, "TIME" },
	{ "renew", 0, "TIME|N%|off" },
	{ "rebind", 0, "TIME|N%|off" },
	{ "next-server", 0, "IP" },
	{ "server-name", 0, "TEXT" },
	{ "boot-file", 0, "TEXT" },
	{ "option", 1, "CODE|NAME VALUE [always]" },
	{ "pool", 0, "NAME" },
	{}
};

static const struct key relay_keys[] = {
	{ "server", 1, "IP[,IP]..." },
	{ "mode", 0, "all|priority" },
	{ "giaddr", 0, "IP" },
	{ "hops", 0, "N" },
	{ "secs", 0, "N" },
	{ "source-port", 0, "N" },
	{ "circuit-id", 0, "FMT" },
	{ "remote-id", 0, "FMT" },
	{ "link-selection", 0, "on|off|auto" },
	{ "server-id-override", 0, "on|off" },
	{ "agent-flags", 0, "on|off" },
	{ "relay-id", 0, "auto|HEX" },
	{ "vss", 0, "global|text NAME|vpn HEX" },
	{ "trusted", 0, "[on|off]", 1 },
	{ "policy", 0, "append|replace|keep|drop" },
	{ "replies", 0, "configured|any" },
	{ "validate", 0, "on|off" },
	{ "survive", 0, "TIME" },
	{}
};

_Static_assert(sizeof(pool_keys) / sizeof(pool_keys[0]) <= KEYS_MAX, "with the end");
_Static_assert(sizeof(host_keys) / sizeof(host_keys[0]) <= KEYS_MAX, "with the end");
_Static_assert(sizeof(relay_keys) / sizeof(relay_keys[0]) <= KEYS_MAX, "with the end");

const struct object_kind object_kinds[OBJECT_TYPES] = {
	[OPTION]	= { "option", "an option", "options", option_keys },
	[POOL]		= { "pool", "a pool", "pools", pool_keys },
	[HOST]		= { "host", "a host", "hosts", host_keys },
	[RELAY]		= { "relay", "a relay", "relays", relay_keys },
};

const struct key *find_key(enum object_type type, const char *word)
{
	const struct key *k;

	for (k = object_kinds[type].keys; k->name; k++) {
		if (!strcmp(k->name, word))
			return k;
	}
	return NULL;
}

char *keys_text(char *buf, size_t size, enum object_type type)
{
	const struct key *k;
	size_t at = 0;

	buf[0] = '\0';
	for (k = object_kinds[type].keys; k->name && at < size; k++)
		at += snprintf(buf + at, size - at, "%s%s", at ? " " : "", k->name);
	return buf;
}
