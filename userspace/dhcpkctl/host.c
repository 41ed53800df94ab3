// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "dhcpkctl/ctl.h"
#include "dhcpkctl/json.h"
#include "dhcpkctl/print.h"

/* The words for a client identifier. */
static bool is_id(const char *word)
{
	return !strcmp(word, "mac") || !strcmp(word, "client-id") || !strcmp(word, "circuit-id");
}

/* Look at words, not at their values: a host's name may be "mac". */
static const char *client_of(int argc, char **argv)
{
	const struct key *k;
	int i;

	for (i = 0; i + 1 < argc; i += 1 + count_values(HOST, argc - i, argv + i)) {
		k = unique_key(HOST, argv[i]);
		if (k && is_id(k->name))
			return argv[i + 1];
	}
	return NULL;
}

/*
 * Without a name, use the client identifier, if it is a valid name (lib/model/model.c), else its
 * hash (FNV-1a).
 */
static const char *host_name(const char *client, char buf[32])
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	const char *c;
	bool plain = true;

	for (c = client; *c; c++) {
		plain &= isalnum((unsigned char)*c) || strchr("-_.:", *c);
		hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
	}
	if (plain && c - client < DHCPK_POOL_NAME_SIZE)
		return client;
	snprintf(buf, 32, "host-%016" PRIx64, hash);
	return buf;
}

/*
 * The name is first, if there is one. An abbreviated word could be a name; the next word decides.
 */
static bool has_name(int argc, char **argv)
{
	if (!argc || find_key(HOST, argv[0]))
		return false;
	return !unique_key(HOST, argv[0]) || argc == 1 || unique_key(HOST, argv[1]);
}

enum status host_add(struct ctl *c, int argc, char **argv)
{
	const char *client, *given = NULL;
	char name[32];

	if (has_name(argc, argv)) {
		given = argv[0];
		argc--;
		argv++;
	}
	client = client_of(argc, argv);
	if (!client)
		return usage_error("host add wants mac M or client-id X or circuit-id C");
	return send_words(c, "host-add", given ? given : host_name(client, name), argc, argv, HOST);
}

static bool has_bytes(struct json_object *host, const char *key, const uint8_t *bytes, size_t len)
{
	uint8_t has[255];
	size_t n = 6;

	if (!strcmp(key, "mac"))
		return len == n && !parse_mac(text_in(host, key), has) && !memcmp(has, bytes, n);
	return len && !parse_bytes(text_in(host, key), has, sizeof(has), &n) && n == len &&
	       !memcmp(has, bytes, len);
}

static bool is_in_pool(struct json_object *host, const struct kernel_lease *l, uint32_t subnet,
		       uint8_t prefix)
{
	const char *pool = text_in(host, "pool");
	uint32_t ip;

	if (!parse_ip(text_in(host, "ip"), &ip))
		return (ip & ~(0xffffffffU >> prefix)) == subnet;
	return !*pool || !strcmp(pool, l->pool);
}

struct json_object *host_of(struct json_object *hosts, const struct kernel_lease *l,
			    uint32_t subnet, uint8_t prefix)
{
	size_t circuit_len, i, j;
	const uint8_t *circuit = lease_agent(l, 1, &circuit_len);
	/* Same order as kmod/server/sender.c */
	const struct { const char *key; const uint8_t *bytes; size_t len; } ids[] = {
		{ "circuit-id", circuit, circuit ? circuit_len : 0 },
		{ "client-id", l->client_id, l->client_id_len },
		{ "mac", l->mac, l->mac_len },
	};

	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		for (j = 0; j < json_object_array_length(hosts); j++) {
			struct json_object *host = json_object_array_get_idx(hosts, j);

			if (has_bytes(host, ids[i].key, ids[i].bytes, ids[i].len) &&
			    is_in_pool(host, l, subnet, prefix))
				return host;
		}
	}
	return NULL;
}

static enum status del(struct ctl *c, int argc, char **argv)
{
	const struct key *k = argc == 2 ? unique_key(HOST, argv[0]) : NULL;
	const char *key = k && is_id(k->name) ? k->name : NULL;
	struct json_object *request;

	if ((argc != 1 && !key) || !*argv[argc - 1])
		return usage_error("host del wants NAME, mac M, client-id X or circuit-id C");
	request = request_new("host-del", argv[argc - 1]);
	set_text(request, "by", key);
	return ask_change(c, request, NULL);
}

static enum status set(struct ctl *c, int argc, char **argv)
{
	if (name_missing(HOST, argc, argv))
		return usage_error("which host? a name is missing%s%s%s", argc ? " before \"" : "",
				   argc ? argv[0] : "", argc ? "\"" : "");
	return send_words(c, "host-set", argv[0], argc - 1, argv + 1, HOST);
}

static enum status show_hosts(struct ctl *c, int argc, char **argv)
{
	static const char *const columns[] = {
		"name", "mac", "client-id", "circuit-id", "ip", "hostname", "pool", "option", NULL,
	};
	struct json_object *array;
	enum status status;

	if (argc)
		return usage_error("host show takes no \"%s\"", argv[0]);
	status = model_rows(c, HOST, &array);
	return status == DONE ? show(c, array, columns) : status;
}

enum status host_main(struct ctl *c, int argc, char **argv)
{
	static const struct command commands[] = {
		{ "add", host_add, " [NAME] (mac M | client-id X | circuit-id C) [WORD VALUE]...",
		  &object_kinds[HOST],
		  "reserves an address or options for a client, "
		  "in the pool that contains the address\n"
		  "    without a name the host is named after its client" },
		{ "set", set, " NAME [WORD VALUE | no WORD]...\n"
		  "    sets the given words; \"no WORD\" unsets one" },
		{ "del", del, " NAME | mac M | client-id X | circuit-id C" },
		{ "show", show_hosts, "\n    all reservations" },
		{}
	};

	return run_object(c, "host", commands, "show", argc, argv);
}
