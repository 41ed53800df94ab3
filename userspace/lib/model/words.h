/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words that options, pools, hosts and relays have: the same in the file, at dhcpkctl and in the model. */
#ifndef DHCPK_WORDS_H
#define DHCPK_WORDS_H

#include <stddef.h>

enum object_type { OPTION, POOL, HOST, RELAY, OBJECT_TYPES };
enum { KEYS_MAX = 32 };		/* of one kind */

struct key {
	const char	*name;
	int		list;	/* may be given several times */
	const char	*value;	/* what follows it, for help */
	int		bare;	/* at dhcpkctl it may stand alone, and is "on" then */
};

struct object_kind {
	const char		*name;		/* "pool" */
	const char		*a;		/* "a pool" */
	const char		*plural;	/* its key in the model */
	const struct key	*keys;		/* a NULL name ends the list */
};

/* In the order in which a file is read: what comes first may be referred to by what comes later. */
extern const struct object_kind object_kinds[OBJECT_TYPES];

/* find_key - a word of a kind, or NULL */
const struct key *find_key(enum object_type type, const char *word);

/* keys_text - all words of a kind, blanks between them; returns @buf */
char *keys_text(char *buf, size_t size, enum object_type type);

#endif
