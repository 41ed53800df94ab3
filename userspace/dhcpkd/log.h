/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPKD_LOG_H
#define DHCPKD_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <syslog.h>

/* say - a line to standard error, with the priority in front where a service manager reads it */
void say(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* log_line - a line as it is, from a signal's handler, too; false if it is lost */
bool log_line(const char *line, size_t len);

#endif
