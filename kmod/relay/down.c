// SPDX-License-Identifier: GPL-2.0-only
/*
 * Data path of the relay, replies of servers: the checks before a reply goes to its client
 * (RFC 1542 section 4.1.2, RFC 3046 section 2.1).
 */
#include "relay/down.h"

#include <linux/inetdevice.h>
#include <linux/ip.h>

#include "relay/counters.h"
#include "relay/deliver.h"
#include "relay/exchange.h"
#include "relay/match.h"
#include "relay/option82.h"
#include "relay/probe.h"
#include "relay/servers.h"

/*
 * The server of a reply that does not come from the address of a server: the only server of the
 * relay, or the server to which the relay has sent the probe that the reply answers.
 */
static struct dhcpk_server *find_sender(struct dhcpk_relay *relay, const struct net_device *dev,
					const struct dhcp_hdr *hdr)
{
	unsigned int i;

	if (relay->n_servers == 1)
		return &relay->server[0];
	for (i = 0; i < relay->n_servers && hdr->xid && dhcpk_relay_answers_probe(hdr, dev); i++) {
		if (READ_ONCE(relay->server[i].probe) == hdr->xid)
			return &relay->server[i];
	}
	return NULL;
}

/*
 * The relay removes only its own option 82. If no other relay may add one, it removes all of it.
 * @expected, in @buf: the option 82 that the relay would have added.
 */
static enum dhcpk_step check_agent(const struct dhcpk_ctx *ctx, struct dhcpk_relay_reply *rep,
				   struct dhcp_own_agent *expected, u8 *buf)
{
	const struct dhcpk_relay *relay = rep->relay;
	bool shared = relay->flags & DHCPK_RELAY_F_TRUSTED && relay->policy != DHCPK_RELAY_REPLACE;

	/*
	 * RFC 6607 section 5: a server that leaves sub-option 152 in the reply, or does not return
	 * sub-option 151, has chosen an address of the wrong network.
	 */
	if (relay->vss && (!ctx->msg.agent.vss || ctx->msg.agent.vss_control))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_VSS);
	rep->strip_agent = ctx->msg.agent.whole.data;
	if (!shared && !(relay->flags & DHCPK_RELAY_F_VALIDATE))
		return DHCPK_NEXT;
	dhcpk_relay_expected_agent(relay, rep->dev, ctx->msg.hdr, expected, buf);
	if (relay->flags & DHCPK_RELAY_F_VALIDATE && expected->value.len &&
	    !dhcp_agent_matches(&ctx->msg.agent.whole, expected))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_FOREIGN_AGENT);
	expected->joined = ctx->msg.agent.whole;
	if (shared)
		rep->expected = expected;
	return DHCPK_NEXT;
}

static enum dhcpk_step relay_to_client(struct dhcpk_ctx *ctx, struct dhcpk_relay *relay,
				       struct net_device *dev)
{
	struct dhcpk_relay_reply rep = {
		.relay	= relay,
		.dev	= dev,
		.skb	= ctx->skb,
		.from	= ip_hdr(ctx->skb)->saddr,
		.body	= (const u8 *)ctx->msg.hdr,
		.len	= ctx->len,
		.type	= ctx->msg.type,
		.parsed	= relay->ack_cache ? &ctx->msg : NULL,
	};
	struct dhcp_own_agent expected;
	u8 agent[DHCP_AGENT_MAX];
	enum dhcpk_step step;

	if (dhcpk_relay_answers_probe(ctx->msg.hdr, dev)) {
		dhcpk_relay_count(relay, DHCPK_RELAY_PROBE_REPLIES);
		return DHCPK_DONE;
	}
	step = check_agent(ctx, &rep, &expected, agent);
	/* The client will name this host as the server that it selects. */
	if (step == DHCPK_NEXT && ctx->msg.type == DHCP_OFFER &&
	    relay->pieces & BIT(DHCPK_AGENT_SERVER_ID))
		dhcpk_exchange_offered(ctx->config->exchanges, dev, ctx->msg.hdr, rep.from);
	if (step == DHCPK_NEXT)
		step = dhcpk_deliver(&rep);
	return rep.skb_consumed ? DHCPK_GONE : step;
}

/* To another port than DHCP's own, datagrams of any kind may come. */
static enum dhcpk_step not_for_us(struct dhcpk_ctx *ctx)
{
	if (!ctx->in_this_vrf || ctx->port != htons(DHCP_SERVER_PORT))
		return DHCPK_PASS;
	return dhcpk_drop(ctx, DHCPK_STAT_DROP_NOT_FOR_US);
}

/**
 * dhcpk_relay_down - step: relay a reply to its client
 * @ctx: a BOOTREPLY to an address of this host
 * @err: the parser's result, not worse than DHCP_PARSE_TRUNCATED
 *
 * RFC 1542 section 4.1.2: the reply leaves by the interface that giaddr, or the relay's option 82,
 * identifies. The relay changes nothing in it, except that it removes its option 82.
 *
 * Return: DHCPK_GONE or DHCPK_DONE; DHCPK_PASS if the reply is for no relay of this host;
 * DHCPK_DROP, counted.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_relay_down(struct dhcpk_ctx *ctx, enum dhcp_parse_error err)
{
	__be32 giaddr = ctx->msg.hdr->giaddr;
	struct dhcpk_server *server;
	struct dhcpk_relay *relay;
	struct net_device *dev;
	enum dhcpk_step step;

	if (!ctx->config->n_relays)
		return DHCPK_PASS;
	if (!giaddr || !__ip_dev_find(dev_net(ctx->dev), giaddr, false))
		return not_for_us(ctx);
	step = dhcpk_relay_of_reply(ctx, &relay);
	if (step != DHCPK_NEXT)
		return step;
	dev = dev_get_by_index_rcu(dev_net(ctx->dev), READ_ONCE(relay->link->ifindex));
	if (!dev)
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_TX_FAILED);
	step = dhcpk_relay_check_server(ctx, relay, dev, &server);
	if (step != DHCPK_NEXT)
		return step;
	if (err == DHCP_PARSE_TRUNCATED)
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_PARSE_FAILED);
	server = server ?: find_sender(relay, dev, ctx->msg.hdr);
	if (server) {
		dhcpk_server_has_answered(server);
		dhcpk_relay_count_reply(relay, server);
	}
	return relay_to_client(ctx, relay, dev);
}
