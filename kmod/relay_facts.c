// SPDX-License-Identifier: GPL-2.0-only
/* What a relay knows of its interface: its address, what option 82 says of it, and whose a reply is. */
#include <linux/if_bridge.h>
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "relay.h"

/**
 * dhcpk_relay_address_type - whose is an address, seen from where a message came in?
 * @ctx: the message
 * @addr: the address
 *
 * Return: RTN_LOCAL: ours; RTN_UNICAST: another host's; else nobody's. Nobody on a wire has 0/8 or 127/8.
 * Context: RCU.
 */
unsigned int dhcpk_relay_address_type(const struct dhcpk_ctx *ctx, __be32 addr)
{
	if (ipv4_is_loopback(addr) || !(addr & htonl(0xff000000)))
		return RTN_BLACKHOLE;
	return inet_addr_type_dev_table(dev_net(ctx->dev), ctx->dev, addr);
}

/**
 * dhcpk_relay_address - an interface's address, always the same while it has it
 * @dev: the interface
 *
 * Return: its first address (RFC 1542 section 4.1.1), 0 if it has none.
 * Context: RCU.
 */
__be32 dhcpk_relay_address(const struct net_device *dev)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa = in_dev ? rcu_dereference(in_dev->ifa_list) : NULL;

	return ifa ? ifa->ifa_local : 0;
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
	struct net_device_path_stack stack;
	int i;

	if (dev_fill_forward_path(dev, station, &stack) < 0)
		return NULL;
	for (i = 0; i + 1 < stack.num_paths; i++) {
		if (stack.path[i].type == DEV_PATH_BRIDGE)
			return stack.path[i + 1].dev->name;
	}
	return dev->name;
}

static bool on_bridge(const struct net_device *dev)
{
	if (is_vlan_dev(dev))
		dev = vlan_dev_priv(dev)->real_dev;
	return netif_is_bridge_master(dev);
}

/**
 * dhcpk_relay_agent - what a relay puts into option 82 for a client
 * @relay: the relay
 * @dev: its interface
 * @hdr: a message of the client's, or to it
 * @station: the hardware address of its frames on the link
 * @unicast: its request was sent to us alone
 * @agent: set to the option's value; empty: there is no option
 * @buf: room for DHCP_AGENT_MAX bytes, which @agent refers to
 *
 * Return: false if an option has no room for it.
 * Context: softirq, RCU.
 */
bool dhcpk_relay_agent(const struct dhcpk_relay *relay, const struct net_device *dev, const struct dhcp_hdr *hdr,
		       const u8 *station, bool unicast, struct dhcp_bytes *agent, u8 *buf)
{
	struct dhcp_agent_facts facts = {
		.dev	= dev->name,
		.port	= dev->name,
		.chaddr	= hdr->chaddr,
		.hlen	= hdr->hlen,
		.flags	= unicast ? DHCP_AGENT_UNICAST : 0,
	};

	*agent = (struct dhcp_bytes){};
	if (!relay->template.len)
		return true;
	if (relay->pieces & (BIT(DHCPK_AGENT_VLAN) | BIT(DHCPK_AGENT_SVLAN)))
		vlans_of(dev, &facts);
	if (relay->pieces & BIT(DHCPK_AGENT_PORT) && on_bridge(dev))
		facts.port = bridge_port_of(dev, station);
	if (relay->pieces & (BIT(DHCPK_AGENT_LINK) | BIT(DHCPK_AGENT_SERVER_ID)))
		facts.link = facts.server_id = dhcpk_relay_address(dev);
	return dhcp_agent_render(agent, buf, &relay->template, &facts);
}

/* ---- whose a reply is ---- */

static struct dhcpk_relay *relay_on(const struct dhcpk_ctx *ctx, const struct net_device *dev)
{
	const struct dhcpk_link *link = dev ? dhcpk_link_find(ctx->config, dev->ifindex) : NULL;

	return link ? link->relay : NULL;
}

/* Would we have put this option 82 into the client's request, on this interface? */
static bool has_our_agent(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay, const struct net_device *dev)
{
	const struct dhcp_hdr *hdr = ctx->msg.hdr;
	u8 buf[DHCP_AGENT_MAX];
	struct dhcp_bytes ours;

	return dhcpk_relay_agent(relay, dev, hdr, hdr->chaddr, false, &ours, buf) && ours.len &&
	       dhcp_agent_ours(&ctx->msg.agent.whole, &ours);
}

/*
 * Without a giaddr of its own, a relay is known by its interface's. Interfaces may share one, and VRFs have the same: then
 * option 82 tells, where nobody else may put one in.
 */
static struct dhcpk_relay *by_interface(const struct dhcpk_ctx *ctx, const struct net_device *dev)
{
	struct dhcpk_relay *relay = relay_on(ctx, dev);

	if (!relay || relay->giaddr || l3mdev_master_ifindex_rcu(dev) != l3mdev_master_ifindex_rcu(ctx->dev))
		return NULL;
	if (ctx->msg.agent.whole.data && relay->template.len && !(relay->flags & DHCPK_RELAY_F_TRUSTED) &&
	    !has_our_agent(ctx, relay, dev))
		return NULL;
	return relay;
}

/* RFC 3527: many interfaces may share a giaddr, and the link selection says which it is. */
static struct dhcpk_relay *by_link_selection(const struct dhcpk_ctx *ctx)
{
	struct dhcpk_relay *relay;

	if (!ctx->msg.agent.link_selection)
		return NULL;
	relay = relay_on(ctx, __ip_dev_find(dev_net(ctx->dev), ctx->msg.agent.link_selection, false));
	return relay && relay->giaddr == ctx->msg.hdr->giaddr ? relay : NULL;
}

/*
 * The rare case: interfaces without addresses of their own, or with the same in several VRFs. The one whose option 82 it is;
 * else one in the VRF that the reply came by; else any.
 */
static struct dhcpk_relay *by_agent(const struct dhcpk_ctx *ctx)
{
	struct dhcpk_relay *relay, *best = NULL;
	int vrf = l3mdev_master_ifindex_rcu(ctx->dev);

	list_for_each_entry(relay, &ctx->config->relays, list) {
		struct net_device *dev = dev_get_by_index_rcu(dev_net(ctx->dev), READ_ONCE(relay->link->ifindex));

		if (!dev || dhcpk_relay_giaddr(relay, dev) != ctx->msg.hdr->giaddr)
			continue;
		if (has_our_agent(ctx, relay, dev))
			return relay;
		if (!best || l3mdev_master_ifindex_rcu(dev) == vrf)
			best = relay;
	}
	return best;
}

/**
 * dhcpk_relay_of_reply - which relay's clients is a reply for?
 * @ctx: a BOOTREPLY with a giaddr of ours
 *
 * Return: the relay, or NULL if it is none of ours.
 * Context: softirq, RCU.
 */
struct dhcpk_relay *dhcpk_relay_of_reply(const struct dhcpk_ctx *ctx)
{
	const struct net_device *dev = __ip_dev_find(dev_net(ctx->dev), ctx->msg.hdr->giaddr, false);

	return by_interface(ctx, dev) ?: by_link_selection(ctx) ?: by_agent(ctx);
}
