/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Points where a test kills the daemon, like a crash, or stops it: built with FAILPOINTS=1 only. */
#ifndef DHCPKD_FAILPOINT_H
#define DHCPKD_FAILPOINT_H

#ifdef FAILPOINTS
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * DHCPKD_FAILPOINT=NAME[:N] in the environment kills the daemon when it reaches NAME for the Nth
 * time (the first). With DHCPKD_STOPPOINT=NAME it waits there for SIGCONT.
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
