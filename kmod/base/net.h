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

struct dhcpk_net {
	struct net			*net;	/* not counted: this state ends before its namespace does */
	struct dhcpk_config __rcu	*config;
	struct dhcpk_stats __percpu	*stats;
	struct dhcpk_exchanges		*exchanges;	/* there as soon as there is a relay */
	struct mutex			lock;	/* configuration: staged and published */
	struct dhcpk_config		*staged;
	u32				last_generation;
	bool				hooked;
	struct dhcpk_leases		*leases;		/* there as soon as a configuration has been begun */
	struct delayed_work		tick;
	atomic_long_t			remembered;	/* bytes, in the memories of relays that survive their servers */
	unsigned int			next_relay;	/* of the tick's, by its place in dhcpk_config.relays */
	struct delayed_work		doorbell;
	atomic_t			dirty;		/* bindings, as are these two */
	atomic_t			in_flight;
	atomic_t			parked;
	u32				attached;	/* the port of the daemon's socket, 0: none; under @lock */
	bool				stored;		/* a store has been attached; under @lock, as are these two: */
	u64				pulled;		/* the last change that the daemon has been given */
	u64				committed;	/* the last one that its store has; not after @pulled */
	bool				rung;		/* the daemon knows that there is something to pull */
	u8				store_id[DHCPK_STORE_ID_SIZE];
};

extern unsigned int dhcpk_net_id;	/* for the registration in main.c alone */

struct dhcpk_net *dhcpk_pernet(const struct net *net);

void dhcpk_count(struct dhcpk_net *dn, enum dhcpk_stat stat);
void dhcpk_count_many(struct dhcpk_net *dn, enum dhcpk_stat stat, unsigned int n);
u64 dhcpk_stat_read(const struct dhcpk_net *dn, enum dhcpk_stat stat);

#endif
