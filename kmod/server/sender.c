// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has sent a message, and is a record the sender's? A client is known by the identifier that its pool goes by; by its
 * reservation, if that is for its hardware or its circuit; and, where either the message or the record has no option 61, by its
 * hardware address.
 */
#include "server/sender.h"

#include <linux/ip.h>

#include "config/pool.h"
#include "lease/dirty.h"
#include "lease/lease.h"
#include "lease/record.h"

/* Of the reservations of one identity, the first one on the link. */
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
 * @pools: those of the client's link
 * @msg: the client's message
 *
 * A reservation for what the relay says of a port, or the client of itself, is meant more precisely than one by hardware.
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
 * dhcpk_host_for_hardware - is the reservation for the client's hardware, whatever identifier the client sends?
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
 * A client with a reservation goes by what that is for, whatever the pool goes by: its hardware (RFC 4361 section 6.3: boot
 * loader, installer and system of one machine have different identifiers), or its identifier. Behind a circuit is one machine
 * after the other.
 *
 * Return: the identity; it points into the message or the reservation. Its length is 0 if the message names no client.
 * Context: softirq, RCU.
 */
struct dhcpk_id dhcpk_id_of_sender(const struct dhcpk_host *host, u8 identity,
				   const struct dhcp_msg *msg)
{
	return host && host->by_id.kind <= DHCPK_ID_CLIENT ? dhcpk_id_of(&host->by_id) :
	       dhcpk_id_for(identity, msg);
}

/* RFC 4390: a client on InfiniBand says no hardware address. */
static bool both_without_chaddr(const struct dhcpk_lease *l, const struct dhcp_hdr *hdr)
{
	return !l->hlen && !hdr->hlen && l->htype == hdr->htype;
}

/* Has the sender no hardware address, or one that many have? */
static bool hardware_is_ambiguous(const struct dhcpk_id *hw)
{
	return !hw->len || !memchr_inv(hw->data, 0, hw->len);
}

/*
 * Is the record, which was granted to a client without option 61, another's than that of a client with the same hardware address,
 * and option 61? To the letter of RFC 2131 section 4.2 it is, unless the hardware has a reservation.
 */
static bool strict_mismatch(const struct dhcpk_lease *l, const struct dhcp_msg *msg,
			    const struct dhcpk_host *host, u8 identity)
{
	const struct dhcpk_id hw = dhcpk_id_of_chaddr(msg);

	return msg->client_id.data && l->unnamed && !dhcpk_host_for_hardware(host) &&
	       (identity == DHCPK_IDENTITY_CLIENT_ID_STRICT || hardware_is_ambiguous(&hw));
}

/* Does the message say the identifier that the record is found by? */
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
 * dhcpk_same_identifier - has the message the record's identifier and the same hardware address?
 * @l: the record
 * @msg: the message
 * @host: the sender's reservation on the link, or NULL
 * @identity: enum dhcpk_identity
 *
 * A circuit is named by a relay, if there is one.
 *
 * Context: softirq, RCU, the space locked.
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
 * dhcpk_hardware_counts - does the sender's hardware address lead to records with another identifier, too?
 * @msg: the message
 * @host: the sender's reservation on the link, or NULL
 * @identity: enum dhcpk_identity
 * @hw: set to the identity by which these are found
 *
 * A client that sends option 61 in some of its messages is one client. Two clients that both send it are two (RFC 2131
 * section 4.2). A client with a reservation for its hardware is one client, whatever it sends.
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
	/* The relay has said who it is. */
	if (identity == DHCPK_IDENTITY_CIRCUIT_ID && msg->agent.circuit_id.len)
		return false;
	return identity != DHCPK_IDENTITY_CLIENT_ID_STRICT;
}

static bool gives_back(const struct dhcp_msg *msg)
{
	return msg->type == DHCP_RELEASE || msg->type == DHCP_DECLINE;
}

/**
 * dhcpk_host_of - the reservation for the identifier that a record has
 * @ctx: a message
 * @pools: those of the link
 * @l: the record
 *
 * Return: the reservation, or NULL.
 * Context: softirq, RCU, the space locked.
 */
const struct dhcpk_host *dhcpk_host_of(const struct dhcpk_ctx *ctx, const struct dhcpk_pools *pools,
				       const struct dhcpk_lease *l)
{
	const struct dhcpk_id id = dhcpk_id_of(&l->by_id);

	return ctx->config->n_hosts ? host_on_link(ctx->config, pools, &id) : NULL;
}

/**
 * dhcpk_lease_reserved - is the address reserved for the client that the record is named by?
 * @ctx: a message; its space is locked
 * @pools: those of the link
 * @l: the record
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
 * An offer is declined as it was asked for, whatever name the record has. A binding that goes by its hardware has been granted to an
 * identifier only if there was no room for that.
 */
static bool given_back_as_granted(const struct dhcp_msg *msg, const struct dhcpk_lease *l)
{
	bool offered = msg->type == DHCP_DECLINE && l->state == DHCPK_LEASE_OFFERED;

	if (offered || (l->by_id.kind < DHCPK_ID_CLIENT && !l->unnamed))
		return l->unnamed == !msg->client_id.data;
	return l->unnamed && !msg->client_id.data;
}

/**
 * dhcpk_found_by_hardware - is it a record of the machine that the sender's hardware address names?
 * @ctx: the message
 * @pools: those of the link
 * @host: the sender's reservation on the link, or NULL
 * @identity: enum dhcpk_identity
 * @l: the record
 *
 * Not if each of the two identifiers has a reservation of its own. What
 * was taken in one name is not given back in another; a client that has said no identifier, and has been bound in the name that its
 * machine has otherwise, says none when it gives back.
 *
 * Context: softirq, RCU, the space locked.
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

/* What only the last machine behind a circuit can say, or what could not be stored for the next one, is not for this machine. */
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
 * dhcpk_same_circuit - has the record's client the address that is reserved for the sender's circuit, and was it behind that?
 * @ctx: the message
 * @host: the sender's reservation on the link, or NULL
 * @l: the record
 *
 * Context: softirq, RCU, the space locked.
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
 * dhcpk_same_machine - is the sender the record's client, though its identifier is another one?
 * @ctx: the message
 * @pools: those of the link
 * @host: the sender's reservation on the link, or NULL
 * @identity: enum dhcpk_identity
 * @l: the record
 *
 * Context: softirq, RCU, the space locked.
 */
bool dhcpk_same_machine(const struct dhcpk_ctx *ctx, const struct dhcpk_pools *pools,
			const struct dhcpk_host *host, u8 identity, const struct dhcpk_lease *l)
{
	return dhcpk_same_circuit(ctx, host, l) ||
	       dhcpk_found_by_hardware(ctx, pools, host, identity, l);
}

/**
 * dhcpk_lease_of_sender - is it the record of a message's client, whatever its pool goes by now?
 * @ctx: the message, with its client
 * @l: the record
 *
 * Context: softirq, the space locked.
 */
bool dhcpk_lease_of_sender(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *l)
{
	lockdep_assert_held(&ctx->dn->leases->lock);
	return dhcpk_id_is(&l->by_id, &ctx->id) ||
	       dhcpk_same_identifier(l, &ctx->msg, ctx->host, ctx->pool->identity) ||
	       dhcpk_same_machine(ctx, ctx->pools, ctx->host, ctx->pool->identity, l);
}

/**
 * dhcpk_reservation_has - is it the record of the client that an address is reserved for?
 * @ctx: the client's message, for the choice of a pool
 * @pools: those of the link
 * @host: its reservation
 * @l: the record
 *
 * Context: softirq, the space locked.
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
 * dhcpk_client_hardware_ambiguous - has a client no hardware address, or one that many have?
 * @msg: its message
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
 * RFC 2131 section 4.3.5: who informs itself says its address in ciaddr. Some leave that to the IP header.
 *
 * Return: the address, host order; 0 where the message names none.
 * Context: softirq, RCU.
 */
u32 dhcpk_asked(const struct dhcpk_ctx *ctx)
{
	__be32 addr = dhcp_asked_addr(&ctx->msg);

	if (!addr && ctx->msg.type == DHCP_INFORM && !ctx->msg.hdr->giaddr)
		addr = ip_hdr(ctx->skb)->saddr;
	return ntohl(addr);
}

/* A client whose address is reserved for its circuit renews without the relay, and so without saying which circuit that is. */
static bool reserved_by_circuit(const struct dhcpk_ctx *ctx, const struct dhcpk_pool *pool,
				const struct dhcpk_lease *lease, u32 addr)
{
	const struct dhcpk_host *host;
	struct dhcpk_id circuit;

	if (!lease || lease->by_id.addr != addr || ctx->msg.agent.circuit_id.len)
		return false;
	/* Anybody can send a RELEASE in its name: a client that renews has not. */
	if (!dhcpk_lease_bound(lease) &&
	    !(lease->state == DHCPK_LEASE_RELEASED && ctx->msg.type == DHCP_REQUEST &&
	      ctx->msg.hdr->ciaddr))
		return false;
	host = xa_load((struct xarray *)&pool->host_by_addr, addr);
	circuit = dhcpk_lease_circuit(lease);
	return host && circuit.kind == DHCPK_ID_CIRCUIT && dhcpk_id_is(&host->by_id, &circuit);
}

/*
 * In the pool's ranges and no host's. The map would say so, too, but another generation may share it: before that one runs, its
 * reservations are in the map already.
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
 * dhcpk_pool_gives - does a pool give an address to anybody, or to this client, which has it?
 * @ctx: the client's message
 * @pool: a pool of its link
 * @lease: the client's record or NULL
 * @addr: host order
 *
 * Context: softirq, the space is locked.
 */
bool dhcpk_pool_gives(const struct dhcpk_ctx *ctx, const struct dhcpk_pool *pool,
		      const struct dhcpk_lease *lease, u32 addr)
{
	return in_dynamic_range(pool, addr) || reserved_by_circuit(ctx, pool, lease, addr);
}
