// SPDX-License-Identifier: GPL-2.0-or-later
#include <ev.h>
#include <signal.h>
#include <unistd.h>

#include "dhcpkd/stop.h"
#include "dhcpkd/log.h"

static volatile sig_atomic_t ending;

bool daemon_is_ending(void)
{
	return ending;
}

/* A disk that does not answer must not delay the stop beyond DHCPKD_STOP_S seconds. */
static void give_up(int sig)
{
	static const char text[] = "<3>dhcpkd: the store does not answer; the kernel keeps what it "
				   "lacks for the next dhcpkd\n";

	log_line(text, sizeof(text) - 1);
	_exit(1);
}

static void limit_stop(int sig)
{
	ending = true;
	alarm(DHCPKD_STOP_S);
	ev_feed_signal(sig);
}

/* The event loop does not run during a sync: so the time counts from the signal itself. */
void stop_watch(void)
{
	struct sigaction stop = { .sa_handler = limit_stop, .sa_flags = SA_RESTART };

	signal(SIGALRM, give_up);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGINT, &stop, NULL);
}
