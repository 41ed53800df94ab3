/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module, by generic netlink: include/uapi/linux/dhcpk.h says what each call means. */
#ifndef DHCPK_KERNEL_H
#define DHCPK_KERNEL_H

#include <stdbool.h>

#include "lib/err.h"

struct kernel;		/* a netlink socket */

/*
 * All calls of this folder: 0, or a negative errno and a text in @e (the kernel's own where it gave one).
 * -ENODEV: the module is not loaded, or has just gone; -EPERM: CAP_NET_ADMIN is missing; -EIO: netlink
 * itself fails. Of what the kernel gives no text for nothing is at fault (not_now).
 */
int kernel_open(struct kernel **k, struct err *e);
void kernel_close(struct kernel *k);
int kernel_fd(const struct kernel *k);


/* kernel_has_dirty - has the kernel rung the dirty while another answer was awaited? To ask clears it. */
bool kernel_has_dirty(struct kernel *k);

#endif
