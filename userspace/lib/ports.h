/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIB_PORTS_H
#define LIB_PORTS_H

/*
 * ports_read - the interfaces by which nothing arrives: ports of bridges (of Open vSwitch, too), of bonds and of teams, whose
 * frames are the master's; and VRFs, whose frames arrive by the interfaces in them
 * @found: called for each, with its name and that of its master; NULL: it is a VRF
 *
 * 0, or -1: the kernel does not say.
 */
int ports_read(void (*found)(const char *dev, const char *master, void *arg), void *arg);

#endif
