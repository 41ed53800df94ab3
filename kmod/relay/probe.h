/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests that no client has sent just now. */
#ifndef DHCPK_RELAY_PROBE_H
#define DHCPK_RELAY_PROBE_H

#include "relay/types.h"

int dhcpk_relay_probe(struct dhcpk_net *dn, struct dhcpk_relay *relay, struct dhcpk_server *server);
bool dhcpk_relay_answers_probe(const struct dhcp_hdr *hdr, const struct net_device *dev);
bool dhcpk_relay_ask(struct dhcpk_net *dn, struct dhcpk_relay *relay, const u8 *body,
		     unsigned int len);

#endif
