// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does an address belong to this machine? A lookup in the table of local routes costs about 500
 * instructions, and a message has several addresses. Nearly always they are addresses of the
 * ingress interface, or lie in one of its subnets. So these are checked first.
 */
#include "base/address.h"

#include <net/route.h>

/* An interface may have thousands of addresses. Then the table is faster. */
enum { LOOKS = 4 };

/*
 * Returns the interface's address that equals @addr. If there is none, returns an address of the
 * interface with @addr in its subnet.
 * Returns NULL if there is neither, or if the interface has too many addresses.
 */
static const struct in_ifaddr *find_ifaddr(const struct net_device *dev, __be32 addr)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa = in_dev ? rcu_dereference(in_dev->ifa_list) : NULL,
			       *found = NULL;
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
 * dhcpk_first_address - the address that stands for an interface
 * @dev: the interface
 *
 * The result stays the same as long as the interface has that address. An address that is valid
 * only on the link (169.254.7.7, say) or only on this machine counts only if the interface has no
 * other: the kernel lists a new address of this kind before the global ones.
 *
 * Return: the address, NULL if the interface has none.
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
 * dhcpk_address_type - type of an address in the VRF of an interface
 * @dev: an interface that is up
 * @addr: the address
 *
 * Return: RTN_LOCAL for an address of this machine; RTN_UNICAST for any other unicast address, used
 *	or not; RTN_BROADCAST and so on.
 * Context: RCU.
 */
unsigned int dhcpk_address_type(const struct net_device *dev, __be32 addr)
{
	const struct in_ifaddr *ifa = find_ifaddr(dev, addr);

	if (ifa && ifa->ifa_local == addr)
		return RTN_LOCAL;
	return inet_addr_type_dev_table(dev_net(dev), dev, addr);
}

/*
 * The first and the last address of a subnet are no host addresses, unless the subnet has no others
 * (RFC 3021).
 */
static bool is_host_of(const struct in_ifaddr *ifa, __be32 addr)
{
	return ifa->ifa_prefixlen < 31 && addr & ~ifa->ifa_mask && ~addr & ~ifa->ifa_mask &&
	       addr != ifa->ifa_broadcast;
}

/**
 * dhcpk_sender_type - type of the source address of a message
 * @dev: the ingress interface
 * @addr: the address
 *
 * An address of another host in a subnet of this interface is RTN_UNICAST, even if another
 * interface of this machine has the same address.
 *
 * Return: as dhcpk_address_type().
 * Context: RCU.
 */
unsigned int dhcpk_sender_type(const struct net_device *dev, __be32 addr)
{
	const struct in_ifaddr *ifa = find_ifaddr(dev, addr);

	if (ifa && ifa->ifa_local != addr && is_host_of(ifa, addr))
		return RTN_UNICAST;
	return dhcpk_address_type(dev, addr);
}
