// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes of leases, as they happen. */
#include <stdio.h>
#include <time.h>

#include "dhcpkctl/ctl.h"
#include "dhcpkctl/print.h"
#include "lib/kernel/kernel.h"
#include "lib/kernel/lease.h"

static void print_event(const struct kernel_lease *l, void *arg)
{
	struct ctl *c = arg;
	char ip[IP_SIZE], mac[64], also[64], name[1100], when[DATE_SIZE], circuit[3 * 255 + 2] = "";
	const uint8_t *bytes;
	size_t len;

	if (c->json) {
		show_json(c, lease_json(l));
	} else {
		bytes = lease_agent(l, 1, &len);
		if (bytes)
			format_bytes(circuit, sizeof(circuit), bytes, len);
		format_hex(also, sizeof(also), l->also_mac, l->also_mac_len);
		printf("%s %-8s %-15s %s %s %s%s%s%s%s\n",
		       wall_time(when, nanoseconds(CLOCK_REALTIME)), lease_state_name(l->state),
		       format_ip(ip, l->ip), format_hex(mac, sizeof(mac), l->mac, l->mac_len),
		       *l->pool ? l->pool : "-",
		       format_safe(name, sizeof(name), l->hostname, l->hostname_len),
		       *circuit ? " circuit-id " : "", circuit,
		       *also ? " warning: the same client-id as " : "", also);
	}
	fflush(stdout);
}

static enum status watch(struct ctl *c, int argc, char **argv)
{
	struct kernel *k;
	struct err e = {};

	if (argc)
		return usage_error("monitor show takes no \"%s\"", argv[0]);
	if (kernel_open(&k, &e))
		return refuse(&e);
	kernel_events(k, print_event, c, &e);
	kernel_close(k);
	return refuse(&e);
}

enum status monitor_main(struct ctl *c, int argc, char **argv)
{
	static const struct command commands[] = {
		{ "show", watch, "\n    each change of a lease as it happens, until interrupted" },
		{}
	};

	return run_object(c, "monitor", commands, "show", argc, argv);
}
