// SPDX-License-Identifier: GPL-2.0-only
/* The state of a network namespace, and its counters: one for each kind of event. */
#include "base/net.h"

#include <net/netns/generic.h>

unsigned int dhcpk_net_id __read_mostly;

/**
 * dhcpk_pernet - the module's state in a namespace
 * @net: a live namespace
 *
 * Context: any.
 */
struct dhcpk_net *dhcpk_pernet(const struct net *net)
{
	return net_generic(net, dhcpk_net_id);
}

/**
 * dhcpk_count_many - add to a counter
 * @dn: the namespace
 * @stat: the counter
 * @n: the number to add
 *
 * Context: softirq.
 */
void dhcpk_count_many(struct dhcpk_net *dn, enum dhcpk_stat stat, unsigned int n)
{
	struct dhcpk_stats *stats = this_cpu_ptr(dn->stats);

	u64_stats_update_begin(&stats->syncp);
	stats->count[stat] += n;
	u64_stats_update_end(&stats->syncp);
}

/**
 * dhcpk_count - add one to a counter
 * @dn: the namespace
 * @stat: the counter
 *
 * Context: softirq.
 */
void dhcpk_count(struct dhcpk_net *dn, enum dhcpk_stat stat)
{
	dhcpk_count_many(dn, stat, 1);
}

/**
 * dhcpk_stat_read - sum of a counter over all CPUs
 * @dn: the namespace
 * @stat: the counter
 *
 * Context: process.
 */
u64 dhcpk_stat_read(const struct dhcpk_net *dn, enum dhcpk_stat stat)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct dhcpk_stats *stats = per_cpu_ptr(dn->stats, cpu);
		unsigned int start;
		u64 count;

		do {
			start = u64_stats_fetch_begin(&stats->syncp);
			count = stats->count[stat];
		} while (u64_stats_fetch_retry(&stats->syncp, start));
		sum += count;
	}
	return sum;
}
