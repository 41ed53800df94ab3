/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPKD_STORE_BOOTS_H
#define DHCPKD_STORE_BOOTS_H

#include <stdint.h>

#include "dhcpkd/store/clock.h"
#include "dhcpkd/store/ops.h"
#include "lib/err.h"

/* boots_add - append an entry for the caller to fill in; NULL without memory */
struct clock_boot *boots_add(struct store *s, struct err *e);

/* boots_enter - load the stored boots, and append the running one */
int boots_enter(struct store *s, struct err *e);

/* boots_write - in a transaction: write the running boot and its current clocks */
int boots_write(struct store *s, struct err *e);

/* store_boot - boot @n; NULL if there is no such boot. The last one is running. */
const struct clock_boot *store_boot(const struct store *s, int64_t n);

#endif
