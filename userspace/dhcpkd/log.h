/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPKD_LOG_H
#define DHCPKD_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <syslog.h>

/* say - write a line to standard error, with the priority in front if that is not a terminal */
void say(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* log_line - write a line unchanged, also from a signal handler; false if it is lost */
bool log_line(const char *line, size_t len);

#endif
