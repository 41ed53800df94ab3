/* SPDX-License-Identifier: GPL-2.0-only */
/* Frames, and their routes. */
#ifndef DHCPK_FRAME_H
#define DHCPK_FRAME_H

#include <linux/etherdevice.h>
#include <linux/skbuff.h>

#include "core/dhcp.h"

struct dhcpk_exchange;
struct dhcpk_lease;
struct rtable;

/**
 * struct dhcpk_dest - destination of a message
 * @lease: while this skb waits for the store: the lease that it waits for
 * @exchange: while it waits: the exchange that it belongs to; NULL for lack of memory
 * @source: the source address
 * @addr: the destination address, with @port
 * @sport: the source port
 * @ifindex: the interface on which the request arrived
 * @mac: the destination on that link; unused with @on_all and @routed
 * @on_all: broadcast on that link
 * @routed: send by the routing table, not on that link
 * @type: enum dhcp_type of the reply
 * @addresses: rt_genid_ipv4() when it began to wait: while that has the same value, no interface
 *	has got a new address
 *
 * The struct is in the cb of an skb that has no headers yet and waits for the store. It holds no
 * reference on an interface or a route: these may disappear while the reply waits.
 */
struct dhcpk_dest {
	struct dhcpk_lease	*lease;
	struct dhcpk_exchange	*exchange;
	__be32			source;
	__be32			addr;
	int			ifindex;
	__be16			port;
	__be16			sport;
	u8			mac[ETH_ALEN];
	bool			on_all;
	bool			routed;
	u8			type;
	int			addresses;
};

static inline struct dhcpk_dest *DHCPK_DEST(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct dhcpk_dest) > sizeof(skb->cb));
	return (struct dhcpk_dest *)skb->cb;
}

bool dhcpk_usable_chaddr(const struct net_device *dev, const struct dhcp_hdr *hdr);
struct rtable *dhcpk_route(struct net_device *dev, struct dhcpk_dest *to);
bool dhcpk_is_way(const struct net_device *by, const struct net_device *of,
		  const struct dhcpk_dest *to);
struct sk_buff *dhcpk_frame_new(const struct net_device *dev, unsigned int size);
struct sk_buff *dhcpk_frame_for(const struct net_device *dev, struct sk_buff *skb,
				const u8 *message, unsigned int len, unsigned int size, bool *gone);
int dhcpk_frame_send(struct net_device *dev, struct rtable *rt, const struct dhcpk_dest *to,
		     struct sk_buff *skb);

#endif
