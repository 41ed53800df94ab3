// SPDX-License-Identifier: GPL-2.0-only
/*
 * One lease: its memory, its state, and the identities by which it is found.
 *
 * There is at most one lease for an address, and one for a client on a link, so the number of
 * addresses in the pools bounds the memory. Everything here runs with dhcpk_leases.lock held, in
 * any context.
 */
#include "lease/record.h"

#include <linux/slab.h>

#include "lease/dirty.h"
#include "lease/duplicates.h"
#include "lease/event.h"
#include "lease/map.h"
#include "lease/parked.h"

/*
 * RFC 4361 makes identifiers of 19 bytes. Longer ones are rare. Their leases are allocated with
 * kzalloc().
 */
enum { ID_CACHED = 23 };	/* a lease then has 256 bytes */

static struct kmem_cache *lease_cache;

/**
 * dhcpk_lease_init - create the cache for leases
 *
 * Return: 0 or -ENOMEM.
 * Context: process, while the module is loaded.
 */
int dhcpk_lease_init(void)
{
	BUILD_BUG_ON(offsetof(struct dhcpk_lease, id_data) + ID_CACHED != 256 ||
		     sizeof(struct dhcpk_lease) > 256);
	lease_cache = kmem_cache_create("dhcpk_lease",
					offsetof(struct dhcpk_lease, id_data) + ID_CACHED, 0, 0,
					NULL);
	return lease_cache ? 0 : -ENOMEM;
}

/**
 * dhcpk_lease_exit - destroy the cache for leases
 *
 * Context: process; every lease has been freed, and rcu_barrier() was called after that.
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
 * dhcpk_lease_live - does the lease keep other clients from its address?
 * @l: the lease
 */
bool dhcpk_lease_live(const struct dhcpk_lease *l)
{
	return dhcpk_lease_bound(l) || l->state == DHCPK_LEASE_OFFERED || dhcpk_lease_rests(l);
}

/**
 * dhcpk_same_hardware - does a message have the hardware address of a lease?
 * @l: the lease
 * @hdr: the message
 *
 * Context: any, the leases locked.
 */
bool dhcpk_same_hardware(const struct dhcpk_lease *l, const struct dhcp_hdr *hdr)
{
	return l->hlen && l->hlen == hdr->hlen && l->htype == hdr->htype &&
	       !memcmp(l->chaddr, hdr->chaddr, l->hlen);
}

/**
 * dhcpk_lease_circuit - the circuit-id of a client, RFC 3046 section 3.1
 * @l: the client's lease
 *
 * It is the lease's identity, or comes from the option 82 that a relay sent last.
 *
 * Return: the identity; it points into the lease. Of kind DHCPK_ID_NONE for none.
 * Context: any, the leases locked.
 */
struct dhcpk_id dhcpk_lease_circuit(const struct dhcpk_lease *l)
{
	const struct dhcpk_blob *agent = l->agent;
	unsigned int i, len;

	if (l->by_id.kind == DHCPK_ID_CIRCUIT)
		return dhcpk_id_of(&l->by_id);
	for (i = 0; agent && i + 2 <= agent->len; i += 2 + len) {
		len = agent->data[i + 1];
		if (agent->data[i] == DHCP_AGENT_CIRCUIT_ID && i + 2 + len <= agent->len)
			return (struct dhcpk_id){ .kind = DHCPK_ID_CIRCUIT,
						  .len = len,
						  .data = &agent->data[i + 2] };
	}
	return (struct dhcpk_id){ .kind = DHCPK_ID_NONE };
}

static void timer_stop(struct dhcpk_lease *l)
{
	hlist_del_init(&l->timer);
}

/**
 * dhcpk_lease_timer - put a lease into the timer wheel, by its end
 * @s: the leases, locked
 * @l: the lease, live
 *
 * A lease that has ended already is due at the next tick, and not in the slot of its end: the wheel
 * comes to slots before dhcpk_leases.wheel_second a full turn later.
 */
void dhcpk_lease_timer(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	u64 second = max(div_u64(l->expires, NSEC_PER_SEC), s->wheel_second);

	lockdep_assert_held(&s->lock);
	timer_stop(l);
	if (l->expires != U64_MAX)
		hlist_add_head(&l->timer, &s->wheel[second % DHCPK_WHEEL_SLOTS]);
}

static void queue_offer(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	struct dhcpk_map *m = dhcpk_maps_at(s->maps, l->by_id.addr);

	list_del_init(&l->offer);
	if (l->state == DHCPK_LEASE_OFFERED && m)
		list_add_tail(&l->offer, &m->offers);
}

/**
 * dhcpk_lease_set_state - change the state of a lease
 * @s: the leases, locked
 * @l: the lease
 * @state: enum dhcpk_lease_state, not DHCPK_LEASE_FREE
 * @expires: boottime ns, U64_MAX for never
 *
 * Counters, address maps, the timer and listeners follow the change. No other function changes the
 * state of a lease, except dhcpk_lease_forget().
 */
void dhcpk_lease_set_state(struct dhcpk_leases *s, struct dhcpk_lease *l, u8 state, u64 expires)
{
	u8 from = l->state;

	lockdep_assert_held(&s->lock);
	l->state = state;
	l->expires = expires;
	dhcpk_map_follow(s, l, from, state);
	queue_offer(s, l);
	if (!dhcpk_lease_bound(l))
		kfree_skb(dhcpk_unpark(s, l));
	if (dhcpk_lease_live(l))
		dhcpk_lease_timer(s, l);
	else
		timer_stop(l);
	dhcpk_tell_lease(s, l, state);
}

static void unlink_node(struct dhcpk_leases *s, struct dhcpk_id_node *n)
{
	if (n->kind == DHCPK_ID_NONE)
		return;
	dhcpk_id_table_remove(&s->by_id, n);
	n->kind = DHCPK_ID_NONE;
}

/**
 * dhcpk_lease_unlink - remove the identities of a lease
 * @s: the leases, locked
 * @l: the lease; no identity finds it afterwards. It has no client any more, or gets another one.
 */
void dhcpk_lease_unlink(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	lockdep_assert_held(&s->lock);
	unlink_node(s, &l->by_id);
	unlink_node(s, &l->by_hw);
	dhcpk_duplicate_forget(s, l->by_id.addr);
}

/**
 * dhcpk_lease_link_hardware_as - make a lease known by its hardware address, too
 * @s: the leases, locked
 * @l: the lease; it is not known by its hardware address yet. Without memory it is known by its
 *	identity alone.
 * @kind: DHCPK_ID_HARDWARE or DHCPK_ID_DECLINER
 */
void dhcpk_lease_link_hardware_as(struct dhcpk_leases *s, struct dhcpk_lease *l, u16 kind)
{
	l->by_hw.kind = kind + l->htype;
	l->by_hw.len = l->hlen;
	l->by_hw.at = offsetof(struct dhcpk_lease, chaddr) - offsetof(struct dhcpk_lease, by_hw);
	l->by_hw.addr = l->by_id.addr;
	if (!l->hlen || dhcpk_id_table_insert(&s->by_id, &l->by_hw))
		l->by_hw.kind = DHCPK_ID_NONE;
}

/**
 * dhcpk_lease_link_hardware - let the hardware address find a lease, too, if its identity is option
 * 61
 * @s: the leases, locked
 * @l: the lease
 */
void dhcpk_lease_link_hardware(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	if (l->by_id.kind == DHCPK_ID_CLIENT)
		dhcpk_lease_link_hardware_as(s, l, DHCPK_ID_HARDWARE);
}

/**
 * dhcpk_lease_set_hardware - set the hardware address of a lease
 * @s: the leases, locked
 * @l: the lease
 * @htype: the hardware type
 * @hlen: the length, 0 for none
 * @chaddr: DHCP_CHADDR_LEN bytes
 */
void dhcpk_lease_set_hardware(struct dhcpk_leases *s, struct dhcpk_lease *l, u8 htype, u8 hlen,
			      const u8 *chaddr)
{
	bool linked = l->by_hw.kind != DHCPK_ID_NONE;

	lockdep_assert_held(&s->lock);
	if (linked == (l->by_id.kind == DHCPK_ID_CLIENT && hlen) && l->htype == htype &&
	    l->hlen == hlen && !memcmp(l->chaddr, chaddr, sizeof(l->chaddr)))
		return;
	unlink_node(s, &l->by_hw);
	l->htype = htype;
	l->hlen = hlen;
	memcpy(l->chaddr, chaddr, sizeof(l->chaddr));
	dhcpk_lease_link_hardware(s, l);
}

/**
 * dhcpk_lease_name - set the identity of a lease
 * @s: the leases, locked
 * @l: the lease, which no identity finds; it has room for the identity
 * @id: the identity, or of kind DHCPK_ID_NONE
 *
 * Return: false for lack of memory.
 */
bool dhcpk_lease_name(struct dhcpk_leases *s, struct dhcpk_lease *l, const struct dhcpk_id *id)
{
	lockdep_assert_held(&s->lock);
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

/**
 * dhcpk_lease_free - free a lease that is not in dhcpk_leases.by_addr any more
 * @s: the leases, locked
 * @l: the lease; its memory stays for a grace period
 */
void dhcpk_lease_free(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	lockdep_assert_held(&s->lock);
	timer_stop(l);
	list_del_init(&l->offer);
	dhcpk_lease_unlink(s, l);
	dhcpk_unlist(s, l);
	dhcpk_map_follow(s, l, l->state, -1);
	kfree(l->host_name);
	kfree(l->agent);
	call_rcu(&l->rcu, after_grace_period);
}

/**
 * dhcpk_lease_erase - remove a lease without a tombstone
 * @s: the leases, locked
 * @l: the lease
 */
void dhcpk_lease_erase(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	xa_erase(&s->by_addr, l->by_id.addr);
	dhcpk_lease_free(s, l);
}

/**
 * dhcpk_lease_forget - remove a lease; its address becomes free and clean
 * @s: the leases, locked
 * @l: the lease, no tombstone
 *
 * If the store has a row for the address, a tombstone stays until the store has deleted the row.
 */
void dhcpk_lease_forget(struct dhcpk_leases *s, struct dhcpk_lease *l)
{
	u8 from = l->state;

	lockdep_assert_held(&s->lock);
	timer_stop(l);
	list_del_init(&l->offer);
	dhcpk_lease_unlink(s, l);
	kfree_skb(dhcpk_unpark(s, l));
	l->state = DHCPK_LEASE_FREE;
	l->horizon = 0;
	dhcpk_map_follow(s, l, from, DHCPK_LEASE_FREE);
	dhcpk_tell_lease(s, l, DHCPK_LEASE_FREE);
	if (l->stored)
		dhcpk_dirty(s, l);
	else
		dhcpk_lease_erase(s, l);
}

/**
 * dhcpk_lease_create - make a lease in no state yet
 * @s: the leases, locked
 * @id: its client
 * @addr: host order; the address has no lease, or a tombstone, which the new lease replaces
 *
 * Return: the lease, or NULL for lack of memory.
 */
struct dhcpk_lease *dhcpk_lease_create(struct dhcpk_leases *s, const struct dhcpk_id *id, u32 addr)
{
	struct dhcpk_lease *tombstone = xa_load(&s->by_addr, addr), *l = lease_alloc(id->len);

	lockdep_assert_held(&s->lock);
	if (!l)
		return NULL;
	BUILD_BUG_ON(offsetof(struct dhcpk_lease, id_data) > U8_MAX);
	l->by_id.at = offsetof(struct dhcpk_lease, id_data) - offsetof(struct dhcpk_lease, by_id);
	l->by_id.addr = addr;
	l->by_hw.kind = DHCPK_ID_NONE;
	INIT_LIST_HEAD(&l->offer);
	INIT_LIST_HEAD(&l->dirty_node);
	if (!dhcpk_lease_name(s, l, id))
		goto free;
	if (xa_is_err(xa_store(&s->by_addr, addr, l, DHCPK_GFP_SOFTIRQ)))
		goto unlink;
	dhcpk_map_follow(s, l, -1, DHCPK_LEASE_FREE);
	if (tombstone) {
		l->stored = true;
		dhcpk_dirty_as(s, l, tombstone);
		dhcpk_lease_free(s, tombstone);
	}
	return l;

unlink:
	dhcpk_lease_unlink(s, l);
free:
	/* A lookup may have seen the lease. */
	call_rcu(&l->rcu, after_grace_period);
	return NULL;
}

/**
 * dhcpk_blob_replace - keep a value that a client or a relay has sent
 * @blob: the earlier value, or NULL; replaced
 * @value: the new value; without data, nothing changes
 *
 * The values are shown to the administrator. Without memory for them, the client is served all the
 * same.
 */
void dhcpk_blob_replace(struct dhcpk_blob **blob, const struct dhcp_bytes *value)
{
	struct dhcpk_blob *copy;

	if (!value->data ||
	    (*blob && (*blob)->len == value->len &&
	     !memcmp((*blob)->data, value->data, value->len)))
		return;
	copy = kmalloc(struct_size(copy, data, value->len), DHCPK_GFP_SOFTIRQ);
	if (!copy)
		return;
	copy->len = value->len;
	memcpy(copy->data, value->data, value->len);
	kfree(*blob);
	*blob = copy;
}
