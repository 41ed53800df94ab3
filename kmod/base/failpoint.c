// SPDX-License-Identifier: GPL-2.0-only
/* Points at which a test stops the machine. */
#include "base/failpoint.h"

#include <linux/module.h>

static char *failpoint;
module_param(failpoint, charp, 0444);
MODULE_PARM_DESC(failpoint,
		 "NAME[:N]: the Nth time (the first) that the module comes to NAME is the machine's end");

/**
 * dhcpk_failpoint - stop the machine if the test has chosen this point
 * @name: before-pull, after-pull, before-commit, before-transmit or after-transmit
 *
 * Context: any.
 */
void dhcpk_failpoint(const char *name)
{
	static atomic_t passed = ATOMIC_INIT(0);
	size_t len = strlen(name);
	int nth = 1;

	if (!failpoint || strncmp(failpoint, name, len) ||
	    (failpoint[len] && failpoint[len] != ':'))
		return;
	if (failpoint[len] && kstrtoint(failpoint + len + 1, 10, &nth))
		return;
	if (atomic_inc_return(&passed) == nth)
		panic("dhcpk: failpoint %s", failpoint);
}
