// SPDX-License-Identifier: GPL-2.0-only
/* What a relay knows of its interface: its address, and what option 82 says of it. */
#include "relay/option82.h"

#include <linux/if_bridge.h>
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>

#include "base/address.h"

/**
 * dhcpk_relay_address - how an interface is known to its clients
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
 * dhcpk_relay_has_subnet - does an interface's address come with a subnet? One that interfaces share does not.
 * @dev: the interface
 *
 * Context: RCU.
 */
bool dhcpk_relay_has_subnet(const struct net_device *dev)
{
	const struct in_ifaddr *ifa = dhcpk_first_address(dev);

	return ifa && ifa->ifa_prefixlen < 32;
}

/**
 * dhcpk_relay_giaddr - how a relay is known to servers
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
 * The interface's subnet that a relay's own giaddr is in, which is another one than its first where several networks share the
 * link, or routers a virtual address. NULL: giaddr is not on the link.
 */
static const struct in_ifaddr *subnet_of_giaddr(const struct dhcpk_relay *relay, const struct net_device *dev)
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
 * dhcpk_relay_link - what a relay calls the client's link, beside giaddr (RFC 3527)
 * @relay: the relay
 * @dev: its interface
 *
 * Return: an address of the link, 0 if the relay says none.
 * Context: RCU.
 */
__be32 dhcpk_relay_link(const struct dhcpk_relay *relay, const struct net_device *dev)
{
	if (!(relay->pieces & BIT(DHCPK_AGENT_LINK)))
		return 0;
	if (relay->flags & DHCPK_RELAY_F_LINK_AUTO && (!relay->giaddr || subnet_of_giaddr(relay, dev)))
		return 0;
	return dhcpk_relay_address(dev);
}

/**
 * dhcpk_relay_subnet - the subnet that servers take for that of a relay's clients
 * @relay: the relay
 * @dev: its interface
 *
 * Return: it is that of link selection, or else of giaddr, as far as we know it.
 * Context: RCU.
 */
struct dhcpk_subnet dhcpk_relay_subnet(const struct dhcpk_relay *relay, const struct net_device *dev)
{
	__be32 addr = dhcpk_relay_link(relay, dev) ?: dhcpk_relay_giaddr(relay, dev);
	const struct in_ifaddr *ifa = relay->giaddr == addr ? subnet_of_giaddr(relay, dev) : dhcpk_first_address(dev);

	return (struct dhcpk_subnet){ .addr = addr, .mask = ifa ? ifa->ifa_mask : htonl(INADDR_BROADCAST) };
}

/* ---- what option 82 says ---- */

static void vlans_of(const struct net_device *dev, struct dhcp_agent_facts *facts)
{
	if (!is_vlan_dev(dev))
		return;
	facts->vlan = vlan_dev_priv(dev)->vlan_id;
	dev = vlan_dev_priv(dev)->real_dev;
	if (is_vlan_dev(dev))
		facts->svlan = vlan_dev_priv(dev)->vlan_id;
}

/* The bridge has learnt the port from the very frame that brought the request. NULL: it does not know the station. */
static const char *bridge_port_of(const struct net_device *dev, const u8 *station)
{
	struct net_device_path_ctx way = { .dev = dev };
	struct net_device_path step = {};
	bool bridge;

	memcpy(way.daddr, station, ETH_ALEN);
	do {
		const struct net_device_ops *ops = way.dev->netdev_ops;

		bridge = netif_is_bridge_master(way.dev);
		if (!ops->ndo_fill_forward_path || ops->ndo_fill_forward_path(&way, &step) < 0)
			return NULL;
	} while (!bridge);
	return way.dev->name;
}

/* The bridge that the interface is, or is a VLAN of */
static const struct net_device *bridge_of(const struct net_device *dev)
{
	if (is_vlan_dev(dev))
		dev = vlan_dev_priv(dev)->real_dev;
	return netif_is_bridge_master(dev) ? dev : NULL;
}

/* RCU. */
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

static struct dhcp_agent_facts facts_of(const struct dhcpk_relay *relay, const struct net_device *dev,
					const struct dhcp_hdr *hdr)
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
	/* An address of the link, or one that is the way to us at least. */
	if (relay->pieces & BIT(DHCPK_AGENT_SERVER_ID))
		facts.server_id = dhcpk_relay_address(dev) ?: relay->giaddr;
	return facts;
}

/**
 * dhcpk_relay_agent - what a relay puts into option 82 for a client
 * @relay: the relay
 * @dev: its interface
 * @hdr: the client's message
 * @station: the hardware address of its frames on the link
 * @unicast: it was sent to us alone
 * @agent: set to the option's value; empty: there is no option
 * @buf: room for DHCP_AGENT_MAX bytes, which @agent refers to
 *
 * Return: false if an option has no room for it.
 * Context: softirq, RCU.
 */
bool dhcpk_relay_agent(const struct dhcpk_relay *relay, const struct net_device *dev, const struct dhcp_hdr *hdr,
		       const u8 *station, bool unicast, struct dhcp_bytes *agent, u8 *buf)
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
 * dhcpk_relay_own_agent - what a relay would have put into the request, as far as its reply shows that
 * @relay: the relay
 * @dev: its interface
 * @hdr: the reply
 * @own: set; empty: nothing
 * @buf: room for DHCP_AGENT_MAX bytes, which @own refers to
 *
 * Context: softirq, RCU.
 */
void dhcpk_relay_own_agent(const struct dhcpk_relay *relay, const struct net_device *dev, const struct dhcp_hdr *hdr,
			   struct dhcp_own_agent *own, u8 *buf)
{
	struct dhcp_agent_facts facts;

	*own = (struct dhcp_own_agent){};
	if (!relay->template.len)
		return;
	facts = facts_of(relay, dev, hdr);
	own->is_port = is_port;
	own->bridge = relay->pieces & BIT(DHCPK_AGENT_PORT) ? bridge_of(dev) : NULL;
	if (own->bridge)
		facts.port = NULL;
	if (!dhcp_agent_render(&own->value, buf, &relay->template, &facts, own->hole))
		own->value.len = 0;
}
