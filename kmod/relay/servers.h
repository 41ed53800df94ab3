/* SPDX-License-Identifier: GPL-2.0-only */
/* What a relay knows of its servers: which are up, and since when one owes an answer. */
#ifndef DHCPK_RELAY_SERVERS_H
#define DHCPK_RELAY_SERVERS_H

#include "relay/types.h"

/* The daemon asks a silent server itself, and needs less than this to see that no answer comes. */
enum { DHCPK_UNNOTICED_SECONDS = 15 };

struct dhcpk_server *dhcpk_relay_server(struct dhcpk_relay *relay, __be32 addr);
bool dhcpk_relay_silent(const struct dhcpk_relay *relay, u64 now);
void dhcpk_servers_inherit(struct dhcpk_relay *relay, struct dhcpk_relay *before);

/**
 * dhcpk_server_is_up - does a server answer, as far as we know?
 * @server: the server
 * @now: boottime ns
 *
 * The daemon's word is worth nothing any more if it would have noticed by now, if it looked.
 *
 * Context: any.
 */
static inline bool dhcpk_server_is_up(const struct dhcpk_server *server, u64 now)
{
	u64 silent = READ_ONCE(server->silent);

	return READ_ONCE(server->up) &&
	       (!silent || now < silent + (u64)DHCPK_UNNOTICED_SECONDS * NSEC_PER_SEC);
}

/* A server owes an answer to the first request without one, even if that could not be sent. */
static inline void dhcpk_server_owes(struct dhcpk_server *server, u64 now)
{
	if (!READ_ONCE(server->silent))
		WRITE_ONCE(server->silent, now);
}

/* A reply of a server settles whatever it owed. */
static inline void dhcpk_server_has_answered(struct dhcpk_server *server)
{
	WRITE_ONCE(server->last, ktime_get_boottime_ns());
	WRITE_ONCE(server->silent, 0);
	WRITE_ONCE(server->probe, 0);
}

#endif
