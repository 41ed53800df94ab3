/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPKD_CONTROL_PORTS_H
#define DHCPKD_CONTROL_PORTS_H

#include <json-c/json.h>

#include "dhcpkd/compile/compiled.h"

/* warn_of_ports - add warnings for edited pools and relays that name a port or a VRF */
void warn_of_ports(struct json_object *warnings, struct json_object *model,
		   const struct edited_object *edited);

#endif
