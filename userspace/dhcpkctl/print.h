/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Output of objects: as a table, or as JSON. */
#ifndef DHCPKCTL_PRINT_H
#define DHCPKCTL_PRINT_H

#include "dhcpkctl/ctl.h"

/*
 * A list that may be too long for memory: a JSON array or a table. The caller sets @c and @columns
 * (key names, NULL at the end); if columns are added later, a new heading is printed.
 */
enum { COLUMNS_MAX = 16 };

struct listing {
	const struct ctl	*c;
	const char *const	*columns, *const *shown;
	struct json_object	*rows;
	size_t			n, width[COLUMNS_MAX];
};

/*
 * list_row - add an object (taken over)
 * list_begun - has any row been printed?
 * list_end - end the list
 */
void list_row(struct listing *l, struct json_object *row);
bool list_begun(const struct listing *l);
enum status list_end(struct listing *l);

/* show - print an array of objects as a list; takes over the array */
enum status show(const struct ctl *c, struct json_object *array, const char *const *columns);
enum status show_json(const struct ctl *c, struct json_object *object);

#endif
