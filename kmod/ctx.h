/* SPDX-License-Identifier: GPL-2.0-only */
/* A message on its way through the data path, and the result of a step. */
#ifndef DHCPK_CTX_H
#define DHCPK_CTX_H

#include "base/net.h"
#include "config/types.h"
#include "core/dhcp.h"
#include "lease/id.h"

struct net_device;
struct rtable;
struct sk_buff;

/**
 * enum dhcpk_step - the result of a step of the data path
 * @DHCPK_NEXT: go on with the next step
 * @DHCPK_AGAIN: a new configuration has replaced the old one; start again with the new one
 * @DHCPK_PASS: the packet is not for this module; it goes on through the stack unchanged
 * @DHCPK_DROP: the packet is for this module, is refused, and is counted
 * @DHCPK_DONE: the packet is for this module and has been handled
 * @DHCPK_GONE: as DHCPK_DONE, and the skb does not belong to the caller any more
 */
enum dhcpk_step {
	DHCPK_NEXT,
	DHCPK_AGAIN,
	DHCPK_PASS,
	DHCPK_DROP,
	DHCPK_DONE,
	DHCPK_GONE,
};

/**
 * struct dhcpk_ctx - a message on its way through the data path; on the stack
 *
 * @msg points into the linear part of @skb. No step after parsing may pull, so the pointers stay
 * valid.
 *
 * @link: the pools and the relay on @dev, NULL for none
 * @pools: the pools of the client's link
 * @pool: the pool that answers, one of @pools
 * @host: the client's reservation on its link, in @pool or in another pool of @pools
 * @len: length of the message in bytes
 * @port: destination port of the message
 * @in_this_vrf: the destination is broadcast, or an address of this host in the VRF of @dev;
 * otherwise the message can only be a reply to a relay in another VRF
 * @unicast: the destination is an address of this host
 * @remote: the client is not on @dev: its message came through routers
 * @by_return_path: the route to the client's relay, or to the client if it is @remote, leaves by
 * @dev
 * @untrusted_agent: option 82 that no relay inserted and that the pools do not trust; it is removed
 * from @msg, but echoed
 * @source: the address of this host that the reply is sent from
 * @wait: the reply grants more than the store has, and waits for the store
 * @seq: with @wait, sequence number of the lease's change
 * @answer: the reply, once it is built, with its destination in the cb
 * @route: the route of the reply; NULL: the reply goes to the link
 */
struct dhcpk_ctx {
	struct sk_buff			*skb;
	struct net_device		*dev;
	struct dhcpk_net		*dn;
	const struct dhcpk_config	*config;
	const struct dhcpk_link		*link;
	const struct dhcpk_pools	*pools;
	const struct dhcpk_pool		*pool;
	const struct dhcpk_host		*host;
	struct dhcp_msg			msg;
	unsigned int			len;
	struct dhcpk_id			id;
	struct dhcp_reply		reply;
	__be32				source;
	__be16				port;
	bool				in_this_vrf;
	bool				unicast;
	bool				remote;
	bool				by_return_path;
	bool				wait;
	u64				seq;
	struct sk_buff			*answer;
	struct rtable			*route;
	u64				now;
	struct dhcp_agent		untrusted_agent;
};

/* Is there a relay on the interface, for messages that no pool takes? */
static inline bool dhcpk_relayed_on(const struct dhcpk_ctx *ctx)
{
	return ctx->link && ctx->link->relay;
}

enum dhcpk_step dhcpk_drop(const struct dhcpk_ctx *ctx, enum dhcpk_stat why);

/*
 * A message that the pools cannot answer goes to the relay of its link. Without a relay the message
 * is dropped.
 */
static inline enum dhcpk_step dhcpk_pass_or_drop(struct dhcpk_ctx *ctx, enum dhcpk_stat why)
{
	return dhcpk_relayed_on(ctx) ? DHCPK_PASS : dhcpk_drop(ctx, why);
}

#endif
