// SPDX-License-Identifier: GPL-2.0-only
/* The configuration: pools, hosts and links of a generation, and which pool a message belongs to. */
#include <linux/hash.h>
#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "dhcpk.h"

static struct hlist_head *link_bucket(struct dhcpk_config *c, int ifindex)
{
	return &c->link_by_ifindex[hash_32(ifindex, DHCPK_LINK_HASH_BITS)];
}

/**
 * dhcpk_link_find - what is served on an interface
 * @c: the configuration
 * @ifindex: the interface
 *
 * Return: the link or NULL.
 * Context: RCU or RTNL.
 */
const struct dhcpk_link *dhcpk_link_find(const struct dhcpk_config *c, int ifindex)
{
	const struct dhcpk_link *link;

	hlist_for_each_entry_rcu(link, link_bucket((struct dhcpk_config *)c, ifindex), by_ifindex,
				 lockdep_rtnl_is_held()) {
		if (READ_ONCE(link->ifindex) == ifindex)
			return link;
	}
	return NULL;
}

static void link_set_ifindex(struct dhcpk_config *c, struct dhcpk_link *link, int ifindex)
{
	if (link->ifindex == ifindex)
		return;
	if (link->ifindex)
		hlist_del_init_rcu(&link->by_ifindex);
	WRITE_ONCE(link->ifindex, ifindex);
	if (ifindex)
		hlist_add_head_rcu(&link->by_ifindex, link_bucket(c, ifindex));
}

/**
 * dhcpk_link_notify - follow interfaces as they come, go and are renamed
 * @nb: unused
 * @event: NETDEV_*
 * @ptr: the interface
 *
 * Links hold no reference on a device, only its index.
 *
 * Context: process, RTNL held.
 */
int dhcpk_link_notify(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct dhcpk_config *c = rtnl_dereference(dhcpk_pernet(dev_net(dev))->config);
	struct dhcpk_link *link;

	if (!c || (event != NETDEV_REGISTER && event != NETDEV_UNREGISTER && event != NETDEV_CHANGENAME))
		return NOTIFY_DONE;

	list_for_each_entry(link, &c->links, list) {
		bool named = event != NETDEV_UNREGISTER && !strcmp(link->dev, dev->name);

		if (named)
			link_set_ifindex(c, link, dev->ifindex);
		else if (link->ifindex == dev->ifindex)
			link_set_ifindex(c, link, 0);
	}
	return NOTIFY_DONE;
}

static struct dhcpk_link *link_by_name(const struct dhcpk_config *c, const char *dev)
{
	struct dhcpk_link *link;

	list_for_each_entry(link, &c->links, list) {
		if (!strcmp(link->dev, dev))
			return link;
	}
	return NULL;
}

static struct dhcpk_link *link_get(struct dhcpk_config *c, const char *dev)
{
	struct dhcpk_link *link = link_by_name(c, dev);

	if (link)
		return link;
	link = kzalloc(sizeof(*link), GFP_KERNEL);
	if (!link)
		return NULL;
	strscpy(link->dev, dev, sizeof(link->dev));
	INIT_LIST_HEAD(&link->pools);
	INIT_HLIST_NODE(&link->by_ifindex);
	list_add_tail(&link->list, &c->links);
	return link;
}

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
	c->generation = generation;
	INIT_LIST_HEAD(&c->pools);
	INIT_LIST_HEAD(&c->links);
	return c;
}

/**
 * dhcpk_config_free - end a generation; the spaces of its pools stay
 * @c: the configuration or NULL; no packet can reach it any more
 *
 * Context: process.
 */
void dhcpk_config_free(struct dhcpk_config *c)
{
	struct dhcpk_pool *pool, *next_pool;
	struct dhcpk_link *link, *next_link;

	if (!c)
		return;
	list_for_each_entry_safe(pool, next_pool, &c->pools, list)
		dhcpk_pool_free(pool);
	list_for_each_entry_safe(link, next_link, &c->links, list)
		kfree(link);
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
 * Return: the pool that shares addresses with it, or NULL.
 * Context: process.
 */
struct dhcpk_pool *dhcpk_config_overlap(const struct dhcpk_config *c, const struct dhcpk_pool *pool)
{
	struct dhcpk_pool *other;

	list_for_each_entry(other, &c->pools, list) {
		u32 mask = other->mask & pool->mask;

		if ((other->subnet & mask) == (pool->subnet & mask))
			return other;
	}
	return NULL;
}

/**
 * dhcpk_config_add_pool - put a pool into a generation that is being staged
 * @c: the configuration; takes the pool over
 * @pool: a pool whose name and subnet no other has
 *
 * Return: 0 or -ENOMEM; then the pool is still the caller's.
 * Context: process, dhcpk_net.lock held.
 */
int dhcpk_config_add_pool(struct dhcpk_config *c, struct dhcpk_pool *pool)
{
	if (pool->dev[0]) {
		pool->link = link_get(c, pool->dev);
		if (!pool->link)
			return -ENOMEM;
		list_add_tail(&pool->on_link, &pool->link->pools);
	}
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
	if (dhcpk_id_table_init(&pool->host_by_id)) {
		kvfree(pool);
		return NULL;
	}
	INIT_LIST_HEAD(&pool->hosts);
	xa_init(&pool->host_by_addr);
	return pool;
}

/**
 * dhcpk_pool_free - end a pool, its hosts and options; its space stays
 * @pool: the pool; no packet can reach it any more
 *
 * Context: process.
 */
void dhcpk_pool_free(struct dhcpk_pool *pool)
{
	struct dhcpk_host *host, *next;

	dhcpk_id_table_destroy(&pool->host_by_id);
	list_for_each_entry_safe(host, next, &pool->hosts, list) {
		kfree(host->options);
		kfree(host);
	}
	xa_destroy(&pool->host_by_addr);
	kfree(pool->options);
	kvfree(pool);
}

/**
 * dhcpk_pool_add_host - reserve an address or an option set for a client
 * @pool: a pool that is being staged; takes the host over
 * @host: the reservation
 *
 * Return: 0, -EEXIST if the client or the address is reserved already, -ENOMEM. After an error it is still the caller's.
 * Context: process.
 */
int dhcpk_pool_add_host(struct dhcpk_pool *pool, struct dhcpk_host *host)
{
	int err;

	if (host->addr) {
		err = xa_insert(&pool->host_by_addr, host->addr, host, GFP_KERNEL);
		if (err)
			return err == -EBUSY ? -EEXIST : err;
	}
	err = dhcpk_id_table_insert(&pool->host_by_id, &host->by_id);
	if (err) {
		if (host->addr)
			xa_erase(&pool->host_by_addr, host->addr);
		return err;
	}
	list_add_tail(&host->list, &pool->hosts);
	return 0;
}

static struct dhcpk_alloc *alloc_for(const struct dhcpk_pool *pool)
{
	struct dhcpk_alloc *a = dhcpk_alloc_new(pool->ranges, pool->n_ranges);
	struct dhcpk_host *host;

	if (!a)
		return NULL;
	list_for_each_entry(host, &pool->hosts, list) {
		if (host->addr)
			dhcpk_alloc_reserve(a, host->addr);
	}
	return a;
}

/* A pool keeps its bindings if its name and its subnet stay. */
static struct dhcpk_space *inherited_space(const struct dhcpk_config *old, const struct dhcpk_pool *pool)
{
	const struct dhcpk_pool *before = dhcpk_config_pool(old, pool->name);

	if (before && before->subnet == pool->subnet && before->mask == pool->mask)
		return before->space;
	return NULL;
}

static void drop_spaces(struct dhcpk_config *c)
{
	struct dhcpk_pool *pool;

	list_for_each_entry(pool, &c->pools, list) {
		if (pool->space && !--pool->space->users)
			dhcpk_space_free(pool->space);
		pool->space = NULL;
	}
}

/* Everything that can fail is done here, before anything changes. @maps: one address map for each pool. */
static int prepare(struct dhcpk_net *dn, const struct dhcpk_config *old, struct dhcpk_config *c,
		   struct dhcpk_alloc **maps)
{
	struct dhcpk_pool *pool;
	unsigned int i = 0;

	list_for_each_entry(pool, &c->pools, list) {
		maps[i] = alloc_for(pool);
		if (!maps[i])
			return -ENOMEM;
		i++;
		pool->space = inherited_space(old, pool);
		if (!pool->space)
			pool->space = dhcpk_space_new(dn, pool->name);
		if (!pool->space)
			return -ENOMEM;
		pool->space->users++;
	}
	return c->n_pools ? dhcpk_hook_register(dn) : 0;
}

/* Swaps the generations; from here on packets see the new one. */
static void switch_over(struct dhcpk_net *dn, struct dhcpk_config *c)
{
	struct dhcpk_link *link;

	rtnl_lock();
	list_for_each_entry(link, &c->links, list) {
		const struct net_device *dev = __dev_get_by_name(dn->net, link->dev);

		link_set_ifindex(c, link, dev ? dev->ifindex : 0);
	}
	rcu_assign_pointer(dn->config, c);
	rtnl_unlock();
}

/**
 * dhcpk_config_publish - make a staged generation the running one
 * @dn: the namespace
 * @c: the generation; taken over if the call succeeds
 *
 * Return: 0, or -errno and nothing has changed.
 * Context: process, dn->lock held, RTNL not held.
 */
int dhcpk_config_publish(struct dhcpk_net *dn, struct dhcpk_config *c)
{
	struct dhcpk_config *old = rcu_dereference_protected(dn->config, lockdep_is_held(&dn->lock));
	struct dhcpk_alloc **maps = kvcalloc(c->n_pools + 1, sizeof(*maps), GFP_KERNEL);
	struct dhcpk_pool *pool;
	unsigned int i = 0;
	int err;

	err = maps ? prepare(dn, old, c, maps) : -ENOMEM;
	if (err) {
		drop_spaces(c);
		goto free_maps;
	}
	list_for_each_entry(pool, &c->pools, list) {
		maps[i] = dhcpk_space_set_alloc(pool->space, maps[i]);
		i++;
	}
	switch_over(dn, c);
	if (!c->n_pools)
		dhcpk_hook_unregister(dn);
	synchronize_net();
	if (old) {
		drop_spaces(old);
		dhcpk_config_free(old);
	}
	mod_delayed_work(system_wq, &dn->tick, HZ);

free_maps:
	for (i = 0; maps && i < c->n_pools; i++)
		dhcpk_alloc_free(maps[i]);
	kvfree(maps);
	return err;
}

/**
 * dhcpk_config_retire - end whatever is running or staged in a namespace that goes away
 * @dn: the namespace; its hook is gone and a grace period has passed
 *
 * Context: process.
 */
void dhcpk_config_retire(struct dhcpk_net *dn)
{
	struct dhcpk_config *c;

	rtnl_lock();
	c = rcu_replace_pointer(dn->config, NULL, lockdep_rtnl_is_held());
	rtnl_unlock();
	synchronize_net(); /* the tick may be reading it */
	cancel_delayed_work_sync(&dn->tick);
	if (c)
		drop_spaces(c);
	dhcpk_config_free(c);
	dhcpk_config_free(dn->staged);
	dn->staged = NULL;
}

/* RFC 2131 4.1, 4.3.1: the server identifier is an address of the receiving interface, best one that the client is on. */
static __be32 server_address(const struct net_device *dev, const struct dhcpk_pool *pool)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;
	__be32 any = 0;

	if (!in_dev)
		return 0;
	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		if (dhcpk_pool_on_link(pool, ifa->ifa_local))
			return ifa->ifa_local;
		if (!any)
			any = ifa->ifa_local;
	}
	return any;
}

/* Does the client belong here already: reserved, or known? */
static bool at_home(struct dhcpk_ctx *ctx, const struct dhcpk_pool *pool)
{
	bool known;

	ctx->pool = pool;
	if (dhcpk_identify(ctx) != DHCPK_NEXT)
		return false;
	if (ctx->host)
		return true;
	spin_lock(&pool->space->lock);
	known = dhcpk_lease_find(pool->space, &ctx->id, ctx->now);
	spin_unlock(&pool->space->lock);
	return known;
}

/*
 * Several pools on one link are a shared network: the one that the address asked for lies in, else the one that knows the
 * client, else the first with room.
 */
static const struct dhcpk_pool *choose(struct dhcpk_ctx *ctx)
{
	__be32 asked = dhcp_asked_addr(&ctx->msg);
	const struct dhcpk_pool *pool, *first, *room = NULL;

	first = list_first_entry(&ctx->link->pools, struct dhcpk_pool, on_link);
	if (list_is_singular(&ctx->link->pools))
		return first;
	list_for_each_entry(pool, &ctx->link->pools, on_link) {
		if (dhcpk_pool_on_link(pool, asked) && ctx->msg.type != DHCP_DISCOVER)
			return pool;
	}
	list_for_each_entry(pool, &ctx->link->pools, on_link) {
		if (at_home(ctx, pool))
			return pool;
		if (!room && dhcpk_alloc_available(READ_ONCE(pool->space->alloc)))
			room = pool;
	}
	return room ?: first;
}

/**
 * dhcpk_select - step: which pool?
 * @ctx: a parsed message of a directly attached client, its link known
 *
 * Return: DHCPK_NEXT with the pool and the server identifier, or DHCPK_DROP if the interface has no address to answer from.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_select(struct dhcpk_ctx *ctx)
{
	ctx->pool = choose(ctx);
	ctx->server_id = server_address(ctx->dev, ctx->pool);
	if (!ctx->server_id)
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_NO_ADDRESS);
	return DHCPK_NEXT;
}
