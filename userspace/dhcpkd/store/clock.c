// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "dhcpkd/store/clock.h"

#define BOOT_ID_FILE	"/proc/sys/kernel/random/boot_id"
#define SLACK_NS	INT64_C(3600000000000)
/* The beginning of 2022, the year of Linux 6.1: a clock that is earlier is dead. */
#define OLDEST_NS	INT64_C(1640995200000000000)

/* Saturate: a clock with a nonsense value must not wrap to the opposite. */
int64_t clock_later(int64_t t, int64_t ns)
{
	int64_t sum;

	if (!__builtin_add_overflow(t, ns, &sum))
		return sum;
	return ns < 0 ? INT64_MIN : INT64_MAX;
}

static int64_t difference(int64_t a, int64_t b)
{
	int64_t d;

	if (!__builtin_sub_overflow(a, b, &d))
		return d;
	return b < 0 ? INT64_MAX : INT64_MIN;
}

static int64_t signed_ns(uint64_t ns)
{
	return ns > INT64_MAX ? INT64_MAX : ns;
}

static int64_t read_ns(clockid_t clock)
{
	struct timespec t;
	int64_t ns;

	clock_gettime(clock, &t);
	if (__builtin_mul_overflow((int64_t)t.tv_sec, INT64_C(1000000000), &ns))
		return t.tv_sec < 0 ? INT64_MIN : INT64_MAX;
	return clock_later(ns, t.tv_nsec);
}

int clock_read(struct clock_now *now, struct err *e)
{
	FILE *f = fopen(BOOT_ID_FILE, "re");
	int n = 0;

	if (f) {
		n = fscanf(f, "%36s", now->boot_id);
		fclose(f);
	}
	if (n != 1)
		return err_set(e, NULL, BOOT_ID_FILE ": cannot read: %s", strerror(errno));
	now->boot_ns = read_ns(CLOCK_BOOTTIME);
	now->wall_ns = read_ns(CLOCK_REALTIME);
	return 0;
}

uint64_t clock_boot_ns(void)
{
	return read_ns(CLOCK_BOOTTIME);
}

bool clock_same_boot(const struct clock_boot *boot, const struct clock_now *now)
{
	return !strcmp(boot->boot_id, now->boot_id) && now->boot_ns >= boot->boot_ns;
}

/* The wall time of @boot_ns, by the anchor and the latest that the clock has ever said. */
static int64_t latest_wall(const struct clock_boot *boot, uint64_t boot_ns)
{
	int64_t since = difference(signed_ns(boot_ns), signed_ns(boot->boot_ns));

	return clock_later(clock_later(boot->wall_ns, since), boot->ahead_ns);
}

void clock_anchor(struct clock_boot *boot, const struct clock_now *now)
{
	int64_t ahead = difference(latest_wall(boot, now->boot_ns), now->wall_ns);

	boot->ahead_ns = ahead > 0 ? ahead : 0;
	boot->boot_ns = now->boot_ns;
	boot->wall_ns = now->wall_ns;
}

/* How long the machine was off, by the wall clock. */
static int64_t off_since(const struct clock_boot *last, int64_t wall)
{
	int64_t latest = latest_wall(last, last->boot_ns);
	int64_t floor = last->floor_ns > OLDEST_NS ? last->floor_ns : OLDEST_NS;
	int64_t least = clock_later(floor, signed_ns(last->boot_ns));

	if (latest >= least)
		return difference(wall, latest);
	/* A clock that was corrected by up to SLACK_NS is not dead. */
	if (difference(least, latest) <= SLACK_NS)
		return difference(wall, least);
	return wall < least ? difference(wall, latest) : 0;
}

int64_t clock_gap(const struct clock_boot *last, const struct clock_now *now)
{
	int64_t off = off_since(last, now->wall_ns);

	return difference(clock_later(signed_ns(last->boot_ns), off > 0 ? off : 0),
			  signed_ns(now->boot_ns));
}

void clock_start(struct clock_boot *boot, const struct clock_boot *last,
		 const struct clock_now *now)
{
	int64_t began;

	*boot = (struct clock_boot){
		.n = 1, .boot_ns = now->boot_ns, .wall_ns = now->wall_ns, .floor_ns = INT64_MIN
	};
	memcpy(boot->boot_id, now->boot_id, sizeof(boot->boot_id));
	if (!last)
		return;
	boot->n = last->n + 1;
	began = difference(last->wall_ns, signed_ns(last->boot_ns));
	if (began < last->floor_ns)
		began = last->floor_ns;
	boot->floor_ns = clock_later(began, clock_gap(last, now));
}

uint64_t clock_convert(const struct clock_boot *boot, uint64_t t)
{
	int64_t converted;

	if (t == CLOCK_NEVER)
		return t;
	converted = difference(signed_ns(t), boot->age_ns);
	return converted > 0 ? converted : 0;
}
