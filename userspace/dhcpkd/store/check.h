/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which leases are valid, by the kernel's rules (kmod/netlink/store.c): checked before a lease is
 * written and after it is read.
 */
#ifndef DHCPKD_STORE_CHECK_H
#define DHCPKD_STORE_CHECK_H

#include "lib/kernel/stored_lease.h"

enum {
	LEASE_ID_NONE		= 258,	/* kinds of identities are below this */
	LEASE_AGENT_MAX	= 512,	/* bytes of option 82 */
};

/* lease_check - NULL, or why @l is invalid: the kernel would refuse it */
const char *lease_check(const struct stored_lease *l);

#endif
