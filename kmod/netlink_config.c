// SPDX-License-Identifier: GPL-2.0-only
/* The desk: a generation of the configuration, staged object by object and published whole. */
#include <linux/slab.h>

#include "netlink.h"

/**
 * dhcpk_nl_config_begin - DHCPK_CMD_CONFIG_BEGIN
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or -errno.
 * Context: process.
 */
int dhcpk_nl_config_begin(struct sk_buff *skb, struct genl_info *info)
{
	struct dhcpk_net *dn = dhcpk_pernet(genl_info_net(info));
	struct dhcpk_config *c;
	struct sk_buff *msg;
	u32 generation;
	void *hdr;

	mutex_lock(&dn->lock);
	generation = ++dn->last_generation ?: ++dn->last_generation;
	c = dhcpk_config_new(generation);
	if (c) {
		dhcpk_config_free(dn->staged);
		dn->staged = c;
	}
	mutex_unlock(&dn->lock);
	if (!c)
		return -ENOMEM;

	msg = dhcpk_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;
	if (nla_put_u32(msg, DHCPK_A_GENERATION, generation)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	return dhcpk_reply_send(msg, hdr, info);
}

/* The staged generation that a request belongs to, or NULL with the extack set. */
static struct dhcpk_config *staged(struct dhcpk_net *dn, struct genl_info *info, int *err)
{
	struct nlattr *cookie = info->attrs[DHCPK_A_GENERATION];

	if (!cookie) {
		NL_SET_ERR_MSG(info->extack, "no generation given");
		*err = -EINVAL;
		return NULL;
	}
	if (!dn->staged || dn->staged->generation != nla_get_u32(cookie)) {
		NL_SET_ERR_MSG_ATTR(info->extack, cookie, "another program has begun a newer configuration");
		*err = -ESTALE;
		return NULL;
	}
	return dn->staged;
}

static int refuse(struct genl_info *info, const struct nlattr *attr, const char *why)
{
	if (info->extack) {
		info->extack->_msg = why;
		info->extack->bad_attr = attr;
	}
	return -EINVAL;
}

static struct dhcpk_options *options_from(struct genl_info *info, struct nlattr *attr, int *err)
{
	u16 len = attr ? nla_len(attr) : 0;
	struct dhcpk_options *o;
	u8 code;

	if (attr && !dhcp_options_valid(nla_data(attr), len, &code)) {
		*err = refuse(info, attr, "options: cut off, twice the same, or one that the server owns");
		return NULL;
	}
	o = kzalloc(struct_size(o, data, len), GFP_KERNEL);
	if (!o) {
		*err = -ENOMEM;
		return NULL;
	}
	o->len = len;
	if (attr)
		memcpy(o->data, nla_data(attr), len);
	return o;
}

static int stage_range(struct dhcpk_pool *pool, struct nlattr *attr, struct genl_info *info)
{
	struct nlattr *tb[DHCPK_A_RANGE_MAX + 1];
	struct dhcpk_range r;
	unsigned int i;
	int err;

	err = nla_parse_nested(tb, DHCPK_A_RANGE_MAX, attr, dhcpk_range_policy, info->extack);
	if (err)
		return err;
	if (!tb[DHCPK_A_RANGE_FIRST] || !tb[DHCPK_A_RANGE_LAST])
		return refuse(info, attr, "range: first or last address missing");
	if (pool->n_ranges == DHCPK_RANGES_MAX)
		return refuse(info, attr, "range: too many of them");
	r.first = ntohl(nla_get_be32(tb[DHCPK_A_RANGE_FIRST]));
	r.last = ntohl(nla_get_be32(tb[DHCPK_A_RANGE_LAST]));
	if (r.first > r.last)
		return refuse(info, attr, "range: ends before it starts");
	if (r.first <= pool->subnet || r.last >= (pool->subnet | ~pool->mask))
		return refuse(info, attr, "range: outside the subnet, or with its network or broadcast address");
	for (i = 0; i < pool->n_ranges; i++) {
		if (r.first <= pool->ranges[i].last && r.last >= pool->ranges[i].first)
			return refuse(info, attr, "range: overlaps another");
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
	return total > DHCPK_POOL_SIZE_MAX ? refuse(info, nest, "pool: more than 2^24 addresses") : 0;
}

static int set_times(struct dhcpk_pool *pool, struct nlattr **tb, struct genl_info *info)
{
	if (!tb[DHCPK_A_POOL_LEASE] || !tb[DHCPK_A_POOL_LEASE_MIN] || !tb[DHCPK_A_POOL_LEASE_MAX])
		return refuse(info, NULL, "pool: a lease time is missing");
	pool->lease = nla_get_u32(tb[DHCPK_A_POOL_LEASE]);
	pool->lease_min = nla_get_u32(tb[DHCPK_A_POOL_LEASE_MIN]);
	pool->lease_max = nla_get_u32(tb[DHCPK_A_POOL_LEASE_MAX]);
	if (pool->lease_min > pool->lease || pool->lease > pool->lease_max)
		return refuse(info, tb[DHCPK_A_POOL_LEASE], "pool: lease time outside its own minimum and maximum");
	return 0;
}

static int fill_pool(struct dhcpk_pool *pool, struct nlattr *nest, struct genl_info *info)
{
	struct nlattr *tb[DHCPK_A_POOL_OPTIONS + 1];
	int err;

	err = nla_parse_nested(tb, DHCPK_A_POOL_OPTIONS, nest, dhcpk_pool_policy, info->extack);
	if (err)
		return err;
	if (!tb[DHCPK_A_POOL_NAME] || !nla_len(tb[DHCPK_A_POOL_NAME]) || !*(char *)nla_data(tb[DHCPK_A_POOL_NAME]))
		return refuse(info, nest, "pool: no name given");
	if (!tb[DHCPK_A_POOL_SUBNET] || !tb[DHCPK_A_POOL_PREFIX])
		return refuse(info, nest, "pool: no subnet given");
	nla_strscpy(pool->name, tb[DHCPK_A_POOL_NAME], sizeof(pool->name));
	pool->prefix = nla_get_u8(tb[DHCPK_A_POOL_PREFIX]);
	pool->mask = ~0U << (32 - pool->prefix);
	pool->subnet = ntohl(nla_get_be32(tb[DHCPK_A_POOL_SUBNET]));
	if (pool->subnet & ~pool->mask)
		return refuse(info, tb[DHCPK_A_POOL_SUBNET], "pool: the subnet has host bits set");
	if (tb[DHCPK_A_POOL_DEV]) {
		nla_strscpy(pool->dev, tb[DHCPK_A_POOL_DEV], sizeof(pool->dev));
		if (!dev_valid_name(pool->dev))
			return refuse(info, tb[DHCPK_A_POOL_DEV], "pool: no valid interface name");
	}
	if (tb[DHCPK_A_POOL_FLAGS])
		pool->flags = nla_get_u32(tb[DHCPK_A_POOL_FLAGS]);
	err = set_times(pool, tb, info);
	if (!err)
		err = stage_ranges(pool, nest, info);
	if (!err)
		pool->options = options_from(info, tb[DHCPK_A_POOL_OPTIONS], &err);
	return err;
}

static int stage_pool(struct dhcpk_config *c, struct dhcpk_pool *pool, struct nlattr *nest, struct genl_info *info)
{
	if (dhcpk_config_pool(c, pool->name)) {
		refuse(info, nest, "pool: another has this name");
		return -EEXIST;
	}
	if (dhcpk_config_overlap(c, pool)) {
		refuse(info, nest, "pool: another has addresses of this subnet");
		return -EEXIST;
	}
	return dhcpk_config_add_pool(c, pool);
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
	struct dhcpk_net *dn = dhcpk_pernet(genl_info_net(info));
	struct nlattr *nest = info->attrs[DHCPK_A_POOL];
	struct dhcpk_config *c;
	struct dhcpk_pool *pool;
	int err;

	if (!nest)
		return refuse(info, NULL, "no pool given");
	pool = dhcpk_pool_new();
	if (!pool)
		return -ENOMEM;
	err = fill_pool(pool, nest, info);
	if (err)
		goto free;

	mutex_lock(&dn->lock);
	c = staged(dn, info, &err);
	if (c)
		err = stage_pool(c, pool, nest, info);
	mutex_unlock(&dn->lock);
	if (err)
		goto free;
	return 0;

free:
	dhcpk_pool_free(pool);
	return err;
}

static struct dhcpk_host *host_new(struct nlattr **tb)
{
	struct nlattr *id = tb[DHCPK_A_HOST_MAC] ?: tb[DHCPK_A_HOST_CLIENT_ID];
	struct dhcpk_host *host = kzalloc(struct_size(host, id_data, nla_len(id)), GFP_KERNEL);

	if (!host)
		return NULL;
	memcpy(host->id_data, nla_data(id), nla_len(id));
	host->by_id.id = (struct dhcpk_id){
		.kind = tb[DHCPK_A_HOST_MAC] ? DHCP_HTYPE_ETHERNET : DHCPK_ID_CLIENT,
		.len = nla_len(id),
		.data = host->id_data,
	};
	if (tb[DHCPK_A_HOST_IP])
		host->addr = ntohl(nla_get_be32(tb[DHCPK_A_HOST_IP]));
	return host;
}

static int stage_host(struct dhcpk_config *c, struct dhcpk_host *host, struct nlattr **tb, struct genl_info *info)
{
	struct dhcpk_pool *pool = dhcpk_config_pool(c, nla_data(tb[DHCPK_A_HOST_POOL]));
	int err;

	if (!pool) {
		refuse(info, tb[DHCPK_A_HOST_POOL], "host: no such pool");
		return -ENOENT;
	}
	if (tb[DHCPK_A_HOST_IP] &&
	    (host->addr <= pool->subnet || host->addr >= (pool->subnet | ~pool->mask)))
		return refuse(info, tb[DHCPK_A_HOST_IP], "host: the address is not a host's in the pool's subnet");
	err = dhcpk_pool_add_host(pool, host);
	if (err == -EEXIST)
		refuse(info, NULL, "host: the client or the address is reserved already");
	return err;
}

/**
 * dhcpk_nl_config_host - DHCPK_CMD_CONFIG_HOST
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or -errno, with a text in the extended ACK.
 * Context: process.
 */
int dhcpk_nl_config_host(struct sk_buff *skb, struct genl_info *info)
{
	struct dhcpk_net *dn = dhcpk_pernet(genl_info_net(info));
	struct nlattr *nest = info->attrs[DHCPK_A_HOST];
	struct nlattr *tb[DHCPK_A_HOST_MAX + 1];
	struct dhcpk_config *c;
	struct dhcpk_host *host;
	int err;

	if (!nest)
		return refuse(info, NULL, "no host given");
	err = nla_parse_nested(tb, DHCPK_A_HOST_MAX, nest, dhcpk_host_policy, info->extack);
	if (err)
		return err;
	if (!tb[DHCPK_A_HOST_POOL])
		return refuse(info, nest, "host: no pool given");
	if (!tb[DHCPK_A_HOST_MAC] == !tb[DHCPK_A_HOST_CLIENT_ID])
		return refuse(info, nest, "host: give a hardware address or a client identifier");
	host = host_new(tb);
	if (!host)
		return -ENOMEM;
	if (tb[DHCPK_A_HOST_OPTIONS]) {
		host->options = options_from(info, tb[DHCPK_A_HOST_OPTIONS], &err);
		if (err)
			goto free;
	}

	mutex_lock(&dn->lock);
	c = staged(dn, info, &err);
	if (c)
		err = stage_host(c, host, tb, info);
	mutex_unlock(&dn->lock);
	if (err)
		goto free;
	return 0;

free:
	kfree(host->options);
	kfree(host);
	return err;
}

/**
 * dhcpk_nl_config_commit - DHCPK_CMD_CONFIG_COMMIT
 * @skb: the request
 * @info: the request
 *
 * Return: 0, or -errno and the running generation goes on.
 * Context: process.
 */
int dhcpk_nl_config_commit(struct sk_buff *skb, struct genl_info *info)
{
	struct dhcpk_net *dn = dhcpk_pernet(genl_info_net(info));
	struct dhcpk_config *c;
	int err = 0;

	mutex_lock(&dn->lock);
	c = staged(dn, info, &err);
	if (c)
		err = dhcpk_config_publish(dn, c);
	if (c && !err)
		dn->staged = NULL;
	mutex_unlock(&dn->lock);
	return err;
}
