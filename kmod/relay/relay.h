/* SPDX-License-Identifier: GPL-2.0-only */
/* The relays of a generation of the configuration. */
#ifndef DHCPK_RELAY_RELAY_H
#define DHCPK_RELAY_RELAY_H

#include "relay/types.h"

struct dhcpk_relay *dhcpk_relay_new(const void *template, size_t len);
void dhcpk_relay_free(struct dhcpk_relay *relay);
void dhcpk_relays_free(struct dhcpk_config *c);
struct dhcpk_relay *dhcpk_config_relay(const struct dhcpk_config *c, const char *dev);
int dhcpk_config_add_relay(struct dhcpk_config *c, struct dhcpk_relay *relay);
int dhcpk_relays_inherit(struct dhcpk_net *dn, const struct dhcpk_config *old,
			 struct dhcpk_config *c);
void dhcpk_relays_inherit_counts(const struct dhcpk_config *old, struct dhcpk_config *c);
struct dhcpk_relay *dhcpk_config_relay_at(const struct dhcpk_config *c, __be32 giaddr);
bool dhcpk_config_lists_server(const struct dhcpk_config *c, __be32 addr);
bool dhcpk_config_accepts_server(const struct dhcpk_config *c, __be32 addr);

#endif
