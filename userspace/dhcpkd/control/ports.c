// SPDX-License-Identifier: GPL-2.0-or-later
/* Warns if a pool or relay names a port of a bridge or bond, or a VRF: no requests arrive on it. */
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "dhcpkd/control/ports.h"
#include "dhcpkd/compile/compiled.h"
#include "lib/model/model.h"
#include "lib/ports.h"

struct port {
	const char	*dev;
	char		master[IF_NAMESIZE];
	bool		is_vrf;
};

static void is_port(const char *dev, const char *master, void *arg)
{
	struct port *port = arg;

	if (strcmp(dev, port->dev))
		return;
	port->is_vrf = !master;
	snprintf(port->master, sizeof(port->master), "%s", master ? master : dev);
}

static bool has_text(struct json_object *array, const char *text)
{
	size_t i = json_object_array_length(array);

	while (i--) {
		if (!strcmp(json_object_get_string(json_object_array_get_idx(array, i)), text))
			return true;
	}
	return false;
}

/* For a port the user means its bridge or bond; for a VRF, the interfaces in it. */
static void warn_of_port(struct json_object *warnings, struct json_object *model,
			 const struct edited_object *edited)
{
	struct json_object *object = json_object_object_get(model_objects(model, edited->type),
							    edited->name);
	struct port port = {};
	char text[256];

	port.dev = edited->type == RELAY ? edited->name : model_text(object, "dev", 0);
	if (!object || (edited->type != POOL && edited->type != RELAY) || !port.dev)
		return;
	if (ports_read(is_port, &port) || !*port.master)
		return;
	if (port.is_vrf)
		snprintf(text, sizeof(text),
			 "%s %s: %s is a VRF, and nothing arrives by that: name an interface in it",
			 object_kinds[edited->type].name, edited->name, port.dev);
	else
		snprintf(text, sizeof(text),
			 "%s %s: %s is a port of %s, which takes all that arrives there: name the "
			 "bridge or bond itself",
			 object_kinds[edited->type].name, edited->name, port.dev, port.master);
	if (!has_text(warnings, text))
		json_object_array_add(warnings, json_object_new_string(text));
}

void warn_of_ports(struct json_object *warnings, struct json_object *model,
		   const struct edited_object *edited)
{
	for (; edited; edited = edited->next)
		warn_of_port(warnings, model, edited);
}
