/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration file, in libconfuse's form: sections in braces, as in router configurations. */
#ifndef DHCPK_MODEL_FILE_H
#define DHCPK_MODEL_FILE_H

#include <json-c/json.h>
#include <sys/types.h>

#include "lib/err.h"

/* Is the model valid? 0; or -1, with the object and the word at fault in @e */
typedef int model_check_fn(struct json_object *model, struct err *e);

/*
 * config_read - read and check a file
 *
 * Return: a model, or NULL with "FILE:LINE:COLUMN: reason" in @e, or with the reason why it cannot
 * be read now (not_now).
 */
struct json_object *config_read(const char *file, model_check_fn *check, struct err *e);

/*
 * config_save - write a model in the file's form, with @head in a comment first; atomic and synced:
 * -1 on error
 *
 * An existing file keeps its owner and mode; a new one gets @mode. A symbolic link stays one.
 */
int config_save(const char *file, const char *head, mode_t mode, struct json_object *model,
		struct err *e);

#endif
