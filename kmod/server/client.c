// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which lease on its link belongs to a client: one lease counts, and the client's other leases are
 * given up. sender.c decides which leases can belong to the client.
 */
#include "server/client.h"

#include "config/pool.h"
#include "lease/lease.h"
#include "lease/record.h"
#include "server/sender.h"
#include "server/way.h"

enum {
	GIVEN_UP_MAX = 32,	/* leases of a client that one message gives up */
	HARDWARE_MAX = 8,	/* leases that are examined for one hardware address */
};

/**
 * dhcpk_identify - step: which client sent the message?
 * @ctx: a parsed message with its pool
 *
 * RFC 2131 section 4.2: the client identifier if there is one, else the hardware address and its
 * type.
 *
 * Return: DHCPK_NEXT; DHCPK_PASS or DHCPK_DROP for a message that names no client.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_identify(struct dhcpk_ctx *ctx)
{
	ctx->host = dhcpk_host_find(ctx->config, ctx->pools, &ctx->msg);
	ctx->id = dhcpk_id_of_sender(ctx->host, ctx->pool->identity, &ctx->msg);
	return ctx->id.len ? DHCPK_NEXT : dhcpk_pass_or_drop(ctx, DHCPK_STAT_DROP_RFC_VIOLATION);
}

/*
 * Of two leases of one client, a bound lease ranks above an offered one, and an offered one above
 * an expired or released one.
 */
static unsigned int rank(const struct dhcpk_lease *l, u64 now)
{
	if (l->expires <= now)
		return 0;
	return dhcpk_lease_bound(l) ? 2 : l->state == DHCPK_LEASE_OFFERED;
}

/*
 * Of two leases of one rank, the later one ranks higher. A lease from before this boot has lost its
 * time, but not its order.
 */
static bool outranks(const struct dhcpk_lease *a, const struct dhcpk_lease *b, u64 now)
{
	if (rank(a, now) != rank(b, now))
		return rank(a, now) > rank(b, now);
	return a->starts != b->starts ? a->starts > b->starts : a->seq > b->seq;
}

/* All nodes of one kind have the same offset in their leases. */
static struct dhcpk_lease *next_of_client(const struct dhcpk_id_node *any,
					  const struct dhcpk_pools *pools, u64 addr)
{
	struct dhcpk_id_node *n = dhcpk_id_next_on_link(any, pools, addr);

	if (!n)
		return NULL;
	return n->kind < DHCPK_ID_HARDWARE ? container_of(n, struct dhcpk_lease, by_id) :
					     container_of(n, struct dhcpk_lease, by_hw);
}

#define for_each_of_client(l, any, pools) \
	for (l = next_of_client(any, pools, 0); l; \
	     l = next_of_client(any, pools, l->by_id.addr + 1ULL))

/*
 * The addresses of a client's other leases on the link are quarantined until the leases end. If
 * thousands of links become one, each may have had a "port 1": one message gives up at most
 * GIVEN_UP_MAX leases, the next message goes on.
 */
static void give_up_others(struct dhcpk_leases *s, const struct dhcpk_pools *pools,
			   const struct dhcpk_lease *best, u64 now)
{
	unsigned int left = GIVEN_UP_MAX;
	struct dhcpk_lease *l;

	for_each_of_client(l, &best->by_id, pools) {
		if (l == best)
			continue;
		if (!left--)
			break;
		dhcpk_lease_give_up(s, l, now);
	}
}

/* The lease of the client that ranks highest, and the number of its leases. */
static struct dhcpk_lease *best_of_client(struct dhcpk_leases *s, const struct dhcpk_pools *pools,
					  const struct dhcpk_id *id, u64 now, unsigned int *n)
{
	const struct dhcpk_id_node *any = dhcpk_id_table_find(&s->by_id, id);
	struct dhcpk_lease *best = NULL, *l;

	lockdep_assert_held(&s->lock);
	*n = 0;
	for_each_of_client(l, any, pools) {
		++*n;
		if (!best || outranks(l, best, now))
			best = l;
	}
	return best;
}

/*
 * A client has one lease on a link. After two links have become one, or if a crash has left two
 * rows of one client in the store, it may have two: the later lease that has not ended counts. With
 * @end_others the addresses of its other leases are quarantined until those end.
 */
static struct dhcpk_lease *named_lease(struct dhcpk_leases *s, const struct dhcpk_pools *pools,
				       const struct dhcpk_id *id, u64 now, bool end_others)
{
	unsigned int n;
	struct dhcpk_lease *best = best_of_client(s, pools, id, now, &n);

	if (n > 1 && end_others)
		give_up_others(s, pools, best, now);
	return dhcpk_lease_current(s, best, now);
}

/* The lease at an address, if it is live and belongs to the sender's machine. */
static struct dhcpk_lease *machine_lease_at(const struct dhcpk_ctx *ctx,
					    const struct dhcpk_pools *pools,
					    const struct dhcpk_host *host, u8 identity, u32 addr)
{
	struct dhcpk_lease *l = addr && dhcpk_pools_at(pools, addr) ?
				dhcpk_lease_at(ctx->dn->leases, addr, ctx->now) : NULL;
	bool reserved = host && addr == host->addr;

	if (!l || !dhcpk_lease_live(l))
		return NULL;
	return (reserved && dhcpk_same_identifier(l, &ctx->msg, host, identity)) ||
	       dhcpk_same_machine(ctx, pools, host, identity, l) ? l : NULL;
}

/*
 * Several leases may match the circuit or the hardware address of the client. The lease of the
 * address that the client asks for comes first, then the lease of the reserved address, then the
 * one that ranks highest. Anybody can create more leases for one hardware address: only
 * HARDWARE_MAX of them are examined.
 */
static struct dhcpk_lease *machine_lease(const struct dhcpk_ctx *ctx,
					 const struct dhcpk_pools *pools,
					 const struct dhcpk_host *host, u8 identity)
{
	struct dhcpk_leases *s = ctx->dn->leases;
	unsigned int left = HARDWARE_MAX;
	const struct dhcpk_id_node *any;
	struct dhcpk_lease *l, *best;
	struct dhcpk_id hw;

	best = machine_lease_at(ctx, pools, host, identity, ntohl(dhcp_asked_addr(&ctx->msg)));
	if (!best && host)
		best = machine_lease_at(ctx, pools, host, identity, host->addr);
	if (best || !dhcpk_hardware_counts(&ctx->msg, host, identity, &hw))
		return best;
	any = dhcpk_id_table_find(&s->by_id, &hw);
	for_each_of_client(l, any, pools) {
		if (!left--)
			break;
		if (dhcpk_found_by_hardware(ctx, pools, host, identity, l) &&
		    (!best || outranks(l, best, ctx->now)))
			best = l;
	}
	return dhcpk_lease_current(s, best, ctx->now);
}

/**
 * dhcpk_client_declined - how many addresses on the link has this client declined?
 * @ctx: the client's message, with its pools; the leases are locked
 * @max: the count stops here
 *
 * Return: the number of addresses that are quarantined because of the client's DECLINEs.
 * Context: softirq, RCU.
 */
unsigned int dhcpk_client_declined(const struct dhcpk_ctx *ctx, unsigned int max)
{
	struct dhcpk_id hw = dhcpk_id_of_chaddr(&ctx->msg);
	const struct dhcpk_id_node *any;
	struct dhcpk_lease *l;
	unsigned int n = 0;

	lockdep_assert_held(&ctx->dn->leases->lock);
	hw.kind += DHCPK_ID_DECLINER;
	any = dhcpk_id_table_find(&ctx->dn->leases->by_id, &hw);
	for_each_of_client(l, any, ctx->pools) {
		if (++n == max)
			break;
	}
	return n;
}

/*
 * A client may have one lease by its identifier (@named) and another by its hardware address or
 * circuit (@other). A bound lease ranks above any other. Of two bound leases the reserved one
 * counts; else @other, if a client without an identifier claims it; else @named.
 */
static struct dhcpk_lease *preferred(const struct dhcpk_ctx *ctx, const struct dhcpk_host *host,
				     struct dhcpk_lease *named, struct dhcpk_lease *other)
{
	u32 asked = ntohl(dhcp_asked_addr(&ctx->msg));

	if (!named || !other || named == other)
		return named ?: other;
	if (!dhcpk_lease_bound(other))
		return named;
	if (!dhcpk_lease_bound(named) || (host && other->by_id.addr == host->addr))
		return other;
	return ctx->msg.type == DHCP_REQUEST && !dhcp_selects(&ctx->msg) &&
	       !ctx->msg.client_id.data && other->by_id.addr == asked ? other : named;
}

/**
 * dhcpk_client_peek - a client's lease on a link, for the choice of a pool; no lease is given up
 * @ctx: a message; the leases are locked
 * @pools: the pools of the link
 * @host: the client's reservation there, or NULL
 * @identity: enum dhcpk_identity, of one of the pools
 *
 * Return: the lease in its current state, or NULL.
 * Context: softirq, RCU.
 */
struct dhcpk_lease *dhcpk_client_peek(const struct dhcpk_ctx *ctx, const struct dhcpk_pools *pools,
				      const struct dhcpk_host *host, u8 identity)
{
	const struct dhcpk_id id = dhcpk_id_of_sender(host, identity, &ctx->msg);
	struct dhcpk_lease *named;

	lockdep_assert_held(&ctx->dn->leases->lock);
	if (!id.len)
		return NULL;
	named = named_lease(ctx->dn->leases, pools, &id, ctx->now, false);
	return preferred(ctx, host, named, machine_lease(ctx, pools, host, identity));
}

/*
 * A client that is known by its circuit renews without its relay, so the message lacks the
 * circuit-id. The lease of its address has the circuit-id.
 */
static void identify_by_address(struct dhcpk_ctx *ctx)
{
	u32 addr = ntohl(ctx->msg.hdr->ciaddr);
	const struct dhcpk_lease *l;

	if (ctx->pool->identity != DHCPK_IDENTITY_CIRCUIT_ID || ctx->id.kind == DHCPK_ID_CIRCUIT ||
	    !addr || !dhcpk_pools_at(ctx->pools, addr))
		return;
	l = dhcpk_lease_at(ctx->dn->leases, addr, ctx->now);
	if (l && l->by_id.kind == DHCPK_ID_CIRCUIT &&
	    !memcmp(l->chaddr, ctx->msg.hdr->chaddr, sizeof(l->chaddr)))
		ctx->id = dhcpk_id_of(&l->by_id);
}

/*
 * The sender goes by the identifier of the lease from here on, and has the reservation for that
 * identifier. It keeps its own identifier if a grant will rename the lease. It also keeps it if the
 * lease is only offered, because a forger may have asked for the OFFER, unless the offered address
 * is reserved.
 */
static void adopt_identifier(struct dhcpk_ctx *ctx, const struct dhcpk_lease *l)
{
	const struct dhcpk_host *other = dhcpk_host_of(ctx, ctx->pools, l);
	u8 identity = ctx->pool->identity;
	bool better = dhcpk_host_for_hardware(ctx->host) ||
		      (l->state == DHCPK_LEASE_OFFERED && (ctx->host || !other)) ||
		      (ctx->msg.client_id.data && identity != DHCPK_IDENTITY_MAC);
	bool renamed = dhcpk_same_circuit(ctx, ctx->host, l) ||
		       (better && dhcpk_found_by_hardware(ctx, ctx->pools, ctx->host, identity, l));

	if (renamed)
		return;
	ctx->id = dhcpk_id_of(&l->by_id);
	if (!ctx->host && other && other->pool == ctx->pool)
		ctx->host = other;
}

/*
 * A bound lease keeps the identifier that it was granted to. The pool's identity may change later,
 * or the pool may be merged with another. A REQUEST that claims the lease's address still finds it;
 * so does a RELEASE of a lease that the pool would not make any more.
 *
 * @lease: the client's lease by its current identifier, or NULL. If it is bound, the claimed lease
 * replaces it only where the pool makes no more leases of the claimed lease's kind. An offered,
 * expired or released lease does not count against a bound one.
 */
static struct dhcpk_lease *claimed_lease(const struct dhcpk_ctx *ctx,
					 const struct dhcpk_lease *lease)
{
	u32 addr = ntohl(dhcp_asked_addr(&ctx->msg));
	bool claims = ctx->msg.type == DHCP_REQUEST && !dhcp_selects(&ctx->msg);
	struct dhcpk_lease *l;

	if (!addr || (lease && lease->by_id.addr == addr) ||
	    (!claims && ctx->msg.type != DHCP_RELEASE) || !dhcpk_pools_at(ctx->pools, addr))
		return NULL;
	l = dhcpk_lease_at(ctx->dn->leases, addr, ctx->now);
	if (!l || !dhcpk_lease_bound(l) || !dhcpk_lease_of_sender(ctx, l))
		return NULL;
	if ((!claims || (lease && dhcpk_lease_bound(lease))) &&
	    dhcpk_id_made_by(&l->by_id, ctx->pool->identity))
		return NULL;
	return l;
}

/*
 * No lease by the client's other name would count for more: the client renews its lease, or takes
 * the address that it was offered.
 */
static bool no_other_can_win(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease)
{
	if (lease->by_id.addr != ntohl(dhcp_asked_addr(&ctx->msg)))
		return false;
	if (dhcpk_lease_bound(lease))
		return !ctx->host || ctx->host->addr == lease->by_id.addr;
	return lease->state == DHCPK_LEASE_OFFERED && dhcp_selects(&ctx->msg);
}

/**
 * dhcpk_client_lease - the lease of a message's client on its link
 * @ctx: the message, with its pool and client; the leases are locked
 *
 * Afterwards @ctx has the identifier of the lease. The client's other leases on the link end, if
 * each pool of the link accepts messages from this interface.
 *
 * Return: the lease in its current state, or NULL.
 * Context: softirq, RCU.
 */
struct dhcpk_lease *dhcpk_client_lease(struct dhcpk_ctx *ctx)
{
	struct dhcpk_lease *lease, *other;

	lockdep_assert_held(&ctx->dn->leases->lock);
	identify_by_address(ctx);
	lease = named_lease(ctx->dn->leases, ctx->pools, &ctx->id, ctx->now,
			    dhcpk_accepted_by_all(ctx));
	if (lease && no_other_can_win(ctx, lease))
		return lease;
	other = claimed_lease(ctx, lease);
	if (!other)
		other = preferred(ctx, ctx->host, lease,
				  machine_lease(ctx, ctx->pools, ctx->host, ctx->pool->identity));
	if (!other || other == lease)
		return lease;
	adopt_identifier(ctx, other);
	return other;
}
