/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The value of an option while a type turns text into its bytes. Internal to the registry. */
#ifndef DHCPK_OPTION_VALUE_H
#define DHCPK_OPTION_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/dhcpk.h>

struct bytes {
	uint8_t	data[DHCPK_OPTIONS_MAX];
	size_t	len;
	char	why[160];	/* the error, if "wants" alone does not explain it; may be empty */
	bool	no_memory;	/* out of memory: no word is at fault */
	char	note[96];	/* a change of the value for sending; may be empty */
};

/* All return -1 if the value does not fit, or with @why set. */
int put_be(struct bytes *b, uint32_t value, size_t size);
int put_bytes(struct bytes *b, const void *data, size_t len);
/* put_ips - append addresses separated by commas or blanks; at least one */
int put_ips(struct bytes *b, const char *list);
/* put_hosts - the same, with valid host addresses only */
int put_hosts(struct bytes *b, const char *list);
int because(struct bytes *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* be32_at - four bytes of the value, as a number */
uint32_t be32_at(const struct bytes *b, size_t at);

/*
 * each_part - call @take for every part of @list between separators
 *
 * A part is a copy without blanks at both ends; a separator in double quotes is text. Empty parts
 * are skipped if a blank separates them, and refused otherwise. -1 if @take returns it, or if there
 * is no part.
 */
int each_part(struct bytes *b, const char *list, const char *separators,
	      int (*take)(struct bytes *b, char *part, void *arg), void *arg);

/* next_word - cut the first word off @text; "" at the end */
char *next_word(char **text);

#endif
