/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Types of values with special formats: routes, URIs, vendor blocks. */
#ifndef DHCPK_OPTION_FORMS_H
#define DHCPK_OPTION_FORMS_H

#include "lib/option/type.h"

extern const struct option_type type_routes, type_policy_filter, type_static_routes, type_uri,
	type_uri_list, type_slp_agents, type_slp_scope, type_vendor_class, type_vendor, type_6rd;

#endif
