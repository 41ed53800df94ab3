// SPDX-License-Identifier: GPL-2.0-only
/* The servers of a relay: find one by its address; find out whether all are down. */
#include "relay/servers.h"

/* The daemon waits as long, too, before it probes a server. */
enum { SILENT_SECONDS = 5 };

/**
 * dhcpk_relay_server - find a server of a relay
 * @relay: the relay
 * @addr: its address
 *
 * Return: the server or NULL.
 * Context: any.
 */
struct dhcpk_server *dhcpk_relay_server(struct dhcpk_relay *relay, __be32 addr)
{
	unsigned int i;

	for (i = 0; i < relay->n_servers; i++) {
		if (relay->server[i].addr == addr)
			return &relay->server[i];
	}
	return NULL;
}

/**
 * dhcpk_relay_all_down - are all servers of a relay silent?
 * @relay: the relay
 * @now: boottime ns
 *
 * A server that has owed an answer for a moment only is not silent, even if the daemon has set it
 * down: that state may be old, and the daemon may be away. For a relay without "survive" the daemon
 * may set servers up without a probe, so that the state does not count.
 *
 * Context: any.
 */
bool dhcpk_relay_all_down(const struct dhcpk_relay *relay, u64 now)
{
	unsigned int i;

	for (i = 0; i < relay->n_servers; i++) {
		u64 since = READ_ONCE(relay->server[i].unanswered_since);

		if ((relay->survive && dhcpk_server_is_up(&relay->server[i], now)) || !since ||
		    now < since + (u64)SILENT_SECONDS * NSEC_PER_SEC)
			return false;
	}
	return true;
}

/**
 * dhcpk_servers_inherit - take over the state of a relay's servers into the next generation
 * @relay: the relay of the next generation
 * @old: the relay of the running generation
 *
 * Context: process, dhcpk_net.lock held.
 */
void dhcpk_servers_inherit(struct dhcpk_relay *relay, struct dhcpk_relay *old)
{
	unsigned int i;

	for (i = 0; i < relay->n_servers; i++) {
		const struct dhcpk_server *server;

		server = dhcpk_relay_server(old, relay->server[i].addr);
		if (server)
			relay->server[i] = *server;
	}
}
