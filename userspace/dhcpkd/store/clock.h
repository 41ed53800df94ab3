/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times that outlive a boot. A lease's times are CLOCK_BOOTTIME, which cannot be set, but starts
 * again at 0 with each boot. For each boot the store keeps the last anchor: a pair of readings of
 * both clocks. The wall clock is used for one thing only: how long the machine was off. That is
 * determined once, with the first readings of a new boot:
 *
 *	off = wall clock now - the wall time of the last anchor
 *
 * and never less than 0. A boot is new if its boot_id is. In a container the boot_id may change
 * without a boot: the uptime of the new boot says nothing about the time off. So:
 * - A clock that is set while running moves no lease, neither of this boot nor of an earlier one.
 * - A clock that was set back, or is dead (1970), makes off too small. Leases then end late, by no
 *   more than the time between the last anchor and the first readings of the new boot; never early.
 * - If the clock was set during a boot, the latest time that it has ever said counts for the last
 *   anchor, since the clock may be corrected before the next boot.
 * - If a boot's clock was dead to its end, and the clock of the next boot is not, the time that it
 *   was set by is unknown: off is taken as 0.
 *
 * Not detectable: a clock that jumps forward while the power is off looks like a long time without
 * power, and leases end early. For the time between the last anchor and the loss of power there is
 * only the wall clock.
 */
#ifndef DHCPKD_CLOCK_H
#define DHCPKD_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"

#define CLOCK_NEVER	UINT64_MAX
#define BOOT_ID_SIZE	37	/* a UUID as text, with the NUL */

/* Readings of one moment. */
struct clock_now {
	uint64_t	boot_ns;		/* CLOCK_BOOTTIME */
	int64_t		wall_ns;		/* CLOCK_REALTIME */
	char		boot_id[BOOT_ID_SIZE];	/* the kernel's random/boot_id */
};

/* The stored data of a boot. */
struct clock_boot {
	int64_t		n;			/* its number, increasing */
	char		boot_id[BOOT_ID_SIZE];
	uint64_t	boot_ns;		/* the last anchor */
	int64_t		wall_ns;
	int64_t		ahead_ns;		/* how far the clock was ahead, or 0 */
	int64_t		floor_ns;		/* earliest wall time of its beginning */
	int64_t		age_ns;			/* from its beginning to that of the running boot */
};

/* clock_read - read the machine's clocks; -1 if there is no boot_id */
int clock_read(struct clock_now *now, struct err *e);

/* clock_boot_ns - CLOCK_BOOTTIME now */
uint64_t clock_boot_ns(void);

/*
 * clock_same_boot - is @boot the running boot? False if a virtual machine was reset to an earlier
 * snapshot of its memory.
 */
bool clock_same_boot(const struct clock_boot *boot, const struct clock_now *now);

/* clock_start - set up the boot after @last (may be NULL); its first readings are its anchor */
void clock_start(struct clock_boot *boot, const struct clock_boot *last,
		 const struct clock_now *now);

/* clock_anchor - move the anchor of the running boot to @now */
void clock_anchor(struct clock_boot *boot, const struct clock_now *now);

/*
 * clock_gap - time from the beginning of @last, the previous boot, to that of the boot whose first
 * readings are @now
 */
int64_t clock_gap(const struct clock_boot *last, const struct clock_now *now);

/* clock_later - @t + @ns, saturated */
int64_t clock_later(int64_t t, int64_t ns);

/* clock_convert - convert a time of @boot to the running boot: 0 is long past, CLOCK_NEVER stays */
uint64_t clock_convert(const struct clock_boot *boot, uint64_t t);

#endif
