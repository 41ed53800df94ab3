/* SPDX-License-Identifier: GPL-2.0-only */
/* Places where a test ends the machine, as a power cut would: built with DHCPK_FAILPOINTS=y only. */
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
