/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPKD_APPLY_H
#define DHCPKD_APPLY_H

#include <json-c/json.h>
#include <stdbool.h>

#include "dhcpkd/compile/specs.h"
#include "dhcpkd/daemon.h"
#include "lib/err.h"

/*
 * daemon_change - make @model the running one: checked, programmed, swapped; or nothing changes (-errno)
 * Without the module it is kept for when the module comes. @model is taken over if the call succeeds. @typed may be NULL.
 */
int daemon_change(struct daemon *d, struct json_object *model, const struct typed *typed, struct err *e);

/* daemon_reload - the same with what @file says, or the daemon's own file (NULL) */
int daemon_reload(struct daemon *d, const char *file, struct err *e);

/*
 * daemon_watch - if the module is there without our generation, programs it
 * Return: true if it is there, or may be.
 */
bool daemon_watch(struct daemon *d);

/* daemon_is_file - is this the daemon's own configuration file? daemon_file_runs - it says what runs, and is good */
bool daemon_is_file(const struct daemon *d, const char *file);
void daemon_file_runs(struct daemon *d);

#endif
