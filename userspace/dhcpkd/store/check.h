/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which bindings there can be: by the kernel's rules (kmod/netlink/store.c), before they are written and after they are
 * read.
 */
#ifndef DHCPKD_STORE_CHECK_H
#define DHCPKD_STORE_CHECK_H

#include "lib/kernel/binding.h"

enum {
	BINDING_ID_NONE		= 258,	/* below are the kinds that an identity may be of */
	BINDING_AGENT_MAX	= 512,	/* bytes of option 82 */
};

/* binding_check - NULL, or what is wrong with @b: the kernel would refuse it */
const char *binding_check(const struct binding *b);

#endif
