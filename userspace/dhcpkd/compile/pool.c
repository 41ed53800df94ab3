// SPDX-License-Identifier: GPL-2.0-or-later
/* Compiles a pool: its subnet, ranges, links, times and switches. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dhcpkd/compile/pool.h"
#include "dhcpkd/compile/own.h"
#include "dhcpkd/compile/set.h"
#include "dhcpkd/compile/subnet.h"
#include "dhcpkd/compile/words.h"
#include "lib/conv.h"
#include "lib/model/model.h"

static int compile_subnet(struct json_object *object, struct pool_spec *p, struct err *e)
{
	const char *text = model_text(object, "subnet", 0);
	char net[IP_SIZE];

	if (!text)
		return err_set(e, NULL, "subnet is missing (subnet 192.0.2.0/24)");
	if (parse_cidr(text, &p->subnet, &p->prefix))
		return err_set(e, text,
			       "subnet wants ADDRESS/PREFIX such as 192.0.2.0/24, not \"%s\"",
			       text);
	if (p->prefix < 1 || p->prefix > 30)
		return err_set(e, text, "subnet %s: the prefix must be 1 to 30", text);
	if (p->subnet & (0xffffffffU >> p->prefix))
		return err_set(e, text, "subnet %s has host bits set; did you mean %s/%u?", text,
			       format_ip(net, p->subnet & ~(0xffffffffU >> p->prefix)), p->prefix);
	return 0;
}

static int compile_times(struct json_object *object, struct pool_spec *p, struct err *e)
{
	const char *min = model_text(object, "min-lease", 0),
		   *max = model_text(object, "max-lease", 0);

	p->lease = 3600;
	if (compile_time(object, "lease", &p->lease, e) ||
	    compile_renewal(object, p->lease, &p->set, e))
		return -1;
	p->lease_min = p->lease < 60 ? p->lease : 60;
	p->lease_max = p->lease;
	if (compile_time(object, "min-lease", &p->lease_min, e) ||
	    compile_time(object, "max-lease", &p->lease_max, e))
		return -1;
	if (p->lease_min > p->lease)
		return err_set(e, min, "min-lease %s is longer than the lease time", min);
	if (p->lease_max < p->lease)
		return err_set(e, max, "max-lease %s is shorter than the lease time", max);
	return 0;
}

static int in_range(const struct range *r, uint32_t ip)
{
	return ip >= r->first && ip <= r->last;
}

/* Addresses that must not be in a range */
static int check_excluded(const struct pool_spec *p, const struct range *r, const char *text,
			  const struct addrs *routers, struct compiled *s, struct err *e)
{
	char ip[IP_SIZE];
	size_t i;

	for (i = 0; i < routers->n; i++) {
		if (in_range(r, routers->ip[i]))
			return err_set(e, text, "range %s contains the pool's router %s", text,
				       format_ip(ip, routers->ip[i]));
	}
	for (i = 0; i < s->n_own; i++) {
		if (!in_range(r, s->own[i]))
			continue;
		err_set(e, text, "range %s contains this machine's own address %s", text,
			format_ip(ip, s->own[i]));
		if (own_warn(s, POOL, p->name, "no client gets it", e))
			return -1;
	}
	return 0;
}

static int compile_range(struct pool_spec *p, const char *text, const struct addrs *routers,
			 struct compiled *s, struct err *e)
{
	char ip[IP_SIZE], last[IP_SIZE];
	struct range r;
	unsigned int i;

	if (!strcmp(text, "none"))
		return err_set(e, text, "\"none\" cannot be combined with ranges");
	if (parse_range(text, &r))
		return err_set(e, text,
			       "range wants FIRST-LAST such as 192.0.2.10-192.0.2.99, or none; "
			       "\"%s\" is neither", text);
	if (r.first > r.last)
		return err_set(e, text, "range %s ends before it starts", text);
	if (!in_subnet(p, r.first) || !in_subnet(p, r.last))
		return err_set(e, text, "range %s is outside the subnet %s/%u", text,
			       format_ip(ip, p->subnet), p->prefix);
	if (r.first == p->subnet)
		return err_set(e, text, "range %s contains the network address %s", text,
			       format_ip(ip, p->subnet));
	if (r.last == broadcast_of(p))
		return err_set(e, text, "range %s contains the broadcast address %s", text,
			       format_ip(ip, broadcast_of(p)));
	for (i = 0; i < p->n_ranges; i++) {
		if (r.first <= p->ranges[i].last && r.last >= p->ranges[i].first)
			return err_set(e, text, "range %s overlaps %s-%s", text,
				       format_ip(ip, p->ranges[i].first),
				       format_ip(last, p->ranges[i].last));
	}
	if (check_excluded(p, &r, text, routers, s, e))
		return -1;
	if (p->n_ranges == DHCPK_RANGES_MAX)
		return err_set(e, text, "more than %d ranges", DHCPK_RANGES_MAX);
	p->ranges[p->n_ranges++] = r;
	return 0;
}

/*
 * Remove an address from the ranges, if one more range fits. (The kernel never offers its own
 * addresses anyway.)
 */
static void exclude(struct pool_spec *p, uint32_t ip)
{
	struct range *r = p->ranges, *end = r + p->n_ranges;
	uint32_t below, above;

	while (r < end && !in_range(r, ip))
		r++;
	if (r == end)
		return;
	below = ip - r->first;
	above = r->last - ip;
	if (below && above) {
		if (p->n_ranges == DHCPK_RANGES_MAX)
			return;
		memmove(r + 1, r, (end - r) * sizeof(*r));
		r[0].last = ip - 1;
		r[1].first = ip + 1;
		p->n_ranges++;
	} else if (below) {
		r->last = ip - 1;
	} else if (above) {
		r->first = ip + 1;
	} else {
		memmove(r, r + 1, (end - r - 1) * sizeof(*r));
		p->n_ranges--;
	}
}

static void exclude_own(struct pool_spec *p, struct compiled *s)
{
	size_t i;

	for (i = 0; i < s->n_own; i++) {
		if (!in_subnet(p, s->own[i]))
			continue;
		exclude(p, s->own[i]);
		own_note(s, s->own[i]);
	}
}

/* Servers announced to clients are not leased: DNS, NTP, and next-server. */
static void exclude_servers(struct pool_spec *p)
{
	static const uint8_t codes[] = { 6, 42 };
	const uint8_t *option;
	uint32_t ip;
	size_t i, j;

	for (i = 0; i < sizeof(codes); i++) {
		option = option_find(&p->set.options, codes[i]);
		for (j = 0; option && j + sizeof(ip) <= option[1]; j += sizeof(ip)) {
			memcpy(&ip, option + 2 + j, sizeof(ip));
			exclude(p, ntohl(ip));
		}
	}
	exclude(p, p->set.next_server);
}

/* "range none": only reservations and answers to INFORM */
static bool has_no_range(struct json_object *object)
{
	const char *text = model_text(object, "range", 0);

	return text && !strcmp(text, "none") && !model_text(object, "range", 1);
}

/*
 * Without a range a pool serves its whole subnet, except routers and servers. This machine's own
 * addresses are always excluded.
 */
static int compile_ranges(struct json_object *object, struct pool_spec *p,
			  const struct addrs *routers, struct compiled *s, struct err *e)
{
	uint64_t total = 0;
	const char *text;
	bool none;
	size_t i;

	none = has_no_range(object);
	for (i = 0; !none && (text = model_text(object, "range", i)); i++) {
		if (compile_range(p, text, routers, s, e))
			return -1;
	}
	if (!i && !none) {
		p->ranges[p->n_ranges++] = (struct range){ p->subnet + 1, broadcast_of(p) - 1 };
		for (i = 0; i < routers->n; i++)
			exclude(p, routers->ip[i]);
		exclude_servers(p);
	}
	for (i = 0; i < p->n_ranges; i++)
		total += p->ranges[i].last - p->ranges[i].first + 1;
	if (total > DHCPK_POOL_SIZE_MAX)
		return err_set(e, model_text(object, "subnet", 0),
			       "a pool has at most %u addresses, this one %llu; give ranges",
			       DHCPK_POOL_SIZE_MAX, (unsigned long long)total);
	exclude_own(p, s);
	return 0;
}

/* giaddrs besides those of the subnet */
static int compile_relay_link(struct pool_spec *p, const char *text, struct err *e)
{
	struct link_spec *l = &p->relay_links[p->n_relay_links];
	uint32_t host_bits;
	char net[IP_SIZE];

	if (p->n_relay_links == DHCPK_RELAY_LINKS_MAX)
		return err_set(e, text, "more than %d relay-links", DHCPK_RELAY_LINKS_MAX);
	if (parse_cidr(text, &l->net, &l->prefix))
		return err_set(e, text,
			       "relay-link wants ADDRESS/PREFIX such as 198.51.100.0/24, not "
			       "\"%s\"",
			       text);
	if (!l->prefix)
		return err_set(e, text, "relay-link %s: the prefix must be 1 to 32", text);
	host_bits = l->prefix < 32 ? 0xffffffffU >> l->prefix : 0;
	if (l->net & host_bits)
		return err_set(e, text, "relay-link %s has host bits set; did you mean %s/%u?",
			       text, format_ip(net, l->net & ~host_bits), l->prefix);
	p->n_relay_links++;
	return 0;
}

static int compile_relay_links(struct json_object *object, struct pool_spec *p, struct err *e)
{
	const char *text;
	size_t i;

	for (i = 0; (text = model_text(object, "relay-link", i)); i++) {
		if (compile_relay_link(p, text, e))
			return -1;
	}
	return 0;
}

/* Interfaces through which relays and routers are reached; "none": no requests through any. */
static int compile_via(struct json_object *object, struct pool_spec *p, struct err *e)
{
	const char *text;
	size_t i;

	for (i = 0; (text = model_text(object, "via", i)); i++) {
		if (i == DHCPK_VIA_MAX)
			return err_set(e, text, "more than %d interfaces in via", DHCPK_VIA_MAX);
		if (!is_interface_name(text))
			return err_set(e, text,
				       "via wants interface names, or none; \"%s\" is neither",
				       text);
		if (!strcmp(text, "none") && (i || model_text(object, "via", 1)))
			return err_set(e, text, "\"none\" cannot be combined with interfaces");
		p->via[p->n_via++] = text;
	}
	return 0;
}

static int compile_flags(struct json_object *object, struct pool_spec *p, struct err *e)
{
	static const struct { const char *key; uint32_t flag; } switches[] = {
		{ "authoritative", DHCPK_POOL_F_AUTHORITATIVE },
		{ "rapid-commit", DHCPK_POOL_F_RAPID_COMMIT },
		{ "bootp", DHCPK_POOL_F_BOOTP },
		{ "subnet-selection", DHCPK_POOL_F_SUBNET_SELECTION },
		{ "verify-chaddr", DHCPK_POOL_F_VERIFY_CHADDR },
		{ "trusted", DHCPK_POOL_F_TRUSTED },
	};
	size_t i;

	for (i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
		int on = 0;

		if (compile_switch(object, switches[i].key, &on, e))
			return -1;
		if (on)
			p->flags |= switches[i].flag;
	}
	return 0;
}

static int compile_identity(struct json_object *object, struct pool_spec *p, struct err *e)
{
	static const char *const names[] = {
		[DHCPK_IDENTITY_CLIENT_ID]	= "client-id",
		[DHCPK_IDENTITY_MAC]		= "mac",
		[DHCPK_IDENTITY_CIRCUIT_ID]	= "circuit-id",
		[DHCPK_IDENTITY_CLIENT_ID_STRICT] = "client-id-strict",
		NULL
	};
	unsigned int identity = p->identity;

	if (compile_choice(object, "identity", names,
			   "client-id, mac, circuit-id or client-id-strict", &identity, e))
		return -1;
	p->identity = identity;
	return 0;
}

static int compile_durability(struct json_object *object, struct pool_spec *p, struct err *e)
{
	static const char *const names[] = { "sync", "async", NULL };
	unsigned int async = 0;

	if (compile_choice(object, "durability", names, "sync or async", &async, e))
		return -1;
	p->flags |= async ? DHCPK_POOL_F_ASYNC : 0;
	return 0;
}

static int check_routers(const struct pool_spec *p, const struct addrs *routers, struct err *e)
{
	char ip[IP_SIZE], net[IP_SIZE];
	unsigned int i;

	for (i = 0; i < routers->n; i++) {
		if (!in_subnet(p, routers->ip[i]) || routers->ip[i] == p->subnet ||
		    routers->ip[i] == broadcast_of(p))
			return err_set(e, format_ip(ip, routers->ip[i]),
				       "router %s is not a host address of subnet %s/%u", ip,
				       format_ip(net, p->subnet), p->prefix);
	}
	return 0;
}

/* The routers announced to clients, by whichever key: "router", "option routers" or "option 3" */
static int announced_routers(const struct option_block *block, struct addrs *routers, struct err *e)
{
	const uint8_t *option = option_find(block, 3);
	uint32_t ip;
	size_t i;

	routers->n = 0;
	if (option && option_span(block, option - block->data) > 2 + ADDRS_MAX * sizeof(ip))
		return err_set(e, NULL, "more than %d routers", ADDRS_MAX);
	for (i = 0; option && i < option[1]; i += sizeof(ip)) {
		memcpy(&ip, option + 2 + i, sizeof(ip));
		routers->ip[routers->n++] = ntohl(ip);
	}
	return 0;
}

int compile_pool(const char *name, struct json_object *object, const struct option_defs *own,
		 struct compiled *s, struct pool_spec *p, struct err *e)
{
	struct addrs routers = {};

	p->name = name;
	p->dev = model_text(object, "dev", 0);
	if (p->dev && !is_interface_name(p->dev))
		return err_set(e, p->dev, "\"%s\" is no interface name", p->dev);
	p->decline = DHCPK_DECLINE_DEFAULT;
	if (compile_subnet(object, p, e) ||
	    compile_addresses(object, "router", ADDRS_MAX, &routers, e) ||
	    check_routers(p, &routers, e) || compile_relay_links(object, p, e) ||
	    compile_via(object, p, e) || compile_flags(object, p, e) ||
	    compile_identity(object, p, e) || compile_durability(object, p, e) ||
	    compile_times(object, p, e) || compile_time(object, "decline-time", &p->decline, e) ||
	    compile_pool_set(object, own, p, &routers, e) ||
	    announced_routers(&p->set.options, &routers, e))
		return -1;
	if (*p->set.options.note)
		compiled_warn(s, POOL, name, p->set.options.note);
	return compile_ranges(object, p, &routers, s, e);
}
