/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Encoded options, as in a message. */
#ifndef DHCPK_OPTION_BLOCK_H
#define DHCPK_OPTION_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/dhcpk.h>

#include "lib/err.h"

/*
 * A sequence of options (code, length, value)*. An option longer than 255 bytes has several pieces,
 * RFC 3396.
 */
struct option_block {
	uint8_t	data[DHCPK_OPTIONS_MAX];
	size_t	len;
	bool	always[256];	/* by code: also sent to clients that do not request it */
	char	note[160];	/* the last value that was changed for sending; "" for none */
};

/* option_put - append a value, in as many pieces as needed; -1 if it does not fit */
int option_put(struct option_block *block, uint8_t code, const void *value, size_t len,
	       struct err *e);

/* option_find - the first piece of an option in @block, or NULL */
const uint8_t *option_find(const struct option_block *block, uint8_t code);

/*
 * option_span - length on the wire of the option at offset @at: all its pieces with their headers
 */
size_t option_span(const struct option_block *block, size_t at);

/*
 * option_append - append options of @from that @block does not have, and copy "always"; -1 if they
 * do not fit
 */
int option_append(struct option_block *block, const struct option_block *from, struct err *e);

#endif
