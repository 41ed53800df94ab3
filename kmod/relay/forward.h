/* SPDX-License-Identifier: GPL-2.0-only */
/* A relay sends a request to servers. */
#ifndef DHCPK_RELAY_FORWARD_H
#define DHCPK_RELAY_FORWARD_H

#include <linux/inetdevice.h>

#include "relay/types.h"

/**
 * struct dhcpk_relay_request - a request on its way to servers
 * @relay: its relay
 * @dev: the interface on which it arrived
 * @skb: the packet that brought the request, or NULL
 * @skb_consumed: @skb carries the request on, changed; the caller must not use it any more
 * @sent: the relay has sent the request to a server
 * @body: the message
 * @len: its length
 * @giaddr: the giaddr for a message without one
 * @strip_agent: remove the option 82 of the request
 * @agent: the option 82 to add; empty: none
 * @no_room: the relay has an option 82 to add, but it is too long for an option
 * @expects_reply: a server will answer
 * @target: the relay's server that the request is for; NULL: none of them, or any
 * @target_only: no other server must see the request
 * @all_servers: the relay does not know which server the request is for
 * @type: the message type
 * @now: boottime ns
 */
struct dhcpk_relay_request {
	struct dhcpk_relay	*relay;
	struct net_device	*dev;
	struct sk_buff		*skb;
	bool			skb_consumed;
	bool			sent;
	const u8		*body;
	unsigned int		len;
	__be32			giaddr;
	bool			strip_agent;
	struct dhcp_bytes	agent;
	bool			no_room;
	bool			expects_reply;
	struct dhcpk_server	*target;
	bool			target_only;
	bool			all_servers;
	enum dhcp_type		type;
	u64			now;
};

void dhcpk_request_plan_agent(struct dhcpk_relay_request *req, bool has_agent, const u8 *station,
			      bool unicast, u8 *agent);
int dhcpk_forward(struct dhcpk_relay_request *req, struct dhcpk_server *server, bool last);
void dhcpk_forward_all(const struct dhcpk_net *dn, struct dhcpk_relay_request *req);

/*
 * A configured giaddr has to be an address of this host; otherwise the relay relays no request. A
 * relay without an address relays only requests that have a giaddr already.
 */
static inline bool dhcpk_request_has_giaddr(const struct dhcpk_relay_request *req)
{
	if (req->relay->giaddr)
		return __ip_dev_find(dev_net(req->dev), req->relay->giaddr, false);
	return req->giaddr || ((const struct dhcp_hdr *)req->body)->giaddr;
}

#endif
