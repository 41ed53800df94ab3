/* SPDX-License-Identifier: GPL-2.0-only */
/* Frames, and the routes that they take. */
#ifndef DHCPK_FRAME_H
#define DHCPK_FRAME_H

#include <linux/etherdevice.h>
#include <linux/skbuff.h>

#include "core/dhcp.h"

struct dhcpk_exchange;
struct dhcpk_lease;
struct rtable;

/**
 * struct dhcpk_dest - where a message goes; in its cb while it has no headers yet and waits for the store
 * @lease: whose @parked it is, while it waits for the store
 * @exchange: what it answers, then; NULL for lack of memory
 * @source: our address
 * @addr: the receiver's, with @port
 * @sport: the port that it comes from
 * @ifindex: the interface that the request came in by
 * @mac: on that link; unused with @on_all and @routed
 * @on_all: to everybody on that link
 * @routed: by the routing table, not by that link
 * @type: enum dhcp_type of the reply
 * @addresses: rt_genid_ipv4() when it began to wait: as long as that stays the same, no interface has got an address
 *
 * Nothing in here keeps an interface or a route from going away while the reply waits.
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
bool dhcpk_is_way(const struct net_device *by, const struct net_device *of, const struct dhcpk_dest *to);
struct sk_buff *dhcpk_frame_new(const struct net_device *dev, unsigned int size);
struct sk_buff *dhcpk_frame_for(const struct net_device *dev, struct sk_buff *skb, const u8 *message, unsigned int len,
				unsigned int size, bool *gone);
int dhcpk_frame_send(struct net_device *dev, struct rtable *rt, const struct dhcpk_dest *to, struct sk_buff *skb);

#endif
