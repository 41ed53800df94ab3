// SPDX-License-Identifier: GPL-2.0-only
/* The relays of a generation: made, found, and what the next one takes over. */
#include "relay/relay.h"

#include <linux/slab.h>

#include "config/link.h"
#include "relay/counters.h"
#include "relay/memory.h"
#include "relay/servers.h"

/**
 * dhcpk_relay_new - a relay with nothing in it but what option 82 is made of
 * @template: the bytes, or NULL
 * @len: how many
 *
 * Return: the relay, NULL for lack of memory, or -EINVAL if the template does not add up.
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
 * dhcpk_relays_free - end the relays of a generation
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
 * dhcpk_relay_free - end a relay
 * @relay: the relay; no packet can reach it any more
 *
 * Context: process.
 */
void dhcpk_relay_free(struct dhcpk_relay *relay)
{
	dhcpk_memory_put(relay->memory);
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

/* Replies come to few ports, and the door looks at them all. */
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

/* The relay itself comes last: if that fails, it is the caller's. */
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
 * dhcpk_config_names_server - is it the address of a server of any relay's?
 * @c: the configuration
 * @addr: the address
 *
 * Context: RCU.
 */
bool dhcpk_config_names_server(const struct dhcpk_config *c, __be32 addr)
{
	return xa_load((struct xarray *)&c->servers, ntohl(addr));
}

/**
 * dhcpk_config_has_server - is it a server for any relay? For some, everybody is.
 * @c: the configuration
 * @addr: its address
 *
 * Context: RCU.
 */
bool dhcpk_config_has_server(const struct dhcpk_config *c, __be32 addr)
{
	return c->any_server || dhcpk_config_names_server(c, addr);
}

/**
 * dhcpk_config_relay_at - a relay that has been told to have this giaddr
 * @c: the configuration
 * @giaddr: the address
 *
 * Return: one of them, or NULL.
 * Context: RCU.
 */
struct dhcpk_relay *dhcpk_config_relay_at(const struct dhcpk_config *c, __be32 giaddr)
{
	return xa_load((struct xarray *)&c->relay_by_giaddr, ntohl(giaddr));
}

/**
 * dhcpk_config_add_relay - put a relay into a generation that is being staged
 * @c: the configuration; takes the relay over
 * @relay: one for an interface that has none
 *
 * Return: 0; -E2BIG if its port is one too many, -ENOMEM. Then it is still the caller's. Without
 * memory the generation is good for nothing but dhcpk_config_free().
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
 * What is promised outlasts "survive": one that survives until now may promise something even while
 * this is looked at. NULL: there is nothing to remember, or no memory.
 */
static struct dhcpk_memory *memory_for(struct dhcpk_net *dn, const struct dhcpk_relay *relay,
				       const struct dhcpk_relay *before)
{
	struct dhcpk_memory *m = before ? before->memory : NULL;

	if (m && (relay->survive || before->survive || !dhcpk_memory_is_empty(m)))
		return dhcpk_memory_get(m);
	return relay->survive ? dhcpk_memory_new(&dn->ack_cache_bytes) : NULL;
}

/**
 * dhcpk_relays_inherit - what relays know of their servers and clients they go on knowing
 * @dn: the namespace
 * @old: the running generation or NULL
 * @c: the one that is to take its place
 *
 * Return: 0 or -ENOMEM.
 * Context: process, dhcpk_net.lock held.
 */
int dhcpk_relays_inherit(struct dhcpk_net *dn, const struct dhcpk_config *old,
			 struct dhcpk_config *c)
{
	struct dhcpk_relay *relay, *before;

	list_for_each_entry(relay, &c->relays, list) {
		before = dhcpk_config_relay(old, relay->dev);
		if (before)
			dhcpk_servers_inherit(relay, before);
		if (!relay->memory)
			relay->memory = memory_for(dn, relay, before);
		if (relay->survive && !relay->memory)
			return -ENOMEM;
		cond_resched();
	}
	return 0;
}

/**
 * dhcpk_relays_inherit_counts - counters go on
 * @old: the generation that has run until now, or NULL; no packet can reach it any more
 * @c: the one that runs
 *
 * Context: process, dhcpk_net.lock held.
 */
void dhcpk_relays_inherit_counts(const struct dhcpk_config *old, struct dhcpk_config *c)
{
	struct dhcpk_relay *relay, *before;
	struct dhcpk_relay_counts counts;
	unsigned int i;

	list_for_each_entry(relay, &c->relays, list) {
		cond_resched();
		before = dhcpk_config_relay(old, relay->dev);
		if (!before)
			continue;
		dhcpk_relay_read(before, &counts);
		memcpy(relay->before.count, counts.count, sizeof(counts.count));
		for (i = 0; i < relay->n_servers; i++) {
			const struct dhcpk_server *server;

			server = dhcpk_relay_server(before, relay->server[i].addr);
			if (!server)
				continue;
			relay->before.sent[i] = counts.sent[server - before->server];
			relay->before.replies[i] = counts.replies[server - before->server];
		}
	}
}
