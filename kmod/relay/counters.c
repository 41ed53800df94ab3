// SPDX-License-Identifier: GPL-2.0-only
/* The counters of a relay, per CPU. */
#include "relay/counters.h"

#include "base/trace.h"

static void add(u64 *sum, const u64 *counts, size_t n)
{
	while (n--)
		*sum++ += *counts++;
}

/**
 * dhcpk_relay_read - read the counters of a relay
 * @relay: the relay
 * @counts: set to the sums over all CPUs and generations
 *
 * Context: process, dhcpk_net.lock held.
 */
void dhcpk_relay_read(const struct dhcpk_relay *relay, struct dhcpk_relay_counts *counts)
{
	struct dhcpk_relay_counts now;
	int cpu;

	*counts = relay->base_counts;
	for_each_possible_cpu(cpu) {
		const struct dhcpk_relay_stats *stats = per_cpu_ptr(relay->stats, cpu);
		unsigned int start;

		do {
			start = u64_stats_fetch_begin(&stats->syncp);
			now = stats->counts;
		} while (u64_stats_fetch_retry(&stats->syncp, start));
		add((u64 *)counts, (const u64 *)&now, sizeof(now) / sizeof(u64));
	}
}

static void count(const struct dhcpk_relay *relay, size_t counter)
{
	struct dhcpk_relay_stats *stats = this_cpu_ptr(relay->stats);

	u64_stats_update_begin(&stats->syncp);
	((u64 *)&stats->counts)[counter]++;
	u64_stats_update_end(&stats->syncp);
}

#define COUNTER(member) (offsetof(struct dhcpk_relay_counts, member) / sizeof(u64))

/**
 * dhcpk_relay_count - add one to a counter
 * @relay: the relay
 * @stat: which
 *
 * Context: softirq.
 */
void dhcpk_relay_count(const struct dhcpk_relay *relay, enum dhcpk_relay_stat stat)
{
	count(relay, COUNTER(count) + stat);
}

/**
 * dhcpk_relay_count_sent - count a request that has gone to a server
 * @relay: the relay
 * @server: its server
 *
 * Context: softirq.
 */
void dhcpk_relay_count_sent(const struct dhcpk_relay *relay, const struct dhcpk_server *server)
{
	count(relay, COUNTER(sent) + (server - relay->server));
}

/**
 * dhcpk_relay_count_reply - count a reply of a server
 * @relay: the relay
 * @server: its server
 *
 * Context: softirq.
 */
void dhcpk_relay_count_reply(const struct dhcpk_relay *relay, const struct dhcpk_server *server)
{
	count(relay, COUNTER(replies) + (server - relay->server));
}

/**
 * dhcpk_relay_drop - count a message and drop it
 * @relay: the relay
 * @why: DHCPK_RELAY_DROP_*
 *
 * Return: DHCPK_DROP.
 * Context: softirq.
 */
enum dhcpk_step dhcpk_relay_drop(const struct dhcpk_relay *relay, enum dhcpk_relay_stat why)
{
	trace_relay_drop(relay->dev, why);
	dhcpk_relay_count(relay, why);
	return DHCPK_DROP;
}
