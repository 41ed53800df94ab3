/* SPDX-License-Identifier: GPL-2.0-only */
/* A relay asks servers that are up again to confirm the leases that it has extended. */
#ifndef DHCPK_RELAY_RECONCILE_H
#define DHCPK_RELAY_RECONCILE_H

#include "relay/types.h"

void dhcpk_reconcile(struct dhcpk_net *dn, struct dhcpk_relay *relay, unsigned int n_relays,
		     u64 now);

#endif
