/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPKD_KERNEL_PROGRAM_H
#define DHCPKD_KERNEL_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "dhcpkd/compile/compiled.h"
#include "lib/err.h"
#include "lib/kernel/info.h"

struct commit;

/*
 * program_compiled - program a compiled model and the store's leases: 0, or -errno
 *
 * -ENODEV: the module is not loaded; the model has no error.
 */
int program_compiled(struct commit *c, struct compiled *s, uint32_t *generation, struct err *e);

/* program_running - what the kernel runs now: 0, or as kernel_open() */
int program_running(struct kernel_info *info, struct err *e);

/* program_is_fault - is this an error of the model, which will occur again? */
bool program_is_fault(int err, const struct err *e);

#endif
