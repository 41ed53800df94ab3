/* SPDX-License-Identifier: GPL-2.0-only */
/* A request goes to servers. */
#ifndef DHCPK_RELAY_FORWARD_H
#define DHCPK_RELAY_FORWARD_H

#include <linux/inetdevice.h>

#include "relay/types.h"

/**
 * struct dhcpk_upward - a request on its way to servers
 * @relay: its relay
 * @dev: the interface that it came in by
 * @skb: the one that brought it, or NULL
 * @gone: @skb carries it on; it is neither ours nor as it was any more
 * @sent: it went to a server
 * @body: the message
 * @len: its bytes
 * @giaddr: what is filled in where there is none
 * @strip: option 82 that is there is taken out
 * @agent: the one that is put in; empty: none
 * @no_room: one was to be put in, but there is no room for it in an option
 * @answer: it wants one
 * @named: the one of the relay's servers that it is for, NULL: none, or any
 * @only: no other is to see it
 * @to_all: nobody knows which one it is for
 * @type: of the message
 * @now: boottime ns
 */
struct dhcpk_upward {
	struct dhcpk_relay	*relay;
	struct net_device	*dev;
	struct sk_buff		*skb;
	bool			gone;
	bool			sent;
	const u8		*body;
	unsigned int		len;
	__be32			giaddr;
	bool			strip;
	struct dhcp_bytes	agent;
	bool			no_room;
	bool			answer;
	struct dhcpk_server	*named;
	bool			only;
	bool			to_all;
	enum dhcp_type		type;
	u64			now;
};

void dhcpk_upward_plan_agent(struct dhcpk_upward *up, bool has_agent, const u8 *station,
			     bool unicast, u8 *agent);
int dhcpk_forward(struct dhcpk_upward *up, struct dhcpk_server *server, bool last);
void dhcpk_forward_all(const struct dhcpk_net *dn, struct dhcpk_upward *up);

/*
 * With an address that it was told to have, but that is not there, a relay says nothing; without
 * any, only what others say.
 */
static inline bool dhcpk_upward_may_speak(const struct dhcpk_upward *up)
{
	if (up->relay->giaddr)
		return __ip_dev_find(dev_net(up->dev), up->relay->giaddr, false);
	return up->giaddr || ((const struct dhcp_hdr *)up->body)->giaddr;
}

#endif
