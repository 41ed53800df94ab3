// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which client has which address: find, grant, give back, expire.
 *
 * There is at most one record for an address, and one for a client on a link, so memory is bounded by the addresses of the
 * pools. A record outlives its lease (expired, released) until another client needs the address: the same client gets it
 * back. Everything here runs with dhcpk_space.lock held, in any context.
 */
#include <linux/slab.h>

#include "dhcpk.h"

/* How long an address rests at most: if its client may still use it, and if the client has asked for another one instead */
#define REST_MAX_NS	(24ULL * 3600 * NSEC_PER_SEC)
#define LEFT_MAX_NS	(600ULL * NSEC_PER_SEC)

/* RFC 4361 makes identifiers of 19 bytes. Longer ones are rare, and allocated by their size. */
enum { ID_CACHED = 23 };	/* with that a record has 256 bytes */

static struct kmem_cache *lease_cache;

/**
 * dhcpk_lease_init - be able to allocate leases
 *
 * Return: 0 or -ENOMEM.
 * Context: process, while the module is loaded.
 */
int dhcpk_lease_init(void)
{
	BUILD_BUG_ON(offsetof(struct dhcpk_lease, id_data) + ID_CACHED != 256 || sizeof(struct dhcpk_lease) > 256);
	lease_cache = kmem_cache_create("dhcpk_lease", offsetof(struct dhcpk_lease, id_data) + ID_CACHED, 0, 0, NULL);
	return lease_cache ? 0 : -ENOMEM;
}

/**
 * dhcpk_lease_exit - the end of dhcpk_lease_init()
 *
 * Context: process; every lease has been freed, and rcu_barrier() called since.
 */
void dhcpk_lease_exit(void)
{
	kmem_cache_destroy(lease_cache);
}

static struct dhcpk_lease *lease_alloc(unsigned int id_len)
{
	struct dhcpk_lease *l;

	if (id_len <= ID_CACHED)
		l = kmem_cache_zalloc(lease_cache, DHCPK_GFP_SOFTIRQ);
	else
		l = kzalloc(offsetof(struct dhcpk_lease, id_data) + id_len, DHCPK_GFP_SOFTIRQ);
	if (l)
		l->id_room = max_t(unsigned int, id_len, ID_CACHED);
	return l;
}

static void lease_release_memory(struct dhcpk_lease *l)
{
	if (l->id_room == ID_CACHED)
		kmem_cache_free(lease_cache, l);
	else
		kfree(l);
}

static void after_grace_period(struct rcu_head *rcu)
{
	lease_release_memory(container_of(rcu, struct dhcpk_lease, rcu));
}

/**
 * dhcpk_lease_live - does the record keep others from its address?
 * @l: the record
 */
bool dhcpk_lease_live(const struct dhcpk_lease *l)
{
	return dhcpk_lease_bound(l) || l->state == DHCPK_LEASE_OFFERED || dhcpk_lease_rests(l);
}

static void timer_stop(struct dhcpk_lease *l)
{
	hlist_del_init(&l->timer);
}

/**
 * dhcpk_lease_timer - put a record into the wheel, by its end
 * @s: the space, locked
 * @l: the record, live
 *
 * An end that has passed is due at the next tick: the slots before dhcpk_space.wheel_second come round a whole turn later.
 */
void dhcpk_lease_timer(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	u64 second = max(div_u64(l->expires, NSEC_PER_SEC), s->wheel_second);

	timer_stop(l);
	if (l->expires != U64_MAX)
		hlist_add_head(&l->timer, &s->wheel[second % DHCPK_WHEEL_SLOTS]);
}

static void queue_offer(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	struct dhcpk_pool *pool = dhcpk_pool_at(s->config, l->by_id.addr);

	list_del_init(&l->offer);
	if (l->state == DHCPK_LEASE_OFFERED && pool)
		list_add_tail(&l->offer, &pool->map->offers);
}

/* The one place where a record changes state: counters, address maps, timers and listeners follow. */
static void set_state(struct dhcpk_space *s, struct dhcpk_lease *l, u8 state, u64 expires)
{
	u8 from = l->state;

	lockdep_assert_held(&s->lock);
	l->state = state;
	l->expires = expires;
	dhcpk_space_track(s, l, from, state);
	queue_offer(s, l);
	if (!dhcpk_lease_bound(l))
		kfree_skb(dhcpk_unpark(s, l));
	if (dhcpk_lease_live(l))
		dhcpk_lease_timer(s, l);
	else
		timer_stop(l);
	dhcpk_lease_event(s, l, state);
}

static void unlink_node(struct dhcpk_space *s, struct dhcpk_id_node *n)
{
	if (n->kind == DHCPK_ID_NONE)
		return;
	dhcpk_id_table_remove(&s->by_id, n);
	n->kind = DHCPK_ID_NONE;
}

/* The record has no client any more, or another one. */
static void unlink_id(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	unlink_node(s, &l->by_id);
	unlink_node(s, &l->by_hw);
	dhcpk_duplicate_forget(s, l->by_id.addr);
}

/*
 * A client that is found by its own identifier is found by its hardware address, too. Without memory for that it is found by its
 * identifier alone.
 */
static void link_hardware_as(struct dhcpk_space *s, struct dhcpk_lease *l, u16 kind)
{
	l->by_hw.kind = kind + l->htype;
	l->by_hw.len = l->hlen;
	l->by_hw.at = offsetof(struct dhcpk_lease, chaddr) - offsetof(struct dhcpk_lease, by_hw);
	l->by_hw.addr = l->by_id.addr;
	if (!l->hlen || dhcpk_id_table_insert(&s->by_id, &l->by_hw))
		l->by_hw.kind = DHCPK_ID_NONE;
}

static void link_hardware(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	if (l->by_id.kind == DHCPK_ID_CLIENT)
		link_hardware_as(s, l, DHCPK_ID_HARDWARE);
}

static void set_hardware(struct dhcpk_space *s, struct dhcpk_lease *l, u8 htype, u8 hlen, const u8 *chaddr)
{
	bool linked = l->by_hw.kind != DHCPK_ID_NONE;

	if (linked == (l->by_id.kind == DHCPK_ID_CLIENT && hlen) && l->htype == htype && l->hlen == hlen &&
	    !memcmp(l->chaddr, chaddr, sizeof(l->chaddr)))
		return;
	unlink_node(s, &l->by_hw);
	l->htype = htype;
	l->hlen = hlen;
	memcpy(l->chaddr, chaddr, sizeof(l->chaddr));
	link_hardware(s, l);
}

/* The record, in no table by its identifier, is found by this one from now on. Returns false for lack of memory. */
static bool name(struct dhcpk_space *s, struct dhcpk_lease *l, const struct dhcpk_id *id)
{
	if (id->len)
		memcpy(l->id_data, id->data, id->len);
	l->by_id.kind = id->kind;
	l->by_id.len = id->len;
	if (id->kind != DHCPK_ID_NONE && dhcpk_id_table_insert(&s->by_id, &l->by_id)) {
		l->by_id.kind = DHCPK_ID_NONE;
		return false;
	}
	return true;
}

/*
 * The record is found by another identifier from now on, that of the same machine or of the machine behind the same circuit. If the
 * record has no room for the identifier, it is found by the hardware address. The store's horizon is dropped where the store's row
 * would not lead to this client: it names another machine, or another option 61.
 *
 * Returns false for lack of memory. The record keeps its identifier then; if memory is refused twice, it loses its client, and its
 * address rests until the lease is over.
 */
static bool rename(struct dhcpk_space *s, struct dhcpk_lease *l, const struct dhcpk_id *id, const struct dhcp_msg *msg, u64 now)
{
	const struct dhcpk_id hw = dhcpk_id_of_chaddr(msg), *to = id->len > l->id_room ? &hw : id;
	u8 bytes[U8_MAX];
	struct dhcpk_id old = { .kind = l->by_id.kind, .len = l->by_id.len, .data = bytes };
	bool renamed;

	if (dhcpk_id_is(&l->by_id, to) || !to->len)
		return true;
	memcpy(bytes, l->id_data, old.len);
	unlink_id(s, l);
	renamed = name(s, l, to);
	if (!renamed && !name(s, l, &old)) {
		dhcpk_lease_give_up(s, l, now);
		return false;
	}
	link_hardware(s, l);
	if (!renamed)
		return false;
	if (!dhcpk_same_hardware(l, msg->hdr) || (old.kind == DHCPK_ID_CLIENT && id->kind == DHCPK_ID_CLIENT))
		l->horizon = 0;
	dhcpk_dirty(s, l);
	return true;
}

/**
 * dhcpk_lease_free - end a record that is not in dhcpk_space.by_addr any more
 * @s: the space, locked
 * @l: the record; its memory stays for a grace period
 */
void dhcpk_lease_free(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	timer_stop(l);
	list_del_init(&l->offer);
	unlink_id(s, l);
	dhcpk_unlist(s, l);
	dhcpk_space_track(s, l, l->state, -1);
	kfree(l->host_name);
	kfree(l->agent);
	call_rcu(&l->rcu, after_grace_period);
}

/* Removes a record without a trace. */
static void erase(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	xa_erase(&s->by_addr, l->by_id.addr);
	dhcpk_lease_free(s, l);
}

/**
 * dhcpk_lease_forget - remove a record; its address is free and clean
 * @s: the space, locked
 * @l: the record, no tombstone
 *
 * If the store has a row for the address, a tombstone stays until it has not.
 */
void dhcpk_lease_forget(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	u8 from = l->state;

	timer_stop(l);
	list_del_init(&l->offer);
	unlink_id(s, l);
	kfree_skb(dhcpk_unpark(s, l));
	l->state = DHCPK_LEASE_FREE;
	l->horizon = 0;
	dhcpk_space_track(s, l, from, DHCPK_LEASE_FREE);
	dhcpk_lease_event(s, l, DHCPK_LEASE_FREE);
	if (l->stored)
		dhcpk_dirty(s, l);
	else
		erase(s, l);
}

/**
 * dhcpk_lease_committed - what was in flight has been stored
 * @s: the space, locked
 * @l: the record, on no list any more; a tombstone is gone afterwards
 * @from: boottime ns when its ACK leaves, and the client's lease begins; 0 if none waited
 */
void dhcpk_lease_committed(struct dhcpk_space *s, struct dhcpk_lease *l, u64 from)
{
	u64 expires = l->expires;

	if (l->state == DHCPK_LEASE_FREE) {
		erase(s, l);
		return;
	}
	l->horizon = dhcpk_horizon(l);
	if (from) {
		expires = max(expires, min(dhcpk_expiry(from, l->lease), l->horizon));
		l->starts = from;
	}
	if (l->state == DHCPK_LEASE_PENDING || from)
		set_state(s, l, DHCPK_LEASE_BOUND, expires);
}

/* An offer was not taken: the client is what it was before. Returns false if the record is gone. */
static bool withdraw(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	if (l->before == DHCPK_LEASE_FREE) {
		dhcpk_lease_forget(s, l);
		return false;
	}
	set_state(s, l, l->before, l->before_expires);
	return true;
}

/* What becomes of a record whose time has run out. Returns false if it is gone. */
static bool expire(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	switch (l->state) {
	case DHCPK_LEASE_PENDING:
	case DHCPK_LEASE_BOUND:
		/* Without a pool there is no client that might want the address back. */
		if (!dhcpk_pool_at(s->config, l->by_id.addr))
			break;
		set_state(s, l, DHCPK_LEASE_EXPIRED, l->expires);
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
bool dhcpk_lease_expire(struct dhcpk_space *s, struct dhcpk_lease *l, u64 now)
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
struct dhcpk_lease *dhcpk_lease_current(struct dhcpk_space *s, struct dhcpk_lease *l, u64 now)
{
	if (!l || l->state == DHCPK_LEASE_FREE)
		return NULL;
	return dhcpk_lease_expire(s, l, now) ? l : NULL;
}

/* No client gets the address before @until. */
static void rest(struct dhcpk_space *s, struct dhcpk_lease *l, u8 state, u64 until)
{
	set_state(s, l, state, until);
	l->horizon = 0;
	dhcpk_dirty(s, l);
}

/* The client has another address. What was promised to it rests until @until at the latest. */
static void leave(struct dhcpk_space *s, struct dhcpk_lease *l, u64 now, u64 until)
{
	bool in_use = l->in_use;
	u32 addr = l->by_id.addr;

	if (l->state != DHCPK_LEASE_BOUND || l->expires <= now) {
		dhcpk_lease_forget(s, l);
		if (in_use)
			dhcpk_space_shun(s, addr);
		return;
	}
	unlink_id(s, l);
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
void dhcpk_lease_give_up(struct dhcpk_space *s, struct dhcpk_lease *l, u64 now)
{
	leave(s, l, now, l->expires == U64_MAX ? now + REST_MAX_NS : l->expires);
}

/**
 * dhcpk_lease_at - an address's record
 * @s: the space, locked
 * @addr: host order
 * @now: boottime ns
 *
 * Return: the record, true at @now, or NULL.
 */
struct dhcpk_lease *dhcpk_lease_at(struct dhcpk_space *s, u32 addr, u64 now)
{
	lockdep_assert_held(&s->lock);
	return dhcpk_lease_current(s, xa_load(&s->by_addr, addr), now);
}

/* A record in no state yet, for an address that has none or a tombstone, which it replaces. */
static struct dhcpk_lease *create(struct dhcpk_space *s, const struct dhcpk_id *id, u32 addr)
{
	struct dhcpk_lease *tombstone = xa_load(&s->by_addr, addr), *l = lease_alloc(id->len);

	if (!l)
		return NULL;
	BUILD_BUG_ON(offsetof(struct dhcpk_lease, id_data) > U8_MAX);
	l->by_id.at = offsetof(struct dhcpk_lease, id_data) - offsetof(struct dhcpk_lease, by_id);
	l->by_id.addr = addr;
	l->by_hw.kind = DHCPK_ID_NONE;
	INIT_LIST_HEAD(&l->offer);
	INIT_LIST_HEAD(&l->unstored);
	if (!name(s, l, id))
		goto free;
	if (xa_is_err(xa_store(&s->by_addr, addr, l, DHCPK_GFP_SOFTIRQ)))
		goto unlink;
	dhcpk_space_track(s, l, -1, DHCPK_LEASE_FREE);
	if (tombstone) {
		l->stored = true;
		dhcpk_dirty_as(s, l, tombstone);
		dhcpk_lease_free(s, tombstone);
	}
	return l;

unlink:
	unlink_id(s, l);
free:
	/* A lookup may have seen it. */
	call_rcu(&l->rcu, after_grace_period);
	return NULL;
}

/* What the client says of itself is for people: a client is served even if there is no memory to keep its words. */
static void remember(struct dhcpk_said **kept, const struct dhcp_bytes *said)
{
	struct dhcpk_said *copy;

	if (!said->data || (*kept && (*kept)->len == said->len && !memcmp((*kept)->data, said->data, said->len)))
		return;
	copy = kmalloc(struct_size(copy, data, said->len), DHCPK_GFP_SOFTIRQ);
	if (!copy)
		return;
	copy->len = said->len;
	memcpy(copy->data, said->data, said->len);
	kfree(*kept);
	*kept = copy;
}

static void remember_client(struct dhcpk_space *s, struct dhcpk_lease *l, const struct dhcp_msg *msg)
{
	set_hardware(s, l, msg->hdr->htype, msg->hdr->hlen, msg->hdr->chaddr);
	/* Anybody can forge a renewal, from anywhere. */
	if (!msg->hdr->ciaddr || !dhcpk_lease_bound(l))
		l->unnamed = !msg->client_id.data;
	remember(&l->host_name, &msg->host_name);
	remember(&l->agent, &msg->agent.whole);
	if (msg->hdr->giaddr)
		l->server_id = msg->agent.server_id;
}

/* A remembered client is offered its address: if it does not take it, it is remembered again. */
static void note_before(struct dhcpk_lease *l, u8 state)
{
	if (l->state == DHCPK_LEASE_OFFERED && state == DHCPK_LEASE_OFFERED)
		return;
	l->before = l->state == DHCPK_LEASE_EXPIRED || l->state == DHCPK_LEASE_RELEASED ? l->state : DHCPK_LEASE_FREE;
	l->before_expires = l->expires;
}

/* Offers are memory that a stranger can make us spend. The oldest gives way: its client may still ask for the address. */
static void cap_offers(struct dhcpk_space *s, const struct dhcpk_lease *latest)
{
	struct dhcpk_pool *pool = dhcpk_pool_at(s->config, latest->by_id.addr);
	struct dhcpk_lease *oldest;

	if (!pool || pool->map->count[DHCPK_LEASE_OFFERED] <= DHCPK_OFFERS_MAX)
		return;
	oldest = list_first_entry(&pool->map->offers, struct dhcpk_lease, offer);
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
static void leave_for_another(struct dhcpk_space *s, struct dhcpk_lease *l, const struct dhcp_msg *msg, u64 now)
{
	if (l->moved || !dhcpk_same_hardware(l, msg->hdr))
		dhcpk_lease_give_up(s, l, now);
	else
		leave(s, l, now, min(l->expires, now + LEFT_MAX_NS));
}

/* The record that is to say that the client has @addr */
static struct dhcpk_lease *record_for(struct dhcpk_space *s, struct dhcpk_lease *own, const struct dhcpk_id *id, u32 addr,
				      const struct dhcp_msg *msg, u64 now)
{
	struct dhcpk_lease *before, *l;

	if (own && own->by_id.addr == addr)
		return own;
	before = dhcpk_lease_at(s, addr, now);
	if (before)
		dhcpk_lease_forget(s, before);
	l = create(s, id, addr);
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
struct dhcpk_lease *dhcpk_lease_grant(struct dhcpk_space *s, struct dhcpk_lease *own, const struct dhcpk_id *id, u32 addr,
				      u8 state, u64 now, u32 seconds, const struct dhcp_msg *msg)
{
	struct dhcpk_lease *l = record_for(s, own, id, addr, msg, now);
	u64 expires = dhcpk_expiry(now, seconds);
	bool moved;

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
	set_state(s, l, state, state == DHCPK_LEASE_OFFERED ? expires : not_before(l, expires, msg));
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
bool dhcpk_lease_release(struct dhcpk_space *s, struct dhcpk_lease *l, u64 now)
{
	u32 second = div_u64(now, NSEC_PER_SEC) + 1;

	if (l->state == DHCPK_LEASE_OFFERED) {
		withdraw(s, l);
	} else if (dhcpk_lease_bound(l)) {
		if (dhcpk_lease_untold(l) || l->released == second)
			return false;
		l->released = second;
		set_state(s, l, DHCPK_LEASE_RELEASED, now);
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
void dhcpk_lease_decline(struct dhcpk_space *s, struct dhcpk_lease *l, u64 until)
{
	unlink_id(s, l);
	link_hardware_as(s, l, DHCPK_ID_DECLINER);
	rest(s, l, DHCPK_LEASE_DECLINED, until);
}

/**
 * dhcpk_lease_shun - the client has declined an offer, but nothing more is to rest for it
 * @s: the space, locked
 * @l: its record, an offer. The address is free, but others come first. The client will ask anew and get one of those.
 */
void dhcpk_lease_shun(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	u32 addr = l->by_id.addr;

	dhcpk_lease_forget(s, l);
	dhcpk_space_shun(s, addr);
}

static void restore_fields(struct dhcpk_space *s, struct dhcpk_lease *l, const struct dhcpk_lease *from)
{
	set_hardware(s, l, from->htype, from->hlen, from->chaddr);
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
int dhcpk_lease_restore(struct dhcpk_space *s, const struct dhcpk_lease *from, const struct dhcpk_id *id,
			const struct dhcp_bytes *host_name, const struct dhcp_bytes *agent)
{
	u64 now = ktime_get_boottime_ns();
	struct dhcpk_lease *l;

	if (xa_load(&s->by_addr, from->by_id.addr))
		return -EEXIST;
	l = create(s, id, from->by_id.addr);
	if (!l)
		return -ENOMEM;
	restore_fields(s, l, from);
	remember(&l->host_name, host_name);
	remember(&l->agent, agent);
	/* What has ended while the machine was off is over before the pool opens. */
	if (from->state == DHCPK_LEASE_BOUND && from->expires <= now)
		set_state(s, l, DHCPK_LEASE_EXPIRED, from->expires);
	else
		set_state(s, l, from->state, from->expires);
	dhcpk_lease_expire(s, l, now);
	return 0;
}

/**
 * dhcpk_lease_unrestore - take a binding out again that has been restored
 * @s: the space, locked
 * @addr: its address, host order. A record that has changed since stays.
 */
void dhcpk_lease_unrestore(struct dhcpk_space *s, u32 addr)
{
	struct dhcpk_lease *l = xa_load(&s->by_addr, addr);

	if (l && l->seq < DHCPK_SEQ_FIRST && !l->listed)
		erase(s, l);
}
