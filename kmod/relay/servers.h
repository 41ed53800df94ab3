/* SPDX-License-Identifier: GPL-2.0-only */
/* The servers of a relay: which are up, and since when a server owes an answer. */
#ifndef DHCPK_RELAY_SERVERS_H
#define DHCPK_RELAY_SERVERS_H

#include "relay/types.h"

/* The daemon probes a silent server, and takes less than this to find that it does not answer. */
enum { DHCPK_UNNOTICED_SECONDS = 15 };

struct dhcpk_server *dhcpk_relay_server(struct dhcpk_relay *relay, __be32 addr);
bool dhcpk_relay_all_down(const struct dhcpk_relay *relay, u64 now);
void dhcpk_servers_inherit(struct dhcpk_relay *relay, struct dhcpk_relay *old);

/**
 * dhcpk_server_is_up - does a server answer, as far as the relay knows?
 * @server: the server
 * @now: boottime ns
 *
 * The daemon's state of the server is stale if the server has owed an answer for longer than a
 * running daemon takes to notice.
 *
 * Context: any.
 */
static inline bool dhcpk_server_is_up(const struct dhcpk_server *server, u64 now)
{
	u64 since = READ_ONCE(server->unanswered_since);

	return READ_ONCE(server->up) &&
	       (!since || now < since + (u64)DHCPK_UNNOTICED_SECONDS * NSEC_PER_SEC);
}

/* A server owes an answer from its first unanswered request on, even if that could not be sent. */
static inline void dhcpk_server_owes(struct dhcpk_server *server, u64 now)
{
	if (!READ_ONCE(server->unanswered_since))
		WRITE_ONCE(server->unanswered_since, now);
}

/* After a reply the server owes no answer. */
static inline void dhcpk_server_has_answered(struct dhcpk_server *server)
{
	WRITE_ONCE(server->last, ktime_get_boottime_ns());
	WRITE_ONCE(server->unanswered_since, 0);
	WRITE_ONCE(server->probe, 0);
}

#endif
