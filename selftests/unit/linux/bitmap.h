/* SPDX-License-Identifier: GPL-2.0-only */
/* Bitmaps of longs. Words that are looked into are counted, so that a test can tell what a search costs. */
#ifndef SHIM_LINUX_BITMAP_H
#define SHIM_LINUX_BITMAP_H

#include <limits.h>
#include <linux/types.h>

#define BITS_PER_LONG		(CHAR_BIT * (int)sizeof(long))
#define BITS_TO_LONGS(bits)	(((bits) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define round_down(n, to)	((n) - (n) % (to))

extern unsigned long searched_words;

static inline unsigned long __ffs(unsigned long word)
{
	searched_words++;
	return __builtin_ctzl(word);
}

static inline bool test_bit(unsigned long n, const unsigned long *map)
{
	return map[n / BITS_PER_LONG] >> n % BITS_PER_LONG & 1;
}

static inline void __set_bit(unsigned long n, unsigned long *map)
{
	map[n / BITS_PER_LONG] |= 1UL << n % BITS_PER_LONG;
}

static inline void __clear_bit(unsigned long n, unsigned long *map)
{
	map[n / BITS_PER_LONG] &= ~(1UL << n % BITS_PER_LONG);
}

static inline void bitmap_set(unsigned long *map, unsigned int start, unsigned int n)
{
	while (n--)
		__set_bit(start++, map);
}

#endif
