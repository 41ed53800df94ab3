/* SPDX-License-Identifier: GPL-2.0-only */
/* A relay with "survive" stores ACKs, and answers renewals while its servers are silent. */
#ifndef DHCPK_RELAY_SURVIVE_H
#define DHCPK_RELAY_SURVIVE_H

#include "ctx.h"
#include "relay/types.h"

bool dhcpk_survive_reply(struct dhcpk_relay *relay, const struct net_device *dev, __be32 from,
			 const struct dhcp_msg *reply, const void *body, unsigned int len);
void dhcpk_survive_request(struct dhcpk_relay *relay, const struct dhcp_msg *msg, u32 exchange);
void dhcpk_survive_release(struct dhcpk_relay *relay, const struct dhcp_msg *msg);
struct dhcpk_msg_copy *dhcpk_survive_answer(struct dhcpk_relay *relay, const struct dhcpk_ctx *ctx);

#endif
