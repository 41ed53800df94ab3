/* SPDX-License-Identifier: GPL-2.0-only */
/* The state of a network namespace, and its counters. */
#ifndef DHCPK_NET_H
#define DHCPK_NET_H

#include <linux/gfp.h>
#include <linux/mutex.h>
#include <linux/u64_stats_sync.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include <linux/dhcpk.h>

#define DHCPK_MODULE_VERSION	"0.1"

#define DHCPK_GFP_SOFTIRQ	(GFP_ATOMIC | __GFP_NOWARN)

struct dhcpk_config;
struct dhcpk_exchanges;
struct dhcpk_leases;

struct dhcpk_stats {
	u64			count[__DHCPK_STAT_MAX];
	struct u64_stats_sync	syncp;
};

/**
 * struct dhcpk_net - the state of a network namespace
 * @net: the namespace; no reference, since this state ends before the namespace does
 * @config: the running generation; NULL: none
 * @stats: counters
 * @exchanges: exists once there has been a relay
 * @lock: for the configuration: staged and published
 * @staged: the generation that is being staged; NULL: none
 * @last_generation: cookie of the generation that was begun last
 * @hooked: the netfilter hooks are registered
 * @leases: exists once a configuration has been begun
 * @tick: once a second
 * @ack_cache_bytes: memory of the ACKs that relays with survive keep
 * @next_relay: first relay of the next tick, as an index into dhcpk_config.relays
 * @doorbell: tells the daemon that there are dirty leases
 * @dirty: number of dirty leases
 * @in_flight: number of leases in flight
 * @parked: number of replies that wait for the store
 * @attached: the port of the daemon's socket, 0: none; under @lock
 * @stored: a store has been attached; under @lock, as are @pulled and @committed
 * @pulled: number of the last change that the daemon has pulled
 * @committed: number of the last change that the store has; not after @pulled
 * @rung: the daemon has been told that there are dirty leases
 * @store_id: identifies the store that was attached last
 */
struct dhcpk_net {
	struct net			*net;
	struct dhcpk_config __rcu	*config;
	struct dhcpk_stats __percpu	*stats;
	struct dhcpk_exchanges		*exchanges;
	struct mutex			lock;
	struct dhcpk_config		*staged;
	u32				last_generation;
	bool				hooked;
	struct dhcpk_leases		*leases;
	struct delayed_work		tick;
	atomic_long_t			ack_cache_bytes;
	unsigned int			next_relay;
	struct delayed_work		doorbell;
	atomic_t			dirty;
	atomic_t			in_flight;
	atomic_t			parked;
	u32				attached;
	bool				stored;
	u64				pulled;
	u64				committed;
	bool				rung;
	u8				store_id[DHCPK_STORE_ID_SIZE];
};

extern unsigned int dhcpk_net_id;	/* only for the registration in main.c */

struct dhcpk_net *dhcpk_pernet(const struct net *net);

void dhcpk_count(struct dhcpk_net *dn, enum dhcpk_stat stat);
void dhcpk_count_many(struct dhcpk_net *dn, enum dhcpk_stat stat, unsigned int n);
u64 dhcpk_stat_read(const struct dhcpk_net *dn, enum dhcpk_stat stat);

#endif
