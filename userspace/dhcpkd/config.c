// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include "dhcpkd/config.h"
#include "dhcpkd/compile/compile.h"
#include "lib/model/file.h"

struct json_object *config_load(const char *file, struct err *e)
{
	return config_read(file, model_check, e);
}

struct json_object *config_load_soon(const char *file, struct err *e)
{
	struct json_object *model = config_load(file, e);
	int tries;

	for (tries = 0; !model && e->not_now && tries < 20; tries++) {
		usleep(100000);
		model = config_load(file, e);
	}
	return model;
}
