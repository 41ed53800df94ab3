/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registry of DHCP options (RFC 2132 and later): names, codes, and forms of values. */
#ifndef DHCPK_OPTIONS_H
#define DHCPK_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/option/block.h"
#include "lib/option/type.h"

/* The user's own definitions, besides the registry. */
struct option_defs {
	struct option_def	def[256];
	size_t			n;
};

/*
 * option_add - encode "CODE VALUE" or "NAME VALUE" at the end of @block
 *
 * A registered option, or one of @own (may be NULL), takes a value of its type. Any other code
 * takes hex bytes (0x0102 or 01:02) or "text" in double quotes. After a last word "always" it is
 * sent even if not requested. Errors name the option and the expected form: -1.
 */
int option_add(struct option_block *block, const char *text, const struct option_defs *own,
	       struct err *e);

/* option_add_word - encode the value of a key that stands for a registered option */
int option_add_word(struct option_block *block, uint8_t code, const char *word, const char *value,
		    struct err *e);

/*
 * option_define - add a definition; the caller keeps @name. -1 if the name or code is taken, or the
 * type is unknown
 */
int option_define(struct option_defs *own, const char *name, const char *code, const char *type,
		  struct err *e);

/* option_lists_hosts - are its values addresses of hosts that clients contact? */
bool option_lists_hosts(uint8_t code, const struct option_defs *own);

/* option_name - the registered name of a code, or NULL */
const char *option_name(uint8_t code);

/* option_each - call @each for the registry, by code */
void option_each(void (*each)(const struct option_def *def, void *arg), void *arg);

/* option_wants - the expected form of a value, for people; returns @buf */
char *option_wants(char *buf, size_t size, const struct option_def *def);
const char *option_type_name(const struct option_def *def);

/* option_types_text - the types that a definition may have, separated by blanks; returns @buf */
char *option_types_text(char *buf, size_t size);

#endif
