/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the net that contains an address */
#ifndef DHCPKD_STORE_NETS_H
#define DHCPKD_STORE_NETS_H

#include <stddef.h>
#include <stdint.h>

/* A net; nets of a list do not overlap */
struct store_net {
	uint32_t	subnet;		/* host order */
	uint8_t		prefix;
};

/* store_nets_sort - sort by subnet, for store_net_at() */
void store_nets_sort(struct store_net *nets, size_t n);
/* store_net_at - the sorted net that contains @ip, or NULL */
const struct store_net *store_net_at(const struct store_net *nets, size_t n, uint32_t ip);

#endif
