/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPK_MODEL_TEXT_H
#define DHCPK_MODEL_TEXT_H

#include "lib/err.h"

/*
 * text_read - a configuration file, to be freed by the caller
 * Return: NULL with the reason if it cannot be read, or if it has what would silently drop a part of it: a NUL byte,
 * escaped or not, a comment, a quote or a brace that is not closed, a word that a section has twice; line and column are in
 * the text then.
 */
char *text_read(const char *file, struct err *e);

/*
 * text_section - where the name of the section "TYPE NAME { ... }" stands, in a text that text_read() has passed
 * Return: NULL if there is none; else @end is the section's closing brace.
 */
const char *text_section(const char *text, const char *type, const char *name, const char **end);

/* text_position - where @at is in @text; both count from 1 */
void text_position(const char *text, const char *at, int *line, int *column);

#endif
