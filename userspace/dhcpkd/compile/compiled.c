// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dhcpkd/compile/compiled.h"

void compiled_warn(struct compiled *s, enum object_type type, const char *name, const char *text)
{
	char warning[1200];

	snprintf(warning, sizeof(warning), "%s %s: %s", object_kinds[type].name, name, text);
	json_object_array_add(s->warnings, json_object_new_string(warning));
}

void compiled_free(struct compiled *s)
{
	size_t i;

	for (i = 0; i < s->n_hosts; i++)
		free(s->hosts[i].set);
	free(s->pools);
	free(s->hosts);
	free(s->relays);
	free(s->own);
	free(s->broadcasts);
	json_object_put(s->warnings);
	memset(s, 0, sizeof(*s));
}
