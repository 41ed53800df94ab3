/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration file, in libconfuse's form: sections in braces, as router people know them. */
#ifndef DHCPKD_CONFIG_H
#define DHCPKD_CONFIG_H

#include <json-c/json.h>

#include "lib/err.h"

/*
 * config_load - read and check a file
 *
 * Return: a model, or NULL with "FILE:LINE:COLUMN: what is wrong" in @e, or with why it cannot be looked at now (not_now).
 */
struct json_object *config_load(const char *file, struct err *e);

/* config_load_soon - the same, which waits for two seconds at most where it cannot be looked at now */
struct json_object *config_load_soon(const char *file, struct err *e);

/*
 * config_save - write a model in the file's own form, @head in a comment before it: whole and synced, or not at all (-1)
 * A file that is there keeps its owner and its rights; one that is not gets those of @mode. A symbolic link stays one.
 */
int config_save(const char *file, const char *head, mode_t mode, struct json_object *model, struct err *e);

#endif
