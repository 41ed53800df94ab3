// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which address may a client have, regardless of its current holder: the reserved address, or an
 * address that the pool gives. The leases are locked.
 */
#include "server/allowed.h"

#include <net/route.h>

#include "base/address.h"
#include "config/pool.h"
#include "lease/dirty.h"
#include "lease/lease.h"
#include "lease/record.h"
#include "server/sender.h"

/**
 * dhcpk_reserved_address - the address that is reserved for the client on its link
 * @ctx: a message with its pool and client
 *
 * The reservation may be in the pool that answers or in another pool of the link.
 *
 * Return: host order; 0 for none.
 *
 * Context: softirq, RCU, the leases locked.
 */
u32 dhcpk_reserved_address(const struct dhcpk_ctx *ctx)
{
	return ctx->host ? ctx->host->addr : 0;
}

/**
 * dhcpk_machine_has - is the address an address of this host?
 * @ctx: a message with its pool and client
 * @addr: host order
 *
 * Any interface may get an address out of the middle of a pool at any time.
 *
 * Context: softirq, RCU, the leases locked.
 */
bool dhcpk_machine_has(const struct dhcpk_ctx *ctx, u32 addr)
{
	return addr == ntohl(ctx->source) ||
	       dhcpk_address_type(ctx->dev, htonl(addr)) == RTN_LOCAL;
}

/**
 * dhcpk_taken_by_other - does another client have the address, or is it quarantined?
 * @ctx: a message with its pool and client
 * @lease: the client's lease on its link, or NULL
 * @addr: host order
 *
 * Context: softirq, RCU, the leases locked.
 */
bool dhcpk_taken_by_other(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease, u32 addr)
{
	const struct dhcpk_lease *at = dhcpk_lease_at(ctx->dn->leases, addr, ctx->now);

	return at && at != lease && dhcpk_lease_live(at);
}

/*
 * Does the client keep its current address for now, though another address is reserved for it?
 * While the store is silent, the server could only refuse the current address, and could not bind
 * the client to the reserved one. The store still has the lease of the current address.
 */
static bool stays_meanwhile(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease)
{
	return lease && dhcpk_lease_bound(lease) &&
	       lease->by_id.addr != dhcpk_reserved_address(ctx) && lease->horizon > ctx->now &&
	       dhcpk_store_is_silent(ctx->dn->leases, ctx->now) &&
	       dhcpk_pool_gives(ctx, ctx->pool, lease, lease->by_id.addr);
}

/**
 * dhcpk_allowed - may the client have this address, regardless of its current holder?
 * @ctx: a message with its pool and client
 * @lease: the client's lease on its link, or NULL
 * @addr: host order
 *
 * A client with a reservation may only have the reserved address. If another client still holds the
 * reserved address, that client keeps it until its lease ends; meanwhile the pool's addresses are
 * allowed.
 *
 * Context: softirq, RCU, the leases locked.
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
 * dhcpk_remembered_for_another - is the address remembered for another client, while the pool has
 * free addresses that are remembered for no client?
 * @ctx: a message with its pool and client
 * @lease: the client's lease on its link, or NULL
 * @addr: host order
 *
 * If the server had offered the address to this client since then, the lease would be this
 * client's.
 *
 * Context: softirq, RCU, the leases locked.
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
 * dhcpk_may_keep - may the client keep the address that it is bound to?
 * @ctx: a message with its pool and client
 * @lease: the client's lease
 *
 * Only the pool that contains the address decides, not the other pools of the link.
 *
 * Context: softirq, RCU, the leases locked.
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
