/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon takes a configuration file if it can be compiled. */
#ifndef DHCPKD_CONFIG_H
#define DHCPKD_CONFIG_H

#include <json-c/json.h>

#include "lib/err.h"

/* config_load - config_read() of a file that is checked as model_check() does */
struct json_object *config_load(const char *file, struct err *e);

/* config_load_soon - the same, which waits for two seconds at most where it cannot be looked at now */
struct json_object *config_load_soon(const char *file, struct err *e);

#endif
