/* SPDX-License-Identifier: GPL-2.0-only */
/* The relay and the server of a reply. */
#ifndef DHCPK_RELAY_MATCH_H
#define DHCPK_RELAY_MATCH_H

#include "ctx.h"
#include "relay/types.h"

enum dhcpk_step dhcpk_relay_of_reply(const struct dhcpk_ctx *ctx, struct dhcpk_relay **relay);
enum dhcpk_step dhcpk_relay_check_server(const struct dhcpk_ctx *ctx, struct dhcpk_relay *relay,
					 const struct net_device *dev,
					 struct dhcpk_server **server);

#endif
