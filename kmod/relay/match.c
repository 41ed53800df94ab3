// SPDX-License-Identifier: GPL-2.0-only
/* Whose a reply is: which relay's clients it is for, and whether it comes from one of that relay's servers. */
#include "relay/match.h"

#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <net/xfrm.h>

#include "base/frame.h"
#include "config/link.h"
#include "relay/counters.h"
#include "relay/exchange.h"
#include "relay/option82.h"
#include "relay/relay.h"
#include "relay/servers.h"

/* ---- which relay ---- */

/* Would we have put this option 82 into the client's request, on this interface? */
static bool has_our_agent(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay, const struct net_device *dev)
{
	__be32 link = dhcpk_relay_link(relay, dev);
	struct dhcp_own_agent ours;
	u8 buf[DHCP_AGENT_MAX];

	if (!ctx->msg.agent.whole.data || !relay->template.len)
		return false;
	/* To compare one address is less work than to make it all. */
	if (link && ctx->msg.agent.link_selection != link)
		return false;
	dhcpk_relay_own_agent(relay, dev, ctx->msg.hdr, &ours, buf);
	return dhcp_agent_matches(&ctx->msg.agent.whole, &ours);
}

/*
 * Is there no need for the reply to say anything that would tell this relay from others with its giaddr? An address that is
 * its interface's alone has a subnet.
 */
static bool is_alone(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay, const struct net_device *dev)
{
	if (relay->giaddr || !dhcpk_relay_has_subnet(dev))
		return false;
	if (ctx->msg.agent.whole.data)
		return !relay->template.len && relay->flags & DHCPK_RELAY_F_TRUSTED;
	return !relay->template.len || !dhcpk_config_relay_at(ctx->config, ctx->msg.hdr->giaddr);
}

static struct dhcpk_relay *relay_at(const struct dhcpk_ctx *ctx, const struct net_device *dev)
{
	const struct dhcpk_link *link = dev ? dhcpk_link_find(ctx->config, dev->ifindex) : NULL;
	struct dhcpk_relay *relay = link ? link->relay : NULL;

	return relay && dhcpk_relay_giaddr(relay, dev) == ctx->msg.hdr->giaddr ? relay : NULL;
}

/* A relay whose client has asked, on @dev; NULL: the exchange is not known, or it is one of another VRF than the reply came by. */
struct asked {
	struct dhcpk_relay	*relay;
	struct net_device	*dev;
};

static struct asked who_asked(const struct dhcpk_ctx *ctx)
{
	struct net_device *dev = dhcpk_exchange_dev(ctx->config->exchanges, dev_net(ctx->dev), ctx->msg.hdr);
	struct dhcpk_relay *relay = relay_at(ctx, dev);

	return relay && dhcpk_same_vrf(ctx->dev, dev) ? (struct asked){ relay, dev } : (struct asked){};
}

/* Is a reply for the relay whose client has asked? Where no option 82 was added and none came back, only the exchange says it. */
static bool is_for_asked(const struct dhcpk_ctx *ctx, const struct asked *asked)
{
	if (!asked->relay->template.len && !ctx->msg.agent.whole.data)
		return true;
	return has_our_agent(ctx, asked->relay, asked->dev) || is_alone(ctx, asked->relay, asked->dev);
}

/* The relay on an interface, if that is in the VRF that the reply came by, and neither option 82 nor the exchange says another one */
static struct dhcpk_relay *surely_at(const struct dhcpk_ctx *ctx, const struct net_device *dev, const struct asked *asked)
{
	struct dhcpk_relay *relay = relay_at(ctx, dev);

	if (!relay || !dhcpk_same_vrf(ctx->dev, dev))
		return NULL;
	if (has_our_agent(ctx, relay, dev))
		return relay;
	return (!asked->relay || asked->relay == relay) && is_alone(ctx, relay, dev) ? relay : NULL;
}

/* May other relays' replies have the same address, and even the same option 82? */
static bool is_shared(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay, const struct net_device *dev)
{
	if (!dhcpk_relay_has_subnet(dev))
		return true;
	return !dhcpk_relay_link(relay, dev) &&
	       (relay->giaddr || dhcpk_config_relay_at(ctx->config, ctx->msg.hdr->giaddr));
}

/*
 * What it nearly always is: the relay on the interface that the request came in by; or if nobody knows that any more, on the
 * one that has the link selection's address (RFC 3527), or else giaddr.
 */
static struct dhcpk_relay *at_once(const struct dhcpk_ctx *ctx, const struct asked *asked)
{
	__be32 addr = ctx->msg.agent.link_selection ?: ctx->msg.hdr->giaddr;
	struct dhcpk_relay *relay;
	struct net_device *dev;

	if (asked->relay && is_for_asked(ctx, asked))
		return asked->relay;
	dev = __ip_dev_find(dev_net(ctx->dev), addr, false);
	relay = surely_at(ctx, dev, asked);
	return relay && !is_shared(ctx, relay, dev) ? relay : NULL;
}

/* ---- from whom ---- */

/* Would a request of a client on @dev go out where the reply has come in, by one of the ways that there may be? */
static bool way_to_server(const struct dhcpk_ctx *ctx, const struct net_device *dev, __be32 from, __be16 port)
{
	const struct dhcpk_dest to = {
		.source	= from,
		.addr	= ip_hdr(ctx->skb)->saddr,
		.sport	= port,
		.port	= htons(DHCP_SERVER_PORT),
	};

	return dhcpk_is_way(ctx->dev, dev, &to);
}

/* Is it worth while to look for its relay among many? Anybody can say that he is a server. */
static bool may_be_server(const struct dhcpk_ctx *ctx)
{
	if (!ctx->link)
		return dhcpk_config_has_server(ctx->config, ip_hdr(ctx->skb)->saddr);
	return dhcpk_config_names_server(ctx->config, ip_hdr(ctx->skb)->saddr) &&
	       way_to_server(ctx, ctx->dev, 0, htons(DHCP_SERVER_PORT));
}

/*
 * Does a server's word want a closer look at the way it came? From clients, or from another VRF, it is worth nothing unless
 * that is the way to the server; and this is before the stack looks at the reverse path, where it is told to.
 */
static bool doubtful(const struct dhcpk_ctx *ctx, const struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get_rcu(ctx->dev);

	return ctx->link || !dhcpk_same_vrf(ctx->dev, dev) || (in_dev && IN_DEV_RPFILTER(in_dev) == 1);
}

/**
 * dhcpk_relay_check_server - is a reply one of the relay's servers'?
 * @ctx: the reply
 * @relay: the relay that it would be for
 * @dev: its interface
 * @server: set to the one that it is of; NULL: another, where the relay takes that
 *
 * Return: DHCPK_NEXT; DHCPK_PASS if it is on its way through this VRF, or to somebody in it who happens to have the same
 * address; DHCPK_DROP, counted.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_relay_check_server(const struct dhcpk_ctx *ctx, struct dhcpk_relay *relay,
					 const struct net_device *dev, struct dhcpk_server **server)
{
	bool foreign = !ctx->in_this_vrf || !dhcpk_same_vrf(ctx->dev, dev);

	*server = dhcpk_relay_server(relay, ip_hdr(ctx->skb)->saddr);
	/* Anybody's may do, but not where clients are. */
	if (!*server && (!(relay->flags & DHCPK_RELAY_F_ANY_SERVER) || ctx->link))
		return foreign ? DHCPK_PASS : dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_NOT_A_SERVER);
	if ((doubtful(ctx, dev) && !way_to_server(ctx, dev, relay->giaddr, relay->port)) ||
	    !xfrm4_policy_check(NULL, XFRM_POLICY_IN, ctx->skb))
		return foreign ? DHCPK_PASS : dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_SPOOFED);
	return DHCPK_NEXT;
}

/* ---- which relay, the long way ---- */

/**
 * struct candidate - the best so far
 * @relay: the relay, or NULL
 * @rank: how good: 4 for our option 82, or none if we have none, 2 for its link selection, 1 for the VRF that it came by
 * @several: others are as good
 */
struct candidate {
	struct dhcpk_relay	*relay;
	unsigned int		rank;
	bool			several;
};

static void consider(const struct dhcpk_ctx *ctx, struct dhcpk_relay *relay, const struct asked *asked, struct candidate *best)
{
	struct net_device *dev = dev_get_by_index_rcu(dev_net(ctx->dev), READ_ONCE(relay->link->ifindex));
	__be32 link = ctx->msg.agent.link_selection;
	unsigned int rank;
	bool linked, ours, here;

	if (!dev || dhcpk_relay_giaddr(relay, dev) != ctx->msg.hdr->giaddr)
		return;
	linked = link && link == dhcpk_relay_link(relay, dev);
	here = dhcpk_same_vrf(ctx->dev, dev);
	ours = has_our_agent(ctx, relay, dev) ||
	       (here && (!asked->relay || asked->relay == relay) && !relay->template.len && !ctx->msg.agent.whole.data);
	rank = 4 * ours + 2 * linked + here;
	if (!best->relay || rank > best->rank)
		*best = (struct candidate){ .relay = relay, .rank = rank };
	else if (rank == best->rank)
		best->several = true;
}

/*
 * The rare case: a server that leaves option 82 out; interfaces that share an address, or have the same in several VRFs.
 * The one whose option 82 it is, and rather one in the VRF that the reply came by.
 */
static struct candidate by_comparison(const struct dhcpk_ctx *ctx, const struct asked *asked)
{
	struct candidate best = {};
	struct dhcpk_relay *relay;

	if (!may_be_server(ctx)) {
		best.relay = dhcpk_config_relay_at(ctx->config, ctx->msg.hdr->giaddr) ?:
			     relay_at(ctx, __ip_dev_find(dev_net(ctx->dev), ctx->msg.hdr->giaddr, false));
		return best;
	}
	list_for_each_entry(relay, &ctx->config->relays, list) {
		if (!relay->giaddr || relay->giaddr == ctx->msg.hdr->giaddr)
			consider(ctx, relay, asked, &best);
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
	const struct asked asked = who_asked(ctx);
	struct candidate best;

	*relay = at_once(ctx, &asked);
	if (*relay)
		return DHCPK_NEXT;
	best = by_comparison(ctx, &asked);
	*relay = best.relay;
	if (!best.relay)
		return DHCPK_PASS;
	if (!best.several)
		return DHCPK_NEXT;
	/* Those in another VRF than this have no say in what is this one's. */
	return ctx->in_this_vrf && best.rank & 1 ? dhcpk_relay_drop(*relay, DHCPK_RELAY_DROP_AMBIGUOUS) : DHCPK_PASS;
}
