// SPDX-License-Identifier: GPL-2.0-or-later
/* The control socket: lines of requests, and what they make of the model, without a module. */
#include "dhcpkd/compile/compile.h"
#include "dhcpkd/config.h"
#include "dhcpkd/control/requests.h"
#include "lib/control.h"
#include "lib/model/model.h"
#include "fuzz.h"
#include "user.h"

static struct daemon d;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct err e = {};

	d.loop = ev_default_loop(0);
	d.config_file = strdup(user_file("dhcpkd.conf"));
	d.state_dir = strdup(user_file("state"));
	d.accept.fd = -1;
	CHECK(!commit_start(&d.commit, d.loop, d.state_dir, &e));
	return 0;
}

/* What an input left behind is not there for the next. */
static void fresh(void)
{
	json_object_put(d.model);
	json_object_put(d.warnings);
	d.model = model_new();
	d.warnings = json_object_new_array();
	d.unsaved = false;
	d.generation = 0;
	d.programmed = false;
	d.own_seen = 0;
	remove(user_file("dhcpkd.conf"));
	remove(user_file("other.conf"));
}

/* Whatever is in the model has a meaning, and can be saved. */
static void check_model(void)
{
	struct compiled specs;
	struct err e = {};

	if (model_compile(d.model, NULL, &specs, &e)) {
		fprintf(stderr, "%s\n", e.text);
		CHECK(!"the model has no meaning");
	}
	compiled_free(&specs);
	user_same_when_saved(d.model);
}

/* An object with "ok", and an error that says something, in a line that can be read again */
static bool check_answer(struct json_object *answer)
{
	const char *line = json_object_to_json_string_ext(answer, JSON_C_TO_STRING_PLAIN);
	struct json_object *again = json_tokener_parse(line), *ok = json_object_object_get(answer, "ok");
	const char *error = json_object_get_string(json_object_object_get(answer, "error"));

	CHECK(!strchr(line, '\n'));
	CHECK(again && json_object_equal(answer, again));
	CHECK(json_object_is_type(ok, json_type_boolean));
	CHECK(json_object_get_boolean(ok) == !error && (!error || *error));
	json_object_put(again);
	return !error;
}

static struct pending pending;

static void request(const uint8_t *line, size_t len)
{
	uint8_t *exact = memcpy(malloc(len + !len), line, len);
	struct json_object *before = model_copy(d.model), *answer = answer_request(&d, &pending, (const char *)exact, len);

	if (!check_answer(answer))
		CHECK(json_object_equal(before, d.model));
	else if (!json_object_equal(before, d.model))
		check_model();
	json_object_put(answer);
	json_object_put(before);
	free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size, *newline;

	fresh();
	for (; data < end && (newline = memchr(data, '\n', end - data)); data = newline + 1)
		request(data, newline - data);
	pending_drop(&pending);
	return 0;
}
