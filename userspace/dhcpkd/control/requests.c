// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests to the daemon. See lib/control.h. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "dhcpkd/control/requests.h"
#include "dhcpkd/apply.h"
#include "dhcpkd/compile/agent.h"
#include "dhcpkd/control/change.h"
#include "dhcpkd/control/request.h"
#include "dhcpkd/state_dir.h"
#include "dhcpkd/store/store.h"
#include "lib/control.h"
#include "lib/conv.h"
#include "lib/model/file.h"
#include "lib/model/model.h"
#include "lib/utf8.h"

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

/* Rejected leases, the newest first; none while the store fails, since that is reported already. */
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

/* The state of the store: times in ns, last_sync by the wall clock. */
static struct json_object *store_state(const struct commit *c)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "stored", json_object_new_int64(c->stored));
	if (c->last_sync) {
		json_object_object_add(o, "last-sync", json_object_new_int64(c->last_sync));
		json_object_object_add(o, "last-sync-took",
				       json_object_new_int64(c->last_sync_took));
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

/* The value of "relay-id auto", to be found in servers' lease tables */
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

/*
 * Do not overwrite a file that has an error and is to be fixed. A file that does not exist may be
 * written.
 */
static int check_file(const struct daemon *d, struct err *e)
{
	struct stat st;

	if (!*d->file_error || (lstat(d->config_file, &st) && errno == ENOENT))
		return 0;
	return err_set(e, NULL,
		       "%s has an error, and its contents would be lost (%.600s): fix it, or save "
		       "to another file; \"config save %s\" writes over it",
		       d->config_file, d->file_error, d->config_file);
}

/* @file is NULL if the request has none. */
static int file_in(struct json_object *request, const char **file, struct err *e)
{
	struct json_object *o;

	*file = NULL;
	if (!json_object_object_get_ex(request, "file", &o))
		return 0;
	*file = request_text(o);
	return *file ? 0 : err_set(e, NULL, "\"file\" must be a string");
}

static int save(struct daemon *d, struct json_object *request, struct err *e)
{
	static const char head[] = "dhcpkd's configuration, as \"dhcpkctl config save\" writes it";
	const char *file, *to;

	if (file_in(request, &file, e) || request_check_known(d, e) || (!file && check_file(d, e)))
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

static int apply(struct daemon *d, struct json_object *request, struct json_object **result,
		 struct err *e)
{
	const char *file;

	if (file_in(request, &file, e) || daemon_reload(d, file, e))
		return -1;
	*result = request_warnings(d, "");
	return 0;
}

static int carry_out(struct daemon *d, struct pending *p, struct json_object *request,
		     struct json_object **result, struct err *e)
{
	const char *op = request_string(request, "op");

	if (!op)
		return err_set(e, NULL, "\"op\" is missing");
	if (is_change(op))
		return change_request(d, p, op, request, result, e);
	if (!strcmp(op, "begin"))
		return pending_begin(d, p, e);
	if (!strcmp(op, "commit"))
		return pending_commit(d, p, result, e);
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

struct json_object *answer_request(struct daemon *d, struct pending *p, const char *line,
				   size_t len)
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
		err = err_set(&e, NULL,
			      "a request is one JSON object a line, and something is behind it");
	else
		err = carry_out(d, p, request, &result, &e);
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
