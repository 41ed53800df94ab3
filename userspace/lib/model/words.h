/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of options, pools, hosts and relays: the same in the file, in dhcpkctl and in the
 * model.
 */
#ifndef DHCPK_WORDS_H
#define DHCPK_WORDS_H

#include <stddef.h>

enum object_type { OPTION, POOL, HOST, RELAY, OBJECT_TYPES };
enum { KEYS_MAX = 32 };		/* of one kind */

struct key {
	const char	*name;
	int		list;	/* may be given several times */
	const char	*value;	/* syntax of the value, for help */
	int		bare;	/* dhcpkctl accepts it without a value, as "on" */
};

struct object_kind {
	const char		*name;		/* "pool" */
	const char		*a;		/* "a pool" */
	const char		*plural;	/* its key in the model */
	const struct key	*keys;		/* a NULL name ends the list */
};

/* In the order in which a file is read: later kinds may refer to earlier ones. */
extern const struct object_kind object_kinds[OBJECT_TYPES];

/* find_key - a word of a kind, or NULL */
const struct key *find_key(enum object_type type, const char *word);

/* keys_text - all words of a kind, separated by blanks; returns @buf */
char *keys_text(char *buf, size_t size, enum object_type type);

#endif
