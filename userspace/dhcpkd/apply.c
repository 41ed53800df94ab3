// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A configuration becomes what runs: from dhcpkctl, from the file, and when a module is there anew.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dhcpkd/apply.h"
#include "dhcpkd/compile/compile.h"
#include "dhcpkd/compile/own.h"
#include "dhcpkd/config.h"
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
#define SWEEP_AGAIN_NS	(UINT64_C(60) * 1000000000)	/* after one that failed */

/* What is served otherwise than it was said is said in the log once, and in the status as long as it is so. */
static void take_warnings(struct daemon *d, const struct specs *s)
{
	size_t i, n = json_object_array_length(s->warnings);

	d->own_seen = s->own_seen;
	if (json_object_equal(d->warnings, s->warnings))
		return;
	for (i = 0; i < n; i++)
		say(LOG_WARNING, "%s", json_object_get_string(json_object_array_get_idx(s->warnings, i)));
	json_object_put(d->warnings);
	d->warnings = json_object_get(s->warnings);
}

/* -EAGAIN: nothing is wrong with the model, but it cannot be done now */
static int program_model(struct daemon *d, struct json_object *model, const struct typed *typed,
			 uint32_t *generation, struct err *e)
{
	struct specs specs;
	int err;

	if (model_compile(model, typed, &specs, e))
		return e->not_now ? -EAGAIN : -EINVAL;
	err = program_specs(&d->commit, &specs, generation, e);
	if (!err || err == -ENODEV)
		take_warnings(d, &specs);
	specs_free(&specs);
	return err;
}

/* "pools: lan, other; relays: eth1" */
static void add_foreign(struct daemon *d, enum object_type type, const char *name)
{
	size_t at = strlen(d->foreign), room = sizeof(d->foreign) - at;
	char head[16];
	bool first;

	snprintf(head, sizeof(head), "%s: ", object_kinds[type].plural);
	first = !strstr(d->foreign, head);
	if (strlen(name) + sizeof("; relays: , ...") < room)
		snprintf(d->foreign + at, room, "%s%s%s", !at ? "" : first ? "; " : ", ", first ? head : "", name);
	else if (d->foreign[at - 1] != '.')
		snprintf(d->foreign + at, room, ", ...");
}

static void add_foreign_pool(const struct kernel_pool *p, void *arg)
{
	add_foreign(arg, POOL, p->name);
}

static int add_foreign_relays(struct daemon *d, struct kernel *k, struct err *e)
{
	struct kernel_relay *all;
	size_t i, n;
	int err = kernel_relays(k, &all, &n, e);

	for (i = 0; !err && i < n; i++)
		add_foreign(d, RELAY, all[i].dev);
	free(all);
	return err;
}

static int list_foreign(struct daemon *d, struct err *e)
{
	struct kernel *k;
	int err;

	d->foreign[0] = '\0';
	err = kernel_open(&k, e);
	if (err)
		return err;
	err = kernel_pools(k, add_foreign_pool, d, e);
	if (!err)
		err = add_foreign_relays(d, k, e);
	kernel_close(k);
	return err;
}

static void foreign_unknown(struct daemon *d)
{
	snprintf(d->foreign, sizeof(d->foreign), "unknown");
}

/* What runs in the kernel, into d->foreign. 0, or it is not known, and may be anything. */
static int find_foreign(struct daemon *d, struct err *e)
{
	int err = list_foreign(d, e);

	if (err)
		foreign_unknown(d);
	return err;
}

static bool knows_nothing(const struct daemon *d)
{
	return (!d->generation || *d->foreign) && !d->programmed && !json_object_object_length(model_objects(d->model, POOL)) &&
	       !json_object_object_length(model_objects(d->model, RELAY));
}

/*
 * A daemon that starts without a configuration over a module that serves: what an earlier daemon was told by hand, and did
 * not save, goes on until a file says otherwise. A change of what this one knows, nothing, would end it. Nor is anything
 * changed while the kernel cannot say what it serves: then @e says why.
 */
static bool leave_alone(struct daemon *d, uint32_t running, struct err *e)
{
	if (!running || !knows_nothing(d))
		return false;
	if (find_foreign(d, e) || !*d->foreign)
		return false;
	d->generation = running;
	snprintf(d->module, sizeof(d->module), "the kernel goes on with what an earlier daemon was told (%s); "
		 "\"dhcpkctl config apply FILE\" decides what is served from now on", d->foreign);
	say(LOG_WARNING, "%s", d->module);
	return true;
}

/* Has this machine got or lost an address that a pool's subnet has, since the kernel was told? */
static bool other_addresses(struct daemon *d)
{
	struct specs specs;
	struct err e = {};
	bool other;

	d->own_unseen |= own_changed(d->addresses);
	if (!d->own_unseen || model_compile(d->model, NULL, &specs, &e))
		return false;
	d->own_unseen = false;
	other = specs.own_seen != d->own_seen;
	specs_free(&specs);
	return other;
}

/* A pool that is gone may come back, and so may its clients: what the store has of them stays until it is over. */
static void sweep(struct daemon *d)
{
	struct store_net *nets;
	struct specs specs;
	struct err e = {};
	size_t i;

	if (*d->foreign || *d->commit.error || clock_boot_ns() < d->sweep_at || model_compile(d->model, NULL, &specs, &e))
		return;
	d->sweep_at = clock_boot_ns() + SWEEP_AGAIN_NS;
	nets = calloc(specs.n_pools + 1, sizeof(*nets));
	for (i = 0; nets && i < specs.n_pools; i++)
		nets[i] = (struct store_net){ specs.pools[i].subnet, specs.pools[i].prefix };
	if (nets && !commit_sweep(&d->commit, nets, specs.n_pools))
		d->sweep_at = clock_boot_ns() + SWEEP_NS;
	free(nets);
	specs_free(&specs);
}

static void has_it(struct daemon *d)
{
	d->programmed = true;
	d->foreign[0] = '\0';
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
	/* First, so that nothing of what follows is done without somebody to store it. A module that is new knows nobody. */
	if (!err && (!info.attached || commit_detached(&d->commit)))
		err = commit_attach(&d->commit, &e);
	if (!err && info.generation && info.generation == d->generation && !other_addresses(d)) {
		last_good_keep_again(d);
		sweep(d);
		return true;
	}
	if (!err && leave_alone(d, info.generation, &e))
		return true;
	if (err && err != -ENODEV && knows_nothing(d))
		foreign_unknown(d);
	if (!*e.text) {
		refused = program_model(d, d->model, NULL, &d->generation, &e);
		if (!refused) {
			has_it(d);
			return true;
		}
	}
	/* The file's, which it finds fault with: another is tried the next time. */
	if (d->to_keep && !d->keep_failed && program_is_fault(refused, &e))
		last_good_take(d, &e);
	d->generation = 0;
	if (err == -ENODEV)
		d->foreign[0] = '\0';
	err_line(text, &e);
	if (strcmp(d->module, text))
		say(LOG_WARNING, "%s", text);
	snprintf(d->module, sizeof(d->module), "%s", text);
	return there;
}

int daemon_change(struct daemon *d, struct json_object *model, const struct typed *typed, struct err *e)
{
	uint32_t generation = 0;
	int err = program_model(d, model, typed, &generation, e);

	if (err && err != -ENODEV)
		return err;
	json_object_put(d->model);
	d->model = model;
	d->good_at = 0;
	/* A module that has gone has not judged it. */
	d->generation = err ? 0 : generation;
	d->programmed |= !err;
	d->foreign[0] = '\0';
	snprintf(d->module, sizeof(d->module), "%s", err ? e->text : "loaded");
	return 0;
}

/* ---- the file ---- */

bool daemon_is_file(const struct daemon *d, const char *file)
{
	return !strcmp(file, d->config_file) || is_same_file(file, d->config_file);
}

/* Without the module it is kept when it has come, since that may find fault with it, too. */
void daemon_file_runs(struct daemon *d)
{
	d->file_error[0] = '\0';
	d->good_at = 0;
	d->to_keep = true;
	d->keep_failed = false;
	if (d->generation)
		last_good_keep(d);
}

/* What runs goes on, and people are told until the file is mended. */
static int bad_file(struct daemon *d, const struct err *e)
{
	char text[ERR_LINE_SIZE];

	snprintf(d->file_error, sizeof(d->file_error), "%s", err_line(text, e));
	return -1;
}

int daemon_reload(struct daemon *d, const char *file, struct err *e)
{
	bool own = !file || daemon_is_file(d, file);
	const char *from = file ? file : d->config_file;
	struct json_object *model = state_dir_check(d->state_dir, from, e) ? NULL : config_load(from, e);
	int err;

	if (!model)
		return own && !e->not_now ? bad_file(d, e) : -1;
	err = daemon_change(d, model, NULL, e);
	if (err) {
		json_object_put(model);
		return own && program_is_fault(err, e) ? bad_file(d, e) : -1;
	}
	d->unsaved = !own;
	if (own)
		daemon_file_runs(d);
	else
		d->to_keep = false;
	return 0;
}
