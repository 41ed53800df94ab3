/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIB_PORTS_H
#define LIB_PORTS_H

/*
 * ports_read - list interfaces on which no requests arrive
 *
 * These are ports of bridges (also of Open vSwitch), bonds and teams: the master receives their
 * frames; and VRFs: frames arrive on the interfaces in them. @found: called for each, with its name
 * and that of its master; NULL: it is a VRF
 *
 * Return: 0, or -1 if the kernel does not answer.
 */
int ports_read(void (*found)(const char *dev, const char *master, void *arg), void *arg);

#endif
