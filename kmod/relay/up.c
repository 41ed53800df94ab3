// SPDX-License-Identifier: GPL-2.0-only
/*
 * The relay's road up: which requests of clients go to servers, and why others do not (RFC 1542
 * section 4.1.1, RFC 3046 section 2.1).
 */
#include "relay/up.h"

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <net/route.h>

#include "base/address.h"
#include "relay/counters.h"
#include "relay/deliver.h"
#include "relay/exchange.h"
#include "relay/forward.h"
#include "relay/option82.h"
#include "relay/servers.h"
#include "relay/survive.h"

/* An address of ours is a forgery here; one that no host can have, nobody on a wire has. */
static enum dhcpk_step check_type(const struct dhcpk_relay *relay, __be32 addr, unsigned int type)
{
	if (!dhcpk_is_host_address(addr))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_RFC_VIOLATION);
	/* Ours may be one of another VRF. */
	if (type == RTN_LOCAL || addr == relay->giaddr)
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_SPOOFED);
	if (type != RTN_UNICAST)
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_RFC_VIOLATION);
	return DHCPK_NEXT;
}

/*
 * RFC 1542 4.1: a client may have no address; one that has the address of somebody else who hears
 * us is no client.
 */
static enum dhcpk_step check_sender(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay)
{
	__be32 addr = ip_hdr(ctx->skb)->saddr;

	return addr ? check_type(relay, addr, dhcpk_sender_type(ctx->dev, addr)) : DHCPK_NEXT;
}

/*
 * RFC 3046 2.1.1: giaddr is another relay's. It is ours in a request of somebody who would like to
 * have our trust.
 */
static enum dhcpk_step check_giaddr(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay)
{
	__be32 addr = ctx->msg.hdr->giaddr;

	return addr ? check_type(relay, addr, dhcpk_address_type(ctx->dev, addr)) : DHCPK_NEXT;
}

/* RFC 3046 2.1: option 82 without a relay that could have put it in is the client's invention. */
static enum dhcpk_step check_agent(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay)
{
	if (!ctx->msg.agent.whole.data)
		return DHCPK_NEXT;
	if (!ctx->msg.hdr->giaddr && !(relay->flags & DHCPK_RELAY_F_TRUSTED))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_UNTRUSTED);
	/* What is said elsewhere we do not touch (section 2.1), and could not replace. */
	if (relay->policy == DHCPK_RELAY_DROP ||
	    (relay->policy == DHCPK_RELAY_REPLACE && ctx->msg.agent.overloaded))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_POLICY);
	return DHCPK_NEXT;
}

/* A client without an answer repeats, and counts the seconds. DECLINE and RELEASE come once. */
static bool said_again(enum dhcp_type type)
{
	return type != DHCP_DECLINE && type != DHCP_RELEASE;
}

static enum dhcpk_step admit(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay)
{
	const struct dhcp_hdr *hdr = ctx->msg.hdr;
	enum dhcpk_step step;

	if (hdr->hops > relay->hops)
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_HOPS);
	if (ntohs(hdr->secs) < relay->secs && said_again(ctx->msg.type))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_SECS);
	step = check_sender(ctx, relay);
	if (step == DHCPK_NEXT)
		step = check_giaddr(ctx, relay);
	if (step == DHCPK_NEXT)
		step = check_agent(ctx, relay);
	return step;
}

/* Will the server have something to say? A REQUEST that names another is not for it. */
static bool wants_answer(const struct dhcp_msg *msg)
{
	return msg->type == DHCP_DISCOVER || msg->type == DHCP_INFORM ||
	       (msg->type == DHCP_REQUEST && !msg->server_id);
}

/*
 * The server that a REQUEST names. Where we stand in for all (RFC 5107 section 4) it names us, and
 * only who has made the offer is to see that it is taken: to others it would look as if it were
 * theirs, and they would refuse what they do not know.
 */
static void find_server(const struct dhcpk_ctx *ctx, struct dhcpk_upward *up)
{
	const struct dhcp_msg *msg = &ctx->msg;
	__be32 addr;

	if (!msg->server_id)
		return;
	up->named = dhcpk_relay_server(up->relay, msg->server_id);
	if (up->named || !(up->relay->pieces & BIT(DHCPK_AGENT_SERVER_ID)) ||
	    msg->type != DHCP_REQUEST)
		return;
	addr = dhcpk_exchange_server(ctx->config->exchanges, msg->hdr, msg->requested_ip);
	up->named = dhcpk_relay_server(up->relay, addr);
	up->only = up->named;
}

/*
 * RFC 5107 section 4: where we stand in for the servers, a client does not say which one its lease
 * is from. All get to see what is about a lease; the others do not know the client, and say
 * nothing.
 */
static bool is_for_any(const struct dhcp_msg *msg, const struct dhcpk_relay *relay)
{
	if (!(relay->pieces & BIT(DHCPK_AGENT_SERVER_ID)))
		return false;
	return msg->type == DHCP_RELEASE || msg->type == DHCP_DECLINE ||
	       (msg->type == DHCP_REQUEST && !dhcp_selects(msg));
}

static void count_up(const struct dhcpk_relay *relay, enum dhcp_type type)
{
	static const u8 stat[] = {
		[DHCP_NONE]	= DHCPK_RELAY_UP_BOOTP,
		[DHCP_DISCOVER]	= DHCPK_RELAY_UP_DISCOVER,
		[DHCP_REQUEST]	= DHCPK_RELAY_UP_REQUEST,
		[DHCP_DECLINE]	= DHCPK_RELAY_UP_DECLINE,
		[DHCP_RELEASE]	= DHCPK_RELAY_UP_RELEASE,
		[DHCP_INFORM]	= DHCPK_RELAY_UP_INFORM,
	};

	dhcpk_relay_count(relay, type < ARRAY_SIZE(stat) && stat[type] ?
			  stat[type] : DHCPK_RELAY_UP_OTHER);
}

/* Whose frame it was: the bridge knows that station, whatever the message says. */
static const u8 *station_of(const struct dhcpk_ctx *ctx)
{
	return ctx->dev->type == ARPHRD_ETHER ? eth_hdr(ctx->skb)->h_source : ctx->msg.hdr->chaddr;
}

static void survive(struct dhcpk_ctx *ctx, struct dhcpk_relay *relay, u32 exchange)
{
	const struct dhcp_msg *msg = &ctx->msg;

	if (msg->type == DHCP_RELEASE || msg->type == DHCP_DECLINE)
		dhcpk_survive_given_back(relay, msg);
	if (msg->type != DHCP_REQUEST)
		return;
	dhcpk_survive_asked(relay, msg, exchange);
	if (relay->survive && !dhcp_selects(msg) && !dhcp_contradicts(msg) &&
	    dhcpk_relay_silent(relay, ctx->now))
		dhcpk_relay_vouch(relay, ctx);
}

/* What another relay's clients say and hear is that relay's to know. */
static void own_client(struct dhcpk_ctx *ctx, struct dhcpk_relay *relay)
{
	u32 exchange = dhcpk_relay_exchange(ctx->msg.hdr);

	dhcpk_exchange_asked(ctx->config->exchanges, ctx->dev, exchange);
	if (relay->memory)
		survive(ctx, relay, exchange);
}

/**
 * dhcpk_relay_request - step: on to the servers
 * @ctx: a parsed BOOTREQUEST on a link with a relay, that no pool has taken
 *
 * RFC 1542 section 4.1.1. The message goes on byte for byte, but for hops, giaddr if there was
 * none, and option 82.
 *
 * Return: DHCPK_GONE, DHCPK_DONE, or DHCPK_DROP if it is not to be relayed or could be sent to no
 * server; counted.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_relay_request(struct dhcpk_ctx *ctx)
{
	struct dhcpk_relay *relay = ctx->link->relay;
	struct dhcpk_upward up = {
		.relay	= relay,
		.dev	= ctx->dev,
		.skb	= ctx->skb,
		.body	= (const u8 *)ctx->msg.hdr,
		.len	= ctx->len,
		.giaddr	= dhcpk_relay_giaddr(relay, ctx->dev),
		/* Another relay's client gets its answer from that relay. */
		.answer	= wants_answer(&ctx->msg) && !ctx->msg.hdr->giaddr,
		.to_all	= is_for_any(&ctx->msg, relay),
		.type	= ctx->msg.type,
		.now	= ctx->now,
	};
	enum dhcpk_step step = admit(ctx, relay);
	u8 agent[DHCP_AGENT_MAX];

	if (step != DHCPK_NEXT)
		return step;
	if (!dhcpk_upward_may_speak(&up))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_NO_ADDRESS);
	find_server(ctx, &up);
	dhcpk_upward_plan_agent(&up, ctx->msg.agent.whole.data, station_of(ctx), ctx->unicast,
				agent);
	if (!ctx->msg.hdr->giaddr)
		own_client(ctx, relay);
	dhcpk_forward_all(ctx->dn, &up);
	if (up.sent)
		count_up(relay, ctx->msg.type);
	if (up.gone)
		return DHCPK_GONE;
	return up.sent ? DHCPK_DONE : DHCPK_DROP;
}
