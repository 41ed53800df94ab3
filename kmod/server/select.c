// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which pool serves a message: by the link of its relay, by the client's own address, or by the
 * interface.
 */
#include "server/select.h"

#include <linux/etherdevice.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <net/route.h>

#include "base/address.h"
#include "config/pool.h"
#include "lease/dirty.h"
#include "lease/lease.h"
#include "lease/record.h"
#include "server/client.h"
#include "server/sender.h"
#include "server/way.h"

/*
 * RFC 2131 4.1, 4.3.1: the server identifier is an address of the receiving interface, preferably
 * one in the client's subnet.
 */
static __be32 interface_address(const struct net_device *dev, const struct dhcpk_pool *pool)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;

	if (!in_dev)
		return 0;
	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		if (dhcpk_pool_on_link(pool, ifa->ifa_local))
			return ifa->ifa_local;
	}
	ifa = dhcpk_first_address(dev);
	return ifa ? ifa->ifa_local : 0;
}

/*
 * A sender that is not on the interface knows this server by the destination address of its
 * message.
 */
static __be32 source_address(const struct dhcpk_ctx *ctx)
{
	if (ctx->unicast && (ctx->remote || ctx->msg.hdr->giaddr))
		return ip_hdr(ctx->skb)->daddr;
	return interface_address(ctx->dev, ctx->pool);
}

static bool has_free_address(const struct dhcpk_pool *pool)
{
	return dhcpk_alloc_available(pool->map->alloc);
}

/*
 * The pool with the client's reserved address; NULL if another client or this host still has the
 * address, or if it is quarantined.
 */
static const struct dhcpk_pool *pool_of_reservation(const struct dhcpk_ctx *ctx,
						    const struct dhcpk_pools *pools,
						    const struct dhcpk_host *host)
{
	struct dhcpk_leases *s = ctx->dn->leases;
	const struct dhcpk_lease *l;
	bool free = false;

	if (!host->addr || dhcpk_address_type(ctx->dev, htonl(host->addr)) == RTN_LOCAL)
		return NULL;
	spin_lock(&s->lock);
	if (s->config == ctx->config) {
		l = dhcpk_lease_at(s, host->addr, ctx->now);
		/* While nothing can be stored, a client that is bound stays where it is. */
		free = l && dhcpk_lease_live(l) ? dhcpk_reservation_has(ctx, pools, host, l) :
						  !dhcpk_store_is_silent(s, ctx->now);
	}
	spin_unlock(&s->lock);
	return free ? host->pool : NULL;
}

/* The pool of a client's lease, if the pool can give the client that address or any other. */
static const struct dhcpk_pool *pool_for(const struct dhcpk_ctx *ctx,
					 const struct dhcpk_pools *pools,
					 const struct dhcpk_lease *l)
{
	const struct dhcpk_pool *pool = dhcpk_pools_at(pools, l->by_id.addr);

	if (has_free_address(pool) || dhcpk_pool_gives(ctx, pool, l, l->by_id.addr) ||
	    dhcpk_lease_reserved(ctx, pools, l))
		return pool;
	return NULL;
}

/*
 * The pool with the client's lease, if the pool has an address for the client. @live: the lease is
 * bound or offered, not expired or released.
 */
static const struct dhcpk_pool *pool_of_client(const struct dhcpk_ctx *ctx,
					       const struct dhcpk_pools *pools,
					       const struct dhcpk_host *host, bool *live)
{
	const struct dhcpk_pool *pool = NULL;
	struct dhcpk_leases *s = ctx->dn->leases;
	const struct dhcpk_lease *l = NULL;
	unsigned long left = pools->identities;

	spin_lock(&s->lock);
	/* These are the client's leases as long as the pools are those of the link. */
	for (; left && !l && s->config == ctx->config; left &= left - 1)
		l = dhcpk_client_peek(ctx, pools, host, __ffs(left));
	if (l)
		pool = pool_for(ctx, pools, l);
	*live = l && dhcpk_lease_live(l);
	spin_unlock(&s->lock);
	return pool;
}

static const struct dhcpk_pool *pool_with_free_address(const struct dhcpk_pools *pools)
{
	unsigned int i;

	for (i = 0; i < pools->n; i++) {
		if (has_free_address(pools->pool[i]))
			return pools->pool[i];
	}
	return pools->pool[0];
}

/*
 * After the pool of its reserved address, a host with a live lease stays in the pool of that lease:
 * a DISCOVER, which is easily forged, must not end the lease.
 */
static const struct dhcpk_pool *pool_of_host(const struct dhcpk_ctx *ctx,
					     const struct dhcpk_pools *pools,
					     const struct dhcpk_host *host)
{
	const struct dhcpk_pool *known, *pool = pool_of_reservation(ctx, pools, host);
	bool live;

	if (pool)
		return pool;
	known = pool_of_client(ctx, pools, host, &live);
	return known && live ? known : has_free_address(host->pool) ? host->pool : known;
}

/*
 * Several pools on one link are a shared network. The client's pool is, in this order:
 * - the pool that contains the address that the client claims; in a DISCOVER or BOOTREQUEST the
 *   address is only a wish;
 * - the pool with the client's reserved address;
 * - the pool with the client's live lease;
 * - the pool of the client's reservation;
 * - the pool with the client's expired or released lease;
 * - the first pool with a free address, or the first pool if none has one.
 * The second to the fifth of them only if they have an address for the client.
 */
static const struct dhcpk_pool *choose(const struct dhcpk_ctx *ctx, const struct dhcpk_pools *pools)
{
	const struct dhcpk_pool *pool = NULL;
	const struct dhcpk_host *host;
	bool live;

	if (pools->n == 1)
		return pools->pool[0];
	if (ctx->msg.type != DHCP_DISCOVER && ctx->msg.type != DHCP_NONE)
		pool = dhcpk_pools_at(pools, dhcpk_asked(ctx));
	if (pool)
		return pool;
	host = dhcpk_host_find(ctx->config, pools, &ctx->msg);
	pool = host ? pool_of_host(ctx, pools, host) : pool_of_client(ctx, pools, NULL, &live);
	return pool ?: pool_with_free_address(pools);
}

static bool any_on_link(const struct dhcpk_pools *pools, __be32 addr)
{
	return pools && dhcpk_pools_at(pools, ntohl(addr));
}

/* RFC 3011: option 118 is obeyed if all pools that it may select allow that. */
static const struct dhcpk_pools *by_subnet_selection(const struct dhcpk_ctx *ctx)
{
	const struct dhcpk_pools *pools;

	if (!ctx->msg.subnet_selection)
		return NULL;
	pools = dhcpk_segment_find(ctx->config, ctx->msg.subnet_selection);
	return pools && pools->flags & DHCPK_POOL_F_SUBNET_SELECTION ? pools : NULL;
}

/*
 * Is it an address of one host? A request with any other reply address would make this server send
 * to many hosts; with an address in 127/8, to itself.
 */
static bool is_single_host(const struct dhcpk_ctx *ctx, __be32 addr)
{
	return dhcpk_is_host_address(addr) && dhcpk_address_type(ctx->dev, addr) != RTN_BROADCAST;
}

/*
 * May a client on this link have the address? RFC 1542 section 5.4: a BOOTP client with a ciaddr
 * gets its reply there.
 */
static bool has_client(const struct dhcpk_ctx *ctx, const struct dhcpk_pools *pools, __be32 addr)
{
	const struct dhcpk_pool *pool = dhcpk_pools_at(pools, ntohl(addr));

	return pool && dhcpk_pool_has(pool, ntohl(addr)) && is_single_host(ctx, addr);
}

/* RFC 3527 before RFC 3011 before giaddr. A link without a pool here belongs to another server. */
static enum dhcpk_step select_relayed(struct dhcpk_ctx *ctx, const struct dhcpk_pools **pools)
{
	const struct dhcp_msg *msg = &ctx->msg;

	if (msg->agent.link_selection)
		*pools = dhcpk_segment_find(ctx->config, msg->agent.link_selection);
	else
		*pools = by_subnet_selection(ctx) ?:
			 dhcpk_segment_find(ctx->config, msg->hdr->giaddr);
	if (!*pools && dhcpk_relayed_on(ctx))
		return DHCPK_PASS;
	if ((*pools || ctx->link) && !is_single_host(ctx, msg->hdr->giaddr))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_RFC_VIOLATION);
	if (*pools && msg->type == DHCP_NONE && msg->hdr->ciaddr &&
	    !has_client(ctx, *pools, msg->hdr->ciaddr))
		return dhcpk_pass_or_drop(ctx, DHCPK_STAT_DROP_RFC_VIOLATION);
	if (*pools)
		return DHCPK_NEXT;
	dhcpk_count(ctx->dn, DHCPK_STAT_DROP_NO_POOL);
	return DHCPK_PASS;
}

/*
 * RFC 2131 4.3.2: a client that renews, releases or informs sends to the server directly, through
 * routers if it got its address through a relay. Its own address tells its link.
 */
static const struct dhcpk_pools *by_own_address(const struct dhcpk_ctx *ctx)
{
	__be32 ciaddr = ctx->msg.hdr->ciaddr;
	const struct dhcpk_pools *pools;

	if (!ctx->unicast || !ciaddr || ip_hdr(ctx->skb)->saddr != ciaddr)
		return NULL;
	if (ctx->link && any_on_link(&ctx->link->pools, ciaddr))
		return NULL;
	pools = dhcpk_segment_find(ctx->config, ciaddr);
	return pools && has_client(ctx, pools, ciaddr) ? pools : NULL;
}

static enum dhcpk_step select_direct(struct dhcpk_ctx *ctx, const struct dhcpk_pools **pools)
{
	*pools = by_own_address(ctx);
	ctx->remote = *pools;
	if (!*pools)
		*pools = by_subnet_selection(ctx);
	if (!ctx->remote && (!ctx->link || !ctx->link->pools.n))
		return DHCPK_PASS;
	if (!*pools)
		*pools = &ctx->link->pools;
	return DHCPK_NEXT;
}

/**
 * dhcpk_select_by_subnet - has the client's option 118 selected the pool? RFC 3011
 * @ctx: a message with its pool
 *
 * Context: softirq, RCU.
 */
bool dhcpk_select_by_subnet(const struct dhcpk_ctx *ctx)
{
	const struct dhcpk_pools *pools = by_subnet_selection(ctx);

	return pools && dhcpk_pools_at(pools, ctx->pool->subnet) == ctx->pool;
}

/*
 * RFC 3046 section 2.1: if no relay has forwarded the message, option 82 is forged by the client,
 * or inserted by a switch that the pools trust. The option may select any of the pools, so all of
 * them must trust it.
 */
static void ignore_untrusted_agent(struct dhcpk_ctx *ctx)
{
	if (!ctx->msg.agent.whole.data || ctx->msg.hdr->giaddr ||
	    ctx->pools->flags & DHCPK_POOL_F_TRUSTED)
		return;
	ctx->untrusted_agent = ctx->msg.agent;
	ctx->msg.agent = (struct dhcp_agent){};
	dhcpk_count(ctx->dn, DHCPK_STAT_AGENT_UNHEEDED);
}

/**
 * dhcpk_restore_agent - put an untrusted option 82 back into the message
 * @ctx: the message
 *
 * Another configuration, or the relay, decides anew whether to trust it.
 *
 * Context: softirq.
 */
void dhcpk_restore_agent(struct dhcpk_ctx *ctx)
{
	if (likely(!ctx->untrusted_agent.whole.data))
		return;
	ctx->msg.agent = ctx->untrusted_agent;
	ctx->untrusted_agent = (struct dhcp_agent){};
}

/*
 * The pool does not accept messages from this interface. A pool without "via" counts it as the
 * wrong way; for a pool with "via", the message has no pool here.
 */
static enum dhcpk_step wrong_interface(struct dhcpk_ctx *ctx)
{
	if (!dhcpk_relayed_on(ctx))
		dhcpk_count(ctx->dn,
			    ctx->pool->n_via ? DHCPK_STAT_DROP_NO_POOL : DHCPK_STAT_DROP_WRONG_WAY);
	return DHCPK_PASS;
}

/*
 * The pool's check against clients that send for others: the source of the frame differs from
 * chaddr.
 */
static bool chaddr_mismatch(const struct dhcpk_ctx *ctx)
{
	return ctx->pool->flags & DHCPK_POOL_F_VERIFY_CHADDR && !ctx->msg.hdr->giaddr &&
	       !ctx->remote &&
	       !ether_addr_equal_unaligned(eth_hdr(ctx->skb)->h_source, ctx->msg.hdr->chaddr);
}

/**
 * dhcpk_select - step: which pool?
 * @ctx: a parsed message
 *
 * RFC 2131 section 4.3.1: the pool of giaddr's link, else the pool of the receiving interface.
 *
 * Return: DHCPK_NEXT with the pool and the source address of the reply; DHCPK_PASS if no pool
 * serves the message here; DHCPK_DROP if it is refused, or if there is no address to answer from.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_select(struct dhcpk_ctx *ctx)
{
	const struct dhcpk_pools *pools = NULL;
	enum dhcpk_step step;

	step = ctx->msg.hdr->giaddr ? select_relayed(ctx, &pools) : select_direct(ctx, &pools);
	if (step != DHCPK_NEXT)
		return step;
	ctx->pools = pools;
	ignore_untrusted_agent(ctx);
	ctx->pool = choose(ctx, pools);
	ctx->source = source_address(ctx);
	ctx->by_return_path = dhcpk_by_return_path(ctx);
	if (!dhcpk_accepted_by(ctx, ctx->pool))
		return wrong_interface(ctx);
	if (chaddr_mismatch(ctx))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_ADMIN_FILTERED);
	if (!ctx->source)
		return dhcpk_pass_or_drop(ctx, DHCPK_STAT_DROP_NO_ADDRESS);
	return DHCPK_NEXT;
}
