// SPDX-License-Identifier: GPL-2.0-only
/* The desk: the generic netlink family, its policies, and the small questions. */
#include "netlink/netlink.h"

#include <linux/rwsem.h>

#include "lease/event.h"

/*
 * The policy of a command has an element for each attribute of the family: genetlink takes a maxattr of 0 for the family's, and
 * gives a handler no more attributes than maxattr says. A policy inside of one is as long as its declaration in netlink.h.
 */
static const struct nla_policy empty_policy[DHCPK_A_MAX + 1] = {};

static const struct nla_policy generation_policy[DHCPK_A_MAX + 1] = {
	[DHCPK_A_GENERATION]		= { .type = NLA_U32 },
};

const struct nla_policy dhcpk_range_policy[DHCPK_A_RANGE_MAX + 1] = {
	[DHCPK_A_RANGE_FIRST]		= { .type = NLA_BE32 },
	[DHCPK_A_RANGE_LAST]		= { .type = NLA_BE32 },
};

const struct nla_policy dhcpk_link_policy[DHCPK_A_LINK_MAX + 1] = {
	[DHCPK_A_LINK_NET]		= { .type = NLA_BE32 },
	[DHCPK_A_LINK_PREFIX]		= NLA_POLICY_RANGE(NLA_U8, 1, 32),
};

const struct nla_policy dhcpk_set_policy[DHCPK_A_SET_MAX + 1] = {
	[DHCPK_A_SET_OPTIONS]		= { .type = NLA_BINARY, .len = DHCPK_OPTIONS_MAX },
	[DHCPK_A_SET_NEXT_SERVER]	= { .type = NLA_BE32 },
	[DHCPK_A_SET_SERVER_NAME]	= { .type = NLA_NUL_STRING, .len = sizeof_field(struct dhcp_hdr, sname) - 1 },
	[DHCPK_A_SET_BOOT_FILE]		= { .type = NLA_NUL_STRING, .len = sizeof_field(struct dhcp_hdr, file) - 1 },
	[DHCPK_A_SET_ALWAYS]		= { .type = NLA_BINARY, .len = U8_MAX },
	[DHCPK_A_SET_RENEW]		= { .type = NLA_U32 },
	[DHCPK_A_SET_REBIND]		= { .type = NLA_U32 },
};

const struct nla_policy dhcpk_pool_policy[DHCPK_A_POOL_MAX + 1] = {
	[DHCPK_A_POOL_NAME]		= { .type = NLA_NUL_STRING, .len = DHCPK_POOL_NAME_SIZE - 1 },
	[DHCPK_A_POOL_SUBNET]		= { .type = NLA_BE32 },
	[DHCPK_A_POOL_PREFIX]		= NLA_POLICY_RANGE(NLA_U8, 1, 30),
	[DHCPK_A_POOL_DEV]		= { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[DHCPK_A_POOL_RANGE]		= NLA_POLICY_NESTED(dhcpk_range_policy),
	[DHCPK_A_POOL_LEASE]		= NLA_POLICY_MIN(NLA_U32, 1),
	[DHCPK_A_POOL_LEASE_MIN]	= NLA_POLICY_MIN(NLA_U32, 1),
	[DHCPK_A_POOL_LEASE_MAX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[DHCPK_A_POOL_FLAGS]		= NLA_POLICY_MASK(NLA_U32, DHCPK_POOL_F_MASK),
	[DHCPK_A_POOL_IDENTITY]		= NLA_POLICY_MAX(NLA_U8, DHCPK_IDENTITY_MAX),
	[DHCPK_A_POOL_DECLINE]		= NLA_POLICY_MIN(NLA_U32, 1),
	[DHCPK_A_POOL_RELAY_LINK]	= NLA_POLICY_NESTED(dhcpk_link_policy),
	[DHCPK_A_POOL_SET]		= NLA_POLICY_NESTED(dhcpk_set_policy),
	[DHCPK_A_POOL_VIA]		= { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
};

const struct nla_policy dhcpk_host_policy[DHCPK_A_HOST_MAX + 1] = {
	[DHCPK_A_HOST_POOL]		= { .type = NLA_NUL_STRING, .len = DHCPK_POOL_NAME_SIZE - 1 },
	[DHCPK_A_HOST_MAC]		= NLA_POLICY_EXACT_LEN(ETH_ALEN),
	[DHCPK_A_HOST_CLIENT_ID]	= NLA_POLICY_RANGE(NLA_BINARY, 1, 255),
	[DHCPK_A_HOST_CIRCUIT_ID]	= NLA_POLICY_RANGE(NLA_BINARY, 1, 255),
	[DHCPK_A_HOST_IP]		= { .type = NLA_BE32 },
	[DHCPK_A_HOST_SET]		= NLA_POLICY_NESTED(dhcpk_set_policy),
	[DHCPK_A_HOST_LEASE]		= NLA_POLICY_MIN(NLA_U32, 1),
};

const struct nla_policy dhcpk_lease_policy[DHCPK_A_LEASE_IP + 1] = {
	[DHCPK_A_LEASE_POOL]		= { .type = NLA_NUL_STRING, .len = DHCPK_POOL_NAME_SIZE - 1 },
	[DHCPK_A_LEASE_IP]		= { .type = NLA_BE32 },
};

const struct nla_policy dhcpk_stored_policy[DHCPK_A_LEASE_MAX + 1] = {
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

const struct nla_policy dhcpk_server_policy[DHCPK_A_SERVER_UP + 1] = {
	[DHCPK_A_SERVER_IP]		= { .type = NLA_BE32 },
	[DHCPK_A_SERVER_UP]		= NLA_POLICY_MAX(NLA_U8, 1),
};

const struct nla_policy dhcpk_relay_policy[DHCPK_A_RELAY_AGENT + 1] = {
	[DHCPK_A_RELAY_DEV]		= { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[DHCPK_A_RELAY_SERVER]		= NLA_POLICY_NESTED(dhcpk_server_policy),
	[DHCPK_A_RELAY_FLAGS]		= NLA_POLICY_MASK(NLA_U32, DHCPK_RELAY_F_MASK),
	[DHCPK_A_RELAY_POLICY]		= NLA_POLICY_MAX(NLA_U8, DHCPK_RELAY_POLICY_MAX),
	[DHCPK_A_RELAY_HOPS]		= NLA_POLICY_RANGE(NLA_U8, 1, 16),
	[DHCPK_A_RELAY_SECS]		= { .type = NLA_U16 },
	[DHCPK_A_RELAY_GIADDR]		= { .type = NLA_BE32 },
	[DHCPK_A_RELAY_PORT]		= NLA_POLICY_MIN(NLA_U16, 1),
	[DHCPK_A_RELAY_SURVIVE]		= { .type = NLA_U32 },
	[DHCPK_A_RELAY_AGENT]		= { .type = NLA_BINARY, .len = DHCPK_AGENT_TEMPLATE_MAX },
};

static const struct nla_policy attach_policy[DHCPK_A_MAX + 1] = {
	[DHCPK_A_STORE_ID]		= NLA_POLICY_EXACT_LEN(DHCPK_STORE_ID_SIZE),
	[DHCPK_A_SEQ]			= { .type = NLA_U64 },
};

static const struct nla_policy commit_policy[DHCPK_A_MAX + 1] = {
	[DHCPK_A_SEQ]			= { .type = NLA_U64 },
};

static const struct nla_policy restore_policy[DHCPK_A_MAX + 1] = {
	[DHCPK_A_GENERATION]		= { .type = NLA_U32 },
	[DHCPK_A_POOL]			= NLA_POLICY_NESTED(dhcpk_pool_policy),
	[DHCPK_A_LEASE]			= NLA_POLICY_NESTED(dhcpk_stored_policy),
};

static const struct nla_policy config_pool_policy[DHCPK_A_MAX + 1] = {
	[DHCPK_A_GENERATION]		= { .type = NLA_U32 },
	[DHCPK_A_POOL]			= NLA_POLICY_NESTED(dhcpk_pool_policy),
};

static const struct nla_policy config_host_policy[DHCPK_A_MAX + 1] = {
	[DHCPK_A_GENERATION]		= { .type = NLA_U32 },
	[DHCPK_A_HOST]			= NLA_POLICY_NESTED(dhcpk_host_policy),
};

static const struct nla_policy config_relay_policy[DHCPK_A_MAX + 1] = {
	[DHCPK_A_GENERATION]		= { .type = NLA_U32 },
	[DHCPK_A_RELAY]			= NLA_POLICY_NESTED(dhcpk_relay_policy),
};

const struct nla_policy dhcpk_lease_request_policy[DHCPK_A_MAX + 1] = {
	[DHCPK_A_LEASE]			= NLA_POLICY_NESTED(dhcpk_lease_policy),
};

static const struct nla_policy del_lease_policy[DHCPK_A_MAX + 1] = {
	[DHCPK_A_LEASE]			= NLA_POLICY_NESTED(dhcpk_lease_policy),
	[DHCPK_A_POOL]			= NLA_POLICY_NESTED(dhcpk_pool_policy),
};

/**
 * dhcpk_reply_new - start the answer to a request
 * @info: the request
 * @hdr: set to the message, for dhcpk_reply_send()
 *
 * Return: the message or NULL for lack of memory.
 * Context: process.
 */
struct sk_buff *dhcpk_reply_new(struct genl_info *info, void **hdr)
{
	struct sk_buff *msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);

	if (!msg)
		return NULL;
	*hdr = genlmsg_put_reply(msg, info, &dhcpk_genl_family, 0, info->genlhdr->cmd);
	if (!*hdr) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

/**
 * dhcpk_reply_send - finish an answer and send it
 * @msg: from dhcpk_reply_new(); taken over
 * @hdr: from dhcpk_reply_new()
 * @info: the request
 *
 * Return: 0 or -errno.
 * Context: process.
 */
int dhcpk_reply_send(struct sk_buff *msg, void *hdr, struct genl_info *info)
{
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

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

/* What the store knows, and what it does not yet. */
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

static int get_info(struct sk_buff *skb, struct genl_info *info)
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
	else if (dn->space)
		dhcpk_put_duplicates(msg, dn->space);
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

static int get_stats(struct sk_buff *skb, struct genl_info *info)
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

#define MAXATTR(the_policy) (DHCPK_A_MAX + BUILD_BUG_ON_ZERO(ARRAY_SIZE(the_policy) != DHCPK_A_MAX + 1))

#define DO(command, handler, the_policy) {		\
	.cmd		= DHCPK_CMD_##command,		\
	.flags		= GENL_ADMIN_PERM,		\
	.doit		= handler,			\
	.policy		= the_policy,			\
	.maxattr	= MAXATTR(the_policy),		\
}

#define DUMP(command, handler, the_policy) {		\
	.cmd		= DHCPK_CMD_##command,		\
	.flags		= GENL_ADMIN_PERM,		\
	.dumpit		= handler,			\
	.policy		= the_policy,			\
	.maxattr	= MAXATTR(the_policy),		\
}

static const struct genl_ops dhcpk_ops[] = {
	DO(GET_INFO, get_info, empty_policy),
	DO(CONFIG_BEGIN, dhcpk_nl_config_begin, empty_policy),
	DO(CONFIG_POOL, dhcpk_nl_config_pool, config_pool_policy),
	DO(CONFIG_HOST, dhcpk_nl_config_host, config_host_policy),
	DO(CONFIG_COMMIT, dhcpk_nl_config_commit, generation_policy),
	DUMP(GET_POOL, dhcpk_nl_dump_pools, empty_policy),
	DUMP(GET_LEASE, dhcpk_nl_dump_leases, dhcpk_lease_request_policy),
	DO(DEL_LEASE, dhcpk_nl_del_lease, del_lease_policy),
	DO(GET_STATS, get_stats, empty_policy),
	DO(CONFIG_RESTORE, dhcpk_nl_config_restore, restore_policy),
	DO(ATTACH, dhcpk_nl_attach, attach_policy),
	DUMP(PULL, dhcpk_nl_pull, empty_policy),
	DO(COMMIT, dhcpk_nl_commit, commit_policy),
	DO(CONFIG_RELAY, dhcpk_nl_config_relay, config_relay_policy),
	DUMP(GET_RELAY, dhcpk_nl_dump_relays, empty_policy),
	DO(SET_SERVER, dhcpk_nl_set_server, config_relay_policy),
	DO(PROBE_SERVER, dhcpk_nl_probe_server, config_relay_policy),
};

static const struct genl_multicast_group dhcpk_mcgrps[] = {
	{ .name = DHCPK_MCGRP_EVENTS, .flags = GENL_MCAST_CAP_NET_ADMIN },
};

struct genl_family dhcpk_genl_family __ro_after_init = {
	.name		= DHCPK_GENL_NAME,
	.version	= DHCPK_GENL_VERSION,
	.maxattr	= DHCPK_A_MAX,
	.netnsok	= true,
	.module		= THIS_MODULE,
	.ops		= dhcpk_ops,
	.n_ops		= ARRAY_SIZE(dhcpk_ops),
	.resv_start_op	= __DHCPK_CMD_MAX,
	.mcgrps		= dhcpk_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(dhcpk_mcgrps),
};

/* ---- the family comes and goes ---- */

/*
 * The family goes before the hooks, since a request must not meet a namespace without its state. What the hooks and works
 * still have to tell by then must not be told: the family's and the group's numbers may be another family's.
 */
static bool is_open;
static DECLARE_RWSEM(open_sem);

/**
 * dhcpk_netlink_hold - keep the family for a message of a process
 *
 * Return: false if it is about to go; else dhcpk_netlink_release() has to follow.
 * Context: process.
 */
bool dhcpk_netlink_hold(void)
{
	down_read(&open_sem);
	if (is_open)
		return true;
	up_read(&open_sem);
	return false;
}

/**
 * dhcpk_netlink_release - the end of dhcpk_netlink_hold()
 *
 * Context: process.
 */
void dhcpk_netlink_release(void)
{
	up_read(&open_sem);
}

static const struct dhcpk_notifier notifier = {
	.family	= &dhcpk_genl_family,
	.lease	= dhcpk_lease_event,
	.dirty	= dhcpk_dirty_event,
};

/**
 * dhcpk_netlink_init - let programs talk to the module
 *
 * Return: 0 or -errno.
 * Context: process.
 */
int __init dhcpk_netlink_init(void)
{
	/* First, to hear of the end of every daemon that attaches. */
	int err = netlink_register_notifier(&dhcpk_netlink_notifier);

	if (err)
		return err;
	err = genl_register_family(&dhcpk_genl_family);
	if (err) {
		netlink_unregister_notifier(&dhcpk_netlink_notifier);
		return err;
	}
	is_open = true;
	dhcpk_notifier_register(&notifier);
	return 0;
}

/**
 * dhcpk_netlink_exit - the end of that; no request, dump or event is under way when it returns
 *
 * Context: process.
 */
void dhcpk_netlink_exit(void)
{
	down_write(&open_sem);
	is_open = false;
	up_write(&open_sem);
	dhcpk_notifier_unregister();
	netlink_unregister_notifier(&dhcpk_netlink_notifier);
	genl_unregister_family(&dhcpk_genl_family);
}
