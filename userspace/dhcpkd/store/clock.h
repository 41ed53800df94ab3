/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times that outlive a boot. A binding's times are CLOCK_BOOTTIME, which nobody can set, but which starts again at 0 with
 * each boot. The store keeps of each boot its last anchor, a pair of readings of both clocks; the wall clock is asked for
 * one thing only: how long the machine was off. That is decided once, with the first readings of a new boot:
 *
 *	off = wall clock now - the wall time of the last anchor
 *
 * and never less than 0. A boot counts as new by its boot_id, which a container may get without one: how long the new boot has lasted
 * says nothing. So
 * - a clock that was set while running moves no binding, neither of this boot nor of an earlier one;
 * - a clock that was set back, or a dead one (1970), makes off too small: bindings end late, by no more than the time
 *   between the last anchor and the first readings of the new boot, and never early;
 * - if the clock was set while a boot ran, its last anchor counts with the latest time that the clock has ever said then,
 *   since it may be set to rights again before the next boot;
 * - if a boot's clock was dead to its end, and the next one's is not, nobody knows how far it was set: off is as if 0.
 *
 * What cannot be told: a clock that jumps forward while the power is off looks like a long time without power, and bindings
 * end early. Of the time between the last anchor and the loss of power nothing is known but what the wall clock says.
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

/* What is kept of a boot. */
struct clock_boot {
	int64_t		n;			/* its number, rising */
	char		boot_id[BOOT_ID_SIZE];
	uint64_t	boot_ns;		/* the last anchor */
	int64_t		wall_ns;
	int64_t		ahead_ns;		/* how far the clock has been ahead of what the last anchor says, or 0 */
	int64_t		floor_ns;		/* its beginning was not before this wall time, by the boots before it */
	int64_t		age_ns;			/* how long its beginning lies before the running boot's */
};

/* clock_read - the machine's clocks now; -1 if there is no boot_id */
int clock_read(struct clock_now *now, struct err *e);

/* clock_boot_ns - CLOCK_BOOTTIME now */
uint64_t clock_boot_ns(void);

/* clock_same_boot - does @boot go on? Not in the memory of a virtual machine that was put back to an earlier moment. */
bool clock_same_boot(const struct clock_boot *boot, const struct clock_now *now);

/* clock_start - the boot after @last, which may be NULL, with its first readings as its anchor */
void clock_start(struct clock_boot *boot, const struct clock_boot *last, const struct clock_now *now);

/* clock_anchor - move the anchor of the running boot to @now */
void clock_anchor(struct clock_boot *boot, const struct clock_now *now);

/* clock_gap - how long the beginning of @last, the boot before, lies before that of a boot whose first readings are @now */
int64_t clock_gap(const struct clock_boot *last, const struct clock_now *now);

/* clock_later - @ns more, or as far as a number reaches */
int64_t clock_later(int64_t t, int64_t ns);

/* clock_convert - a time of @boot as one of the running boot: 0 is long past, CLOCK_NEVER stays */
uint64_t clock_convert(const struct clock_boot *boot, uint64_t t);

#endif
