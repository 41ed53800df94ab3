// SPDX-License-Identifier: GPL-2.0-or-later
/* What can be asked of the daemon: lib/control.h is the documentation. */
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dhcpkd/config.h"
#include "dhcpkd/daemon.h"
#include "dhcpkd/model.h"
#include "dhcpkd/state_dir.h"
#include "dhcpkd/store.h"
#include "lib/control.h"
#include "lib/ports.h"

/* A string with a NUL in it is none: what comes behind that would be overlooked. */
static const char *string_of(struct json_object *o)
{
	const char *text = json_object_is_type(o, json_type_string) ? json_object_get_string(o) : NULL;

	return text && strlen(text) == (size_t)json_object_get_string_len(o) ? text : NULL;
}

static const char *string_in(struct json_object *request, const char *key)
{
	return string_of(json_object_object_get(request, key));
}

static int pair_of(struct json_object *set, size_t i, const char **key, const char **value)
{
	struct json_object *pair = json_object_array_get_idx(set, i);

	if (!json_object_is_type(pair, json_type_array) || json_object_array_length(pair) != 2)
		return -1;
	*key = string_of(json_object_array_get_idx(pair, 0));
	*value = string_of(json_object_array_get_idx(pair, 1));
	return *key && *value ? 0 : -1;
}

/* An interface that is typed in and is not there is a slip; one in the file may come later. */
static int check_interface(const char *dev, struct err *e)
{
	struct if_nameindex *all, *i;
	char names[256] = "", name[IF_NAMESIZE];
	unsigned int index = if_nametoindex(dev);

	if (index && if_indextoname(index, name) && strcmp(name, dev))
		return err_set(e, dev, "\"%s\" is another name of the interface %s; it goes by that one", dev, name);
	if (index)
		return 0;
	all = if_nameindex();
	for (i = all; i && i->if_name; i++) {
		size_t at = strlen(names);

		snprintf(names + at, sizeof(names) - at, "%s%s", at ? ", " : "", i->if_name);
	}
	if (all)
		if_freenameindex(all);
	return err_set(e, dev, "there is no interface \"%s\" (there are: %s); one that appears later goes into the "
		       "configuration file", dev, names);
}

enum change { ADD, SET, DEL };

/* What a deleted pool had; a prefix of 0: none has been deleted */
struct net {
	uint32_t	subnet;
	uint8_t		prefix;
};

/* One pair of a "set" goes: what its key has, or that which "no" names. */
static int take_back(struct json_object *object, enum object_type type, enum change what, const char *key,
		     const char *value, struct err *e)
{
	if (strcmp(key, "no")) {
		json_object_object_del(object, key);
		if (what == SET && !*value)
			return err_set(e, key, "%s wants a value; \"no %s\" takes back what it has", key, key);
		return 0;
	}
	if (what == ADD)
		return err_set(e, value, "\"no %s\": there is nothing to take back yet", value);
	if (!find_key(type, value))
		return err_set(e, value, "unknown word \"%s\"", value);
	if (!strcmp(value, type == POOL ? "subnet" : type == RELAY ? "server" : ""))
		return err_set(e, value, "%s cannot be taken back: %s must have one", value, object_kinds[type].a);
	json_object_object_del(object, value);
	return 0;
}

/* What can be no interface's name, and more names than a pool may have, compile_via() refuses. */
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

/* One pair into the object, which has nothing of this request's but what came before it. */
static int put_value(struct json_object *object, enum object_type type, const char *key, const char *value, struct err *e)
{
	if (!strcmp(key, "no"))
		return 0;
	if (model_value(object, type, key, value, e))
		return -1;
	return type == POOL && !strcmp(key, "dev") ? check_interface(value, e) : 0;
}

/* The values of a request into an object; a key that is named loses the values it had. */
static int set_values(struct json_object *object, enum object_type type, enum change what, struct json_object *set,
		      struct err *e)
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
		if (take_back(object, type, what, key, value, e))
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

static int find(struct json_object *model, enum object_type type, const char *name, struct json_object **object,
		struct err *e)
{
	*object = json_object_object_get(model_objects(model, type), name);
	if (*object)
		return 0;
	return err_set(e, name, "there is no %s \"%s\"", object_kinds[type].name, name);
}

/* A pool takes its hosts with it, those too that belong to it by their address only; and the net's bindings. */
static int delete_hosts_of(struct json_object *model, const char *pool, struct net *net, struct err *e)
{
	struct json_object *hosts = model_objects(model, HOST), *kept;
	struct specs specs;
	size_t i = 0;

	if (model_compile(model, NULL, &specs, e))
		return -1;
	kept = json_object_new_object();
	json_object_object_foreach(hosts, name, host) {
		if (strcmp(specs.hosts[i++].pool, pool))
			json_object_object_add(kept, name, json_object_get(host));
	}
	json_object_object_add(model, "hosts", kept);
	for (i = 0; i < specs.n_pools; i++) {
		if (!strcmp(specs.pools[i].name, pool))
			*net = (struct net){ specs.pools[i].subnet, specs.pools[i].prefix };
	}
	specs_free(&specs);
	return 0;
}

/* "NAME VALUE", or with a number that is @code, however it is written? */
static bool is_of(const char *option, const char *name, unsigned long code)
{
	size_t len = strcspn(option, " \t");
	char word[16];
	unsigned long n;

	if (len == strlen(name) && !strncmp(option, name, len))
		return true;
	snprintf(word, sizeof(word), "%.*s", (int)len, option);
	return len < sizeof(word) && !parse_number(word, UINT8_MAX, &n) && n == code;
}

/* Has one of these objects an option with this name or code? With another definition its value would be other bytes. */
static int check_unused(struct json_object *model, enum object_type type, const char *name, unsigned long code, struct err *e)
{
	const char *text;
	size_t i;

	json_object_object_foreach(model_objects(model, type), user, object) {
		for (i = 0; (text = model_text(object, "option", i)); i++) {
			if (is_of(text, name, code))
				return err_set(e, name, "option \"%.*s\" is used by %s %s; take it out there first",
					       (int)strcspn(text, " \t"), text, object_kinds[type].name, user);
		}
	}
	return 0;
}

static int check_definition(struct json_object *model, const char *name, struct json_object *definition, struct err *e)
{
	const char *text = model_text(definition, "code", 0);
	unsigned long code;

	/* What is no code is refused for that. */
	if (!text || parse_number(text, UINT8_MAX, &code))
		code = 0;
	return check_unused(model, POOL, name, code, e) || check_unused(model, HOST, name, code, e) ? -1 : 0;
}

static const char *only_pool(struct json_object *model)
{
	struct json_object *pools = model_objects(model, POOL);

	json_object_object_foreach(pools, name, pool) {
		(void)pool;
		return json_object_object_length(pools) == 1 ? name : NULL;
	}
	return NULL;
}

/* A host that names neither an address nor a pool is the only pool's. It stays that one's when there are others. */
static int keep_pools_of_hosts(struct json_object *model, struct err *e)
{
	const char *pool = only_pool(model);

	if (!pool)
		return 0;
	json_object_object_foreach(model_objects(model, HOST), name, host) {
		(void)name;
		if (model_text(host, "ip", 0) || model_text(host, "pool", 0))
			continue;
		if (model_value(host, HOST, "pool", pool, e))
			return -1;
	}
	return 0;
}

static int change_copy(struct json_object *copy, enum object_type type, enum change what, struct json_object *request,
		       struct net *net, struct err *e)
{
	const char *name = string_in(request, "name");
	struct json_object *object;

	if (!name)
		return err_set(e, NULL, "\"name\" is missing");
	if (type == POOL && what == ADD && keep_pools_of_hosts(copy, e))
		return -1;
	if (what == ADD ? model_add(copy, type, name, &object, e) : find(copy, type, name, &object, e))
		return -1;
	if (type == RELAY && what == ADD && check_interface(name, e))
		return -1;
	if (what != DEL && set_values(object, type, what, json_object_object_get(request, "set"), e))
		return -1;
	if (type == OPTION && check_definition(copy, name, object, e))
		return -1;
	if (what != DEL)
		return 0;
	if (type == POOL && delete_hosts_of(copy, name, net, e))
		return -1;
	json_object_object_del(model_objects(copy, type), name);
	return 0;
}

/* What runs without our knowing it must not be ended in passing, nor left out of a file that claims to be what runs. */
static int check_known(const struct daemon *d, struct err *e)
{
	return *d->foreign ? err_set(e, NULL, "%s; meanwhile nothing is changed or saved", d->module) : 0;
}

/* Does a request say which addresses are served? */
static bool says_addresses(enum object_type type, struct json_object *request)
{
	struct json_object *set = json_object_object_get(request, "set");
	size_t i, n = json_object_array_length(set);
	const char *key, *value;

	for (i = 0; i < n; i++) {
		pair_of(set, i, &key, &value);
		if (!strcmp(key, "ip") || (type == POOL && (!strcmp(key, "range") || !strcmp(key, "subnet"))) ||
		    (type == RELAY && !strcmp(key, "server")))
			return true;
	}
	return false;
}

/* What is served otherwise than it is said, as far as it begins with @head */
static struct json_object *warnings_of(const struct daemon *d, const char *head)
{
	struct json_object *result = json_object_new_object(), *some = json_object_new_array(), *warning;
	size_t i, n = json_object_array_length(d->warnings);

	for (i = 0; i < n; i++) {
		warning = json_object_array_get_idx(d->warnings, i);
		if (!strncmp(json_object_get_string(warning), head, strlen(head)))
			json_object_array_add(some, json_object_get(warning));
	}
	json_object_object_add(result, "warnings", some);
	return result;
}

struct port {
	const char	*dev;
	char		master[IF_NAMESIZE];
};

static void is_port(const char *dev, const char *master, void *arg)
{
	struct port *port = arg;

	if (!strcmp(dev, port->dev))
		snprintf(port->master, sizeof(port->master), "%s", master);
}

/* Who types the name of a port means the interface that the port belongs to. */
static void warn_of_port(struct json_object *warnings, struct json_object *model, const struct typed *typed)
{
	struct json_object *object = json_object_object_get(model_objects(model, typed->type), typed->name);
	struct port port = { .dev = typed->type == RELAY ? typed->name : model_text(object, "dev", 0) };
	char text[256];

	if (!object || (typed->type != POOL && typed->type != RELAY) || !port.dev)
		return;
	if (ports_read(is_port, &port) || !*port.master)
		return;
	snprintf(text, sizeof(text), "%s %s: %s is a port of %s, which takes all that arrives there: name %s",
		 object_kinds[typed->type].name, typed->name, port.dev, port.master, port.master);
	json_object_array_add(warnings, json_object_new_string(text));
}

/* On a copy, so that a change that is refused anywhere leaves no trace. */
static int change(struct daemon *d, enum object_type type, enum change what, struct json_object *request,
		  struct json_object **result, struct err *e)
{
	struct json_object *copy = model_copy(d->model);
	struct typed typed = { type, string_in(request, "name") };
	int err = check_known(d, e);
	struct net net = {};
	char head[64];

	if (!err)
		err = change_copy(copy, type, what, request, &net, e);
	if (!err)
		err = daemon_change(d, copy, what != DEL && says_addresses(type, request) ? &typed : NULL, e);
	if (err) {
		json_object_put(copy);
		return -1;
	}
	d->unsaved = true;
	d->to_keep = false;
	snprintf(head, sizeof(head), "%s %s: ", object_kinds[type].name, typed.name);
	*result = warnings_of(d, head);
	warn_of_port(json_object_object_get(*result, "warnings"), d->model, &typed);
	/* That was somebody's word. A pool that a file no longer has may come back, and so may its clients. */
	if (net.prefix && commit_forget_net(&d->commit, net.subnet, net.prefix, e))
		json_object_array_add(json_object_object_get(*result, "warnings"), json_object_new_string(e->text));
	return 0;
}

enum { REJECTED_MAX = 100 };

static int add_rejected(const struct store_rejected *r, void *arg)
{
	struct json_object *o = json_object_new_object();
	char text[IP_SIZE];

	json_object_object_add(o, "ip", json_object_new_string(format_ip(text, r->ip)));
	json_object_object_add(o, "reason", json_object_new_string(r->reason));
	json_object_object_add(o, "found", json_object_new_int64(r->at));
	json_object_array_add(arg, o);
	return json_object_array_length(arg) == REJECTED_MAX;
}

/* Bindings that are not served, the last ones first; nothing while the store cannot be read, since it says so itself. */
static void set_rejected(struct json_object *o, const struct commit *c)
{
	struct json_object *all = json_object_new_array();
	struct err e = {};
	uint64_t n;

	if (!*c->error)
		store_rejected(c->store, add_rejected, all, &e);
	n = json_object_array_length(all);
	if (n == REJECTED_MAX)
		store_rejected_count(c->store, &n, &e);
	if (n) {
		json_object_object_add(o, "rejected", json_object_get(all));
		json_object_object_add(o, "rejected-total", json_object_new_int64(n));
	}
	json_object_put(all);
}

/* How the store does: times in ns, last_sync by the wall clock. */
static struct json_object *store_state(const struct commit *c)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "stored", json_object_new_int64(c->stored));
	if (c->last_sync) {
		json_object_object_add(o, "last-sync", json_object_new_int64(c->last_sync));
		json_object_object_add(o, "last-sync-took", json_object_new_int64(c->last_sync_took));
	}
	json_object_object_add(o, "errors", json_object_new_int64(c->errors));
	if (*c->error)
		json_object_object_add(o, "error", json_object_new_string(c->error));
	set_rejected(o, c);
	return o;
}

static struct json_object *hello(const struct daemon *d)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "netns", json_object_new_int64(control_netns(d->accept.fd)));
	return o;
}

/* What "relay-id auto" is, so that people find it in the servers' tables */
static struct json_object *own_relay_id(const struct commit *c)
{
	uint8_t duid[RELAY_ID_SIZE];
	char text[3 * sizeof(duid)];

	relay_id_auto(duid, store_id(c->store));
	return json_object_new_string(format_hex(text, sizeof(text), duid, sizeof(duid)));
}

static struct json_object *whole_model(const struct daemon *d)
{
	struct json_object *result = json_object_new_object();
	char file[PATH_MAX];

	json_object_object_add(result, "model", json_object_get(d->model));
	json_object_object_add(result, "unsaved", json_object_new_boolean(d->unsaved));
	snprintf(file, sizeof(file), "%s", d->config_file);
	replace_non_utf8(file);
	json_object_object_add(result, "file", json_object_new_string(file));
	if (*d->file_error)
		json_object_object_add(result, "file-error", json_object_new_string(d->file_error));
	if (d->good_at)
		json_object_object_add(result, "last-good", json_object_new_int64(d->good_at));
	json_object_object_add(result, "module", json_object_new_string(d->module));
	json_object_object_add(result, "warnings", json_object_get(d->warnings));
	json_object_object_add(result, "store", store_state(&d->commit));
	json_object_object_add(result, "relay-id", own_relay_id(&d->commit));
	return result;
}

/* A file that people are about to mend is not lost in passing. */
static int check_file(const struct daemon *d, struct err *e)
{
	if (!*d->file_error)
		return 0;
	return err_set(e, NULL, "%s has what does not run, and would be lost (%.600s): mend it, or save to another file; "
		       "\"config save %s\" writes over it", d->config_file, d->file_error, d->config_file);
}

/* NULL where there is none */
static int file_in(struct json_object *request, const char **file, struct err *e)
{
	struct json_object *o;

	*file = NULL;
	if (!json_object_object_get_ex(request, "file", &o))
		return 0;
	*file = string_of(o);
	return *file ? 0 : err_set(e, NULL, "\"file\" must be a string");
}

static int save(struct daemon *d, struct json_object *request, struct err *e)
{
	static const char head[] = "dhcpkd's configuration, as \"dhcpkctl config save\" writes it";
	const char *file, *to;

	if (file_in(request, &file, e) || check_known(d, e) || (!file && check_file(d, e)))
		return -1;
	to = file ? file : d->config_file;
	if (state_dir_check(d->state_dir, to, e) || config_save(to, head, 0644, d->model, e))
		return -1;
	if (file && !daemon_is_file(d, file))
		return 0;
	d->unsaved = false;
	daemon_file_runs(d);
	return 0;
}

static int apply(struct daemon *d, struct json_object *request, struct json_object **result, struct err *e)
{
	const char *file;

	if (file_in(request, &file, e) || daemon_reload(d, file, e))
		return -1;
	*result = warnings_of(d, "");
	return 0;
}

static int carry_out(struct daemon *d, struct json_object *request, struct json_object **result, struct err *e)
{
	static const struct { const char *op; enum object_type type; enum change what; } changes[] = {
		{ "pool-add", POOL, ADD }, { "pool-set", POOL, SET }, { "pool-del", POOL, DEL },
		{ "option-add", OPTION, ADD }, { "option-del", OPTION, DEL },
		{ "host-add", HOST, ADD }, { "host-set", HOST, SET }, { "host-del", HOST, DEL },
		{ "relay-add", RELAY, ADD }, { "relay-set", RELAY, SET }, { "relay-del", RELAY, DEL },
	};
	const char *op = string_in(request, "op");
	size_t i;

	if (!op)
		return err_set(e, NULL, "\"op\" is missing");
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		if (!strcmp(changes[i].op, op))
			return change(d, changes[i].type, changes[i].what, request, result, e);
	}
	if (!strcmp(op, "config-save"))
		return save(d, request, e);
	if (!strcmp(op, "config-apply"))
		return apply(d, request, result, e);
	if (!strcmp(op, "hello"))
		*result = hello(d);
	else if (!strcmp(op, "model"))
		*result = whole_model(d);
	else
		return err_set(e, op, "unknown op \"%s\"", op);
	return 0;
}

static bool is_blank(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
		p++;
	return p == end;
}

struct json_object *answer_request(struct daemon *d, const char *line, size_t len)
{
	struct json_tokener *tokener = json_tokener_new_ex(CONTROL_DEPTH_MAX);
	struct json_object *request, *result = NULL, *answer = json_object_new_object();
	struct err e = {};
	char text[ERR_LINE_SIZE];
	int err;

	request = json_tokener_parse_ex(tokener, line, len);
	if (!json_object_is_type(request, json_type_object))
		err = err_set(&e, NULL, "a request is one JSON object a line (%s)",
			      json_tokener_error_desc(json_tokener_get_error(tokener)));
	else if (!is_blank(line + json_tokener_get_parse_end(tokener), line + len))
		err = err_set(&e, NULL, "a request is one JSON object a line, and something is behind it");
	else
		err = carry_out(d, request, &result, &e);
	json_object_object_add(answer, "ok", json_object_new_boolean(!err));
	if (err) {
		json_object_object_add(answer, "error", json_object_new_string(err_line(text, &e)));
		replace_non_utf8(e.word);
		json_object_object_add(answer, "word", json_object_new_string(e.word));
	} else if (result) {
		json_object_object_add(answer, "result", result);
	}
	json_object_put(request);
	json_tokener_free(tokener);
	return answer;
}
