// SPDX-License-Identifier: GPL-2.0-or-later
/* Compiles a host: its pool, client and address; and refuses duplicates. */
#define _GNU_SOURCE
#include <search.h>
#include <string.h>

#include "dhcpkd/compile/host.h"
#include "dhcpkd/compile/own.h"
#include "dhcpkd/compile/set.h"
#include "dhcpkd/compile/subnet.h"
#include "dhcpkd/compile/words.h"
#include "lib/conv.h"
#include "lib/model/model.h"

static const struct pool_spec *host_pool(struct json_object *object, const struct pool_spec *pools,
					 size_t n, uint32_t ip, struct err *e)
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

/* The client's identifier: exactly one of three keys. */
static int compile_client(struct json_object *object, struct host_spec *h, struct err *e)
{
	static const struct {
		const char	*word;
		enum host_key	key;
		int (*parse)(const char *text, uint8_t *bytes, size_t size, size_t *len);
		const char	*wants;
	} known[] = {
		{ "mac", HOST_MAC, NULL, "six bytes such as 52:54:00:12:34:56" },
		{ "client-id", HOST_CLIENT_ID, parse_hex,
		  "bytes in hexadecimal such as 01:52:54:00:12:34:56" },
		{ "circuit-id", HOST_CIRCUIT_ID, parse_bytes,
		  "bytes in hexadecimal such as 00:04:00:0a, or \"text\"" },
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
	if (known[which].parse ? known[which].parse(text, h->id, sizeof(h->id), &h->id_len)
			       : parse_mac(text, h->id))
		return err_set(e, text, "%s wants %s, not \"%.200s\"", known[which].word,
			       known[which].wants, text);
	return 0;
}

/*
 * The kernel never leases an address of this machine: such a host would be offered it and refused
 * it for ever.
 */
static int check_own(const char *name, const char *ip, struct compiled *s, struct host_spec *h,
		     struct err *e)
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

static int compile_host(const char *name, struct json_object *object, const struct option_defs *own,
			struct compiled *s, struct host_spec *h, struct err *e)
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
		return err_set(e, ip, "ip %s is not a host address of pool %s's subnet", ip,
			       pool->name);
	h->pool = pool->name;
	if (check_own(name, ip, s, h, e))
		return -1;
	if (compile_time(object, "lease", &h->lease, e))
		return -1;
	if (compile_host_set(object, own, pool, h, e))
		return -1;
	if (h->set && *h->set->options.note)
		compiled_warn(s, HOST, name, h->set->options.note);
	return 0;
}

/* The hosts compiled so far, to find duplicates */
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

/* Return: @h if it was inserted, or the equal host in the tree; NULL without memory */
static const struct host_spec *insert_host(const struct host_spec *h, void **tree,
					   int (*order)(const void *, const void *))
{
	const struct host_spec **found = tsearch(h, tree, order);

	return found ? *found : NULL;
}

static int check_host(struct host_index *index, const struct host_spec *h, struct err *e)
{
	const struct host_spec *client = insert_host(h, &index->by_client, by_client);
	const struct host_spec *ip = h->ip ? insert_host(h, &index->by_ip, by_ip) : h;
	char text[IP_SIZE];

	if (!client || !ip)
		return err_not_now(e, "out of memory");
	if (client != h)
		return err_set(e, NULL, "another host of pool %s is this client already", h->pool);
	if (ip != h)
		return err_set(e, format_ip(text, h->ip), "ip %s is another host's already", text);
	return 0;
}

static void free_nothing(void *host)
{
}

int compile_hosts(struct json_object *model, const struct option_defs *own, struct compiled *s,
		  struct err *e)
{
	struct host_index index = {};
	int err = 0;

	json_object_object_foreach(model_objects(model, HOST), name, host) {
		struct host_spec *h = &s->hosts[s->n_hosts++];

		if (compile_host(name, host, own, s, h, e) || check_host(&index, h, e)) {
			err = err_object(e, HOST, name);
			break;
		}
	}
	tdestroy(index.by_client, free_nothing);
	tdestroy(index.by_ip, free_nothing);
	return err;
}
