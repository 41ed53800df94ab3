/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of the daemon: a signal stops it, and it is gone within some seconds. */
#ifndef DHCPKD_STOP_H
#define DHCPKD_STOP_H

#include <stdbool.h>

enum { DHCPKD_STOP_S = 5 };	/* from SIGTERM to the end at most; its files are free by then */

/* stop_watch - SIGTERM and SIGINT end the daemon, whether its disk answers or not */
void stop_watch(void);

/* daemon_is_ending - has somebody stopped us? What takes long looks now and then, and leaves off. */
bool daemon_is_ending(void);

#endif
