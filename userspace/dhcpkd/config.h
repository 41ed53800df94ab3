/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configuration files: the daemon accepts a file only if it compiles. */
#ifndef DHCPKD_CONFIG_H
#define DHCPKD_CONFIG_H

#include <json-c/json.h>

#include "lib/err.h"

/* config_load - config_read() with model_check() */
struct json_object *config_load(const char *file, struct err *e);

/*
 * config_load_soon - config_load(); retries for two seconds if the file cannot be read or checked
 * now
 */
struct json_object *config_load_soon(const char *file, struct err *e);

#endif
