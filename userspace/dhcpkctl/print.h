/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One way to print objects: as a table, or as JSON. */
#ifndef DHCPKCTL_PRINT_H
#define DHCPKCTL_PRINT_H

#include "dhcpkctl/ctl.h"

/*
 * A list that may be too long to be held: an array as JSON, or a table, both of the same objects. @c and @columns (key names,
 * NULL at the end) are given; other columns may be named as it goes on, and have a heading of their own.
 */
enum { COLUMNS_MAX = 16 };

struct listing {
	const struct ctl	*c;
	const char *const	*columns, *const *shown;
	struct json_object	*rows;
	size_t			n, width[COLUMNS_MAX];
};

/* list_row - the next object, taken over; list_begun - has any of it been printed? list_end - there is no other */
void list_row(struct listing *l, struct json_object *row);
bool list_begun(const struct listing *l);
enum status list_end(struct listing *l);

/* show - an array of objects as such a list; the array is taken over */
enum status show(const struct ctl *c, struct json_object *array, const char *const *columns);
enum status show_json(const struct ctl *c, struct json_object *object);

#endif
