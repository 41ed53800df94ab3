/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Places where a test ends the daemon, as a crash would, or stops it for a while: built with FAILPOINTS=1 only. */
#ifndef DHCPKD_FAILPOINT_H
#define DHCPKD_FAILPOINT_H

#ifdef FAILPOINTS
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * DHCPKD_FAILPOINT=NAME[:N] in the environment: the Nth time (the first) that the daemon comes to NAME is its end. With
 * DHCPKD_STOPPOINT=NAME it waits there for SIGCONT.
 */
static inline void failpoint(const char *name)
{
	const char *wanted = getenv("DHCPKD_FAILPOINT"), *stop = getenv("DHCPKD_STOPPOINT");
	static unsigned int passed;
	size_t len = strlen(name);

	if (stop && !strcmp(stop, name))
		raise(SIGSTOP);
	if (!wanted || strncmp(wanted, name, len) || (wanted[len] && wanted[len] != ':'))
		return;
	if (++passed >= (wanted[len] ? strtoul(wanted + len + 1, NULL, 10) : 1))
		kill(getpid(), SIGKILL);
}
#else
static inline void failpoint(const char *name)
{
}
#endif

#endif
