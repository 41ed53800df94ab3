// SPDX-License-Identifier: GPL-2.0-only
/* Commands that show the state of a namespace and its counters. */
#include "netlink/info.h"

#include "netlink/lease.h"

static u32 running_generation(struct dhcpk_net *dn)
{
	const struct dhcpk_config *c;
	u32 generation;

	rcu_read_lock();
	c = rcu_dereference(dn->config);
	generation = c ? c->generation : 0;
	rcu_read_unlock();
	return generation;
}

/* The store, and the number of leases that it does not have yet */
static int put_backlog(struct sk_buff *msg, const struct dhcpk_net *dn)
{
	if ((dn->stored && nla_put(msg, DHCPK_A_STORE_ID, sizeof(dn->store_id), dn->store_id)) ||
	    nla_put_u8(msg, DHCPK_A_ATTACHED, !!dn->attached) ||
	    nla_put_u32(msg, DHCPK_A_DIRTY, atomic_read(&dn->dirty)) ||
	    nla_put_u32(msg, DHCPK_A_IN_FLIGHT, atomic_read(&dn->in_flight)) ||
	    nla_put_u32(msg, DHCPK_A_PARKED, atomic_read(&dn->parked)))
		return -EMSGSIZE;
	return 0;
}

/**
 * dhcpk_nl_get_info - DHCPK_CMD_GET_INFO
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or -errno.
 * Context: process.
 */
int dhcpk_nl_get_info(struct sk_buff *skb, struct genl_info *info)
{
	struct dhcpk_net *dn = dhcpk_pernet(genl_info_net(info));
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = dhcpk_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;
	mutex_lock(&dn->lock);
	err = put_backlog(msg, dn);
	if (err ||
	    nla_put_string(msg, DHCPK_A_VERSION, DHCPK_MODULE_VERSION) ||
	    nla_put_u32(msg, DHCPK_A_GENERATION, running_generation(dn)) ||
	    nla_put_u64_64bit(msg, DHCPK_A_NOW, ktime_get_boottime_ns(), DHCPK_A_PAD))
		err = -EMSGSIZE;
	else if (dn->leases)
		dhcpk_put_duplicates(msg, dn->leases);
	mutex_unlock(&dn->lock);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return dhcpk_reply_send(msg, hdr, info);
}

static int put_stats(struct sk_buff *msg, const struct dhcpk_net *dn)
{
	struct nlattr *nest = nla_nest_start(msg, DHCPK_A_STATS);
	int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 1; i <= DHCPK_STAT_MAX; i++) {
		if (nla_put_u64_64bit(msg, i, dhcpk_stat_read(dn, i), 0))
			return -EMSGSIZE;
	}
	nla_nest_end(msg, nest);
	return 0;
}

/**
 * dhcpk_nl_get_stats - DHCPK_CMD_GET_STATS
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or -errno.
 * Context: process.
 */
int dhcpk_nl_get_stats(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg;
	void *hdr;

	msg = dhcpk_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;
	if (put_stats(msg, dhcpk_pernet(genl_info_net(info)))) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	return dhcpk_reply_send(msg, hdr, info);
}
