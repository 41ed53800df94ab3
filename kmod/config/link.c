// SPDX-License-Identifier: GPL-2.0-only
/* Where pools are served: on interfaces, and for the addresses of relays and renewing clients. */
#include "config/link.h"

#include <linux/hash.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

/* ---- the pools of a link ---- */

/* Returns the number of pools that begin at or before an address. */
static unsigned int pools_until(const struct dhcpk_pools *pools, u32 addr)
{
	unsigned int from = 0, to = pools->n, middle;

	while (from < to) {
		middle = (from + to) / 2;
		if (pools->by_addr[middle]->subnet <= addr)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/**
 * dhcpk_pools_at - the pool that contains an address
 * @pools: pools that do not overlap, sorted by address
 * @addr: host order
 *
 * Return: the pool, or NULL.
 * Context: any; RCU, unless the pools' generation is being staged.
 */
struct dhcpk_pool *dhcpk_pools_at(const struct dhcpk_pools *pools, u32 addr)
{
	unsigned int n = pools_until(pools, addr);
	struct dhcpk_pool *pool = n ? pools->by_addr[n - 1] : NULL;

	return pool && (addr & pool->mask) == pool->subnet ? pool : NULL;
}

/**
 * dhcpk_pools_behind - the first pool that begins after an address
 * @pools: pools that do not overlap, sorted by address
 * @addr: host order
 *
 * Return: the pool, or NULL.
 * Context: any; RCU, unless the pools' generation is being staged.
 */
const struct dhcpk_pool *dhcpk_pools_behind(const struct dhcpk_pools *pools, u32 addr)
{
	unsigned int n = pools_until(pools, addr);

	return n < pools->n ? pools->by_addr[n] : NULL;
}

static int grow_array(struct dhcpk_pool ***array, unsigned int n)
{
	struct dhcpk_pool **more = krealloc(*array, (n + 1) * sizeof(*more), GFP_KERNEL);

	if (!more)
		return -ENOMEM;
	*array = more;
	return 0;
}

/**
 * dhcpk_pools_add - add a pool, which is tried last
 * @pools: pools of a generation that is being staged
 * @pool: a pool that overlaps none of them; no effect if it is one of them already
 *
 * Return: 0, or -ENOMEM without any change.
 * Context: process.
 */
int dhcpk_pools_add(struct dhcpk_pools *pools, struct dhcpk_pool *pool)
{
	unsigned int i = pools->n;

	if (dhcpk_pools_at(pools, pool->subnet) == pool)
		return 0;
	if (grow_array(&pools->pool, pools->n) || grow_array(&pools->by_addr, pools->n))
		return -ENOMEM;
	pools->pool[pools->n++] = pool;
	for (; i && pools->by_addr[i - 1]->subnet > pool->subnet; i--)
		pools->by_addr[i] = pools->by_addr[i - 1];
	pools->by_addr[i] = pool;
	pools->identities |= BIT(pool->identity);
	pools->any_via |= pool->n_via;
	pools->flags = pools->n == 1 ? pool->flags : pools->flags & pool->flags;
	return 0;
}

/**
 * dhcpk_pools_free - free the lists of pools
 * @pools: the lists; the pools themselves stay
 *
 * Context: process.
 */
void dhcpk_pools_free(struct dhcpk_pools *pools)
{
	kfree(pools->pool);
	kfree(pools->by_addr);
}

/* ---- interfaces ---- */

static struct hlist_head *link_bucket(struct dhcpk_config *c, int ifindex)
{
	return &c->link_by_ifindex[hash_32(ifindex, DHCPK_LINK_HASH_BITS)];
}

/**
 * dhcpk_link_find - the link of an interface
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
 * dhcpk_link_notify - follow interfaces that appear, disappear or are renamed
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

	if (!c ||
	    (event != NETDEV_REGISTER && event != NETDEV_UNREGISTER && event != NETDEV_CHANGENAME))
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

/**
 * dhcpk_link_get - find or make the link of an interface
 * @c: a generation that is being staged
 * @dev: the interface's name
 *
 * Return: the link; NULL for lack of memory.
 * Context: process.
 */
struct dhcpk_link *dhcpk_link_get(struct dhcpk_config *c, const char *dev)
{
	struct dhcpk_link *link = link_by_name(c, dev);

	if (link)
		return link;
	link = kzalloc(sizeof(*link), GFP_KERNEL);
	if (!link)
		return NULL;
	strscpy(link->dev, dev, sizeof(link->dev));
	INIT_HLIST_NODE(&link->by_ifindex);
	list_add_tail(&link->list, &c->links);
	return link;
}

/**
 * dhcpk_links_follow - find the interfaces of a generation that will run next
 * @dn: the namespace
 * @c: the generation
 *
 * Context: process, RTNL held, so that dhcpk_link_notify() misses no event.
 */
void dhcpk_links_follow(struct dhcpk_net *dn, struct dhcpk_config *c)
{
	struct dhcpk_link *link;

	list_for_each_entry(link, &c->links, list) {
		const struct net_device *dev = __dev_get_by_name(dn->net, link->dev);

		/* An alternative name does not count: another link may have that name. */
		link_set_ifindex(c, link, dev && !strcmp(dev->name, link->dev) ? dev->ifindex : 0);
	}
}

/* ---- addresses ---- */

static const struct rhashtable_params segment_params = {
	.head_offset		= offsetof(struct dhcpk_segment, node),
	.key_offset		= offsetof(struct dhcpk_segment, key),
	.key_len		= sizeof(struct dhcpk_net_key),
	.automatic_shrinking	= true,
};

static struct dhcpk_segment *segment_of(const struct dhcpk_config *c, u32 addr, unsigned int prefix)
{
	struct dhcpk_net_key key = { .net = addr & ~0U << (32 - prefix), .prefix = prefix };

	return rhashtable_lookup_fast((struct rhashtable *)&c->segment_by_net, &key,
				      segment_params);
}

/*
 * Returns the segment with the longest prefix that contains the address and is not longer than
 * @prefix.
 */
static struct dhcpk_segment *longest_match(const struct dhcpk_config *c, u32 addr,
					   unsigned int prefix)
{
	u64 left = c->prefixes & GENMASK_ULL(prefix, 0);
	struct dhcpk_segment *s;

	for (; left; left &= ~BIT_ULL(prefix)) {
		prefix = fls64(left) - 1;
		s = segment_of(c, addr, prefix);
		if (s)
			return s;
	}
	return NULL;
}

/**
 * dhcpk_segment_find - the pools that serve an address
 * @c: the configuration
 * @addr: giaddr or link selection of a relay, or the client's own address
 *
 * There is one lookup for each prefix length in use. The number of pools does not matter.
 *
 * Return: the pools, those of the longest prefix first, or NULL.
 * Context: RCU.
 */
const struct dhcpk_pools *dhcpk_segment_find(const struct dhcpk_config *c, __be32 addr)
{
	const struct dhcpk_segment *s = longest_match(c, ntohl(addr), 32);

	return s ? &s->pools : NULL;
}

static struct dhcpk_segment *segment_get(struct dhcpk_config *c, struct dhcpk_net_key key)
{
	struct dhcpk_segment *s = segment_of(c, key.net, key.prefix);

	if (s)
		return s;
	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return NULL;
	s->key = key;
	if (rhashtable_insert_fast(&c->segment_by_net, &s->node, segment_params)) {
		kfree(s);
		return NULL;
	}
	list_add_tail(&s->list, &c->segments);
	c->prefixes |= BIT_ULL(key.prefix);
	return s;
}

static int serve_net(struct dhcpk_config *c, struct dhcpk_pool *pool, struct dhcpk_net_key key)
{
	struct dhcpk_segment *s = segment_get(c, key);

	return s ? dhcpk_pools_add(&s->pools, pool) : -ENOMEM;
}

/**
 * dhcpk_segments_nest - add the pools of wider nets to the narrower nets inside them
 * @c: a generation that has all its pools
 *
 * The pools of all nets that contain an address serve it, those of the narrowest net first.
 *
 * Return: 0 or -ENOMEM.
 * Context: process.
 */
int dhcpk_segments_nest(struct dhcpk_config *c)
{
	unsigned int prefix, i;
	struct dhcpk_segment *s, *wider;

	/*
	 * From the widest net to the narrowest: a wider net already has the pools of the nets
	 * around it.
	 */
	for (prefix = 1; prefix <= 32; prefix++) {
		list_for_each_entry(s, &c->segments, list) {
			wider = s->key.prefix == prefix ?
				longest_match(c, s->key.net, prefix - 1) : NULL;
			for (i = 0; wider && i < wider->pools.n; i++) {
				if (dhcpk_pools_add(&s->pools, wider->pools.pool[i]))
					return -ENOMEM;
			}
			cond_resched();
		}
	}
	return 0;
}

/* ---- all links of a generation ---- */

/**
 * dhcpk_links_init - make an empty set of links
 * @c: a generation that is being made
 *
 * Return: 0 or -errno.
 * Context: process.
 */
int dhcpk_links_init(struct dhcpk_config *c)
{
	INIT_LIST_HEAD(&c->links);
	INIT_LIST_HEAD(&c->segments);
	return rhashtable_init(&c->segment_by_net, &segment_params);
}

/**
 * dhcpk_links_add_pool - serve a pool on its interface, its subnet and its relay links
 * @c: a generation that is being staged
 * @pool: the pool
 *
 * Return: 0 or -ENOMEM. After an error the caller can only free the generation, with
 *	dhcpk_config_free().
 * Context: process.
 */
int dhcpk_links_add_pool(struct dhcpk_config *c, struct dhcpk_pool *pool)
{
	unsigned int i;
	int err;

	if (pool->dev[0]) {
		pool->link = dhcpk_link_get(c, pool->dev);
		if (!pool->link)
			return -ENOMEM;
		err = dhcpk_pools_add(&pool->link->pools, pool);
		if (err)
			return err;
	}
	err = serve_net(c, pool,
			(struct dhcpk_net_key){ .net = pool->subnet, .prefix = pool->prefix });
	for (i = 0; !err && i < pool->n_relay_links; i++)
		err = serve_net(c, pool, pool->relay_links[i]);
	return err;
}

/**
 * dhcpk_links_free - free all links of a generation
 * @c: the generation; no packet can reach it any more
 *
 * Context: process.
 */
void dhcpk_links_free(struct dhcpk_config *c)
{
	struct dhcpk_segment *segment, *next_segment;
	struct dhcpk_link *link, *next_link;

	rhashtable_destroy(&c->segment_by_net);
	list_for_each_entry_safe(segment, next_segment, &c->segments, list) {
		dhcpk_pools_free(&segment->pools);
		kfree(segment);
	}
	list_for_each_entry_safe(link, next_link, &c->links, list) {
		dhcpk_pools_free(&link->pools);
		kfree(link);
	}
}
