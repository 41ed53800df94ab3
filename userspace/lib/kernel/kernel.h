/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module, by generic netlink: see include/uapi/linux/dhcpk.h for the meaning of each call. */
#ifndef DHCPK_KERNEL_H
#define DHCPK_KERNEL_H

#include <stdbool.h>

#include "lib/err.h"

struct kernel;		/* a netlink socket */

/*
 * All calls of this folder return 0, or a negative errno with a text in @e (the kernel's own text
 * if it sent one). -ENODEV: the module is not loaded, or was unloaded just now; -EPERM:
 * CAP_NET_ADMIN is missing; -EIO: netlink itself failed. An error without a text from the kernel is
 * not_now.
 */
int kernel_open(struct kernel **k, struct err *e);
void kernel_close(struct kernel *k);
int kernel_fd(const struct kernel *k);


/* kernel_has_dirty - has DHCPK_CMD_EVENT_DIRTY arrived between answers? The call clears that. */
bool kernel_has_dirty(struct kernel *k);

#endif
