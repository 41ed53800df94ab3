/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Points at which a test stops the machine, as a power cut would. Only in a build with
 * DHCPK_FAILPOINTS=y.
 */
#ifndef DHCPK_FAILPOINT_H
#define DHCPK_FAILPOINT_H

#ifdef DHCPK_FAILPOINTS
void dhcpk_failpoint(const char *name);
#else
static inline void dhcpk_failpoint(const char *name)
{
}
#endif

#endif
