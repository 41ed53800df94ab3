/* SPDX-License-Identifier: GPL-2.0-only */
/* Servers that are back are asked about what was done without them. */
#ifndef DHCPK_RELAY_RECONCILE_H
#define DHCPK_RELAY_RECONCILE_H

#include "relay/types.h"

void dhcpk_reconcile(struct dhcpk_net *dn, struct dhcpk_relay *relay, unsigned int n_relays,
		     u64 now);

#endif
