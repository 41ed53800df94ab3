/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stable storage says of bindings. This is all that the daemon knows of a store; ops.h is what
 * a kind of store has to do for it.
 *
 * A binding belongs to an address, whichever pool has it. Nets are given by an address and a prefix, 0 for all addresses.
 *
 * Changes are made in transactions: store_begin(), store_put(), store_del() and store_del_net(), store_sync(). When
 * store_sync() returns 0 they are on stable storage. When one of them fails, the transaction is over and nothing of it is
 * in the store: none of it may be told to anybody. The next store_begin() starts afresh, and works as soon as the disk
 * does. Only the end of the process or of the power while the disk refuses all writes may leave a transaction whole in
 * the store of which store_sync() never said so.
 *
 * All functions that return int: 0, or -1 and a text in @e that names the file, what was to be done with it, and the
 * reason. For one thread.
 */
#ifndef DHCPKD_STORE_H
#define DHCPKD_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dhcpkd/store/nets.h"
#include "lib/err.h"
#include "lib/kernel/binding.h"

struct store;

/* store_close - an open transaction is aborted; @s may be NULL */
void store_close(struct store *s);

/* store_id - DHCPK_STORE_ID_SIZE random bytes, made when the store was */
const uint8_t *store_id(const struct store *s);

/*
 * store_seq - up to which change of the kernel's the store has all that it was given; 0: that is not known
 * store_mark - with this transaction it is up to @seq; until another one says otherwise
 */
uint64_t store_seq(const struct store *s);
void store_mark(struct store *s, uint64_t seq);

int store_begin(struct store *s, struct err *e);
/* store_put - the binding of this address is now @b, whatever it was; binding_check() must have nothing against it */
int store_put(struct store *s, const struct binding *b, struct err *e);
/* store_del - forget the binding; there need not be one */
int store_del(struct store *s, uint32_t ip, struct err *e);
/* store_del_net - forget all bindings of a net */
int store_del_net(struct store *s, uint32_t subnet, uint8_t prefix, struct err *e);
int store_sync(struct store *s, struct err *e);
/* store_abort - drop what was put since store_begin(); without a transaction it does nothing */
void store_abort(struct store *s);

/*
 * store_tick - keep the pair of clocks: a transaction of its own, nothing inside of one
 * To be called every 10 s and when the wall clock was set. What needs no hurry is done here too. Fails as store_sync()
 * does.
 */
int store_tick(struct store *s, struct err *e);

/*
 * store_times_will_do - will the next boot take the times in the file for no earlier ones than this boot does?
 * Not while the file does not know of the running boot. How long the power was off this boot has from a clock that may be slow,
 * or dead, as it starts; the next one, whose clock is right, would find another time, and what was promised by this one's would
 * be over too early. So the boot is written first, and until that is done known clients wait for the store, too.
 */
bool store_times_will_do(const struct store *s);

/*
 * store_each - call @each for all bindings of a net, in the order of their addresses
 * A value of @each other than 0 ends it and is returned. @each must not use the store.
 */
int store_each(struct store *s, uint32_t subnet, uint8_t prefix, int (*each)(const struct binding *b, void *arg), void *arg,
	       struct err *e);
/* store_count - how many there are */
int store_count(struct store *s, uint32_t subnet, uint8_t prefix, uint64_t *n, struct err *e);

/*
 * A row that the kernel would refuse, whoever wrote it, is none that store_each() knows. It is kept for people to look
 * at, with the reason, and its address is nobody's until its horizon, as far as that can be read.
 */
struct store_rejected {
	uint32_t	ip;
	char		reason[200];
	int64_t		at;		/* seconds since 1970: when it was found */
};

/* store_rejected - call @each for those that are kept, the last one first; a value other than 0 ends it and is returned */
int store_rejected(struct store *s, int (*each)(const struct store_rejected *r, void *arg), void *arg, struct err *e);
/* store_rejected_count - how many are kept */
int store_rejected_count(struct store *s, uint64_t *n, struct err *e);
/* store_reject - the kernel has refused the binding of @ip for this reason; in a transaction */
int store_reject(struct store *s, uint32_t ip, const char *reason, struct err *e);

/* store_sweep - forget bindings that are over and in none of these nets: transactions of its own; @gone is how many were */
int store_sweep(struct store *s, const struct store_net *nets, size_t n, uint64_t *gone, struct err *e);

#endif
