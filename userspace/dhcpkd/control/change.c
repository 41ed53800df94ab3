// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes of the configuration by request: one by one, or many as one. See lib/control.h. */
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dhcpkd/control/change.h"
#include "dhcpkd/apply.h"
#include "dhcpkd/control/ports.h"
#include "dhcpkd/control/request.h"
#include "dhcpkd/kernel/forget.h"
#include "dhcpkd/store/nets.h"
#include "lib/conv.h"
#include "lib/model/model.h"

static int pair_of(struct json_object *set, size_t i, const char **key, const char **value)
{
	struct json_object *pair = json_object_array_get_idx(set, i);

	if (!json_object_is_type(pair, json_type_array) || json_object_array_length(pair) != 2)
		return -1;
	*key = request_text(json_object_array_get_idx(pair, 0));
	*value = request_text(json_object_array_get_idx(pair, 1));
	return *key && *value ? 0 : -1;
}

/*
 * An interface that does not exist is a typing error in a request; in the file it may appear later.
 */
static int check_interface(const char *dev, struct err *e)
{
	struct if_nameindex *all, *i;
	char names[256] = "", name[IF_NAMESIZE];
	unsigned int index = if_nametoindex(dev);

	if (index && if_indextoname(index, name) && strcmp(name, dev))
		return err_set(e, dev,
			       "\"%s\" is another name of the interface %s; it goes by that one",
			       dev, name);
	if (index)
		return 0;
	all = if_nameindex();
	for (i = all; i && i->if_name; i++) {
		size_t at = strlen(names);

		snprintf(names + at, sizeof(names) - at, "%s%s", at ? ", " : "", i->if_name);
	}
	if (all)
		if_freenameindex(all);
	return err_set(e, dev,
		       "there is no interface \"%s\" (there are: %s); one that appears later goes "
		       "into the configuration file",
		       dev, names);
}

enum change { ADD, SET, DEL };

/* One pair of a "set": clear the values of its key, or of the key that "no" names. */
static int unset_value(struct json_object *object, enum object_type type, enum change what,
		       const char *key, const char *value, struct err *e)
{
	if (strcmp(key, "no")) {
		json_object_object_del(object, key);
		if (what == SET && !*value)
			return err_set(e, key, "%s wants a value; \"no %s\" takes back what it has",
				       key, key);
		return 0;
	}
	if (what == ADD)
		return err_set(e, value, "\"no %s\": there is nothing to take back yet", value);
	if (!find_key(type, value))
		return err_set(e, value, "unknown word \"%s\"", value);
	if (!strcmp(value, type == POOL ? "subnet" : type == RELAY ? "server" : ""))
		return err_set(e, value, "%s cannot be taken back: %s must have one", value,
			       object_kinds[type].a);
	json_object_object_del(object, value);
	return 0;
}

/* compile_via() refuses invalid interface names, and more names than a pool may have. */
static int check_via(struct json_object *pool, struct err *e)
{
	const char *name;
	size_t i;

	for (i = 0; i < DHCPK_VIA_MAX && (name = model_text(pool, "via", i)); i++) {
		if (strcmp(name, "none") && is_interface_name(name) && check_interface(name, e))
			return -1;
	}
	return 0;
}

/* Put one pair into the object; its key holds only values of earlier pairs of this request. */
static int put_value(struct json_object *object, enum object_type type, const char *key,
		     const char *value, struct err *e)
{
	if (!strcmp(key, "no"))
		return 0;
	if (model_value(object, type, key, value, e))
		return -1;
	return type == POOL && !strcmp(key, "dev") ? check_interface(value, e) : 0;
}

/* Put the values of a request into an object; each key in the request replaces the old values. */
static int set_values(struct json_object *object, enum object_type type, enum change what,
		      struct json_object *set, struct err *e)
{
	const char *key, *value;
	bool via = false;
	size_t i, n;

	if (!json_object_is_type(set, json_type_array))
		return err_set(e, NULL, "\"set\" must be a list of pairs");
	n = json_object_array_length(set);
	for (i = 0; i < n; i++) {
		if (pair_of(set, i, &key, &value))
			return err_set(e, NULL, "\"set\" must be a list of pairs of strings");
		if (unset_value(object, type, what, key, value, e))
			return -1;
	}
	for (i = 0; i < n; i++) {
		pair_of(set, i, &key, &value);
		if (put_value(object, type, key, value, e))
			return -1;
		via |= type == POOL && !strcmp(key, "via");
	}
	if (via && check_via(object, e))
		return -1;
	for (i = 0; i < n; i++) {
		pair_of(set, i, &key, &value);
		if (!strcmp(key, "no") && json_object_object_get(object, value))
			return err_set(e, value, "\"%s\" is given and taken back", value);
	}
	model_order(object, type);
	return 0;
}

static int find(struct json_object *model, enum object_type type, const char *name,
		struct json_object **object, struct err *e)
{
	*object = json_object_object_get(model_objects(model, type), name);
	if (*object)
		return 0;
	return err_set(e, name, "there is no %s \"%s\"", object_kinds[type].name, name);
}

/* Does the text start with @name, or with the number @code in any notation? */
static bool names_option(const char *option, const char *name, unsigned long code)
{
	size_t len = strcspn(option, " \t");
	char word[16];
	unsigned long n;

	if (len == strlen(name) && !strncmp(option, name, len))
		return true;
	snprintf(word, sizeof(word), "%.*s", (int)len, option);
	return len < sizeof(word) && !parse_number(word, UINT8_MAX, &n) && n == code;
}

/*
 * Does one of these objects use the option? Another definition would change the bytes of its value.
 */
static int check_unused(struct json_object *model, enum object_type type, const char *name,
			unsigned long code, struct err *e)
{
	const char *text;
	size_t i;

	json_object_object_foreach(model_objects(model, type), user, object) {
		for (i = 0; (text = model_text(object, "option", i)); i++) {
			if (names_option(text, name, code))
				return err_set(e, name,
					       "option \"%.*s\" is used by %s %s; take it out "
					       "there first",
					       (int)strcspn(text, " \t"), text,
					       object_kinds[type].name, user);
		}
	}
	return 0;
}

static int check_definition(struct json_object *model, const char *name,
			    struct json_object *definition, struct err *e)
{
	const char *text = model_text(definition, "code", 0);
	unsigned long code;

	/* compile_definition() refuses an invalid code. */
	if (!text || parse_number(text, UINT8_MAX, &code))
		code = 0;
	if (check_unused(model, POOL, name, code, e))
		return -1;
	return check_unused(model, HOST, name, code, e);
}

static int change_copy(struct json_object *copy, enum object_type type, enum change what,
		       struct json_object *request, struct err *e)
{
	const char *name = request_string(request, "name");
	struct json_object *object;

	if (!name)
		return err_set(e, NULL, "\"name\" is missing");
	if (type == HOST && what == DEL)
		name = host_find(copy, request_string(request, "by"), name, e);
	if (!name)
		return -1;
	if (type == POOL && what == ADD && hosts_keep_pools(copy, e))
		return -1;
	if (what == ADD ? model_add(copy, type, name, &object, e)
			: find(copy, type, name, &object, e))
		return -1;
	if (type == RELAY && what == ADD && check_interface(name, e))
		return -1;
	if (what != DEL &&
	    set_values(object, type, what, json_object_object_get(request, "set"), e))
		return -1;
	if (type == OPTION && check_definition(copy, name, object, e))
		return -1;
	if (what != DEL)
		return 0;
	if (type == POOL)
		hosts_delete_of(copy, name);
	json_object_object_del(model_objects(copy, type), name);
	return 0;
}

/* Does the request set addresses that are served? */
static bool sets_addresses(enum object_type type, struct json_object *request)
{
	struct json_object *set = json_object_object_get(request, "set");
	size_t i, n = json_object_array_length(set);
	const char *key, *value;

	for (i = 0; i < n; i++) {
		pair_of(set, i, &key, &value);
		if (!strcmp(key, "ip") ||
		    (type == POOL && (!strcmp(key, "range") || !strcmp(key, "subnet"))) ||
		    (type == RELAY && !strcmp(key, "server")))
			return true;
	}
	return false;
}

enum served { NONE_OF_IT, SOME_OF_IT, ALL_OF_IT };

/* How much of this net is in pools of the running configuration? */
static enum served how_served(struct json_object *model, const struct net *net)
{
	enum served served = NONE_OF_IT;

	json_object_object_foreach(model_objects(model, POOL), name, pool) {
		const struct net other = pool_net(model, name);

		(void)pool;
		if (is_in_net(&other, net->subnet) && other.prefix <= net->prefix)
			return ALL_OF_IT;
		if (is_in_net(net, other.subnet))
			served = SOME_OF_IT;
	}
	return served;
}

struct pieces {
	struct store_net	*nets;
	size_t			n;
};

static int add_piece(struct pieces *p, const struct net *net, struct err *e)
{
	struct store_net *more = reallocarray(p->nets, p->n + 1, sizeof(*more));

	if (!more)
		return err_not_now(e, "out of memory");
	p->nets = more;
	more[p->n++] = (struct store_net){ net->subnet, net->prefix };
	return 0;
}

/*
 * Collect the parts of a deleted pool's net that no pool has now. If a pool has a part of the net,
 * search both halves.
 */
static int add_unserved(struct json_object *model, const struct net *net, struct pieces *p,
			struct err *e)
{
	const enum served served = how_served(model, net);
	struct net half = { .subnet = net->subnet, .prefix = net->prefix + 1 };

	if (served == ALL_OF_IT)
		return 0;
	if (served == NONE_OF_IT)
		return add_piece(p, net, e);
	if (add_unserved(model, &half, p, e))
		return -1;
	half.subnet |= 1U << (32 - half.prefix);
	return add_unserved(model, &half, p, e);
}

/* A lease belongs to an address: it stays if another pool has the address. */
static int forget_unserved(struct daemon *d, const struct net *nets, size_t n_nets, struct err *e)
{
	struct pieces p = {};
	int err = 0;
	size_t i;

	for (i = 0; i < n_nets && !err; i++)
		err = add_unserved(d->model, &nets[i], &p, e);
	if (!err)
		err = commit_forget_nets(&d->commit, p.nets, p.n, e);
	free(p.nets);
	return err;
}

/* Run the model @copy; or free it and change nothing. @nets: nets of pools that @copy deletes. */
static int apply_copy(struct daemon *d, struct json_object *copy,
		      const struct edited_object *edited, const struct net *nets, size_t n_nets,
		      const char *head, struct json_object **result, struct err *e)
{
	if (daemon_change(d, copy, edited, e)) {
		json_object_put(copy);
		return -1;
	}
	d->unsaved = true;
	d->to_keep = false;
	*result = request_warnings(d, head);
	/*
	 * A request has deleted the pools. If a file just lacks a pool, the pool and its clients
	 * may come back.
	 */
	if (forget_unserved(d, nets, n_nets, e))
		json_object_array_add(json_object_object_get(*result, "warnings"),
				      json_object_new_string(e->text));
	return 0;
}

/* Work on a copy, so that a refused change has no effect. */
static int change_one(struct daemon *d, enum object_type type, enum change what,
		      struct json_object *request, struct json_object **result, struct err *e)
{
	struct edited_object edited = { .type = type, .name = request_string(request, "name") };
	struct json_object *copy = model_copy(d->model);
	struct net net = {};
	char head[64];

	if (type == POOL && what == DEL && edited.name)
		net = pool_net(d->model, edited.name);
	if (request_check_known(d, e) || change_copy(copy, type, what, request, e)) {
		json_object_put(copy);
		return -1;
	}
	edited.addresses = what != DEL && sets_addresses(type, request);
	snprintf(head, sizeof(head), "%s %s: ", object_kinds[type].name, edited.name);
	if (apply_copy(d, copy, &edited, &net, net.prefix != 0, head, result, e))
		return -1;
	warn_of_ports(json_object_object_get(*result, "warnings"), d->model, &edited);
	return 0;
}

/* ---- many changes as one ---- */

void pending_drop(struct pending *p)
{
	struct edited_object *edited, *next;

	for (edited = p->edited; edited; edited = next) {
		next = (struct edited_object *)edited->next;
		free((char *)edited->name);
		free(edited);
	}
	json_object_put(p->base);
	json_object_put(p->model);
	free(p->nets);
	*p = (struct pending){};
}

int pending_begin(struct daemon *d, struct pending *p, struct err *e)
{
	pending_drop(p);
	if (request_check_known(d, e))
		return -1;
	p->base = json_object_get(d->model);
	p->model = model_copy(d->model);
	return 0;
}

/* Keep the net of the running pool: an earlier change of this batch may have changed it. */
static int add_deleted_net(struct pending *p, const char *pool, struct err *e)
{
	const struct net net = pool_net(p->base, pool);
	struct net *more = net.prefix ? reallocarray(p->nets, p->n_nets + 1, sizeof(*more)) : NULL;

	if (!net.prefix)
		return 0;
	if (!more)
		return err_not_now(e, "out of memory");
	p->nets = more;
	more[p->n_nets++] = net;
	return 0;
}

static int add_edited(struct pending *p, enum object_type type, const char *name, bool addresses,
		      struct err *e)
{
	struct edited_object *edited = malloc(sizeof(*edited)), *next = p->edited;

	if (!edited)
		return err_not_now(e, "out of memory");
	*edited = (struct edited_object){
		.type = type, .name = strdup(name), .addresses = addresses, .next = next
	};
	p->edited = edited;
	return edited->name ? 0 : err_not_now(e, "out of memory");
}

/* One refused change refuses the whole batch, including the changes after it. */
static int change_in_batch(struct pending *p, enum object_type type, enum change what,
			   struct json_object *request, struct err *e)
{
	const char *name = request_string(request, "name");
	int err;

	if (p->refused)
		return err_set(e, NULL, "a change before this one was refused, and all with it");
	err = change_copy(p->model, type, what, request, e);
	if (!err && type == POOL && what == DEL)
		err = add_deleted_net(p, name, e);
	if (!err && what != DEL)
		err = add_edited(p, type, name, sets_addresses(type, request), e);
	if (!err)
		return 0;
	pending_drop(p);
	p->refused = true;
	return -1;
}

int pending_commit(struct daemon *d, struct pending *p, struct json_object **result, struct err *e)
{
	struct json_object *model = json_object_get(p->model);
	int err = -1;

	if (!model)
		err_set(e, NULL,
			p->refused ? "a change before this one was refused, and all with it" :
				     "nothing has begun");
	else if (p->base != d->model)
		err_set(e, NULL,
			"the configuration has been changed by somebody else meanwhile; none of "
			"these changes is made");
	else
		err = request_check_known(d, e);
	if (err)
		json_object_put(model);
	else
		err = apply_copy(d, model, p->edited, p->nets, p->n_nets, "", result, e);
	if (!err)
		warn_of_ports(json_object_object_get(*result, "warnings"), d->model, p->edited);
	pending_drop(p);
	return err;
}

/* ---- dispatch ---- */

static const struct op {
	const char		*op;
	enum object_type	type;
	enum change		what;
} changes[] = {
	{ "pool-add", POOL, ADD }, { "pool-set", POOL, SET }, { "pool-del", POOL, DEL },
	{ "option-add", OPTION, ADD }, { "option-del", OPTION, DEL },
	{ "host-add", HOST, ADD }, { "host-set", HOST, SET }, { "host-del", HOST, DEL },
	{ "relay-add", RELAY, ADD }, { "relay-set", RELAY, SET }, { "relay-del", RELAY, DEL },
};

static const struct op *find_op(const char *op)
{
	size_t i;

	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		if (!strcmp(changes[i].op, op))
			return &changes[i];
	}
	return NULL;
}

bool is_change(const char *op)
{
	return find_op(op);
}

int change_request(struct daemon *d, struct pending *p, const char *op, struct json_object *request,
		   struct json_object **result, struct err *e)
{
	const struct op *o = find_op(op);

	if (p->model || p->refused)
		return change_in_batch(p, o->type, o->what, request, e);
	return change_one(d, o->type, o->what, request, result, e);
}
