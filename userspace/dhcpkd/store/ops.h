/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kind of store does. store.c has what all kinds do alike, and calls these: SQLite's are
 * behind sqlite.h.
 *
 * Those that return int: 0, or -1 and a text in @e, as store.h has it.
 */
#ifndef DHCPKD_STORE_OPS_H
#define DHCPKD_STORE_OPS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/dhcpk.h>

#include "dhcpkd/store/clock.h"
#include "lib/err.h"
#include "lib/kernel/binding.h"

struct store;
struct store_rejected;

struct store_ops {
	/* close - the files are closed and @s is freed; no transaction is open */
	void	(*close)(struct store *s);

	/* begin - a transaction; the next seven are called in one */
	int	(*begin)(struct store *s, struct err *e);
	int	(*put)(struct store *s, const struct binding *b, struct err *e);
	int	(*del_net)(struct store *s, uint32_t subnet, uint8_t prefix, struct err *e);
	int	(*reject)(struct store *s, uint32_t ip, const char *reason, struct err *e);
	/* check - may it be committed? If not, it is over: -1 */
	int	(*check)(struct store *s, struct err *e);
	int	(*commit)(struct store *s, struct err *e);
	/* fault - a write has failed: what it may have left is taken back; returns -1 */
	int	(*fault)(struct store *s);
	void	(*rollback)(struct store *s);

	/* committed - after a commit: does the next reader find all of it? */
	int	(*committed)(struct store *s, struct err *e);
	/* idle - there is time for what would hold up a transaction */
	void	(*idle)(struct store *s);

	int	(*each)(struct store *s, uint32_t subnet, uint8_t prefix,
			int (*each)(const struct binding *b, void *arg), void *arg, struct err *e);
	int	(*count)(struct store *s, uint32_t subnet, uint8_t prefix, uint64_t *n,
			 struct err *e);
	int	(*rejected)(struct store *s, int (*each)(const struct store_rejected *r, void *arg),
			    void *arg, struct err *e);
	int	(*rejected_count)(struct store *s, uint64_t *n, struct err *e);

	/* load_boots - boots_add() for each boot that is kept, by number; sets seq */
	int	(*load_boots)(struct store *s, struct err *e);
	/* last_boot - the highest number of a boot that a binding has, 0 for none */
	int	(*last_boot)(struct store *s, int64_t *n, struct err *e);
	/* put_boot - in a transaction: keep @b, and with it @seq */
	int	(*put_boot)(struct store *s, const struct clock_boot *b, uint64_t seq,
			    struct err *e);
	/* forget_boots - in a transaction: those of which no binding is left */
	int	(*forget_boots)(struct store *s, struct err *e);
};

/* What all kinds of stores know of themselves: a part of the larger struct of each kind */
struct store {
	const struct store_ops	*ops;
	char			name[PATH_MAX];	/* as errors call it */
	uint8_t			id[DHCPK_STORE_ID_SIZE];
	bool			in_tx;

	/* times */
	int			(*now)(struct clock_now *now, struct err *e);
	struct clock_boot	*boots;		/* by number; the last one is running */
	size_t			n_boots;
	bool			registered;	/* the running boot and all ages are stored */
	uint64_t		seq;		/* in the store, with the running boot */
	uint64_t		next_seq;	/* once the transaction is committed */
};

#endif
