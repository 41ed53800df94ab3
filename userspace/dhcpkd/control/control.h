/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPKD_CONTROL_H
#define DHCPKD_CONTROL_H

#include "dhcpkd/daemon.h"
#include "lib/err.h"

/*
 * control_start - listen on the daemon's socket; -1 with the reason
 * control_stop - close and remove it
 */
int control_start(struct daemon *d, struct err *e);
void control_stop(struct daemon *d);

#endif
