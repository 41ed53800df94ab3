/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's control socket: JSON objects, one a line, over a Unix stream socket. Only root and the daemon's own user
 * are served.
 *
 * Request: {"op": OP, ...}            Answer: {"ok": true, "result": ...} or {"ok": false, "error": TEXT, "word": WORD}
 *
 *   pool-add  name, set: [[KEY, VALUE], ...]    a new pool
 *   pool-set  name, set                         the keys that are given get these values in place of what they had;
 *                                               ["no", KEY] takes away what it had
 *   pool-del  name                              the pool, its hosts and its bindings
 *   host-add  name, set                         a reservation; the name is only for the file and host-del
 *   host-del  name
 *   option-add  name, set                       a definition of the user's own
 *   option-del  name                            refused while a pool or host uses it
 *   model                                       {"model": see dhcpkd/model.h, "unsaved": bool, "file": F,
 *                                                "module": "loaded" or why it is not,
 *                                                "warnings": [TEXT, ...]}
 *   config-save [file]                          write the running configuration to the file
 *   config-apply [file]                         read the file again; if it is good it replaces what runs
 *                                               {"warnings": [TEXT, ...]}
 */
#ifndef DHCPK_CONTROL_H
#define DHCPK_CONTROL_H

#include <json-c/json.h>

#include "lib/err.h"

#define CONTROL_SOCKET		"/run/dhcpk/control"
#define CONTROL_LINE_MAX	(1 << 20)
#define CONTROL_DEPTH_MAX	8

/* control_connect - a connection to the daemon; -1 with the reason if there is none */
int control_connect(const char *path, struct err *e);

/*
 * control_call - ask the daemon
 *
 * @request is taken over. Return: "result" (to be put by the caller; may be NULL), 0; or -1 and the daemon's words in @e.
 */
int control_call(int fd, struct json_object *request, struct json_object **result, struct err *e);

#endif
