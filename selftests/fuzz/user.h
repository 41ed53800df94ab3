/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the targets for userspace share. The daemon's files are linked as they are, but that nothing of the machine shows:
 * it has one interface's addresses, no module, and no file beside those in a directory of the target's own.
 */
#ifndef DHCPK_FUZZ_USER_H
#define DHCPK_FUZZ_USER_H

#include <json-c/json.h>

#include "lib/err.h"

/* user_dir - the directory; made at the first call, and removed with what is in it when the target ends */
const char *user_dir(void);

/* user_file - the path of a file in it, good until the next call but three */
const char *user_file(const char *name);

/* user_write - a file with these bytes */
void user_write(const char *path, const void *data, size_t len);

/* user_same_when_saved - a model must be the same when it has been saved and read again */
void user_same_when_saved(struct json_object *model);

/* The daemon's own, for any file */
struct json_object *__real_config_load(const char *file, struct err *e);
int __real_config_save(const char *file, const char *head, mode_t mode, struct json_object *model, struct err *e);

#endif
