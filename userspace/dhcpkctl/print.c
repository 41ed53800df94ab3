// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include "dhcpkctl/print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

/*
 * Append to a cell, cut to its size. Bytes that could move the cursor, or that libsmartcols does
 * not handle, become \xNN.
 */
static size_t put_safe(char *buf, size_t size, size_t at, const char *text)
{
	for (; *text && at + 5 < size; text++) {
		if ((unsigned char)*text < 32 || (unsigned char)*text >= 127)
			at += snprintf(buf + at, size - at, "\\x%02x", (unsigned char)*text);
		else
			buf[at++] = *text;
	}
	buf[at] = '\0';
	return at;
}

/* A value for a table: lists with commas, "-" for no value. */
static size_t cell_text(struct json_object *value, char *buf, size_t size)
{
	size_t i, n, at = 0;

	if (!json_object_is_type(value, json_type_array))
		return put_safe(buf, size, 0, value ? json_object_get_string(value) : "-");
	buf[0] = '\0';
	n = json_object_array_length(value);
	for (i = 0; i < n; i++) {
		at = put_safe(buf, size, at, i ? "," : "");
		at = put_safe(buf, size, at,
			      json_object_get_string(json_object_array_get_idx(value, i)));
	}
	return at;
}

/* ---- lists ---- */

enum { ROWS_AT_ONCE = 1000 };

static void add_column(struct listing *l, struct libscols_table *table, int k)
{
	char head[32];
	char *p;

	snprintf(head, sizeof(head), "%s", l->columns[k]);
	for (p = head; *p; p++)
		*p = *p >= 'a' && *p <= 'z' ? *p - 32 : *p;
	scols_table_new_column(table, head, l->columns == l->shown ? l->width[k] : 0, 0);
}

static void add_line(const struct listing *l, struct libscols_table *table, struct json_object *row)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	char text[1100];
	int k;

	for (k = 0; l->columns[k]; k++) {
		cell_text(json_object_object_get(row, l->columns[k]), text, sizeof(text));
		scols_line_set_data(line, k, text);
	}
}

/*
 * Print the rows so far, with the widths of those before; with a heading if it was not printed yet.
 */
static void print_table(struct listing *l)
{
	struct libscols_table *table = scols_new_table();
	size_t i, n = json_object_array_length(l->rows);
	int k;

	for (k = 0; l->columns[k]; k++)
		add_column(l, table, k);
	for (i = 0; i < n; i++)
		add_line(l, table, json_object_array_get_idx(l->rows, i));
	/* Switch off escaping in libsmartcols: the cells are escaped already. */
	scols_table_enable_noencoding(table, 1);
	scols_table_enable_noheadings(table, l->columns == l->shown);
	scols_print_table(table);
	for (k = 0; l->columns[k]; k++)
		l->width[k] = scols_column_get_width(scols_table_get_column(table, k));
	l->shown = l->columns;
	scols_unref_table(table);
	json_object_put(l->rows);
	l->rows = NULL;
}

static int json_flags(const struct ctl *c)
{
	return JSON_C_TO_STRING_NOSLASHESCAPE |
	       (c->pretty ? JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED :
			    JSON_C_TO_STRING_PLAIN);
}

/* As in an array: with -p each line is indented by two more columns. */
static void print_element(struct listing *l, struct json_object *row)
{
	const char *text = json_object_to_json_string_ext(row, json_flags(l->c));

	putchar(l->n++ ? ',' : '[');
	if (!l->c->pretty) {
		fputs(text, stdout);
		return;
	}
	while (*text) {
		size_t len = strcspn(text, "\n");

		printf("\n  %.*s", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

void list_row(struct listing *l, struct json_object *row)
{
	if (l->c->json) {
		print_element(l, row);
		json_object_put(row);
		return;
	}
	if (!l->rows)
		l->rows = json_object_new_array();
	json_object_array_add(l->rows, row);
	if (json_object_array_length(l->rows) == ROWS_AT_ONCE)
		print_table(l);
}

bool list_begun(const struct listing *l)
{
	return l->n || l->shown;
}

enum status list_end(struct listing *l)
{
	if (l->c->json)
		puts(!l->n ? "[]" : l->c->pretty ? "\n]" : "]");
	else if (l->rows)
		print_table(l);
	return DONE;
}

enum status show_json(const struct ctl *c, struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, json_flags(c)));
	json_object_put(object);
	return DONE;
}

enum status show(const struct ctl *c, struct json_object *array, const char *const *columns)
{
	struct listing l = { .c = c, .columns = columns };
	size_t i, n = json_object_array_length(array);

	for (i = 0; i < n; i++)
		list_row(&l, json_object_get(json_object_array_get_idx(array, i)));
	json_object_put(array);
	return list_end(&l);
}
