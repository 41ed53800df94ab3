// SPDX-License-Identifier: GPL-2.0-only
/* A message on its way through the data path. */
#include "ctx.h"

#include "base/trace.h"

/**
 * dhcpk_drop - count a message and drop it
 * @ctx: the message; it may not have been read yet
 * @why: DHCPK_STAT_DROP_*
 *
 * Return: DHCPK_DROP.
 * Context: softirq.
 */
enum dhcpk_step dhcpk_drop(const struct dhcpk_ctx *ctx, enum dhcpk_stat why)
{
	trace_drop(ctx->dev, ctx->msg.hdr, why);
	dhcpk_count(ctx->dn, why);
	return DHCPK_DROP;
}
