// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>

#include "lib/utf8.h"

/*
 * Length of the character at @c; 0 if it is invalid: overlong, half a surrogate, or beyond U+10FFFF
 */
static size_t character(const unsigned char *c)
{
	size_t len = *c < 0x80 ? 1 : *c >= 0xc2 && *c < 0xe0 ? 2 : *c >= 0xe0 && *c < 0xf0 ? 3 :
		     *c >= 0xf0 && *c < 0xf5 ? 4 : 0;
	size_t i;

	for (i = 1; i < len; i++) {
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((*c == 0xe0 && c[1] < 0xa0) || (*c == 0xed && c[1] > 0x9f) ||
	    (*c == 0xf0 && c[1] < 0x90) || (*c == 0xf4 && c[1] > 0x8f))
		return 0;
	return len;
}

void replace_non_utf8(char *text)
{
	while (*text) {
		size_t len = character((const unsigned char *)text);

		if (!len)
			*text = '?';
		text += len ? len : 1;
	}
}

int is_utf8(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;

	while (*c) {
		size_t len = character(c);

		if (!len)
			return 0;
		c += len;
	}
	return 1;
}
