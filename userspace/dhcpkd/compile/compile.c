// SPDX-License-Identifier: GPL-2.0-or-later
/* Compiles the model: checks and encodes each object, and checks the objects against each other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dhcpkd/compile/compile.h"
#include "dhcpkd/compile/host.h"
#include "dhcpkd/compile/own.h"
#include "dhcpkd/compile/pool.h"
#include "dhcpkd/compile/relay.h"
#include "dhcpkd/compile/subnet.h"
#include "dhcpkd/compile/words.h"
#include "lib/conv.h"
#include "lib/model/model.h"
#include "lib/option/options.h"

static int compile_definition(const char *name, struct json_object *object, struct option_defs *own,
			      struct err *e)
{
	const char *code = model_text(object, "code", 0), *type = model_text(object, "type", 0);
	char types[256];

	if (!code)
		return err_set(e, NULL, "code is missing (code 224)");
	if (!type)
		return err_set(e, NULL, "type is missing; known: %s",
			       option_types_text(types, sizeof(types)));
	return option_define(own, name, code, type, e);
}

static int check_overlap(const struct pool_spec *pools, size_t n, struct err *e)
{
	char net[IP_SIZE];
	size_t i;

	for (i = 0; i < n; i++) {
		if (pools[i].subnet <= broadcast_of(&pools[n]) &&
		    pools[n].subnet <= broadcast_of(&pools[i]))
			return err_set(e, format_ip(net, pools[n].subnet),
				       "the subnet shares addresses with pool %s", pools[i].name);
	}
	return 0;
}

/* The kernel listens on only a few ports besides DHCP's own. */
static int check_port(struct compiled *s, uint16_t port, struct err *e)
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
		return err_set(e, text,
			       "source-port %s is one too many: all relays together have %d "
			       "different ones besides %d",
			       text, DHCPK_RELAY_PORTS_MAX, DHCP_SERVER_PORT);
	}
	s->ports[s->n_ports++] = port;
	return 0;
}

/* Count each entry before it is compiled, so that compiled_free() frees it. */
static int compile_all(struct json_object *model, struct option_defs *own, struct compiled *s,
		       struct err *e)
{
	json_object_object_foreach(model_objects(model, OPTION), option_name, option) {
		if (compile_definition(option_name, option, own, e))
			return err_object(e, OPTION, option_name);
	}
	json_object_object_foreach(model_objects(model, POOL), pool_name, pool) {
		struct pool_spec *p = &s->pools[s->n_pools];

		if (compile_pool(pool_name, pool, own, s, p, e) ||
		    check_overlap(s->pools, s->n_pools, e))
			return err_object(e, POOL, pool_name);
		s->n_pools++;
	}
	if (compile_hosts(model, own, s, e))
		return -1;
	json_object_object_foreach(model_objects(model, RELAY), dev, relay) {
		struct relay_spec *r = &s->relays[s->n_relays++];

		if (compile_relay(dev, relay, s, r, e) || check_port(s, r->port, e))
			return err_object(e, RELAY, dev);
	}
	return 0;
}

static int compile(struct json_object *model, const struct edited_object *edited,
		   bool own_addresses, struct compiled *s, struct err *e)
{
	struct option_defs own = { .n = 0 };

	memset(s, 0, sizeof(*s));
	s->pools = calloc(json_object_object_length(model_objects(model, POOL)) + 1,
			  sizeof(*s->pools));
	s->hosts = calloc(json_object_object_length(model_objects(model, HOST)) + 1,
			  sizeof(*s->hosts));
	s->relays = calloc(json_object_object_length(model_objects(model, RELAY)) + 1,
			   sizeof(*s->relays));
	s->warnings = json_object_new_array();
	s->edited = edited;
	if (!s->pools || !s->hosts || !s->relays || !s->warnings)
		err_not_now(e, "out of memory");
	else if ((!own_addresses || !own_load(s, e)) && !compile_all(model, &own, s, e))
		return 0;
	compiled_free(s);
	return -1;
}

int model_compile(struct json_object *model, const struct edited_object *edited, struct compiled *s,
		  struct err *e)
{
	return compile(model, edited, true, s, e);
}

int model_check(struct json_object *model, struct err *e)
{
	struct compiled compiled;
	int err = compile(model, NULL, false, &compiled, e);

	if (!err)
		compiled_free(&compiled);
	return err;
}
