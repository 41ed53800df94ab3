/* SPDX-License-Identifier: GPL-2.0-only */
/* A relay sends a reply to its client. */
#ifndef DHCPK_RELAY_DELIVER_H
#define DHCPK_RELAY_DELIVER_H

#include "ctx.h"
#include "relay/types.h"

/**
 * struct dhcpk_relay_reply - a reply on its way to its client
 * @relay: its relay
 * @dev: the client's interface
 * @skb: the packet that brought the reply, or NULL
 * @skb_consumed: @skb carries the reply on; the caller must not use it any more
 * @from: the server's address
 * @body: the message
 * @len: its length
 * @type: its type
 * @strip_agent: remove option 82
 * @expected: with @strip_agent, remove only this part of option 82; NULL: all of it
 * @parsed: the parsed message, if the relay checks it and stores an ACK (survive.c); or NULL
 */
struct dhcpk_relay_reply {
	struct dhcpk_relay		*relay;
	struct net_device		*dev;
	struct sk_buff			*skb;
	bool				skb_consumed;
	__be32				from;
	const u8			*body;
	unsigned int			len;
	enum dhcp_type			type;
	bool				strip_agent;
	const struct dhcp_own_agent	*expected;
	const struct dhcp_msg		*parsed;
};

enum dhcpk_step dhcpk_deliver(struct dhcpk_relay_reply *rep);
void dhcpk_relay_answer_renewal(struct dhcpk_relay *relay, const struct dhcpk_ctx *ctx);

#endif
