// SPDX-License-Identifier: GPL-2.0-only
/*
 * Free addresses of a pool, in hierarchical bitmaps: a lookup in an exhausted pool of 16 million
 * addresses costs no more than one in an empty pool of ten.
 *
 * All addresses of all ranges are numbered. Each number has three bits: usable (the address is not
 * reserved for a host), free (no lease holds the address) and clean (no expired or released lease
 * remembers a client at the address). Each level of a bitmap has a bit for each word of the level
 * below. The bit is set while any bit of that word is set. The lock is dhcpk_leases.lock.
 */
#include "lease/alloc.h"

#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/slab.h>

enum { LEVELS = BITS_PER_LONG == 64 ? 4 : 5 };	/* 64^4 = 2^24 = DHCPK_POOL_SIZE_MAX */

struct tree {
	unsigned long	*level[LEVELS];	/* [0] has a bit for each address */
	u32		bits[LEVELS];
};

struct numbered_range {
	u32 first;
	u32 last;
	u32 base;	/* number of the first address */
};

struct dhcpk_alloc {
	struct tree		free;
	struct tree		clean;
	unsigned long		*usable;
	u32			size;		/* usable addresses */
	u32			available;	/* of these, free ones */
	u32			numbers;
	unsigned int		n_ranges;
	struct numbered_range	ranges[];
};

static void tree_destroy(struct tree *t)
{
	int i;

	for (i = 0; i < LEVELS; i++)
		kvfree(t->level[i]);
}

/* Sets the bits of all @numbers. */
static int tree_init(struct tree *t, u32 numbers)
{
	u32 bits = numbers;
	int i;

	for (i = 0; i < LEVELS; i++) {
		t->level[i] = kvcalloc(BITS_TO_LONGS(bits), sizeof(long), GFP_KERNEL);
		if (!t->level[i])
			return -ENOMEM;
		bitmap_set(t->level[i], 0, bits);
		t->bits[i] = bits;
		bits = BITS_TO_LONGS(bits);
	}
	return 0;
}

static void tree_set(struct tree *t, u32 n)
{
	int i;

	for (i = 0; i < LEVELS; i++, n /= BITS_PER_LONG)
		__set_bit(n, t->level[i]);
}

static void tree_clear(struct tree *t, u32 n)
{
	int i;

	for (i = 0; i < LEVELS; i++, n /= BITS_PER_LONG) {
		__clear_bit(n, t->level[i]);
		if (t->level[i][n / BITS_PER_LONG])
			break;
	}
}

static bool tree_any(const struct tree *t)
{
	return t->level[LEVELS - 1][0];
}

/*
 * Finds the first set bit at or after @n. The search goes up the levels until a word has a set bit
 * at or after the position, then down along the first set bits.
 */
static bool tree_next(const struct tree *t, u32 n, u32 *found)
{
	unsigned long word = 0;
	int i;

	for (i = 0; i < LEVELS && n < t->bits[i]; i++) {
		word = t->level[i][n / BITS_PER_LONG] & (~0UL << n % BITS_PER_LONG);
		if (word)
			break;
		n = n / BITS_PER_LONG + 1;
	}
	if (!word)
		return false;
	n = round_down(n, BITS_PER_LONG) + __ffs(word);
	while (i-- > 0)
		n = n * BITS_PER_LONG + __ffs(t->level[i][n]);
	*found = n;
	return true;
}

/* Like tree_next(), but continues at 0 after the end. */
static bool tree_next_wrapped(const struct tree *t, u32 n, u32 *found)
{
	return tree_next(t, n, found) || tree_next(t, 0, found);
}

static const struct numbered_range *range_of(const struct dhcpk_alloc *a, u32 addr)
{
	unsigned int i;

	for (i = 0; i < a->n_ranges; i++) {
		if (addr >= a->ranges[i].first && addr <= a->ranges[i].last)
			return &a->ranges[i];
	}
	return NULL;
}

/* Returns false if the address is in no range, or is reserved. */
static bool number_of(const struct dhcpk_alloc *a, u32 addr, u32 *n)
{
	const struct numbered_range *r = range_of(a, addr);

	if (!r)
		return false;
	*n = r->base + (addr - r->first);
	return test_bit(*n, a->usable);
}

static u32 addr_of(const struct dhcpk_alloc *a, u32 n)
{
	const struct numbered_range *r = a->ranges;

	while (n - r->base > r->last - r->first)
		r++;
	return r->first + (n - r->base);
}

/**
 * dhcpk_alloc_new - make a map in which all addresses are free and clean
 * @ranges: ranges that do not overlap, with DHCPK_POOL_SIZE_MAX addresses at most
 * @n: number of ranges, may be 0
 *
 * Return: the map or NULL for lack of memory.
 * Context: process.
 */
struct dhcpk_alloc *dhcpk_alloc_new(const struct dhcpk_range *ranges, unsigned int n)
{
	struct dhcpk_alloc *a = kzalloc(struct_size(a, ranges, n), GFP_KERNEL);
	unsigned int i;

	if (!a)
		return NULL;
	a->n_ranges = n;
	for (i = 0; i < n; i++) {
		a->ranges[i].first = ranges[i].first;
		a->ranges[i].last = ranges[i].last;
		a->ranges[i].base = a->numbers;
		a->numbers += ranges[i].last - ranges[i].first + 1;
	}
	a->size = a->numbers;
	a->available = a->numbers;
	a->usable = kvcalloc(BITS_TO_LONGS(a->numbers) ?: 1, sizeof(long), GFP_KERNEL);
	if (!a->usable || tree_init(&a->free, a->numbers ?: 1) ||
	    tree_init(&a->clean, a->numbers ?: 1)) {
		dhcpk_alloc_free(a);
		return NULL;
	}
	bitmap_set(a->usable, 0, a->numbers);
	if (!a->numbers) {
		tree_clear(&a->free, 0);
		tree_clear(&a->clean, 0);
	}
	return a;
}

/**
 * dhcpk_alloc_free - free a map
 * @a: the map or NULL
 *
 * Context: process.
 */
void dhcpk_alloc_free(struct dhcpk_alloc *a)
{
	if (!a)
		return;
	tree_destroy(&a->free);
	tree_destroy(&a->clean);
	kvfree(a->usable);
	kfree(a);
}

/**
 * dhcpk_alloc_reserve - exclude an address from the map
 * @a: the map
 * @addr: host order; may be in no range. All other calls then treat it as in no range.
 *
 * Context: any, dhcpk_leases.lock held or the map not yet in use.
 */
void dhcpk_alloc_reserve(struct dhcpk_alloc *a, u32 addr)
{
	u32 n;

	if (!number_of(a, addr, &n))
		return;
	dhcpk_alloc_take(a, addr);
	__clear_bit(n, a->usable);
	a->size--;
}

/**
 * dhcpk_alloc_unreserve - include a reserved address again; it becomes free and clean
 * @a: the map
 * @addr: host order, in a range and reserved
 *
 * Context: any, dhcpk_leases.lock held or the map not yet in use.
 */
void dhcpk_alloc_unreserve(struct dhcpk_alloc *a, u32 addr)
{
	const struct numbered_range *r = range_of(a, addr);
	u32 n = r->base + (addr - r->first);

	__set_bit(n, a->usable);
	a->size++;
	dhcpk_alloc_release(a, addr, false);
}

/**
 * dhcpk_alloc_same_ranges - do two maps have the same ranges?
 * @a: a map
 * @b: another map
 *
 * Context: any.
 */
bool dhcpk_alloc_same_ranges(const struct dhcpk_alloc *a, const struct dhcpk_alloc *b)
{
	return a->n_ranges == b->n_ranges &&
	       !memcmp(a->ranges, b->ranges, a->n_ranges * sizeof(a->ranges[0]));
}

/**
 * dhcpk_alloc_next_difference - the next address that is reserved in only one of two maps
 * @a: a map
 * @b: another map of the same ranges
 * @n: number at which the search starts, 0 at first; updated
 * @addr: set to the address, host order
 *
 * Return: false if there is no further difference.
 * Context: any, dhcpk_leases.lock held.
 */
bool dhcpk_alloc_next_difference(const struct dhcpk_alloc *a, const struct dhcpk_alloc *b, u32 *n,
				 u32 *addr)
{
	for (; *n < a->numbers; *n = round_down(*n, BITS_PER_LONG) + BITS_PER_LONG) {
		u32 word = *n / BITS_PER_LONG;
		unsigned long differ = (a->usable[word] ^ b->usable[word]) &
				       (~0UL << *n % BITS_PER_LONG);

		if (!differ)
			continue;
		*n = word * BITS_PER_LONG + __ffs(differ);
		*addr = addr_of(a, (*n)++);
		return true;
	}
	return false;
}

/**
 * dhcpk_alloc_contains - does the map contain an address that is not reserved?
 * @a: the map
 * @addr: host order
 *
 * Context: any, dhcpk_leases.lock held.
 */
bool dhcpk_alloc_contains(const struct dhcpk_alloc *a, u32 addr)
{
	u32 n;

	return number_of(a, addr, &n);
}

/**
 * dhcpk_alloc_take - mark an address as in use
 * @a: the map
 * @addr: host order; no effect if it is in use already, or in no range
 *
 * Context: any, dhcpk_leases.lock held.
 */
void dhcpk_alloc_take(struct dhcpk_alloc *a, u32 addr)
{
	u32 n;

	if (!number_of(a, addr, &n))
		return;
	if (test_bit(n, a->free.level[0]))
		a->available--;
	tree_clear(&a->free, n);
	tree_clear(&a->clean, n);
}

/**
 * dhcpk_alloc_release - mark an address as free
 * @a: the map
 * @addr: host order; no effect on the count if it is free already, and no effect if it is in no
 *	range
 * @remembered: a lease remembers the client that had the address: other clients get the address
 *	only when no clean address is left
 *
 * Context: any, dhcpk_leases.lock held.
 */
void dhcpk_alloc_release(struct dhcpk_alloc *a, u32 addr, bool remembered)
{
	u32 n;

	if (!number_of(a, addr, &n))
		return;
	if (!test_bit(n, a->free.level[0]))
		a->available++;
	tree_set(&a->free, n);
	if (!remembered)
		tree_set(&a->clean, n);
}

/**
 * dhcpk_alloc_pick - choose an address for a new client
 * @a: the map
 * @hash: hash of the client identity: the same client gets the same address again, even if its
 *	lease has been forgotten
 * @addr: set to the address, host order; the caller has to take it
 *
 * The cost does not depend on the number of addresses. The search starts at the position that @hash
 * selects and takes the next clean address, or the next free one if no address is clean.
 *
 * Return: false if the pool is exhausted.
 * Context: any, dhcpk_leases.lock held.
 */
bool dhcpk_alloc_pick(const struct dhcpk_alloc *a, u64 hash, u32 *addr)
{
	const struct tree *t = tree_any(&a->clean) ? &a->clean : &a->free;
	u32 n;

	if (!a->numbers || !tree_next_wrapped(t, reciprocal_scale(hash, a->numbers), &n))
		return false;
	*addr = addr_of(a, n);
	return true;
}

/**
 * dhcpk_alloc_has_clean - is there a free address at which no client is remembered?
 * @a: the map
 *
 * Context: any, dhcpk_leases.lock held.
 */
bool dhcpk_alloc_has_clean(const struct dhcpk_alloc *a)
{
	return a->numbers && tree_any(&a->clean);
}

/**
 * dhcpk_alloc_size - number of addresses in the map, without reserved ones
 * @a: the map
 */
u32 dhcpk_alloc_size(const struct dhcpk_alloc *a)
{
	return a->size;
}

/**
 * dhcpk_alloc_available - number of free addresses in the map
 * @a: the map
 */
u32 dhcpk_alloc_available(const struct dhcpk_alloc *a)
{
	return a->available;
}
