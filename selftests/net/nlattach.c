// SPDX-License-Identifier: GPL-2.0-or-later
/* nlattach: asks to be the daemon of another store. Exit status 0 if the kernel agrees; else the kernel's words on stderr. */
#include <stdio.h>
#include <string.h>

#include "lib/kernel.h"

int main(void)
{
	uint8_t id[DHCPK_STORE_ID_SIZE];
	struct kernel *k;
	struct err e = {};
	int err = kernel_open(&k, &e);

	memset(id, 0x5a, sizeof(id));
	if (!err)
		err = kernel_attach(k, id, &e);
	if (err)
		fprintf(stderr, "%s\n", e.text);
	return err ? 1 : 0;
}
