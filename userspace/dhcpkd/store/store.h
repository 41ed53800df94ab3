/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Leases on stable storage. This is the daemon's whole interface to a store; ops.h is the interface
 * of a kind of store.
 *
 * A lease belongs to an address, in whichever pool. A net is an address and a prefix; prefix 0 is
 * all addresses.
 *
 * Changes are made in transactions: store_begin(), store_put(), store_del() and store_del_net(),
 * store_sync(). When store_sync() returns 0 they are on stable storage. If one of these fails, the
 * transaction is over and the store has nothing of it: do not report any of it to the kernel. The
 * next store_begin() starts afresh, and works as soon as the disk does. One exception: the process
 * ends, or the power fails, while the disk refuses all writes. Then the store may have a
 * transaction for which store_sync() did not return 0.
 *
 * All functions that return int: 0, or -1 and a text in @e that names the file, the operation, and
 * the reason. For one thread.
 */
#ifndef DHCPKD_STORE_H
#define DHCPKD_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dhcpkd/store/nets.h"
#include "lib/err.h"
#include "lib/kernel/stored_lease.h"

struct store;

/* store_close - abort an open transaction and close; @s may be NULL */
void store_close(struct store *s);

/* store_id - DHCPK_STORE_ID_SIZE random bytes, chosen when the store was created */
const uint8_t *store_id(const struct store *s);

/*
 * store_seq - number of the last change of the kernel that the store has; 0: unknown
 * store_mark - set it to @seq with this transaction; until the next call
 */
uint64_t store_seq(const struct store *s);
void store_mark(struct store *s, uint64_t seq);

int store_begin(struct store *s, struct err *e);
/*
 * store_put - store the lease @l in place of the address's previous one; lease_check() must accept
 * it
 */
int store_put(struct store *s, const struct stored_lease *l, struct err *e);
/* store_del - delete the lease, if there is one */
int store_del(struct store *s, uint32_t ip, struct err *e);
/* store_del_net - delete all leases of a net */
int store_del_net(struct store *s, uint32_t subnet, uint8_t prefix, struct err *e);
int store_sync(struct store *s, struct err *e);
/* store_abort - drop all changes since store_begin(); without a transaction it does nothing */
void store_abort(struct store *s);

/*
 * store_tick - store the pair of clocks: in a transaction of its own; does nothing inside of one
 *
 * Call it every 10 s, and when the wall clock was set. It also does work that is not urgent. Fails
 * as store_sync() does.
 */
int store_tick(struct store *s, struct err *e);

/*
 * store_times_will_do - will the next boot convert the stored times to no earlier ones than this
 * boot?
 *
 * False until the running boot is stored. This boot computes the power-off time from a clock that
 * may be slow, or dead, at its start. The next boot, with a correct clock, would compute another
 * time, and leases granted by this boot's times would end too early. So this boot is written first,
 * and until then known clients wait for the store too.
 */
bool store_times_will_do(const struct store *s);

/*
 * store_each - call @each for all leases of a net, in the order of their addresses
 *
 * A return value other than 0 of @each ends it and is returned. @each must not use the store.
 */
int store_each(struct store *s, uint32_t subnet, uint8_t prefix,
	       int (*each)(const struct stored_lease *l, void *arg), void *arg, struct err *e);
/* store_count - the number of leases in a net */
int store_count(struct store *s, uint32_t subnet, uint8_t prefix, uint64_t *n, struct err *e);

/*
 * A row that the kernel would refuse, whichever program wrote it. store_each() skips it. The row is
 * kept with the reason, for people to look at, and no client gets its address until its horizon, as
 * far as that is readable.
 */
struct store_rejected {
	uint32_t	ip;
	char		reason[200];
	int64_t		at;		/* seconds since 1970: when it was found */
};

/*
 * store_rejected - call @each for rejected rows, the newest first; a value other than 0 ends it and
 * is returned
 */
int store_rejected(struct store *s, int (*each)(const struct store_rejected *r, void *arg),
		   void *arg, struct err *e);
/* store_rejected_count - the number of rejected rows */
int store_rejected_count(struct store *s, uint64_t *n, struct err *e);
/* store_reject - the kernel has refused the lease of @ip for this reason; in a transaction */
int store_reject(struct store *s, uint32_t ip, const char *reason, struct err *e);

/*
 * store_sweep - delete expired leases in none of these nets, in transactions of its own; @gone is
 * their number
 */
int store_sweep(struct store *s, const struct store_net *nets, size_t n, uint64_t *gone,
		struct err *e);

#endif
