/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registry of DHCP options: names, codes, and how their values are written and encoded (RFC 2132 and later). */
#ifndef DHCPK_OPTIONS_H
#define DHCPK_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/* A run of wire options (code, length, value)*. */
struct option_block {
	uint8_t	data[1024];
	size_t	len;
};

/*
 * option_add - encode "CODE VALUE" or "NAME VALUE" at the end of @block
 *
 * A registered option takes the form that its type wants; a list's parts stand between commas. Any other code takes hex
 * bytes (0x0102 or 01:02) or "text" in double quotes. Errors name the option and what it wants: -1.
 */
int option_add(struct option_block *block, const char *text, struct err *e);

/* option_put - put raw bytes; -1 if there is no room or they are more than 255 */
int option_put(struct option_block *block, uint8_t code, const void *value, size_t len, struct err *e);

/* option_find - the place of an option in @block, or NULL */
const uint8_t *option_find(const struct option_block *block, uint8_t code);

/* option_name - a code's name, or NULL */
const char *option_name(uint8_t code);

#endif
