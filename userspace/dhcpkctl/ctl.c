// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dhcpkctl/ctl.h"
#include "dhcpkctl/json.h"

enum status refuse(const struct err *e)
{
	fprintf(stderr, "dhcpkctl: %s\n", e->text);
	return REFUSED;
}

enum status usage_error(const char *format, ...)
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
			usage_error("\"%s\" may be %s or %s", word, found->name, c->name);
			return NULL;
		}
		found = c;
	}
	if (!found)
		usage_error("unknown %s \"%s\"; try \"dhcpkctl help\"", what, word);
	return found;
}

/* "[KEY VALUE]..." for every word, in lines of less than 110 columns */
static void print_words(const struct object_kind *kind, FILE *to)
{
	const struct key *k;
	int column = 0;

	for (k = kind->keys; k->name; k++) {
		int len = strlen(k->name) + strlen(k->value) + 4 + 3 * k->list;

		if (!column || column + len > 110)
			column = fprintf(to, "\n       ") - 1;
		column += fprintf(to, " [%s %s]%s", k->name, k->value, k->list ? "..." : "");
	}
}

static void print_help(const char *object, const struct command *all, FILE *to)
{
	const struct command *c;

	for (c = all; c->name; c++) {
		fprintf(to, "dhcpkctl %s %s%s", object, c->name, c->help);
		if (c->words)
			print_words(c->words, to);
		fprintf(to, "%s%s\n", c->about ? "\n    " : "", c->about ? c->about : "");
	}
}

bool take_flag(struct ctl *c, const char *word)
{
	if (!strcmp(word, "-j") || !strcmp(word, "-json"))
		c->json = true;
	else if (!strcmp(word, "-p"))
		c->json = c->pretty = true;
	else if (!strcmp(word, "-s"))
		c->stats = true;
	else
		return false;
	return true;
}

enum status run_object(struct ctl *c, const char *object, const struct command *all,
		       const char *fallback, int argc, char **argv)
{
	const struct command *command;
	struct ctl flagged = *c;
	const char *word;

	/* "relay -s" */
	while (argc && take_flag(&flagged, argv[0])) {
		argc--;
		argv++;
	}
	word = argc ? argv[0] : fallback;

	if (!strcmp(word, "help")) {
		print_help(object, all, stdout);
		return DONE;
	}
	command = find_command(all, word, "command");
	if (!command)
		return USAGE;
	/* "relay show eth1 -s"; values of other commands may look like flags. */
	while (argc > 1 && !strcmp(command->name, "show") && take_flag(&flagged, argv[argc - 1]))
		argc--;
	/* "show" must include the pending changes of the batch. */
	if (!strcmp(command->name, "show") && batch_commit(&flagged) != DONE)
		return REFUSED;
	return command->run(&flagged, argc ? argc - 1 : 0, argv + (argc ? 1 : 0));
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
	int fd = -1, err;

	if (batch_commit(c) == DONE)
		fd = control_open(c->socket, CONTROL_ALIVE, CONTROL_WORK, &e);
	if (fd < 0) {
		json_object_put(request);
		return *e.text ? refuse(&e) : REFUSED;
	}
	err = control_call(fd, request, result, &e);
	close(fd);
	return err ? refuse(&e) : DONE;
}

/* ---- changes, one by one or in a batch ---- */

static enum status refuse_all(struct batch *b, bool known, const struct err *e)
{
	close(b->fd);
	b->fd = -1;
	refuse(e);
	if (known)
		fprintf(stderr, "dhcpkctl: of %s:%d to %d nothing is done\n", b->file, b->first,
			b->line);
	else
		fprintf(stderr,
			"dhcpkctl: whether %s:%d to %d are done is not known: see config show\n",
			b->file, b->first, b->line);
	return REFUSED;
}

static int begin(struct ctl *c, struct err *e)
{
	struct batch *b = c->batch;

	if (b->fd >= 0)
		return 0;
	b->fd = control_open(c->socket, CONTROL_ALIVE, CONTROL_WORK, e);
	b->first = b->line;
	return b->fd < 0 ? -1 : control_call(b->fd, request_new("begin", NULL), NULL, e);
}

enum status ask_change(struct ctl *c, struct json_object *request, struct json_object **result)
{
	struct err e = {};

	if (!c->batch)
		return ask(c, request, result);
	if (!begin(c, &e)) {
		if (!control_call(c->batch->fd, request, NULL, &e))
			return DONE;
	} else {
		json_object_put(request);
	}
	return c->batch->fd < 0 ? refuse(&e) : refuse_all(c->batch, true, &e);
}

enum status batch_commit(struct ctl *c)
{
	struct batch *b = c->batch;
	struct json_object *result = NULL;
	struct err e = {};
	int err;

	if (!b || b->fd < 0)
		return DONE;
	err = control_call(b->fd, request_new("commit", NULL), &result, &e);
	if (err)
		return refuse_all(b, err != -EIO, &e);
	close(b->fd);
	b->fd = -1;
	print_warnings(stderr, WARNING, result);
	json_object_put(result);
	return DONE;
}

void print_warnings(FILE *to, const char *what, struct json_object *answer)
{
	struct json_object *warnings = json_object_object_get(answer, "warnings");
	size_t i, n = warnings ? json_object_array_length(warnings) : 0;

	for (i = 0; i < n; i++)
		fprintf(to, "%s%s\n", what,
			json_object_get_string(json_object_array_get_idx(warnings, i)));
}

struct json_object *get_daemon_state(struct ctl *c, struct err *e)
{
	struct json_object *result = NULL;
	int fd;

	batch_commit(c);
	fd = control_open(c->socket, CONTROL_SOON, CONTROL_SOON, e);
	if (fd < 0)
		return NULL;
	control_call(fd, request_new("model", NULL), &result, e);
	close(fd);
	return result;
}

void warn_no_daemon(const struct err *e)
{
	fprintf(stderr, "dhcpkctl: %s; this is what the kernel knows\n", e->text);
}

static enum status unknown_word(const char *word, enum object_type type)
{
	char all[512];

	usage_error("unknown word \"%s\"", word);
	fprintf(stderr, "dhcpkctl: known words: %s\n", keys_text(all, sizeof(all), type));
	return USAGE;
}

const struct key *match_key(enum object_type type, const char *word, const struct key **other)
{
	const struct key *k = find_key(type, word), *found = NULL;
	size_t len = strlen(word);

	*other = NULL;
	if (k || !len)
		return k;
	for (k = object_kinds[type].keys; k->name; k++) {
		/*
		 * "server-id-override" begins with "server": the shorter word, which comes first,
		 * is meant.
		 */
		if (strncmp(k->name, word, len) ||
		    (found && !strncmp(k->name, found->name, strlen(found->name))))
			continue;
		*other = found;
		if (found)
			return k;
		found = k;
	}
	return found;
}

const struct key *unique_key(enum object_type type, const char *word)
{
	const struct key *other, *k = match_key(type, word, &other);

	return other ? NULL : k;
}

bool name_missing(enum object_type type, int argc, char **argv)
{
	return !argc || (find_key(type, argv[0]) && (argc == 1 || !find_key(type, argv[1])));
}

/*
 * The daemon takes several values as one text, as in the file. "no" is never a value of a "bare"
 * word.
 */
int count_values(enum object_type type, int argc, char **argv)
{
	const struct key *k = unique_key(type, argv[0]);
	const char *next = argc > 1 ? argv[1] : "";
	int on;

	if (!k)
		return 1;
	if (k->bare)
		return strcmp(next, "no") && !parse_bool(next, &on);
	if (!strcmp(k->name, "vss"))
		return !strcmp(next, "text") || !strcmp(next, "vpn") ? 2 : 1;
	if (strcmp(k->name, "option"))
		return 1;
	return argc > 3 && !strcmp(argv[3], "always") ? 3 : 2;
}

static struct json_object *value_text(char **values, int n)
{
	struct json_object *text;
	char *all;

	if (!n)
		return json_object_new_string("on");
	if (n == 1)
		return json_object_new_string(values[0]);
	if (asprintf(&all, "%s %s%s%s", values[0], values[1], n > 2 ? " " : "",
		     n > 2 ? values[2] : "") < 0)
		abort();
	text = json_object_new_string(all);
	free(all);
	return text;
}

/* Add "KEY VALUE ..." to the request's "set"; "no KEY" is a pair as well */
static enum status add_words(struct json_object *request, int argc, char **argv,
			     enum object_type type)
{
	struct json_object *set = json_object_new_array(), *pair;
	const struct key *k, *other;
	int i, values;

	json_object_object_add(request, "set", set);
	for (i = 0; i < argc; i += 1 + values) {
		bool no = !strcmp(argv[i], "no");

		if (no && i + 1 == argc)
			return usage_error("no what? \"no\" wants the word to unset");
		k = match_key(type, argv[i + no], &other);
		if (!k)
			return unknown_word(argv[i + no], type);
		if (other)
			return usage_error("\"%s\" may be %s or %s", argv[i + no], other->name,
					   k->name);
		values = count_values(type, argc - i, argv + i);
		if (i + values >= argc)
			return usage_error("\"%s\" needs a value: %s %s", k->name, k->name,
					   k->value);
		pair = json_object_new_array();
		json_object_array_add(pair, json_object_new_string(no ? "no" : k->name));
		json_object_array_add(pair, no ? json_object_new_string(k->name)
					       : value_text(argv + i + 1, values));
		json_object_array_add(set, pair);
	}
	return DONE;
}

enum status send_words(struct ctl *c, const char *op, const char *name, int argc, char **argv,
		       enum object_type type)
{
	struct json_object *request, *result = NULL;
	enum status status;

	if (!argc && strstr(op, "-set"))
		return usage_error("what of %s \"%s\" is to be set? WORD VALUE or no WORD is "
				   "missing", object_kinds[type].name, name);
	request = request_new(op, name);
	status = add_words(request, argc, argv, type);
	if (status != DONE) {
		json_object_put(request);
		return status;
	}
	status = ask_change(c, request, &result);
	print_warnings(stderr, WARNING, result);
	json_object_put(result);
	return status;
}

/* A number is a number in JSON, though text in the file. */
static struct json_object *value_json(const struct key *k, struct json_object *value)
{
	if (strcmp(k->value, "N"))
		return json_object_get(value);
	return json_object_new_int64(json_object_get_int64(value));
}

void add_settings(struct json_object *row, enum object_type type, struct json_object *settings)
{
	struct json_object *values;
	const struct key *k;

	for (k = object_kinds[type].keys; k->name; k++) {
		values = json_object_object_get(settings, k->name);
		if (values && k->list)
			json_object_object_add(row, k->name, json_object_get(values));
		else if (values)
			json_object_object_add(row, k->name,
					       value_json(k, json_object_array_get_idx(values, 0)));
	}
}

enum status model_rows(struct ctl *c, enum object_type type, struct json_object **array)
{
	struct json_object *result = NULL, *model, *objects;
	enum status status = ask(c, request_new("model", NULL), &result);

	if (status != DONE)
		return status;
	*array = json_object_new_array();
	model = json_object_object_get(result, "model");
	objects = json_object_object_get(model, object_kinds[type].plural);
	json_object_object_foreach(objects, name, object) {
		struct json_object *row = json_object_new_object();

		set_text(row, "name", name);
		add_settings(row, type, object);
		json_object_array_add(*array, row);
	}
	json_object_put(result);
	return DONE;
}
