// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "dhcpkd/store/nets.h"

static int by_subnet(const void *a, const void *b)
{
	uint32_t x = ((const struct store_net *)a)->subnet,
		 y = ((const struct store_net *)b)->subnet;

	return x < y ? -1 : x > y;
}

void store_nets_sort(struct store_net *nets, size_t n)
{
	if (n)
		qsort(nets, n, sizeof(*nets), by_subnet);
}

/* Only the last net that begins at or before the address can contain it. */
const struct store_net *store_net_at(const struct store_net *nets, size_t n, uint32_t ip)
{
	size_t low = 0, high = n, middle;
	const struct store_net *net;

	while (low < high) {
		middle = (low + high) / 2;
		if (nets[middle].subnet <= ip)
			low = middle + 1;
		else
			high = middle;
	}
	net = low ? &nets[low - 1] : NULL;
	return net && (!net->prefix || !((ip ^ net->subnet) >> (32 - net->prefix))) ? net : NULL;
}
