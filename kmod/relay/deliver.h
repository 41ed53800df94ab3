/* SPDX-License-Identifier: GPL-2.0-only */
/* A reply goes to its client. */
#ifndef DHCPK_RELAY_DELIVER_H
#define DHCPK_RELAY_DELIVER_H

#include "ctx.h"
#include "relay/types.h"

/**
 * struct dhcpk_downward - a reply on its way to its client
 * @relay: its relay
 * @dev: the client's interface
 * @skb: the one that brought it, or NULL
 * @gone: @skb carries it on and is not ours any more
 * @from: the server that it is of
 * @body: the message
 * @len: its bytes
 * @type: of the message
 * @strip: option 82 is taken out,
 * @ours: only this part of it; NULL: whatever there is
 * @note: what the parser made of it, if the relay is to heed and to remember it; or NULL
 */
struct dhcpk_downward {
	struct dhcpk_relay		*relay;
	struct net_device		*dev;
	struct sk_buff			*skb;
	bool				gone;
	__be32				from;
	const u8			*body;
	unsigned int			len;
	enum dhcp_type			type;
	bool				strip;
	const struct dhcp_own_agent	*ours;
	const struct dhcp_msg		*note;
};

enum dhcpk_step dhcpk_deliver(struct dhcpk_downward *down);
void dhcpk_relay_vouch(struct dhcpk_relay *relay, const struct dhcpk_ctx *ctx);

#endif
