/* SPDX-License-Identifier: GPL-2.0-only */
/* An exchange while it lasts: the interface of its client, and the server of each offer. */
#ifndef DHCPK_RELAY_EXCHANGE_H
#define DHCPK_RELAY_EXCHANGE_H

#include "relay/types.h"

int dhcpk_exchanges_init(struct dhcpk_net *dn, struct dhcpk_config *c);
void dhcpk_exchanges_free(struct dhcpk_net *dn);
void dhcpk_exchange_asked(struct dhcpk_exchanges *x, const struct net_device *dev, u32 exchange);
struct net_device *dhcpk_exchange_dev(const struct dhcpk_exchanges *x, struct net *net,
				      const struct dhcp_hdr *hdr);
void dhcpk_exchange_offered(struct dhcpk_exchanges *x, const struct net_device *dev,
			    const struct dhcp_hdr *hdr, __be32 server);
__be32 dhcpk_exchange_server(const struct dhcpk_exchanges *x, const struct dhcp_hdr *hdr,
			     __be32 addr);

#endif
