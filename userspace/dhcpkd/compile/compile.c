// SPDX-License-Identifier: GPL-2.0-or-later
/* Words to meaning: every object is checked and encoded, and the whole is checked against itself. */
#define _GNU_SOURCE
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dhcpkd/compile/compile.h"
#include "lib/conv.h"

void compile_warn(struct specs *s, enum object_type type, const char *name, const char *text)
{
	char warning[1200];

	snprintf(warning, sizeof(warning), "%s %s: %s", object_kinds[type].name, name, text);
	json_object_array_add(s->warnings, json_object_new_string(warning));
}

int compile_switch(struct json_object *object, const char *key, int *on, struct err *e)
{
	const char *text = model_text(object, key, 0);

	if (text && parse_bool(text, on))
		return err_set(e, text, "%s wants on or off, not \"%s\"", key, text);
	return 0;
}

int compile_choice(struct json_object *object, const char *key, const char *const *names, const char *wants,
			  unsigned int *which, struct err *e)
{
	const char *text = model_text(object, key, 0);
	unsigned int i;

	if (!text)
		return 0;
	for (i = 0; names[i]; i++) {
		if (!strcmp(names[i], text)) {
			*which = i;
			return 0;
		}
	}
	return err_set(e, text, "%s wants %s, not \"%s\"", key, wants, text);
}

static int compile_definition(const char *name, struct json_object *object, struct option_defs *own, struct err *e)
{
	const char *code = model_text(object, "code", 0), *type = model_text(object, "type", 0);
	char types[256];

	if (!code)
		return err_set(e, NULL, "code is missing (code 224)");
	if (!type)
		return err_set(e, NULL, "type is missing; known: %s", option_types_text(types, sizeof(types)));
	return option_define(own, name, code, type, e);
}

static int check_overlap(const struct pool_spec *pools, size_t n, struct err *e)
{
	char net[IP_SIZE];
	size_t i;

	for (i = 0; i < n; i++) {
		if (pools[i].subnet <= broadcast_of(&pools[n]) && pools[n].subnet <= broadcast_of(&pools[i]))
			return err_set(e, format_ip(net, pools[n].subnet), "the subnet shares addresses with pool %s",
				       pools[i].name);
	}
	return 0;
}

/* ---- hosts ---- */

static const struct pool_spec *host_pool(struct json_object *object, const struct pool_spec *pools, size_t n, uint32_t ip,
					 struct err *e)
{
	const char *name = model_text(object, "pool", 0);
	size_t i;

	for (i = 0; i < n; i++) {
		if (name ? !strcmp(pools[i].name, name) : ip ? in_subnet(&pools[i], ip) : n == 1)
			return &pools[i];
	}
	if (name)
		err_set(e, name, "there is no pool \"%s\"", name);
	else if (ip)
		err_set(e, model_text(object, "ip", 0), "no pool's subnet has the address");
	else
		err_set(e, NULL, "pool is missing: which of the %zu pools?", n);
	return NULL;
}

/* What a host is known by: one of three. */
static int compile_client(struct json_object *object, struct host_spec *h, struct err *e)
{
	static const struct {
		const char	*word;
		enum host_key	key;
		int		(*parse)(const char *text, uint8_t *bytes, size_t size, size_t *len);
		const char	*wants;
	} known[] = {
		{ "mac", HOST_MAC, NULL, "six bytes such as 52:54:00:12:34:56" },
		{ "client-id", HOST_CLIENT_ID, parse_hex, "bytes in hexadecimal such as 01:52:54:00:12:34:56" },
		{ "circuit-id", HOST_CIRCUIT_ID, parse_bytes, "bytes in hexadecimal such as 00:04:00:0a, or \"text\"" },
	};
	const char *text = NULL;
	size_t i, which = 0;

	for (i = 0; i < 3; i++) {
		const char *value = model_text(object, known[i].word, 0);

		if (value && text)
			return err_set(e, value, "give mac, client-id or circuit-id, one of them");
		if (value) {
			text = value;
			which = i;
		}
	}
	if (!text)
		return err_set(e, NULL, "give mac, client-id or circuit-id, one of them");
	h->key = known[which].key;
	h->id_len = 6;
	if (known[which].parse ? known[which].parse(text, h->id, sizeof(h->id), &h->id_len) : parse_mac(text, h->id))
		return err_set(e, text, "%s wants %s, not \"%.200s\"", known[which].word, known[which].wants, text);
	return 0;
}

/* The kernel never leases an address of its own: such a host would be offered it and refused it for ever. */
static int check_own(const char *name, const char *ip, struct specs *s, struct host_spec *h, struct err *e)
{
	size_t i;

	for (i = 0; h->ip && i < s->n_own; i++) {
		if (s->own[i] != h->ip)
			continue;
		err_set(e, ip, "ip %s is this machine's own address", ip);
		if (own_warn(s, HOST, name, "no client gets it", e))
			return -1;
		h->ip = 0;
	}
	return 0;
}

static int compile_host(const char *name, struct json_object *object, const struct option_defs *own, struct specs *s,
			struct host_spec *h, struct err *e)
{
	const char *ip = model_text(object, "ip", 0);
	const struct pool_spec *pool;

	h->name = name;
	if (compile_client(object, h, e))
		return -1;
	if (ip && parse_ip(ip, &h->ip))
		return err_set(e, ip, "ip wants an IPv4 address, not \"%s\"", ip);
	pool = host_pool(object, s->pools, s->n_pools, h->ip, e);
	if (!pool)
		return -1;
	if (ip && (!in_subnet(pool, h->ip) || h->ip == pool->subnet || h->ip == broadcast_of(pool)))
		return err_set(e, ip, "ip %s is no host of pool %s's subnet", ip, pool->name);
	h->pool = pool->name;
	if (check_own(name, ip, s, h, e))
		return -1;
	if (compile_time(object, "lease", &h->lease, e))
		return -1;
	if (compile_host_set(object, own, pool, h, e))
		return -1;
	if (h->set && *h->set->options.note)
		compile_warn(s, HOST, name, h->set->options.note);
	return 0;
}

/* Those of the model so far, to find one that is like the next */
struct host_index {
	void	*by_client;
	void	*by_ip;
};

static int by_client(const void *first, const void *second)
{
	const struct host_spec *a = first, *b = second;
	int order = strcmp(a->pool, b->pool);

	if (!order)
		order = (int)a->key - (int)b->key;
	if (!order)
		order = (int)a->id_len - (int)b->id_len;
	return order ? order : memcmp(a->id, b->id, a->id_len);
}

static int by_ip(const void *first, const void *second)
{
	const struct host_spec *a = first, *b = second;
	int order = strcmp(a->pool, b->pool);

	return order ? order : (a->ip > b->ip) - (a->ip < b->ip);
}

/* The host that is in the tree by then: @h, or the one that is like it; NULL for lack of memory */
static const struct host_spec *put_host(const struct host_spec *h, void **tree, int (*order)(const void *, const void *))
{
	const struct host_spec **found = tsearch(h, tree, order);

	return found ? *found : NULL;
}

static int check_host(struct host_index *index, const struct host_spec *h, struct err *e)
{
	const struct host_spec *client = put_host(h, &index->by_client, by_client);
	const struct host_spec *ip = h->ip ? put_host(h, &index->by_ip, by_ip) : h;
	char text[IP_SIZE];

	if (!client || !ip)
		return err_not_now(e, "out of memory");
	if (client != h)
		return err_set(e, NULL, "another host of pool %s is this client already", h->pool);
	if (ip != h)
		return err_set(e, format_ip(text, h->ip), "ip %s is another host's already", text);
	return 0;
}

static void keep(void *host)
{
}

static int compile_hosts(struct json_object *model, const struct option_defs *own, struct specs *s, struct err *e)
{
	struct host_index index = {};
	int err = 0;

	json_object_object_foreach(model_objects(model, HOST), name, host) {
		struct host_spec *h = &s->hosts[s->n_hosts++];

		err = compile_host(name, host, own, s, h, e) || check_host(&index, h, e) ? whose(e, HOST, name) : 0;
		if (err)
			break;
	}
	tdestroy(index.by_client, keep);
	tdestroy(index.by_ip, keep);
	return err;
}

/* The kernel listens at few ports besides DHCP's own. */
static int check_port(struct specs *s, uint16_t port, struct err *e)
{
	char text[8];
	size_t i;

	for (i = 0; i < s->n_ports; i++) {
		if (s->ports[i] == port)
			return 0;
	}
	if (port == DHCP_SERVER_PORT)
		return 0;
	if (s->n_ports == DHCPK_RELAY_PORTS_MAX) {
		snprintf(text, sizeof(text), "%u", port);
		return err_set(e, text, "source-port %s is one too many: all relays together have %d different ones besides %d",
			       text, DHCPK_RELAY_PORTS_MAX, DHCP_SERVER_PORT);
	}
	s->ports[s->n_ports++] = port;
	return 0;
}

/* A spec counts from when its compilation starts, so that specs_free() sees what it has. */
static int compile_all(struct json_object *model, struct option_defs *own, struct specs *s, struct err *e)
{
	json_object_object_foreach(model_objects(model, OPTION), option_name, option) {
		if (compile_definition(option_name, option, own, e))
			return whose(e, OPTION, option_name);
	}
	json_object_object_foreach(model_objects(model, POOL), pool_name, pool) {
		struct pool_spec *p = &s->pools[s->n_pools];

		if (compile_pool(pool_name, pool, own, s, p, e) || check_overlap(s->pools, s->n_pools, e))
			return whose(e, POOL, pool_name);
		s->n_pools++;
	}
	if (compile_hosts(model, own, s, e))
		return -1;
	json_object_object_foreach(model_objects(model, RELAY), dev, relay) {
		struct relay_spec *r = &s->relays[s->n_relays++];

		if (compile_relay(dev, relay, s, r, e) || check_port(s, r->port, e))
			return whose(e, RELAY, dev);
	}
	return 0;
}

static int compile(struct json_object *model, const struct typed *typed, bool own_addresses, struct specs *s, struct err *e)
{
	struct option_defs own = { .n = 0 };

	memset(s, 0, sizeof(*s));
	s->pools = calloc(json_object_object_length(model_objects(model, POOL)) + 1, sizeof(*s->pools));
	s->hosts = calloc(json_object_object_length(model_objects(model, HOST)) + 1, sizeof(*s->hosts));
	s->relays = calloc(json_object_object_length(model_objects(model, RELAY)) + 1, sizeof(*s->relays));
	s->warnings = json_object_new_array();
	s->typed = typed;
	if (!s->pools || !s->hosts || !s->relays || !s->warnings)
		err_not_now(e, "out of memory");
	else if ((!own_addresses || !own_load(s, e)) && !compile_all(model, &own, s, e))
		return 0;
	specs_free(s);
	return -1;
}

int model_compile(struct json_object *model, const struct typed *typed, struct specs *s, struct err *e)
{
	return compile(model, typed, true, s, e);
}

int model_check(struct json_object *model, struct err *e)
{
	struct specs specs;
	int err = compile(model, NULL, false, &specs, e);

	if (!err)
		specs_free(&specs);
	return err;
}

void specs_free(struct specs *s)
{
	size_t i;

	for (i = 0; i < s->n_hosts; i++)
		free(s->hosts[i].set);
	free(s->pools);
	free(s->hosts);
	free(s->relays);
	free(s->own);
	free(s->broadcasts);
	json_object_put(s->warnings);
	memset(s, 0, sizeof(*s));
}
