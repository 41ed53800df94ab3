// SPDX-License-Identifier: GPL-2.0-only
/* The relays of a generation: make, find and free them; take over the last generation's state. */
#include "relay/relay.h"

#include <linux/slab.h>

#include "config/link.h"
#include "relay/counters.h"
#include "relay/ack_cache.h"
#include "relay/servers.h"

/**
 * dhcpk_relay_new - make a relay with a template of option 82, and nothing else
 * @template: the template, or NULL
 * @len: its length
 *
 * Return: the relay, NULL if there is no memory, or -EINVAL if the template is malformed.
 * Context: process.
 */
struct dhcpk_relay *dhcpk_relay_new(const void *template, size_t len)
{
	struct dhcpk_relay *relay = kzalloc(struct_size(relay, template_data, len), GFP_KERNEL);

	if (!relay)
		return NULL;
	if (len)
		memcpy(relay->template_data, template, len);
	relay->template = (struct dhcp_bytes){ .data = relay->template_data, .len = len };
	if (!dhcp_agent_check(&relay->template, &relay->pieces, &relay->vss)) {
		kfree(relay);
		return ERR_PTR(-EINVAL);
	}
	relay->stats = netdev_alloc_pcpu_stats(struct dhcpk_relay_stats);
	if (!relay->stats) {
		kfree(relay);
		return NULL;
	}
	return relay;
}

/**
 * dhcpk_relays_free - free the relays of a generation
 * @c: the generation; no packet can reach it any more
 *
 * Context: process.
 */
void dhcpk_relays_free(struct dhcpk_config *c)
{
	struct dhcpk_relay *relay, *next;

	list_for_each_entry_safe(relay, next, &c->relays, list)
		dhcpk_relay_free(relay);
}

/**
 * dhcpk_relay_free - free a relay
 * @relay: the relay; no packet can reach it any more
 *
 * Context: process.
 */
void dhcpk_relay_free(struct dhcpk_relay *relay)
{
	dhcpk_ack_cache_put(relay->ack_cache);
	free_percpu(relay->stats);
	kfree(relay);
}

/**
 * dhcpk_config_relay - find a relay by its interface
 * @c: the configuration or NULL
 * @dev: the interface's name
 *
 * Return: the relay or NULL.
 * Context: process, dhcpk_net.lock held.
 */
struct dhcpk_relay *dhcpk_config_relay(const struct dhcpk_config *c, const char *dev)
{
	struct dhcpk_relay *relay;

	if (!c)
		return NULL;
	list_for_each_entry(relay, &c->relays, list) {
		if (!strcmp(relay->dev, dev))
			return relay;
	}
	return NULL;
}

/* Replies come to few ports: the hook compares a packet with all of them. */
static int listen_on(struct dhcpk_config *c, __be16 port)
{
	unsigned int i;

	if (port == htons(DHCP_SERVER_PORT))
		return 0;
	for (i = 0; i < c->n_relay_ports; i++) {
		if (c->relay_port[i] == port)
			return 0;
	}
	if (c->n_relay_ports == ARRAY_SIZE(c->relay_port))
		return -E2BIG;
	c->relay_port[c->n_relay_ports++] = port;
	return 0;
}

/* The index of the relay itself comes last: if that fails, the caller keeps the relay. */
static int index_relay(struct dhcpk_config *c, struct dhcpk_relay *relay)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < relay->n_servers && !err; i++)
		err = xa_err(xa_store(&c->servers, ntohl(relay->server[i].addr), xa_mk_value(1),
				      GFP_KERNEL));
	if (!err && relay->giaddr)
		err = xa_err(xa_store(&c->relay_by_giaddr, ntohl(relay->giaddr), relay,
				      GFP_KERNEL));
	c->any_server |= relay->flags & DHCPK_RELAY_F_ANY_SERVER;
	return err;
}

/**
 * dhcpk_config_lists_server - does a relay list an address as a server?
 * @c: the configuration
 * @addr: the address
 *
 * Context: RCU.
 */
bool dhcpk_config_lists_server(const struct dhcpk_config *c, __be32 addr)
{
	return xa_load((struct xarray *)&c->servers, ntohl(addr));
}

/**
 * dhcpk_config_accepts_server - does a relay accept replies from an address?
 * @c: the configuration
 * @addr: the address
 *
 * With DHCPK_RELAY_F_ANY_SERVER a relay accepts them from any address.
 *
 * Context: RCU.
 */
bool dhcpk_config_accepts_server(const struct dhcpk_config *c, __be32 addr)
{
	return c->any_server || dhcpk_config_lists_server(c, addr);
}

/**
 * dhcpk_config_relay_at - find a relay with a configured giaddr
 * @c: the configuration
 * @giaddr: the address
 *
 * Return: one of the relays with this giaddr, or NULL.
 * Context: RCU.
 */
struct dhcpk_relay *dhcpk_config_relay_at(const struct dhcpk_config *c, __be32 giaddr)
{
	return xa_load((struct xarray *)&c->relay_by_giaddr, ntohl(giaddr));
}

/**
 * dhcpk_config_add_relay - add a relay to a generation that is being staged
 * @c: the configuration; takes the relay over
 * @relay: a relay for an interface that has none yet
 *
 * Return: 0; -E2BIG if the relays of the generation use too many ports; -ENOMEM. On an error the
 * caller keeps the relay. After -ENOMEM the caller must not use the generation, except to free it
 * with dhcpk_config_free().
 * Context: process, dhcpk_net.lock held.
 */
int dhcpk_config_add_relay(struct dhcpk_config *c, struct dhcpk_relay *relay)
{
	int err = listen_on(c, relay->port);

	if (err)
		return err;
	relay->link = dhcpk_link_get(c, relay->dev);
	if (!relay->link)
		return -ENOMEM;
	err = index_relay(c, relay);
	if (err)
		return err;
	relay->link->relay = relay;
	relay->link->overrides_server_id = relay->pieces & BIT(DHCPK_AGENT_SERVER_ID);
	list_add_tail(&relay->list, &c->relays);
	c->n_relays++;
	return 0;
}

/*
 * Granted leases last longer than "survive" is configured. If the old relay has "survive", it may
 * grant a lease even during this check. NULL: the relay needs no cache, or there is no memory.
 */
static struct dhcpk_ack_cache *cache_for(struct dhcpk_net *dn, const struct dhcpk_relay *relay,
					 const struct dhcpk_relay *old)
{
	struct dhcpk_ack_cache *m = old ? old->ack_cache : NULL;

	if (m && (relay->survive || old->survive || !dhcpk_ack_cache_is_empty(m)))
		return dhcpk_ack_cache_get(m);
	return relay->survive ? dhcpk_ack_cache_new(&dn->ack_cache_bytes) : NULL;
}

/**
 * dhcpk_relays_inherit - take over the state of servers and the ACKs from the running generation
 * @dn: the namespace
 * @old: the running generation or NULL
 * @c: the generation that replaces it
 *
 * Return: 0 or -ENOMEM.
 * Context: process, dhcpk_net.lock held.
 */
int dhcpk_relays_inherit(struct dhcpk_net *dn, const struct dhcpk_config *old,
			 struct dhcpk_config *c)
{
	struct dhcpk_relay *relay, *old_relay;

	list_for_each_entry(relay, &c->relays, list) {
		old_relay = dhcpk_config_relay(old, relay->dev);
		if (old_relay)
			dhcpk_servers_inherit(relay, old_relay);
		if (!relay->ack_cache)
			relay->ack_cache = cache_for(dn, relay, old_relay);
		if (relay->survive && !relay->ack_cache)
			return -ENOMEM;
		cond_resched();
	}
	return 0;
}

/**
 * dhcpk_relays_inherit_counts - take over the counters from the last generation
 * @old: the generation that has run until now, or NULL; no packet can reach it any more
 * @c: the running generation
 *
 * Context: process, dhcpk_net.lock held.
 */
void dhcpk_relays_inherit_counts(const struct dhcpk_config *old, struct dhcpk_config *c)
{
	struct dhcpk_relay *relay, *old_relay;
	struct dhcpk_relay_counts counts;
	unsigned int i;

	list_for_each_entry(relay, &c->relays, list) {
		cond_resched();
		old_relay = dhcpk_config_relay(old, relay->dev);
		if (!old_relay)
			continue;
		dhcpk_relay_read(old_relay, &counts);
		memcpy(relay->base_counts.count, counts.count, sizeof(counts.count));
		for (i = 0; i < relay->n_servers; i++) {
			const struct dhcpk_server *server;

			server = dhcpk_relay_server(old_relay, relay->server[i].addr);
			if (!server)
				continue;
			relay->base_counts.sent[i] = counts.sent[server - old_relay->server];
			relay->base_counts.replies[i] = counts.replies[server - old_relay->server];
		}
	}
}
