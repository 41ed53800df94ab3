// SPDX-License-Identifier: GPL-2.0-only
/* Which address a client may have, whoever has it now: its reserved one, or what the pool gives. The space is locked. */
#include "server/allowed.h"

#include <net/route.h>

#include "base/address.h"
#include "config/pool.h"
#include "lease/dirty.h"
#include "lease/lease.h"
#include "lease/record.h"
#include "server/sender.h"

/**
 * dhcpk_reserved_address - the address that is reserved for the client on its link, in the pool that answers or in another one
 * @ctx: a message with its pool and client
 *
 * Return: host order; 0 for none.
 *
 * Context: softirq, RCU, the space locked.
 */
u32 dhcpk_reserved_address(const struct dhcpk_ctx *ctx)
{
	return ctx->host ? ctx->host->addr : 0;
}

/**
 * dhcpk_machine_has - is the address this machine's? Any interface may get one out of the middle of a pool at any time.
 * @ctx: a message with its pool and client
 * @addr: host order
 *
 * Context: softirq, RCU, the space locked.
 */
bool dhcpk_machine_has(const struct dhcpk_ctx *ctx, u32 addr)
{
	return addr == ntohl(ctx->source) ||
	       dhcpk_address_type(ctx->dev, htonl(addr)) == RTN_LOCAL;
}

/**
 * dhcpk_taken_by_other - has another client the address, or does it rest?
 * @ctx: a message with its pool and client
 * @lease: the client's record on its link, or NULL
 * @addr: host order
 *
 * Context: softirq, RCU, the space locked.
 */
bool dhcpk_taken_by_other(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease, u32 addr)
{
	const struct dhcpk_lease *at = dhcpk_lease_at(ctx->dn->leases, addr, ctx->now);

	return at && at != lease && dhcpk_lease_live(at);
}

/*
 * Is the client to stay where it is, though another address is reserved for it? While the store is silent it would be refused
 * the one and not be bound to the other. The store says that it has this one.
 */
static bool stays_meanwhile(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease)
{
	return lease && dhcpk_lease_bound(lease) &&
	       lease->by_id.addr != dhcpk_reserved_address(ctx) && lease->horizon > ctx->now &&
	       dhcpk_store_is_silent(ctx->dn->leases, ctx->now) &&
	       dhcpk_pool_gives(ctx, ctx->pool, lease, lease->by_id.addr);
}

/**
 * dhcpk_allowed - may the client have this address at all, whoever has it now?
 * @ctx: a message with its pool and client
 * @lease: the client's record on its link, or NULL
 * @addr: host order
 *
 * Its reserved one and no other; but another client may still have that, and keeps it until its lease is over.
 *
 * Context: softirq, RCU, the space locked.
 */
bool dhcpk_allowed(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease, u32 addr)
{
	u32 reserved = dhcpk_reserved_address(ctx);

	if (dhcpk_machine_has(ctx, addr))
		return false;
	if (reserved && !dhcpk_machine_has(ctx, reserved) &&
	    !dhcpk_taken_by_other(ctx, lease, reserved))
		return addr == (stays_meanwhile(ctx, lease) ? lease->by_id.addr : reserved);
	return dhcpk_pool_gives(ctx, ctx->pool, lease, addr);
}

/**
 * dhcpk_remembered_for_another - is another client remembered for the address, while others are free for which none is?
 * @ctx: a message with its pool and client
 * @lease: the client's record on its link, or NULL
 * @addr: host order
 *
 * Since that client had it, it has not been offered to this one, or else this one would be the one that is remembered.
 *
 * Context: softirq, RCU, the space locked.
 */
bool dhcpk_remembered_for_another(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease,
				  u32 addr)
{
	const struct dhcpk_lease *at;

	if ((lease && lease->by_id.addr == addr) || addr == dhcpk_reserved_address(ctx))
		return false;
	at = dhcpk_lease_at(ctx->dn->leases, addr, ctx->now);
	return at && !dhcpk_same_hardware(at, ctx->msg.hdr) &&
	       dhcpk_alloc_has_clean(ctx->pool->map->alloc);
}

/**
 * dhcpk_may_keep - may the client keep the address that it is bound to? Other pools of the link have no say in that.
 * @ctx: a message with its pool and client
 * @lease: the client's record
 *
 * Context: softirq, RCU, the space locked.
 */
bool dhcpk_may_keep(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease)
{
	const struct dhcpk_pool *pool = dhcpk_pool_at(ctx->config, lease->by_id.addr);
	u32 addr = lease->by_id.addr;

	if (pool == ctx->pool)
		return dhcpk_allowed(ctx, lease, addr);
	return pool && !dhcpk_machine_has(ctx, addr) &&
	       (dhcpk_pool_gives(ctx, pool, lease, addr) ||
		dhcpk_lease_reserved(ctx, ctx->pools, lease));
}
