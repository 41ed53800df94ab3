// SPDX-License-Identifier: GPL-2.0-or-later
/* Options of one's own, and the registry. */
#include <stdio.h>
#include <string.h>

#include "dhcpkctl/ctl.h"
#include "lib/options.h"

static enum status add(struct ctl *c, int argc, char **argv)
{
	if (!argc)
		return wrong("which option? a name is missing");
	return send_words(c, "option-add", argv[0], argc - 1, argv + 1, OPTION);
}

static enum status del(struct ctl *c, int argc, char **argv)
{
	if (argc != 1)
		return wrong("option del wants one name");
	return ask(c, request_new("option-del", argv[0]), NULL);
}

/* What a registered option is called, its code, its type, and what a value must look like. */
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

static enum status show_registry(struct ctl *c, const char *word)
{
	static const char *const columns[] = { "code", "name", "type", "wants", NULL };
	struct json_object *array = json_object_new_array();
	size_t i;

	option_each(take_registered, array);
	for (i = json_object_array_length(array); word && i--;) {
		if (!is_row(json_object_array_get_idx(array, i), word))
			json_object_array_del_idx(array, i, 1);
	}
	if (json_object_array_length(array))
		return show(c, array, columns);
	json_object_put(array);
	fprintf(stderr, "dhcpkctl: no option \"%s\" is registered\n", word);
	return REFUSED;
}

static enum status show_own(struct ctl *c)
{
	static const char *const columns[] = { "name", "code", "type", NULL };
	struct json_object *array;
	enum status status = model_rows(c, OPTION, &array);
	size_t i, n;

	if (status != DONE)
		return status;
	n = json_object_array_length(array);
	for (i = 0; i < n; i++) {
		struct json_object *row = json_object_array_get_idx(array, i);

		/* The file has words only; a code is a number here, as it is in the registry. */
		set_number(row, "code", json_object_get_int(json_object_object_get(row, "code")));
	}
	return show(c, array, columns);
}

static enum status show_options(struct ctl *c, int argc, char **argv)
{
	if (argc > 1)
		return wrong("option show takes one word, not \"%s\" besides", argv[1]);
	if (!argc)
		return show_own(c);
	return show_registry(c, strcmp(argv[0], "all") ? argv[0] : NULL);
}

enum status option_main(struct ctl *c, int argc, char **argv)
{
	static char option_types[256];
	static const struct command commands[] = {
		{ "add", add, " NAME code N type T\n    a definition of your own, for options in pools and hosts; known types:",
		  NULL, option_types },
		{ "del", del, " NAME" },
		{ "show", show_options, " [all | NAME | CODE]\n    your own definitions, or the registry: what each option wants" },
		{}
	};

	option_types_text(option_types, sizeof(option_types));
	return run_object(c, "option", commands, "show", argc, argv);
}
