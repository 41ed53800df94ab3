// SPDX-License-Identifier: GPL-2.0-only
/* Loading, unloading, and the state of a network namespace. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/notifier.h>
#include <net/netns/generic.h>

#include "base/net.h"
#include "config/link.h"
#include "generation.h"
#include "hook.h"
#include "lease/parked.h"
#include "lease/record.h"
#include "lease/leases.h"
#include "netlink/ops.h"
#include "relay/exchange.h"
#include "relay/reconcile.h"
#include "server/commit.h"

enum { RELAYS_A_TICK = 1024 };

/*
 * Handles the next RELAYS_A_TICK relays, in a circle. With more relays a tick takes no longer, but
 * each relay waits longer for its turn.
 */
static void tick_some(struct dhcpk_net *dn, const struct dhcpk_config *config)
{
	unsigned int n = config->n_relays, i = 0;
	struct dhcpk_relay *relay;

	/* There may be fewer relays now. */
	if (dn->next_relay >= n)
		dn->next_relay = 0;
	list_for_each_entry(relay, &config->relays, list) {
		/* Distance of the relay from the first one of this tick */
		unsigned int behind = (i++ + n - dn->next_relay) % n;

		if (behind < RELAYS_A_TICK && relay->ack_cache)
			dhcpk_reconcile(dn, relay, min_t(unsigned int, n, RELAYS_A_TICK),
					ktime_get_boottime_ns());
	}
	if (n > RELAYS_A_TICK)
		dn->next_relay = (dn->next_relay + RELAYS_A_TICK) % n;
}

static void tick_relays(struct dhcpk_net *dn)
{
	const struct dhcpk_config *config;

	rcu_read_lock();
	config = rcu_dereference(dn->config);
	if (config)
		tick_some(dn, config);
	rcu_read_unlock();
}

/*
 * Once a second: expires leases and parked replies, which updates counters and notifies listeners.
 * Then it handles relays.
 */
static void tick(struct work_struct *work)
{
	struct dhcpk_net *dn = container_of(to_delayed_work(work), struct dhcpk_net, tick);

	dhcpk_leases_expire(dn->leases, ktime_get_boottime_ns());
	dhcpk_parked_expire(dn->leases, ktime_get_boottime_ns());
	tick_relays(dn);
	/* The message to the daemon may have been lost because its socket buffer was full. */
	WRITE_ONCE(dn->rung, false);
	queue_delayed_work(system_highpri_wq, &dn->doorbell, 0);
	if (rcu_access_pointer(dn->config))
		schedule_delayed_work(&dn->tick, HZ);
}

static int __net_init dhcpk_net_init(struct net *net)
{
	struct dhcpk_net *dn = dhcpk_pernet(net);

	dn->net = net;
	mutex_init(&dn->lock);
	INIT_DELAYED_WORK(&dn->tick, tick);
	INIT_DELAYED_WORK(&dn->doorbell, dhcpk_doorbell);
	dn->stats = netdev_alloc_pcpu_stats(struct dhcpk_stats);
	return dn->stats ? 0 : -ENOMEM;
}

/* The network core waits for a grace period between this and dhcpk_net_exit(). */
static void __net_exit dhcpk_net_pre_exit(struct net *net)
{
	dhcpk_hook_unregister(dhcpk_pernet(net));
}

static void __net_exit dhcpk_net_exit(struct net *net)
{
	struct dhcpk_net *dn = dhcpk_pernet(net);

	dhcpk_config_retire(dn);
	dhcpk_exchanges_free(dn);
	free_percpu(dn->stats);
}

static struct pernet_operations dhcpk_net_ops = {
	.init		= dhcpk_net_init,
	.pre_exit	= dhcpk_net_pre_exit,
	.exit		= dhcpk_net_exit,
	.id		= &dhcpk_net_id,
	.size		= sizeof(struct dhcpk_net),
};

static struct notifier_block dhcpk_netdev_notifier = {
	.notifier_call	= dhcpk_link_notify,
};

static int __init dhcpk_init(void)
{
	int err;

	dhcpk_id_init();
	err = dhcpk_lease_init();
	if (err)
		return err;
	err = register_pernet_subsys(&dhcpk_net_ops);
	if (err)
		goto leases;
	err = register_netdevice_notifier(&dhcpk_netdev_notifier);
	if (err)
		goto pernet;
	err = dhcpk_netlink_init();
	if (err)
		goto notifier;
	return 0;

notifier:
	unregister_netdevice_notifier(&dhcpk_netdev_notifier);
pernet:
	unregister_pernet_subsys(&dhcpk_net_ops);
leases:
	dhcpk_lease_exit();
	return err;
}

static void __exit dhcpk_exit(void)
{
	dhcpk_netlink_exit();
	unregister_netdevice_notifier(&dhcpk_netdev_notifier);
	unregister_pernet_subsys(&dhcpk_net_ops);
	rcu_barrier(); /* Wait for completion of call_rcu()'s */
	dhcpk_lease_exit();
}

module_init(dhcpk_init);
module_exit(dhcpk_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("DHCPv4 server in the network stack");
MODULE_VERSION(DHCPK_MODULE_VERSION);
