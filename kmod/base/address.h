/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose an address is: this machine's, or another host's. */
#ifndef DHCPK_ADDRESS_H
#define DHCPK_ADDRESS_H

#include <linux/in.h>
#include <linux/inetdevice.h>

/**
 * dhcpk_is_host_address - can a host have this address?
 * @addr: the address
 *
 * Not one of "this network" (0.0.0.0/8), of the loopback (127.0.0.0/8), a multicast address or 255.255.255.255. Linux takes
 * all others for a host's, 240.0.0.0/4 among them.
 *
 * Context: any.
 */
static inline bool dhcpk_is_host_address(__be32 addr)
{
	return (addr & htonl(0xff000000)) && !ipv4_is_loopback(addr) && !ipv4_is_multicast(addr) &&
	       !ipv4_is_lbcast(addr);
}

const struct in_ifaddr *dhcpk_first_address(const struct net_device *dev);
unsigned int dhcpk_address_type(const struct net_device *dev, __be32 addr);
unsigned int dhcpk_sender_type(const struct net_device *dev, __be32 addr);

#endif
