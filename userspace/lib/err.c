// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>

#include "lib/err.h"
#include "lib/utf8.h"

static void fill(struct err *e, const char *word, bool not_now, const char *format, va_list args)
{
	vsnprintf(e->text, sizeof(e->text), format, args);
	snprintf(e->word, sizeof(e->word), "%s", word);
	e->not_now = not_now;
}

int err_set(struct err *e, const char *word, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fill(e, word ? word : "", false, format, args);
	va_end(args);
	return -1;
}

int err_not_now(struct err *e, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fill(e, "", true, format, args);
	va_end(args);
	return -1;
}

char *err_line(char buf[ERR_LINE_SIZE], const struct err *e)
{
	snprintf(buf, ERR_LINE_SIZE, "%s%s%s", e->object, *e->object ? ": " : "", e->text);
	replace_non_utf8(buf);
	return buf;
}
