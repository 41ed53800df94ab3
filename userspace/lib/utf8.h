/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that people and JSON parsers can read: UTF-8, RFC 3629. */
#ifndef DHCPK_UTF8_H
#define DHCPK_UTF8_H

int is_utf8(const char *text);

/* replace_non_utf8 - replace each byte that belongs to no valid character with a question mark */
void replace_non_utf8(char *text);

#endif
