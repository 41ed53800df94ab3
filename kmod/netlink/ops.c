// SPDX-License-Identifier: GPL-2.0-only
/* The commands of the family, each with its handler and its policy. */
#include "netlink/ops.h"

#include "lease/event.h"
#include "netlink/config.h"
#include "netlink/event.h"
#include "netlink/family.h"
#include "netlink/host.h"
#include "netlink/info.h"
#include "netlink/lease.h"
#include "netlink/pool.h"
#include "netlink/relay.h"
#include "netlink/store.h"

/*
 * The policy of a command has an element for each attribute of the family: genetlink replaces a
 * maxattr of 0 by the family's, and passes no attributes above maxattr to a handler. The policy is
 * defined beside its handler, and declared with its length in the handler's header.
 */
static const struct nla_policy empty_policy[DHCPK_A_MAX + 1] = {};

#define MAXATTR(the_policy) \
	(DHCPK_A_MAX + BUILD_BUG_ON_ZERO(ARRAY_SIZE(the_policy) != DHCPK_A_MAX + 1))

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
	DO(GET_INFO, dhcpk_nl_get_info, empty_policy),
	DO(CONFIG_BEGIN, dhcpk_nl_config_begin, empty_policy),
	DO(CONFIG_POOL, dhcpk_nl_config_pool, dhcpk_config_pool_policy),
	DO(CONFIG_HOST, dhcpk_nl_config_host, dhcpk_config_host_policy),
	DO(CONFIG_COMMIT, dhcpk_nl_config_commit, dhcpk_config_commit_policy),
	DUMP(GET_POOL, dhcpk_nl_dump_pools, empty_policy),
	DUMP(GET_LEASE, dhcpk_nl_dump_leases, dhcpk_get_lease_policy),
	DO(DEL_LEASE, dhcpk_nl_del_lease, dhcpk_del_lease_policy),
	DO(GET_STATS, dhcpk_nl_get_stats, empty_policy),
	DO(CONFIG_RESTORE, dhcpk_nl_config_restore, dhcpk_config_restore_policy),
	DO(ATTACH, dhcpk_nl_attach, dhcpk_attach_policy),
	DUMP(PULL, dhcpk_nl_pull, empty_policy),
	DO(COMMIT, dhcpk_nl_commit, dhcpk_commit_policy),
	DO(CONFIG_RELAY, dhcpk_nl_config_relay, dhcpk_config_relay_policy),
	DUMP(GET_RELAY, dhcpk_nl_dump_relays, empty_policy),
	DO(SET_SERVER, dhcpk_nl_set_server, dhcpk_config_relay_policy),
	DO(PROBE_SERVER, dhcpk_nl_probe_server, dhcpk_config_relay_policy),
};

/**
 * dhcpk_netlink_init - register the family
 *
 * Return: 0 or -errno.
 * Context: process.
 */
int __init dhcpk_netlink_init(void)
{
	/* Registered first, so that the end of every daemon that attaches is noticed. */
	int err = netlink_register_notifier(&dhcpk_netlink_notifier);

	if (err)
		return err;
	dhcpk_genl_family.ops = dhcpk_ops;
	dhcpk_genl_family.n_ops = ARRAY_SIZE(dhcpk_ops);
	err = genl_register_family(&dhcpk_genl_family);
	if (err) {
		netlink_unregister_notifier(&dhcpk_netlink_notifier);
		return err;
	}
	dhcpk_netlink_open();
	dhcpk_notifier_register(&dhcpk_netlink_events);
	return 0;
}

/**
 * dhcpk_netlink_exit - unregister the family
 *
 * No request, dump or event is under way when this returns.
 *
 * Context: process.
 */
void dhcpk_netlink_exit(void)
{
	dhcpk_netlink_close();
	dhcpk_notifier_unregister();
	netlink_unregister_notifier(&dhcpk_netlink_notifier);
	genl_unregister_family(&dhcpk_genl_family);
}
