// SPDX-License-Identifier: GPL-2.0-only
/*
 * The relay's road down: what a server's reply must be before it goes on (RFC 1542 section 4.1.2,
 * RFC 3046 section 2.1).
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
 * Whose is a reply that comes from none of the servers? The only one's, or that of the one which we
 * have asked ourselves.
 */
static struct dhcpk_server *server_behind(struct dhcpk_relay *relay, const struct net_device *dev,
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
 * Only what is ours is taken out; where nobody else may put one in, all of it is. @ours, in @buf:
 * what we would have put in.
 */
static enum dhcpk_step check_option(const struct dhcpk_ctx *ctx, struct dhcpk_downward *down,
				    struct dhcp_own_agent *ours, u8 *buf)
{
	const struct dhcpk_relay *relay = down->relay;
	bool shared = relay->flags & DHCPK_RELAY_F_TRUSTED && relay->policy != DHCPK_RELAY_REPLACE;

	/*
	 * RFC 6607 section 5: a server that left it in, or does not say for which VPN, has an
	 * address of the wrong network.
	 */
	if (relay->vss && (!ctx->msg.agent.vss || ctx->msg.agent.vss_control))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_VSS);
	down->strip = ctx->msg.agent.whole.data;
	if (!shared && !(relay->flags & DHCPK_RELAY_F_VALIDATE))
		return DHCPK_NEXT;
	dhcpk_relay_own_agent(relay, down->dev, ctx->msg.hdr, ours, buf);
	if (relay->flags & DHCPK_RELAY_F_VALIDATE && ours->value.len &&
	    !dhcp_agent_matches(&ctx->msg.agent.whole, ours))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_FOREIGN_AGENT);
	ours->joined = ctx->msg.agent.whole;
	if (shared)
		down->ours = ours;
	return DHCPK_NEXT;
}

static enum dhcpk_step down_by(struct dhcpk_ctx *ctx, struct dhcpk_relay *relay,
			       struct net_device *dev)
{
	struct dhcpk_downward down = {
		.relay	= relay,
		.dev	= dev,
		.skb	= ctx->skb,
		.from	= ip_hdr(ctx->skb)->saddr,
		.body	= (const u8 *)ctx->msg.hdr,
		.len	= ctx->len,
		.type	= ctx->msg.type,
		.note	= relay->memory ? &ctx->msg : NULL,
	};
	struct dhcp_own_agent ours;
	u8 agent[DHCP_AGENT_MAX];
	enum dhcpk_step step;

	if (dhcpk_relay_answers_probe(ctx->msg.hdr, dev)) {
		dhcpk_relay_count(relay, DHCPK_RELAY_PROBE_REPLIES);
		return DHCPK_DONE;
	}
	step = check_option(ctx, &down, &ours, agent);
	/* The client will say that it takes ours. */
	if (step == DHCPK_NEXT && ctx->msg.type == DHCP_OFFER &&
	    relay->pieces & BIT(DHCPK_AGENT_SERVER_ID))
		dhcpk_exchange_offered(ctx->config->exchanges, dev, ctx->msg.hdr, down.from);
	if (step == DHCPK_NEXT)
		step = dhcpk_deliver(&down);
	return down.gone ? DHCPK_GONE : step;
}

/* To a port that is not DHCP's own, anything may come. */
static enum dhcpk_step not_for_us(struct dhcpk_ctx *ctx)
{
	if (!ctx->in_this_vrf || ctx->port != htons(DHCP_SERVER_PORT))
		return DHCPK_PASS;
	return dhcpk_drop(ctx, DHCPK_STAT_DROP_NOT_FOR_US);
}

/**
 * dhcpk_relay_reply - step: back to the client
 * @ctx: a BOOTREPLY to an address of ours
 * @err: what the parser found, not worse than DHCP_PARSE_TRUNCATED
 *
 * RFC 1542 section 4.1.2: out of the interface that giaddr, or our option 82, is of. The message
 * goes on byte for byte, but for our option 82.
 *
 * Return: DHCPK_GONE or DHCPK_DONE; DHCPK_PASS if it is for no relay of ours; DHCPK_DROP, counted.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_relay_reply(struct dhcpk_ctx *ctx, enum dhcp_parse_error err)
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
	server = server ?: server_behind(relay, dev, ctx->msg.hdr);
	if (server) {
		dhcpk_server_has_answered(server);
		dhcpk_relay_count_reply(relay, server);
	}
	return down_by(ctx, relay, dev);
}
