// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libsmartcols.h>

#include "dhcpkctl/ctl.h"

enum status refuse(const struct err *e)
{
	fprintf(stderr, "dhcpkctl: %s\n", e->text);
	return REFUSED;
}

enum status wrong(const char *format, ...)
{
	va_list args;

	fputs("dhcpkctl: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return USAGE;
}

const struct command *find_command(const struct command *all, const char *word, const char *what)
{
	const struct command *c, *found = NULL;
	size_t len = strlen(word);

	for (c = all; c->name; c++) {
		if (!strcmp(c->name, word))
			return c;
		if (!len || strncmp(c->name, word, len))
			continue;
		if (found) {
			wrong("\"%s\" may be %s or %s", word, found->name, c->name);
			return NULL;
		}
		found = c;
	}
	if (!found)
		wrong("unknown %s \"%s\"; try \"dhcpkctl help\"", what, word);
	return found;
}

static void print_help(const char *object, const struct command *all, FILE *to)
{
	const struct command *c;

	for (c = all; c->name; c++)
		fprintf(to, "dhcpkctl %s %s%s\n", object, c->name, c->help);
}

enum status run_object(struct ctl *c, const char *object, const struct command *all, const char *fallback, int argc,
		       char **argv)
{
	const char *word = argc ? argv[0] : fallback;
	const struct command *command;

	if (!strcmp(word, "help")) {
		print_help(object, all, stdout);
		return DONE;
	}
	command = find_command(all, word, "command");
	if (!command)
		return USAGE;
	return command->run(c, argc ? argc - 1 : 0, argv + (argc ? 1 : 0));
}

struct json_object *request_new(const char *op, const char *name)
{
	struct json_object *request = json_object_new_object();

	json_object_object_add(request, "op", json_object_new_string(op));
	if (name)
		json_object_object_add(request, "name", json_object_new_string(name));
	return request;
}

enum status ask(struct ctl *c, struct json_object *request, struct json_object **result)
{
	struct err e = {};
	int fd = control_connect(c->socket, &e);
	int err;

	if (fd < 0) {
		json_object_put(request);
		return refuse(&e);
	}
	err = control_call(fd, request, result, &e);
	close(fd);
	return err ? refuse(&e) : DONE;
}

static bool known(const char *const *keys, const char *word)
{
	for (; *keys; keys++) {
		if (!strcmp(*keys, word))
			return true;
	}
	return false;
}

static void print_keys(const char *const *keys)
{
	fputs("dhcpkctl: known words:", stderr);
	for (; *keys; keys++)
		fprintf(stderr, " %s", *keys);
	fputc('\n', stderr);
}

enum status add_words(struct json_object *request, int argc, char **argv, const char *const *keys)
{
	struct json_object *set = json_object_new_array(), *pair;
	int i, values;

	json_object_object_add(request, "set", set);
	for (i = 0; i < argc; i += 1 + values) {
		char both[1024];

		if (!known(keys, argv[i])) {
			wrong("unknown word \"%s\"", argv[i]);
			print_keys(keys);
			return USAGE;
		}
		values = !strcmp(argv[i], "option") ? 2 : 1;
		if (i + values >= argc)
			return wrong("\"%s\" needs a value%s", argv[i], values == 2 ? ": option CODE|NAME VALUE" : "");
		snprintf(both, sizeof(both), "%s%s%s", argv[i + 1], values == 2 ? " " : "", values == 2 ? argv[i + 2] : "");
		pair = json_object_new_array();
		json_object_array_add(pair, json_object_new_string(argv[i]));
		json_object_array_add(pair, json_object_new_string(both));
		json_object_array_add(set, pair);
	}
	return DONE;
}

void set_text(struct json_object *o, const char *key, const char *text)
{
	if (text && *text)
		json_object_object_add(o, key, json_object_new_string(text));
}

void set_number(struct json_object *o, const char *key, int64_t number)
{
	json_object_object_add(o, key, json_object_new_int64(number));
}

/* A value for a table: lists with commas, nothing where there is nothing. */
static void cell_text(struct json_object *value, char *buf, size_t size)
{
	size_t i, n, at = 0;

	buf[0] = '\0';
	if (!json_object_is_type(value, json_type_array)) {
		snprintf(buf, size, "%s", value ? json_object_get_string(value) : "-");
		return;
	}
	n = json_object_array_length(value);
	for (i = 0; i < n && at < size; i++)
		at += snprintf(buf + at, size - at, "%s%s", i ? "," : "",
			       json_object_get_string(json_object_array_get_idx(value, i)));
}

static void print_table(struct json_object *array, const char *const *columns)
{
	struct libscols_table *table = scols_new_table();
	size_t i, n = json_object_array_length(array);
	int k;

	for (k = 0; columns[k]; k++) {
		char head[32];
		char *p;

		snprintf(head, sizeof(head), "%s", columns[k]);
		for (p = head; *p; p++)
			*p = *p >= 'a' && *p <= 'z' ? *p - 32 : *p;
		scols_table_new_column(table, head, 0, 0);
	}
	for (i = 0; i < n; i++) {
		struct json_object *row = json_object_array_get_idx(array, i);
		struct libscols_line *line = scols_table_new_line(table, NULL);

		for (k = 0; columns[k]; k++) {
			char text[1024];

			cell_text(json_object_object_get(row, columns[k]), text, sizeof(text));
			scols_line_set_data(line, k, text);
		}
	}
	scols_print_table(table);
	scols_unref_table(table);
}

enum status show_json(const struct ctl *c, struct json_object *object)
{
	int flags = c->pretty ? JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED : JSON_C_TO_STRING_PLAIN;

	puts(json_object_to_json_string_ext(object, flags | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
	return DONE;
}

enum status show(const struct ctl *c, struct json_object *array, const char *const *columns)
{
	if (c->json)
		return show_json(c, array);
	if (json_object_array_length(array))
		print_table(array, columns);
	json_object_put(array);
	return DONE;
}
