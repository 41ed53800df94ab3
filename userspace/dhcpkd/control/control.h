/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPKD_CONTROL_H
#define DHCPKD_CONTROL_H

#include "dhcpkd/daemon.h"
#include "lib/err.h"

/*
 * control_start - the daemon listens at its socket; -1 with the reason; control_stop - its socket
 * is gone
 */
int control_start(struct daemon *d, struct err *e);
void control_stop(struct daemon *d);

#endif
