/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPK_MODEL_TEXT_H
#define DHCPK_MODEL_TEXT_H

#include "lib/err.h"

/*
 * text_read - read a configuration file; the caller frees it
 *
 * Return: NULL with the reason if the file cannot be read, or if libconfuse would silently drop a
 * part of it: a NUL byte, escaped or not, an unclosed comment, quote or brace, or a word given
 * twice in a section; the text then has line and column.
 */
char *text_read(const char *file, struct err *e);

/*
 * text_section - position of the name in the section "TYPE NAME { ... }"; text_read() has checked
 * the text
 *
 * Return: NULL if there is none; else @end is the section's closing brace.
 */
const char *text_section(const char *text, const char *type, const char *name, const char **end);

/* text_position - line and column of @at in @text; both count from 1 */
void text_position(const char *text, const char *at, int *line, int *column);

#endif
