// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which client has sent a message, and does a lease belong to that client? A client is known by the
 * identifier that its pool uses; by its reservation, if that is for its hardware address or its
 * circuit; and by its hardware address, if either the message or the lease has no option 61.
 */
#include "server/sender.h"

#include <linux/ip.h>

#include "config/pool.h"
#include "lease/dirty.h"
#include "lease/lease.h"
#include "lease/record.h"

/* The first reservation on the link for an identity. */
static const struct dhcpk_host *host_on_link(const struct dhcpk_config *c,
					     const struct dhcpk_pools *pools,
					     const struct dhcpk_id *id)
{
	const struct dhcpk_id_node *n =
		dhcpk_id_next_on_link(dhcpk_id_table_find(&c->host_by_id, id), pools, 0);

	return n ? container_of(n, struct dhcpk_host, by_id) : NULL;
}

/**
 * dhcpk_host_find - a client's reservation
 * @c: the configuration
 * @pools: the pools of the client's link
 * @msg: the client's message
 *
 * A reservation by circuit-id comes before one by client identifier, and that before one by
 * hardware address: the circuit-id and the client identifier are more specific.
 *
 * Return: the reservation, in any pool of the link, or NULL.
 * Context: softirq, RCU.
 */
const struct dhcpk_host *dhcpk_host_find(const struct dhcpk_config *c,
					 const struct dhcpk_pools *pools,
					 const struct dhcp_msg *msg)
{
	const struct dhcpk_id ids[] = { dhcpk_id_of_circuit(msg), dhcpk_id_of_client(msg),
					dhcpk_id_of_chaddr(msg) };
	const struct dhcpk_host *host;
	unsigned int i;

	if (!c->n_hosts)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		host = ids[i].len ? host_on_link(c, pools, &ids[i]) : NULL;
		if (host)
			return host;
	}
	return NULL;
}

/**
 * dhcpk_host_for_hardware - is the reservation for a hardware address, so that the client's
 * identifier does not matter?
 * @host: the reservation, or NULL
 *
 * Context: any.
 */
bool dhcpk_host_for_hardware(const struct dhcpk_host *host)
{
	return host && host->by_id.kind < DHCPK_ID_CLIENT;
}

/**
 * dhcpk_id_of_sender - the identity by which a message's client is known
 * @host: the sender's reservation on the link, or NULL
 * @identity: enum dhcpk_identity
 * @msg: the message
 *
 * A reservation by hardware address or client identifier decides the identity, regardless of the
 * pool's setting. By hardware address: boot loader, installer and system of one machine have
 * different identifiers (RFC 4361 section 6.3). A reservation by circuit does not: different
 * machines may use the circuit one after the other.
 *
 * Return: the identity; it points into the message or the reservation. Its length is 0 if the
 * message names no client.
 * Context: softirq, RCU.
 */
struct dhcpk_id dhcpk_id_of_sender(const struct dhcpk_host *host, u8 identity,
				   const struct dhcp_msg *msg)
{
	return host && host->by_id.kind <= DHCPK_ID_CLIENT ? dhcpk_id_of(&host->by_id) :
	       dhcpk_id_for(identity, msg);
}

/* RFC 4390: a client on InfiniBand sends no hardware address. */
static bool both_without_chaddr(const struct dhcpk_lease *l, const struct dhcp_hdr *hdr)
{
	return !l->hlen && !hdr->hlen && l->htype == hdr->htype;
}

/* Does the sender have no hardware address, or one that many clients have (all zeroes)? */
static bool hardware_is_ambiguous(const struct dhcpk_id *hw)
{
	return !hw->len || !memchr_inv(hw->data, 0, hw->len);
}

/*
 * Does a lease that was granted to a client without option 61 belong to another client than a
 * message with option 61 and the same hardware address? By the letter of RFC 2131 section 4.2 it
 * does (identity client-id-strict), unless the hardware address has a reservation. It also does if
 * the hardware address is ambiguous.
 */
static bool strict_mismatch(const struct dhcpk_lease *l, const struct dhcp_msg *msg,
			    const struct dhcpk_host *host, u8 identity)
{
	const struct dhcpk_id hw = dhcpk_id_of_chaddr(msg);

	return msg->client_id.data && l->unnamed && !dhcpk_host_for_hardware(host) &&
	       (identity == DHCPK_IDENTITY_CLIENT_ID_STRICT || hardware_is_ambiguous(&hw));
}

/* Does the message have the identifier by which the lease is found? */
static bool has_identifier(const struct dhcpk_lease *l, const struct dhcp_msg *msg,
			   const struct dhcpk_host *host, u8 identity)
{
	const struct dhcpk_id ids[] = { dhcpk_id_of_client(msg), dhcpk_id_of_chaddr(msg),
					dhcpk_id_of_circuit(msg) };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		if (ids[i].len && dhcpk_id_is(&l->by_id, &ids[i]))
			return i != 1 || !strict_mismatch(l, msg, host, identity);
	}
	return false;
}

/**
 * dhcpk_same_identifier - does the message have the lease's identifier and hardware address?
 * @l: the lease
 * @msg: the message
 * @host: the sender's reservation on the link, or NULL
 * @identity: enum dhcpk_identity
 *
 * The circuit of a lease is only compared if a relay has named one in the message; otherwise the
 * hardware address is enough.
 *
 * Context: softirq, RCU, the leases locked.
 */
bool dhcpk_same_identifier(const struct dhcpk_lease *l, const struct dhcp_msg *msg,
			   const struct dhcpk_host *host, u8 identity)
{
	if (has_identifier(l, msg, host, identity))
		return dhcpk_same_hardware(l, msg->hdr) || both_without_chaddr(l, msg->hdr);
	return l->by_id.kind == DHCPK_ID_CIRCUIT && !msg->agent.circuit_id.len &&
	       dhcpk_same_hardware(l, msg->hdr);
}

/**
 * dhcpk_hardware_counts - does the sender's hardware address also lead to leases with another
 * identifier?
 * @msg: the message
 * @host: the sender's reservation on the link, or NULL
 * @identity: enum dhcpk_identity
 * @hw: set to the identity by which these leases are found
 *
 * A client that sends option 61 in some of its messages is one client. Two clients that both send
 * it are two (RFC 2131 section 4.2). A client with a reservation for its hardware address is one
 * client, whatever it sends.
 *
 * Context: softirq, RCU.
 */
bool dhcpk_hardware_counts(const struct dhcp_msg *msg, const struct dhcpk_host *host, u8 identity,
			   struct dhcpk_id *hw)
{
	bool any = dhcpk_host_for_hardware(host) || identity == DHCPK_IDENTITY_MAC;

	*hw = dhcpk_id_of_chaddr(msg);
	if (hardware_is_ambiguous(hw))
		return false;
	if (any || !msg->client_id.data)
		hw->kind += DHCPK_ID_HARDWARE;
	if (any)
		return true;
	/* The relay has identified the client. */
	if (identity == DHCPK_IDENTITY_CIRCUIT_ID && msg->agent.circuit_id.len)
		return false;
	return identity != DHCPK_IDENTITY_CLIENT_ID_STRICT;
}

static bool gives_back(const struct dhcp_msg *msg)
{
	return msg->type == DHCP_RELEASE || msg->type == DHCP_DECLINE;
}

/**
 * dhcpk_host_of - the reservation for a lease's identifier
 * @ctx: a message
 * @pools: the pools of the link
 * @l: the lease
 *
 * Return: the reservation, or NULL.
 * Context: softirq, RCU, the leases locked.
 */
const struct dhcpk_host *dhcpk_host_of(const struct dhcpk_ctx *ctx, const struct dhcpk_pools *pools,
				       const struct dhcpk_lease *l)
{
	const struct dhcpk_id id = dhcpk_id_of(&l->by_id);

	return ctx->config->n_hosts ? host_on_link(ctx->config, pools, &id) : NULL;
}

/**
 * dhcpk_lease_reserved - is the lease's address reserved for the lease's identifier?
 * @ctx: a message; the leases are locked
 * @pools: the pools of the link
 * @l: the lease
 *
 * Context: softirq, RCU.
 */
bool dhcpk_lease_reserved(const struct dhcpk_ctx *ctx, const struct dhcpk_pools *pools,
			  const struct dhcpk_lease *l)
{
	const struct dhcpk_host *host = dhcpk_host_of(ctx, pools, l);

	return host && host->addr == l->by_id.addr;
}

/*
 * Is a lease given back with the same use of option 61 as it was granted? An OFFER is declined with
 * the identifier of its DISCOVER, whatever identifier the lease has. A bound lease by hardware
 * address was granted to a client with option 61 only if the lease had no space for the identifier.
 */
static bool given_back_as_granted(const struct dhcp_msg *msg, const struct dhcpk_lease *l)
{
	bool offered = msg->type == DHCP_DECLINE && l->state == DHCPK_LEASE_OFFERED;

	if (offered || (l->by_id.kind < DHCPK_ID_CLIENT && !l->unnamed))
		return l->unnamed == !msg->client_id.data;
	return l->unnamed && !msg->client_id.data;
}

/**
 * dhcpk_found_by_hardware - does the lease belong to the machine with the sender's hardware
 * address?
 * @ctx: the message
 * @pools: the pools of the link
 * @host: the sender's reservation on the link, or NULL
 * @identity: enum dhcpk_identity
 * @l: the lease
 *
 * It does not if both identifiers have reservations, and these differ. A lease that was granted to
 * one identifier is not given back by another. A client without option 61 may have been bound by
 * the identifier that its machine otherwise sends; it gives the lease back without option 61, too.
 *
 * Context: softirq, RCU, the leases locked.
 */
bool dhcpk_found_by_hardware(const struct dhcpk_ctx *ctx, const struct dhcpk_pools *pools,
			     const struct dhcpk_host *host, u8 identity,
			     const struct dhcpk_lease *l)
{
	const struct dhcpk_host *other;
	struct dhcpk_id hw;

	if (!dhcpk_hardware_counts(&ctx->msg, host, identity, &hw) ||
	    !dhcpk_id_is(hw.kind < DHCPK_ID_HARDWARE ? &l->by_id : &l->by_hw, &hw))
		return false;
	if (gives_back(&ctx->msg) && !dhcpk_host_for_hardware(host) &&
	    !given_back_as_granted(&ctx->msg, l))
		return false;
	other = dhcpk_host_of(ctx, pools, l);
	return !other || !host || other == host;
}

/*
 * May only the machine that holds the lease use it, not the next machine behind the circuit? That
 * is so for a RELEASE and for a DECLINE of a bound address. If the machine is another one, it is
 * also so for any DECLINE, for a sender without a hardware address, and for a bound lease while the
 * store is silent, because the change could not be stored.
 */
static bool needs_same_machine(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *l)
{
	if (ctx->msg.type == DHCP_RELEASE ||
	    (ctx->msg.type == DHCP_DECLINE && l->state != DHCPK_LEASE_OFFERED))
		return true;
	if (dhcpk_same_hardware(l, ctx->msg.hdr))
		return false;
	return ctx->msg.type == DHCP_DECLINE || !ctx->msg.hdr->hlen ||
	       (dhcpk_lease_bound(l) && dhcpk_store_is_silent(ctx->dn->leases, ctx->now));
}

/**
 * dhcpk_same_circuit - is the lease's address reserved for the sender's circuit, and was the
 * lease's client behind that circuit?
 * @ctx: the message
 * @host: the sender's reservation on the link, or NULL
 * @l: the lease
 *
 * Context: softirq, RCU, the leases locked.
 */
bool dhcpk_same_circuit(const struct dhcpk_ctx *ctx, const struct dhcpk_host *host,
			const struct dhcpk_lease *l)
{
	struct dhcpk_id circuit;

	if (!host || host->by_id.kind != DHCPK_ID_CIRCUIT || l->by_id.addr != host->addr ||
	    l->by_id.kind == DHCPK_ID_NONE || needs_same_machine(ctx, l))
		return false;
	circuit = dhcpk_lease_circuit(l);
	return circuit.kind == DHCPK_ID_CIRCUIT && dhcpk_id_is(&host->by_id, &circuit);
}

/**
 * dhcpk_same_machine - is the sender the lease's client, though its identifier differs?
 * @ctx: the message
 * @pools: the pools of the link
 * @host: the sender's reservation on the link, or NULL
 * @identity: enum dhcpk_identity
 * @l: the lease
 *
 * Context: softirq, RCU, the leases locked.
 */
bool dhcpk_same_machine(const struct dhcpk_ctx *ctx, const struct dhcpk_pools *pools,
			const struct dhcpk_host *host, u8 identity, const struct dhcpk_lease *l)
{
	return dhcpk_same_circuit(ctx, host, l) ||
	       dhcpk_found_by_hardware(ctx, pools, host, identity, l);
}

/**
 * dhcpk_lease_of_sender - does the lease belong to the message's client, whatever identity the pool
 * uses now?
 * @ctx: the message, with its client
 * @l: the lease
 *
 * Context: softirq, the leases locked.
 */
bool dhcpk_lease_of_sender(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *l)
{
	lockdep_assert_held(&ctx->dn->leases->lock);
	return dhcpk_id_is(&l->by_id, &ctx->id) ||
	       dhcpk_same_identifier(l, &ctx->msg, ctx->host, ctx->pool->identity) ||
	       dhcpk_same_machine(ctx, ctx->pools, ctx->host, ctx->pool->identity, l);
}

/**
 * dhcpk_reservation_has - does the lease belong to the client that an address is reserved for?
 * @ctx: the client's message, for the choice of a pool
 * @pools: the pools of the link
 * @host: the client's reservation
 * @l: the lease
 *
 * Context: softirq, the leases locked.
 */
bool dhcpk_reservation_has(const struct dhcpk_ctx *ctx, const struct dhcpk_pools *pools,
			   const struct dhcpk_host *host, const struct dhcpk_lease *l)
{
	const struct dhcpk_id id = dhcpk_id_of_sender(host, host->pool->identity, &ctx->msg);

	lockdep_assert_held(&ctx->dn->leases->lock);
	return dhcpk_id_is(&l->by_id, &id) ||
	       dhcpk_same_identifier(l, &ctx->msg, host, host->pool->identity) ||
	       dhcpk_same_machine(ctx, pools, host, host->pool->identity, l);
}

/**
 * dhcpk_client_hardware_ambiguous - does a client have no hardware address, or one that many
 * clients have?
 * @msg: the client's message
 *
 * Context: any.
 */
bool dhcpk_client_hardware_ambiguous(const struct dhcp_msg *msg)
{
	const struct dhcpk_id hw = dhcpk_id_of_chaddr(msg);

	return hardware_is_ambiguous(&hw);
}

/**
 * dhcpk_asked - the address that a message is about
 * @ctx: the message
 *
 * RFC 2131 section 4.3.5: a client that sends an INFORM has its address in ciaddr. Some clients
 * have it only in the IP header.
 *
 * Return: the address, host order; 0 if the message names none.
 * Context: softirq, RCU.
 */
u32 dhcpk_asked(const struct dhcpk_ctx *ctx)
{
	__be32 addr = dhcp_asked_addr(&ctx->msg);

	if (!addr && ctx->msg.type == DHCP_INFORM && !ctx->msg.hdr->giaddr)
		addr = ip_hdr(ctx->skb)->saddr;
	return ntohl(addr);
}

/*
 * A client with an address that is reserved for its circuit renews without the relay, so its
 * message has no circuit-id. The lease has it.
 */
static bool reserved_by_circuit(const struct dhcpk_ctx *ctx, const struct dhcpk_pool *pool,
				const struct dhcpk_lease *lease, u32 addr)
{
	const struct dhcpk_host *host;
	struct dhcpk_id circuit;

	if (!lease || lease->by_id.addr != addr || ctx->msg.agent.circuit_id.len)
		return false;
	/* A RELEASE is easily forged: a client that still renews has not sent it. */
	if (!dhcpk_lease_bound(lease) &&
	    !(lease->state == DHCPK_LEASE_RELEASED && ctx->msg.type == DHCP_REQUEST &&
	      ctx->msg.hdr->ciaddr))
		return false;
	host = xa_load((struct xarray *)&pool->host_by_addr, addr);
	circuit = dhcpk_lease_circuit(lease);
	return host && circuit.kind == DHCPK_ID_CIRCUIT && dhcpk_id_is(&host->by_id, &circuit);
}

/*
 * In a range of the pool, and reserved for no host. The map has the same information, but another
 * generation may share the map: the reservations of that generation are in the map before it runs.
 */
static bool in_dynamic_range(const struct dhcpk_pool *pool, u32 addr)
{
	unsigned int i;

	for (i = 0; i < pool->n_ranges; i++) {
		if (addr >= pool->ranges[i].first && addr <= pool->ranges[i].last)
			return !xa_load((struct xarray *)&pool->host_by_addr, addr);
	}
	return false;
}

/**
 * dhcpk_pool_gives - does a pool give an address to any client, or to this client, which has it?
 * @ctx: the client's message
 * @pool: a pool of its link
 * @lease: the client's lease or NULL
 * @addr: host order
 *
 * Context: softirq, the leases locked.
 */
bool dhcpk_pool_gives(const struct dhcpk_ctx *ctx, const struct dhcpk_pool *pool,
		      const struct dhcpk_lease *lease, u32 addr)
{
	return in_dynamic_range(pool, addr) || reserved_by_circuit(ctx, pool, lease, addr);
}
