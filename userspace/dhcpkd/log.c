// SPDX-License-Identifier: GPL-2.0-or-later
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dhcpkd/log.h"
#include "lib/utf8.h"

/* Whoever should read it may have stopped: a line is lost then, rather than a binding not stored. */
bool log_line(const char *line, size_t len)
{
	struct pollfd err = { .fd = STDERR_FILENO, .events = POLLOUT };

	return poll(&err, 1, 0) == 1 && err.revents & POLLOUT &&
	       write(STDERR_FILENO, line, len) == (ssize_t)len;
}

/*
 * To standard error with the priority in front, as a service manager's log wants it. A pipe that can be written to has room
 * for as much as this.
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
		len += snprintf(line + len, sizeof(line) - len, "(after %u lines that are lost) ", lost);
	va_start(args, format);
	vsnprintf(line + len, sizeof(line) - len - 1, format, args);
	va_end(args);
	replace_non_utf8(line);
	strcat(line, "\n");
	lost = log_line(line, strlen(line)) ? 0 : lost + 1;
}
