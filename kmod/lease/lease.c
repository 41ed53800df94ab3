// SPDX-License-Identifier: GPL-2.0-only
/*
 * Leases: find, grant, release, expire.
 *
 * There is at most one lease for an address, and one for a client on a link, so the number of
 * addresses in the pools bounds the memory. The struct outlives the lease itself (states EXPIRED
 * and RELEASED) until another client needs the address: the same client gets its address back.
 * Everything here runs with dhcpk_leases.lock held, in any context.
 */
#include "lease/lease.h"

#include "lease/dirty.h"
#include "lease/duplicates.h"
#include "lease/map.h"
#include "lease/record.h"

enum { OFFERS_MAX = 16384 };	/* in a pool at once; the oldest offer is withdrawn for a new one */

/*
 * How long an address rests at most: if its client may still use it, and if its client has asked
 * for another address instead
 */
#define REST_MAX_NS	(24ULL * 3600 * NSEC_PER_SEC)
#define LEFT_MAX_NS	(600ULL * NSEC_PER_SEC)

/**
 * dhcpk_lease_committed - the store has a lease that was in flight
 * @s: the leases, locked
 * @l: the lease, on no list any more; a tombstone is freed
 * @from: boottime ns when the waiting ACK leaves and the client's lease begins; 0 if no ACK waits
 */
void dhcpk_lease_committed(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 from)
{
	u64 expires = l->expires;

	lockdep_assert_held(&s->lock);
	if (l->state == DHCPK_LEASE_FREE) {
		dhcpk_lease_erase(s, l);
		return;
	}
	l->horizon = dhcpk_horizon(l);
	if (from) {
		expires = max(expires, min(dhcpk_expiry(from, l->lease), l->horizon));
		l->starts = from;
	}
	if (l->state == DHCPK_LEASE_PENDING || from)
		dhcpk_lease_set_state(s, l, DHCPK_LEASE_BOUND, expires);
}

/*
 * The client has not taken the offer: the lease returns to its state before the offer. Returns
 * false if the lease is gone.
 */
static bool withdraw_offer(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	if (l->prev_state == DHCPK_LEASE_FREE) {
		dhcpk_lease_forget(s, l);
		return false;
	}
	dhcpk_lease_set_state(s, l, l->prev_state, l->prev_expires);
	return true;
}

/* Ends a lease that is over. Returns false if the lease is gone. */
static bool end_lease(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	switch (l->state) {
	case DHCPK_LEASE_PENDING:
	case DHCPK_LEASE_BOUND:
		/* Without a pool, no client can get the address back. */
		if (!dhcpk_maps_at(s->maps, l->by_id.addr))
			break;
		dhcpk_lease_set_state(s, l, DHCPK_LEASE_EXPIRED, l->expires);
		return true;
	case DHCPK_LEASE_OFFERED:
		return withdraw_offer(s, l);
	default:
		break;
	}
	dhcpk_lease_forget(s, l);
	return false;
}

/**
 * dhcpk_lease_expire - end a lease if it is over
 * @s: the leases, locked
 * @l: a lease
 * @now: boottime ns
 *
 * Return: false if the lease is gone.
 */
bool dhcpk_lease_expire(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 now)
{
	return !dhcpk_lease_live(l) || l->expires > now || end_lease(s, l);
}

/**
 * dhcpk_lease_current - the state of a lease at this moment
 * @s: the leases, locked
 * @l: the lease or NULL
 * @now: boottime ns
 *
 * The timer wheel may be a second late. The answer to a client must be exact.
 *
 * Return: the lease; NULL for a tombstone, or if the lease is over and gone.
 */
struct dhcpk_lease *dhcpk_lease_current(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 now)
{
	lockdep_assert_held(&s->lock);
	if (!l || l->state == DHCPK_LEASE_FREE)
		return NULL;
	return dhcpk_lease_expire(s, l, now) ? l : NULL;
}

/* No client gets the address before @until. */
static void rest_address(struct dhcpk_leases *s, struct dhcpk_lease *l, u8 state, u64 until)
{
	dhcpk_lease_set_state(s, l, state, until);
	l->horizon = 0;
	dhcpk_dirty(s, l);
}

/*
 * The client has another address. A bound lease rests until @until at most. Any other lease is
 * forgotten.
 */
static void rest_or_forget(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 now, u64 until)
{
	bool in_use = l->in_use;
	u32 addr = l->by_id.addr;

	if (l->state != DHCPK_LEASE_BOUND || l->expires <= now) {
		dhcpk_lease_forget(s, l);
		if (in_use)
			dhcpk_map_shun(s, addr);
		return;
	}
	dhcpk_lease_unlink(s, l);
	rest_address(s, l, DHCPK_LEASE_RESTING, until);
}

/**
 * dhcpk_lease_give_up - the client has another address now
 * @s: the leases, locked
 * @l: the lease
 * @now: boottime ns
 *
 * The client may still use this address: it rests until the end of the lease, or for a day if the
 * lease is infinite.
 */
void dhcpk_lease_give_up(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 now)
{
	lockdep_assert_held(&s->lock);
	rest_or_forget(s, l, now, l->expires == U64_MAX ? now + REST_MAX_NS : l->expires);
}

/*
 * Changes the identity of a lease. The new identity belongs to the same machine, or to a machine
 * behind the same circuit. If the lease has no room for the new identity, its identity is the
 * hardware address. The horizon is dropped if the row in the store would not lead to this client:
 * the row names another machine, or another client identifier (option 61).
 *
 * Returns false for lack of memory. The lease then keeps its old identity. If memory for that is
 * lacking, too, the lease loses its client, and the address rests until the end of the lease.
 */
static bool rename_lease(struct dhcpk_leases *s, struct dhcpk_lease *l, const struct dhcpk_id *id,
			 const struct dhcp_msg *msg, u64 now)
{
	const struct dhcpk_id hw = dhcpk_id_of_chaddr(msg), *to = id->len > l->id_room ? &hw : id;
	u8 bytes[U8_MAX];
	struct dhcpk_id old = { .kind = l->by_id.kind, .len = l->by_id.len, .data = bytes };
	bool renamed;

	if (dhcpk_id_is(&l->by_id, to) || !to->len)
		return true;
	memcpy(bytes, l->id_data, old.len);
	dhcpk_lease_unlink(s, l);
	renamed = dhcpk_lease_name(s, l, to);
	if (!renamed && !dhcpk_lease_name(s, l, &old)) {
		dhcpk_lease_give_up(s, l, now);
		return false;
	}
	dhcpk_lease_link_hardware(s, l);
	if (!renamed)
		return false;
	if (!dhcpk_same_hardware(l, msg->hdr) ||
	    (old.kind == DHCPK_ID_CLIENT && id->kind == DHCPK_ID_CLIENT))
		l->horizon = 0;
	dhcpk_dirty(s, l);
	return true;
}

/**
 * dhcpk_lease_at - the lease of an address
 * @s: the leases, locked
 * @addr: host order
 * @now: boottime ns
 *
 * Return: the lease in its state at @now, or NULL.
 */
struct dhcpk_lease *dhcpk_lease_at(struct dhcpk_leases *s, u32 addr, u64 now)
{
	lockdep_assert_held(&s->lock);
	return dhcpk_lease_current(s, xa_load(&s->by_addr, addr), now);
}

static void remember_client(struct dhcpk_leases *s, struct dhcpk_lease *l,
			    const struct dhcp_msg *msg)
{
	dhcpk_lease_set_hardware(s, l, msg->hdr->htype, msg->hdr->hlen, msg->hdr->chaddr);
	/* Any host can forge a renewal, from any place. */
	if (!msg->hdr->ciaddr || !dhcpk_lease_bound(l))
		l->unnamed = !msg->client_id.data;
	dhcpk_blob_replace(&l->host_name, &msg->host_name);
	dhcpk_blob_replace(&l->agent, &msg->agent.whole);
	if (msg->hdr->giaddr)
		l->server_id = msg->agent.server_id;
}

/*
 * A remembered client is offered its old address. If it does not take the offer, it is remembered
 * again.
 */
static void save_prev_state(struct dhcpk_lease *l, u8 state)
{
	if (l->state == DHCPK_LEASE_OFFERED && state == DHCPK_LEASE_OFFERED)
		return;
	l->prev_state = l->state == DHCPK_LEASE_EXPIRED || l->state == DHCPK_LEASE_RELEASED ?
		l->state : DHCPK_LEASE_FREE;
	l->prev_expires = l->expires;
}

/*
 * A stranger can make the server spend memory on offers. The oldest offer is withdrawn. Its client
 * may still request the address.
 */
static void cap_offers(struct dhcpk_leases *s, const struct dhcpk_lease *latest)
{
	struct dhcpk_map *m = dhcpk_maps_at(s->maps, latest->by_id.addr);
	struct dhcpk_lease *oldest;

	if (!m || m->count[DHCPK_LEASE_OFFERED] <= OFFERS_MAX)
		return;
	oldest = list_first_entry(&m->offers, struct dhcpk_lease, offer);
	/* Offers of the old generation may still be on their way into this map. */
	if (oldest == latest)
		return;
	withdraw_offer(s, oldest);
	dhcpk_count(s->dn, DHCPK_STAT_OFFERS_CUT_SHORT);
}

/*
 * A new grant never ends before the last one: the client may not get the ACK with the shorter time.
 * Only a client that knows the end of its lease renews (RFC 2131 section 4.4.5). So a renewal
 * proves that the client no longer has an infinite lease.
 */
static u64 grant_end(const struct dhcpk_lease *l, u64 expires, const struct dhcp_msg *msg)
{
	if (l->state != DHCPK_LEASE_BOUND ||
	    (l->expires == U64_MAX && msg->type == DHCP_REQUEST && msg->hdr->ciaddr))
		return expires;
	return max(l->expires, expires);
}

/*
 * The client has asked for another address. Before that it gave up this one (RFC 2131 section
 * 4.4.1: it is in state INIT). But the client may not get its new ACK, and then it asks again for a
 * minute. Another machine with the same identity may still use the old address. So may a client
 * without a hardware address, since nothing tells it from others. The store gets changes in their
 * order: no other client gets the old address before the store knows that the client has left it.
 */
static void leave_for_another(struct dhcpk_leases *s, struct dhcpk_lease *l,
			      const struct dhcp_msg *msg, u64 now)
{
	if (l->moved || !dhcpk_same_hardware(l, msg->hdr))
		dhcpk_lease_give_up(s, l, now);
	else
		rest_or_forget(s, l, now, min(l->expires, now + LEFT_MAX_NS));
}

/* Returns the lease in which the client gets @addr. */
static struct dhcpk_lease *lease_for(struct dhcpk_leases *s, struct dhcpk_lease *held,
				     const struct dhcpk_id *id, u32 addr,
				     const struct dhcp_msg *msg, u64 now)
{
	struct dhcpk_lease *holder, *l;

	if (held && held->by_id.addr == addr)
		return held;
	holder = dhcpk_lease_at(s, addr, now);
	if (holder)
		dhcpk_lease_forget(s, holder);
	l = dhcpk_lease_create(s, id, addr);
	if (l && held)
		leave_for_another(s, held, msg, now);
	return l;
}

/**
 * dhcpk_lease_grant - give an address to a client
 * @s: the leases, locked
 * @held: the client's present lease on its link, from dhcpk_client_lease(), or NULL
 * @id: the identity of the client
 * @addr: host order; dhcpk_lease_at() has no live lease of another client for it
 * @state: DHCPK_LEASE_OFFERED, DHCPK_LEASE_PENDING or DHCPK_LEASE_BOUND
 * @now: boottime ns
 * @seconds: the lease time
 * @msg: the request, which also has the values to remember of the client
 *
 * An expired or released lease of another client for the address is forgotten. If the client had
 * another address, that one becomes free. If that other lease was bound, its address rests instead,
 * until the lease ends. It rests for ten minutes at most if only this machine is known to use the
 * identity. Otherwise it rests for a day if the lease is infinite.
 *
 * A grant in state PENDING becomes BOUND at once if the store's horizon covers it, or if the client
 * is bound already. A grant that the horizon does not cover becomes dirty.
 *
 * Return: the lease, or NULL for lack of memory; the client then has the same lease as before.
 */
struct dhcpk_lease *dhcpk_lease_grant(struct dhcpk_leases *s, struct dhcpk_lease *held,
				      const struct dhcpk_id *id, u32 addr, u8 state, u64 now,
				      u32 seconds, const struct dhcp_msg *msg)
{
	struct dhcpk_lease *l = lease_for(s, held, id, addr, msg, now);
	u64 expires = dhcpk_expiry(now, seconds);
	bool moved;

	lockdep_assert_held(&s->lock);
	/* An offer is not stored, and does not change the identity. */
	if (!l || (state != DHCPK_LEASE_OFFERED && !rename_lease(s, l, id, msg, now)))
		return NULL;
	save_prev_state(l, state);
	l->starts = now;
	l->in_use = false;
	l->lease = seconds;
	/*
	 * An offer to another machine changes the hardware address and not the identity. The row in
	 * the store still belongs to the last machine.
	 */
	if (!dhcpk_id_is(&l->by_id, id) && !dhcpk_same_hardware(l, msg->hdr))
		l->horizon = 0;
	moved = dhcpk_lease_bound(l) && l->hlen && msg->hdr->hlen &&
		!dhcpk_same_hardware(l, msg->hdr);
	if (moved)
		dhcpk_duplicate_note(s, l, msg->hdr, now);
	remember_client(s, l, msg);
	if (addr >= s->forget_from)
		l->horizon = 0;
	/* A bound client stays bound while the store gets the longer lease. */
	if (state == DHCPK_LEASE_PENDING &&
	    (l->state == DHCPK_LEASE_BOUND || l->horizon >= expires))
		state = DHCPK_LEASE_BOUND;
	dhcpk_lease_set_state(s, l, state,
			      state == DHCPK_LEASE_OFFERED ? expires : grant_end(l, expires, msg));
	if (state == DHCPK_LEASE_OFFERED)
		cap_offers(s, l);
	else if (moved)
		dhcpk_dirty(s, l);
	else
		dhcpk_dirty_unless_covered(s, l);
	return l;
}

/**
 * dhcpk_lease_release - the client releases its address, RFC 2131 section 4.3.4
 * @s: the leases, locked
 * @l: the client's lease. A bound lease becomes RELEASED, an offer is withdrawn.
 * @now: boottime ns
 *
 * A RELEASE has no proof of its sender. So the horizon stays until the change is pulled: if the
 * RELEASE was forged, the client's next renewal is answered without the disk. A RELEASE is ignored
 * while an ACK waits for the store or is being sent, and after another RELEASE within the same
 * second.
 *
 * Return: false if the RELEASE is ignored.
 */
bool dhcpk_lease_release(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 now)
{
	u32 second = div_u64(now, NSEC_PER_SEC) + 1;

	lockdep_assert_held(&s->lock);
	if (l->state == DHCPK_LEASE_OFFERED) {
		withdraw_offer(s, l);
	} else if (dhcpk_lease_bound(l)) {
		if (dhcpk_lease_untold(l) || l->released == second)
			return false;
		l->released = second;
		dhcpk_lease_set_state(s, l, DHCPK_LEASE_RELEASED, now);
		dhcpk_dirty(s, l);
	}
	return true;
}

/**
 * dhcpk_lease_decline - the client found its address in use, RFC 2131 section 4.3.3
 * @s: the leases, locked
 * @l: the client's lease, live. The address rests and has no client. The client will ask again and
 *	get another address.
 * @until: boottime ns, when a client may get the address again
 *
 * The hardware address of the client that declined it still finds the lease.
 */
void dhcpk_lease_decline(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 until)
{
	lockdep_assert_held(&s->lock);
	dhcpk_lease_unlink(s, l);
	dhcpk_lease_link_hardware_as(s, l, DHCPK_ID_DECLINER);
	rest_address(s, l, DHCPK_LEASE_DECLINED, until);
}

/**
 * dhcpk_lease_shun - the client has declined an offer, but no more addresses may rest for it
 * @s: the leases, locked
 * @l: the client's lease, an offer. The address becomes free, but clean addresses come first. The
 *	client will ask again and get one of those.
 */
void dhcpk_lease_shun(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	u32 addr = l->by_id.addr;

	lockdep_assert_held(&s->lock);
	dhcpk_lease_forget(s, l);
	dhcpk_map_shun(s, addr);
}

static void restore_fields(struct dhcpk_leases *s, struct dhcpk_lease *l,
			   const struct dhcpk_lease *from)
{
	dhcpk_lease_set_hardware(s, l, from->htype, from->hlen, from->chaddr);
	l->server_id = from->server_id;
	l->starts = from->starts;
	l->horizon = from->horizon;
	l->seq = from->seq;
	l->stored = true;
	l->moved = DHCPK_MOVED_UNKNOWN;
}

/**
 * dhcpk_lease_restore - add a lease from the store
 * @s: the leases, locked
 * @from: the lease as the store has it: address, state, times, hardware address
 * @id: the identity of the client; of kind DHCPK_ID_NONE for no client
 * @host_name: the client's host name; copied
 * @agent: option 82; copied
 *
 * Return: 0; -EEXIST if the address has a lease already, which stays; -ENOMEM.
 */
int dhcpk_lease_restore(struct dhcpk_leases *s, const struct dhcpk_lease *from,
			const struct dhcpk_id *id, const struct dhcp_bytes *host_name,
			const struct dhcp_bytes *agent)
{
	u64 now = ktime_get_boottime_ns();
	struct dhcpk_lease *l;

	lockdep_assert_held(&s->lock);
	if (xa_load(&s->by_addr, from->by_id.addr))
		return -EEXIST;
	l = dhcpk_lease_create(s, id, from->by_id.addr);
	if (!l)
		return -ENOMEM;
	restore_fields(s, l, from);
	dhcpk_blob_replace(&l->host_name, host_name);
	dhcpk_blob_replace(&l->agent, agent);
	/* A lease that ended while the machine was off is over before its pool runs. */
	if (from->state == DHCPK_LEASE_BOUND && from->expires <= now)
		dhcpk_lease_set_state(s, l, DHCPK_LEASE_EXPIRED, from->expires);
	else
		dhcpk_lease_set_state(s, l, from->state, from->expires);
	dhcpk_lease_expire(s, l, now);
	return 0;
}

/**
 * dhcpk_lease_unrestore - remove a lease that was restored
 * @s: the leases, locked
 * @addr: host order. A lease that has changed since it was restored stays.
 */
void dhcpk_lease_unrestore(struct dhcpk_leases *s, u32 addr)
{
	struct dhcpk_lease *l = xa_load(&s->by_addr, addr);

	lockdep_assert_held(&s->lock);
	if (l && l->seq < DHCPK_SEQ_FIRST && !l->commit_state)
		dhcpk_lease_erase(s, l);
}
