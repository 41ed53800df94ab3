// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nlattach: asks to be the daemon of another store. Exit status 0 if the kernel agrees; else the kernel's words on stderr.
 * nlattach restore: where there is no daemon, restores bindings of which the kernel must refuse one. Prints "refused IP" for
 * each that was, and "IP STATE" for each that is there then.
 * nlattach abandon: the same, but that another generation is begun in place of this one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/conv.h"
#include "lib/kernel/config.h"
#include "lib/kernel/kernel.h"
#include "lib/kernel/lease.h"
#include "lib/kernel/store.h"

enum { NET = 0xc6336400 /* 198.51.100.0 */, N = 5, BAD = 2 };

static void or_die(int err, const struct err *e)
{
	if (!err)
		return;
	fprintf(stderr, "%s\n", e->text);
	exit(1);
}

static void print_refused(uint32_t ip, const char *why, void *arg)
{
	char text[IP_SIZE];

	printf("refused %s\n", format_ip(text, ip));
}

static void print_lease(const struct kernel_lease *l, void *arg)
{
	char text[IP_SIZE];

	printf("%s %s\n", format_ip(text, l->ip), lease_state_name(l->state));
}

/* Kinds of identities end before 999. */
static struct stored_lease numbered(unsigned int i)
{
	return (struct stored_lease){
		.ip = NET + 10 + i, .state = DHCPK_LEASE_BOUND, .htype = 1, .chaddr_len = 6, .chaddr = { 2, 0, 0, 0, 0, i },
		.id_kind = i == BAD ? 999 : 1, .id_len = 6, .id = { 2, 0, 0, 0, 0, i },
		.expires = UINT64_MAX, .horizon = UINT64_MAX, .order = i + 1,
	};
}

static void restore(struct kernel *k, bool abandon)
{
	const struct pool_spec pool = {
		.name = "lan", .subnet = NET, .prefix = 24, .ranges = { { NET + 10, NET + 20 } }, .n_ranges = 1,
		.lease = 600, .lease_min = 60, .lease_max = 3600, .decline = 60,
	};
	struct kernel_restore r = { .k = k, .pool = pool.name, .refused = print_refused };
	struct err e = {};
	unsigned int i;

	or_die(kernel_begin(k, &r.generation, &e), &e);
	or_die(kernel_pool(k, r.generation, &pool, &e), &e);
	for (i = 0; i < N; i++) {
		const struct stored_lease b = numbered(i);

		or_die(kernel_restore_add(&r, &b, &e), &e);
	}
	or_die(kernel_restore_end(&r, &e), &e);
	if (abandon)
		or_die(kernel_begin(k, &r.generation, &e), &e);
	or_die(kernel_commit(k, r.generation, &e), &e);
	or_die(kernel_leases(k, NULL, 0, print_lease, NULL, &e), &e);
}

int main(int argc, char **argv)
{
	uint8_t id[DHCPK_STORE_ID_SIZE];
	struct err e = {};
	struct kernel *k;

	memset(id, 0x5a, sizeof(id));
	or_die(kernel_open(&k, &e), &e);
	or_die(kernel_attach(k, id, 0, &e), &e);
	if (argc > 1)
		restore(k, !strcmp(argv[1], "abandon"));
	return 0;
}
