// SPDX-License-Identifier: GPL-2.0-or-later
/* Compiles a relay: its servers, its address, and its filters. agent.c has option 82. */
#include <stdio.h>
#include <string.h>

#include "dhcpkd/compile/relay.h"
#include "dhcpkd/compile/agent.h"
#include "dhcpkd/compile/own.h"
#include "dhcpkd/compile/words.h"
#include "lib/conv.h"
#include "lib/model/model.h"

enum { HOPS_MAX = 16, SURVIVE_MIN = 60, SURVIVE_MAX = 86400 };

/*
 * A valid host address, RFC 1122 section 3.2.1.3. Broadcast addresses of subnets are not known
 * here.
 */
static bool is_host(uint32_t ip)
{
	return !no_host(ip) && ip >> 24 != 127;
}

static int compile_servers(struct json_object *object, struct relay_spec *r, struct err *e)
{
	struct addrs all = {};
	char ip[IP_SIZE];
	unsigned int i, j;

	if (compile_addresses(object, "server", DHCPK_RELAY_SERVERS_MAX, &all, e))
		return -1;
	if (!all.n)
		return err_set(e, NULL, "server is missing (server 192.0.2.1)");
	for (i = 0; i < all.n; i++) {
		format_ip(ip, all.ip[i]);
		if (!is_host(all.ip[i]))
			return err_set(e, ip, "server %s is not a host address", ip);
		if (all.ip[i] == r->giaddr)
			return err_set(e, ip, "server %s is the relay's own giaddr", ip);
		for (j = 0; j < i; j++) {
			if (all.ip[j] == all.ip[i])
				return err_set(e, ip, "server %s is given twice", ip);
		}
		r->servers[i] = all.ip[i];
	}
	r->n_servers = all.n;
	return 0;
}

/*
 * Servers send their replies to giaddr: they only arrive here if it is an address of this machine.
 */
static int compile_giaddr(const char *dev, struct json_object *object, struct compiled *s,
			  struct relay_spec *r, struct err *e)
{
	const char *text = model_text(object, "giaddr", 0);
	char warning[160];
	size_t i;

	if (!text)
		return 0;
	if (parse_ip(text, &r->giaddr))
		return err_set(e, text, "giaddr wants an IPv4 address, not \"%s\"", text);
	if (!is_host(r->giaddr))
		return err_set(e, text, "giaddr %s is not a host address", text);
	for (i = 0; i < s->n_own; i++) {
		if (s->own[i] == r->giaddr) {
			own_note(s, r->giaddr);
			return 0;
		}
	}
	snprintf(warning, sizeof(warning),
		 "giaddr %s is none of this machine's addresses; nothing is relayed until it is",
		 text);
	compiled_warn(s, RELAY, dev, warning);
	return 0;
}

/* A directed broadcast address of one of this machine's subnets: the kernel sends nothing to it. */
static int check_servers(const char *dev, struct compiled *s, const struct relay_spec *r,
			 struct err *e)
{
	char ip[IP_SIZE];
	size_t i, j;

	for (i = 0; i < r->n_servers; i++) {
		for (j = 0; j < s->n_broadcasts; j++) {
			if (r->servers[i] != s->broadcasts[j])
				continue;
			own_note(s, r->servers[i]);
			err_set(e, ip, "server %s is a broadcast address",
				format_ip(ip, r->servers[i]));
			if (own_warn(s, RELAY, dev, "nothing is sent there", e))
				return -1;
		}
	}
	return 0;
}

static int compile_number(struct json_object *object, const char *key, unsigned long min,
			  unsigned long max, unsigned long *value, struct err *e)
{
	const char *text = model_text(object, key, 0);

	if (text && (parse_number(text, max, value) || *value < min))
		return err_set(e, text, "%s wants a number from %lu to %lu, not \"%s\"", key, min,
			       max, text);
	return 0;
}

static int compile_numbers(struct json_object *object, struct relay_spec *r, struct err *e)
{
	unsigned long hops = DHCPK_HOPS_DEFAULT, secs = 0, port = DHCP_SERVER_PORT;
	const char *survive = model_text(object, "survive", 0);

	if (compile_number(object, "hops", 1, HOPS_MAX, &hops, e) ||
	    compile_number(object, "secs", 0, UINT16_MAX, &secs, e) ||
	    compile_number(object, "source-port", 1, UINT16_MAX, &port, e))
		return -1;
	if (port == DHCP_CLIENT_PORT)
		return err_set(e, "source-port", "source-port %d is where clients listen",
			       DHCP_CLIENT_PORT);
	r->hops = hops;
	r->secs = secs;
	r->port = port;
	if (survive && (parse_time(survive, &r->survive) || r->survive < SURVIVE_MIN ||
			r->survive > SURVIVE_MAX))
		return err_set(e, survive, "survive wants a time from 1m to 1d, not \"%s\"",
			       survive);
	return 0;
}

static int compile_choices(struct json_object *object, struct relay_spec *r, struct err *e)
{
	static const char *const modes[] = { "all", "priority", NULL }, *const replies[] = {
		"configured", "any", NULL
	};
	static const char *const policies[] = {
		[DHCPK_RELAY_KEEP]	= "keep",
		[DHCPK_RELAY_APPEND]	= "append",
		[DHCPK_RELAY_REPLACE]	= "replace",
		[DHCPK_RELAY_DROP]	= "drop",
		NULL
	};
	unsigned int priority = 0, any = 0, policy = DHCPK_RELAY_KEEP;
	int trusted = 0, validate = 0;

	if (compile_choice(object, "mode", modes, "all or priority", &priority, e) ||
	    compile_choice(object, "replies", replies, "configured or any", &any, e) ||
	    compile_choice(object, "policy", policies, "append, replace, keep or drop", &policy,
			   e) ||
	    compile_switch(object, "trusted", &trusted, e) ||
	    compile_switch(object, "validate", &validate, e))
		return -1;
	r->policy = policy;
	r->flags = (priority ? DHCPK_RELAY_F_PRIORITY : 0) | (any ? DHCPK_RELAY_F_ANY_SERVER : 0) |
		   (trusted ? DHCPK_RELAY_F_TRUSTED : 0) | (validate ? DHCPK_RELAY_F_VALIDATE : 0);
	return 0;
}

int compile_relay(const char *dev, struct json_object *object, struct compiled *s,
		  struct relay_spec *r, struct err *e)
{
	r->dev = dev;
	if (compile_giaddr(dev, object, s, r, e) || compile_servers(object, r, e) ||
	    check_servers(dev, s, r, e) || compile_numbers(object, r, e) ||
	    compile_choices(object, r, e) || compile_agent(object, r, e))
		return -1;
	/* A reply cannot contain what no request contained. */
	if (r->flags & DHCPK_RELAY_F_VALIDATE && !r->agent_len)
		return err_set(e, "validate",
			       "validate wants something that is put into option 82, such as a "
			       "circuit-id");
	return 0;
}
