/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests that the relay itself sends: probes, and clients' requests again. */
#ifndef DHCPK_RELAY_PROBE_H
#define DHCPK_RELAY_PROBE_H

#include <linux/etherdevice.h>

#include "relay/types.h"

int dhcpk_relay_probe(struct dhcpk_net *dn, struct dhcpk_relay *relay, struct dhcpk_server *server);
void dhcpk_relay_probe_chaddr(const struct net_device *dev, u8 *chaddr);
bool dhcpk_relay_ask(struct dhcpk_net *dn, struct dhcpk_relay *relay, const u8 *body,
		     unsigned int len);

/* No client has the hardware address of the probes: a reply with it answers a probe. */
static inline bool dhcpk_relay_answers_probe(const struct dhcp_hdr *hdr,
					     const struct net_device *dev)
{
	u8 chaddr[ETH_ALEN];

	dhcpk_relay_probe_chaddr(dev, chaddr);
	return hdr->htype == DHCP_HTYPE_ETHERNET && hdr->hlen == ETH_ALEN &&
	       ether_addr_equal_unaligned(hdr->chaddr, chaddr);
}

#endif
