// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>

#include "dhcpkd/store/check.h"

const char *binding_check(const struct binding *b)
{
	if (!b->ip)
		return "its address is 0.0.0.0";
	if (b->state != DHCPK_LEASE_BOUND && b->state != DHCPK_LEASE_RELEASED && !binding_rests(b))
		return "its state is none that is kept";
	if (b->chaddr_len > sizeof(b->chaddr))
		return "its chaddr has more than 16 bytes";
	if (b->agent_len > BINDING_AGENT_MAX)
		return "its agent has more than 512 bytes";
	if (b->id_len && b->id_kind >= BINDING_ID_NONE)
		return "its id_kind is none that there is";
	if (!b->id_len && b->id_kind)
		return "its id has no bytes";
	if (!b->id_len && !binding_rests(b))
		return "it is nobody's: it has no id";
	return NULL;
}
