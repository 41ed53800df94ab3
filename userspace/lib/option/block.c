// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "lib/option/block.h"

const uint8_t *option_find(const struct option_block *block, uint8_t code)
{
	size_t at;

	for (at = 0; at < block->len; at += 2 + block->data[at + 1]) {
		if (block->data[at] == code)
			return &block->data[at];
	}
	return NULL;
}

size_t option_span(const struct option_block *block, size_t at)
{
	size_t start = at;
	uint8_t code = block->data[at];

	while (at < block->len && block->data[at] == code)
		at += 2 + block->data[at + 1];
	return at - start;
}

static int no_room(struct err *e)
{
	return err_set(e, NULL, "the options are more than %d bytes together", DHCPK_OPTIONS_MAX);
}

int option_append(struct option_block *block, const struct option_block *from, struct err *e)
{
	struct option_block result = *block;
	size_t at, span;

	for (at = 0; at < from->len; at += span) {
		span = option_span(from, at);
		if (option_find(block, from->data[at]))
			continue;
		if (span > sizeof(result.data) - result.len)
			return no_room(e);
		memcpy(result.data + result.len, from->data + at, span);
		result.len += span;
	}
	for (at = 0; at < sizeof(result.always); at++)
		result.always[at] |= from->always[at];
	*block = result;
	return 0;
}

int option_put(struct option_block *block, uint8_t code, const void *value, size_t len,
	       struct err *e)
{
	size_t pieces = len ? (len + 254) / 255 : 1;
	const uint8_t *from = value;

	if (len + 2 * pieces > sizeof(block->data) - block->len)
		return no_room(e);
	do {
		size_t n = len < 255 ? len : 255;

		block->data[block->len++] = code;
		block->data[block->len++] = n;
		memcpy(block->data + block->len, from, n);
		block->len += n;
		from += n;
		len -= n;
	} while (len);
	return 0;
}
