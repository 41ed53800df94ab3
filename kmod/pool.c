// SPDX-License-Identifier: GPL-2.0-only
/* The configuration: the pools, hosts and relays of a generation. */
#include <linux/slab.h>

#include "relay.h"

/**
 * dhcpk_config_new - an empty generation
 * @generation: its cookie
 *
 * Return: the configuration or NULL for lack of memory.
 * Context: process.
 */
struct dhcpk_config *dhcpk_config_new(u32 generation)
{
	struct dhcpk_config *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return NULL;
	if (dhcpk_id_table_init(&c->host_by_id))
		goto free;
	if (dhcpk_links_init(c))
		goto hosts;
	c->generation = generation;
	xa_init(&c->servers);
	xa_init(&c->relay_by_giaddr);
	INIT_LIST_HEAD(&c->pools);
	INIT_LIST_HEAD(&c->relays);
	return c;

hosts:
	dhcpk_id_table_destroy(&c->host_by_id);
free:
	kfree(c);
	return NULL;
}

/**
 * dhcpk_config_free - end a generation; maps that other generations have stay
 * @c: the configuration or NULL; no packet can reach it any more
 *
 * Context: process.
 */
void dhcpk_config_free(struct dhcpk_config *c)
{
	struct dhcpk_relay *relay, *next_relay;
	struct dhcpk_pool *pool, *next;

	if (!c)
		return;
	dhcpk_id_table_destroy(&c->host_by_id);
	dhcpk_pools_free(&c->all);
	list_for_each_entry_safe(pool, next, &c->pools, list)
		dhcpk_pool_free(pool);
	list_for_each_entry_safe(relay, next_relay, &c->relays, list)
		dhcpk_relay_free(relay);
	xa_destroy(&c->servers);
	xa_destroy(&c->relay_by_giaddr);
	dhcpk_links_free(c);
	kfree(c);
}

/**
 * dhcpk_config_pool - find a pool by its name
 * @c: the configuration or NULL
 * @name: the name
 *
 * Return: the pool or NULL.
 * Context: process, dhcpk_net.lock held.
 */
struct dhcpk_pool *dhcpk_config_pool(const struct dhcpk_config *c, const char *name)
{
	struct dhcpk_pool *pool;

	if (!c)
		return NULL;
	list_for_each_entry(pool, &c->pools, list) {
		if (!strcmp(pool->name, name))
			return pool;
	}
	return NULL;
}

/**
 * dhcpk_config_overlap - is a pool's subnet another's too?
 * @c: the configuration
 * @pool: a pool that is not in it yet
 *
 * Context: process.
 */
bool dhcpk_config_overlap(const struct dhcpk_config *c, const struct dhcpk_pool *pool)
{
	const struct dhcpk_pool *next = dhcpk_pools_behind(&c->all, pool->subnet);

	return dhcpk_pools_at(&c->all, pool->subnet) || (next && (next->subnet & pool->mask) == pool->subnet);
}

/**
 * dhcpk_config_covers - has a pool of a configuration every address of a pool's subnet?
 * @c: the configuration or NULL
 * @pool: a pool of another one
 *
 * Several smaller ones do not: their first and last addresses can be clients' of the pool.
 *
 * Context: process.
 */
bool dhcpk_config_covers(const struct dhcpk_config *c, const struct dhcpk_pool *pool)
{
	const struct dhcpk_pool *at = dhcpk_pool_at(c, pool->subnet);

	return at && at->prefix <= pool->prefix;
}

/**
 * dhcpk_config_add_pool - put a pool into a generation that is being staged
 * @c: the configuration; takes the pool over
 * @pool: a pool whose name and subnet no other has
 *
 * Return: 0 or -ENOMEM; then the pool is still the caller's, and the generation is good for nothing but dhcpk_config_free().
 * Context: process, dhcpk_net.lock held.
 */
int dhcpk_config_add_pool(struct dhcpk_config *c, struct dhcpk_pool *pool)
{
	int err = dhcpk_links_add_pool(c, pool);

	if (!err)
		err = dhcpk_pools_add(&c->all, pool);
	if (err)
		return err;
	list_add_tail(&pool->list, &c->pools);
	c->n_pools++;
	return 0;
}

/**
 * dhcpk_pool_new - a pool with nothing in it
 *
 * Return: the pool or NULL for lack of memory.
 * Context: process.
 */
struct dhcpk_pool *dhcpk_pool_new(void)
{
	struct dhcpk_pool *pool = kvzalloc(sizeof(*pool), GFP_KERNEL);

	if (!pool)
		return NULL;
	INIT_LIST_HEAD(&pool->hosts);
	xa_init(&pool->host_by_addr);
	return pool;
}

/**
 * dhcpk_pool_free - end a pool, its hosts and options; a map that another generation has stays
 * @pool: the pool; no packet can reach it any more
 *
 * Context: process.
 */
void dhcpk_pool_free(struct dhcpk_pool *pool)
{
	struct dhcpk_host *host, *next;

	list_for_each_entry_safe(host, next, &pool->hosts, list) {
		kfree(host->set);
		kfree(host);
	}
	xa_destroy(&pool->host_by_addr);
	if (pool->map && !pool->map->users)
		dhcpk_map_free(pool->map);
	kfree(pool->set);
	kvfree(pool);
}

static bool has_host(const struct dhcpk_config *c, struct dhcpk_pool *pool, const struct dhcpk_id *id)
{
	const struct dhcpk_pools here = { .n = 1, .by_addr = &pool };
	bool found;

	rcu_read_lock();
	found = dhcpk_id_next_on_link(dhcpk_id_table_find(&c->host_by_id, id), &here, 0);
	rcu_read_unlock();
	return found;
}

/**
 * dhcpk_pool_add_host - reserve an address or an option set for a client
 * @c: a generation that is being staged
 * @pool: one of its pools; takes the host over
 * @host: the reservation
 *
 * Return: 0, -EEXIST if the client or the address is reserved already, -ENOMEM. After an error it is still the caller's.
 * Context: process, dhcpk_net.lock held.
 */
int dhcpk_pool_add_host(struct dhcpk_config *c, struct dhcpk_pool *pool, struct dhcpk_host *host)
{
	const struct dhcpk_id id = dhcpk_id_of(&host->by_id);
	u32 addr = host->addr;
	int err;

	if (has_host(c, pool, &id))
		return -EEXIST;
	if (addr) {
		err = xa_insert(&pool->host_by_addr, addr, host, GFP_KERNEL);
		if (err)
			return err == -EBUSY ? -EEXIST : err;
	}
	host->pool = pool;
	host->by_id.addr = addr ?: pool->subnet;
	err = dhcpk_id_table_insert(&c->host_by_id, &host->by_id);
	if (err) {
		if (addr)
			xa_erase(&pool->host_by_addr, addr);
		return err;
	}
	list_add_tail(&host->list, &pool->hosts);
	c->n_hosts++;
	return 0;
}

/**
 * dhcpk_lease_circuit - the circuit-id in what a relay said last of a client, RFC 3046 section 3.1
 * @l: the client's record
 *
 * Return: the identity; it points into the record. Of kind DHCPK_ID_NONE for none.
 * Context: any, the space locked.
 */
struct dhcpk_id dhcpk_lease_circuit(const struct dhcpk_lease *l)
{
	const struct dhcpk_said *agent = l->agent;
	unsigned int i, len;

	if (l->by_id.kind == DHCPK_ID_CIRCUIT)
		return dhcpk_id_of(&l->by_id);
	for (i = 0; agent && i + 2 <= agent->len; i += 2 + len) {
		len = agent->data[i + 1];
		if (agent->data[i] == DHCP_AGENT_CIRCUIT_ID && i + 2 + len <= agent->len)
			return (struct dhcpk_id){ .kind = DHCPK_ID_CIRCUIT, .len = len, .data = &agent->data[i + 2] };
	}
	return (struct dhcpk_id){ .kind = DHCPK_ID_NONE };
}

/* A client whose address is reserved for its circuit renews without the relay, and so without saying which circuit that is. */
static bool reserved_by_circuit(const struct dhcpk_ctx *ctx, const struct dhcpk_pool *pool, const struct dhcpk_lease *own,
				u32 addr)
{
	const struct dhcpk_host *host;
	struct dhcpk_id circuit;

	if (!own || own->by_id.addr != addr || ctx->msg.agent.circuit_id.len)
		return false;
	/* Anybody can send a RELEASE in its name: a client that renews has not. */
	if (!dhcpk_lease_bound(own) &&
	    !(own->state == DHCPK_LEASE_RELEASED && ctx->msg.type == DHCP_REQUEST && ctx->msg.hdr->ciaddr))
		return false;
	host = xa_load((struct xarray *)&pool->host_by_addr, addr);
	circuit = dhcpk_lease_circuit(own);
	return host && circuit.kind == DHCPK_ID_CIRCUIT && dhcpk_id_is(&host->by_id, &circuit);
}

/*
 * In the pool's ranges and no host's. The map would say so, too, but another generation may share it: before that one runs, its
 * reservations are in the map already.
 */
static bool is_for_anybody(const struct dhcpk_pool *pool, u32 addr)
{
	unsigned int i;

	for (i = 0; i < pool->n_ranges; i++) {
		if (addr >= pool->ranges[i].first && addr <= pool->ranges[i].last)
			return !xa_load((struct xarray *)&pool->host_by_addr, addr);
	}
	return false;
}

/**
 * dhcpk_pool_gives - does a pool give an address to anybody, or to this client, which has it?
 * @ctx: the client's message
 * @pool: a pool of its link
 * @own: the client's record or NULL
 * @addr: host order
 *
 * Context: softirq, the space is locked.
 */
bool dhcpk_pool_gives(const struct dhcpk_ctx *ctx, const struct dhcpk_pool *pool, const struct dhcpk_lease *own, u32 addr)
{
	return is_for_anybody(pool, addr) || reserved_by_circuit(ctx, pool, own, addr);
}
