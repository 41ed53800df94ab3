/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPKD_KERNEL_PROGRAM_H
#define DHCPKD_KERNEL_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "dhcpkd/compile/specs.h"
#include "lib/err.h"
#include "lib/kernel/info.h"

struct commit;

/*
 * program_specs - the kernel serves what a model means, with the store's bindings: 0, or -errno
 * -ENODEV: there is no module, and the model is not at fault.
 */
int program_specs(struct commit *c, struct specs *s, uint32_t *generation, struct err *e);

/* program_running - what the kernel runs now: 0, or as kernel_open() */
int program_running(struct kernel_info *info, struct err *e);

/* program_is_fault - is that an error of what the model says, which it will be the next time, too? */
bool program_is_fault(int err, const struct err *e);

#endif
