// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>

#include "dhcpkd/store/check.h"

const char *lease_check(const struct stored_lease *l)
{
	if (!l->ip)
		return "its address is 0.0.0.0";
	if (l->state != DHCPK_LEASE_BOUND && l->state != DHCPK_LEASE_RELEASED && !lease_rests(l))
		return "its state is not one that is stored";
	if (l->chaddr_len > sizeof(l->chaddr))
		return "its chaddr has more than 16 bytes";
	if (l->agent_len > LEASE_AGENT_MAX)
		return "its agent has more than 512 bytes";
	if (l->id_len && l->id_kind >= LEASE_ID_NONE)
		return "its id_kind is unknown";
	if (!l->id_len && l->id_kind)
		return "its id has no bytes";
	if (!l->id_len && !lease_rests(l))
		return "its id is missing";
	return NULL;
}
