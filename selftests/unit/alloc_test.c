// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/lease/alloc.c in userspace: against a model that is too simple to be wrong, and what a pick costs. */
#include <linux/bitmap.h>
#include <linux/slab.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lease/alloc.h"
#include "kselftest_harness.h"

unsigned long searched_words;

enum { NET = 0x0a000000, MODEL = 5000 };

/* What is known of each address from NET on */
struct model {
	bool covered[MODEL], reserved[MODEL], taken[MODEL], remembered[MODEL];
};

FIXTURE(map) {
	struct model model;
	struct dhcpk_alloc *a;
};

FIXTURE_SETUP(map)
{
	/* Ranges that begin and end within words, one of a single address, and one that fills levels */
	static const struct dhcpk_range ranges[] = {
		{ NET + 3, NET + 3 }, { NET + 10, NET + 73 }, { NET + 100, NET + 4300 }, { NET + 4999, NET + 4999 },
	};
	unsigned int i;
	u32 n;

	memset(&self->model, 0, sizeof(self->model));
	for (i = 0; i < 4; i++) {
		for (n = ranges[i].first; n <= ranges[i].last; n++)
			self->model.covered[n - NET] = true;
	}
	self->a = dhcpk_alloc_new(ranges, 4);
}

FIXTURE_TEARDOWN(map)
{
	dhcpk_alloc_free(self->a);
}

static bool usable(const struct model *m, u32 i)
{
	return m->covered[i] && !m->reserved[i];
}

static bool free_in(const struct model *m, u32 i)
{
	return usable(m, i) && !m->taken[i];
}

/* Addresses that a pick may take: clean ones while there are any */
static u32 choices(const struct model *m, bool *clean)
{
	u32 i, n_free = 0, n_clean = 0;

	for (i = 0; i < MODEL; i++) {
		n_free += free_in(m, i);
		n_clean += free_in(m, i) && !m->remembered[i];
	}
	*clean = n_clean;
	return n_clean ? n_clean : n_free;
}

static void change(struct _test_data_map *self, u32 i)
{
	struct model *m = &self->model;

	switch (random() % 5) {
	case 0:
	case 1:
		dhcpk_alloc_take(self->a, NET + i);
		m->taken[i] = true;
		break;
	case 2:
		dhcpk_alloc_release(self->a, NET + i, true);
		m->remembered[i] |= m->taken[i];
		m->taken[i] = false;
		break;
	case 3:
		dhcpk_alloc_release(self->a, NET + i, false);
		m->taken[i] = false;
		m->remembered[i] = false;
		break;
	default:
		if (random() % 20)
			break;
		dhcpk_alloc_reserve(self->a, NET + i);
		m->reserved[i] |= m->covered[i];
	}
}

TEST_F(map, C01_any_order_of_changes)
{
	struct model *m = &self->model;
	u32 i, addr, round, n_choices;
	bool clean, got;

	srandom(1);
	for (round = 0; round < 20000; round++) {
		i = random() % MODEL;
		if (usable(m, i))
			change(self, i);
		EXPECT_EQ(usable(m, i), dhcpk_alloc_contains(self->a, NET + i));
		if (round % 16)
			continue;
		n_choices = choices(m, &clean);
		got = dhcpk_alloc_pick(self->a, (u64)random() << 1, &addr);
		ASSERT_EQ(n_choices > 0, got);
		if (!got)
			continue;
		ASSERT_TRUE(free_in(m, addr - NET));
		ASSERT_EQ(clean, !m->remembered[addr - NET]);
	}
}

TEST_F(map, C13_exhausted_and_one_back)
{
	u32 i, addr;

	for (i = 0; i < MODEL; i++)
		dhcpk_alloc_take(self->a, NET + i);
	EXPECT_EQ(0, dhcpk_alloc_available(self->a));
	EXPECT_FALSE(dhcpk_alloc_pick(self->a, 0, &addr));
	dhcpk_alloc_release(self->a, NET + 4999, true);
	EXPECT_TRUE(dhcpk_alloc_pick(self->a, 0, &addr));
	EXPECT_EQ(NET + 4999, addr);
	EXPECT_EQ(1, dhcpk_alloc_available(self->a));
}

/* Reservations that come and go while others live there */
TEST_F(map, reservations_that_differ)
{
	static const struct dhcpk_range ranges[] = {
		{ NET + 3, NET + 3 }, { NET + 10, NET + 73 }, { NET + 100, NET + 4300 }, { NET + 4999, NET + 4999 },
	};
	struct dhcpk_alloc *b = dhcpk_alloc_new(ranges, 4), *c = dhcpk_alloc_new(ranges, 3);
	u32 size = dhcpk_alloc_size(b), n = 0, addr;

	EXPECT_TRUE(dhcpk_alloc_same_ranges(self->a, b));
	EXPECT_FALSE(dhcpk_alloc_same_ranges(self->a, c));
	EXPECT_FALSE(dhcpk_alloc_next_difference(self->a, b, &n, &addr));
	dhcpk_alloc_reserve(self->a, NET + 3);
	dhcpk_alloc_reserve(b, NET + 4999);
	n = 0;
	EXPECT_TRUE(dhcpk_alloc_next_difference(self->a, b, &n, &addr));
	EXPECT_EQ(NET + 3, addr);
	EXPECT_TRUE(dhcpk_alloc_next_difference(self->a, b, &n, &addr));
	EXPECT_EQ(NET + 4999, addr);
	EXPECT_FALSE(dhcpk_alloc_next_difference(self->a, b, &n, &addr));
	dhcpk_alloc_unreserve(self->a, NET + 3);
	EXPECT_EQ(size, dhcpk_alloc_size(self->a));
	EXPECT_EQ(size, dhcpk_alloc_available(self->a));
	dhcpk_alloc_free(b);
	dhcpk_alloc_free(c);
}

static u64 nanoseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

/* Returns the words that the dearest of many picks looked into. */
static unsigned long dearest_pick(const struct dhcpk_alloc *a, const char *when)
{
	unsigned long dearest = 0, i;
	u64 start = nanoseconds();
	u32 addr;

	for (i = 0; i < 10000; i++) {
		searched_words = 0;
		if (!dhcpk_alloc_pick(a, (u64)random() << 1, &addr))
			return -1;
		if (searched_words > dearest)
			dearest = searched_words;
	}
	printf("# 2^24 addresses, %s: %lu words at most, %llu ns a pick\n", when, dearest,
	       (unsigned long long)(nanoseconds() - start) / i);
	fflush(stdout);
	return dearest;
}

static void take_all(struct dhcpk_alloc *a, u32 from, u32 to)
{
	for (; from < to; from++)
		dhcpk_alloc_take(a, NET + from);
}

/* A pick is O(1): two climbs of four levels at the very most, however many addresses there are and are left. */
TEST(C01_a_pick_costs_the_same_in_any_pool)
{
	static const struct dhcpk_range all = { NET, NET + (1 << 24) - 1 };
	struct dhcpk_alloc *a = dhcpk_alloc_new(&all, 1);
	const unsigned long at_most = 2 * 4;

	ASSERT_NE(NULL, a);
	EXPECT_LE(dearest_pick(a, "all free"), at_most);
	take_all(a, 0, 1 << 23);
	EXPECT_LE(dearest_pick(a, "50 % taken"), at_most);
	take_all(a, 1 << 23, (1 << 24) - (1 << 14));
	EXPECT_LE(dearest_pick(a, "99.9 % taken"), at_most);
	take_all(a, (1 << 24) - (1 << 14), (1 << 24) - 1);
	EXPECT_LE(dearest_pick(a, "all but one taken"), at_most);
	dhcpk_alloc_free(a);
}

TEST_HARNESS_MAIN
