/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPKD_CONTROL_PORTS_H
#define DHCPKD_CONTROL_PORTS_H

#include <json-c/json.h>

#include "dhcpkd/compile/specs.h"

/* warn_of_ports - add to @warnings which pools and relays that somebody typed name a port */
void warn_of_ports(struct json_object *warnings, struct json_object *model, const struct typed *typed);

#endif
