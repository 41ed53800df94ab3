// SPDX-License-Identifier: GPL-2.0-only
/*
 * The server gives a client an address: which address, for how long, and whether the ACK may leave
 * before the lease is stored. The leases are locked.
 */
#include "server/grant.h"

#include <linux/if_arp.h>

#include "lease/dirty.h"
#include "lease/lease.h"
#include "lease/parked.h"
#include "lease/record.h"
#include "server/allowed.h"

/* Addresses of this host that one message may skip in a pool. */
enum { PICKS_MAX = 32 };

/* Seconds: the least that a client gets while the store is silent */
enum { SHORTEST_LEASE = 30 };

/**
 * dhcpk_host_here - the client's reservation, if it is in the pool that answers
 * @ctx: a message with its pool and client
 *
 * Return: the reservation, or NULL.
 * Context: softirq, RCU.
 */
const struct dhcpk_host *dhcpk_host_here(const struct dhcpk_ctx *ctx)
{
	return ctx->host && ctx->host->pool == ctx->pool ? ctx->host : NULL;
}

/**
 * dhcpk_lease_time - how long the client may have its address, RFC 2131 section 4.3.1
 * @ctx: a message with its pool and client
 *
 * The requested time within the limits, else the time of the reservation, or of the pool. Infinite
 * is the largest time.
 *
 * Return: seconds.
 * Context: softirq, RCU.
 */
u32 dhcpk_lease_time(const struct dhcpk_ctx *ctx)
{
	const struct dhcpk_host *host = dhcpk_host_here(ctx);
	const struct dhcpk_pool *pool = ctx->pool;
	u32 lease = host && host->lease ? host->lease : pool->lease;
	u32 most = host && host->lease ? lease : pool->lease_max;

	return ctx->msg.has_lease_time ?
	       clamp(ctx->msg.lease_time, min(pool->lease_min, lease), most) : lease;
}

/*
 * Picks an address of the pool. An address of this host is skipped for now: the host may have lost
 * it by the next time. If the pool has no other free address, the skipped ones stay reserved for
 * this host until the pool is configured anew.
 */
static bool pick_address(const struct dhcpk_ctx *ctx, u32 *addr)
{
	struct dhcpk_map *map = ctx->pool->map;
	u64 hash = dhcpk_id_hash(&ctx->id, &map->key);
	u32 passed[PICKS_MAX];
	unsigned int n = 0;
	bool found = false;

	while (n < PICKS_MAX && dhcpk_alloc_pick(map->alloc, hash, addr)) {
		found = !dhcpk_machine_has(ctx, *addr);
		if (found)
			break;
		dhcpk_alloc_take(map->alloc, *addr);
		passed[n++] = *addr;
	}
	while (n--) {
		dhcpk_alloc_release(map->alloc, passed[n],
				    dhcpk_lease_at(ctx->dn->leases, passed[n], ctx->now));
		if (!found)
			dhcpk_alloc_reserve(map->alloc, passed[n]);
	}
	return found;
}

/*
 * The client has found the address in use, and the address could not be quarantined. The server
 * does not offer it to this client again, as long as the pool has other free addresses.
 */
static bool avoid_address(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease)
{
	return lease->in_use && !dhcpk_lease_bound(lease) &&
	       dhcpk_alloc_has_clean(ctx->pool->map->alloc);
}

/*
 * The address that the client asks for; 0 for none. The address of an expired or released lease is
 * not given to another client that asks for it, as long as the pool has a free address that is
 * remembered for no client.
 */
static u32 wished_address(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease)
{
	u32 addr = ntohl(dhcp_asked_addr(&ctx->msg));

	if (lease && lease->by_id.addr == addr && avoid_address(ctx, lease))
		return 0;
	return dhcpk_remembered_for_another(ctx, lease, addr) ? 0 : addr;
}

/**
 * dhcpk_choose_address - an address for a client that asks for none, or for one it has no right to,
 * RFC 2131 section 4.3.1
 * @ctx: a message with its pool and client
 * @lease: the client's lease on its link, or NULL
 * @addr: set to the reserved address, the address of @lease, the requested address, or any free
 * one; host order
 *
 * Return: false if the pool has none.
 * Context: softirq, RCU, the leases locked.
 */
bool dhcpk_choose_address(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease, u32 *addr)
{
	const u32 wishes[] = { dhcpk_reserved_address(ctx),
			       lease && !avoid_address(ctx, lease) ? lease->by_id.addr : 0,
			       wished_address(ctx, lease) };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wishes); i++) {
		*addr = wishes[i];
		if (*addr && dhcpk_allowed(ctx, lease, *addr) &&
		    !dhcpk_taken_by_other(ctx, lease, *addr))
			return true;
	}
	return pick_address(ctx, addr);
}

/**
 * dhcpk_grant - give an address to the client, and put it into the reply
 * @ctx: a message with its pool and client
 * @lease: the client's lease on its link, or NULL
 * @addr: host order
 * @state: DHCPK_LEASE_OFFERED, DHCPK_LEASE_PENDING or DHCPK_LEASE_BOUND
 * @seconds: how long
 *
 * Return: the lease, or NULL for lack of memory.
 * Context: softirq, RCU, the leases locked.
 */
struct dhcpk_lease *dhcpk_grant(struct dhcpk_ctx *ctx, struct dhcpk_lease *lease, u32 addr,
				u8 state, u32 seconds)
{
	ctx->reply.yiaddr = htonl(addr);
	return dhcpk_lease_grant(ctx->dn->leases, lease, &ctx->id, addr, state, ctx->now, seconds,
				 &ctx->msg);
}

/* The ACK of a renewal goes back to the sender of the REQUEST only. No other client receives it. */
static bool answered_in_place(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease,
			      u32 addr)
{
	return lease && dhcpk_lease_bound(lease) && lease->by_id.addr == addr &&
	       ctx->msg.hdr->ciaddr == htonl(addr) && !ctx->msg.hdr->giaddr &&
	       (ctx->remote || ctx->dev->type == ARPHRD_ETHER);
}

/*
 * An ACK to this client waits for the store. A REQUEST for another address, which is easily forged,
 * must not drop that ACK; nor must a REQUEST for the same address that repeats the earlier one, or
 * follows it too fast for a client. A message with another identifier must not get an answer that
 * the client would take for its ACK.
 */
static bool ack_comes_first(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease, u32 addr)
{
	if (lease && lease->parked &&
	    (lease->by_id.addr != addr || dhcpk_parked_already(lease, &ctx->msg, ctx->now)))
		return true;
	return dhcpk_awaited(ctx->dn->leases, ctx->msg.hdr) && !answered_in_place(ctx, lease, addr);
}

/*
 * Does the store already have everything that this renewal asks for? Then the server answers,
 * though an ACK that grants more waits for a store that may be dead: the REQUEST for that ACK may
 * be forged. A repeated REQUEST gets the waiting ACK as its answer.
 */
static bool already_granted(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease, u32 addr,
			    u32 seconds)
{
	u64 end = dhcpk_expiry(ctx->now, seconds);

	/* The horizon of another store does not count. */
	if (addr >= ctx->dn->leases->forget_from)
		return false;
	return lease && lease->parked && answered_in_place(ctx, lease, addr) &&
	       !dhcpk_parked_reply_to(lease, &ctx->msg) && end <= lease->horizon &&
	       end <= lease->expires;
}

/*
 * Returns the seconds for which the store covers a bound client, while nothing more can be stored.
 * Returns 0 where these are too few for a lease: clients round a lease of less than half a minute
 * up.
 */
static u32 covered_seconds(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *l, u32 seconds)
{
	u32 least = min(seconds, max_t(u32, ctx->pool->lease_min, SHORTEST_LEASE));
	u64 left;

	if (ctx->reply.type != DHCP_ACK || l->state != DHCPK_LEASE_BOUND ||
	    l->horizon <= ctx->now ||
	    !dhcpk_store_is_silent(ctx->dn->leases, ctx->now))
		return 0;
	left = div_u64(l->horizon - ctx->now, NSEC_PER_SEC);
	return left < least ? 0 : min_t(u64, left, DHCPK_LEASE_INFINITE - 1);
}

/*
 * The store does not cover the lease, so that the ACK waits. While the store is silent, a bound
 * client gets at once the shorter lease that the store covers: the lease time of the pool may have
 * grown since the client was bound, and a client does not ask for less by itself. The store gets
 * the whole lease all the same.
 */
static void wait_or_shorten(struct dhcpk_ctx *ctx, const struct dhcpk_lease *l, u32 seconds)
{
	u32 covered = covered_seconds(ctx, l, seconds);

	ctx->wait = !covered;
	if (covered)
		ctx->reply.lease_time = covered;
}

/**
 * dhcpk_grant_bound - bind the client; the reply waits unless the store has the lease already
 * @ctx: a message with its pool and client
 * @lease: the client's lease on its link, or NULL
 * @addr: host order
 * @seconds: how long
 *
 * With durability async the reply does not wait, unless a change has waited for the store for
 * longer than that allows.
 *
 * Return: DHCPK_NEXT, with @wait in @ctx; DHCPK_DROP if a waiting ACK comes first, or for lack of
 * memory.
 * Context: softirq, RCU, the leases locked.
 */
enum dhcpk_step dhcpk_grant_bound(struct dhcpk_ctx *ctx, struct dhcpk_lease *lease, u32 addr,
				  u32 seconds)
{
	struct dhcpk_leases *s = ctx->dn->leases;
	bool async = ctx->pool->flags & DHCPK_POOL_F_ASYNC && !dhcpk_backlog(s, ctx->now);
	struct dhcpk_lease *l;

	lockdep_assert_held(&s->lock);
	if (already_granted(ctx, lease, addr, seconds)) {
		ctx->reply.yiaddr = htonl(addr);
		return DHCPK_NEXT;
	}
	if (ack_comes_first(ctx, lease, addr))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_DUPLICATE);
	l = dhcpk_grant(ctx, lease, addr, async ? DHCPK_LEASE_BOUND : DHCPK_LEASE_PENDING, seconds);
	if (!l)
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_NO_MEMORY);
	if (!async && l->horizon < dhcpk_expiry(ctx->now, seconds))
		wait_or_shorten(ctx, l, seconds);
	ctx->seq = l->seq;
	/*
	 * A waiting ACK answers an earlier request, and may grant more than the store will have
	 * now.
	 */
	kfree_skb(dhcpk_unpark(s, l));
	return DHCPK_NEXT;
}
