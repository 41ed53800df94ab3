/* SPDX-License-Identifier: GPL-2.0-only */
/* Does an address belong to this machine, or to another host? */
#ifndef DHCPK_ADDRESS_H
#define DHCPK_ADDRESS_H

#include <linux/in.h>
#include <linux/inetdevice.h>

/**
 * dhcpk_is_host_address - can a host have this address?
 * @addr: the address
 *
 * No host has an address of "this network" (0.0.0.0/8) or of the loopback network (127.0.0.0/8), a
 * multicast address, or 255.255.255.255. For Linux, all others can be host addresses, including
 * 240.0.0.0/4.
 *
 * Context: any.
 */
static inline bool dhcpk_is_host_address(__be32 addr)
{
	unsigned int first = ntohl(addr) >> 24;

	/* The relay asks this of each message: the common networks come first. */
	if (likely(first - 1 < 223))
		return first != 127;
	return first >= 240 && addr != htonl(INADDR_BROADCAST);
}

const struct in_ifaddr *dhcpk_first_address(const struct net_device *dev);
unsigned int dhcpk_address_type(const struct net_device *dev, __be32 addr);
unsigned int dhcpk_sender_type(const struct net_device *dev, __be32 addr);

#endif
