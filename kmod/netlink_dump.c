// SPDX-License-Identifier: GPL-2.0-only
/* The desk: pools and bindings as lists, a binding deleted, and events for whoever listens. */
#include <net/sock.h>

#include "netlink.h"

/* Where a dump goes on. Fits into netlink_callback.ctx. */
struct position {
	unsigned int	pool;		/* index */
	u64		addr;		/* host order: the next one at or after it */
};

static struct position *position(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct position) > sizeof_field(struct netlink_callback, ctx));
	return (struct position *)cb->ctx;
}

static const struct dhcpk_pool *nth_pool(const struct dhcpk_config *c, unsigned int n)
{
	const struct dhcpk_pool *pool;

	if (!c)
		return NULL;
	list_for_each_entry(pool, &c->pools, list) {
		if (!n--)
			return pool;
	}
	return NULL;
}

/**
 * dhcpk_nl_running - the generation that a dump shows; a dump over two is marked as interrupted
 * @dn: the namespace
 * @cb: the dump
 *
 * Return: the running generation, or NULL.
 * Context: process, dn->lock held.
 */
const struct dhcpk_config *dhcpk_nl_running(struct dhcpk_net *dn, struct netlink_callback *cb)
{
	const struct dhcpk_config *c = rcu_dereference_protected(dn->config, lockdep_is_held(&dn->lock));

	cb->seq = c ? c->generation : 0;
	return c;
}

/**
 * dhcpk_put_header - start a message of a dump
 * @skb: to fill
 * @cb: the dump
 * @cmd: enum dhcpk_cmd
 *
 * Return: the message, or NULL if @skb is full.
 * Context: process.
 */
void *dhcpk_put_header(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &dhcpk_genl_family, NLM_F_MULTI,
				cmd);

	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

static int put_pool_counts(struct sk_buff *skb, struct dhcpk_space *s)
{
	u32 count[__DHCPK_LEASE_STATE_MAX];
	u32 size, available;

	spin_lock_bh(&s->lock);
	memcpy(count, s->count, sizeof(count));
	size = dhcpk_alloc_size(s->alloc);
	available = dhcpk_alloc_available(s->alloc);
	spin_unlock_bh(&s->lock);

	if (nla_put_u32(skb, DHCPK_A_POOL_SIZE, size) ||
	    nla_put_u32(skb, DHCPK_A_POOL_BOUND, count[DHCPK_LEASE_BOUND]) ||
	    nla_put_u32(skb, DHCPK_A_POOL_OFFERED, count[DHCPK_LEASE_OFFERED]) ||
	    nla_put_u32(skb, DHCPK_A_POOL_DECLINED, count[DHCPK_LEASE_DECLINED]) ||
	    nla_put_u32(skb, DHCPK_A_POOL_FREE, available))
		return -EMSGSIZE;
	return 0;
}

static int put_pool(struct sk_buff *skb, const struct dhcpk_pool *pool)
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
	    nla_put_u32(skb, DHCPK_A_POOL_IFINDEX, pool->link ? READ_ONCE(pool->link->ifindex) : 0) ||
	    put_pool_counts(skb, pool->space))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * dhcpk_nl_dump_pools - DHCPK_CMD_GET_POOL
 * @skb: to fill
 * @cb: where the dump is
 *
 * Return: bytes in @skb, 0 at the end, or -errno.
 * Context: process.
 */
int dhcpk_nl_dump_pools(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct dhcpk_net *dn = dhcpk_pernet(sock_net(skb->sk));
	struct position *at = position(cb);
	const struct dhcpk_config *c;
	const struct dhcpk_pool *pool;
	void *hdr;

	mutex_lock(&dn->lock);
	c = dhcpk_nl_running(dn, cb);
	for (; (pool = nth_pool(c, at->pool)); at->pool++) {
		hdr = dhcpk_put_header(skb, cb, DHCPK_CMD_GET_POOL);
		if (!hdr)
			break;
		if (put_pool(skb, pool)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
	}
	mutex_unlock(&dn->lock);
	return skb->len;
}

/**
 * dhcpk_put_client - what is known of a binding's client, and its times
 * @skb: inside of DHCPK_A_LEASE
 * @l: the binding
 *
 * Return: 0 or -EMSGSIZE.
 * Context: its space is locked.
 */
int dhcpk_put_client(struct sk_buff *skb, const struct dhcpk_lease *l)
{
	if (nla_put_u8(skb, DHCPK_A_LEASE_HTYPE, l->htype) ||
	    nla_put(skb, DHCPK_A_LEASE_MAC, l->hlen, l->chaddr) ||
	    (l->host_name && nla_put(skb, DHCPK_A_LEASE_HOSTNAME, l->host_name->len, l->host_name->data)) ||
	    (l->agent && nla_put(skb, DHCPK_A_LEASE_AGENT, l->agent->len, l->agent->data)) ||
	    nla_put_u64_64bit(skb, DHCPK_A_LEASE_STARTS, l->starts, DHCPK_A_LEASE_PAD) ||
	    nla_put_u64_64bit(skb, DHCPK_A_LEASE_EXPIRES, l->expires, DHCPK_A_LEASE_PAD))
		return -EMSGSIZE;
	return 0;
}

static int put_lease(struct sk_buff *skb, const struct dhcpk_space *s, const struct dhcpk_lease *l, u8 state)
{
	const struct dhcpk_id *id = &l->by_id.id;
	struct nlattr *nest = nla_nest_start(skb, DHCPK_A_LEASE);

	if (!nest ||
	    nla_put_string(skb, DHCPK_A_LEASE_POOL, s->pool) ||
	    nla_put_be32(skb, DHCPK_A_LEASE_IP, htonl(l->addr)) ||
	    nla_put_u8(skb, DHCPK_A_LEASE_STATE, state) ||
	    dhcpk_put_client(skb, l) ||
	    (id->kind == DHCPK_ID_CLIENT && nla_put(skb, DHCPK_A_LEASE_CLIENT_ID, id->len, id->data)) ||
	    (l->horizon && nla_put_u64_64bit(skb, DHCPK_A_LEASE_HORIZON, l->horizon, DHCPK_A_LEASE_PAD)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* What a request is about: of which pool, NULL for all, and which addresses. */
struct wanted {
	struct nlattr	*pool;
	u32		first;
	u32		last;
};

/* Return: true when all that is wanted of the space has been put, false when the message is full. */
static bool put_space(struct sk_buff *skb, struct netlink_callback *cb, struct dhcpk_space *s, const struct wanted *w)
{
	struct position *at = position(cb);
	struct dhcpk_lease *l;
	unsigned long addr;
	bool fits = true;

	spin_lock_bh(&s->lock);
	xa_for_each_range(&s->by_addr, addr, l, max_t(u64, at->addr, w->first), w->last) {
		void *hdr;

		if (l->state == DHCPK_LEASE_FREE)
			continue;
		hdr = dhcpk_put_header(skb, cb, DHCPK_CMD_GET_LEASE);
		fits = hdr && !put_lease(skb, s, l, l->state);
		if (!fits) {
			if (hdr)
				genlmsg_cancel(skb, hdr);
			at->addr = addr;
			break;
		}
		genlmsg_end(skb, hdr);
	}
	spin_unlock_bh(&s->lock);
	return fits;
}

static int parse_wanted(struct netlink_callback *cb, struct wanted *w)
{
	struct nlattr *tb[DHCPK_A_LEASE + 1], *lease[DHCPK_A_LEASE_IP + 1];
	int err;

	*w = (struct wanted){ .last = U32_MAX };
	err = genlmsg_parse(cb->nlh, &dhcpk_genl_family, tb, DHCPK_A_LEASE, dhcpk_lease_request_policy, cb->extack);
	if (err || !tb[DHCPK_A_LEASE])
		return err;
	err = nla_parse_nested(lease, DHCPK_A_LEASE_IP, tb[DHCPK_A_LEASE], dhcpk_lease_policy, cb->extack);
	if (err)
		return err;
	w->pool = lease[DHCPK_A_LEASE_POOL];
	if (lease[DHCPK_A_LEASE_IP]) {
		w->first = ntohl(nla_get_be32(lease[DHCPK_A_LEASE_IP]));
		w->last = w->first;
	}
	return 0;
}

/**
 * dhcpk_nl_dump_leases - DHCPK_CMD_GET_LEASE
 * @skb: to fill
 * @cb: where the dump is
 *
 * Return: bytes in @skb, 0 at the end, or -errno.
 * Context: process.
 */
int dhcpk_nl_dump_leases(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct dhcpk_net *dn = dhcpk_pernet(sock_net(skb->sk));
	struct position *at = position(cb);
	const struct dhcpk_config *c;
	const struct dhcpk_pool *pool;
	struct wanted w;
	int err;

	err = parse_wanted(cb, &w);
	if (err)
		return err;
	mutex_lock(&dn->lock);
	c = dhcpk_nl_running(dn, cb);
	for (; (pool = nth_pool(c, at->pool)); at->pool++, at->addr = 0) {
		if (w.pool && nla_strcmp(w.pool, pool->name))
			continue;
		if (!put_space(skb, cb, pool->space, &w))
			break;
	}
	mutex_unlock(&dn->lock);
	return skb->len;
}

/**
 * dhcpk_nl_del_lease - DHCPK_CMD_DEL_LEASE
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or -errno, with a text in the extended ACK.
 * Context: process.
 */
int dhcpk_nl_del_lease(struct sk_buff *skb, struct genl_info *info)
{
	struct dhcpk_net *dn = dhcpk_pernet(genl_info_net(info));
	struct nlattr *tb[DHCPK_A_LEASE_IP + 1];
	const struct dhcpk_config *c;
	const struct dhcpk_pool *pool;
	struct dhcpk_lease *l = NULL;
	int err;

	if (!info->attrs[DHCPK_A_LEASE])
		return -EINVAL;
	err = nla_parse_nested(tb, DHCPK_A_LEASE_IP, info->attrs[DHCPK_A_LEASE], dhcpk_lease_policy, info->extack);
	if (err)
		return err;
	if (!tb[DHCPK_A_LEASE_POOL] || !tb[DHCPK_A_LEASE_IP]) {
		NL_SET_ERR_MSG(info->extack, "lease: pool or address missing");
		return -EINVAL;
	}

	mutex_lock(&dn->lock);
	c = rcu_dereference_protected(dn->config, lockdep_is_held(&dn->lock));
	pool = dhcpk_config_pool(c, nla_data(tb[DHCPK_A_LEASE_POOL]));
	if (pool) {
		spin_lock_bh(&pool->space->lock);
		l = xa_load(&pool->space->by_addr, ntohl(nla_get_be32(tb[DHCPK_A_LEASE_IP])));
		if (l && l->state == DHCPK_LEASE_FREE)
			l = NULL;
		if (l)
			dhcpk_lease_forget(pool->space, l);
		spin_unlock_bh(&pool->space->lock);
	}
	mutex_unlock(&dn->lock);
	if (!pool)
		NL_SET_ERR_MSG_ATTR(info->extack, tb[DHCPK_A_LEASE_POOL], "lease: no such pool");
	else if (!l)
		NL_SET_ERR_MSG_ATTR(info->extack, tb[DHCPK_A_LEASE_IP], "lease: nobody has this address");
	return l ? 0 : -ENOENT;
}

/**
 * dhcpk_lease_event - tell who listens that a binding has changed
 * @s: its space, locked
 * @l: the binding
 * @state: its state now, DHCPK_LEASE_FREE if it is about to go
 *
 * A hint that may be lost; costs nothing while nobody listens.
 *
 * Context: softirq or process.
 */
void dhcpk_lease_event(struct dhcpk_space *s, const struct dhcpk_lease *l, u8 state)
{
	struct net *net = s->dn->net;
	struct sk_buff *skb;
	void *hdr;

	if (!genl_has_listeners(&dhcpk_genl_family, net, 0))
		return;
	skb = genlmsg_new(NLMSG_DEFAULT_SIZE, DHCPK_GFP_SOFTIRQ);
	if (!skb)
		return;
	hdr = genlmsg_put(skb, 0, 0, &dhcpk_genl_family, 0, DHCPK_CMD_EVENT_LEASE);
	if (!hdr || put_lease(skb, s, l, state)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, hdr);
	genlmsg_multicast_netns(&dhcpk_genl_family, net, skb, 0, 0, DHCPK_GFP_SOFTIRQ);
}
