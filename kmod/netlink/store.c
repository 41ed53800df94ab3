// SPDX-License-Identifier: GPL-2.0-only
/* Commands that store and restore leases. */
#include "netlink/store.h"

#include <linux/netlink.h>
#include <net/sock.h>

#include "base/failpoint.h"
#include "config/pool.h"
#include "lease/dirty.h"
#include "lease/lease.h"
#include "lease/map.h"
#include "lease/leases.h"
#include "netlink/lease.h"
#include "netlink/pool.h"
#include "server/commit.h"

const struct nla_policy dhcpk_attach_policy[DHCPK_A_MAX + 1] = {
	[DHCPK_A_STORE_ID]		= NLA_POLICY_EXACT_LEN(DHCPK_STORE_ID_SIZE),
	[DHCPK_A_SEQ]			= { .type = NLA_U64 },
};

const struct nla_policy dhcpk_commit_policy[DHCPK_A_MAX + 1] = {
	[DHCPK_A_SEQ]			= { .type = NLA_U64 },
};

/* Only the attached socket may pull and commit. */
static int check_attached(const struct dhcpk_net *dn, const struct sk_buff *request,
			  struct netlink_ext_ack *extack)
{
	if (dn->attached && dn->attached == NETLINK_CB(request).portid)
		return 0;
	NL_SET_ERR_MSG(extack, "this socket is not attached, or another has been since");
	return -EPERM;
}

/**
 * dhcpk_nl_attach - DHCPK_CMD_ATTACH
 * @skb: the request
 * @info: the request
 *
 * Return: 0, -EINVAL, or -EBUSY with a text in the extended ACK.
 * Context: process.
 */
int dhcpk_nl_attach(struct sk_buff *skb, struct genl_info *info)
{
	u64 seq = info->attrs[DHCPK_A_SEQ] ? nla_get_u64(info->attrs[DHCPK_A_SEQ]) : 0;
	struct dhcpk_net *dn = dhcpk_pernet(genl_info_net(info));
	int err;

	if (!info->attrs[DHCPK_A_STORE_ID])
		return dhcpk_refuse(info, NULL, "attach: store id missing");
	mutex_lock(&dn->lock);
	err = dhcpk_attach(dn, info->snd_portid, nla_data(info->attrs[DHCPK_A_STORE_ID]), seq);
	mutex_unlock(&dn->lock);
	if (err == -EBUSY)
		NL_SET_ERR_MSG(info->extack,
			       "attach: another daemon is attached, with another store; stop it first");
	return err;
}

/*
 * Returns the state for the store. An offer is not stored: the store keeps the state before the
 * offer.
 */
static u8 stored_state(const struct dhcpk_lease *l)
{
	switch (l->state == DHCPK_LEASE_OFFERED ? l->prev_state : l->state) {
	case DHCPK_LEASE_PENDING:
	case DHCPK_LEASE_BOUND:
		return DHCPK_LEASE_BOUND;
	case DHCPK_LEASE_EXPIRED:
	case DHCPK_LEASE_RELEASED:
		return DHCPK_LEASE_RELEASED;
	case DHCPK_LEASE_DECLINED:
		return DHCPK_LEASE_DECLINED;
	case DHCPK_LEASE_RESTING:
		return DHCPK_LEASE_RESTING;
	default:
		return DHCPK_LEASE_FREE;
	}
}

static int put_id(struct sk_buff *skb, const struct dhcpk_id id)
{
	if (id.kind == DHCPK_ID_NONE)
		return 0;
	return nla_put_u16(skb, DHCPK_A_LEASE_ID_KIND, id.kind) ||
	       nla_put(skb, DHCPK_A_LEASE_ID, id.len, id.data);
}

static int put_dirty_lease(struct sk_buff *skb, const struct dhcpk_leases *s,
			   const struct dhcpk_lease *l)
{
	struct nlattr *nest = nla_nest_start(skb, DHCPK_A_LEASE);
	u8 state = stored_state(l);

	if (!nest || dhcpk_put_place(skb, s, l) ||
	    nla_put_u64_64bit(skb, DHCPK_A_LEASE_SEQ, l->seq, DHCPK_A_LEASE_PAD) ||
	    nla_put_u8(skb, DHCPK_A_LEASE_STATE, state))
		return -EMSGSIZE;
	if (state != DHCPK_LEASE_FREE &&
	    (dhcpk_put_client(skb, l) ||
	     put_id(skb, dhcpk_id_of(&l->by_id)) ||
	     (l->server_id && nla_put_be32(skb, DHCPK_A_LEASE_SERVER_ID, l->server_id)) ||
	     nla_put_u64_64bit(skb, DHCPK_A_LEASE_HORIZON, dhcpk_horizon(l), DHCPK_A_LEASE_PAD)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static void pull_leases(struct sk_buff *skb, struct netlink_callback *cb, struct dhcpk_leases *s,
			long *left)
{
	struct dhcpk_lease *l;
	void *hdr;

	spin_lock_bh(&s->lock);
	while (*left && (l = list_first_entry_or_null(&s->dirty, struct dhcpk_lease, dirty_node))) {
		hdr = dhcpk_put_header(skb, cb, DHCPK_CMD_PULL);
		if (!hdr)
			break;
		if (put_dirty_lease(skb, s, l)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
		dhcpk_pulled(s, l);
		(*left)--;
	}
	spin_unlock_bh(&s->lock);
}

/**
 * dhcpk_nl_pull - DHCPK_CMD_PULL
 * @skb: to fill
 * @cb: the dump; its first long is the number of leases that this pull has had
 *
 * There is no position to keep: a lease that has been pulled is no longer dirty.
 *
 * Return: bytes in @skb, 0 at the end, or -EPERM.
 * Context: process.
 */
int dhcpk_nl_pull(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct dhcpk_net *dn = dhcpk_pernet(sock_net(skb->sk));
	long left = DHCPK_PULL_MAX - cb->args[0];
	int err;

	mutex_lock(&dn->lock);
	err = check_attached(dn, cb->skb, cb->extack);
	if (err)
		goto unlock;
	dhcpk_failpoint("before-pull");
	WRITE_ONCE(dn->rung, false);
	if (dn->leases)
		pull_leases(skb, cb, dn->leases, &left);
	cb->args[0] = DHCPK_PULL_MAX - left;
	err = skb->len;
	dhcpk_failpoint("after-pull");
unlock:
	mutex_unlock(&dn->lock);
	return err;
}

/**
 * dhcpk_nl_commit - DHCPK_CMD_COMMIT
 * @skb: the request
 * @info: the request
 *
 * Return: 0, -EINVAL or -EPERM.
 * Context: process.
 */
int dhcpk_nl_commit(struct sk_buff *skb, struct genl_info *info)
{
	struct dhcpk_net *dn = dhcpk_pernet(genl_info_net(info));
	int err;

	if (!info->attrs[DHCPK_A_SEQ])
		return dhcpk_refuse(info, NULL, "commit: sequence number missing");
	mutex_lock(&dn->lock);
	err = check_attached(dn, skb, info->extack);
	if (!err) {
		dhcpk_failpoint("before-commit");
		dhcpk_commit(dn, nla_get_u64(info->attrs[DHCPK_A_SEQ]));
	}
	mutex_unlock(&dn->lock);
	return err;
}

/* ---- restore ---- */

static const struct nla_policy stored_policy[DHCPK_A_LEASE_MAX + 1] = {
	[DHCPK_A_LEASE_IP]		= { .type = NLA_BE32 },
	[DHCPK_A_LEASE_STATE]		= NLA_POLICY_MAX(NLA_U8, __DHCPK_LEASE_STATE_MAX - 1),
	[DHCPK_A_LEASE_HTYPE]		= { .type = NLA_U8 },
	[DHCPK_A_LEASE_MAC]		= { .type = NLA_BINARY, .len = DHCP_CHADDR_LEN },
	[DHCPK_A_LEASE_HOSTNAME]	= { .type = NLA_BINARY, .len = U8_MAX },
	[DHCPK_A_LEASE_STARTS]		= { .type = NLA_U64 },
	[DHCPK_A_LEASE_EXPIRES]		= { .type = NLA_U64 },
	[DHCPK_A_LEASE_AGENT]		= { .type = NLA_BINARY, .len = DHCP_JOINED_MAX },
	[DHCPK_A_LEASE_HORIZON]		= { .type = NLA_U64 },
	[DHCPK_A_LEASE_ID_KIND]		= { .type = NLA_U16 },
	[DHCPK_A_LEASE_ID]		= NLA_POLICY_RANGE(NLA_BINARY, 1, U8_MAX),
	[DHCPK_A_LEASE_SERVER_ID]	= { .type = NLA_BE32 },
	[DHCPK_A_LEASE_ORDER]		= { .type = NLA_U64 },
};

const struct nla_policy dhcpk_config_restore_policy[DHCPK_A_MAX + 1] = {
	[DHCPK_A_GENERATION]		= { .type = NLA_U32 },
	[DHCPK_A_POOL]			= NLA_POLICY_NESTED(dhcpk_pool_policy),
	[DHCPK_A_LEASE]			= NLA_POLICY_NESTED(stored_policy),
};

static struct dhcp_bytes bytes_of(const struct nlattr *attr)
{
	if (!attr)
		return (struct dhcp_bytes){};
	return (struct dhcp_bytes){ .data = nla_data(attr), .len = nla_len(attr) };
}

static void fill_times(struct dhcpk_lease *l, struct nlattr **tb)
{
	if (tb[DHCPK_A_LEASE_STARTS])
		l->starts = nla_get_u64(tb[DHCPK_A_LEASE_STARTS]);
	if (tb[DHCPK_A_LEASE_EXPIRES])
		l->expires = nla_get_u64(tb[DHCPK_A_LEASE_EXPIRES]);
	if (tb[DHCPK_A_LEASE_HORIZON])
		l->horizon = nla_get_u64(tb[DHCPK_A_LEASE_HORIZON]);
	/* The client may have renewed since the row was written. The horizon bounds its lease. */
	if (l->state == DHCPK_LEASE_BOUND && l->expires < l->horizon)
		l->expires = l->horizon;
}

static int fill_id(struct dhcpk_id *id, const struct dhcpk_lease *l, struct nlattr **tb,
		   struct genl_info *info)
{
	const struct nlattr *data = tb[DHCPK_A_LEASE_ID], *kind = tb[DHCPK_A_LEASE_ID_KIND];

	if (!data != !kind)
		return dhcpk_refuse(info, NULL, "restore: half of the identity missing");
	*id = (struct dhcpk_id){ .kind = DHCPK_ID_NONE };
	/* An address that rests has no client, even if the row names one. */
	if (dhcpk_lease_rests(l))
		return 0;
	if (!data)
		return dhcpk_refuse(info, NULL, "restore: client identity missing");
	*id = (struct dhcpk_id){
		.kind = nla_get_u16(kind),
		.len = nla_len(data),
		.data = nla_data(data),
	};
	if (id->kind >= DHCPK_ID_NONE)
		return dhcpk_refuse(info, kind, "restore: unknown kind of identity");
	return 0;
}

static int fill_lease(struct dhcpk_lease *l, struct nlattr **tb, struct genl_info *info)
{
	const struct nlattr *mac = tb[DHCPK_A_LEASE_MAC];

	if (!tb[DHCPK_A_LEASE_IP] || !tb[DHCPK_A_LEASE_STATE])
		return dhcpk_refuse(info, NULL, "restore: address or state missing");
	l->by_id.addr = ntohl(nla_get_be32(tb[DHCPK_A_LEASE_IP]));
	l->state = nla_get_u8(tb[DHCPK_A_LEASE_STATE]);
	if (l->state != DHCPK_LEASE_BOUND && l->state != DHCPK_LEASE_RELEASED &&
	    !dhcpk_lease_rests(l))
		return dhcpk_refuse(info, tb[DHCPK_A_LEASE_STATE],
				    "restore: a binding is bound, released, declined or resting");
	if (tb[DHCPK_A_LEASE_HTYPE])
		l->htype = nla_get_u8(tb[DHCPK_A_LEASE_HTYPE]);
	if (mac) {
		l->hlen = nla_len(mac);
		memcpy(l->chaddr, nla_data(mac), nla_len(mac));
	}
	if (tb[DHCPK_A_LEASE_SERVER_ID])
		l->server_id = nla_get_be32(tb[DHCPK_A_LEASE_SERVER_ID]);
	if (tb[DHCPK_A_LEASE_ORDER])
		l->seq = nla_get_u64(tb[DHCPK_A_LEASE_ORDER]);
	if (l->seq >= DHCPK_SEQ_FIRST)
		return dhcpk_refuse(info, tb[DHCPK_A_LEASE_ORDER], "restore: order beyond 2^63");
	fill_times(l, tb);
	return 0;
}

/*
 * For addresses that the running generation serves, the kernel is right and the store is not used.
 */
static int insert_lease(struct dhcpk_leases *s, const struct dhcpk_pool *pool,
			const struct dhcpk_lease *l, const struct dhcpk_id *id, struct nlattr **tb)
{
	struct dhcp_bytes host_name = bytes_of(tb[DHCPK_A_LEASE_HOSTNAME]);
	struct dhcp_bytes agent = bytes_of(tb[DHCPK_A_LEASE_AGENT]);
	u32 addr = l->by_id.addr;
	int err = 0;

	if (!dhcpk_pool_has(pool, addr))
		return 0;
	spin_lock_bh(&s->lock);
	if (!dhcpk_maps_serve(s->maps, addr))
		err = dhcpk_lease_restore(s, l, id, &host_name, &agent);
	spin_unlock_bh(&s->lock);
	return err == -EEXIST ? 0 : err;
}

static int restore_one(struct dhcpk_leases *s, const struct dhcpk_pool *pool,
		       const struct nlattr *nest, struct genl_info *info)
{
	struct nlattr *tb[DHCPK_A_LEASE_MAX + 1];
	struct dhcpk_lease l = {};
	struct dhcpk_id id;
	int err;

	err = dhcpk_parse_nest(tb, nest, stored_policy, info->extack);
	if (!err)
		err = fill_lease(&l, tb, info);
	if (!err)
		err = fill_id(&id, &l, tb, info);
	return err ?: insert_lease(s, pool, &l, &id, tb);
}

/* Removes the leases that a message has restored before the attribute @end, which failed. */
static void undo_restore(struct dhcpk_leases *s, struct genl_info *info, const struct nlattr *end)
{
	struct nlattr *tb[DHCPK_A_LEASE_MAX + 1], *attr;
	u32 addr;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (attr == end)
			break;
		if (nla_type(attr) != DHCPK_A_LEASE ||
		    dhcpk_parse_nest(tb, attr, stored_policy, NULL))
			continue;
		addr = ntohl(nla_get_be32(tb[DHCPK_A_LEASE_IP]));
		dhcpk_leases_unrestore(s, addr, addr);
	}
}

static int restore_leases(struct dhcpk_net *dn, struct dhcpk_config *c, void *unused,
			  struct genl_info *info)
{
	const struct dhcpk_config *running = dhcpk_nl_running(dn);
	struct nlattr *tb[DHCPK_A_POOL_MAX + 1], *attr;
	struct dhcpk_pool *pool = NULL;
	int rem, err;

	err = dhcpk_parse_nest(tb, info->attrs[DHCPK_A_POOL], dhcpk_pool_policy, info->extack);
	if (err)
		return err;
	if (tb[DHCPK_A_POOL_NAME])
		pool = dhcpk_config_pool(c, nla_data(tb[DHCPK_A_POOL_NAME]));
	if (!pool) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[DHCPK_A_POOL],
				    "bindings for a pool that is not there");
		return -ENOENT;
	}
	if (dhcpk_config_covers(running, pool)) {
		NL_SET_ERR_MSG(info->extack, "the pool has its bindings already");
		return -EEXIST;
	}
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) == DHCPK_A_LEASE)
			err = restore_one(dn->leases, pool, attr, info);
		if (err) {
			undo_restore(dn->leases, info, attr);
			break;
		}
	}
	return err;
}

/**
 * dhcpk_nl_config_restore - DHCPK_CMD_CONFIG_RESTORE
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or -errno, with a text in the extended ACK.
 * Context: process.
 */
int dhcpk_nl_config_restore(struct sk_buff *skb, struct genl_info *info)
{
	if (!info->attrs[DHCPK_A_POOL])
		return dhcpk_refuse(info, NULL, "restore: no pool given");
	return dhcpk_nl_stage(info, restore_leases, NULL);
}

/* ---- the end of the daemon ---- */

/* The daemon's socket has been closed, by the daemon or by its end. */
static int on_release(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct netlink_notify *n = ptr;
	struct dhcpk_net *dn;

	if (event != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	dn = dhcpk_pernet(n->net);
	/* The close of any other socket must not wait for a long request. */
	if (READ_ONCE(dn->attached) != n->portid)
		return NOTIFY_DONE;
	mutex_lock(&dn->lock);
	if (dn->attached == n->portid)
		dhcpk_detach(dn);
	mutex_unlock(&dn->lock);
	return NOTIFY_DONE;
}

struct notifier_block dhcpk_netlink_notifier = {
	.notifier_call = on_release,
};
