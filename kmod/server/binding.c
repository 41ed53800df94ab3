// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a message means for the lease of its client: the facts, the verdict of core/decide.c, and
 * its execution.
 */
#include "server/binding.h"

#include <net/route.h>

#include "base/address.h"
#include "config/pool.h"
#include "lease/lease.h"
#include "lease/parked.h"
#include "lease/record.h"
#include "server/allowed.h"
#include "server/client.h"
#include "server/grant.h"
#include "server/select.h"
#include "server/sender.h"

/* How long an offer waits for its REQUEST, RFC 2131 section 3.1 step 5. */
enum { OFFER_SECONDS = 30 };

/*
 * An OFFER costs a client nothing, and DECLINEs must not be a cheap way to empty a pool. So a
 * client may have this many declined addresses in quarantine, and of a pool one address in this
 * many may be quarantined, for any reason.
 */
enum { DECLINED_OF_CLIENT = 4, DECLINED_OF_POOL = 4 };

/*
 * RFC 2131 4.1: a server with several addresses accepts any of them as its identifier. RFC 5107: it
 * also accepts the identifier that the relay asks for now, or asked for when the client was bound.
 * A RELEASE is sent to its server only, so without option 54 its destination identifies the server:
 * systemd-networkd 252 omits the option.
 */
static bool server_id_matches(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease)
{
	__be32 id = ctx->msg.server_id;

	if (!id)
		return ctx->msg.type == DHCP_RELEASE && ctx->unicast;
	return id == ctx->reply.server_id || id == ctx->source ||
	       (lease && id == lease->server_id) || dhcpk_address_type(ctx->dev, id) == RTN_LOCAL;
}

/* Is the client bound to this address, which no pool of its link contains any more? */
static bool bound_off_link(const struct dhcpk_ctx *ctx, u32 addr)
{
	const struct dhcpk_lease *l;

	if (!addr || dhcpk_pools_at(ctx->pools, addr))
		return false;
	/*
	 * A unicast message from an address of another link comes through routers: its client is
	 * there.
	 */
	if (ctx->unicast && !ctx->msg.hdr->giaddr && dhcpk_pool_at(ctx->config, addr))
		return false;
	l = dhcpk_lease_at(ctx->dn->leases, addr, ctx->now);
	return l && dhcpk_lease_bound(l) && dhcpk_lease_of_sender(ctx, l);
}

/*
 * Does this server know the client's address better than another server, which is reached through
 * the relay of the link? A client with an OFFER of this server may have taken the other server's
 * OFFER. An address that the client had before may belong to the other server by now. A lease may
 * have been bound here by a forged message: if the pool does not give the address, it may be the
 * other server's all the same.
 */
static bool known_client(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease, u32 asked)
{
	if (dhcpk_reserved_address(ctx) || bound_off_link(ctx, asked))
		return true;
	if (!lease || !dhcpk_relayed_on(ctx))
		return lease;
	return dhcpk_lease_bound(lease) &&
	       (lease->by_id.addr == asked || dhcpk_pool_gives(ctx, ctx->pool, lease, asked));
}

static struct dhcp_facts collect_facts(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease)
{
	u32 asked = dhcpk_asked(ctx), reserved = dhcpk_reserved_address(ctx);
	u32 flags = ctx->pool->flags;
	struct dhcp_facts f = {
		.server_id_matches = server_id_matches(ctx, lease),
		.authoritative	= flags & DHCPK_POOL_F_AUTHORITATIVE,
		.rapid_commit	= flags & DHCPK_POOL_F_RAPID_COMMIT,
		.bootp		= flags & DHCPK_POOL_F_BOOTP,
		.others		= dhcpk_relayed_on(ctx),
		.others_as_us	= dhcpk_relayed_on(ctx) && ctx->link->overrides_server_id,
		.v6_mostly	= dhcp_options_have(ctx->reply.set, DHCP_OPT_V6_ONLY),
		.known		= known_client(ctx, lease, asked),
		.reserved	= reserved && asked == reserved,
		/*
		 * Also for a client that is not bound: if the server had offered it the address,
		 * its lease would be for that address.
		 */
		.bound_elsewhere = ctx->msg.server_id && lease && lease->by_id.addr != asked &&
				   dhcpk_may_keep(ctx, lease),
		/* A client without an address sends an INFORM through its relay. */
		.on_link	= dhcpk_pool_on_link(ctx->pool, htonl(asked)) ||
				  (ctx->msg.type == DHCP_INFORM && !asked && ctx->msg.hdr->giaddr),
		.allowed	= asked && dhcpk_allowed(ctx, lease, asked) &&
				  !dhcpk_remembered_for_another(ctx, lease, asked),
	};

	if (asked && lease && lease->by_id.addr == asked)
		f.hold = DHCP_HELD_BY_CLIENT;
	else if (asked && dhcpk_taken_by_other(ctx, lease, asked))
		f.hold = DHCP_HELD_BY_OTHER;
	return f;
}

static enum dhcpk_step offer(struct dhcpk_ctx *ctx, struct dhcpk_lease *lease)
{
	u32 addr;

	if (!dhcpk_choose_address(ctx, lease, &addr))
		return dhcpk_pass_or_drop(ctx, DHCPK_STAT_DROP_POOL_EXHAUSTED);
	ctx->reply.type = DHCP_OFFER;
	ctx->reply.yiaddr = htonl(addr);
	/*
	 * A bound client that sends a DISCOVER keeps its lease, whatever the server offers: its
	 * REQUEST may never come, and a DISCOVER is easily forged.
	 */
	if (lease && dhcpk_lease_bound(lease))
		return lease->parked && lease->by_id.addr != addr ?
		       dhcpk_drop(ctx, DHCPK_STAT_DROP_DUPLICATE) : DHCPK_NEXT;
	if (!dhcpk_grant(ctx, lease, addr, DHCPK_LEASE_OFFERED, OFFER_SECONDS))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_NO_MEMORY);
	return DHCPK_NEXT;
}

static enum dhcpk_step bind(struct dhcpk_ctx *ctx, struct dhcpk_lease *lease)
{
	ctx->reply.type = DHCP_ACK;
	return dhcpk_grant_bound(ctx, lease, ntohl(dhcp_asked_addr(&ctx->msg)),
				 ctx->reply.lease_time);
}

/*
 * Binds a client that has no OFFER. A single message, which is easily forged, does not move a bound
 * client that may keep its address.
 */
static enum dhcpk_step bind_without_offer(struct dhcpk_ctx *ctx, struct dhcpk_lease *lease,
					  u32 seconds)
{
	u32 addr;

	if (!dhcpk_choose_address(ctx, lease, &addr))
		return dhcpk_pass_or_drop(ctx, DHCPK_STAT_DROP_POOL_EXHAUSTED);
	if (lease && dhcpk_lease_bound(lease) && addr != lease->by_id.addr &&
	    addr != dhcpk_reserved_address(ctx) && dhcpk_may_keep(ctx, lease))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_DUPLICATE);
	return dhcpk_grant_bound(ctx, lease, addr, seconds);
}

/* RFC 4039: the DISCOVER already binds the client. */
static enum dhcpk_step bind_rapidly(struct dhcpk_ctx *ctx, struct dhcpk_lease *lease)
{
	ctx->reply.type = DHCP_ACK;
	ctx->reply.rapid_commit = true;
	return bind_without_offer(ctx, lease, ctx->reply.lease_time);
}

/* RFC 1534 section 2: a BOOTP client does not know leases and has its address for ever. */
static enum dhcpk_step bind_bootp(struct dhcpk_ctx *ctx, struct dhcpk_lease *lease)
{
	ctx->reply.type = DHCP_NONE;
	ctx->reply.lease_time = 0;
	return bind_without_offer(ctx, lease, DHCPK_LEASE_INFINITE);
}

/*
 * A NAK is broadcast on the link that the REQUEST came from: a client behind routers does not
 * receive it. While an ACK waits for the store, the client would take a NAK for the answer to its
 * own REQUEST, and the refused REQUEST may be forged.
 */
static enum dhcpk_step refuse(struct dhcpk_ctx *ctx, const char *message)
{
	if (ctx->remote)
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_UNKNOWN_CLIENT);
	if (dhcpk_awaited(ctx->dn->leases, ctx->msg.hdr))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_DUPLICATE);
	ctx->reply.type = DHCP_NAK;
	ctx->reply.lease_time = 0;
	ctx->reply.message = message;
	return DHCPK_NEXT;
}

static enum dhcpk_step inform(struct dhcpk_ctx *ctx)
{
	if (dhcpk_awaited(ctx->dn->leases, ctx->msg.hdr))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_DUPLICATE);
	ctx->reply.type = DHCP_ACK;
	ctx->reply.lease_time = 0;
	return DHCPK_NEXT;
}

static enum dhcpk_step no_reply(struct dhcpk_ctx *ctx, enum dhcp_silence why)
{
	switch (why) {
	case DHCP_SILENT_OTHER_SERVER:
		return dhcpk_pass_or_drop(ctx, DHCPK_STAT_DROP_NOT_FOR_US);
	case DHCP_SILENT_UNKNOWN:
		return dhcpk_pass_or_drop(ctx, DHCPK_STAT_DROP_UNKNOWN_CLIENT);
	case DHCP_SILENT_SWITCHED_OFF:
		return dhcpk_pass_or_drop(ctx, DHCPK_STAT_DROP_ADMIN_FILTERED);
	default:
		return dhcpk_pass_or_drop(ctx, DHCPK_STAT_DROP_RFC_VIOLATION);
	}
}

/*
 * RFC 2131 section 4.3.3: an address that is in use is given to no client. But one client could
 * decline all addresses, one after the other. A declined lease is quarantined if the client has
 * declined few addresses, or if little of the pool is quarantined. An OFFER costs a client nothing:
 * a declined OFFER is quarantined only if both conditions hold.
 */
static bool may_quarantine(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease)
{
	const struct dhcpk_map *map = ctx->pool->map;
	u32 size = dhcpk_alloc_size(map->alloc);
	u32 most = size ? min(DIV_ROUND_UP(size, DECLINED_OF_POOL), size - 1) : 0;

	/* A reserved address takes none of the pool's addresses. */
	bool pool_has_room = lease->by_id.addr == dhcpk_reserved_address(ctx) ||
		    map->count[DHCPK_LEASE_DECLINED] + map->count[DHCPK_LEASE_RESTING] < most;
	/* Clients without a hardware address of their own cannot be told apart. */
	bool few = !dhcpk_client_hardware_ambiguous(&ctx->msg) &&
		   dhcpk_client_declined(ctx, DECLINED_OF_CLIENT) < DECLINED_OF_CLIENT;

	return lease->state == DHCPK_LEASE_OFFERED ? few && pool_has_room : few || pool_has_room;
}

static enum dhcpk_step release(struct dhcpk_ctx *ctx, struct dhcpk_lease *lease)
{
	if (!dhcpk_lease_release(ctx->dn->leases, lease, ctx->now))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_LIMIT_EXCEEDED);
	return DHCPK_DONE;
}

static enum dhcpk_step decline(struct dhcpk_ctx *ctx, struct dhcpk_lease *lease)
{
	/* The client cannot have probed the address yet: the ACK has not left. */
	if (lease->state != DHCPK_LEASE_OFFERED && dhcpk_lease_untold(lease))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_LIMIT_EXCEEDED);
	if (!dhcpk_lease_live(lease))
		return DHCPK_DONE;
	if (!may_quarantine(ctx, lease)) {
		/*
		 * A DECLINE of a bound address counts as a RELEASE: it may be forged, and the
		 * client may still renew.
		 */
		if (lease->state != DHCPK_LEASE_OFFERED) {
			lease->in_use = true;
			return release(ctx, lease);
		}
		dhcpk_lease_shun(ctx->dn->leases, lease);
		return DHCPK_DONE;
	}
	if (lease->state == DHCPK_LEASE_OFFERED)
		dhcpk_count(ctx->dn, DHCPK_STAT_OFFERS_DECLINED);
	dhcpk_lease_decline(ctx->dn->leases, lease, dhcpk_expiry(ctx->now, ctx->pool->decline));
	return DHCPK_DONE;
}

/* The leases are locked, so the facts still hold when the verdict is executed. */
static enum dhcpk_step carry_out(struct dhcpk_ctx *ctx, const struct dhcp_decision *d,
				 struct dhcpk_lease *lease)
{
	switch (d->verdict) {
	case DHCP_DO_OFFER:
		return offer(ctx, lease);
	case DHCP_DO_ACK:
		return bind(ctx, lease);
	case DHCP_DO_RAPID:
		return bind_rapidly(ctx, lease);
	case DHCP_DO_PREFER_V6:
		ctx->reply.type = DHCP_OFFER;
		return DHCPK_NEXT;
	case DHCP_DO_BOOTP:
		return bind_bootp(ctx, lease);
	case DHCP_DO_NAK:
		return refuse(ctx, d->message);
	case DHCP_DO_INFORM:
		return inform(ctx);
	case DHCP_DO_RELEASE:
		return release(ctx, lease);
	case DHCP_DO_DECLINE:
		return decline(ctx, lease);
	case DHCP_DO_FORGET:
		if (lease && lease->state == DHCPK_LEASE_OFFERED)
			dhcpk_lease_release(ctx->dn->leases, lease, ctx->now);
		return no_reply(ctx, DHCP_SILENT_OTHER_SERVER);
	default:
		return no_reply(ctx, d->silence);
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
		.echo		= ctx->untrusted_agent.whole.data ?
				  &ctx->untrusted_agent.whole : NULL,
	};
	if (dhcpk_select_by_subnet(ctx))
		ctx->reply.subnet_selection = msg->subnet_selection;
}

/* The leases are locked. */
static enum dhcpk_step decide(struct dhcpk_ctx *ctx)
{
	struct dhcpk_lease *lease = dhcpk_client_lease(ctx);
	const struct dhcpk_host *host = dhcpk_host_here(ctx);
	struct dhcp_decision decision;
	struct dhcp_facts f;

	ctx->reply.lease_time = dhcpk_lease_time(ctx);
	if (host && host->set)
		ctx->reply.set = host->set;
	/*
	 * A client on the local link is not behind a relay. A message forged in its name may have
	 * set the server identifier of the lease.
	 */
	if (lease && lease->server_id && (ctx->remote || ctx->msg.hdr->giaddr) &&
	    !ctx->msg.agent.whole.data)
		ctx->reply.server_id = lease->server_id;
	f = collect_facts(ctx, lease);
	decision = dhcp_decide(&ctx->msg, &f);
	return carry_out(ctx, &decision, lease);
}

/**
 * dhcpk_decide - step: what does the message mean for the leases, and what is the answer?
 * @ctx: a message with its pool and client
 *
 * RFC 2131 section 4.3.
 *
 * Return: DHCPK_NEXT with a reply to send; DHCPK_DONE if the message gets no reply; DHCPK_PASS for
 * the relay of the link; DHCPK_DROP; or DHCPK_AGAIN if another configuration runs by now: its pools
 * may have the address in another map.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_decide(struct dhcpk_ctx *ctx)
{
	struct dhcpk_leases *s = ctx->dn->leases;
	enum dhcpk_step step = DHCPK_AGAIN;

	start_reply(ctx);
	spin_lock(&s->lock);
	if (likely(s->config == ctx->config))
		step = decide(ctx);
	spin_unlock(&s->lock);
	return step;
}
