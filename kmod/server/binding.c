// SPDX-License-Identifier: GPL-2.0-only
/* What a message means for its client's binding: the facts, the verdict of core/decide.c, and its execution. */
#include "server/binding.h"

#include <linux/if_arp.h>
#include <net/route.h>

#include "base/address.h"
#include "config/pool.h"
#include "lease/dirty.h"
#include "lease/lease.h"
#include "lease/parked.h"
#include "lease/record.h"
#include "server/client.h"
#include "server/select.h"
#include "server/sender.h"

enum { OFFER_SECONDS = 30 };	/* how long an offer waits for its REQUEST, RFC 2131 section 3.1 step 5 */

/* Addresses of this machine that one message may find in a pool. */
enum { PICKS_MAX = 32 };

/*
 * Offers cost a client nothing, and to decline them must not be a cheap way to empty a pool: so many of a client may rest, and of a
 * pool one address in so many, for whatever reason.
 */
enum { DECLINED_OF_CLIENT = 4, DECLINED_OF_POOL = 4 };

/*
 * RFC 2131 4.1: a server with several addresses takes any of them for its identifier; RFC 5107: and the one that the relay
 * asked us to use, now or when the client was bound. A RELEASE is sent to its server and nobody else, so that its
 * destination says as much: systemd-networkd 252 leaves the identifier out.
 */
static bool server_id_ours(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *own)
{
	__be32 id = ctx->msg.server_id;

	if (!id)
		return ctx->msg.type == DHCP_RELEASE && ctx->unicast;
	return id == ctx->reply.server_id || id == ctx->source || (own && id == own->server_id) ||
	       dhcpk_address_type(ctx->dev, id) == RTN_LOCAL;
}

/* On the client's link, be it in the pool that answers or in another one. */
static u32 reserved_address(const struct dhcpk_ctx *ctx)
{
	return ctx->host ? ctx->host->addr : 0;
}

/* Any interface may get an address out of the middle of a pool at any time. */
static bool machine_has(const struct dhcpk_ctx *ctx, u32 addr)
{
	return addr == ntohl(ctx->source) ||
	       dhcpk_address_type(ctx->dev, htonl(addr)) == RTN_LOCAL;
}

static bool taken_by_other(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *own, u32 addr)
{
	const struct dhcpk_lease *at = dhcpk_lease_at(ctx->dn->space, addr, ctx->now);

	return at && at != own && dhcpk_lease_live(at);
}

/*
 * Is the client to stay where it is, though another address is reserved for it? While the store is silent it would be refused
 * the one and not be bound to the other. The store says that it has this one.
 */
static bool stays_meanwhile(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *own)
{
	return own && dhcpk_lease_bound(own) && own->by_id.addr != reserved_address(ctx) &&
	       own->horizon > ctx->now && dhcpk_store_is_silent(ctx->dn->space, ctx->now) &&
	       dhcpk_pool_gives(ctx, ctx->pool, own, own->by_id.addr);
}

/*
 * May this client have this address at all, whoever has it now? Its reserved one and no other; but somebody else may still
 * live in that, and keeps it until his lease is over.
 */
static bool allowed(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *own, u32 addr)
{
	u32 reserved = reserved_address(ctx);

	if (machine_has(ctx, addr))
		return false;
	if (reserved && !machine_has(ctx, reserved) && !taken_by_other(ctx, own, reserved))
		return addr == (stays_meanwhile(ctx, own) ? own->by_id.addr : reserved);
	return dhcpk_pool_gives(ctx, ctx->pool, own, addr);
}

/*
 * Is another client remembered for the address, while others are free for which none is? Since that client had it, it has not been
 * offered to this one, or else this one would be the one that is remembered.
 */
static bool is_remembered_for_another(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *own, u32 addr)
{
	const struct dhcpk_lease *at;

	if ((own && own->by_id.addr == addr) || addr == reserved_address(ctx))
		return false;
	at = dhcpk_lease_at(ctx->dn->space, addr, ctx->now);
	return at && !dhcpk_same_hardware(at, ctx->msg.hdr) && dhcpk_alloc_has_clean(ctx->pool->map->alloc);
}

/* May the client keep the address that it is bound to? Other pools of the link have no say in that. */
static bool keeps(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *own)
{
	const struct dhcpk_pool *pool = dhcpk_pool_at(ctx->config, own->by_id.addr);
	u32 addr = own->by_id.addr;

	if (pool == ctx->pool)
		return allowed(ctx, own, addr);
	return pool && !machine_has(ctx, addr) &&
	       (dhcpk_pool_gives(ctx, pool, own, addr) || dhcpk_lease_reserved(ctx, ctx->pools, own));
}

/* Is the client bound to this address, which no pool of its link contains any more? */
static bool had_before(const struct dhcpk_ctx *ctx, u32 addr)
{
	const struct dhcpk_lease *l;

	if (!addr || dhcpk_pools_at(ctx->pools, addr))
		return false;
	/* What is sent to us alone, from an address of another link, comes through routers, and its client is there. */
	if (ctx->unicast && !ctx->msg.hdr->giaddr && dhcpk_pool_at(ctx->config, addr))
		return false;
	l = dhcpk_lease_at(ctx->dn->space, addr, ctx->now);
	return l && dhcpk_lease_bound(l) && dhcpk_lease_of_sender(ctx, l);
}

/*
 * Do we know the client's address better than another server, which a relay leads to? A client that has our offer may have
 * taken the other server's, and an address that it had before may be that server's by now. Anybody can have bound it here in its name:
 * what the pool does not give may be that server's all the same.
 */
static bool known(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *own, u32 asked)
{
	if (reserved_address(ctx) || had_before(ctx, asked))
		return true;
	if (!own || !dhcpk_relayed_on(ctx))
		return own;
	return dhcpk_lease_bound(own) && (own->by_id.addr == asked || dhcpk_pool_gives(ctx, ctx->pool, own, asked));
}

static struct dhcp_facts facts(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *own)
{
	u32 asked = dhcpk_asked(ctx), reserved = reserved_address(ctx);
	u32 flags = ctx->pool->flags;
	struct dhcp_facts f = {
		.server_id_ours	= server_id_ours(ctx, own),
		.authoritative	= flags & DHCPK_POOL_F_AUTHORITATIVE,
		.rapid_commit	= flags & DHCPK_POOL_F_RAPID_COMMIT,
		.bootp		= flags & DHCPK_POOL_F_BOOTP,
		.others		= dhcpk_relayed_on(ctx),
		.others_as_us	= dhcpk_relayed_on(ctx) && ctx->link->overrides_server_id,
		.v6_mostly	= dhcp_options_have(ctx->reply.set, DHCP_OPT_V6_ONLY),
		.known		= known(ctx, own, asked),
		.reserved	= reserved && asked == reserved,
		/* Of a client that is not bound, too: if it had been offered the address, that would be its record's. */
		.bound_elsewhere = ctx->msg.server_id && own && own->by_id.addr != asked && keeps(ctx, own),
		/* Without an address of its own a client informs itself through its relay. */
		.on_link	= dhcpk_pool_on_link(ctx->pool, htonl(asked)) ||
				  (ctx->msg.type == DHCP_INFORM && !asked && ctx->msg.hdr->giaddr),
		.allowed	= asked && allowed(ctx, own, asked) && !is_remembered_for_another(ctx, own, asked),
	};

	if (asked && own && own->by_id.addr == asked)
		f.hold = DHCP_HELD_BY_CLIENT;
	else if (asked && taken_by_other(ctx, own, asked))
		f.hold = DHCP_HELD_BY_OTHER;
	return f;
}

/* The reservation, if it is one of the pool that answers */
static const struct dhcpk_host *host_here(const struct dhcpk_ctx *ctx)
{
	return ctx->host && ctx->host->pool == ctx->pool ? ctx->host : NULL;
}

/* RFC 2131 4.3.1: the client's wish within the limits, else the time of its reservation, or of the pool. Infinite is the largest. */
static u32 lease_time(const struct dhcpk_ctx *ctx)
{
	const struct dhcpk_host *host = host_here(ctx);
	const struct dhcpk_pool *pool = ctx->pool;
	u32 lease = host && host->lease ? host->lease : pool->lease;
	u32 most = host && host->lease ? lease : pool->lease_max;

	return ctx->msg.has_lease_time ? clamp(ctx->msg.lease_time, min(pool->lease_min, lease), most) : lease;
}

/*
 * An address that this machine has now is passed over now: it may have gone by the next time. If there is no other one, they
 * are the machine's until the pool is configured anew.
 */
static bool pick(const struct dhcpk_ctx *ctx, u32 *addr)
{
	struct dhcpk_map *map = ctx->pool->map;
	u64 hash = dhcpk_id_hash(&ctx->id, &map->key);
	u32 passed[PICKS_MAX];
	unsigned int n = 0;
	bool found = false;

	while (n < PICKS_MAX && dhcpk_alloc_pick(map->alloc, hash, addr)) {
		found = !machine_has(ctx, *addr);
		if (found)
			break;
		dhcpk_alloc_take(map->alloc, *addr);
		passed[n++] = *addr;
	}
	while (n--) {
		dhcpk_alloc_release(map->alloc, passed[n], dhcpk_lease_at(ctx->dn->space, passed[n], ctx->now));
		if (!found)
			dhcpk_alloc_reserve(map->alloc, passed[n]);
	}
	return found;
}

/* An address that the client has found in use, and that could not rest, is no offer for it as long as there are others. */
static bool is_to_be_avoided(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *own)
{
	return own->in_use && !dhcpk_lease_bound(own) && dhcpk_alloc_has_clean(ctx->pool->map->alloc);
}

/*
 * The address that a client asks for. A remembered client keeps its address from that wish as long as the pool has an address for
 * which no client is remembered.
 */
static u32 wished_address(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *own)
{
	u32 addr = ntohl(dhcp_asked_addr(&ctx->msg));

	if (own && own->by_id.addr == addr && is_to_be_avoided(ctx, own))
		return 0;
	return is_remembered_for_another(ctx, own, addr) ? 0 : addr;
}

/* RFC 2131 4.3.1: reservation, current or remembered address, the one asked for, any. */
static bool choose_address(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *own, u32 *addr)
{
	const u32 wishes[] = { reserved_address(ctx), own && !is_to_be_avoided(ctx, own) ? own->by_id.addr : 0,
			       wished_address(ctx, own) };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wishes); i++) {
		*addr = wishes[i];
		if (*addr && allowed(ctx, own, *addr) && !taken_by_other(ctx, own, *addr))
			return true;
	}
	return pick(ctx, addr);
}

/* Gives the client @addr; the reply says so. */
static struct dhcpk_lease *grant(struct dhcpk_ctx *ctx, struct dhcpk_lease *own, u32 addr, u8 state, u32 seconds)
{
	ctx->reply.yiaddr = htonl(addr);
	return dhcpk_lease_grant(ctx->dn->space, own, &ctx->id, addr, state, ctx->now, seconds, &ctx->msg);
}

/* The ACK of a renewal goes back to the sender of the REQUEST. No other client receives it. */
static bool answered_in_place(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *own, u32 addr)
{
	return own && dhcpk_lease_bound(own) && own->by_id.addr == addr && ctx->msg.hdr->ciaddr == htonl(addr) &&
	       !ctx->msg.hdr->giaddr && (ctx->remote || ctx->dev->type == ARPHRD_ETHER);
}

/*
 * An ACK of this client's waits for the store: a request for another address, which anybody can forge, must not have it
 * dropped; nor must one for the same address that repeats the request, or follows it too fast for a client. And what has
 * another identifier must not be answered as if it were that request.
 */
static bool ack_comes_first(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *own, u32 addr)
{
	if (own && own->parked && (own->by_id.addr != addr || dhcpk_parked_already(own, &ctx->msg, ctx->now)))
		return true;
	return dhcpk_awaited(ctx->dn->space, ctx->msg.hdr) && !answered_in_place(ctx, own, addr);
}

/*
 * Has the client been promised all that its renewal asks for, on the disk, too? It is answered though an ACK that promises more waits
 * for a store that may be dead: anybody can have forged the REQUEST for that. A repeated REQUEST has that ACK for its answer.
 */
static bool promised_already(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *own, u32 addr, u32 seconds)
{
	u64 end = dhcpk_expiry(ctx->now, seconds);

	/* What another store had written counts for nothing. */
	if (addr >= ctx->dn->space->forget_from)
		return false;
	return own && own->parked && answered_in_place(ctx, own, addr) && !dhcpk_parked_reply_to(own, &ctx->msg) &&
	       end <= own->horizon && end <= own->expires;
}

/*
 * The store is silent, and what it says of the client covers a shorter lease than that: the client gets it at once. The pool's
 * lease may have become longer since the client was bound, and a client does not ask for less by itself.
 */
static u32 covered(struct dhcpk_ctx *ctx, const struct dhcpk_lease *own, u32 addr, u32 seconds)
{
	u64 left;

	if (!own || own->by_id.addr != addr || own->horizon >= dhcpk_expiry(ctx->now, seconds) || own->horizon <= ctx->now ||
	    addr >= ctx->dn->space->forget_from || !dhcpk_store_is_silent(ctx->dn->space, ctx->now))
		return seconds;
	left = div_u64(own->horizon - ctx->now, NSEC_PER_SEC);
	if (!left || ctx->reply.type != DHCP_ACK)
		return seconds;
	ctx->reply.lease_time = left;
	return left;
}

/* Binds the client to @addr, if that is stored; or else the reply waits until it is. */
static enum dhcpk_step grant_bound(struct dhcpk_ctx *ctx, struct dhcpk_lease *own, u32 addr, u32 seconds)
{
	struct dhcpk_space *s = ctx->dn->space;
	bool async = ctx->pool->flags & DHCPK_POOL_F_ASYNC && !dhcpk_backlog(s, ctx->now);
	struct dhcpk_lease *l;

	if (!async)
		seconds = covered(ctx, own, addr, seconds);
	if (promised_already(ctx, own, addr, seconds)) {
		ctx->reply.yiaddr = htonl(addr);
		return DHCPK_NEXT;
	}
	if (ack_comes_first(ctx, own, addr))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_DUPLICATE);
	l = grant(ctx, own, addr, async ? DHCPK_LEASE_BOUND : DHCPK_LEASE_PENDING, seconds);
	if (!l)
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_NO_MEMORY);
	ctx->wait = !async && l->horizon < dhcpk_expiry(ctx->now, seconds);
	ctx->seq = l->seq;
	/* An ACK that waits for the store answers an earlier request, and may promise more than the store is told now. */
	kfree_skb(dhcpk_unpark(s, l));
	return DHCPK_NEXT;
}

static enum dhcpk_step offer(struct dhcpk_ctx *ctx, struct dhcpk_lease *own)
{
	u32 addr;

	if (!choose_address(ctx, own, &addr))
		return dhcpk_leave(ctx, DHCPK_STAT_DROP_POOL_EXHAUSTED);
	ctx->reply.type = DHCP_OFFER;
	ctx->reply.yiaddr = htonl(addr);
	/*
	 * A client that asks anew while it is bound keeps its binding, whatever it is offered: its REQUEST may never come, and
	 * anybody can forge a DISCOVER.
	 */
	if (own && dhcpk_lease_bound(own))
		return own->parked && own->by_id.addr != addr ? dhcpk_drop(ctx, DHCPK_STAT_DROP_DUPLICATE) : DHCPK_NEXT;
	if (!grant(ctx, own, addr, DHCPK_LEASE_OFFERED, OFFER_SECONDS))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_NO_MEMORY);
	return DHCPK_NEXT;
}

static enum dhcpk_step bind(struct dhcpk_ctx *ctx, struct dhcpk_lease *own)
{
	ctx->reply.type = DHCP_ACK;
	return grant_bound(ctx, own, ntohl(dhcp_asked_addr(&ctx->msg)), ctx->reply.lease_time);
}

/* Without an offer before. One message, which anybody can forge, moves no client that may stay where it is bound. */
static enum dhcpk_step bind_at_once(struct dhcpk_ctx *ctx, struct dhcpk_lease *own, u32 seconds)
{
	u32 addr;

	if (!choose_address(ctx, own, &addr))
		return dhcpk_leave(ctx, DHCPK_STAT_DROP_POOL_EXHAUSTED);
	if (own && dhcpk_lease_bound(own) && addr != own->by_id.addr && addr != reserved_address(ctx) && keeps(ctx, own))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_DUPLICATE);
	return grant_bound(ctx, own, addr, seconds);
}

/* RFC 4039: bound by the DISCOVER already. */
static enum dhcpk_step bind_rapidly(struct dhcpk_ctx *ctx, struct dhcpk_lease *own)
{
	ctx->reply.type = DHCP_ACK;
	ctx->reply.rapid_commit = true;
	return bind_at_once(ctx, own, ctx->reply.lease_time);
}

/* RFC 1534 section 2: a BOOTP client knows nothing of leases and has its address for ever. */
static enum dhcpk_step bind_bootp(struct dhcpk_ctx *ctx, struct dhcpk_lease *own)
{
	ctx->reply.type = DHCP_NONE;
	ctx->reply.lease_time = 0;
	return bind_at_once(ctx, own, DHCPK_LEASE_INFINITE);
}

/*
 * A NAK is broadcast on the link that the REQUEST came in by: a client behind routers does not receive it. And while an ACK
 * waits, the client would take a NAK for the answer to its REQUEST. Anybody can have forged the REQUEST that is refused.
 */
static enum dhcpk_step refuse(struct dhcpk_ctx *ctx, const char *message)
{
	if (ctx->remote)
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_UNKNOWN_CLIENT);
	if (dhcpk_awaited(ctx->dn->space, ctx->msg.hdr))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_DUPLICATE);
	ctx->reply.type = DHCP_NAK;
	ctx->reply.lease_time = 0;
	ctx->reply.message = message;
	return DHCPK_NEXT;
}

static enum dhcpk_step inform(struct dhcpk_ctx *ctx)
{
	if (dhcpk_awaited(ctx->dn->space, ctx->msg.hdr))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_DUPLICATE);
	ctx->reply.type = DHCP_ACK;
	ctx->reply.lease_time = 0;
	return DHCPK_NEXT;
}

static enum dhcpk_step silent(struct dhcpk_ctx *ctx, enum dhcp_silence why)
{
	switch (why) {
	case DHCP_SILENT_OTHER_SERVER:
		return dhcpk_leave(ctx, DHCPK_STAT_DROP_NOT_FOR_US);
	case DHCP_SILENT_UNKNOWN:
		return dhcpk_leave(ctx, DHCPK_STAT_DROP_UNKNOWN_CLIENT);
	case DHCP_SILENT_SWITCHED_OFF:
		return dhcpk_leave(ctx, DHCPK_STAT_DROP_ADMIN_FILTERED);
	default:
		return dhcpk_leave(ctx, DHCPK_STAT_DROP_RFC_VIOLATION);
	}
}

/*
 * RFC 2131 section 4.3.3: what somebody uses is no address for anybody. But one client could say so of all addresses, one after the
 * other: of some it may, whatever rests, and of more as long as not too much of the pool rests. An offer costs it nothing, and
 * wants both.
 */
static bool may_rest(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *own)
{
	const struct dhcpk_map *map = ctx->pool->map;
	u32 size = dhcpk_alloc_size(map->alloc), most = size ? min(DIV_ROUND_UP(size, DECLINED_OF_POOL), size - 1) : 0;

	/* A reserved address is one that the pool does not have. */
	bool room = own->by_id.addr == reserved_address(ctx) ||
		    map->count[DHCPK_LEASE_DECLINED] + map->count[DHCPK_LEASE_RESTING] < most;
	/* Clients without a hardware address of their own cannot be told from each other. */
	bool few = !dhcpk_client_has_no_hardware(&ctx->msg) &&
		   dhcpk_client_declined(ctx, DECLINED_OF_CLIENT) < DECLINED_OF_CLIENT;

	return own->state == DHCPK_LEASE_OFFERED ? few && room : few || room;
}

static enum dhcpk_step release(struct dhcpk_ctx *ctx, struct dhcpk_lease *own)
{
	if (!dhcpk_lease_release(ctx->dn->space, own, ctx->now))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_LIMIT_EXCEEDED);
	return DHCPK_DONE;
}

static enum dhcpk_step decline(struct dhcpk_ctx *ctx, struct dhcpk_lease *own)
{
	/* The client cannot have probed an address that it is said to have found in use, but has not been told of yet. */
	if (own->state != DHCPK_LEASE_OFFERED && dhcpk_lease_untold(own))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_LIMIT_EXCEEDED);
	if (!dhcpk_lease_live(own))
		return DHCPK_DONE;
	if (!may_rest(ctx, own)) {
		/* Of a binding it counts as a RELEASE: it may be forged, and its client still renew. */
		if (own->state != DHCPK_LEASE_OFFERED) {
			own->in_use = true;
			return release(ctx, own);
		}
		dhcpk_lease_shun(ctx->dn->space, own);
		return DHCPK_DONE;
	}
	if (own->state == DHCPK_LEASE_OFFERED)
		dhcpk_count(ctx->dn, DHCPK_STAT_OFFERS_DECLINED);
	dhcpk_lease_decline(ctx->dn->space, own, dhcpk_expiry(ctx->now, ctx->pool->decline));
	return DHCPK_DONE;
}

/* The space is locked: what was decided is still true when it is done. */
static enum dhcpk_step carry_out(struct dhcpk_ctx *ctx, const struct dhcp_decision *d, struct dhcpk_lease *own)
{
	switch (d->verdict) {
	case DHCP_DO_OFFER:
		return offer(ctx, own);
	case DHCP_DO_ACK:
		return bind(ctx, own);
	case DHCP_DO_RAPID:
		return bind_rapidly(ctx, own);
	case DHCP_DO_PREFER_V6:
		ctx->reply.type = DHCP_OFFER;
		return DHCPK_NEXT;
	case DHCP_DO_BOOTP:
		return bind_bootp(ctx, own);
	case DHCP_DO_NAK:
		return refuse(ctx, d->message);
	case DHCP_DO_INFORM:
		return inform(ctx);
	case DHCP_DO_RELEASE:
		return release(ctx, own);
	case DHCP_DO_DECLINE:
		return decline(ctx, own);
	case DHCP_DO_FORGET:
		if (own && own->state == DHCPK_LEASE_OFFERED)
			dhcpk_lease_release(ctx->dn->space, own, ctx->now);
		return silent(ctx, DHCP_SILENT_OTHER_SERVER);
	default:
		return silent(ctx, d->silence);
	}
}

static void start_reply(struct dhcpk_ctx *ctx)
{
	const struct dhcp_msg *msg = &ctx->msg;
	__be32 override = msg->hdr->giaddr ? msg->agent.server_id : 0;

	ctx->reply = (struct dhcp_reply){
		.msg		= msg,
		.server_id	= override ?: ctx->source,
		.set		= ctx->pool->set,
		.echo		= ctx->unheeded.whole.data ? &ctx->unheeded.whole : NULL,
	};
	if (dhcpk_select_by_subnet(ctx))
		ctx->reply.subnet_selection = msg->subnet_selection;
}

/* The space is locked. */
static enum dhcpk_step decide(struct dhcpk_ctx *ctx)
{
	struct dhcpk_lease *own = dhcpk_client_lease(ctx);
	const struct dhcpk_host *host = host_here(ctx);
	struct dhcp_decision decision;
	struct dhcp_facts f;

	ctx->reply.lease_time = lease_time(ctx);
	if (host && host->set)
		ctx->reply.set = host->set;
	/* Who is on our own link has no relay that speaks for it, whatever was said in its name. */
	if (own && own->server_id && (ctx->remote || ctx->msg.hdr->giaddr) && !ctx->msg.agent.whole.data)
		ctx->reply.server_id = own->server_id;
	f = facts(ctx, own);
	decision = dhcp_decide(&ctx->msg, &f);
	return carry_out(ctx, &decision, own);
}

/**
 * dhcpk_decide - step: what does it mean for the bindings, and what is answered?
 * @ctx: a message with its pool and client
 *
 * RFC 2131 section 4.3.
 *
 * Return: DHCPK_NEXT with a reply to send, DHCPK_DONE if the message wants none, DHCPK_DROP, or DHCPK_AGAIN if another
 * configuration runs by now: its pools may have the address in another map.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_decide(struct dhcpk_ctx *ctx)
{
	struct dhcpk_space *s = ctx->dn->space;
	enum dhcpk_step step = DHCPK_AGAIN;

	start_reply(ctx);
	spin_lock(&s->lock);
	if (likely(s->config == ctx->config))
		step = decide(ctx);
	spin_unlock(&s->lock);
	return step;
}
