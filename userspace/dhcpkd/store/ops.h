/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Operations of a kind of store. store.c has the common part, and calls these. sqlite.h has those
 * for SQLite.
 *
 * Functions that return int: 0, or -1 and a text in @e, as in store.h.
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
#include "lib/kernel/stored_lease.h"

struct store;
struct store_rejected;

struct store_ops {
	/* close - close the files and free @s; no transaction is open */
	void	(*close)(struct store *s);

	/* begin - begin a transaction; the next seven are called in one */
	int	(*begin)(struct store *s, struct err *e);
	int	(*put)(struct store *s, const struct stored_lease *l, struct err *e);
	int	(*del_net)(struct store *s, uint32_t subnet, uint8_t prefix, struct err *e);
	int	(*reject)(struct store *s, uint32_t ip, const char *reason, struct err *e);
	/* check - may it be committed? If not, the transaction is over: -1 */
	int	(*check)(struct store *s, struct err *e);
	int	(*commit)(struct store *s, struct err *e);
	/* fault - a write has failed: undo what it may have left; returns -1 */
	int	(*fault)(struct store *s);
	void	(*rollback)(struct store *s);

	/* committed - after a commit: will the next reader find all of it? */
	int	(*committed)(struct store *s, struct err *e);
	/* idle - do work that would delay a transaction */
	void	(*idle)(struct store *s);

	int (*each)(struct store *s, uint32_t subnet, uint8_t prefix,
		    int (*each)(const struct stored_lease *l, void *arg), void *arg, struct err *e);
	int	(*count)(struct store *s, uint32_t subnet, uint8_t prefix, uint64_t *n,
			 struct err *e);
	int	(*rejected)(struct store *s, int (*each)(const struct store_rejected *r, void *arg),
			    void *arg, struct err *e);
	int	(*rejected_count)(struct store *s, uint64_t *n, struct err *e);

	/* load_boots - boots_add() for each stored boot, by number; sets seq */
	int	(*load_boots)(struct store *s, struct err *e);
	/* last_boot - the highest boot number of a lease, 0 for none */
	int	(*last_boot)(struct store *s, int64_t *n, struct err *e);
	/* put_boot - in a transaction: write @b, and @seq with it */
	int	(*put_boot)(struct store *s, const struct clock_boot *b, uint64_t seq,
			    struct err *e);
	/* forget_boots - in a transaction: delete boots without leases */
	int	(*forget_boots)(struct store *s, struct err *e);
};

/* The common part: embedded in the struct of each kind of store */
struct store {
	const struct store_ops	*ops;
	char			name[PATH_MAX];	/* for error texts */
	uint8_t			id[DHCPK_STORE_ID_SIZE];
	bool			in_tx;

	/* times */
	int			(*now)(struct clock_now *now, struct err *e);
	struct clock_boot	*boots;		/* by number; the last one is running */
	size_t			n_boots;
	bool			registered;	/* the running boot and all ages are stored */
	uint64_t		seq;		/* stored change number, with the running boot */
	uint64_t		next_seq;	/* the value after the transaction */
};

#endif
