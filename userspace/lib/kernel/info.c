// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "lib/kernel/info.h"
#include "lib/kernel/request.h"

static const char *const stat_names[] = {
	NULL, "rx-discover", "rx-request", "rx-decline", "rx-release", "rx-inform", "rx-bootp",
	"rx-other", "tx-offer", "tx-ack", "tx-nak", "tx-bootp", "drop-parse-failed",
	"drop-not-for-us", "drop-rfc-violation", "drop-unknown-client", "drop-admin-filtered",
	"drop-limit-exceeded", "drop-no-pool", "drop-pool-exhausted", "drop-no-address",
	"drop-no-memory", "drop-tx-failed", "drop-duplicate", "drop-commit-backlog",
	"options-left-out", "agent-left-out", "offers-cut-short", "parked", "committed",
	"options-ignored", "offers-declined", "agent-unheeded", "drop-wrong-way", "duplicate-ids",
};
_Static_assert(sizeof(stat_names) / sizeof(stat_names[0]) == DHCPK_STAT_MAX + 1,
	       "each counter has a name");

const char *stat_name(unsigned int stat)
{
	return stat <= DHCPK_STAT_MAX ? stat_names[stat] : NULL;
}

static void take_info(struct nlattr **attrs, void *arg)
{
	struct kernel_info *info = arg;

	if (attrs[DHCPK_A_VERSION])
		nla_strlcpy(info->version, attrs[DHCPK_A_VERSION], sizeof(info->version));
	if (attrs[DHCPK_A_GENERATION])
		info->generation = nla_get_u32(attrs[DHCPK_A_GENERATION]);
	if (attrs[DHCPK_A_NOW])
		info->now = nla_get_u64(attrs[DHCPK_A_NOW]);
	info->stored = attrs[DHCPK_A_STORE_ID];
	info->attached = u8_of(attrs[DHCPK_A_ATTACHED]);
	info->dirty = u32_of(attrs[DHCPK_A_DIRTY]);
	info->in_flight = u32_of(attrs[DHCPK_A_IN_FLIGHT]);
	info->parked = u32_of(attrs[DHCPK_A_PARKED]);
}

int kernel_info(struct kernel *k, struct kernel_info *info, struct err *e)
{
	memset(info, 0, sizeof(*info));
	return kernel_request(k, kernel_message(k, DHCPK_CMD_GET_INFO, NLM_F_ACK), take_info, info,
			      e);
}

static void take_stats(struct nlattr **attrs, void *arg)
{
	uint64_t *count = arg;
	struct nlattr *a;
	int rem;

	if (!attrs[DHCPK_A_STATS])
		return;
	nla_for_each_nested(a, attrs[DHCPK_A_STATS], rem) {
		if (nla_type(a) <= DHCPK_STAT_MAX && nla_len(a) == sizeof(uint64_t))
			count[nla_type(a)] = nla_get_u64(a);
	}
}

int kernel_stats(struct kernel *k, uint64_t count[DHCPK_STAT_MAX + 1], struct err *e)
{
	memset(count, 0, sizeof(*count) * (DHCPK_STAT_MAX + 1));
	return kernel_request(k, kernel_message(k, DHCPK_CMD_GET_STATS, NLM_F_ACK), take_stats,
			      count, e);
}
