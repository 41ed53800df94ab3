// SPDX-License-Identifier: GPL-2.0-only
/* Commands that stage and show pools. */
#include "netlink/pool.h"

#include <linux/netdevice.h>
#include <net/sock.h>

#include "config/pool.h"
#include "generation.h"
#include "netlink/option_set.h"

static const struct nla_policy range_policy[DHCPK_A_RANGE_MAX + 1] = {
	[DHCPK_A_RANGE_FIRST]		= { .type = NLA_BE32 },
	[DHCPK_A_RANGE_LAST]		= { .type = NLA_BE32 },
};

static const struct nla_policy link_policy[DHCPK_A_LINK_MAX + 1] = {
	[DHCPK_A_LINK_NET]		= { .type = NLA_BE32 },
	[DHCPK_A_LINK_PREFIX]		= NLA_POLICY_RANGE(NLA_U8, 1, 32),
};

const struct nla_policy dhcpk_pool_policy[DHCPK_A_POOL_MAX + 1] = {
	[DHCPK_A_POOL_NAME]		= { .type = NLA_NUL_STRING,
					    .len = DHCPK_POOL_NAME_SIZE - 1 },
	[DHCPK_A_POOL_SUBNET]		= { .type = NLA_BE32 },
	[DHCPK_A_POOL_PREFIX]		= NLA_POLICY_RANGE(NLA_U8, 1, 30),
	[DHCPK_A_POOL_DEV]		= { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[DHCPK_A_POOL_RANGE]		= NLA_POLICY_NESTED(range_policy),
	[DHCPK_A_POOL_LEASE]		= NLA_POLICY_MIN(NLA_U32, 1),
	[DHCPK_A_POOL_LEASE_MIN]	= NLA_POLICY_MIN(NLA_U32, 1),
	[DHCPK_A_POOL_LEASE_MAX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[DHCPK_A_POOL_FLAGS]		= NLA_POLICY_MASK(NLA_U32, DHCPK_POOL_F_MASK),
	[DHCPK_A_POOL_IDENTITY]		= NLA_POLICY_MAX(NLA_U8, DHCPK_IDENTITY_MAX),
	[DHCPK_A_POOL_DECLINE]		= NLA_POLICY_MIN(NLA_U32, 1),
	[DHCPK_A_POOL_RELAY_LINK]	= NLA_POLICY_NESTED(link_policy),
	[DHCPK_A_POOL_SET]		= NLA_POLICY_NESTED(dhcpk_set_policy),
	[DHCPK_A_POOL_VIA]		= { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
};

const struct nla_policy dhcpk_config_pool_policy[DHCPK_A_MAX + 1] = {
	[DHCPK_A_GENERATION]		= { .type = NLA_U32 },
	[DHCPK_A_POOL]			= NLA_POLICY_NESTED(dhcpk_pool_policy),
};

static int stage_range(struct dhcpk_pool *pool, struct nlattr *attr, struct genl_info *info)
{
	struct nlattr *tb[DHCPK_A_RANGE_MAX + 1];
	struct dhcpk_range r;
	unsigned int i;
	int err;

	err = dhcpk_parse_nest(tb, attr, range_policy, info->extack);
	if (err)
		return err;
	if (!tb[DHCPK_A_RANGE_FIRST] || !tb[DHCPK_A_RANGE_LAST])
		return dhcpk_refuse(info, attr, "range: first or last address missing");
	if (pool->n_ranges == DHCPK_RANGES_MAX)
		return dhcpk_refuse(info, attr, "range: too many of them");
	r.first = ntohl(nla_get_be32(tb[DHCPK_A_RANGE_FIRST]));
	r.last = ntohl(nla_get_be32(tb[DHCPK_A_RANGE_LAST]));
	if (r.first > r.last)
		return dhcpk_refuse(info, attr, "range: ends before it starts");
	if (!dhcpk_pool_has(pool, r.first) || !dhcpk_pool_has(pool, r.last))
		return dhcpk_refuse(info, attr,
				    "range: outside the subnet, or with its network or broadcast address");
	for (i = 0; i < pool->n_ranges; i++) {
		if (r.first <= pool->ranges[i].last && r.last >= pool->ranges[i].first)
			return dhcpk_refuse(info, attr, "range: overlaps another");
	}
	pool->ranges[pool->n_ranges++] = r;
	return 0;
}

static int stage_ranges(struct dhcpk_pool *pool, struct nlattr *nest, struct genl_info *info)
{
	struct nlattr *attr;
	u32 total = 0;
	unsigned int i;
	int rem, err;

	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != DHCPK_A_POOL_RANGE)
			continue;
		err = stage_range(pool, attr, info);
		if (err)
			return err;
	}
	/* A prefix is at least 1, so the sum cannot wrap. */
	for (i = 0; i < pool->n_ranges; i++)
		total += pool->ranges[i].last - pool->ranges[i].first + 1;
	if (total > DHCPK_POOL_SIZE_MAX)
		return dhcpk_refuse(info, nest, "pool: more than 2^24 addresses");
	return 0;
}

static int stage_relay_link(struct dhcpk_pool *pool, struct nlattr *attr, struct genl_info *info)
{
	struct nlattr *tb[DHCPK_A_LINK_MAX + 1];
	struct dhcpk_net_key key;
	int err;

	err = dhcpk_parse_nest(tb, attr, link_policy, info->extack);
	if (err)
		return err;
	if (!tb[DHCPK_A_LINK_NET] || !tb[DHCPK_A_LINK_PREFIX])
		return dhcpk_refuse(info, attr, "relay link: net or prefix missing");
	if (pool->n_relay_links == DHCPK_RELAY_LINKS_MAX)
		return dhcpk_refuse(info, attr, "relay link: too many of them");
	key.net = ntohl(nla_get_be32(tb[DHCPK_A_LINK_NET]));
	key.prefix = nla_get_u8(tb[DHCPK_A_LINK_PREFIX]);
	if (key.net & ~(~0U << (32 - key.prefix)))
		return dhcpk_refuse(info, attr, "relay link: host bits set");
	pool->relay_links[pool->n_relay_links++] = key;
	return 0;
}

static int stage_relay_links(struct dhcpk_pool *pool, struct nlattr *nest, struct genl_info *info)
{
	struct nlattr *attr;
	int rem, err = 0;

	nla_for_each_nested(attr, nest, rem) {
		if (!err && nla_type(attr) == DHCPK_A_POOL_RELAY_LINK)
			err = stage_relay_link(pool, attr, info);
	}
	return err;
}

static int stage_via(struct dhcpk_pool *pool, struct nlattr *nest, struct genl_info *info)
{
	struct nlattr *attr;
	int rem;

	nla_for_each_nested(attr, nest, rem) {
		char *name = pool->via[pool->n_via];

		if (nla_type(attr) != DHCPK_A_POOL_VIA)
			continue;
		if (pool->n_via == DHCPK_VIA_MAX)
			return dhcpk_refuse(info, attr, "via: too many of them");
		nla_strscpy(name, attr, IFNAMSIZ);
		if (!dev_valid_name(name))
			return dhcpk_refuse(info, attr, "via: no valid interface name");
		pool->n_via++;
	}
	return 0;
}

static int set_times(struct dhcpk_pool *pool, struct nlattr **tb, struct genl_info *info)
{
	if (!tb[DHCPK_A_POOL_LEASE] || !tb[DHCPK_A_POOL_LEASE_MIN] || !tb[DHCPK_A_POOL_LEASE_MAX])
		return dhcpk_refuse(info, NULL, "pool: a lease time is missing");
	pool->lease = nla_get_u32(tb[DHCPK_A_POOL_LEASE]);
	pool->lease_min = nla_get_u32(tb[DHCPK_A_POOL_LEASE_MIN]);
	pool->lease_max = nla_get_u32(tb[DHCPK_A_POOL_LEASE_MAX]);
	if (pool->lease_min > pool->lease || pool->lease > pool->lease_max)
		return dhcpk_refuse(info, tb[DHCPK_A_POOL_LEASE],
				    "pool: lease time outside its own minimum and maximum");
	return 0;
}

static void set_switches(struct dhcpk_pool *pool, struct nlattr **tb)
{
	if (tb[DHCPK_A_POOL_FLAGS])
		pool->flags = nla_get_u32(tb[DHCPK_A_POOL_FLAGS]);
	if (tb[DHCPK_A_POOL_IDENTITY])
		pool->identity = nla_get_u8(tb[DHCPK_A_POOL_IDENTITY]);
	pool->decline = DHCPK_DECLINE_DEFAULT;
	if (tb[DHCPK_A_POOL_DECLINE])
		pool->decline = nla_get_u32(tb[DHCPK_A_POOL_DECLINE]);
}

static int fill_pool(struct dhcpk_pool *pool, struct nlattr *nest, struct genl_info *info)
{
	struct nlattr *tb[DHCPK_A_POOL_MAX + 1];
	int err;

	err = dhcpk_parse_nest(tb, nest, dhcpk_pool_policy, info->extack);
	if (err)
		return err;
	if (!tb[DHCPK_A_POOL_NAME] || !nla_len(tb[DHCPK_A_POOL_NAME]) ||
	    !*(char *)nla_data(tb[DHCPK_A_POOL_NAME]))
		return dhcpk_refuse(info, nest, "pool: no name given");
	if (!tb[DHCPK_A_POOL_SUBNET] || !tb[DHCPK_A_POOL_PREFIX])
		return dhcpk_refuse(info, nest, "pool: no subnet given");
	nla_strscpy(pool->name, tb[DHCPK_A_POOL_NAME], sizeof(pool->name));
	pool->prefix = nla_get_u8(tb[DHCPK_A_POOL_PREFIX]);
	pool->mask = ~0U << (32 - pool->prefix);
	pool->subnet = ntohl(nla_get_be32(tb[DHCPK_A_POOL_SUBNET]));
	if (pool->subnet & ~pool->mask)
		return dhcpk_refuse(info, tb[DHCPK_A_POOL_SUBNET],
				    "pool: the subnet has host bits set");
	if (tb[DHCPK_A_POOL_DEV]) {
		nla_strscpy(pool->dev, tb[DHCPK_A_POOL_DEV], sizeof(pool->dev));
		if (!dev_valid_name(pool->dev))
			return dhcpk_refuse(info, tb[DHCPK_A_POOL_DEV],
					    "pool: no valid interface name");
	}
	set_switches(pool, tb);
	err = set_times(pool, tb, info);
	if (!err)
		err = stage_ranges(pool, nest, info);
	if (!err)
		err = stage_relay_links(pool, nest, info);
	if (!err)
		err = stage_via(pool, nest, info);
	if (!err)
		pool->set = dhcpk_nl_option_set(info, tb[DHCPK_A_POOL_SET], &err);
	return err;
}

/*
 * After a lack of memory, links and subnets may still refer to the pool. So the generation is
 * discarded, too.
 */
static int add_pool(struct dhcpk_net *dn, struct dhcpk_config *c, struct dhcpk_pool *pool)
{
	int err = dhcpk_config_add_pool(c, pool);

	if (err)
		dhcpk_config_discard(dn);
	return err;
}

static int stage_pool(struct dhcpk_net *dn, struct dhcpk_config *c, void *object,
		      struct genl_info *info)
{
	struct nlattr *nest = info->attrs[DHCPK_A_POOL];
	struct dhcpk_pool *pool = object;

	if (dhcpk_config_pool(c, pool->name)) {
		dhcpk_refuse(info, nest, "pool: another has this name");
		return -EEXIST;
	}
	if (dhcpk_config_overlap(c, pool)) {
		dhcpk_refuse(info, nest, "pool: another has addresses of this subnet");
		return -EEXIST;
	}
	return add_pool(dn, c, pool);
}

/**
 * dhcpk_nl_config_pool - DHCPK_CMD_CONFIG_POOL
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or -errno, with a text in the extended ACK.
 * Context: process.
 */
int dhcpk_nl_config_pool(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *nest = info->attrs[DHCPK_A_POOL];
	struct dhcpk_pool *pool;
	int err;

	if (!nest)
		return dhcpk_refuse(info, NULL, "no pool given");
	pool = dhcpk_pool_new();
	if (!pool)
		return -ENOMEM;
	err = fill_pool(pool, nest, info);
	if (!err)
		err = dhcpk_nl_stage(info, stage_pool, pool);
	if (err)
		dhcpk_pool_free(pool);
	return err;
}

/* ---- shown ---- */

static int put_pool_counts(struct sk_buff *skb, struct dhcpk_leases *s, const struct dhcpk_map *m)
{
	u32 count[__DHCPK_LEASE_STATE_MAX];
	u32 size, available;

	spin_lock_bh(&s->lock);
	memcpy(count, m->count, sizeof(count));
	size = dhcpk_alloc_size(m->alloc);
	available = dhcpk_alloc_available(m->alloc);
	spin_unlock_bh(&s->lock);

	if (nla_put_u32(skb, DHCPK_A_POOL_SIZE, size) ||
	    nla_put_u32(skb, DHCPK_A_POOL_BOUND, count[DHCPK_LEASE_BOUND]) ||
	    nla_put_u32(skb, DHCPK_A_POOL_OFFERED, count[DHCPK_LEASE_OFFERED]) ||
	    nla_put_u32(skb, DHCPK_A_POOL_DECLINED, count[DHCPK_LEASE_DECLINED]) ||
	    nla_put_u32(skb, DHCPK_A_POOL_RESTING, count[DHCPK_LEASE_RESTING]) ||
	    nla_put_u32(skb, DHCPK_A_POOL_FREE, available))
		return -EMSGSIZE;
	return 0;
}

static int put_pool(struct sk_buff *skb, struct dhcpk_leases *s, const struct dhcpk_pool *pool)
{
	struct nlattr *nest = nla_nest_start(skb, DHCPK_A_POOL);

	if (!nest ||
	    nla_put_string(skb, DHCPK_A_POOL_NAME, pool->name) ||
	    nla_put_be32(skb, DHCPK_A_POOL_SUBNET, htonl(pool->subnet)) ||
	    nla_put_u8(skb, DHCPK_A_POOL_PREFIX, pool->prefix) ||
	    (pool->link && nla_put_string(skb, DHCPK_A_POOL_DEV, pool->dev)) ||
	    nla_put_u32(skb, DHCPK_A_POOL_LEASE, pool->lease) ||
	    nla_put_u32(skb, DHCPK_A_POOL_LEASE_MIN, pool->lease_min) ||
	    nla_put_u32(skb, DHCPK_A_POOL_LEASE_MAX, pool->lease_max) ||
	    nla_put_u32(skb, DHCPK_A_POOL_FLAGS, pool->flags) ||
	    nla_put_u32(skb, DHCPK_A_POOL_IFINDEX,
			pool->link ? READ_ONCE(pool->link->ifindex) : 0) ||
	    put_pool_counts(skb, s, pool->map))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static bool put_message(struct sk_buff *skb, struct netlink_callback *cb, struct dhcpk_net *dn,
			const struct dhcpk_pool *pool)
{
	void *hdr = dhcpk_put_header(skb, cb, DHCPK_CMD_GET_POOL);

	if (!hdr)
		return false;
	if (put_pool(skb, dn->leases, pool)) {
		genlmsg_cancel(skb, hdr);
		return false;
	}
	genlmsg_end(skb, hdr);
	return true;
}

/**
 * dhcpk_nl_dump_pools - DHCPK_CMD_GET_POOL
 * @skb: to fill
 * @cb: the dump; ctx has the index of the next pool
 *
 * Return: bytes in @skb, 0 at the end, or -errno.
 * Context: process.
 */
int dhcpk_nl_dump_pools(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct dhcpk_net *dn = dhcpk_pernet(sock_net(skb->sk));
	unsigned int *at = (unsigned int *)cb->ctx;
	const struct dhcpk_config *c;
	const struct dhcpk_pool *pool;
	unsigned int n = 0;

	mutex_lock(&dn->lock);
	c = dhcpk_nl_shown(dn, cb);
	if (!c)
		goto unlock;
	list_for_each_entry(pool, &c->pools, list) {
		if (n++ < *at)
			continue;
		if (!put_message(skb, cb, dn, pool))
			break;
		++*at;
	}
unlock:
	mutex_unlock(&dn->lock);
	return skb->len;
}
