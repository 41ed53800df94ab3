// SPDX-License-Identifier: GPL-2.0-only
/* Commands that show and delete leases. */
#include "netlink/lease.h"

#include <net/sock.h>

#include "config/pool.h"
#include "lease/duplicates.h"
#include "lease/leases.h"
#include "netlink/pool.h"

static const struct nla_policy lease_policy[DHCPK_A_LEASE_IP + 1] = {
	[DHCPK_A_LEASE_POOL]		= { .type = NLA_NUL_STRING,
					    .len = DHCPK_POOL_NAME_SIZE - 1 },
	[DHCPK_A_LEASE_IP]		= { .type = NLA_BE32 },
};

const struct nla_policy dhcpk_get_lease_policy[DHCPK_A_MAX + 1] = {
	[DHCPK_A_LEASE]			= NLA_POLICY_NESTED(lease_policy),
};

const struct nla_policy dhcpk_del_lease_policy[DHCPK_A_MAX + 1] = {
	[DHCPK_A_LEASE]			= NLA_POLICY_NESTED(lease_policy),
	[DHCPK_A_POOL]			= NLA_POLICY_NESTED(dhcpk_pool_policy),
};

/* ---- parts of a message ---- */

static int put_blob(struct sk_buff *skb, int attr, const struct dhcpk_blob *blob)
{
	return blob ? nla_put(skb, attr, blob->len, blob->data) : 0;
}

/**
 * dhcpk_put_client - put the attributes of a lease's client, and its times
 * @skb: in a nest DHCPK_A_LEASE
 * @l: the lease
 *
 * Return: 0 or -EMSGSIZE.
 * Context: the leases are locked.
 */
int dhcpk_put_client(struct sk_buff *skb, const struct dhcpk_lease *l)
{
	if (nla_put_u8(skb, DHCPK_A_LEASE_HTYPE, l->htype) ||
	    nla_put(skb, DHCPK_A_LEASE_MAC, l->hlen, l->chaddr) ||
	    put_blob(skb, DHCPK_A_LEASE_HOSTNAME, l->host_name) ||
	    put_blob(skb, DHCPK_A_LEASE_AGENT, l->agent) ||
	    nla_put_u64_64bit(skb, DHCPK_A_LEASE_STARTS, l->starts, DHCPK_A_LEASE_PAD) ||
	    nla_put_u64_64bit(skb, DHCPK_A_LEASE_EXPIRES, l->expires, DHCPK_A_LEASE_PAD))
		return -EMSGSIZE;
	return 0;
}

/**
 * dhcpk_put_place - put the address of a lease, and the pool that contains it
 * @skb: in a nest DHCPK_A_LEASE
 * @s: the leases
 * @l: the lease
 *
 * Return: 0 or -EMSGSIZE.
 * Context: the leases are locked.
 */
int dhcpk_put_place(struct sk_buff *skb, const struct dhcpk_leases *s, const struct dhcpk_lease *l)
{
	const struct dhcpk_pool *pool = dhcpk_pool_at(s->config, l->by_id.addr);

	if ((pool && nla_put_string(skb, DHCPK_A_LEASE_POOL, pool->name)) ||
	    nla_put_be32(skb, DHCPK_A_LEASE_IP, htonl(l->by_id.addr)))
		return -EMSGSIZE;
	return 0;
}

/*
 * Does the pool identify clients by more than the hardware address? Only then can two machines
 * share an identity.
 */
static bool by_identifier(const struct dhcpk_leases *s, const struct dhcpk_lease *l)
{
	const struct dhcpk_pool *pool = dhcpk_pool_at(s->config, l->by_id.addr);

	return pool && pool->identity != DHCPK_IDENTITY_MAC;
}

static int put_also(struct sk_buff *skb, const struct dhcpk_hardware *also)
{
	return also ? nla_put(skb, DHCPK_A_LEASE_ALSO_MAC, also->len, also->addr) : 0;
}

/**
 * dhcpk_put_lease - put a lease, with all attributes that users of the family see
 * @skb: to fill
 * @s: the leases
 * @l: the lease
 * @state: its state
 *
 * Return: 0 or -EMSGSIZE.
 * Context: the leases are locked.
 */
int dhcpk_put_lease(struct sk_buff *skb, const struct dhcpk_leases *s, const struct dhcpk_lease *l,
		    u8 state)
{
	const struct dhcpk_hardware *also = dhcpk_duplicate_of(s, l, ktime_get_boottime_ns());
	const struct dhcpk_id id = dhcpk_id_of(&l->by_id);
	struct nlattr *nest = nla_nest_start(skb, DHCPK_A_LEASE);

	if (!nest || dhcpk_put_place(skb, s, l) ||
	    nla_put_u8(skb, DHCPK_A_LEASE_STATE, state) ||
	    dhcpk_put_client(skb, l) ||
	    put_also(skb, also && by_identifier(s, l) ? also : NULL) ||
	    (id.kind == DHCPK_ID_CLIENT &&
	     nla_put(skb, DHCPK_A_LEASE_CLIENT_ID, id.len, id.data)) ||
	    (l->horizon &&
	     nla_put_u64_64bit(skb, DHCPK_A_LEASE_HORIZON, l->horizon, DHCPK_A_LEASE_PAD)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Puts the client identifier, both hardware addresses, and the address. */
static int put_duplicate(struct sk_buff *skb, const struct dhcpk_leases *s,
			 const struct dhcpk_lease *l, const struct dhcpk_hardware *also)
{
	const struct dhcpk_id id = dhcpk_id_of(&l->by_id);
	struct nlattr *nest = nla_nest_start(skb, DHCPK_A_LEASE);

	if (!nest)
		return -EMSGSIZE;
	if (dhcpk_put_place(skb, s, l) ||
	    nla_put_u8(skb, DHCPK_A_LEASE_HTYPE, l->htype) ||
	    nla_put(skb, DHCPK_A_LEASE_MAC, l->hlen, l->chaddr) ||
	    put_also(skb, also) ||
	    nla_put(skb, DHCPK_A_LEASE_CLIENT_ID, id.len, id.data)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * dhcpk_put_duplicates - put the leases that two machines seem to share, as many as fit
 * @skb: a reply to DHCPK_CMD_GET_INFO
 * @s: the leases, not locked
 *
 * Context: process.
 */
void dhcpk_put_duplicates(struct sk_buff *skb, struct dhcpk_leases *s)
{
	struct nlattr *nest = nla_nest_start(skb, DHCPK_A_DUPLICATES);
	const struct dhcpk_hardware *also;
	u64 now = ktime_get_boottime_ns();
	const struct dhcpk_lease *l;
	unsigned int i, n = 0;

	if (!nest)
		return;
	spin_lock_bh(&s->lock);
	for (i = 0; i < DHCPK_DUPLICATES_MAX; i++) {
		l = dhcpk_duplicate_at(s, i, now, &also);
		if (l && by_identifier(s, l) && !put_duplicate(skb, s, l, also))
			n++;
	}
	spin_unlock_bh(&s->lock);
	if (n)
		nla_nest_end(skb, nest);
	else
		nla_nest_cancel(skb, nest);
}

/* ---- shown ---- */

/* The position of a dump: the next lease has this address or a later one, host order. */
static u64 *dump_position(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(u64) > sizeof_field(struct netlink_callback, ctx));
	return (u64 *)cb->ctx;
}

/* The addresses that a request asks for, host order */
struct wanted {
	u64	first;
	u32	last;
	bool	of_pool;
};

static bool put_message(struct sk_buff *skb, struct netlink_callback *cb,
			const struct dhcpk_leases *s, const struct dhcpk_lease *l)
{
	void *hdr = dhcpk_put_header(skb, cb, DHCPK_CMD_GET_LEASE);

	if (!hdr)
		return false;
	if (dhcpk_put_lease(skb, s, l, l->state)) {
		genlmsg_cancel(skb, hdr);
		return false;
	}
	genlmsg_end(skb, hdr);
	return true;
}

enum put_result { PUT_ALL, PUT_SOME, PUT_FULL };

/*
 * Puts up to DHCPK_BURST leases, from the position on. Many may be tombstones, which take time but
 * no space.
 */
static enum put_result put_burst(struct sk_buff *skb, struct netlink_callback *cb,
				 struct dhcpk_leases *s, u32 last)
{
	enum put_result result = PUT_ALL;
	u64 *at = dump_position(cb);
	struct dhcpk_lease *l;
	unsigned long addr;
	unsigned int n = 0;

	spin_lock_bh(&s->lock);
	xa_for_each_range(&s->by_addr, addr, l, *at, last) {
		*at = addr;
		if (n++ == DHCPK_BURST)
			result = PUT_SOME;
		else if (l->state != DHCPK_LEASE_FREE && !put_message(skb, cb, s, l))
			result = PUT_FULL;
		if (result != PUT_ALL)
			break;
	}
	if (result == PUT_ALL)
		*at = (u64)last + 1;
	spin_unlock_bh(&s->lock);
	return result;
}

static int parse_wanted(struct netlink_callback *cb, const struct dhcpk_config *c, struct wanted *w)
{
	struct nlattr *tb[DHCPK_A_MAX + 1], *lease[DHCPK_A_LEASE_IP + 1];
	const struct dhcpk_pool *pool;
	int err;

	*w = (struct wanted){ .last = U32_MAX };
	err = genlmsg_parse(cb->nlh, &dhcpk_genl_family, tb, DHCPK_A_MAX,
			    dhcpk_get_lease_policy, cb->extack);
	if (err || !tb[DHCPK_A_LEASE])
		return err;
	err = dhcpk_parse_nest(lease, tb[DHCPK_A_LEASE], lease_policy, cb->extack);
	if (err)
		return err;
	if (lease[DHCPK_A_LEASE_POOL]) {
		w->of_pool = true;
		pool = dhcpk_config_pool(c, nla_data(lease[DHCPK_A_LEASE_POOL]));
		w->first = pool ? pool->subnet : (u64)U32_MAX + 1;
		w->last = pool ? pool->subnet | ~pool->mask : 0;
	}
	if (lease[DHCPK_A_LEASE_IP]) {
		u32 addr = ntohl(nla_get_be32(lease[DHCPK_A_LEASE_IP]));

		w->first = max_t(u64, w->first, addr);
		w->last = min(w->last, addr);
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
	u64 *at = dump_position(cb);
	const struct dhcpk_config *c;
	struct wanted w;
	int err;

	mutex_lock(&dn->lock);
	c = dhcpk_nl_shown(dn, cb);
	err = parse_wanted(cb, c, &w);
	/*
	 * A lease belongs to its address, and stays in the next generation. But the name of a pool
	 * may stand for other addresses there. So only a dump of a pool is marked as interrupted.
	 */
	if (!w.of_pool)
		cb->seq = 0;
	if (!err && dn->leases) {
		*at = max(*at, w.first);
		while (*at <= w.last && put_burst(skb, cb, dn->leases, w.last) == PUT_SOME)
			cond_resched();
	}
	mutex_unlock(&dn->lock);
	return err ?: skb->len;
}

/* ---- deleted ---- */

/* Deletes all leases of a net. */
static int del_net(struct dhcpk_net *dn, struct genl_info *info)
{
	struct nlattr *tb[DHCPK_A_POOL_MAX + 1];
	u32 first, mask;
	int err;

	err = dhcpk_parse_nest(tb, info->attrs[DHCPK_A_POOL], dhcpk_pool_policy, info->extack);
	if (err)
		return err;
	if (!tb[DHCPK_A_POOL_SUBNET] || !tb[DHCPK_A_POOL_PREFIX])
		return dhcpk_refuse(info, info->attrs[DHCPK_A_POOL],
				    "lease: subnet or prefix missing");
	first = ntohl(nla_get_be32(tb[DHCPK_A_POOL_SUBNET]));
	mask = ~0U << (32 - nla_get_u8(tb[DHCPK_A_POOL_PREFIX]));
	if (first & ~mask)
		return dhcpk_refuse(info, tb[DHCPK_A_POOL_SUBNET],
				    "lease: the subnet has host bits set");
	mutex_lock(&dn->lock);
	if (dn->leases)
		dhcpk_leases_forget(dn->leases, first, first | ~mask);
	mutex_unlock(&dn->lock);
	return 0;
}

/* Returns true if the pool of this name contains the address, or if no name is given. */
static bool in_pool(struct dhcpk_net *dn, const struct nlattr *name, u32 addr)
{
	const struct dhcpk_config *c = dhcpk_nl_running(dn);
	const struct dhcpk_pool *pool;

	if (!name)
		return true;
	pool = dhcpk_config_pool(c, nla_data(name));
	return pool && pool == dhcpk_pool_at(c, addr);
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
	unsigned int n = 0;
	bool right;
	u32 addr;
	int err;

	if (info->attrs[DHCPK_A_POOL])
		return del_net(dn, info);
	if (!info->attrs[DHCPK_A_LEASE])
		return dhcpk_refuse(info, NULL, "lease: no lease and no net given");
	err = dhcpk_parse_nest(tb, info->attrs[DHCPK_A_LEASE], lease_policy, info->extack);
	if (err)
		return err;
	if (!tb[DHCPK_A_LEASE_IP])
		return dhcpk_refuse(info, info->attrs[DHCPK_A_LEASE], "lease: address missing");
	addr = ntohl(nla_get_be32(tb[DHCPK_A_LEASE_IP]));

	mutex_lock(&dn->lock);
	right = in_pool(dn, tb[DHCPK_A_LEASE_POOL], addr);
	if (right && dn->leases)
		n = dhcpk_leases_forget(dn->leases, addr, addr);
	mutex_unlock(&dn->lock);
	if (!right)
		NL_SET_ERR_MSG_ATTR(info->extack, tb[DHCPK_A_LEASE_POOL], "lease: no such pool");
	else if (!n)
		NL_SET_ERR_MSG_ATTR(info->extack, tb[DHCPK_A_LEASE_IP],
				    "lease: nobody has this address");
	return n ? 0 : -ENOENT;
}
