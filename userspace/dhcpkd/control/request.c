// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "dhcpkd/control/request.h"

/* A string with a NUL in it is invalid: the rest of it would be ignored. */
const char *request_text(struct json_object *o)
{
	const char *text = NULL;

	if (json_object_is_type(o, json_type_string))
		text = json_object_get_string(o);
	return text && strlen(text) == (size_t)json_object_get_string_len(o) ? text : NULL;
}

const char *request_string(struct json_object *request, const char *key)
{
	return request_text(json_object_object_get(request, key));
}

/*
 * A configuration that this daemon does not know must not be ended by a change, nor be missing in a
 * saved file.
 */
int request_check_known(const struct daemon *d, struct err *e)
{
	if (!*d->unknown_config)
		return 0;
	return err_set(e, NULL, "%s; meanwhile nothing is changed or saved", d->module);
}

/* The warnings that begin with @head */
struct json_object *request_warnings(const struct daemon *d, const char *head)
{
	struct json_object *result = json_object_new_object();
	struct json_object *some = json_object_new_array(), *warning;
	size_t i, n = json_object_array_length(d->warnings);

	for (i = 0; i < n; i++) {
		warning = json_object_array_get_idx(d->warnings, i);
		if (!strncmp(json_object_get_string(warning), head, strlen(head)))
			json_object_array_add(some, json_object_get(warning));
	}
	json_object_object_add(result, "warnings", some);
	return result;
}
