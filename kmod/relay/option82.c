// SPDX-License-Identifier: GPL-2.0-only
/* The addresses of a relay's interface, and the relay's option 82. */
#include "relay/option82.h"

#include <linux/if_bridge.h>
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>

#include "base/address.h"

/**
 * dhcpk_relay_address - the address of an interface towards its clients
 * @dev: the interface
 *
 * Return: its first address (RFC 1542 section 4.1.1), 0 if it has none.
 * Context: RCU.
 */
__be32 dhcpk_relay_address(const struct net_device *dev)
{
	const struct in_ifaddr *ifa = dhcpk_first_address(dev);

	return ifa ? ifa->ifa_local : 0;
}

/**
 * dhcpk_relay_has_subnet - does the first address of an interface have a subnet?
 * @dev: the interface
 *
 * An address that several interfaces share has none.
 *
 * Context: RCU.
 */
bool dhcpk_relay_has_subnet(const struct net_device *dev)
{
	const struct in_ifaddr *ifa = dhcpk_first_address(dev);

	return ifa && ifa->ifa_prefixlen < 32;
}

/**
 * dhcpk_relay_giaddr - the address of a relay towards servers
 * @relay: the relay
 * @dev: its interface
 *
 * Return: the address, 0 for none.
 * Context: RCU.
 */
__be32 dhcpk_relay_giaddr(const struct dhcpk_relay *relay, const struct net_device *dev)
{
	return relay->giaddr ?: dhcpk_relay_address(dev);
}

/*
 * The interface's subnet with the configured giaddr. It is not the first subnet if several networks
 * share the link, or if routers share a virtual address. NULL: giaddr is not on the link.
 */
static const struct in_ifaddr *subnet_of_giaddr(const struct dhcpk_relay *relay,
						const struct net_device *dev)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;

	if (!in_dev)
		return NULL;
	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		if (ifa->ifa_prefixlen < 32 && inet_ifa_match(relay->giaddr, ifa))
			return ifa;
	}
	return NULL;
}

/**
 * dhcpk_relay_link - the address that a relay sends for link selection (RFC 3527)
 * @relay: the relay
 * @dev: its interface
 *
 * Return: an address of the client's link, 0 if the relay sends no link selection.
 * Context: RCU.
 */
__be32 dhcpk_relay_link(const struct dhcpk_relay *relay, const struct net_device *dev)
{
	if (!(relay->pieces & BIT(DHCPK_AGENT_LINK)))
		return 0;
	if (relay->flags & DHCPK_RELAY_F_LINK_AUTO &&
	    (!relay->giaddr || subnet_of_giaddr(relay, dev)))
		return 0;
	return dhcpk_relay_address(dev);
}

/**
 * dhcpk_relay_subnet - the subnet in which servers choose addresses for a relay's clients
 * @relay: the relay
 * @dev: its interface
 *
 * Return: the subnet of the link selection, or else of giaddr; the address alone, if this host does
 * not know its subnet.
 * Context: RCU.
 */
struct dhcpk_subnet dhcpk_relay_subnet(const struct dhcpk_relay *relay,
				       const struct net_device *dev)
{
	__be32 addr = dhcpk_relay_link(relay, dev) ?: dhcpk_relay_giaddr(relay, dev);
	const struct in_ifaddr *ifa = relay->giaddr == addr ? subnet_of_giaddr(relay, dev) :
							      dhcpk_first_address(dev);

	return (struct dhcpk_subnet){
		.addr = addr,
		.mask = ifa ? ifa->ifa_mask : htonl(INADDR_BROADCAST),
	};
}

/* ---- option 82 ---- */

static void vlans_of(const struct net_device *dev, struct dhcp_agent_facts *facts)
{
	if (!is_vlan_dev(dev))
		return;
	facts->vlan = vlan_dev_priv(dev)->vlan_id;
	dev = vlan_dev_priv(dev)->real_dev;
	if (is_vlan_dev(dev))
		facts->svlan = vlan_dev_priv(dev)->vlan_id;
}

/* The bridge has learnt the port from the request's frame. NULL: it does not know the station. */
static const char *bridge_port_of(const struct net_device *dev, const u8 *station)
{
	struct net_device_path_ctx path = { .dev = dev };
	struct net_device_path step = {};
	bool bridge;

	memcpy(path.daddr, station, ETH_ALEN);
	do {
		const struct net_device_ops *ops = path.dev->netdev_ops;

		bridge = netif_is_bridge_master(path.dev);
		if (!ops->ndo_fill_forward_path || ops->ndo_fill_forward_path(&path, &step) < 0)
			return NULL;
	} while (!bridge);
	return path.dev->name;
}

/* The bridge that the interface is, or is a VLAN of */
static const struct net_device *bridge_of(const struct net_device *dev)
{
	if (is_vlan_dev(dev))
		dev = vlan_dev_priv(dev)->real_dev;
	return netif_is_bridge_master(dev) ? dev : NULL;
}

/* Is it the name of a port of @bridge? Context: RCU. */
static bool is_port(const void *bridge, const u8 *name, size_t len)
{
	const struct net_device *dev = bridge, *port;
	char text[IFNAMSIZ] = {};

	if (len >= sizeof(text))
		return false;
	memcpy(text, name, len);
	port = dev_get_by_name_rcu(dev_net(dev), text);
	return port && netdev_master_upper_dev_get_rcu((struct net_device *)port) == dev;
}

static struct dhcp_agent_facts facts_of(const struct dhcpk_relay *relay,
					const struct net_device *dev, const struct dhcp_hdr *hdr)
{
	struct dhcp_agent_facts facts = {
		.dev	= dev->name,
		.port	= dev->name,
		.chaddr	= hdr->chaddr,
		.hlen	= hdr->hlen,
	};

	if (relay->pieces & (BIT(DHCPK_AGENT_VLAN) | BIT(DHCPK_AGENT_SVLAN)))
		vlans_of(dev, &facts);
	facts.link = dhcpk_relay_link(relay, dev);
	/* An address of the link, or at least an address by which clients reach this host. */
	if (relay->pieces & BIT(DHCPK_AGENT_SERVER_ID))
		facts.server_id = dhcpk_relay_address(dev) ?: relay->giaddr;
	return facts;
}

/**
 * dhcpk_relay_agent - make the option 82 that a relay adds to a client's request
 * @relay: the relay
 * @dev: its interface
 * @hdr: the client's message
 * @station: the hardware address of its frame on the link
 * @unicast: the client sent it to this host alone
 * @agent: set to the option's value; empty: the relay adds none
 * @buf: buffer of DHCP_AGENT_MAX bytes, to which @agent refers
 *
 * Return: false if the value is too long for an option.
 * Context: softirq, RCU.
 */
bool dhcpk_relay_agent(const struct dhcpk_relay *relay, const struct net_device *dev,
		       const struct dhcp_hdr *hdr, const u8 *station, bool unicast,
		       struct dhcp_bytes *agent, u8 *buf)
{
	struct dhcp_agent_facts facts;

	*agent = (struct dhcp_bytes){};
	if (!relay->template.len)
		return true;
	facts = facts_of(relay, dev, hdr);
	facts.flags = unicast ? DHCP_AGENT_UNICAST : 0;
	if (relay->pieces & BIT(DHCPK_AGENT_PORT) && bridge_of(dev))
		facts.port = bridge_port_of(dev, station);
	return dhcp_agent_render(agent, buf, &relay->template, &facts, NULL);
}

/**
 * dhcpk_relay_expected_agent - make the option 82 that a relay expects in a reply
 * @relay: the relay
 * @dev: its interface
 * @hdr: the reply
 * @expected: set to the option that the relay would have added to the request, as far as the reply
 *     shows that; empty: none
 * @buf: buffer of DHCP_AGENT_MAX bytes, to which @expected refers
 *
 * Context: softirq, RCU.
 */
void dhcpk_relay_expected_agent(const struct dhcpk_relay *relay, const struct net_device *dev,
				const struct dhcp_hdr *hdr, struct dhcp_own_agent *expected,
				u8 *buf)
{
	struct dhcp_agent_facts facts;

	*expected = (struct dhcp_own_agent){};
	if (!relay->template.len)
		return;
	facts = facts_of(relay, dev, hdr);
	expected->is_port = is_port;
	expected->bridge = relay->pieces & BIT(DHCPK_AGENT_PORT) ? bridge_of(dev) : NULL;
	if (expected->bridge)
		facts.port = NULL;
	if (!dhcp_agent_render(&expected->value, buf, &relay->template, &facts, expected->hole))
		expected->value.len = 0;
}
