/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's control socket: JSON objects, one a line, over a Unix stream socket. Only root and
 * the daemon's own user are served.
 *
 * Request: {"op": OP, ...}
 * Answer: {"ok": true, "result": ...} or {"ok": false, "error": TEXT, "word": WORD}
 *
 *   hello
 *	{"netns": cookie of the network namespace that the daemon serves, 0: unknown}
 *
 * Changes. The result of each is {"warnings": [TEXT, ...]} about the object.
 *   pool-add name, set: [[KEY, VALUE], ...]
 *	add a pool
 *   pool-set name, set
 *	the given keys get these values in place of the old ones; ["no", KEY] unsets a key
 *   pool-del name
 *	delete the pool, its hosts and its leases
 *   host-add name, set
 *	add a reservation; the name is only used by the file and by host-del
 *   host-set name, set
 *   host-del name [by]
 *	delete a host by its name or its client's identifier; with "by" (mac, client-id or
 *	circuit-id) "name" is that identifier
 *   relay-add, relay-set, relay-del
 *	the same for relays; a relay's name is its interface
 *   option-add name, set
 *	add a user's own definition
 *   option-del name
 *	refused while a pool or host uses it
 *
 * Several changes as one:
 *   begin
 *	the following changes on this connection belong together
 *   commit
 *	make all of them, or none. {"warnings": [TEXT, ...]}. If the connection ends before
 *	commit, none of them is made.
 *
 * The configuration:
 *   model
 *	{"model": see lib/model/model.h, "unsaved": bool, "file": F,
 *	 "module": "loaded" or why it is not, "relay-id": the value of auto,
 *	 "warnings": [TEXT, ...],
 *	 "file-error": the error in the file, if it has one,
 *	 "last-good": seconds since 1970 when the running configuration was applied from the file,
 *	 if the file has other contents now}
 *   config-save [file]
 *	write the running configuration to the file; a file that has an error must be named
 *   config-apply [file]
 *	read the file again; if it is valid it becomes the running configuration.
 *	{"warnings": [TEXT, ...]}
 */
#ifndef DHCPK_CONTROL_H
#define DHCPK_CONTROL_H

#include <json-c/json.h>

#include "lib/err.h"

#define CONTROL_SOCKET		"/run/dhcpk/control"
#define CONTROL_LINE_MAX	(1 << 20)
#define CONTROL_DEPTH_MAX	8

/* Maximum times without data, in seconds. */
enum {
	CONTROL_SOON	= 2,	/* for callers that can do without the daemon */
	CONTROL_ALIVE	= 10,	/* until the daemon must have answered once */
	CONTROL_WORK	= 600,	/* a change: it may read back millions of leases */
};

/*
 * control_connect - connect to the socket; on error a negative errno with the reason: -EAGAIN: the
 * connection was not accepted
 */
int control_connect(const char *path, int seconds, struct err *e);

/*
 * control_open - connect to a daemon that answers and serves this network namespace; -1 with the
 * reason
 *
 * The daemon must answer within @alive seconds. Each later answer may take @work seconds.
 */
int control_open(const char *path, int alive, int work, struct err *e);

/*
 * control_netns - the cookie of the network namespace that a socket was made in; 0: not supported
 * by this kernel
 */
int64_t control_netns(int fd);

/*
 * control_call - send a request to the daemon and read the answer
 *
 * Takes over @request. Return: 0 and "result" (the caller puts it; may be NULL); or -1 and the
 * daemon's error in @e. -EIO: there was no answer, and it is unknown whether the request was
 * carried out.
 */
int control_call(int fd, struct json_object *request, struct json_object **result, struct err *e);

#endif
