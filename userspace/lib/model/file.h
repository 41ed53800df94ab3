/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration file, in libconfuse's form: sections in braces, as router people know them. */
#ifndef DHCPK_MODEL_FILE_H
#define DHCPK_MODEL_FILE_H

#include <json-c/json.h>
#include <sys/types.h>

#include "lib/err.h"

/* Has a model a meaning? 0; or -1, with the object and the word at fault in @e */
typedef int model_check_fn(struct json_object *model, struct err *e);

/*
 * config_read - read a file and have it checked
 *
 * Return: a model, or NULL with "FILE:LINE:COLUMN: what is wrong" in @e, or with why it cannot be
 * looked at now (not_now).
 */
struct json_object *config_read(const char *file, model_check_fn *check, struct err *e);

/*
 * config_save - write a model in the file's own form, @head in a comment before it: whole and synced, or not at all (-1)
 * A file that is there keeps its owner and its rights; one that is not gets those of @mode. A symbolic link stays one.
 */
int config_save(const char *file, const char *head, mode_t mode, struct json_object *model, struct err *e);

#endif
