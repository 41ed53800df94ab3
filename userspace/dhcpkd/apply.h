/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPKD_APPLY_H
#define DHCPKD_APPLY_H

#include <json-c/json.h>
#include <stdbool.h>

#include "dhcpkd/compile/compiled.h"
#include "dhcpkd/daemon.h"
#include "lib/err.h"

/*
 * daemon_change - make @model the running configuration: check, program, swap
 *
 * Returns -errno and changes nothing if a step fails. Without the module the daemon keeps @model
 * and programs it when the module is loaded. Takes over @model on success. @edited may be NULL.
 */
int daemon_change(struct daemon *d, struct json_object *model, const struct edited_object *edited,
		  struct err *e);

/* daemon_reload - daemon_change() with the contents of @file; NULL: the daemon's own file */
int daemon_reload(struct daemon *d, const char *file, struct err *e);

/*
 * daemon_watch - if the module is loaded without this daemon's generation, program it
 *
 * Return: false if the module is not loaded; true if it is, or may be.
 */
bool daemon_watch(struct daemon *d);

/*
 * daemon_is_file - is this the daemon's own configuration file?
 * daemon_file_runs - note that this file is valid and has the running configuration
 */
bool daemon_is_file(const struct daemon *d, const char *file);
void daemon_file_runs(struct daemon *d);

#endif
