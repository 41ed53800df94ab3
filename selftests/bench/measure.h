/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What programs that measure share: a clock, and how a series is told. */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* ns, which are instructions under scripts/vm --icount */
static inline uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static inline int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Prints "median lowest highest" and sorts @took. */
static inline void print_series(uint64_t *took, size_t n)
{
	qsort(took, n, sizeof(*took), by_value);
	printf("%llu %llu %llu\n", (unsigned long long)took[n / 2], (unsigned long long)took[0],
	       (unsigned long long)took[n - 1]);
}

#endif
