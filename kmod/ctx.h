/* SPDX-License-Identifier: GPL-2.0-only */
/* A message on its way through the data path, and how a step of that ends. */
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
 * enum dhcpk_step - how a step of the road ends
 * @DHCPK_NEXT: go on
 * @DHCPK_AGAIN: the configuration has been replaced meanwhile; start again with the new one
 * @DHCPK_PASS: the packet is not ours; it goes on through the stack as it came
 * @DHCPK_DROP: it was for us and is refused, and counted
 * @DHCPK_DONE: it was for us and has been dealt with
 * @DHCPK_GONE: so it was, and the skb is not the caller's any more
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
 * struct dhcpk_ctx - a message on its road; lives on the stack
 *
 * @msg points into @skb's linear part. No step after parsing may pull, so the pointers hold to the end.
 *
 * @link: what is served on @dev, NULL for nothing
 * @pools: those of the client's link
 * @pool: the one of them that answers
 * @host: the client's reservation on its link, in @pool or in another of @pools
 * @len: of the message, in bytes
 * @port: that it was sent to
 * @in_this_vrf: sent to us as this interface's VRF knows us; otherwise it can only be a reply to a relay in another one
 * @unicast: sent to an address of ours, not to everybody
 * @remote: the client is not on @dev: it wrote to us through routers
 * @by_return_path: the way to its relay, or to itself if it is @remote, is by @dev
 * @untrusted_agent: option 82 that no relay put in, and that the pools do not trust: @msg has none of it. It is echoed all the same
 * @source: the address of ours that the reply comes from
 * @wait: the reply promises more than the store says, and waits for it
 * @seq: with @wait, of the binding's change
 * @answer: the reply, once it is built, with its destination in the cb
 * @route: that the reply takes, or NULL: it goes to the link
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

/* Is there a relay on the interface, for what no pool takes? */
static inline bool dhcpk_relayed_on(const struct dhcpk_ctx *ctx)
{
	return ctx->link && ctx->link->relay;
}

enum dhcpk_step dhcpk_drop(const struct dhcpk_ctx *ctx, enum dhcpk_stat why);

/* A message that our pools cannot answer goes to the relay of its link. A link without a relay drops it. */
static inline enum dhcpk_step dhcpk_pass_or_drop(struct dhcpk_ctx *ctx, enum dhcpk_stat why)
{
	return dhcpk_relayed_on(ctx) ? DHCPK_PASS : dhcpk_drop(ctx, why);
}

#endif
