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
 * @station: the hardware address of its frames on the link; NULL: the message is a reply
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
		.reply	= !station,
	};

	*agent = (struct dhcp_bytes){};
	if (!relay->template.len)
		return true;
	if (relay->pieces & (BIT(DHCPK_AGENT_VLAN) | BIT(DHCPK_AGENT_SVLAN)))
		vlans_of(dev, &facts);
	if (relay->pieces & BIT(DHCPK_AGENT_PORT) && station && on_bridge(dev))
		facts.port = bridge_port_of(dev, station);
	if (relay->pieces & (BIT(DHCPK_AGENT_LINK) | BIT(DHCPK_AGENT_SERVER_ID)))
		facts.link = facts.server_id = dhcpk_relay_address(dev);
	return dhcp_agent_render(agent, buf, &relay->template, &facts);
}

/* ---- whose a reply is ---- */

static bool same_vrf(const struct dhcpk_ctx *ctx, const struct net_device *dev)
{
	return l3mdev_master_ifindex_rcu(dev) == l3mdev_master_ifindex_rcu(ctx->dev);
}

/* Would we have put this option 82 into the client's request, on this interface? */
static bool has_our_agent(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay, const struct net_device *dev)
{
	u8 buf[DHCP_AGENT_MAX];
	struct dhcp_bytes ours;

	if (!ctx->msg.agent.whole.data || !relay->template.len)
		return false;
	/* To compare one address is less work than to make it all. */
	if (relay->pieces & BIT(DHCPK_AGENT_LINK) && ctx->msg.agent.link_selection != dhcpk_relay_address(dev))
		return false;
	return dhcpk_relay_agent(relay, dev, ctx->msg.hdr, NULL, false, &ours, buf) &&
	       dhcp_agent_ours(&ctx->msg.agent.whole, &ours);
}

/* Is there nothing that a reply could say to tell this relay from others with its giaddr? */
static bool says_nothing(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay)
{
	return !relay->template.len && (!ctx->msg.agent.whole.data || relay->flags & DHCPK_RELAY_F_TRUSTED);
}

/*
 * What it nearly always is: the relay on the interface that has the link selection's address (RFC 3527), or else giaddr;
 * if that is in the VRF that the reply came by, and option 82 says no other.
 */
static struct dhcpk_relay *at_once(const struct dhcpk_ctx *ctx)
{
	__be32 giaddr = ctx->msg.hdr->giaddr;
	const struct net_device *dev = __ip_dev_find(dev_net(ctx->dev), ctx->msg.agent.link_selection ?: giaddr, false);
	const struct dhcpk_link *link = dev ? dhcpk_link_find(ctx->config, dev->ifindex) : NULL;
	struct dhcpk_relay *relay = link ? link->relay : NULL;

	if (!relay || dhcpk_relay_giaddr(relay, dev) != giaddr || !same_vrf(ctx, dev))
		return NULL;
	return has_our_agent(ctx, relay, dev) || (!relay->giaddr && says_nothing(ctx, relay)) ? relay : NULL;
}

/*
 * The rare case: a server that leaves option 82 out; interfaces that share an address, or have the same in several VRFs.
 * The one whose option 82 it is, and rather one in the VRF that the reply came by. @several: there are others like it.
 *
 * Who is none of the servers does not make us look for long.
 */
static struct dhcpk_relay *by_comparison(const struct dhcpk_ctx *ctx, bool *several)
{
	bool trusted = dhcpk_config_has_server(ctx->config, ip_hdr(ctx->skb)->saddr);
	struct dhcpk_relay *relay, *best = NULL;
	unsigned int most = 0, rank;

	*several = false;
	list_for_each_entry(relay, &ctx->config->relays, list) {
		struct net_device *dev;

		if (relay->giaddr && relay->giaddr != ctx->msg.hdr->giaddr)
			continue;
		dev = dev_get_by_index_rcu(dev_net(ctx->dev), READ_ONCE(relay->link->ifindex));
		if (!dev || dhcpk_relay_giaddr(relay, dev) != ctx->msg.hdr->giaddr)
			continue;
		if (!trusted)
			return relay;
		rank = 2 * has_our_agent(ctx, relay, dev) + same_vrf(ctx, dev);
		if (!best || rank > most) {
			best = relay;
			most = rank;
			*several = false;
		} else if (rank == most) {
			*several = true;
		}
	}
	return best;
}

/**
 * dhcpk_relay_of_reply - which relay's clients is a reply for?
 * @ctx: a BOOTREPLY with a giaddr of ours
 * @relay: set to it
 *
 * Return: DHCPK_NEXT; DHCPK_PASS if it is none of ours; DHCPK_DROP, counted, if nobody can tell which.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_relay_of_reply(const struct dhcpk_ctx *ctx, struct dhcpk_relay **relay)
{
	bool several = false;

	*relay = at_once(ctx) ?: by_comparison(ctx, &several);
	if (!*relay)
		return DHCPK_PASS;
	if (!several)
		return DHCPK_NEXT;
	return ctx->here ? dhcpk_relay_drop(*relay, DHCPK_RELAY_DROP_AMBIGUOUS) : DHCPK_PASS;
}
