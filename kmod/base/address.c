// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose an address is. The table of local routes knows, but to look into it costs some 500 instructions, and a message shows
 * several addresses; nearly always they are those of the interface that it came in by, or of its subnet.
 */
#include "base/address.h"

#include <net/route.h>

/* An interface may have thousands of addresses: then the table is faster. */
enum { LOOKS = 4 };

/* The interface's address that this is, or else one in whose subnet it is; NULL: neither, or there are too many */
static const struct in_ifaddr *near(const struct net_device *dev, __be32 addr)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa = in_dev ? rcu_dereference(in_dev->ifa_list) : NULL, *found = NULL;
	unsigned int looks;

	for (looks = 0; ifa && looks < LOOKS; looks++, ifa = rcu_dereference(ifa->ifa_next)) {
		if (ifa->ifa_local == addr)
			return ifa;
		if (!found && inet_ifa_match(addr, ifa))
			found = ifa;
	}
	return ifa ? NULL : found;
}

/**
 * dhcpk_first_address - an interface's address, always the same while it has it
 * @dev: the interface
 *
 * One that is only good on the link (169.254.7.7, say), or on this machine, stands for the interface only if it has no
 * other: the kernel puts a new one of these first.
 *
 * Return: its first address, NULL if it has none.
 * Context: RCU.
 */
const struct in_ifaddr *dhcpk_first_address(const struct net_device *dev)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;

	if (!in_dev)
		return NULL;
	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		if (ifa->ifa_scope < RT_SCOPE_LINK)
			return ifa;
	}
	return rcu_dereference(in_dev->ifa_list);
}

/**
 * dhcpk_address_type - whose is an address, seen from an interface's VRF?
 * @dev: an interface that is up
 * @addr: the address
 *
 * Return: RTN_LOCAL: ours; RTN_UNICAST: another host's, or nobody's; RTN_BROADCAST and the like.
 * Context: RCU.
 */
unsigned int dhcpk_address_type(const struct net_device *dev, __be32 addr)
{
	const struct in_ifaddr *ifa = near(dev, addr);

	if (ifa && ifa->ifa_local == addr)
		return RTN_LOCAL;
	return inet_addr_type_dev_table(dev_net(dev), dev, addr);
}

/* The first and the last address of a subnet are no host's, unless it has no others (RFC 3021). */
static bool is_host_of(const struct in_ifaddr *ifa, __be32 addr)
{
	return ifa->ifa_prefixlen < 31 && addr & ~ifa->ifa_mask && ~addr & ~ifa->ifa_mask && addr != ifa->ifa_broadcast;
}

/**
 * dhcpk_sender_type - who has sent a message, by its source address?
 * @dev: the interface that it came in by
 * @addr: the address
 *
 * Another host of the interface's subnet is taken for that, though another interface of ours may have its address.
 *
 * Return: as dhcpk_address_type().
 * Context: RCU.
 */
unsigned int dhcpk_sender_type(const struct net_device *dev, __be32 addr)
{
	const struct in_ifaddr *ifa = near(dev, addr);

	if (ifa && ifa->ifa_local != addr && is_host_of(ifa, addr))
		return RTN_UNICAST;
	return dhcpk_address_type(dev, addr);
}
