// SPDX-License-Identifier: GPL-2.0-only
/* The relay that a reply is for, and whether the reply comes from one of that relay's servers. */
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

/* Would the relay have added this option 82 to the client's request on this interface? */
static bool has_agent_of(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay,
			 const struct net_device *dev)
{
	__be32 link = dhcpk_relay_link(relay, dev);
	struct dhcp_own_agent expected;
	u8 buf[DHCP_AGENT_MAX];

	if (!ctx->msg.agent.whole.data || !relay->template.len)
		return false;
	/* To compare one address is less work than to build the whole option. */
	if (link && ctx->msg.agent.link_selection != link)
		return false;
	dhcpk_relay_expected_agent(relay, dev, ctx->msg.hdr, &expected, buf);
	return dhcp_agent_matches(&ctx->msg.agent.whole, &expected);
}

/*
 * Does giaddr alone identify this relay? Only if the address belongs to one interface, which then
 * has a subnet.
 */
static bool giaddr_suffices(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay,
			    const struct net_device *dev)
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

/*
 * The relay of the client that has sent the request, on @dev. NULL: the exchange is not known, or
 * @dev is in another VRF than the interface on which the reply arrived.
 */
struct asked {
	struct dhcpk_relay	*relay;
	struct net_device	*dev;
};

static struct asked find_asked(const struct dhcpk_ctx *ctx)
{
	struct net_device *dev = dhcpk_exchange_dev(ctx->config->exchanges, dev_net(ctx->dev),
						    ctx->msg.hdr);
	struct dhcpk_relay *relay = relay_at(ctx, dev);

	return relay && dhcpk_same_vrf(ctx->dev, dev) ?
	       (struct asked){ relay, dev } : (struct asked){};
}

/*
 * Is a reply for the relay of the client that has sent the request? If the relay has added no
 * option 82, and the reply has none, only the exchange tells it.
 */
static bool is_for_asked(const struct dhcpk_ctx *ctx, const struct asked *asked)
{
	if (!asked->relay->template.len && !ctx->msg.agent.whole.data)
		return true;
	return has_agent_of(ctx, asked->relay, asked->dev) ||
	       giaddr_suffices(ctx, asked->relay, asked->dev);
}

/*
 * The relay on an interface. NULL: the interface has no relay with this giaddr, or it is in another
 * VRF than the reply; or option 82 or the exchange may be of another relay.
 */
static struct dhcpk_relay *match_on_dev(const struct dhcpk_ctx *ctx, const struct net_device *dev,
					const struct asked *asked)
{
	struct dhcpk_relay *relay = relay_at(ctx, dev);

	if (!relay || !dhcpk_same_vrf(ctx->dev, dev))
		return NULL;
	if (has_agent_of(ctx, relay, dev))
		return relay;
	return (!asked->relay || asked->relay == relay) && giaddr_suffices(ctx, relay, dev) ?
	       relay : NULL;
}

/* May replies for other relays have the same address, and even the same option 82? */
static bool is_shared(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay,
		      const struct net_device *dev)
{
	if (!dhcpk_relay_has_subnet(dev))
		return true;
	return !dhcpk_relay_link(relay, dev) &&
	       (relay->giaddr || dhcpk_config_relay_at(ctx->config, ctx->msg.hdr->giaddr));
}

/*
 * The usual case: the relay on the interface on which the request arrived. If the exchange is not
 * known any more: the relay on the interface with the link selection's address (RFC 3527), or else
 * with giaddr.
 */
static struct dhcpk_relay *match_fast(const struct dhcpk_ctx *ctx, const struct asked *asked)
{
	__be32 addr = ctx->msg.agent.link_selection ?: ctx->msg.hdr->giaddr;
	struct dhcpk_relay *relay;
	struct net_device *dev;

	if (asked->relay && is_for_asked(ctx, asked))
		return asked->relay;
	dev = __ip_dev_find(dev_net(ctx->dev), addr, false);
	relay = match_on_dev(ctx, dev, asked);
	return relay && !is_shared(ctx, relay, dev) ? relay : NULL;
}

/* ---- which server ---- */

/*
 * Does one of the routes of a request, from a client on @dev to the server, leave by the interface
 * on which the reply arrived?
 */
static bool is_path_to_server(const struct dhcpk_ctx *ctx, const struct net_device *dev,
			      __be32 from, __be16 port)
{
	const struct dhcpk_dest to = {
		.source	= from,
		.addr	= ip_hdr(ctx->skb)->saddr,
		.sport	= port,
		.port	= htons(DHCP_SERVER_PORT),
	};

	return dhcpk_is_way(ctx->dev, dev, &to);
}

/* May the sender be a server? Any host can send replies, and to compare all relays takes time. */
static bool may_be_server(const struct dhcpk_ctx *ctx)
{
	if (!ctx->link)
		return dhcpk_config_accepts_server(ctx->config, ip_hdr(ctx->skb)->saddr);
	return dhcpk_config_lists_server(ctx->config, ip_hdr(ctx->skb)->saddr) &&
	       is_path_to_server(ctx, ctx->dev, 0, htons(DHCP_SERVER_PORT));
}

/*
 * Must the ingress interface be checked against the routes to the server? Yes on interfaces with
 * clients, across VRFs, and with strict rp_filter, because the stack checks the reverse path only
 * after this hook.
 */
static bool needs_path_check(const struct dhcpk_ctx *ctx, const struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get_rcu(ctx->dev);

	return ctx->link || !dhcpk_same_vrf(ctx->dev, dev) ||
	       (in_dev && IN_DEV_RPFILTER(in_dev) == 1);
}

/**
 * dhcpk_relay_check_server - does a reply come from one of the relay's servers?
 * @ctx: the reply
 * @relay: the relay that the reply would be for
 * @dev: the relay's interface
 * @server: set to the server of the reply; NULL: an unlisted server, and the relay accepts those
 *
 * Return: DHCPK_NEXT; DHCPK_PASS if the reply passes through this VRF, or is for a host in it that
 * happens to have the same address; DHCPK_DROP, counted.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_relay_check_server(const struct dhcpk_ctx *ctx, struct dhcpk_relay *relay,
					 const struct net_device *dev, struct dhcpk_server **server)
{
	bool other_vrf = !ctx->in_this_vrf || !dhcpk_same_vrf(ctx->dev, dev);

	*server = dhcpk_relay_server(relay, ip_hdr(ctx->skb)->saddr);
	/* The relay may accept unlisted servers, but not on an interface with clients. */
	if (!*server && (!(relay->flags & DHCPK_RELAY_F_ANY_SERVER) || ctx->link))
		return other_vrf ? DHCPK_PASS :
				   dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_NOT_A_SERVER);
	if ((needs_path_check(ctx, dev) &&
	     !is_path_to_server(ctx, dev, relay->giaddr, relay->port)) ||
	    !xfrm4_policy_check(NULL, XFRM_POLICY_IN, ctx->skb))
		return other_vrf ? DHCPK_PASS : dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_SPOOFED);
	return DHCPK_NEXT;
}

/* ---- which relay: compare all ---- */

/**
 * struct candidate - the best relay so far
 * @relay: the relay, or NULL
 * @rank: the sum of 4 for the relay's option 82, or none if the relay adds none; 2 for its link
 *     selection; 1 for the VRF in which the reply arrived
 * @several: other relays have the same rank
 */
struct candidate {
	struct dhcpk_relay	*relay;
	unsigned int		rank;
	bool			several;
};

static void consider(const struct dhcpk_ctx *ctx, struct dhcpk_relay *relay,
		     const struct asked *asked, struct candidate *best)
{
	struct net_device *dev = dev_get_by_index_rcu(dev_net(ctx->dev),
						      READ_ONCE(relay->link->ifindex));
	__be32 link = ctx->msg.agent.link_selection;
	bool link_matches, agent_matches, same_vrf;
	unsigned int rank;

	if (!dev || dhcpk_relay_giaddr(relay, dev) != ctx->msg.hdr->giaddr)
		return;
	link_matches = link && link == dhcpk_relay_link(relay, dev);
	same_vrf = dhcpk_same_vrf(ctx->dev, dev);
	agent_matches = has_agent_of(ctx, relay, dev) ||
			(same_vrf && (!asked->relay || asked->relay == relay) &&
			 !relay->template.len && !ctx->msg.agent.whole.data);
	rank = 4 * agent_matches + 2 * link_matches + same_vrf;
	if (!best->relay || rank > best->rank)
		*best = (struct candidate){ .relay = relay, .rank = rank };
	else if (rank == best->rank)
		best->several = true;
}

/*
 * The rare case: a server that omits option 82; interfaces that share an address; or interfaces in
 * several VRFs with the same address. The function prefers the relay with the option 82 of the
 * reply, and a relay in the VRF in which the reply arrived.
 */
static struct candidate match_all(const struct dhcpk_ctx *ctx, const struct asked *asked)
{
	struct candidate best = {};
	struct dhcpk_relay *relay;

	if (!may_be_server(ctx)) {
		best.relay = dhcpk_config_relay_at(ctx->config, ctx->msg.hdr->giaddr) ?:
			     relay_at(ctx, __ip_dev_find(dev_net(ctx->dev), ctx->msg.hdr->giaddr,
							 false));
		return best;
	}
	list_for_each_entry(relay, &ctx->config->relays, list) {
		if (!relay->giaddr || relay->giaddr == ctx->msg.hdr->giaddr)
			consider(ctx, relay, asked, &best);
	}
	return best;
}

/**
 * dhcpk_relay_of_reply - find the relay that a reply is for
 * @ctx: a BOOTREPLY with a giaddr of this host
 * @relay: set to the relay
 *
 * Return: DHCPK_NEXT; DHCPK_PASS if the reply is for no relay of this host; DHCPK_DROP, counted, if
 * it may be for several relays.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_relay_of_reply(const struct dhcpk_ctx *ctx, struct dhcpk_relay **relay)
{
	const struct asked asked = find_asked(ctx);
	struct candidate best;

	*relay = match_fast(ctx, &asked);
	if (*relay)
		return DHCPK_NEXT;
	best = match_all(ctx, &asked);
	*relay = best.relay;
	if (!best.relay)
		return DHCPK_PASS;
	if (!best.several)
		return DHCPK_NEXT;
	/* Relays in other VRFs than that of the reply must not drop it. */
	return ctx->in_this_vrf && best.rank & 1 ?
	       dhcpk_relay_drop(*relay, DHCPK_RELAY_DROP_AMBIGUOUS) : DHCPK_PASS;
}
