// SPDX-License-Identifier: GPL-2.0-only
/*
 * By which interface a message has come. A message of a relay, or of a client behind routers, must
 * come by the interface of the route back to it, or by an interface that the pool names with "via".
 */
#include "server/way.h"

#include "base/frame.h"

/**
 * dhcpk_by_return_path - does the route to the message's relay, or to its remote client, leave by
 * the interface that the message came in by?
 * @ctx: a message with its pool
 *
 * A sender on any interface may claim to be a relay, or a client behind routers, and so make this
 * server send to other hosts.
 *
 * Context: softirq, RCU.
 */
bool dhcpk_by_return_path(const struct dhcpk_ctx *ctx)
{
	const struct dhcp_hdr *hdr = ctx->msg.hdr;
	const struct dhcpk_dest back = {
		.source	= ctx->source,
		.addr	= hdr->giaddr ?: hdr->ciaddr,
		.sport	= htons(DHCP_SERVER_PORT),
		.port	= htons(hdr->giaddr ? DHCP_SERVER_PORT : DHCP_CLIENT_PORT),
	};

	if (!hdr->giaddr && !ctx->remote)
		return true;
	/* The only pool of the link names its interfaces itself. */
	return !(ctx->pools->n == 1 && ctx->pool->n_via) && dhcpk_is_way(ctx->dev, ctx->dev, &back);
}

/**
 * dhcpk_accepted_by - does the message come by an interface of the pool's "via", or, if the pool
 * has no "via", by the return path?
 * @ctx: the message, with @by_return_path
 * @pool: a pool of its link
 *
 * The return path is checked for messages of relays and of clients behind routers. "via" is also
 * checked for clients that ask for an address of another link by option 118.
 *
 * Context: softirq, RCU.
 */
bool dhcpk_accepted_by(const struct dhcpk_ctx *ctx, const struct dhcpk_pool *pool)
{
	unsigned int i;

	if (!pool->n_via)
		return ctx->by_return_path;
	if (!ctx->remote && !ctx->msg.hdr->giaddr && pool->link == ctx->link)
		return true;
	for (i = 0; i < pool->n_via; i++) {
		if (!strcmp(pool->via[i], ctx->dev->name))
			return true;
	}
	return false;
}

/**
 * dhcpk_accepted_by_all - does each pool of the client's link accept messages from this interface?
 * @ctx: a message with its pools
 *
 * A message that a pool does not accept must not end a lease in that pool.
 *
 * Context: softirq, RCU.
 */
bool dhcpk_accepted_by_all(const struct dhcpk_ctx *ctx)
{
	unsigned int i;

	if (!ctx->pools->any_via)
		return ctx->by_return_path;
	for (i = 0; i < ctx->pools->n; i++) {
		if (!dhcpk_accepted_by(ctx, ctx->pools->pool[i]))
			return false;
	}
	return true;
}
