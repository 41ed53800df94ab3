/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of JSON objects. */
#ifndef DHCPKCTL_JSON_H
#define DHCPKCTL_JSON_H

#include <json-c/json.h>
#include <stdint.h>

/* text_in - text of a member; "" if it does not exist */
const char *text_in(struct json_object *o, const char *key);

/* set_text, set_number - add a member; a NULL or empty text is left out */
void set_text(struct json_object *o, const char *key, const char *text);
void set_number(struct json_object *o, const char *key, int64_t number);

#endif
