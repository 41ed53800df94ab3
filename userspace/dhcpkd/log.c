// SPDX-License-Identifier: GPL-2.0-or-later
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dhcpkd/log.h"
#include "lib/utf8.h"

/*
 * If the reader has stopped, the line is lost: the daemon must not block with leases to be stored.
 */
bool log_line(const char *line, size_t len)
{
	struct pollfd err = { .fd = STDERR_FILENO, .events = POLLOUT };

	return poll(&err, 1, 0) == 1 && err.revents & POLLOUT &&
	       write(STDERR_FILENO, line, len) == (ssize_t)len;
}

/*
 * Write to standard error, with the priority in front for a service manager. poll() reports a pipe
 * writable only if PIPE_BUF bytes fit.
 */
void say(int priority, const char *format, ...)
{
	static unsigned int lost;
	char line[PIPE_BUF];
	va_list args;
	size_t len;

	len = isatty(STDERR_FILENO) ? 0 : snprintf(line, sizeof(line), "<%d>", priority);
	len += snprintf(line + len, sizeof(line) - len, "dhcpkd: ");
	if (lost)
		len += snprintf(line + len, sizeof(line) - len, "(after %u lines that are lost) ",
				lost);
	va_start(args, format);
	vsnprintf(line + len, sizeof(line) - len - 1, format, args);
	va_end(args);
	replace_non_utf8(line);
	strcat(line, "\n");
	lost = log_line(line, strlen(line)) ? 0 : lost + 1;
}
