// SPDX-License-Identifier: GPL-2.0-or-later
/* The user's own options, and the registry. */
#include <stdio.h>
#include <string.h>

#include "dhcpkctl/ctl.h"
#include "dhcpkctl/json.h"
#include "dhcpkctl/print.h"
#include "lib/option/options.h"

static enum status add(struct ctl *c, int argc, char **argv)
{
	if (name_missing(OPTION, argc, argv))
		return usage_error("which option? a name is missing%s%s%s",
				   argc ? " before \"" : "", argc ? argv[0] : "", argc ? "\"" : "");
	return send_words(c, "option-add", argv[0], argc - 1, argv + 1, OPTION);
}

static enum status del(struct ctl *c, int argc, char **argv)
{
	if (argc != 1)
		return usage_error("option del wants one name");
	return ask_change(c, request_new("option-del", argv[0]), NULL);
}

/* A registered option: name, code, type, and the form of its value. */
static void take_registered(const struct option_def *def, void *arg)
{
	struct json_object *row = json_object_new_object();
	char wants[256];

	set_text(row, "name", def->name);
	set_number(row, "code", def->code);
	set_text(row, "type", option_type_name(def));
	set_text(row, "wants", option_wants(wants, sizeof(wants), def));
	set_text(row, "alias", def->alias);
	json_object_array_add(arg, row);
}

static bool is_row(struct json_object *row, const char *word)
{
	static const char *const keys[] = { "name", "alias", "code" };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct json_object *value = json_object_object_get(row, keys[i]);

		if (value && !strcmp(json_object_get_string(value), word))
			return true;
	}
	return false;
}

static void keep_only(struct json_object *array, const char *word)
{
	size_t i;

	for (i = json_object_array_length(array); i--;) {
		if (!is_row(json_object_array_get_idx(array, i), word))
			json_object_array_del_idx(array, i, 1);
	}
}

/* The user's own definitions, in the form of the registry's. */
static void add_own(struct json_object *said, struct json_object *array)
{
	struct json_object *all = json_object_object_get(json_object_object_get(said, "model"),
							 object_kinds[OPTION].plural);
	struct option_defs own = { .n = 0 };
	struct err e = {};
	size_t i;

	if (!all)
		return;
	json_object_object_foreach(all, name, object) {
		struct json_object *words = json_object_new_object();

		add_settings(words, OPTION, object);
		option_define(&own, name, text_in(words, "code"), text_in(words, "type"), &e);
		json_object_put(words);
	}
	for (i = 0; i < own.n; i++)
		take_registered(&own.def[i], array);
}

static const char *const columns_all[] = { "code", "name", "type", "wants", NULL };

static enum status show_registry(struct ctl *c)
{
	struct json_object *array = json_object_new_array();

	option_each(take_registered, array);
	return show(c, array, columns_all);
}

/*
 * The user's own definition has precedence over the registry's for its code: values must have its
 * type.
 */
static enum status show_one(struct ctl *c, const char *word)
{
	struct json_object *array = json_object_new_array(), *said;
	struct err e = {};

	said = get_daemon_state(c, &e);
	add_own(said, array);
	keep_only(array, word);
	if (!json_object_array_length(array)) {
		option_each(take_registered, array);
		keep_only(array, word);
	}
	if (json_object_array_length(array)) {
		json_object_put(said);
		return show(c, array, columns_all);
	}
	fprintf(stderr, "dhcpkctl: no option \"%s\" is registered%s%s\n", word,
		said ? ", or defined" : "; whether one is defined is not known: ",
		said ? "" : e.text);
	json_object_put(array);
	json_object_put(said);
	return REFUSED;
}

/* The registered name of the same code, if there is one */
static void add_registered_name(struct json_object *row)
{
	int64_t code = json_object_get_int64(json_object_object_get(row, "code"));

	set_text(row, "in-place-of", code > 0 && code < 255 ? option_name(code) : NULL);
}

static enum status show_own(struct ctl *c)
{
	static const char *const columns[] = { "name", "code", "type", "in-place-of", NULL };
	struct json_object *array;
	enum status status = model_rows(c, OPTION, &array);
	size_t i;

	if (status != DONE)
		return status;
	for (i = 0; i < json_object_array_length(array); i++)
		add_registered_name(json_object_array_get_idx(array, i));
	return show(c, array, columns);
}

static enum status show_options(struct ctl *c, int argc, char **argv)
{
	if (argc > 1)
		return usage_error("option show takes one word, not \"%s\" besides", argv[1]);
	if (!argc)
		return show_own(c);
	return strcmp(argv[0], "all") ? show_one(c, argv[0]) : show_registry(c);
}

enum status option_main(struct ctl *c, int argc, char **argv)
{
	static char option_types[256];
	static const struct command commands[] = {
		{ "add", add, " NAME code N type T\n"
		  "    defines an option of your own for pools and hosts; known types:",
		  NULL, option_types },
		{ "del", del, " NAME" },
		{ "show", show_options, " [all | NAME | CODE]\n"
		  "    your own definitions, the whole registry, or one option and its values" },
		{}
	};

	option_types_text(option_types, sizeof(option_types));
	return run_object(c, "option", commands, "show", argc, argv);
}
