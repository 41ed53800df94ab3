// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has which address: find, grant, give back, expire.
 *
 * A space holds at most one record for an address and one for a client, so memory is bounded by the pool's addresses. A
 * record outlives its lease (expired, released) until somebody else needs the address: the same client gets it back.
 * Everything here runs with the space's lock held, in any context.
 */
#include <linux/slab.h>

#include "dhcpk.h"

/* How long an address rests that its client has been given another for, at most: a lease may be for ever. */
#define REST_MAX_NS	(24ULL * 3600 * NSEC_PER_SEC)

/**
 * dhcpk_lease_live - does the record keep others from its address?
 * @l: the record
 */
bool dhcpk_lease_live(const struct dhcpk_lease *l)
{
	return l->state == DHCPK_LEASE_OFFERED || l->state == DHCPK_LEASE_PENDING || l->state == DHCPK_LEASE_BOUND ||
	       l->state == DHCPK_LEASE_DECLINED;
}

static void timer_stop(struct dhcpk_lease *l)
{
	hlist_del_init(&l->timer);
}

static void timer_start(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	timer_stop(l);
	if (l->expires != U64_MAX)
		hlist_add_head(&l->timer, &s->wheel[div_u64(l->expires, NSEC_PER_SEC) % DHCPK_WHEEL_SLOTS]);
}

/* The one place where a record changes state: its counter, the address map, the timers and the listeners follow. */
static void enter(struct dhcpk_space *s, struct dhcpk_lease *l, u8 state, u64 expires)
{
	s->count[l->state]--;
	l->state = state;
	l->expires = expires;
	s->count[l->state]++;
	list_del_init(&l->offer);
	if (state == DHCPK_LEASE_OFFERED)
		list_add_tail(&l->offer, &s->offers);
	if (state != DHCPK_LEASE_BOUND && state != DHCPK_LEASE_PENDING)
		kfree_skb(dhcpk_unpark(s, l));
	if (dhcpk_lease_live(l)) {
		dhcpk_alloc_take(s->alloc, l->addr);
		timer_start(s, l);
	} else {
		dhcpk_alloc_release(s->alloc, l->addr, true);
		timer_stop(l);
	}
	dhcpk_lease_event(s, l, state);
}

static void unlink_id(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	if (l->by_id.id.kind == DHCPK_ID_NONE)
		return;
	dhcpk_id_table_remove(&s->by_id, &l->by_id);
	l->by_id.id.kind = DHCPK_ID_NONE;
}

static void destroy(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	dhcpk_unlist(s, l);
	s->count[l->state]--;
	kfree(l->host_name);
	kfree(l->agent);
	kfree_rcu(l, rcu);
}

/* Removes a record without a trace. */
static void erase(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	xa_erase(&s->by_addr, l->addr);
	destroy(s, l);
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
	list_del_init(&l->offer);
	timer_stop(l);
	unlink_id(s, l);
	dhcpk_alloc_release(s->alloc, l->addr, false);
	dhcpk_lease_event(s, l, DHCPK_LEASE_FREE);
	if (!l->stored) {
		erase(s, l);
		return;
	}
	kfree_skb(dhcpk_unpark(s, l));
	s->count[l->state]--;
	l->state = DHCPK_LEASE_FREE;
	s->count[l->state]++;
	dhcpk_dirty(s, l);
}

/**
 * dhcpk_lease_settle - what was in flight has been stored
 * @s: the space, locked
 * @l: the record, on no list any more; a tombstone is gone afterwards
 * @from: boottime ns when its ACK leaves, and the client's lease begins; 0 if none waited
 */
void dhcpk_lease_settle(struct dhcpk_space *s, struct dhcpk_lease *l, u64 from)
{
	u64 expires = l->expires;

	if (l->state == DHCPK_LEASE_FREE) {
		erase(s, l);
		return;
	}
	l->horizon = dhcpk_horizon(l);
	if (from && expires != U64_MAX) {
		expires = min(expires - l->starts + from, l->horizon);
		l->starts = from;
	}
	if (l->state == DHCPK_LEASE_PENDING || from)
		enter(s, l, DHCPK_LEASE_BOUND, expires);
}

/* Nobody took the offer: the client is what it was before. Returns false if that was nobody, and the record is gone. */
static bool withdraw(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	if (l->before == DHCPK_LEASE_FREE) {
		dhcpk_lease_forget(s, l);
		return false;
	}
	enter(s, l, l->before, l->before_expires);
	return true;
}

/* What becomes of a record whose time has run out. Returns false if it is gone. */
static bool expire(struct dhcpk_space *s, struct dhcpk_lease *l)
{
	switch (l->state) {
	case DHCPK_LEASE_PENDING:
	case DHCPK_LEASE_BOUND:
		enter(s, l, DHCPK_LEASE_EXPIRED, l->expires);
		return true;
	case DHCPK_LEASE_OFFERED:
		return withdraw(s, l);
	default:
		dhcpk_lease_forget(s, l);
		return false;
	}
}

static bool due(const struct dhcpk_lease *l, u64 now)
{
	return dhcpk_lease_live(l) && l->expires <= now;
}

/* A record as it stands at this moment: the wheel may be a second late, the answer to a client may not. */
static struct dhcpk_lease *settled(struct dhcpk_space *s, struct dhcpk_lease *l, u64 now)
{
	if (!l || l->state == DHCPK_LEASE_FREE)
		return NULL;
	return !due(l, now) || expire(s, l) ? l : NULL;
}

/**
 * dhcpk_lease_find - a client's record
 * @s: the space, locked
 * @id: the client
 * @now: boottime ns
 *
 * Return: the record, true at @now, or NULL.
 */
struct dhcpk_lease *dhcpk_lease_find(struct dhcpk_space *s, const struct dhcpk_id *id, u64 now)
{
	struct dhcpk_id_node *n = dhcpk_id_table_find(&s->by_id, id);

	return n ? settled(s, container_of(n, struct dhcpk_lease, by_id), now) : NULL;
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
	return settled(s, xa_load(&s->by_addr, addr), now);
}

/* A record in no state yet, for an address that has none or a tombstone, which it replaces. */
static struct dhcpk_lease *create(struct dhcpk_space *s, const struct dhcpk_id *id, u32 addr)
{
	struct dhcpk_lease *l = kzalloc(struct_size(l, id_data, id->len), DHCPK_GFP_SOFTIRQ);
	struct dhcpk_lease *tombstone = xa_load(&s->by_addr, addr);

	if (!l)
		return NULL;
	memcpy(l->id_data, id->data, id->len);
	l->by_id.id = *id;
	l->by_id.id.data = l->id_data;
	l->addr = addr;
	INIT_LIST_HEAD(&l->offer);
	INIT_LIST_HEAD(&l->unstored);
	if (id->kind != DHCPK_ID_NONE && dhcpk_id_table_insert(&s->by_id, &l->by_id))
		goto free;
	if (xa_is_err(xa_store(&s->by_addr, addr, l, DHCPK_GFP_SOFTIRQ)))
		goto unlink;
	s->count[l->state]++;
	if (tombstone) {
		l->stored = true;
		destroy(s, tombstone);
	}
	return l;

unlink:
	unlink_id(s, l);
free:
	kfree(l);
	return NULL;
}

/* What the client says of itself is for people: one whose words cannot be kept for lack of memory is served all the same. */
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

static void remember_client(struct dhcpk_lease *l, const struct dhcp_msg *msg)
{
	l->htype = msg->hdr->htype;
	l->hlen = msg->hdr->hlen;
	memcpy(l->chaddr, msg->hdr->chaddr, sizeof(l->chaddr));
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
static void cap_offers(struct dhcpk_space *s)
{
	if (s->count[DHCPK_LEASE_OFFERED] <= DHCPK_OFFERS_MAX)
		return;
	withdraw(s, list_first_entry(&s->offers, struct dhcpk_lease, offer));
	dhcpk_count(s->dn, DHCPK_STAT_OFFERS_CUT_SHORT);
}

/**
 * dhcpk_lease_grant - a client has this address from now on
 * @s: the space, locked
 * @id: the client
 * @addr: host order; nobody else's (dhcpk_lease_at() has no live record of another client)
 * @state: DHCPK_LEASE_OFFERED, DHCPK_LEASE_PENDING or DHCPK_LEASE_BOUND
 * @now: boottime ns
 * @expires: boottime ns, U64_MAX for never
 * @msg: the request, for what is remembered of the client
 *
 * Whoever was remembered for the address is forgotten. Whatever else the client had is free again, but for an address that
 * it was promised: nobody can tell whether it has let go of that, so that it rests until the promise is over, or for a day.
 * A binding that is pending is bound at once if the store says enough already; otherwise it is dirty.
 *
 * Return: the record, or NULL for lack of memory; then the client has what it had, or nothing.
 */
struct dhcpk_lease *dhcpk_lease_grant(struct dhcpk_space *s, const struct dhcpk_id *id, u32 addr, u8 state,
				      u64 now, u64 expires, const struct dhcp_msg *msg)
{
	struct dhcpk_lease *l = dhcpk_lease_find(s, id, now);
	struct dhcpk_lease *before;

	if (l && l->addr != addr) {
		if (l->state == DHCPK_LEASE_BOUND)
			dhcpk_lease_decline(s, l, min(l->expires, now + REST_MAX_NS));
		else
			dhcpk_lease_forget(s, l);
		l = NULL;
	}
	if (!l) {
		before = dhcpk_lease_at(s, addr, now);
		if (before)
			dhcpk_lease_forget(s, before);
		l = create(s, id, addr);
		if (!l)
			return NULL;
	}
	note_before(l, state);
	l->starts = now;
	remember_client(l, msg);
	/* Who is bound already stays so while the store is told that it is for longer. */
	if (state == DHCPK_LEASE_PENDING && (l->state == DHCPK_LEASE_BOUND || l->horizon >= expires))
		state = DHCPK_LEASE_BOUND;
	enter(s, l, state, expires);
	if (state == DHCPK_LEASE_OFFERED)
		cap_offers(s);
	else
		dhcpk_dirty_unless_covered(s, l);
	return l;
}

/**
 * dhcpk_lease_release - the client gives its address back, RFC 2131 section 4.3.4
 * @s: the space, locked
 * @l: its record. A binding is remembered, an offer is withdrawn.
 * @now: boottime ns
 */
void dhcpk_lease_release(struct dhcpk_space *s, struct dhcpk_lease *l, u64 now)
{
	if (l->state == DHCPK_LEASE_OFFERED) {
		withdraw(s, l);
	} else if (l->state == DHCPK_LEASE_BOUND || l->state == DHCPK_LEASE_PENDING) {
		enter(s, l, DHCPK_LEASE_RELEASED, now);
		l->horizon = 0;
		dhcpk_dirty(s, l);
	}
}

/**
 * dhcpk_lease_decline - the client found the address in use, RFC 2131 section 4.3.3
 * @s: the space, locked
 * @l: its record, live. The address rests and is nobody's: the client will ask anew and get another.
 * @until: boottime ns, when it may be given to somebody again
 */
void dhcpk_lease_decline(struct dhcpk_space *s, struct dhcpk_lease *l, u64 until)
{
	unlink_id(s, l);
	enter(s, l, DHCPK_LEASE_DECLINED, until);
	l->horizon = 0;
	dhcpk_dirty(s, l);
}

/**
 * dhcpk_lease_restore - a binding out of the store
 * @s: the space, locked
 * @from: what is known of it; id, addr, state, times, and what identifies the client
 * @host_name: what the client called itself; copied
 * @agent: option 82; copied
 *
 * Return: 0; -EEXIST if the client or the address has one already, which stays; -ENOMEM.
 */
int dhcpk_lease_restore(struct dhcpk_space *s, const struct dhcpk_lease *from, const struct dhcp_bytes *host_name,
			const struct dhcp_bytes *agent)
{
	struct dhcpk_lease *l;

	if (xa_load(&s->by_addr, from->addr) ||
	    (from->by_id.id.kind != DHCPK_ID_NONE && dhcpk_id_table_find(&s->by_id, &from->by_id.id)))
		return -EEXIST;
	l = create(s, &from->by_id.id, from->addr);
	if (!l)
		return -ENOMEM;
	l->htype = from->htype;
	l->hlen = from->hlen;
	memcpy(l->chaddr, from->chaddr, sizeof(l->chaddr));
	l->server_id = from->server_id;
	l->starts = from->starts;
	l->horizon = from->horizon;
	l->stored = true;
	remember(&l->host_name, host_name);
	remember(&l->agent, agent);
	enter(s, l, from->state, from->expires);
	return 0;
}

/**
 * dhcpk_space_expire - deal with everything that has run out
 * @s: the space, not locked
 * @now: boottime ns
 *
 * Context: process or softirq. Takes the lock slot by slot, so that a packet never waits for a whole turn of the wheel.
 */
void dhcpk_space_expire(struct dhcpk_space *s, u64 now)
{
	u64 second = div_u64(now, NSEC_PER_SEC);
	unsigned int slots = min_t(u64, second - s->wheel_second + 1, DHCPK_WHEEL_SLOTS);
	u64 at = second - (slots - 1);

	for (; at <= second; at++) {
		struct hlist_node *next;
		struct dhcpk_lease *l;

		spin_lock_bh(&s->lock);
		hlist_for_each_entry_safe(l, next, &s->wheel[at % DHCPK_WHEEL_SLOTS], timer) {
			if (due(l, now))
				expire(s, l);
		}
		s->wheel_second = at;
		spin_unlock_bh(&s->lock);
	}
}

/**
 * dhcpk_space_new - an empty space without addresses
 * @dn: the namespace
 * @pool: the pool's name
 *
 * Return: the space, to be given addresses by dhcpk_space_set_alloc(), or NULL for lack of memory.
 * Context: process.
 */
struct dhcpk_space *dhcpk_space_new(struct dhcpk_net *dn, const char *pool)
{
	struct dhcpk_space *s = kvzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	if (dhcpk_id_table_init(&s->by_id)) {
		kvfree(s);
		return NULL;
	}
	strscpy(s->pool, pool, sizeof(s->pool));
	s->dn = dn;
	spin_lock_init(&s->lock);
	INIT_LIST_HEAD(&s->offers);
	INIT_LIST_HEAD(&s->dirty);
	INIT_LIST_HEAD(&s->in_flight);
	__skb_queue_head_init(&s->parked);
	xa_init(&s->by_addr);
	get_random_bytes(&s->key, sizeof(s->key));
	s->wheel_second = div_u64(ktime_get_boottime_ns(), NSEC_PER_SEC);
	return s;
}

/**
 * dhcpk_space_free - end a space and forget everybody in it
 * @s: the space; no packet can reach it any more
 *
 * Context: process.
 */
void dhcpk_space_free(struct dhcpk_space *s)
{
	struct dhcpk_lease *l;
	unsigned long addr;

	/* One by one: a million take long enough for the processor's softirqs to be missed. */
	xa_for_each(&s->by_addr, addr, l) {
		spin_lock_bh(&s->lock);
		unlink_id(s, l);
		destroy(s, l);
		spin_unlock_bh(&s->lock);
		cond_resched();
	}
	xa_destroy(&s->by_addr);
	dhcpk_id_table_destroy(&s->by_id);
	dhcpk_alloc_free(s->alloc);
	kvfree(s);
}

/* Whoever lives or is remembered at an address, in a map that knows it as free and clean. */
static void settle(struct dhcpk_alloc *a, const struct dhcpk_lease *l)
{
	if (l->state == DHCPK_LEASE_FREE)
		return;
	dhcpk_alloc_take(a, l->addr);
	if (!dhcpk_lease_live(l))
		dhcpk_alloc_release(a, l->addr, true);
}

static void settle_all(struct dhcpk_space *s, struct dhcpk_alloc *a)
{
	struct dhcpk_lease *l;
	unsigned long addr;

	xa_for_each(&s->by_addr, addr, l)
		settle(a, l);
}

/* Where only reservations came and went, the map in use follows. Returns false if the ranges are others. */
static bool follow_reservations(struct dhcpk_space *s, const struct dhcpk_alloc *a)
{
	const struct dhcpk_lease *l;
	u32 n = 0, addr;

	if (!s->alloc || !dhcpk_alloc_same_ranges(s->alloc, a))
		return false;
	while (dhcpk_alloc_next_difference(s->alloc, a, &n, &addr)) {
		if (!dhcpk_alloc_contains(a, addr)) {
			dhcpk_alloc_reserve(s->alloc, addr);
			continue;
		}
		dhcpk_alloc_unreserve(s->alloc, addr);
		l = xa_load(&s->by_addr, addr);
		if (l)
			settle(s->alloc, l);
	}
	return true;
}

/**
 * dhcpk_space_set_alloc - other ranges or reservations from now on
 * @s: the space, not locked
 * @a: the new map, as dhcpk_alloc_new() and dhcpk_alloc_reserve() left it
 *
 * With the ranges that it has already, the space keeps its map and packets wait no longer than a comparison of two bitmaps
 * takes. Other ranges cost a walk over the bindings.
 *
 * Return: the map that is not needed, for the caller to free.
 * Context: process.
 */
struct dhcpk_alloc *dhcpk_space_set_alloc(struct dhcpk_space *s, struct dhcpk_alloc *a)
{
	struct dhcpk_alloc *unneeded = a;

	spin_lock_bh(&s->lock);
	if (!follow_reservations(s, a)) {
		settle_all(s, a);
		unneeded = s->alloc;
		s->alloc = a;
	}
	spin_unlock_bh(&s->lock);
	return unneeded;
}
