// SPDX-License-Identifier: GPL-2.0-or-later
/* Applies a configuration: from dhcpkctl, from the file, and when the module is loaded anew. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dhcpkd/apply.h"
#include "dhcpkd/compile/compile.h"
#include "dhcpkd/compile/own.h"
#include "dhcpkd/config.h"
#include "dhcpkd/kernel/forget.h"
#include "dhcpkd/kernel/program.h"
#include "dhcpkd/last_good.h"
#include "dhcpkd/log.h"
#include "dhcpkd/state_dir.h"
#include "dhcpkd/store/clock.h"
#include "dhcpkd/store/store.h"
#include "lib/kernel/kernel.h"
#include "lib/kernel/pool.h"
#include "lib/kernel/relay.h"
#include "lib/model/model.h"

#define SWEEP_NS	(UINT64_C(86400) * 1000000000)
#define SWEEP_AGAIN_NS	(UINT64_C(60) * 1000000000)	/* after a sweep that failed */

/* Log each configuration warning once; keep it in the status while it applies. */
static void take_warnings(struct daemon *d, const struct compiled *s)
{
	size_t i, n = json_object_array_length(s->warnings);

	d->own_seen = s->own_seen;
	if (json_object_equal(d->warnings, s->warnings))
		return;
	for (i = 0; i < n; i++)
		say(LOG_WARNING, "%s",
		    json_object_get_string(json_object_array_get_idx(s->warnings, i)));
	json_object_put(d->warnings);
	d->warnings = json_object_get(s->warnings);
}

/* Return: 0, or -errno. -EAGAIN: the model has no error, but it cannot be compiled now. */
static int program_model(struct daemon *d, struct json_object *model,
			 const struct edited_object *edited, uint32_t *generation, struct err *e)
{
	struct compiled compiled;
	int err;

	if (model_compile(model, edited, &compiled, e))
		return e->not_now ? -EAGAIN : -EINVAL;
	err = program_compiled(&d->commit, &compiled, generation, e);
	if (!err || err == -ENODEV)
		take_warnings(d, &compiled);
	compiled_free(&compiled);
	return err;
}

/* "pools: lan, other; relays: eth1" */
static void add_unknown(struct daemon *d, enum object_type type, const char *name)
{
	size_t at = strlen(d->unknown_config), room = sizeof(d->unknown_config) - at;
	char head[16];
	bool first;

	snprintf(head, sizeof(head), "%s: ", object_kinds[type].plural);
	first = !strstr(d->unknown_config, head);
	if (strlen(name) + sizeof("; relays: , ...") < room)
		snprintf(d->unknown_config + at, room, "%s%s%s",
			 !at ? "" : first ? "; " : ", ", first ? head : "", name);
	else if (d->unknown_config[at - 1] != '.')
		snprintf(d->unknown_config + at, room, ", ...");
}

static void add_unknown_pool(const struct kernel_pool *p, void *arg)
{
	add_unknown(arg, POOL, p->name);
}

static int add_unknown_relays(struct daemon *d, struct kernel *k, struct err *e)
{
	struct kernel_relay *all;
	size_t i, n;
	int err = kernel_relays(k, &all, &n, e);

	for (i = 0; !err && i < n; i++)
		add_unknown(d, RELAY, all[i].dev);
	free(all);
	return err;
}

static int list_unknown_config(struct daemon *d, struct err *e)
{
	struct kernel *k;
	int err;

	d->unknown_config[0] = '\0';
	err = kernel_open(&k, e);
	if (err)
		return err;
	err = kernel_pools(k, add_unknown_pool, d, e);
	if (!err)
		err = add_unknown_relays(d, k, e);
	kernel_close(k);
	return err;
}

static void set_config_unknown(struct daemon *d)
{
	snprintf(d->unknown_config, sizeof(d->unknown_config), "unknown");
}

/* Write what the kernel runs into d->unknown_config. Return: 0; on error that is not known. */
static int find_unknown_config(struct daemon *d, struct err *e)
{
	int err = list_unknown_config(d, e);

	if (err)
		set_config_unknown(d);
	return err;
}

static bool has_no_config(const struct daemon *d)
{
	return (!d->generation || *d->unknown_config) && !d->programmed &&
	       !json_object_object_length(model_objects(d->model, POOL)) &&
	       !json_object_object_length(model_objects(d->model, RELAY));
}

/*
 * A daemon may start without a configuration while the kernel runs one. An earlier daemon got that
 * by hand and did not save it. The kernel goes on with it until a file replaces it: a change of
 * this daemon's empty model would end it. Nothing is changed either while the kernel cannot say
 * what it runs; then @e has the reason.
 */
static bool keep_kernel_config(struct daemon *d, uint32_t running, struct err *e)
{
	if (!running || !has_no_config(d))
		return false;
	if (find_unknown_config(d, e) || !*d->unknown_config)
		return false;
	d->generation = running;
	snprintf(d->module, sizeof(d->module),
		 "the kernel still runs the configuration of an earlier daemon (%s); \"dhcpkctl "
		 "config apply FILE\" decides what is served from now on",
		 d->unknown_config);
	say(LOG_WARNING, "%s", d->module);
	return true;
}

/* Has this machine got or lost an address in a pool's subnet since the kernel was programmed? */
static bool own_addresses_changed(struct daemon *d)
{
	struct compiled compiled;
	struct err e = {};
	bool other;

	d->own_unseen |= own_changed(d->addresses);
	if (!d->own_unseen || model_compile(d->model, NULL, &compiled, &e))
		return false;
	d->own_unseen = false;
	other = compiled.own_seen != d->own_seen;
	compiled_free(&compiled);
	return other;
}

/*
 * A deleted pool may come back, and its clients too: the store keeps their leases until they are
 * over.
 */
static void sweep(struct daemon *d)
{
	struct store_net *nets;
	struct compiled compiled;
	struct err e = {};
	size_t i;

	if (*d->unknown_config || *d->commit.error || clock_boot_ns() < d->sweep_at ||
	    model_compile(d->model, NULL, &compiled, &e))
		return;
	d->sweep_at = clock_boot_ns() + SWEEP_AGAIN_NS;
	nets = calloc(compiled.n_pools + 1, sizeof(*nets));
	for (i = 0; nets && i < compiled.n_pools; i++)
		nets[i] = (struct store_net){ compiled.pools[i].subnet, compiled.pools[i].prefix };
	if (nets && !commit_sweep(&d->commit, nets, compiled.n_pools))
		d->sweep_at = clock_boot_ns() + SWEEP_NS;
	free(nets);
	compiled_free(&compiled);
}

static void config_loaded(struct daemon *d)
{
	d->programmed = true;
	d->unknown_config[0] = '\0';
	snprintf(d->module, sizeof(d->module), "loaded");
	say(LOG_INFO, "the kernel has the configuration now");
	if (d->to_keep)
		last_good_keep(d);
}

bool daemon_watch(struct daemon *d)
{
	struct kernel_info info = {};
	char text[ERR_LINE_SIZE];
	struct err e = {};
	int err = program_running(&info, &e), refused = 0;
	bool there = err != -ENODEV;

	if (!there)
		commit_detach(&d->commit);
	/*
	 * Attach first: what follows needs a daemon that stores leases. A newly loaded module has
	 * none.
	 */
	if (!err && (!info.attached || commit_detached(&d->commit)))
		err = commit_attach(&d->commit, &e);
	if (!err && info.generation && info.generation == d->generation &&
	    !own_addresses_changed(d)) {
		last_good_keep_again(d);
		sweep(d);
		return true;
	}
	if (!err && keep_kernel_config(d, info.generation, &e))
		return true;
	if (err && err != -ENODEV && has_no_config(d))
		set_config_unknown(d);
	if (!*e.text) {
		refused = program_model(d, d->model, NULL, &d->generation, &e);
		if (!refused) {
			config_loaded(d);
			return true;
		}
	}
	/*
	 * The kernel refused the configuration file: the last good one is programmed the next time.
	 */
	if (d->to_keep && !d->keep_failed && program_is_fault(refused, &e))
		last_good_take(d, &e);
	d->generation = 0;
	if (err == -ENODEV)
		d->unknown_config[0] = '\0';
	err_line(text, &e);
	if (strcmp(d->module, text))
		say(LOG_WARNING, "%s", text);
	snprintf(d->module, sizeof(d->module), "%s", text);
	return there;
}

int daemon_change(struct daemon *d, struct json_object *model, const struct edited_object *edited,
		  struct err *e)
{
	uint32_t generation = 0;
	int err = program_model(d, model, edited, &generation, e);

	if (err && err != -ENODEV)
		return err;
	json_object_put(d->model);
	d->model = model;
	d->good_at = 0;
	/* Without the module nothing has checked the model yet. */
	d->generation = err ? 0 : generation;
	d->programmed |= !err;
	d->unknown_config[0] = '\0';
	snprintf(d->module, sizeof(d->module), "%s", err ? e->text : "loaded");
	return 0;
}

/* ---- the file ---- */

bool daemon_is_file(const struct daemon *d, const char *file)
{
	return !strcmp(file, d->config_file) || is_same_file(file, d->config_file);
}

/* Without the module the file is kept later, once the kernel has accepted it. */
void daemon_file_runs(struct daemon *d)
{
	d->file_error[0] = '\0';
	d->good_at = 0;
	d->to_keep = true;
	d->keep_failed = false;
	if (d->generation)
		last_good_keep(d);
}

/* The running configuration stays. Logs and status name the error until the file is fixed. */
static int note_bad_file(struct daemon *d, const struct err *e)
{
	char text[ERR_LINE_SIZE];

	snprintf(d->file_error, sizeof(d->file_error), "%s", err_line(text, e));
	return -1;
}

int daemon_reload(struct daemon *d, const char *file, struct err *e)
{
	bool own = !file || daemon_is_file(d, file);
	const char *from = file ? file : d->config_file;
	struct json_object *model = NULL;
	int err;

	if (!state_dir_check(d->state_dir, from, e))
		model = config_load(from, e);
	if (!model)
		return own && !e->not_now ? note_bad_file(d, e) : -1;
	err = daemon_change(d, model, NULL, e);
	if (err) {
		json_object_put(model);
		return own && program_is_fault(err, e) ? note_bad_file(d, e) : -1;
	}
	d->unsaved = !own;
	if (own)
		daemon_file_runs(d);
	else
		d->to_keep = false;
	return 0;
}
