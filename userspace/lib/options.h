/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registry of DHCP options: names, codes, and how their values are written and encoded (RFC 2132 and later). */
#ifndef DHCPK_OPTIONS_H
#define DHCPK_OPTIONS_H

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

struct option_type;	/* how a value is written: option_types.h */

struct option_def {
	uint8_t				code;
	const char			*name;
	const struct option_type	*type;
	const char			*alias;		/* another name that people know, or NULL */
	uint32_t			min, max;	/* of a number; 0: the type's own */
};

/* Definitions of the user's own, besides the registry. */
struct option_defs {
	struct option_def	def[256];
	size_t			n;
};

/*
 * option_add - encode "CODE VALUE" or "NAME VALUE" at the end of @block
 *
 * A registered option, or one of @own (may be NULL), takes the form that its type wants. Any other code takes hex bytes
 * (0x0102 or 01:02) or "text" in double quotes. A last word "always" has it sent unasked. Errors name the option and what
 * it wants: -1.
 */
int option_add(struct option_block *block, const char *text, const struct option_defs *own, struct err *e);

/* option_add_word - encode the value of a word that has a registered option to itself */
int option_add_word(struct option_block *block, uint8_t code, const char *word, const char *value, struct err *e);

/* option_put - put raw bytes, in as many pieces as they need; -1 if there is no room */
int option_put(struct option_block *block, uint8_t code, const void *value, size_t len, struct err *e);

/* option_find - the place of an option, its first piece, in @block, or NULL */
const uint8_t *option_find(const struct option_block *block, uint8_t code);

/* option_span - how many bytes the option at offset @at takes on the wire, all its pieces with their headers */
size_t option_span(const struct option_block *block, size_t at);

/* option_append - those options of @from whose code @block has not, and which are sent always; -1 if there is no room */
int option_append(struct option_block *block, const struct option_block *from, struct err *e);

/* option_define - one more definition; @name stays the caller's. -1 if the name or code is taken, or the type unknown */
int option_define(struct option_defs *own, const char *name, const char *code, const char *type, struct err *e);

/* option_lists_hosts - are its values addresses of hosts that clients write to? */
bool option_lists_hosts(uint8_t code, const struct option_defs *own);

/* option_name - what the registry calls a code, or NULL */
const char *option_name(uint8_t code);

/* option_each - the registry, by code */
void option_each(void (*each)(const struct option_def *def, void *arg), void *arg);

/* option_wants - what a value must look like, for people; returns @buf */
char *option_wants(char *buf, size_t size, const struct option_def *def);
const char *option_type_name(const struct option_def *def);

/* option_types_text - the types that a definition may have, blanks between them; returns @buf */
char *option_types_text(char *buf, size_t size);

#endif
