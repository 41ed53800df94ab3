// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "dhcpkd/control/request.h"

/* A string with a NUL in it is none: what comes behind that would be overlooked. */
const char *request_text(struct json_object *o)
{
	const char *text = json_object_is_type(o, json_type_string) ? json_object_get_string(o) : NULL;

	return text && strlen(text) == (size_t)json_object_get_string_len(o) ? text : NULL;
}

const char *request_string(struct json_object *request, const char *key)
{
	return request_text(json_object_object_get(request, key));
}

/* What runs without our knowing it must not be ended in passing, nor left out of a file that claims to be what runs. */
int request_check_known(const struct daemon *d, struct err *e)
{
	return *d->foreign ? err_set(e, NULL, "%s; meanwhile nothing is changed or saved", d->module) : 0;
}

/* What is served otherwise than it is said, as far as it begins with @head */
struct json_object *request_warnings(const struct daemon *d, const char *head)
{
	struct json_object *result = json_object_new_object(), *some = json_object_new_array(), *warning;
	size_t i, n = json_object_array_length(d->warnings);

	for (i = 0; i < n; i++) {
		warning = json_object_array_get_idx(d->warnings, i);
		if (!strncmp(json_object_get_string(warning), head, strlen(head)))
			json_object_array_add(some, json_object_get(warning));
	}
	json_object_object_add(result, "warnings", some);
	return result;
}
