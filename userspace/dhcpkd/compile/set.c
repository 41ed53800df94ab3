// SPDX-License-Identifier: GPL-2.0-or-later
/* Option sets: of a pool, and of a host in addition to its pool's or in place of it. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dhcpkd/compile/set.h"
#include "dhcpkd/compile/subnet.h"
#include "lib/conv.h"
#include "lib/model/model.h"

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

static int user_options(struct json_object *object, const struct option_defs *own,
			struct option_block *block, struct err *e)
{
	const char *text;
	size_t i;

	for (i = 0; (text = model_text(object, "option", i)); i++) {
		if (option_add(block, text, own, e))
			return -1;
	}
	return 0;
}

/* Text for a header field with space for @max bytes and a NUL. */
static int compile_field(struct json_object *object, const char *key, size_t max,
			 const char **field, struct err *e)
{
	const char *text = model_text(object, key, 0);

	if (text && (!*text || strlen(text) > max))
		return err_set(e, text, "%s wants text of 1 to %zu bytes, not %zu", key, max,
			       strlen(text));
	if (text)
		*field = text;
	return 0;
}

/* next-server, server-name, boot-file: the fields siaddr, sname and file */
static int compile_fields(struct json_object *object, struct option_set *set, struct err *e)
{
	const char *next = model_text(object, "next-server", 0);

	if (next && (parse_ip(next, &set->next_server) || !set->next_server))
		return err_set(e, next, "next-server wants an IPv4 address, not \"%s\"", next);
	if (next && no_host(set->next_server))
		return err_set(e, next, "next-server %s is %s", next, no_host(set->next_server));
	return compile_field(object, "server-name", 63, &set->server_name, e) ||
	       compile_field(object, "boot-file", 127, &set->boot_file, e) ? -1 : 0;
}

/* A router must be on the clients' link. The first and last address of the subnet are no hosts. */
static int check_address(const struct pool_spec *p, uint8_t code, uint32_t ip, struct err *e)
{
	char text[IP_SIZE], net[IP_SIZE];
	bool inside = in_subnet(p, ip);

	format_ip(text, ip);
	if (code == 3 && (!inside || ip == p->subnet || ip == broadcast_of(p)))
		return err_set(e, text, "router %s is not a host address of subnet %s/%u", text,
			       format_ip(net, p->subnet), p->prefix);
	if (inside && (ip == p->subnet || ip == broadcast_of(p)))
		return err_set(e, text,
			       "%s %s is not a host address: it is the %s address of the subnet",
			       option_name(code) ? option_name(code) : "server", text,
			       ip == p->subnet ? "first" : "last");
	return 0;
}

static int check_addresses(const struct pool_spec *p, const struct option_block *block,
			   const struct option_defs *own, struct err *e)
{
	uint32_t ip = 0;
	uint8_t code = 0;
	size_t at, i, n = 0;

	/* A long list has several pieces; an address may begin in one and end in the next. */
	for (at = 0; at < block->len; at += 2 + block->data[at + 1]) {
		if (block->data[at] != code)
			n = 0;
		code = block->data[at];
		for (i = 0; option_lists_hosts(code, own) && i < block->data[at + 1]; i++) {
			ip = ip << 8 | block->data[at + 2 + i];
			if (++n % sizeof(ip) == 0 && check_address(p, code, ip, e))
				return -1;
		}
	}
	return 0;
}

/*
 * T1 or T2: off, a share of the lease, or a time; the default without the key. @seconds: the
 * resulting time for @lease, 0 for off
 */
static int compile_part(struct json_object *object, const char *key, uint32_t lease, uint32_t *part,
			uint32_t *seconds, struct err *e)
{
	const char *text = model_text(object, key, 0);
	size_t len = text ? strlen(text) : 0;
	unsigned long share;
	char digits[8];

	if (text && !strcmp(text, "off")) {
		*part = DHCPK_TIME_OFF;
	} else if (len && len < sizeof(digits) && text[len - 1] == '%') {
		snprintf(digits, sizeof(digits), "%.*s", (int)len - 1, text);
		if (parse_number(digits, 99, &share) || !share)
			return err_set(e, text, "%s wants 1%% to 99%% of the lease, not \"%s\"",
				       key, text);
		*part = DHCPK_TIME_SHARE + 10 * share;
	} else if (text && (parse_time(text, part) || !*part || *part >= DHCPK_TIME_SHARE)) {
		return err_set(e, text,
			       "%s wants a time such as 30m, a share of the lease such as 50%%, or "
			       "off, not \"%s\"",
			       key, text);
	}
	if (*part == DHCPK_TIME_OFF)
		*seconds = 0;
	else if (*part & DHCPK_TIME_SHARE)
		*seconds = (uint64_t)lease * (*part - DHCPK_TIME_SHARE) / 1000;
	else
		*seconds = *part;
	return 0;
}

/* RFC 2131 section 4.4.5: T1 < T2 < lease. Errors of the pool are not reported for the host. */
int compile_renewal(struct json_object *object, uint32_t lease, struct option_set *set,
		    struct err *e)
{
	uint32_t renew, rebind, end;

	if (compile_part(object, "rebind", lease, &set->rebind, &rebind, e) ||
	    compile_part(object, "renew", lease, &set->renew, &renew, e))
		return -1;
	if (model_text(object, "rebind", 0) && rebind >= lease && rebind)
		return err_set(e, "rebind", "rebind is not before the end of the lease, %u s",
			       lease);
	if (rebind && rebind < lease)
		end = rebind;
	else
		end = set->rebind == DHCPK_TIME_OFF ? lease : lease - lease / 8;
	if (model_text(object, "renew", 0) && renew >= end && renew)
		return err_set(e, "renew", "renew is not before %s, %u s",
			       end < lease ? "rebind" : "the end of the lease", end);
	return 0;
}

/* Options 1 and 28 follow from the subnet unless the user sets them. */
int compile_pool_set(struct json_object *object, const struct option_defs *own, struct pool_spec *p,
		     const struct addrs *routers, struct err *e)
{
	const char *domain = model_text(object, "domain", 0);
	struct option_block *block = &p->set.options;
	struct addrs dns = {};

	if (compile_addresses(object, "dns", ADDRS_MAX, &dns, e) ||
	    put_addrs(block, 3, routers, e) || put_addrs(block, 6, &dns, e))
		return -1;
	if (domain && option_add_word(block, 15, "domain", domain, e))
		return -1;
	if (user_options(object, own, block, e) || compile_fields(object, &p->set, e) ||
	    check_addresses(p, block, own, e))
		return -1;
	if (put_addr(block, 1, 0xffffffffU << (32 - p->prefix), e))
		return -1;
	return put_addr(block, 28, broadcast_of(p), e) ? -1 : 0;
}

static int has_set(struct json_object *object)
{
	static const char *const keys[] = {
		"hostname", "option", "next-server", "server-name", "boot-file", "renew", "rebind",
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (model_text(object, keys[i], 0))
			return 1;
	}
	return 0;
}

/*
 * The kernel uses a host's set instead of its pool's. Everything else is inherited from the pool
 * here.
 */
int compile_host_set(struct json_object *object, const struct option_defs *own,
		     const struct pool_spec *pool, struct host_spec *h, struct err *e)
{
	const char *hostname = model_text(object, "hostname", 0);

	if (!has_set(object))
		return 0;
	h->set = calloc(1, sizeof(*h->set));
	if (!h->set)
		return err_not_now(e, "out of memory");
	h->set->next_server = pool->set.next_server;
	h->set->server_name = pool->set.server_name;
	h->set->boot_file = pool->set.boot_file;
	h->set->renew = pool->set.renew;
	h->set->rebind = pool->set.rebind;
	if (hostname && option_add_word(&h->set->options, 12, "hostname", hostname, e))
		return -1;
	if (user_options(object, own, &h->set->options, e) || compile_fields(object, h->set, e) ||
	    check_addresses(pool, &h->set->options, own, e) ||
	    compile_renewal(object, h->lease ? h->lease : pool->lease, h->set, e))
		return -1;
	return option_append(&h->set->options, &pool->set.options, e);
}
