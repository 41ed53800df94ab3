/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose an address is: this machine's, or another host's. */
#ifndef DHCPK_ADDRESS_H
#define DHCPK_ADDRESS_H

#include <linux/inetdevice.h>

const struct in_ifaddr *dhcpk_first_address(const struct net_device *dev);
unsigned int dhcpk_address_type(const struct net_device *dev, __be32 addr);
unsigned int dhcpk_sender_type(const struct net_device *dev, __be32 addr);

#endif
