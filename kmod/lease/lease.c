// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which client has which address: find, grant, give back, expire.
 *
 * There is at most one record for an address, and one for a client on a link, so memory is bounded by the addresses of the
 * pools. A record outlives its lease (expired, released) until another client needs the address: the same client gets it
 * back. Everything here runs with dhcpk_leases.lock held, in any context.
 */
#include "lease/lease.h"

#include "lease/dirty.h"
#include "lease/duplicates.h"
#include "lease/map.h"
#include "lease/record.h"

enum { OFFERS_MAX = 16384 };	/* in a pool at once; the oldest gives way */

/* How long an address rests at most: if its client may still use it, and if the client has asked for another one instead */
#define REST_MAX_NS	(24ULL * 3600 * NSEC_PER_SEC)
#define LEFT_MAX_NS	(600ULL * NSEC_PER_SEC)

/**
 * dhcpk_lease_committed - what was in flight has been stored
 * @s: the space, locked
 * @l: the record, on no list any more; a tombstone is gone afterwards
 * @from: boottime ns when its ACK leaves, and the client's lease begins; 0 if none waited
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

/* An offer was not taken: the client is what it was before. Returns false if the record is gone. */
static bool withdraw(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	if (l->prev_state == DHCPK_LEASE_FREE) {
		dhcpk_lease_forget(s, l);
		return false;
	}
	dhcpk_lease_set_state(s, l, l->prev_state, l->prev_expires);
	return true;
}

/* What becomes of a record whose time has run out. Returns false if it is gone. */
static bool expire(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	switch (l->state) {
	case DHCPK_LEASE_PENDING:
	case DHCPK_LEASE_BOUND:
		/* Without a pool there is no client that might want the address back. */
		if (!dhcpk_maps_at(s->maps, l->by_id.addr))
			break;
		dhcpk_lease_set_state(s, l, DHCPK_LEASE_EXPIRED, l->expires);
		return true;
	case DHCPK_LEASE_OFFERED:
		return withdraw(s, l);
	default:
		break;
	}
	dhcpk_lease_forget(s, l);
	return false;
}

/**
 * dhcpk_lease_expire - let a record end if it is over
 * @s: the space, locked
 * @l: a record
 * @now: boottime ns
 *
 * Return: false if the record is gone.
 */
bool dhcpk_lease_expire(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 now)
{
	return !dhcpk_lease_live(l) || l->expires > now || expire(s, l);
}

/**
 * dhcpk_lease_current - a record as it stands at this moment
 * @s: the space, locked
 * @l: the record or NULL
 * @now: boottime ns
 *
 * The wheel may be a second late, the answer to a client may not.
 *
 * Return: the record; NULL if there is none any more.
 */
struct dhcpk_lease *dhcpk_lease_current(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 now)
{
	lockdep_assert_held(&s->lock);
	if (!l || l->state == DHCPK_LEASE_FREE)
		return NULL;
	return dhcpk_lease_expire(s, l, now) ? l : NULL;
}

/* No client gets the address before @until. */
static void rest(struct dhcpk_leases *s, struct dhcpk_lease *l, u8 state, u64 until)
{
	dhcpk_lease_set_state(s, l, state, until);
	l->horizon = 0;
	dhcpk_dirty(s, l);
}

/* The client has another address. What was promised to it rests until @until at the latest. */
static void leave(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 now, u64 until)
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
	rest(s, l, DHCPK_LEASE_RESTING, until);
}

/**
 * dhcpk_lease_give_up - its client counts as having another address
 * @s: the space, locked
 * @l: the record
 * @now: boottime ns
 *
 * Nothing tells whether the client has let go of this one: what was promised to it rests until the end, or for a day if there is
 * none.
 */
void dhcpk_lease_give_up(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 now)
{
	lockdep_assert_held(&s->lock);
	leave(s, l, now, l->expires == U64_MAX ? now + REST_MAX_NS : l->expires);
}

/*
 * The record is found by another identifier from now on, that of the same machine or of the machine behind the same circuit. If the
 * record has no room for the identifier, it is found by the hardware address. The store's horizon is dropped where the store's row
 * would not lead to this client: it names another machine, or another option 61.
 *
 * Returns false for lack of memory. The record keeps its identifier then; if memory is refused twice, it loses its client, and its
 * address rests until the lease is over.
 */
static bool rename(struct dhcpk_leases *s, struct dhcpk_lease *l, const struct dhcpk_id *id, const struct dhcp_msg *msg, u64 now)
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
	if (!dhcpk_same_hardware(l, msg->hdr) || (old.kind == DHCPK_ID_CLIENT && id->kind == DHCPK_ID_CLIENT))
		l->horizon = 0;
	dhcpk_dirty(s, l);
	return true;
}

/**
 * dhcpk_lease_at - an address's record
 * @s: the space, locked
 * @addr: host order
 * @now: boottime ns
 *
 * Return: the record, true at @now, or NULL.
 */
struct dhcpk_lease *dhcpk_lease_at(struct dhcpk_leases *s, u32 addr, u64 now)
{
	lockdep_assert_held(&s->lock);
	return dhcpk_lease_current(s, xa_load(&s->by_addr, addr), now);
}

static void remember_client(struct dhcpk_leases *s, struct dhcpk_lease *l, const struct dhcp_msg *msg)
{
	dhcpk_lease_set_hardware(s, l, msg->hdr->htype, msg->hdr->hlen, msg->hdr->chaddr);
	/* Anybody can forge a renewal, from anywhere. */
	if (!msg->hdr->ciaddr || !dhcpk_lease_bound(l))
		l->unnamed = !msg->client_id.data;
	dhcpk_lease_keep_words(&l->host_name, &msg->host_name);
	dhcpk_lease_keep_words(&l->agent, &msg->agent.whole);
	if (msg->hdr->giaddr)
		l->server_id = msg->agent.server_id;
}

/* A remembered client is offered its address: if it does not take it, it is remembered again. */
static void note_before(struct dhcpk_lease *l, u8 state)
{
	if (l->state == DHCPK_LEASE_OFFERED && state == DHCPK_LEASE_OFFERED)
		return;
	l->prev_state = l->state == DHCPK_LEASE_EXPIRED || l->state == DHCPK_LEASE_RELEASED ? l->state : DHCPK_LEASE_FREE;
	l->prev_expires = l->expires;
}

/* Offers are memory that a stranger can make us spend. The oldest gives way: its client may still ask for the address. */
static void cap_offers(struct dhcpk_leases *s, const struct dhcpk_lease *latest)
{
	struct dhcpk_map *m = dhcpk_maps_at(s->maps, latest->by_id.addr);
	struct dhcpk_lease *oldest;

	if (!m || m->count[DHCPK_LEASE_OFFERED] <= OFFERS_MAX)
		return;
	oldest = list_first_entry(&m->offers, struct dhcpk_lease, offer);
	/* Those of the generation before may still be on their way here. */
	if (oldest == latest)
		return;
	withdraw(s, oldest);
	dhcpk_count(s->dn, DHCPK_STAT_OFFERS_CUT_SHORT);
}

/*
 * A grant never ends before what the client was promised earlier: the ACK that says less may be lost. Only a client that
 * was told an end renews (RFC 2131 section 4.4.5), so that a renewal proves that an infinite lease has been replaced.
 */
static u64 not_before(const struct dhcpk_lease *l, u64 expires, const struct dhcp_msg *msg)
{
	if (l->state != DHCPK_LEASE_BOUND || (l->expires == U64_MAX && msg->type == DHCP_REQUEST && msg->hdr->ciaddr))
		return expires;
	return max(l->expires, expires);
}

/*
 * The client has asked for another address. It has given up this one before (RFC 2131 section 4.4.1: it is in state INIT), but its
 * ACK may be lost, and then it asks again for a minute. Another machine with the same identifier may have it still; so may a client
 * without a hardware address to tell it by. The store gets changes in their order: no other client is told of the old address before
 * the store knows that the client has left it.
 */
static void leave_for_another(struct dhcpk_leases *s, struct dhcpk_lease *l, const struct dhcp_msg *msg, u64 now)
{
	if (l->moved || !dhcpk_same_hardware(l, msg->hdr))
		dhcpk_lease_give_up(s, l, now);
	else
		leave(s, l, now, min(l->expires, now + LEFT_MAX_NS));
}

/* The record that is to say that the client has @addr */
static struct dhcpk_lease *record_for(struct dhcpk_leases *s, struct dhcpk_lease *own, const struct dhcpk_id *id, u32 addr,
				      const struct dhcp_msg *msg, u64 now)
{
	struct dhcpk_lease *before, *l;

	if (own && own->by_id.addr == addr)
		return own;
	before = dhcpk_lease_at(s, addr, now);
	if (before)
		dhcpk_lease_forget(s, before);
	l = dhcpk_lease_create(s, id, addr);
	if (l && own)
		leave_for_another(s, own, msg, now);
	return l;
}

/**
 * dhcpk_lease_grant - a client has this address from now on
 * @s: the space, locked
 * @own: the client's record on its link as dhcpk_client_lease() knows it, or NULL
 * @id: the client
 * @addr: host order; no other client's (dhcpk_lease_at() has no live record of another client)
 * @state: DHCPK_LEASE_OFFERED, DHCPK_LEASE_PENDING or DHCPK_LEASE_BOUND
 * @now: boottime ns
 * @seconds: how long
 * @msg: the request, for what is remembered of the client
 *
 * A client that was remembered for the address is forgotten. The address that the client had besides is free again; if it was
 * promised to the client, it rests until the promise is over, for ten minutes at most if no other machine has the identifier. A
 * binding that is pending is bound at once if the store says enough already; otherwise it is dirty.
 *
 * Return: the record, or NULL for lack of memory; then the client has what it had.
 */
struct dhcpk_lease *dhcpk_lease_grant(struct dhcpk_leases *s, struct dhcpk_lease *own, const struct dhcpk_id *id, u32 addr,
				      u8 state, u64 now, u32 seconds, const struct dhcp_msg *msg)
{
	struct dhcpk_lease *l = record_for(s, own, id, addr, msg, now);
	u64 expires = dhcpk_expiry(now, seconds);
	bool moved;

	lockdep_assert_held(&s->lock);
	/* An offer is memory alone, and renames nothing. */
	if (!l || (state != DHCPK_LEASE_OFFERED && !rename(s, l, id, msg, now)))
		return NULL;
	note_before(l, state);
	l->starts = now;
	l->in_use = false;
	l->lease = seconds;
	/* An offer to the next machine changes the hardware and not the name: what the store says is the last machine's all the same. */
	if (!dhcpk_id_is(&l->by_id, id) && !dhcpk_same_hardware(l, msg->hdr))
		l->horizon = 0;
	moved = dhcpk_lease_bound(l) && l->hlen && msg->hdr->hlen && !dhcpk_same_hardware(l, msg->hdr);
	if (moved)
		dhcpk_duplicate_note(s, l, msg->hdr, now);
	remember_client(s, l, msg);
	if (addr >= s->forget_from)
		l->horizon = 0;
	/* A client that is bound already stays so while the store is told that it is for longer. */
	if (state == DHCPK_LEASE_PENDING && (l->state == DHCPK_LEASE_BOUND || l->horizon >= expires))
		state = DHCPK_LEASE_BOUND;
	dhcpk_lease_set_state(s, l, state, state == DHCPK_LEASE_OFFERED ? expires : not_before(l, expires, msg));
	if (state == DHCPK_LEASE_OFFERED)
		cap_offers(s, l);
	else if (moved)
		dhcpk_dirty(s, l);
	else
		dhcpk_dirty_unless_covered(s, l);
	return l;
}

/**
 * dhcpk_lease_release - the client gives its address back, RFC 2131 section 4.3.4
 * @s: the space, locked
 * @l: its record. A binding is remembered, an offer is withdrawn.
 * @now: boottime ns
 *
 * A RELEASE carries no proof of its sender. So the store's horizon holds until the change is pulled, and a renewal right after
 * a forged one is answered without the disk; it is not obeyed before an ACK that waited for the store has left, nor more often
 * than once a second.
 *
 * Return: false if it is not obeyed.
 */
bool dhcpk_lease_release(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 now)
{
	u32 second = div_u64(now, NSEC_PER_SEC) + 1;

	lockdep_assert_held(&s->lock);
	if (l->state == DHCPK_LEASE_OFFERED) {
		withdraw(s, l);
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
 * dhcpk_lease_decline - the client found the address in use, RFC 2131 section 4.3.3
 * @s: the space, locked
 * @l: its record, live. The address rests and has no client: the client will ask anew and get another.
 * @until: boottime ns, when it may be given to a client again
 *
 * The record is found by the hardware address of the client that declined it.
 */
void dhcpk_lease_decline(struct dhcpk_leases *s, struct dhcpk_lease *l, u64 until)
{
	lockdep_assert_held(&s->lock);
	dhcpk_lease_unlink(s, l);
	dhcpk_lease_link_hardware_as(s, l, DHCPK_ID_DECLINER);
	rest(s, l, DHCPK_LEASE_DECLINED, until);
}

/**
 * dhcpk_lease_shun - the client has declined an offer, but nothing more is to rest for it
 * @s: the space, locked
 * @l: its record, an offer. The address is free, but others come first. The client will ask anew and get one of those.
 */
void dhcpk_lease_shun(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	u32 addr = l->by_id.addr;

	lockdep_assert_held(&s->lock);
	dhcpk_lease_forget(s, l);
	dhcpk_map_shun(s, addr);
}

static void restore_fields(struct dhcpk_leases *s, struct dhcpk_lease *l, const struct dhcpk_lease *from)
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
 * dhcpk_lease_restore - a binding out of the store
 * @s: the space, locked
 * @from: what is known of it: address, state, times, and what identifies the client's hardware
 * @id: the client; of kind DHCPK_ID_NONE for none
 * @host_name: what the client called itself; copied
 * @agent: option 82; copied
 *
 * Return: 0; -EEXIST if the address has a record already, which stays; -ENOMEM.
 */
int dhcpk_lease_restore(struct dhcpk_leases *s, const struct dhcpk_lease *from, const struct dhcpk_id *id,
			const struct dhcp_bytes *host_name, const struct dhcp_bytes *agent)
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
	dhcpk_lease_keep_words(&l->host_name, host_name);
	dhcpk_lease_keep_words(&l->agent, agent);
	/* What has ended while the machine was off is over before the pool opens. */
	if (from->state == DHCPK_LEASE_BOUND && from->expires <= now)
		dhcpk_lease_set_state(s, l, DHCPK_LEASE_EXPIRED, from->expires);
	else
		dhcpk_lease_set_state(s, l, from->state, from->expires);
	dhcpk_lease_expire(s, l, now);
	return 0;
}

/**
 * dhcpk_lease_unrestore - take a binding out again that has been restored
 * @s: the space, locked
 * @addr: its address, host order. A record that has changed since stays.
 */
void dhcpk_lease_unrestore(struct dhcpk_leases *s, u32 addr)
{
	struct dhcpk_lease *l = xa_load(&s->by_addr, addr);

	lockdep_assert_held(&s->lock);
	if (l && l->seq < DHCPK_SEQ_FIRST && !l->commit_state)
		dhcpk_lease_erase(s, l);
}
