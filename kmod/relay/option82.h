/* SPDX-License-Identifier: GPL-2.0-only */
/* The addresses of a relay's interface, and the relay's option 82. */
#ifndef DHCPK_RELAY_OPTION82_H
#define DHCPK_RELAY_OPTION82_H

#include "relay/types.h"

/* The subnet of an address */
struct dhcpk_subnet {
	__be32	addr;
	__be32	mask;
};

__be32 dhcpk_relay_address(const struct net_device *dev);
__be32 dhcpk_relay_link(const struct dhcpk_relay *relay, const struct net_device *dev);
struct dhcpk_subnet dhcpk_relay_subnet(const struct dhcpk_relay *relay,
				       const struct net_device *dev);
bool dhcpk_relay_has_subnet(const struct net_device *dev);
__be32 dhcpk_relay_giaddr(const struct dhcpk_relay *relay, const struct net_device *dev);
bool dhcpk_relay_agent(const struct dhcpk_relay *relay, const struct net_device *dev,
		       const struct dhcp_hdr *hdr, const u8 *station, bool unicast,
		       struct dhcp_bytes *agent, u8 *buf);
void dhcpk_relay_expected_agent(const struct dhcpk_relay *relay, const struct net_device *dev,
				const struct dhcp_hdr *hdr, struct dhcp_own_agent *expected,
				u8 *buf);

#endif
