/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stopping the daemon: a signal stops it, and it ends within some seconds. */
#ifndef DHCPKD_STOP_H
#define DHCPKD_STOP_H

#include <stdbool.h>

enum { DHCPKD_STOP_S = 5 };	/* from SIGTERM to the end at most; its files are closed by then */

/* stop_watch - let SIGTERM and SIGINT end the daemon, even if its disk does not answer */
void stop_watch(void);

/*
 * daemon_is_ending - has a signal stopped the daemon? Long tasks check this now and then, and stop.
 */
bool daemon_is_ending(void);

#endif
