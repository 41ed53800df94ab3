// SPDX-License-Identifier: GPL-2.0-only
/* A client is given an address: which one, for how long, and whether the ACK may leave before the store knows. The space is locked. */
#include "server/grant.h"

#include <linux/if_arp.h>

#include "lease/dirty.h"
#include "lease/lease.h"
#include "lease/parked.h"
#include "lease/record.h"
#include "server/allowed.h"

/* Addresses of this machine that one message may find in a pool. */
enum { PICKS_MAX = 32 };

enum { SHORTEST_LEASE = 30 };	/* seconds, that a client is given because the store is silent */

/**
 * dhcpk_host_here - the client's reservation, if it is one of the pool that answers
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
 * The client's wish within the limits, else the time of its reservation, or of the pool. Infinite is the largest.
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
 * An address that this machine has now is passed over now: it may have gone by the next time. If there is no other one, they
 * are the machine's until the pool is configured anew.
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

/* An address that the client has found in use, and that could not rest, is no offer for it as long as there are others. */
static bool avoid_address(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease)
{
	return lease->in_use && !dhcpk_lease_bound(lease) &&
	       dhcpk_alloc_has_clean(ctx->pool->map->alloc);
}

/*
 * The address that a client asks for. A remembered client keeps its address from that wish as long as the pool has an address for
 * which no client is remembered.
 */
static u32 wished_address(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease)
{
	u32 addr = ntohl(dhcp_asked_addr(&ctx->msg));

	if (lease && lease->by_id.addr == addr && avoid_address(ctx, lease))
		return 0;
	return dhcpk_remembered_for_another(ctx, lease, addr) ? 0 : addr;
}

/**
 * dhcpk_choose_address - the address for a client that names none it has a right to, RFC 2131 section 4.3.1
 * @ctx: a message with its pool and client
 * @lease: the client's record on its link, or NULL
 * @addr: set to the reserved address, the current or remembered one, the one asked for, or any; host order
 *
 * Return: false if the pool has none.
 * Context: softirq, RCU, the space locked.
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
 * dhcpk_grant - the client gets an address, and the reply says so
 * @ctx: a message with its pool and client
 * @lease: the client's record on its link, or NULL
 * @addr: host order
 * @state: DHCPK_LEASE_OFFERED, DHCPK_LEASE_PENDING or DHCPK_LEASE_BOUND
 * @seconds: how long
 *
 * Return: the record, or NULL for lack of memory.
 * Context: softirq, RCU, the space locked.
 */
struct dhcpk_lease *dhcpk_grant(struct dhcpk_ctx *ctx, struct dhcpk_lease *lease, u32 addr,
				u8 state, u32 seconds)
{
	ctx->reply.yiaddr = htonl(addr);
	return dhcpk_lease_grant(ctx->dn->leases, lease, &ctx->id, addr, state, ctx->now, seconds,
				 &ctx->msg);
}

/* The ACK of a renewal goes back to the sender of the REQUEST. No other client receives it. */
static bool answered_in_place(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease,
			      u32 addr)
{
	return lease && dhcpk_lease_bound(lease) && lease->by_id.addr == addr &&
	       ctx->msg.hdr->ciaddr == htonl(addr) && !ctx->msg.hdr->giaddr &&
	       (ctx->remote || ctx->dev->type == ARPHRD_ETHER);
}

/*
 * An ACK of this client's waits for the store: a request for another address, which anybody can forge, must not have it
 * dropped; nor must one for the same address that repeats the request, or follows it too fast for a client. And what has
 * another identifier must not be answered as if it were that request.
 */
static bool ack_comes_first(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease, u32 addr)
{
	if (lease && lease->parked &&
	    (lease->by_id.addr != addr || dhcpk_parked_already(lease, &ctx->msg, ctx->now)))
		return true;
	return dhcpk_awaited(ctx->dn->leases, ctx->msg.hdr) && !answered_in_place(ctx, lease, addr);
}

/*
 * Has the client been promised all that its renewal asks for, on the disk, too? It is answered though an ACK that promises more waits
 * for a store that may be dead: anybody can have forged the REQUEST for that. A repeated REQUEST has that ACK for its answer.
 */
static bool already_granted(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease, u32 addr,
			    u32 seconds)
{
	u64 end = dhcpk_expiry(ctx->now, seconds);

	/* What another store had written counts for nothing. */
	if (addr >= ctx->dn->leases->forget_from)
		return false;
	return lease && lease->parked && answered_in_place(ctx, lease, addr) &&
	       !dhcpk_parked_reply_to(lease, &ctx->msg) && end <= lease->horizon &&
	       end <= lease->expires;
}

/*
 * How long may a bound client use its address by what the store says, while nothing more can be
 * stored? 0: not for long enough. Clients round a shorter lease than half a minute up.
 */
static u32 covered_seconds(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *l, u32 seconds)
{
	u32 least = min(seconds, max_t(u32, ctx->pool->lease_min, SHORTEST_LEASE));
	u64 left;

	if (ctx->reply.type != DHCP_ACK || l->state != DHCPK_LEASE_BOUND || l->horizon <= ctx->now ||
	    !dhcpk_store_is_silent(ctx->dn->leases, ctx->now))
		return 0;
	left = div_u64(l->horizon - ctx->now, NSEC_PER_SEC);
	return left < least ? 0 : min_t(u64, left, DHCPK_LEASE_INFINITE - 1);
}

/*
 * The store does not cover the lease: the ACK waits. If the store is silent, a bound client gets at
 * once what it covers. The pool's lease may have become longer since the client was bound, and a
 * client does not ask for less by itself. The store is told the whole lease all the same.
 */
static void wait_or_shorten(struct dhcpk_ctx *ctx, const struct dhcpk_lease *l, u32 seconds)
{
	u32 covered = covered_seconds(ctx, l, seconds);

	ctx->wait = !covered;
	if (covered)
		ctx->reply.lease_time = covered;
}

/**
 * dhcpk_grant_bound - bind the client, if that is stored; or else the reply waits until it is
 * @ctx: a message with its pool and client
 * @lease: the client's record on its link, or NULL
 * @addr: host order
 * @seconds: how long
 *
 * Return: DHCPK_NEXT, with @wait in @ctx; DHCPK_DROP if an ACK that waits comes first, or for lack of memory.
 * Context: softirq, RCU, the space locked.
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
	/* An ACK that waits for the store answers an earlier request, and may promise more than the store is told now. */
	kfree_skb(dhcpk_unpark(s, l));
	return DHCPK_NEXT;
}
