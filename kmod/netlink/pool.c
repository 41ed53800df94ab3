// SPDX-License-Identifier: GPL-2.0-only
/* The desk: a generation of the configuration, staged object by object and published whole. */
#include "netlink/netlink.h"

#include <linux/netdevice.h>
#include <linux/slab.h>

#include "config/pool.h"
#include "generation.h"
#include "lease/space.h"

/* An empty generation takes the place of one that is staged. @dn->lock is held. */
static int begin(struct dhcpk_net *dn, u32 generation)
{
	struct dhcpk_config *c;

	if (!dn->space)
		dn->space = dhcpk_space_new(dn);
	c = dn->space ? dhcpk_config_new(generation) : NULL;
	if (!c)
		return -ENOMEM;
	dhcpk_config_discard(dn);
	dn->staged = c;
	dn->last_generation = generation;
	return 0;
}

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
	struct sk_buff *msg;
	u32 generation;
	void *hdr;
	int err;

	/* The answer has its memory first: a caller without it would leave a generation for which there is no cookie. */
	msg = dhcpk_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;
	mutex_lock(&dn->lock);
	generation = dn->last_generation + 1 ?: 1;
	err = nla_put_u32(msg, DHCPK_A_GENERATION, generation) ?: begin(dn, generation);
	mutex_unlock(&dn->lock);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return dhcpk_reply_send(msg, hdr, info);
}

/**
 * dhcpk_nl_staged - the staged generation that a request belongs to
 * @dn: the namespace
 * @info: the request
 * @err: set if there is none
 *
 * Return: the generation, or NULL with a text in the extended ACK.
 * Context: process, dn->lock held.
 */
struct dhcpk_config *dhcpk_nl_staged(struct dhcpk_net *dn, struct genl_info *info, int *err)
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

/**
 * dhcpk_refuse - say what is wrong with a request
 * @info: the request
 * @attr: where, or NULL
 * @why: a constant text
 *
 * Return: -EINVAL.
 * Context: process.
 */
int dhcpk_refuse(struct genl_info *info, const struct nlattr *attr, const char *why)
{
	if (info->extack) {
		info->extack->_msg = why;
		info->extack->bad_attr = attr;
	}
	return -EINVAL;
}

/* A text of a set into its memory at @at; returns what follows it. */
static char *copy_text(char *at, const struct nlattr *attr, const char **text)
{
	if (!attr || !*(const char *)nla_data(attr))
		return at;
	strscpy(at, nla_data(attr), nla_len(attr) + 1);
	*text = at;
	return at + nla_len(attr) + 1;
}

/* Set, index, options, codes and texts are one piece of memory. @tb: as dhcpk_set_policy. */
static struct dhcp_option_set *set_new(struct nlattr **tb, u16 len, u8 n)
{
	const struct nlattr *always = tb[DHCPK_A_SET_ALWAYS];
	u8 n_always = always ? nla_len(always) : 0;
	struct dhcp_option_set *set;
	size_t size = struct_size(set, ref, n) + len + n_always;
	char *at;

	if (tb[DHCPK_A_SET_SERVER_NAME])
		size += nla_len(tb[DHCPK_A_SET_SERVER_NAME]) + 1;
	if (tb[DHCPK_A_SET_BOOT_FILE])
		size += nla_len(tb[DHCPK_A_SET_BOOT_FILE]) + 1;
	set = kzalloc(size, GFP_KERNEL);
	if (!set)
		return NULL;
	at = (char *)&set->ref[n];
	set->data = (const u8 *)at;
	set->len = len;
	if (len)
		memcpy(at, nla_data(tb[DHCPK_A_SET_OPTIONS]), len);
	at += len;
	set->always = (const u8 *)at;
	set->n_always = n_always;
	if (n_always)
		memcpy(at, nla_data(always), n_always);
	at = copy_text(at + n_always, tb[DHCPK_A_SET_SERVER_NAME], &set->server_name);
	copy_text(at, tb[DHCPK_A_SET_BOOT_FILE], &set->boot_file);
	if (tb[DHCPK_A_SET_NEXT_SERVER])
		set->next_server = nla_get_be32(tb[DHCPK_A_SET_NEXT_SERVER]);
	dhcp_options_index(set);
	return set;
}

static_assert(DHCPK_TIME_SHARE == DHCP_TIME_SHARE && DHCPK_TIME_OFF == DHCP_TIME_OFF);

/* DHCPK_A_SET_RENEW and _REBIND; absent: 0 */
static int time_from(struct genl_info *info, const struct nlattr *attr, u32 *time)
{
	u32 share;

	if (!attr)
		return 0;
	*time = nla_get_u32(attr);
	share = *time & ~DHCPK_TIME_SHARE;
	if (!*time || (*time != DHCPK_TIME_OFF && *time & DHCPK_TIME_SHARE && (!share || share > 999)))
		return dhcpk_refuse(info, attr, "renew, rebind: neither seconds nor 1 to 999 thousandths");
	return 0;
}

/* An option set from its attribute, or an empty one; NULL with @err. */
static struct dhcp_option_set *set_from(struct genl_info *info, struct nlattr *nest, int *err)
{
	struct nlattr *tb[DHCPK_A_SET_MAX + 1] = {};
	const struct nlattr *options;
	struct dhcp_option_set *set;
	u8 n = 0, code;
	u16 len;

	*err = nest ? dhcpk_parse_nest(tb, nest, dhcpk_set_policy, info->extack) : 0;
	if (*err)
		return NULL;
	options = tb[DHCPK_A_SET_OPTIONS];
	len = options ? nla_len(options) : 0;
	if (len && !dhcp_options_check(nla_data(options), len, &n, &code)) {
		*err = dhcpk_refuse(info, options, "options: cut off, twice the same, or one that the server owns");
		return NULL;
	}
	set = set_new(tb, len, n);
	if (!set) {
		*err = -ENOMEM;
		return NULL;
	}
	*err = time_from(info, tb[DHCPK_A_SET_RENEW], &set->renew) ?: time_from(info, tb[DHCPK_A_SET_REBIND], &set->rebind);
	if (!*err)
		return set;
	kfree(set);
	return NULL;
}

static int stage_range(struct dhcpk_pool *pool, struct nlattr *attr, struct genl_info *info)
{
	struct nlattr *tb[DHCPK_A_RANGE_MAX + 1];
	struct dhcpk_range r;
	unsigned int i;
	int err;

	err = dhcpk_parse_nest(tb, attr, dhcpk_range_policy, info->extack);
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
		return dhcpk_refuse(info, attr, "range: outside the subnet, or with its network or broadcast address");
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
	return total > DHCPK_POOL_SIZE_MAX ? dhcpk_refuse(info, nest, "pool: more than 2^24 addresses") : 0;
}

static int stage_relay_link(struct dhcpk_pool *pool, struct nlattr *attr, struct genl_info *info)
{
	struct nlattr *tb[DHCPK_A_LINK_MAX + 1];
	struct dhcpk_net_key key;
	int err;

	err = dhcpk_parse_nest(tb, attr, dhcpk_link_policy, info->extack);
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
		return dhcpk_refuse(info, tb[DHCPK_A_POOL_LEASE], "pool: lease time outside its own minimum and maximum");
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
	if (!tb[DHCPK_A_POOL_NAME] || !nla_len(tb[DHCPK_A_POOL_NAME]) || !*(char *)nla_data(tb[DHCPK_A_POOL_NAME]))
		return dhcpk_refuse(info, nest, "pool: no name given");
	if (!tb[DHCPK_A_POOL_SUBNET] || !tb[DHCPK_A_POOL_PREFIX])
		return dhcpk_refuse(info, nest, "pool: no subnet given");
	nla_strscpy(pool->name, tb[DHCPK_A_POOL_NAME], sizeof(pool->name));
	pool->prefix = nla_get_u8(tb[DHCPK_A_POOL_PREFIX]);
	pool->mask = ~0U << (32 - pool->prefix);
	pool->subnet = ntohl(nla_get_be32(tb[DHCPK_A_POOL_SUBNET]));
	if (pool->subnet & ~pool->mask)
		return dhcpk_refuse(info, tb[DHCPK_A_POOL_SUBNET], "pool: the subnet has host bits set");
	if (tb[DHCPK_A_POOL_DEV]) {
		nla_strscpy(pool->dev, tb[DHCPK_A_POOL_DEV], sizeof(pool->dev));
		if (!dev_valid_name(pool->dev))
			return dhcpk_refuse(info, tb[DHCPK_A_POOL_DEV], "pool: no valid interface name");
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
		pool->set = set_from(info, tb[DHCPK_A_POOL_SET], &err);
	return err;
}

/* After a lack of memory links and subnets may know a pool that goes: the generation goes, too. */
static int add_pool(struct dhcpk_net *dn, struct dhcpk_config *c, struct dhcpk_pool *pool)
{
	int err = dhcpk_config_add_pool(c, pool);

	if (err)
		dhcpk_config_discard(dn);
	return err;
}

static int stage_pool(struct dhcpk_net *dn, struct dhcpk_config *c, struct dhcpk_pool *pool, struct nlattr *nest,
		      struct genl_info *info)
{
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
	struct dhcpk_net *dn = dhcpk_pernet(genl_info_net(info));
	struct nlattr *nest = info->attrs[DHCPK_A_POOL];
	struct dhcpk_config *c;
	struct dhcpk_pool *pool;
	int err;

	if (!nest)
		return dhcpk_refuse(info, NULL, "no pool given");
	pool = dhcpk_pool_new();
	if (!pool)
		return -ENOMEM;
	err = fill_pool(pool, nest, info);
	if (err)
		goto free;

	mutex_lock(&dn->lock);
	c = dhcpk_nl_staged(dn, info, &err);
	if (c)
		err = stage_pool(dn, c, pool, nest, info);
	mutex_unlock(&dn->lock);
	if (err)
		goto free;
	return 0;

free:
	dhcpk_pool_free(pool);
	return err;
}

/* The one attribute that says who the host is, or NULL. */
static struct nlattr *host_id(struct nlattr **tb, u16 *kind)
{
	struct nlattr *mac = tb[DHCPK_A_HOST_MAC], *client = tb[DHCPK_A_HOST_CLIENT_ID];
	struct nlattr *circuit = tb[DHCPK_A_HOST_CIRCUIT_ID];

	if (!!mac + !!client + !!circuit != 1)
		return NULL;
	*kind = mac ? DHCP_HTYPE_ETHERNET : client ? DHCPK_ID_CLIENT : DHCPK_ID_CIRCUIT;
	return mac ?: client ?: circuit;
}

static struct dhcpk_host *host_new(const struct nlattr *id, u16 kind, const struct nlattr *ip)
{
	struct dhcpk_host *host = kzalloc(struct_size(host, id_data, nla_len(id)), GFP_KERNEL);

	if (!host)
		return NULL;
	memcpy(host->id_data, nla_data(id), nla_len(id));
	host->by_id.kind = kind;
	host->by_id.len = nla_len(id);
	host->by_id.at = offsetof(struct dhcpk_host, id_data) - offsetof(struct dhcpk_host, by_id);
	if (ip)
		host->addr = ntohl(nla_get_be32(ip));
	return host;
}

static int stage_host(struct dhcpk_config *c, struct dhcpk_host *host, struct nlattr **tb, struct genl_info *info)
{
	const char *name = nla_data(tb[DHCPK_A_HOST_POOL]);
	struct dhcpk_pool *pool = c->last_named;
	int err;

	if (!pool || strcmp(pool->name, name))
		pool = c->last_named = dhcpk_config_pool(c, name);
	if (!pool) {
		dhcpk_refuse(info, tb[DHCPK_A_HOST_POOL], "host: no such pool");
		return -ENOENT;
	}
	if (tb[DHCPK_A_HOST_IP] && !dhcpk_pool_has(pool, host->addr))
		return dhcpk_refuse(info, tb[DHCPK_A_HOST_IP], "host: the address is not a host's in the pool's subnet");
	err = dhcpk_pool_add_host(c, pool, host);
	if (err == -EEXIST)
		dhcpk_refuse(info, NULL, "host: the client or the address is reserved already");
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
	struct nlattr *tb[DHCPK_A_HOST_MAX + 1], *id;
	struct dhcpk_config *c;
	struct dhcpk_host *host;
	u16 kind;
	int err;

	if (!nest)
		return dhcpk_refuse(info, NULL, "no host given");
	err = dhcpk_parse_nest(tb, nest, dhcpk_host_policy, info->extack);
	if (err)
		return err;
	if (!tb[DHCPK_A_HOST_POOL])
		return dhcpk_refuse(info, nest, "host: no pool given");
	id = host_id(tb, &kind);
	if (!id)
		return dhcpk_refuse(info, nest, "host: give a hardware address, a client identifier or a circuit-id, one of them");
	host = host_new(id, kind, tb[DHCPK_A_HOST_IP]);
	if (!host)
		return -ENOMEM;
	if (tb[DHCPK_A_HOST_LEASE])
		host->lease = nla_get_u32(tb[DHCPK_A_HOST_LEASE]);
	if (tb[DHCPK_A_HOST_SET]) {
		host->set = set_from(info, tb[DHCPK_A_HOST_SET], &err);
		if (err)
			goto free;
	}

	mutex_lock(&dn->lock);
	c = dhcpk_nl_staged(dn, info, &err);
	if (c)
		err = stage_host(c, host, tb, info);
	mutex_unlock(&dn->lock);
	if (err)
		goto free;
	return 0;

free:
	kfree(host->set);
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
	c = dhcpk_nl_staged(dn, info, &err);
	if (c)
		err = dhcpk_config_publish(dn, c);
	if (c && !err)
		dn->staged = NULL;
	mutex_unlock(&dn->lock);
	return err;
}
