/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Encoded options, as a message carries them. */
#ifndef DHCPK_OPTION_BLOCK_H
#define DHCPK_OPTION_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/dhcpk.h>

#include "lib/err.h"

/* A run of wire options (code, length, value)*. One longer than 255 bytes is several pieces, RFC 3396. */
struct option_block {
	uint8_t	data[DHCPK_OPTIONS_MAX];
	size_t	len;
	bool	always[256];	/* by code: sent to those who have not asked for it, too */
	char	note[160];	/* what is sent otherwise than it was said, the last such; "" for none */
};

/* option_put - put raw bytes, in as many pieces as they need; -1 if there is no room */
int option_put(struct option_block *block, uint8_t code, const void *value, size_t len, struct err *e);

/* option_find - the place of an option, its first piece, in @block, or NULL */
const uint8_t *option_find(const struct option_block *block, uint8_t code);

/* option_span - how many bytes the option at offset @at takes on the wire, all its pieces with their headers */
size_t option_span(const struct option_block *block, size_t at);

/* option_append - those options of @from whose code @block has not, and which are sent always; -1 if there is no room */
int option_append(struct option_block *block, const struct option_block *from, struct err *e);

#endif
