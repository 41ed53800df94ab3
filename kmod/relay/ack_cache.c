// SPDX-License-Identifier: GPL-2.0-only
/* The ACKs that a relay with "survive" has passed on, by address. survive.c uses them. */
#include "relay/ack_cache.h"

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

enum {
	ENTRIES_MAX	= 65536,	/* addresses, in one relay */
	SHARE_OF_RAM	= 8,		/* the relays of a namespace use an eighth of the RAM */
};

static unsigned int survive_kib;
module_param(survive_kib, uint, 0644);
MODULE_PARM_DESC(survive_kib,
		 "KiB for ACKs of the relays of a namespace (survive); 0: an eighth of the RAM");

/* ---- memory limit ---- */

static long bytes_max(void)
{
	unsigned int kib = READ_ONCE(survive_kib);
	unsigned long pages = kib ? DIV_ROUND_UP(kib, PAGE_SIZE / 1024) :
				    totalram_pages() / SHARE_OF_RAM;

	return min_t(unsigned long, pages, LONG_MAX >> PAGE_SHIFT) << PAGE_SHIFT;
}

/* Returns false if that would be more than @limit. */
static bool charge(struct dhcpk_ack_cache *m, long bytes, long limit)
{
	if (atomic_long_add_return(bytes, m->in_all) <= limit || bytes <= 0)
		return true;
	atomic_long_sub(bytes, m->in_all);
	return false;
}

static long copy_size(const struct dhcpk_msg_copy *c)
{
	return c ? kmalloc_size_roundup(struct_size(c, data, c->len)) : 0;
}

static long entry_size(void)
{
	return kmalloc_size_roundup(sizeof(struct dhcpk_ack_entry));
}

/**
 * dhcpk_ack_cache_replace - replace a message of an entry by another
 * @m: the cache
 * @old: the stored message, or NULL for none; freed
 * @copy: the new message, or NULL for none; taken over
 *
 * Return: false if the cache has no room: then nothing has changed, and the caller keeps @copy.
 * Context: softirqs off, @m->lock held.
 */
bool dhcpk_ack_cache_replace(struct dhcpk_ack_cache *m, struct dhcpk_msg_copy **old,
			     struct dhcpk_msg_copy *copy)
{
	if (!charge(m, copy_size(copy) - copy_size(*old), bytes_max()))
		return false;
	kfree(*old);
	*old = copy;
	return true;
}

/* ---- entries ---- */

/**
 * dhcpk_ack_cache_new - make an empty cache
 * @in_all: bytes that all caches of the namespace use; outlives them
 *
 * Return: the cache, with one user, or NULL.
 * Context: process.
 */
struct dhcpk_ack_cache *dhcpk_ack_cache_new(atomic_long_t *in_all)
{
	struct dhcpk_ack_cache *m = kvzalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return NULL;
	refcount_set(&m->users, 1);
	m->in_all = in_all;
	spin_lock_init(&m->lock);
	xa_init(&m->by_addr);
	INIT_LIST_HEAD(&m->unconfirmed);
	return m;
}

/**
 * dhcpk_ack_cache_get - add a user
 * @m: the cache
 *
 * Return: the cache.
 * Context: any.
 */
struct dhcpk_ack_cache *dhcpk_ack_cache_get(struct dhcpk_ack_cache *m)
{
	refcount_inc(&m->users);
	return m;
}

/**
 * dhcpk_msg_copy_new - copy a message
 * @data: its bytes
 * @len: number of bytes
 *
 * Return: the copy, for kfree(), or NULL.
 * Context: any.
 */
struct dhcpk_msg_copy *dhcpk_msg_copy_new(const void *data, unsigned int len)
{
	struct dhcpk_msg_copy *b = kmalloc(struct_size(b, data, len), DHCPK_GFP_SOFTIRQ);

	if (!b)
		return NULL;
	b->len = len;
	memcpy(b->data, data, len);
	return b;
}

/**
 * dhcpk_ack_cache_confirm - the lease of an entry needs no confirmation any more
 * @m: the cache
 * @r: the entry; may have been confirmed before
 *
 * Context: softirqs off, @m->lock held.
 */
void dhcpk_ack_cache_confirm(struct dhcpk_ack_cache *m, struct dhcpk_ack_entry *r)
{
	if (list_empty(&r->unconfirmed))
		return;
	list_del_init(&r->unconfirmed);
	m->n_unconfirmed--;
	dhcpk_ack_cache_replace(m, &r->request, NULL);
}

/**
 * dhcpk_ack_cache_del - delete an entry
 * @m: the cache
 * @addr: its address, host order
 * @r: the entry
 *
 * Context: softirqs off, @m->lock held.
 */
void dhcpk_ack_cache_del(struct dhcpk_ack_cache *m, unsigned long addr, struct dhcpk_ack_entry *r)
{
	dhcpk_ack_cache_confirm(m, r);
	xa_erase(&m->by_addr, addr);
	m->n--;
	dhcpk_ack_cache_replace(m, &r->ack, NULL);
	atomic_long_sub(entry_size(), m->in_all);
	kfree(r);
}

/**
 * dhcpk_ack_cache_put - remove a user; the last one frees the cache
 * @m: the cache or NULL
 *
 * Context: process.
 */
void dhcpk_ack_cache_put(struct dhcpk_ack_cache *m)
{
	struct dhcpk_ack_entry *r;
	unsigned long addr;

	if (!m || !refcount_dec_and_test(&m->users))
		return;
	xa_for_each(&m->by_addr, addr, r) {
		local_bh_disable();
		dhcpk_ack_cache_del(m, addr, r);
		local_bh_enable();
		cond_resched();
	}
	xa_destroy(&m->by_addr);
	kvfree(m);
}

/**
 * dhcpk_ack_cache_is_empty - does the cache have no entry?
 * @m: the cache
 *
 * Context: process.
 */
bool dhcpk_ack_cache_is_empty(const struct dhcpk_ack_cache *m)
{
	return xa_empty(&m->by_addr);
}

/**
 * dhcpk_ack_cache_size - count the entries
 * @m: the cache
 * @n: set to the number of ACKs
 * @unconfirmed: set to the number of leases that the relay has extended and no server has confirmed
 *
 * Context: process.
 */
void dhcpk_ack_cache_size(struct dhcpk_ack_cache *m, u32 *n, u32 *unconfirmed)
{
	spin_lock_bh(&m->lock);
	*n = m->n;
	*unconfirmed = m->n_unconfirmed;
	spin_unlock_bh(&m->lock);
}

/**
 * dhcpk_ack_cache_find - find the entry of an address
 * @m: the cache
 * @addr: the address
 *
 * Return: the entry, or NULL.
 * Context: softirqs off, @m->lock held.
 */
struct dhcpk_ack_entry *dhcpk_ack_cache_find(struct dhcpk_ack_cache *m, __be32 addr)
{
	return addr ? xa_load(&m->by_addr, ntohl(addr)) : NULL;
}

/**
 * dhcpk_ack_cache_add - add an entry, without an ACK yet
 * @m: the cache
 * @addr: its address, which has no entry
 *
 * A new entry gets memory only in the first half of the limit. The other half is for later ACKs of
 * the same addresses, and for requests.
 *
 * Return: the entry, or NULL if there is no room or no memory.
 * Context: softirqs off, @m->lock held.
 */
struct dhcpk_ack_entry *dhcpk_ack_cache_add(struct dhcpk_ack_cache *m, __be32 addr)
{
	struct dhcpk_ack_entry *r;

	if (m->n >= ENTRIES_MAX)
		return NULL;
	r = kzalloc(sizeof(*r), DHCPK_GFP_SOFTIRQ);
	if (!r)
		return NULL;
	if (!charge(m, entry_size(), bytes_max() / 2))
		goto free;
	INIT_LIST_HEAD(&r->unconfirmed);
	if (xa_is_err(xa_store(&m->by_addr, ntohl(addr), r, DHCPK_GFP_SOFTIRQ)))
		goto uncharge;
	m->n++;
	return r;

uncharge:
	atomic_long_sub(entry_size(), m->in_all);
free:
	kfree(r);
	return NULL;
}

/*
 * An entry has expired when the lease that the relay has granted is over and, with @survive, the
 * time in which the relay may extend the server's lease.
 */
static bool has_expired(u32 survive, const struct dhcpk_ack_entry *r, u64 now)
{
	return r->granted_until <= now &&
	       (!survive || r->expires + (u64)survive * NSEC_PER_SEC <= now);
}

/**
 * dhcpk_ack_cache_expire - delete expired entries, some of them at a time
 * @m: the cache
 * @survive: how long after its end the relay may extend a lease, seconds; 0: not at all
 * @looks: number of entries to check
 * @now: boottime ns
 *
 * Context: process.
 */
void dhcpk_ack_cache_expire(struct dhcpk_ack_cache *m, u32 survive, unsigned int looks,
			    u64 now)
{
	unsigned long addr = m->cursor;
	struct dhcpk_ack_entry *r;
	unsigned int n = 0;

	spin_lock_bh(&m->lock);
	xa_for_each_start(&m->by_addr, addr, r, m->cursor) {
		if (n++ == looks)
			break;
		if (r->granted_until <= now)
			dhcpk_ack_cache_confirm(m, r);
		if (has_expired(survive, r, now))
			dhcpk_ack_cache_del(m, addr, r);
	}
	m->cursor = r ? addr : 0;
	spin_unlock_bh(&m->lock);
}
