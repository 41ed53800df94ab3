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
	char	why[160];	/* what is wrong with it, where "wants" alone does not say; may be empty */
	bool	no_memory;	/* nothing is */
	char	note[96];	/* what is sent otherwise than it was said; may be empty */
};

/* All return -1 if there is no room, or with @why set. */
int put_be(struct bytes *b, uint32_t value, size_t size);
int put_bytes(struct bytes *b, const void *data, size_t len);
int put_ips(struct bytes *b, const char *list);		/* addresses with commas or blanks between them; at least one */
int put_hosts(struct bytes *b, const char *list);	/* the same, each of which a host can have */
int because(struct bytes *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* be32_at - four bytes that have been put, as a number */
uint32_t be32_at(const struct bytes *b, size_t at);

/*
 * each_part - call @take for every part of @list between separators
 *
 * A part is cut out, with its blanks at both ends gone; a separator between double quotes is text. Empty parts are
 * skipped where a blank separates, and refused otherwise. -1 if @take says so, or if there is no part.
 */
int each_part(struct bytes *b, const char *list, const char *separators,
	      int (*take)(struct bytes *b, char *part, void *arg), void *arg);

/* next_word - cuts the first word off @text; "" at the end */
char *next_word(char **text);

#endif
