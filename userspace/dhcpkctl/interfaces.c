// SPDX-License-Identifier: GPL-2.0-or-later
/* This machine's interfaces and addresses, read once for a list of any length. */
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "dhcpkctl/ctl.h"
#include "lib/ports.h"

struct interfaces {
	struct interface	*all;		/* by name */
	size_t			n;
	uint32_t		*ips;		/* by address, host order */
	size_t			n_ips;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct interface *)a)->name, ((const struct interface *)b)->name);
}

static int by_number(const void *a, const void *b)
{
	uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;

	return (first > second) - (first < second);
}

/*
 * One entry for each interface, and one for each of its addresses; an address may have a label,
 * "eth1:2".
 */
static void take(struct interfaces *i, const struct ifaddrs *ifa)
{
	struct interface *one = &i->all[i->n++];
	size_t len = strcspn(ifa->ifa_name, ":");

	memcpy(one->name, ifa->ifa_name, len < sizeof(one->name) ? len : sizeof(one->name) - 1);
	one->up = ifa->ifa_flags & IFF_UP;
	one->addressed = ifa->ifa_addr && ifa->ifa_addr->sa_family == AF_INET;
	if (one->addressed)
		i->ips[i->n_ips++] = ntohl(((struct sockaddr_in *)ifa->ifa_addr)->sin_addr.s_addr);
}

static void merge(struct interfaces *i)
{
	size_t from, n = 0;

	qsort(i->all, i->n, sizeof(*i->all), by_name);
	for (from = 0; from < i->n; from++) {
		if (!n || strcmp(i->all[n - 1].name, i->all[from].name)) {
			i->all[n++] = i->all[from];
			continue;
		}
		i->all[n - 1].up |= i->all[from].up;
		i->all[n - 1].addressed |= i->all[from].addressed;
	}
	i->n = n;
	qsort(i->ips, i->n_ips, sizeof(*i->ips), by_number);
}

/* Set "port of br0", or "is a VRF", for such an interface */
static void take_port(const char *dev, const char *master, void *arg)
{
	struct interface *port = (struct interface *)find_interface(arg, dev);

	if (port && master)
		snprintf(port->port_of, sizeof(port->port_of), "port of %s", master);
	else if (port)
		strcpy(port->port_of, "is a VRF");
}

struct interfaces *interfaces_read(void)
{
	struct interfaces *i = calloc(1, sizeof(*i));
	struct ifaddrs *all = NULL, *ifa;
	struct err e = {};
	size_t n = 1;

	if (getifaddrs(&all)) {
		err_set(&e, NULL, "cannot read this machine's interfaces: %s", strerror(errno));
		exit(refuse(&e));
	}
	for (ifa = all; ifa; ifa = ifa->ifa_next)
		n++;
	if (i) {
		i->all = calloc(n, sizeof(*i->all));
		i->ips = calloc(n, sizeof(*i->ips));
	}
	if (!i || !i->all || !i->ips)
		abort();	/* out of memory for a few kilobytes */
	for (ifa = all; ifa; ifa = ifa->ifa_next)
		take(i, ifa);
	if (all)
		freeifaddrs(all);
	merge(i);
	ports_read(take_port, i);
	return i;
}

void interfaces_free(struct interfaces *i)
{
	free(i->all);
	free(i->ips);
	free(i);
}

const struct interface *find_interface(const struct interfaces *i, const char *name)
{
	struct interface key = {};

	strncpy(key.name, name, sizeof(key.name) - 1);
	return bsearch(&key, i->all, i->n, sizeof(key), by_name);
}

bool is_own_address(const struct interfaces *i, uint32_t ip)
{
	return bsearch(&ip, i->ips, i->n_ips, sizeof(ip), by_number);
}
