// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the store of bindings takes: storebench DIRECTORY [ROWS [ROWS-A-TRANSACTION]]. The directory is made, filled and
 * emptied again. Seconds by the clock on the wall and of the processor, which tell a busy machine from a slow store.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "dhcpkd/store/open.h"

static struct err e;

static double seconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void check(int err)
{
	if (!err)
		return;
	fprintf(stderr, "%s\n", e.text);
	exit(1);
}

static void fill(struct stored_lease *b, uint32_t n)
{
	*b = (struct stored_lease){
		.ip = 0x0a000000 + n, .state = DHCPK_LEASE_BOUND, .htype = 1, .chaddr = { 2 }, .chaddr_len = 6,
		.id_kind = 61, .id = { 1, 2 }, .id_len = 7, .server_id = 0x0100000a, .hostname = "host-name-1",
		.hostname_len = 11, .agent = "\1\10eth0/1.2\2\6abcdef", .agent_len = 18, .starts = n, .expires = n + 1,
		.horizon = n + 2,
	};
	memcpy(b->chaddr + 2, &n, sizeof(n));
	memcpy(b->id + 3, &n, sizeof(n));
}

static int compare(const void *a, const void *b)
{
	return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

/* Row @i of @rows at place @i times @step: 1 in the order of addresses, a number prime to all that is likely at random. */
static void put(struct store *s, const char *what, uint32_t rows, uint32_t per, uint64_t step)
{
	double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID), begin, *took;
	uint32_t i = 0, n = 0;
	struct stored_lease b;

	took = calloc(rows / per + 1, sizeof(*took));
	while (i < rows) {
		begin = seconds(CLOCK_MONOTONIC);
		check(store_begin(s, &e));
		do {
			fill(&b, i * step % rows);
			check(store_put(s, &b, &e));
		} while (++i % per && i < rows);
		check(store_sync(s, &e));
		took[n++] = seconds(CLOCK_MONOTONIC) - begin;
	}
	wall = seconds(CLOCK_MONOTONIC) - wall;
	cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	qsort(took, n, sizeof(*took), compare);
	printf("%-9s %8.2f s %8.2f s cpu %9.0f rows/s   a transaction of %u: median %.2f, 99 %% %.2f, longest %.2f ms\n", what, wall,
	       cpu, rows / wall, per, took[n / 2] * 1e3, took[n * 99 / 100] * 1e3, took[n - 1] * 1e3);
	free(took);
}

static int count_row(const struct stored_lease *b, void *arg)
{
	++*(uint32_t *)arg;
	return 0;
}

static void timed(const char *what, double wall, double cpu)
{
	printf("%-9s %8.2f s %8.2f s cpu\n", what, seconds(CLOCK_MONOTONIC) - wall, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
}

static void size_of(const char *dir, const char *name)
{
	char path[4096];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (!stat(path, &st))
		printf("%-13s %8.1f MB\n", name, st.st_size / 1e6);
}

int main(int argc, char **argv)
{
	uint32_t rows = argc > 2 ? atoi(argv[2]) : 1000000, per = argc > 3 ? atoi(argv[3]) : 1000, found = 0;
	char path[4096];
	struct store *s;
	double wall, cpu;

	if (argc < 2 || !rows || !per || mkdir(argv[1], 0700)) {
		fprintf(stderr, "usage: storebench DIRECTORY [ROWS [ROWS-A-TRANSACTION]], a directory that is not there\n");
		return 2;
	}
	check(store_open(&s, argv[1], &e));
	put(s, "in order", rows, per, 1);
	put(s, "at random", rows, per, 611953);
	size_of(argv[1], "leases.db-wal");
	store_close(s);
	size_of(argv[1], "leases.db");
	wall = seconds(CLOCK_MONOTONIC);
	cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
	check(store_open(&s, argv[1], &e));
	timed("open", wall, cpu);
	check(store_each(s, 0, 0, count_row, &found, &e));
	timed("and read", wall, cpu);
	store_close(s);
	snprintf(path, sizeof(path), "%s/leases.db", argv[1]);
	unlink(path);
	rmdir(argv[1]);
	return found != rows;
}
