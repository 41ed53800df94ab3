// SPDX-License-Identifier: GPL-2.0-only
/* A relay's servers: found by address, and judged by what they owe. */
#include "relay/servers.h"

/* The daemon waits as long, too, before it asks a server itself. */
enum { SILENT_SECONDS = 5 };

/**
 * dhcpk_relay_server - one of a relay's servers
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
 * dhcpk_relay_silent - has every server fallen silent?
 * @relay: the relay
 * @now: boottime ns
 *
 * One that owes an answer for a moment only is not silent, whatever the daemon said last: that may
 * have been a while ago, and it may be away. Of those that need not survive, it may say that they
 * are up without a look.
 *
 * Context: any.
 */
bool dhcpk_relay_silent(const struct dhcpk_relay *relay, u64 now)
{
	unsigned int i;

	for (i = 0; i < relay->n_servers; i++) {
		u64 silent = READ_ONCE(relay->server[i].silent);

		if ((relay->survive && dhcpk_server_is_up(&relay->server[i], now)) || !silent ||
		    now < silent + (u64)SILENT_SECONDS * NSEC_PER_SEC)
			return false;
	}
	return true;
}

/**
 * dhcpk_servers_inherit - a relay's servers keep their state in the next generation
 * @relay: the relay of the next generation
 * @before: the relay of the running generation
 *
 * Context: process, dhcpk_net.lock held.
 */
void dhcpk_servers_inherit(struct dhcpk_relay *relay, struct dhcpk_relay *before)
{
	unsigned int i;

	for (i = 0; i < relay->n_servers; i++) {
		const struct dhcpk_server *server;

		server = dhcpk_relay_server(before, relay->server[i].addr);
		if (server)
			relay->server[i] = *server;
	}
}
