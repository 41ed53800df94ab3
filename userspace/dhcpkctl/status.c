// SPDX-License-Identifier: GPL-2.0-or-later
/* The bare status, the counters, and the configuration as a whole. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dhcpkctl/ctl.h"
#include "dhcpkctl/json.h"
#include "dhcpkctl/print.h"
#include "lib/kernel/info.h"
#include "lib/kernel/kernel.h"

static int64_t number_in(struct json_object *o, const char *key)
{
	return json_object_get_int64(json_object_object_get(o, key));
}

static enum status show_stats(struct ctl *c, int argc, char **argv)
{
	uint64_t count[DHCPK_STAT_MAX + 1];
	struct json_object *all;
	struct kernel *k;
	struct err e = {};
	unsigned int i;
	int err;

	if (argc)
		return usage_error("stats show takes no \"%s\"", argv[0]);
	err = kernel_open(&k, &e);
	if (!err) {
		err = kernel_stats(k, count, &e);
		kernel_close(k);
	}
	if (err)
		return refuse(&e);
	all = json_object_new_object();
	for (i = 1; i <= DHCPK_STAT_MAX; i++)
		set_number(all, stat_name(i), count[i]);
	if (c->json)
		return show_json(c, all);
	json_object_object_foreach(all, name, value)
		printf("%-24s %s\n", name, json_object_get_string(value));
	json_object_put(all);
	return DONE;
}

enum status stats_main(struct ctl *c, int argc, char **argv)
{
	static const struct command commands[] = {
		{ "show", show_stats, "\n"
		  "    packets received, sent and dropped, since the module was loaded" },
		{}
	};

	return run_object(c, "stats", commands, "show", argc, argv);
}

/* Make RFC 3339 times of the daemon's numbers */
static void set_times(struct json_object *store)
{
	struct json_object *rejected = json_object_object_get(store, "rejected"), *one;
	int64_t at = number_in(store, "last-sync");
	char when[DATE_SIZE];
	size_t i;

	if (at)
		set_text(store, "last-sync", wall_time(when, at));
	for (i = 0; rejected && i < json_object_array_length(rejected); i++) {
		one = json_object_array_get_idx(rejected, i);
		set_text(one, "found", format_date(when, number_in(one, "found")));
	}
}

/* The daemon's state, or why it does not answer. */
static struct json_object *daemon_state(struct json_object *said, const struct err *e)
{
	static const char *const keys[][2] = {
		{ "file", "file" }, { "unsaved", "unsaved" }, { "programmed", "module" },
		{ "warnings", "warnings" }, { "store", "store" }, { "file-error", "file-error" },
		{ "last-good", "last-good" },
	};
	struct json_object *o = json_object_new_object(), *value;
	char when[DATE_SIZE];
	size_t i;

	set_text(o, "daemon", said ? "running" : e->text);
	for (i = 0; said && i < sizeof(keys) / sizeof(keys[0]); i++) {
		value = json_object_object_get(said, keys[i][1]);
		if (value)
			json_object_object_add(o, keys[i][0], json_object_get(value));
	}
	set_times(json_object_object_get(o, "store"));
	if (json_object_object_get(o, "last-good"))
		set_text(o, "last-good", format_date(when, number_in(o, "last-good")));
	return o;
}

/* Rejected leases: print the number, and the newest one. */
static void print_rejected(struct json_object *store)
{
	struct json_object *all = json_object_object_get(store, "rejected"), *last;
	long long n = number_in(store, "rejected-total");

	if (!all)
		return;
	n = n ?: (long long)json_object_array_length(all); /* an older dhcpkd sends no total */
	last = json_object_array_get_idx(all, 0);
	printf("warning  %lld invalid binding%s in leases.db %s put aside, such as that of %s: %s; "
	       "-j has more\n",
	       n, n == 1 ? "" : "s", n == 1 ? "is" : "are", text_in(last, "ip"),
	       text_in(last, "reason"));
}

/* The backlog of the store: known from the kernel, even without the daemon. */
static void print_store(struct json_object *o)
{
	struct json_object *store = json_object_object_get(o, "store");
	int64_t took = number_in(store, "last-sync-took");

	if (json_object_object_get(o, "backlog"))
		printf("store    %lld bindings to be written, %lld replies wait for that\n",
		       (long long)number_in(o, "backlog"), (long long)number_in(o, "parked"));
	if (store && *text_in(store, "last-sync"))
		printf("         last sync %s, it took %lld.%03lld ms; ",
		       text_in(store, "last-sync"), (long long)took / 1000000,
		       (long long)took / 1000 % 1000);
	else if (store)
		printf("         nothing to sync so far; ");
	if (store)
		printf("%lld errors\n", (long long)number_in(store, "errors"));
	if (*text_in(store, "error"))
		printf("warning  %s: new clients get no address; renewals continue\n",
		       text_in(store, "error"));
	print_rejected(store);
}

static void print_relays(struct json_object *o)
{
	struct json_object *relays = json_object_object_get(o, "relays"), *servers, *server;
	size_t i, j, n = relays ? json_object_array_length(relays) : 0, down = 0;

	for (i = 0; i < n; i++) {
		servers = json_object_object_get(json_object_array_get_idx(relays, i), "servers");
		for (j = 0; j < json_object_array_length(servers); j++) {
			server = json_object_array_get_idx(servers, j);
			down += !json_object_get_boolean(json_object_object_get(server, "up"));
		}
	}
	if (down)
		printf("relays   %zu, %zu server%s down\n", n, down, down == 1 ? "" : "s");
	else if (n)
		printf("relays   %zu\n", n);
}

/* Two machines that use one client identifier */
static void take_duplicate(const struct kernel_lease *l, void *arg)
{
	json_object_array_add(arg, lease_client_json(l));
}

static void add_duplicates(struct json_object *o, struct kernel *k)
{
	struct json_object *all = json_object_new_array();
	struct err ignored = {};

	kernel_duplicates(k, take_duplicate, all, &ignored);
	if (json_object_array_length(all))
		json_object_object_add(o, "duplicate-ids", all);
	else
		json_object_put(all);
}

static void print_duplicates(struct json_object *o)
{
	struct json_object *all = json_object_object_get(o, "duplicate-ids"), *one;
	size_t i, n = all ? json_object_array_length(all) : 0;

	for (i = 0; i < n; i++) {
		one = json_object_array_get_idx(all, i);
		printf("warning  %s and %s have the same client-id %s, and so one address, %s: if "
		       "one is a copy of the other, it needs a client-id of its own\n",
		       text_in(one, "mac"), text_in(one, "also-mac"), text_in(one, "client-id"),
		       text_in(one, "ip"));
	}
}

/* The file has an error and is not the running configuration. */
static void print_file(struct json_object *o)
{
	if (*text_in(o, "last-good"))
		printf("warning  %s; what was applied from it on %s is served until it is fixed "
		       "and read again (config apply)\n",
		       text_in(o, "file-error"), text_in(o, "last-good"));
	else if (*text_in(o, "file-error"))
		printf("warning  %s; the previous configuration stays until it is fixed and read "
		       "again (config apply)\n",
		       text_in(o, "file-error"));
}

static void print_status(struct json_object *o)
{
	printf("module   %s\n", text_in(o, "module"));
	printf("daemon   %s\n", text_in(o, "daemon"));
	if (*text_in(o, "programmed") && strcmp(text_in(o, "programmed"), "loaded"))
		printf("warning  %s\n", text_in(o, "programmed"));
	print_file(o);
	print_warnings(stdout, "warning  ", o);
	if (json_object_get_boolean(json_object_object_get(o, "unsaved")))
		printf("config   unsaved changes (dhcpkctl config save writes them to %s)\n",
		       text_in(o, "file"));
	print_duplicates(o);
	print_store(o);
	print_relays(o);
}

static enum status show_status(struct ctl *c, int argc, char **argv)
{
	static const char *const columns[] = {
		"name", "subnet", "dev", "state", "bound", "offered", "free", "size", NULL,
	};
	struct json_object *said, *o, *pools = NULL, *relays = NULL;
	struct kernel_info info;
	struct err e = {};
	enum status shown = DONE, status;
	struct kernel *k;
	int err;

	if (argc)
		return usage_error("status show takes no \"%s\"", argv[0]);
	said = get_daemon_state(c, &e);
	o = daemon_state(said, &e);
	err = kernel_open(&k, &e);
	if (!err) {
		err = kernel_info(k, &info, &e);
		if (!err)
			add_duplicates(o, k);
		kernel_close(k);
	}
	set_text(o, "module", err ? e.text : "loaded");
	if (!err) {
		set_number(o, "backlog", info.dirty + info.in_flight);
		set_number(o, "parked", info.parked);
		json_object_object_add(o, "stored", json_object_new_boolean(info.attached));
		set_text(o, "version", info.version);
		set_number(o, "generation", info.generation);
		shown = pools_json(said, &pools);
		if (shown == DONE)
			json_object_object_add(o, "pools", json_object_get(pools));
		status = relays_json(c, said, &relays);
		if (status == DONE)
			json_object_object_add(o, "relays", relays);
		else
			shown = status;
	}
	json_object_put(said);
	if (c->json) {
		show_json(c, o);
		json_object_put(pools);
	} else {
		print_status(o);
		json_object_put(o);
		if (pools)
			show(c, pools, columns);
	}
	return err ? REFUSED : shown;
}

enum status status_main(struct ctl *c, int argc, char **argv)
{
	static const struct command commands[] = {
		{ "show", show_status, "\n"
		  "    the state of module, daemon and store, the relays and the pools" },
		{}
	};

	return run_object(c, "status", commands, "show", argc, argv);
}

/* ---- config ---- */

/* The daemon has another working directory. */
static int whole_path(const char *file, char path[PATH_MAX])
{
	char dir[PATH_MAX] = "";

	if (*file != '/' && !getcwd(dir, sizeof(dir)))
		return -1;
	if (snprintf(path, PATH_MAX, "%s%s%s", dir, *dir ? "/" : "", file) < PATH_MAX)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

static enum status file_request(struct ctl *c, const char *op, int argc, char **argv)
{
	struct json_object *request, *result = NULL;
	enum status status;
	char path[PATH_MAX];
	struct err e = {};

	if (argc > 1)
		return usage_error("one file, not \"%s\" besides", argv[1]);
	if (argc && whole_path(argv[0], path)) {
		err_set(&e, argv[0], "%.60s: cannot tell its whole path: %s", argv[0],
			strerror(errno));
		return refuse(&e);
	}
	request = request_new(op, NULL);
	if (argc)
		set_text(request, "file", path);
	status = ask(c, request, &result);
	print_warnings(stderr, WARNING, result);
	json_object_put(result);
	return status;
}

static enum status save(struct ctl *c, int argc, char **argv)
{
	return file_request(c, "config-save", argc, argv);
}

static enum status apply(struct ctl *c, int argc, char **argv)
{
	return file_request(c, "config-apply", argc, argv);
}

static enum status show_config(struct ctl *c, int argc, char **argv)
{
	struct ctl pretty = *c;
	struct json_object *result = NULL, *model;
	enum status status;

	if (argc)
		return usage_error("config show takes no \"%s\"", argv[0]);
	status = ask(c, request_new("model", NULL), &result);
	if (status != DONE)
		return status;
	model = json_object_get(json_object_object_get(result, "model"));
	json_object_put(result);
	pretty.pretty |= !c->json;
	return show_json(&pretty, model);
}

enum status config_main(struct ctl *c, int argc, char **argv)
{
	static const struct command commands[] = {
		{ "show", show_config, "\n    the running configuration" },
		{ "save", save, " [FILE]\n"
		  "    writes the running configuration to the daemon's file, or to FILE" },
		{ "apply", apply, " [FILE]\n"
		  "    reads the file; if it is valid it becomes the running configuration, "
		  "else nothing changes" },
		{}
	};

	return run_object(c, "config", commands, "show", argc, argv);
}
