/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's control socket: JSON objects, one a line, over a Unix stream socket. Only root and the daemon's own user
 * are served.
 *
 * Request: {"op": OP, ...}            Answer: {"ok": true, "result": ...} or {"ok": false, "error": TEXT, "word": WORD}
 *
 *   hello                                       {"netns": the cookie of the network namespace that it serves, 0: unknown}
 *   pool-add  name, set: [[KEY, VALUE], ...]    a new pool
 *   pool-set  name, set                         the keys that are given get these values in place of what they had;
 *                                               ["no", KEY] takes away what it had
 *   pool-del  name                              the pool, its hosts and its bindings
 *   host-add  name, set                         a reservation; the name is only for the file and host-del
 *   host-set  name, set
 *   host-del  name [by]                         by its name or what its client is known by; by: mac, client-id or circuit-id,
 *                                               and name is that
 *   relay-add, relay-set, relay-del             as those of pools; a relay's name is its interface
 *   option-add  name, set                       a definition of the user's own
 *   option-del  name                            refused while a pool or host uses it
 *                                               each of these: {"warnings": [TEXT, ...]} about the object
 *   begin                                       the changes that follow on this connection are one
 *   commit                                      it is made, or refused as a whole; as is one that is not complete when the
 *                                               connection ends. {"warnings": [TEXT, ...]}
 *   model                                       {"model": see lib/model/model.h, "unsaved": bool, "file": F,
 *                                                "module": "loaded" or why it is not, "relay-id": what auto is,
 *                                                "warnings": [TEXT, ...],
 *                                                "file-error": what is wrong with the file, if anything is,
 *                                                "last-good": seconds since 1970, when what runs was applied from the
 *                                                file, if that is not what the file says now}
 *   config-save [file]                          write the running configuration to the file; one that has
 *                                               an error must be named
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

/* How long nothing may come, in seconds. */
enum {
	CONTROL_SOON	= 2,	/* for who can do without the daemon */
	CONTROL_ALIVE	= 10,	/* whether somebody is there at all */
	CONTROL_WORK	= 600,	/* a change: bindings by the million may be read back for it */
};

/* control_connect - a connection to the socket; a negative errno with the reason if there is none: -EAGAIN, nobody accepts it */
int control_connect(const char *path, int seconds, struct err *e);

/*
 * control_open - a connection to a daemon that lives and serves the network namespace we are in; -1 with the reason
 *
 * It has said so within @alive seconds. Each answer may then take @work seconds.
 */
int control_open(const char *path, int alive, int work, struct err *e);

/* control_netns - the cookie of the network namespace that a socket was made in; 0: this kernel does not tell */
int64_t control_netns(int fd);

/*
 * control_call - ask the daemon
 *
 * @request is taken over. Return: "result" (to be put by the caller; may be NULL), 0; or -1 and the daemon's words in @e. -EIO:
 * there was no answer, and nobody knows what has become of the request.
 */
int control_call(int fd, struct json_object *request, struct json_object **result, struct err *e);

#endif
