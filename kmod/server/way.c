// SPDX-License-Identifier: GPL-2.0-only
/* By which interface a message has come: who is not on the link may only speak by the way back to it, or by "via". */
#include "server/way.h"

#include "base/frame.h"

/**
 * dhcpk_by_return_path - does the way to the message's relay, or to its remote client, lead by the interface that it came in by?
 * @ctx: a message with its pool
 *
 * Whoever can send to any interface of ours may claim to be a relay, or a client behind routers, and have us write to others.
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
	/* The only pool says itself which ways it takes. */
	return !(ctx->pools->n == 1 && ctx->pool->n_via) && dhcpk_is_way(ctx->dev, ctx->dev, &back);
}

/**
 * dhcpk_accepted_by - does the message come by an interface that the pool names with "via", or where it names none, by the way back?
 * @ctx: the message, with @by_return_path
 * @pool: a pool of its link
 *
 * That counts for messages of relays, of clients behind routers, and "via" for those of clients that ask for an address of
 * another link by option 118, too.
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
 * dhcpk_accepted_by_all - does each pool of the client's link hear messages that come as this one has?
 * @ctx: a message with its pools
 *
 * What one of them does not hear is no reason to end a binding in it.
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
