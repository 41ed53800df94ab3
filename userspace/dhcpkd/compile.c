// SPDX-License-Identifier: GPL-2.0-or-later
/* Words to meaning: what a pool or host says is checked and encoded, and the whole is checked against itself. */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dhcpkd/model.h"

enum { ADDRS_MAX = 32 };

struct addrs {
	uint32_t	ip[ADDRS_MAX];
	unsigned int	n;
};

static const char *value_of(struct json_object *object, const char *key, size_t i)
{
	struct json_object *values = json_object_object_get(object, key);

	if (!values || i >= json_object_array_length(values))
		return NULL;
	return json_object_get_string(json_object_array_get_idx(values, i));
}

static uint32_t broadcast_of(const struct pool_spec *p)
{
	return p->subnet | (0xffffffffU >> p->prefix);
}

static int in_subnet(const struct pool_spec *p, uint32_t ip)
{
	return ip >= p->subnet && ip <= broadcast_of(p);
}

/* The addresses of an interface, as far as it exists. */
static void own_addresses(const char *dev, struct addrs *own)
{
	struct ifaddrs *all, *ifa;

	if (!dev || getifaddrs(&all))
		return;
	for (ifa = all; ifa && own->n < ADDRS_MAX; ifa = ifa->ifa_next) {
		if (ifa->ifa_addr && ifa->ifa_addr->sa_family == AF_INET && !strcmp(ifa->ifa_name, dev))
			own->ip[own->n++] = ntohl(((struct sockaddr_in *)ifa->ifa_addr)->sin_addr.s_addr);
	}
	freeifaddrs(all);
}

/* A key's addresses; each value may hold several with commas between them. */
static int addresses(struct json_object *object, const char *key, struct addrs *a, struct err *e)
{
	const char *value;
	size_t i;

	for (i = 0; (value = value_of(object, key, i)); i++) {
		char copy[512], *save = NULL, *part;

		snprintf(copy, sizeof(copy), "%s", value);
		for (part = strtok_r(copy, ", ", &save); part; part = strtok_r(NULL, ", ", &save)) {
			if (a->n == ADDRS_MAX)
				return err_set(e, value, "%s: more than %d addresses", key, ADDRS_MAX);
			if (parse_ip(part, &a->ip[a->n++]))
				return err_set(e, part, "%s wants an IPv4 address, not \"%s\"", key, part);
		}
	}
	return 0;
}

static int compile_subnet(struct json_object *object, struct pool_spec *p, struct err *e)
{
	const char *text = value_of(object, "subnet", 0);
	char net[IP_SIZE];

	if (!text)
		return err_set(e, NULL, "subnet is missing (subnet 192.0.2.0/24)");
	if (parse_cidr(text, &p->subnet, &p->prefix))
		return err_set(e, text, "subnet wants ADDRESS/PREFIX such as 192.0.2.0/24, not \"%s\"", text);
	if (p->prefix < 1 || p->prefix > 30)
		return err_set(e, text, "subnet %s: the prefix must be 1 to 30", text);
	if (p->subnet & (0xffffffffU >> p->prefix))
		return err_set(e, text, "subnet %s has host bits set; did you mean %s/%u?", text,
			       format_ip(net, p->subnet & ~(0xffffffffU >> p->prefix)), p->prefix);
	return 0;
}

static int compile_time(struct json_object *object, const char *key, uint32_t *seconds, struct err *e)
{
	const char *text = value_of(object, key, 0);

	if (!text)
		return 0;
	if (parse_time(text, seconds) || !*seconds)
		return err_set(e, text, "%s wants a time such as 3600, 15m, 1h, 7d or infinite, not \"%s\"", key, text);
	return 0;
}

static int compile_times(struct json_object *object, struct pool_spec *p, struct err *e)
{
	const char *min = value_of(object, "min-lease", 0), *max = value_of(object, "max-lease", 0);

	p->lease = 3600;
	if (compile_time(object, "lease", &p->lease, e))
		return -1;
	p->lease_min = p->lease < 60 ? p->lease : 60;
	p->lease_max = p->lease;
	if (compile_time(object, "min-lease", &p->lease_min, e) || compile_time(object, "max-lease", &p->lease_max, e))
		return -1;
	if (p->lease_min > p->lease)
		return err_set(e, min, "min-lease %s is longer than the lease time", min);
	if (p->lease_max < p->lease)
		return err_set(e, max, "max-lease %s is shorter than the lease time", max);
	return 0;
}

/* Addresses that clients must not get, with what to call them. */
static int check_excluded(const struct pool_spec *p, const struct range *r, const char *text, const char *what,
			  const struct addrs *a, struct err *e)
{
	char ip[IP_SIZE];
	unsigned int i;

	for (i = 0; i < a->n; i++) {
		if (a->ip[i] >= r->first && a->ip[i] <= r->last)
			return err_set(e, text, "range %s contains %s %s", text, what, format_ip(ip, a->ip[i]));
	}
	return 0;
}

static int compile_range(struct pool_spec *p, const char *text, const struct addrs *routers, const struct addrs *own,
			 struct err *e)
{
	char ip[IP_SIZE], last[IP_SIZE];
	struct range r;
	unsigned int i;

	if (parse_range(text, &r))
		return err_set(e, text, "range wants FIRST-LAST such as 192.0.2.10-192.0.2.99, not \"%s\"", text);
	if (r.first > r.last)
		return err_set(e, text, "range %s ends before it starts", text);
	if (!in_subnet(p, r.first) || !in_subnet(p, r.last))
		return err_set(e, text, "range %s is outside the subnet %s/%u", text, format_ip(ip, p->subnet), p->prefix);
	if (r.first == p->subnet)
		return err_set(e, text, "range %s contains the network address %s", text, format_ip(ip, p->subnet));
	if (r.last == broadcast_of(p))
		return err_set(e, text, "range %s contains the broadcast address %s", text,
			       format_ip(ip, broadcast_of(p)));
	for (i = 0; i < p->n_ranges; i++) {
		if (r.first <= p->ranges[i].last && r.last >= p->ranges[i].first)
			return err_set(e, text, "range %s overlaps %s-%s", text, format_ip(ip, p->ranges[i].first),
				       format_ip(last, p->ranges[i].last));
	}
	if (check_excluded(p, &r, text, "the pool's router", routers, e) ||
	    check_excluded(p, &r, text, "this machine's own address", own, e))
		return -1;
	if (p->n_ranges == DHCPK_RANGES_MAX)
		return err_set(e, text, "more than %d ranges", DHCPK_RANGES_MAX);
	p->ranges[p->n_ranges++] = r;
	return 0;
}

static int compare_ips(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* A pool that names no range serves its whole subnet, around its routers and our own addresses. */
static void whole_subnet(struct pool_spec *p, const struct addrs *routers, const struct addrs *own)
{
	uint32_t gaps[2 * ADDRS_MAX + 1], first = p->subnet + 1;
	unsigned int n = 0, i;

	for (i = 0; i < routers->n; i++)
		gaps[n++] = routers->ip[i];
	for (i = 0; i < own->n; i++)
		gaps[n++] = own->ip[i];
	qsort(gaps, n, sizeof(gaps[0]), compare_ips);
	gaps[n++] = broadcast_of(p);
	for (i = 0; i < n && p->n_ranges < DHCPK_RANGES_MAX; i++) {
		if (gaps[i] < first || gaps[i] > broadcast_of(p))
			continue;
		if (gaps[i] > first)
			p->ranges[p->n_ranges++] = (struct range){ first, gaps[i] - 1 };
		first = gaps[i] + 1;
	}
}

static int compile_ranges(struct json_object *object, struct pool_spec *p, const struct addrs *routers, struct err *e)
{
	struct addrs own = {};
	uint64_t total = 0;
	const char *text;
	size_t i;

	own_addresses(p->dev, &own);
	for (i = 0; (text = value_of(object, "range", i)); i++) {
		if (compile_range(p, text, routers, &own, e))
			return -1;
	}
	if (!i)
		whole_subnet(p, routers, &own);
	for (i = 0; i < p->n_ranges; i++)
		total += p->ranges[i].last - p->ranges[i].first + 1;
	if (total > DHCPK_POOL_SIZE_MAX)
		return err_set(e, value_of(object, "subnet", 0), "a pool has at most %u addresses, this one %llu; give ranges",
			       DHCPK_POOL_SIZE_MAX, (unsigned long long)total);
	return 0;
}

static int put_addrs(struct option_block *block, uint8_t code, const struct addrs *a, struct err *e)
{
	uint32_t wire[ADDRS_MAX];
	unsigned int i;

	for (i = 0; i < a->n; i++)
		wire[i] = htonl(a->ip[i]);
	return a->n ? option_put(block, code, wire, a->n * 4, e) : 0;
}

static int put_addr(struct option_block *block, uint8_t code, uint32_t ip, struct err *e)
{
	struct addrs a = { { ip }, 1 };

	return option_find(block, code) ? 0 : put_addrs(block, code, &a, e);
}

static int user_options(struct json_object *object, struct option_block *block, struct err *e)
{
	const char *text;
	size_t i;

	for (i = 0; (text = value_of(object, "option", i)); i++) {
		if (option_add(block, text, e))
			return -1;
	}
	return 0;
}

/* Options 1 and 28 follow from the subnet unless the user says otherwise. */
static int compile_options(struct json_object *object, struct pool_spec *p, const struct addrs *routers, struct err *e)
{
	const char *domain = value_of(object, "domain", 0);
	struct addrs dns = {};

	if (addresses(object, "dns", &dns, e) || put_addrs(&p->options, 3, routers, e) ||
	    put_addrs(&p->options, 6, &dns, e))
		return -1;
	if (domain && (!*domain || strlen(domain) > 253))
		return err_set(e, domain, "domain wants a name of 1 to 253 characters");
	if (domain && option_put(&p->options, 15, domain, strlen(domain), e))
		return -1;
	if (user_options(object, &p->options, e))
		return -1;
	return put_addr(&p->options, 1, 0xffffffffU << (32 - p->prefix), e) ||
	       put_addr(&p->options, 28, broadcast_of(p), e) ? -1 : 0;
}

static int compile_pool(const char *name, struct json_object *object, struct pool_spec *p, struct err *e)
{
	const char *authoritative = value_of(object, "authoritative", 0);
	struct addrs routers = {};
	char ip[IP_SIZE];
	int on = 0;
	unsigned int i;

	p->name = name;
	p->dev = value_of(object, "dev", 0);
	if (p->dev && (!*p->dev || strlen(p->dev) >= IFNAMSIZ || strpbrk(p->dev, "/: \t")))
		return err_set(e, p->dev, "\"%s\" is no interface name", p->dev);
	if (compile_subnet(object, p, e) || addresses(object, "router", &routers, e))
		return -1;
	for (i = 0; i < routers.n; i++) {
		if (!in_subnet(p, routers.ip[i]) || routers.ip[i] == p->subnet || routers.ip[i] == broadcast_of(p))
			return err_set(e, format_ip(ip, routers.ip[i]), "router %s is no host of the subnet", ip);
	}
	if (authoritative && parse_bool(authoritative, &on))
		return err_set(e, authoritative, "authoritative wants on or off, not \"%s\"", authoritative);
	p->flags = on ? DHCPK_POOL_F_AUTHORITATIVE : 0;
	if (compile_times(object, p, e) || compile_ranges(object, p, &routers, e))
		return -1;
	return compile_options(object, p, &routers, e);
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
	const char *name = value_of(object, "pool", 0);
	size_t i;

	for (i = 0; i < n; i++) {
		if (name ? !strcmp(pools[i].name, name) : ip ? in_subnet(&pools[i], ip) : n == 1)
			return &pools[i];
	}
	if (name)
		err_set(e, name, "there is no pool \"%s\"", name);
	else if (ip)
		err_set(e, value_of(object, "ip", 0), "no pool's subnet has the address");
	else
		err_set(e, NULL, "pool is missing: which of the %zu pools?", n);
	return NULL;
}

static int compile_client(struct json_object *object, struct host_spec *h, struct err *e)
{
	const char *mac = value_of(object, "mac", 0), *id = value_of(object, "client-id", 0);

	if (!mac == !id)
		return err_set(e, mac, "give mac or client-id, one of them");
	h->has_mac = mac;
	if (mac && parse_mac(mac, h->mac))
		return err_set(e, mac, "mac wants six bytes such as 52:54:00:12:34:56, not \"%s\"", mac);
	if (id && parse_hex(id, h->client_id, sizeof(h->client_id), &h->client_id_len))
		return err_set(e, id, "client-id wants bytes in hexadecimal such as 01:52:54:00:12:34:56, not \"%s\"", id);
	return 0;
}

/* A host with options of its own has its pool's besides, those of the same code aside. */
static int compile_host_options(struct json_object *object, const struct pool_spec *pool, struct host_spec *h,
				struct err *e)
{
	const char *hostname = value_of(object, "hostname", 0);
	const struct option_block *block = &pool->options;
	size_t at;

	if (hostname && (!*hostname || option_put(&h->options, 12, hostname, strlen(hostname), e)))
		return err_set(e, hostname, "hostname wants 1 to 255 characters");
	if (user_options(object, &h->options, e))
		return -1;
	h->has_options = h->options.len;
	for (at = 0; h->has_options && at < block->len; at += 2 + block->data[at + 1]) {
		if (!option_find(&h->options, block->data[at]) &&
		    option_put(&h->options, block->data[at], &block->data[at + 2], block->data[at + 1], e))
			return -1;
	}
	return 0;
}

static int compile_host(struct json_object *object, const struct pool_spec *pools, size_t n_pools, struct host_spec *h,
			struct err *e)
{
	const char *ip = value_of(object, "ip", 0);
	const struct pool_spec *pool;

	if (compile_client(object, h, e))
		return -1;
	if (ip && parse_ip(ip, &h->ip))
		return err_set(e, ip, "ip wants an IPv4 address, not \"%s\"", ip);
	pool = host_pool(object, pools, n_pools, h->ip, e);
	if (!pool)
		return -1;
	if (ip && (!in_subnet(pool, h->ip) || h->ip == pool->subnet || h->ip == broadcast_of(pool)))
		return err_set(e, ip, "ip %s is no host of pool %s's subnet", ip, pool->name);
	h->pool = pool->name;
	return compile_host_options(object, pool, h, e);
}

static int same_client(const struct host_spec *a, const struct host_spec *b)
{
	if (a->has_mac != b->has_mac)
		return 0;
	if (a->has_mac)
		return !memcmp(a->mac, b->mac, sizeof(a->mac));
	return a->client_id_len == b->client_id_len && !memcmp(a->client_id, b->client_id, a->client_id_len);
}

static int check_host(const struct host_spec *hosts, size_t n, struct err *e)
{
	char ip[IP_SIZE];
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(hosts[i].pool, hosts[n].pool))
			continue;
		if (same_client(&hosts[i], &hosts[n]))
			return err_set(e, NULL, "another host of pool %s is this client already", hosts[n].pool);
		if (hosts[n].ip && hosts[i].ip == hosts[n].ip)
			return err_set(e, format_ip(ip, hosts[n].ip), "ip %s is another host's already", ip);
	}
	return 0;
}

static int compile_all(struct json_object *model, struct pool_spec *pools, struct host_spec *hosts, struct err *e)
{
	size_t n_pools = 0, n_hosts = 0;

	json_object_object_foreach(model_objects(model, POOL), pool_name, pool) {
		if (compile_pool(pool_name, pool, &pools[n_pools], e) || check_overlap(pools, n_pools, e)) {
			snprintf(e->object, sizeof(e->object), "pool %s", pool_name);
			return -1;
		}
		n_pools++;
	}
	json_object_object_foreach(model_objects(model, HOST), host_name, host) {
		if (compile_host(host, pools, n_pools, &hosts[n_hosts], e) || check_host(hosts, n_hosts, e)) {
			snprintf(e->object, sizeof(e->object), "host %s", host_name);
			return -1;
		}
		n_hosts++;
	}
	return 0;
}

int model_compile(struct json_object *model, struct pool_spec **pools, struct host_spec **hosts, struct err *e)
{
	*pools = calloc(json_object_object_length(model_objects(model, POOL)) + 1, sizeof(**pools));
	*hosts = calloc(json_object_object_length(model_objects(model, HOST)) + 1, sizeof(**hosts));
	if (!*pools || !*hosts)
		err_set(e, NULL, "out of memory");
	else if (!compile_all(model, *pools, *hosts, e))
		return 0;
	free(*pools);
	free(*hosts);
	return -1;
}
