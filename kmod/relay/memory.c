// SPDX-License-Identifier: GPL-2.0-only
/* What a relay that survives its servers remembers: ACKs by their addresses. What they are good for is survive.c's to say. */
#include "relay/memory.h"

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

enum {
	REMEMBERED_MAX	= 65536,	/* addresses, in one relay */
	SHARE_OF_RAM	= 8,		/* all relays of a namespace use one in so many bytes of the machine's memory */
};

static unsigned int survive_kib;
module_param(survive_kib, uint, 0644);
MODULE_PARM_DESC(survive_kib, "KiB that the relays of a network namespace remember for \"survive\"; 0: an eighth of the memory");

/* ---- how much ---- */

static long most(void)
{
	unsigned int kib = READ_ONCE(survive_kib);
	unsigned long pages = kib ? DIV_ROUND_UP(kib, PAGE_SIZE / 1024) : totalram_pages() / SHARE_OF_RAM;

	return min_t(unsigned long, pages, LONG_MAX >> PAGE_SHIFT) << PAGE_SHIFT;
}

/* Returns false if that is more than @limit. */
static bool charge(struct dhcpk_memory *m, long bytes, long limit)
{
	if (atomic_long_add_return(bytes, m->in_all) <= limit || bytes <= 0)
		return true;
	atomic_long_sub(bytes, m->in_all);
	return false;
}

static long size_of(const struct dhcpk_body *b)
{
	return b ? kmalloc_size_roundup(struct_size(b, data, b->len)) : 0;
}

static long size_of_record(void)
{
	return kmalloc_size_roundup(sizeof(struct remembered));
}

/**
 * dhcpk_memory_keep - a message takes the place of another
 * @m: the memory
 * @kept: the other, or NULL for none; freed
 * @body: taken over, or NULL for none
 *
 * Return: false for lack of room: then nothing has changed, and @body is still the caller's.
 * Context: softirqs off, @m->lock held.
 */
bool dhcpk_memory_keep(struct dhcpk_memory *m, struct dhcpk_body **kept, struct dhcpk_body *body)
{
	if (!charge(m, size_of(body) - size_of(*kept), most()))
		return false;
	kfree(*kept);
	*kept = body;
	return true;
}

/* ---- what ---- */

/**
 * dhcpk_memory_new - nothing is remembered
 * @in_all: bytes that all memories of the namespace take; outlives them
 *
 * Return: the memory, with one user, or NULL.
 * Context: process.
 */
struct dhcpk_memory *dhcpk_memory_new(atomic_long_t *in_all)
{
	struct dhcpk_memory *m = kvzalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return NULL;
	refcount_set(&m->users, 1);
	m->in_all = in_all;
	spin_lock_init(&m->lock);
	xa_init(&m->by_addr);
	INIT_LIST_HEAD(&m->vouched);
	return m;
}

/**
 * dhcpk_memory_get - one more user
 * @m: the memory
 *
 * Return: the memory.
 * Context: any.
 */
struct dhcpk_memory *dhcpk_memory_get(struct dhcpk_memory *m)
{
	refcount_inc(&m->users);
	return m;
}

/**
 * dhcpk_body_new - a copy of a message
 * @data: its bytes
 * @len: how many
 *
 * Return: the copy, for kfree(), or NULL.
 * Context: any.
 */
struct dhcpk_body *dhcpk_body_new(const void *data, unsigned int len)
{
	struct dhcpk_body *b = kmalloc(struct_size(b, data, len), DHCPK_GFP_SOFTIRQ);

	if (!b)
		return NULL;
	b->len = len;
	memcpy(b->data, data, len);
	return b;
}

/**
 * dhcpk_memory_stop_vouching - what we have said of an address needs no confirmation any more
 * @m: the memory
 * @r: the address; idempotent
 *
 * Context: softirqs off, @m->lock held.
 */
void dhcpk_memory_stop_vouching(struct dhcpk_memory *m, struct remembered *r)
{
	if (list_empty(&r->vouched))
		return;
	list_del_init(&r->vouched);
	m->n_vouched--;
	dhcpk_memory_keep(m, &r->request, NULL);
}

/**
 * dhcpk_memory_forget - know an address no more
 * @m: the memory
 * @addr: the address, host order
 * @r: what is remembered of it
 *
 * Context: softirqs off, @m->lock held.
 */
void dhcpk_memory_forget(struct dhcpk_memory *m, unsigned long addr, struct remembered *r)
{
	dhcpk_memory_stop_vouching(m, r);
	xa_erase(&m->by_addr, addr);
	m->n--;
	dhcpk_memory_keep(m, &r->ack, NULL);
	atomic_long_sub(size_of_record(), m->in_all);
	kfree(r);
}

/**
 * dhcpk_memory_put - one user less; the last one ends it
 * @m: the memory or NULL
 *
 * Context: process.
 */
void dhcpk_memory_put(struct dhcpk_memory *m)
{
	struct remembered *r;
	unsigned long addr;

	if (!m || !refcount_dec_and_test(&m->users))
		return;
	xa_for_each(&m->by_addr, addr, r) {
		local_bh_disable();
		dhcpk_memory_forget(m, addr, r);
		local_bh_enable();
		cond_resched();
	}
	xa_destroy(&m->by_addr);
	kvfree(m);
}

/**
 * dhcpk_memory_is_empty - is nothing remembered?
 * @m: the memory
 *
 * Context: process.
 */
bool dhcpk_memory_is_empty(const struct dhcpk_memory *m)
{
	return xa_empty(&m->by_addr);
}

/**
 * dhcpk_memory_size - how much is remembered
 * @m: the memory
 * @n: set to the ACKs
 * @vouched: set to those of them that clients have more of than servers know
 *
 * Context: process.
 */
void dhcpk_memory_size(struct dhcpk_memory *m, u32 *n, u32 *vouched)
{
	spin_lock_bh(&m->lock);
	*n = m->n;
	*vouched = m->n_vouched;
	spin_unlock_bh(&m->lock);
}

/**
 * dhcpk_memory_find - what is remembered of an address
 * @m: the memory
 * @addr: the address
 *
 * Return: it, or NULL.
 * Context: softirqs off, @m->lock held.
 */
struct remembered *dhcpk_memory_find(struct dhcpk_memory *m, __be32 addr)
{
	return addr ? xa_load(&m->by_addr, ntohl(addr)) : NULL;
}

/**
 * dhcpk_memory_add - remember an address, without an ACK yet
 * @m: the memory
 * @addr: one of which nothing is remembered
 *
 * New addresses take half of the room at most. The other half is for later ACKs of the same addresses, and for requests.
 *
 * Return: it, or NULL for lack of room.
 * Context: softirqs off, @m->lock held.
 */
struct remembered *dhcpk_memory_add(struct dhcpk_memory *m, __be32 addr)
{
	struct remembered *r;

	if (m->n >= REMEMBERED_MAX)
		return NULL;
	r = kzalloc(sizeof(*r), DHCPK_GFP_SOFTIRQ);
	if (!r)
		return NULL;
	if (!charge(m, size_of_record(), most() / 2))
		goto free;
	INIT_LIST_HEAD(&r->vouched);
	if (xa_is_err(xa_store(&m->by_addr, ntohl(addr), r, DHCPK_GFP_SOFTIRQ)))
		goto uncharge;
	m->n++;
	return r;

uncharge:
	atomic_long_sub(size_of_record(), m->in_all);
free:
	kfree(r);
	return NULL;
}

/* What is over for everybody's part; where nobody is vouched for any more, only what has been promised counts. */
static bool is_past(u32 survive, const struct remembered *r, u64 now)
{
	return r->until <= now && (!survive || r->expires + (u64)survive * NSEC_PER_SEC <= now);
}

/**
 * dhcpk_memory_forget_past - forget what is over, some of it at a time
 * @m: the memory
 * @survive: for how long an ACK is good for something after its lease, seconds; 0: not at all
 * @looks: how many to look at
 * @now: boottime ns
 *
 * Context: process.
 */
void dhcpk_memory_forget_past(struct dhcpk_memory *m, u32 survive, unsigned int looks, u64 now)
{
	unsigned long addr = m->cursor;
	struct remembered *r;
	unsigned int n = 0;

	spin_lock_bh(&m->lock);
	xa_for_each_start(&m->by_addr, addr, r, m->cursor) {
		if (n++ == looks)
			break;
		if (r->until <= now)
			dhcpk_memory_stop_vouching(m, r);
		if (is_past(survive, r, now))
			dhcpk_memory_forget(m, addr, r);
	}
	m->cursor = r ? addr : 0;
	spin_unlock_bh(&m->lock);
}
