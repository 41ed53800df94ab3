// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which addresses of a pool are free: hierarchical bitmaps, so that a starved pool of 16 million addresses costs no more
 * than an empty one of ten.
 *
 * Addresses are numbered through all ranges. Each number has three bits: usable (not reserved for a host), free (nobody
 * lives there) and clean (nobody is remembered to have lived there). A level has a bit for each word of the level below.
 * The bit is set as long as any bit of the word is set. Guarded by the lock of the space it belongs to.
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
	u32 base;	/* the number of its first address */
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

/* All bits of @numbers set. */
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

/* The first set bit at or after @n: up until a word has one to the right, then down along the first ones. */
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

/* The same, round the end. */
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

/* Return: false if the address is in no range, or reserved. */
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
 * dhcpk_alloc_new - a map in which all addresses are free and clean
 * @ranges: what it covers; apart from each other, DHCPK_POOL_SIZE_MAX addresses at most
 * @n: how many ranges, may be 0
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
	if (!a->usable || tree_init(&a->free, a->numbers ?: 1) || tree_init(&a->clean, a->numbers ?: 1)) {
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
 * dhcpk_alloc_free - end a map
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
 * dhcpk_alloc_reserve - never pick this address
 * @a: the map
 * @addr: host order; in a range or not. From now on no other call knows it.
 *
 * Context: any, the space's lock held or the map not yet in use.
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
 * dhcpk_alloc_unreserve - the address may be picked again; it is free and clean
 * @a: the map
 * @addr: host order, in a range and reserved
 *
 * Context: any, the space's lock held or the map not yet in use.
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
 * dhcpk_alloc_same_ranges - do two maps cover the same addresses?
 * @a: a map
 * @b: another
 *
 * Context: any.
 */
bool dhcpk_alloc_same_ranges(const struct dhcpk_alloc *a, const struct dhcpk_alloc *b)
{
	return a->n_ranges == b->n_ranges && !memcmp(a->ranges, b->ranges, a->n_ranges * sizeof(a->ranges[0]));
}

/**
 * dhcpk_alloc_next_difference - the next address that is reserved in one of two maps only
 * @a: a map
 * @b: another of the same ranges
 * @n: where to go on; 0 at first
 * @addr: set to the address, host order
 *
 * Return: false if there is none left.
 * Context: any, the space's lock held.
 */
bool dhcpk_alloc_next_difference(const struct dhcpk_alloc *a, const struct dhcpk_alloc *b, u32 *n, u32 *addr)
{
	for (; *n < a->numbers; *n = round_down(*n, BITS_PER_LONG) + BITS_PER_LONG) {
		u32 word = *n / BITS_PER_LONG;
		unsigned long differ = (a->usable[word] ^ b->usable[word]) & (~0UL << *n % BITS_PER_LONG);

		if (!differ)
			continue;
		*n = word * BITS_PER_LONG + __ffs(differ);
		*addr = addr_of(a, (*n)++);
		return true;
	}
	return false;
}

/**
 * dhcpk_alloc_contains - may any client get this address?
 * @a: the map
 * @addr: host order
 *
 * Context: any, the space's lock held.
 */
bool dhcpk_alloc_contains(const struct dhcpk_alloc *a, u32 addr)
{
	u32 n;

	return number_of(a, addr, &n);
}

/**
 * dhcpk_alloc_take - somebody lives there now
 * @a: the map
 * @addr: host order; taken already or in no range: nothing happens
 *
 * Context: any, the space's lock held.
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
 * dhcpk_alloc_release - nobody lives there any more
 * @a: the map
 * @addr: host order; free already or in no range: nothing happens
 * @remembered: whoever did is remembered; the address is given to others only when no clean one is left
 *
 * Context: any, the space's lock held.
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
 * dhcpk_alloc_pick - an address for a new client
 * @a: the map
 * @hash: of the client, so that the same client gets the same address again even if it has been forgotten
 * @addr: set to the address, host order; it is not taken yet
 *
 * O(1) in addresses: a clean one near the client's place, else any free one.
 *
 * Return: false if the pool is exhausted.
 * Context: any, the space's lock held.
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
 * dhcpk_alloc_has_clean - does the map have a free address for which no client is remembered?
 * @a: the map
 *
 * Context: any, the space's lock held.
 */
bool dhcpk_alloc_has_clean(const struct dhcpk_alloc *a)
{
	return a->numbers && tree_any(&a->clean);
}

/**
 * dhcpk_alloc_size - how many addresses the map covers, reserved ones not counted
 * @a: the map
 */
u32 dhcpk_alloc_size(const struct dhcpk_alloc *a)
{
	return a->size;
}

/**
 * dhcpk_alloc_available - how many of them are free
 * @a: the map
 */
u32 dhcpk_alloc_available(const struct dhcpk_alloc *a)
{
	return a->available;
}
