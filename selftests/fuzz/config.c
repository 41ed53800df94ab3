// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration file: read, compiled, saved and read again; whatever is wrong with it has its place in the file. */
#include "dhcpkd/config.h"
#include "fuzz.h"
#include "user.h"

/*
 * "FILE:LINE:COLUMN: what". Two things are not checked since they do not hold: libconfuse counts the ends of comments more than
 * once, so that the line may be one behind the last; and of an empty word in quotes, outside of all sections, it says nothing.
 * A file of no bytes has no place either.
 */
static void check_error(const char *file, const struct err *e)
{
	size_t name = strlen(file);
	int line = 0, column = 0, end = 0;

	CHECK(!strncmp(e->text, file, name));
	CHECK(sscanf(e->text + name, ":%d:%d: %n", &line, &column, &end) == 2 && end);
	CHECK(line >= 1 && column >= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *file = user_file("dhcpkd.conf");
	struct json_object *model;
	struct err e = {};

	user_write(file, data, size);
	model = __real_config_load(file, &e);
	if (!model) {
		if (size)
			check_error(file, &e);
		return 0;
	}
	user_same_when_saved(model);
	json_object_put(model);
	return 0;
}
