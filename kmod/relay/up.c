// SPDX-License-Identifier: GPL-2.0-only
/*
 * Data path of the relay, requests of clients: which of them go to servers, and why others do not
 * (RFC 1542 section 4.1.1, RFC 3046 section 2.1).
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

/* Drop an address of this host (spoofed), and an address that is no valid unicast host address. */
static enum dhcpk_step check_type(const struct dhcpk_relay *relay, __be32 addr, unsigned int type)
{
	if (!dhcpk_is_host_address(addr))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_RFC_VIOLATION);
	/* The relay's own giaddr may be an address of another VRF. */
	if (type == RTN_LOCAL || addr == relay->giaddr)
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_SPOOFED);
	if (type != RTN_UNICAST)
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_RFC_VIOLATION);
	return DHCPK_NEXT;
}

/*
 * RFC 1542 4.1: a client may have no address. A sender with an address of this host is no client,
 * nor is a sender with an address that is not unicast.
 */
static enum dhcpk_step check_sender(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay)
{
	__be32 addr = ip_hdr(ctx->skb)->saddr;

	return addr ? check_type(relay, addr, dhcpk_sender_type(ctx->dev, addr)) : DHCPK_NEXT;
}

/*
 * RFC 3046 2.1.1: giaddr is the address of another relay. A sender of a request with a giaddr of
 * this host tries to be trusted like this relay.
 */
static enum dhcpk_step check_giaddr(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay)
{
	__be32 addr = ctx->msg.hdr->giaddr;

	return addr ? check_type(relay, addr, dhcpk_address_type(ctx->dev, addr)) : DHCPK_NEXT;
}

/* RFC 3046 2.1: no relay has added an option 82 without a giaddr; the client has made it up. */
static enum dhcpk_step check_agent(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay)
{
	if (!ctx->msg.agent.whole.data)
		return DHCPK_NEXT;
	if (!ctx->msg.hdr->giaddr && !(relay->flags & DHCPK_RELAY_F_TRUSTED))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_UNTRUSTED);
	/*
	 * The relay must not change the fields sname and file (section 2.1), and so cannot replace
	 * an option 82 there.
	 */
	if (relay->policy == DHCPK_RELAY_DROP ||
	    (relay->policy == DHCPK_RELAY_REPLACE && ctx->msg.agent.overloaded))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_POLICY);
	return DHCPK_NEXT;
}

/* A client repeats its message, with more secs, until it is answered; not DECLINE and RELEASE. */
static bool is_repeated(enum dhcp_type type)
{
	return type != DHCP_DECLINE && type != DHCP_RELEASE;
}

static enum dhcpk_step admit(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay)
{
	const struct dhcp_hdr *hdr = ctx->msg.hdr;
	enum dhcpk_step step;

	if (hdr->hops > relay->hops)
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_HOPS);
	if (ntohs(hdr->secs) < relay->secs && is_repeated(ctx->msg.type))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_SECS);
	step = check_sender(ctx, relay);
	if (step == DHCPK_NEXT)
		step = check_giaddr(ctx, relay);
	if (step == DHCPK_NEXT)
		step = check_agent(ctx, relay);
	return step;
}

/* Will each server answer? A REQUEST that names a server is not for the others. */
static bool expects_reply(const struct dhcp_msg *msg)
{
	return msg->type == DHCP_DISCOVER || msg->type == DHCP_INFORM ||
	       (msg->type == DHCP_REQUEST && !msg->server_id);
}

/*
 * The server that a REQUEST names. With the relay's server identifier (RFC 5107 section 4), clients
 * name this host, and only the server that has made the offer must see the REQUEST. Other servers
 * would take it as a selection of their own offer, and would send a NAK, because they do not know
 * the lease.
 */
static void find_server(const struct dhcpk_ctx *ctx, struct dhcpk_relay_request *req)
{
	const struct dhcp_msg *msg = &ctx->msg;
	__be32 addr;

	if (!msg->server_id)
		return;
	req->target = dhcpk_relay_server(req->relay, msg->server_id);
	if (req->target || !(req->relay->pieces & BIT(DHCPK_AGENT_SERVER_ID)) ||
	    msg->type != DHCP_REQUEST)
		return;
	addr = dhcpk_exchange_server(ctx->config->exchanges, msg->hdr, msg->requested_ip);
	req->target = dhcpk_relay_server(req->relay, addr);
	req->target_only = req->target;
}

/*
 * RFC 5107 section 4: with the relay's server identifier, a client does not say which server its
 * lease is from. All servers get the messages about a lease. Servers that do not know the client
 * do not answer.
 */
static bool is_for_all_servers(const struct dhcp_msg *msg, const struct dhcpk_relay *relay)
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

/* The sender of the frame: the bridge knows this station, whatever chaddr the message has. */
static const u8 *station_of(const struct dhcpk_ctx *ctx)
{
	return ctx->dev->type == ARPHRD_ETHER ? eth_hdr(ctx->skb)->h_source : ctx->msg.hdr->chaddr;
}

static void survive(struct dhcpk_ctx *ctx, struct dhcpk_relay *relay, u32 exchange)
{
	const struct dhcp_msg *msg = &ctx->msg;

	if (msg->type == DHCP_RELEASE || msg->type == DHCP_DECLINE)
		dhcpk_survive_release(relay, msg);
	if (msg->type != DHCP_REQUEST)
		return;
	dhcpk_survive_request(relay, msg, exchange);
	if (relay->survive && !dhcp_selects(msg) && !dhcp_contradicts(msg) &&
	    dhcpk_relay_all_down(relay, ctx->now))
		dhcpk_relay_answer_renewal(relay, ctx);
}

/* For clients of this relay only: another relay keeps track of its own clients. */
static void track_client(struct dhcpk_ctx *ctx, struct dhcpk_relay *relay)
{
	u32 exchange = dhcpk_relay_exchange(ctx->msg.hdr);

	dhcpk_exchange_asked(ctx->config->exchanges, ctx->dev, exchange);
	if (relay->ack_cache)
		survive(ctx, relay, exchange);
}

/**
 * dhcpk_relay_up - step: relay a request to servers
 * @ctx: a parsed BOOTREQUEST on a link with a relay, which no pool has taken
 *
 * RFC 1542 section 4.1.1. The relay changes hops, giaddr if the message has none, and option 82,
 * and no other byte.
 *
 * Return: DHCPK_GONE; DHCPK_DONE; or DHCPK_DROP if the relay must not relay the request, or could
 * send it to no server; counted.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_relay_up(struct dhcpk_ctx *ctx)
{
	struct dhcpk_relay *relay = ctx->link->relay;
	struct dhcpk_relay_request req = {
		.relay		= relay,
		.dev		= ctx->dev,
		.skb		= ctx->skb,
		.body		= (const u8 *)ctx->msg.hdr,
		.len		= ctx->len,
		.giaddr		= dhcpk_relay_giaddr(relay, ctx->dev),
		/* A server answers another relay's client through that relay. */
		.expects_reply	= expects_reply(&ctx->msg) && !ctx->msg.hdr->giaddr,
		.all_servers	= is_for_all_servers(&ctx->msg, relay),
		.type		= ctx->msg.type,
		.now		= ctx->now,
	};
	enum dhcpk_step step = admit(ctx, relay);
	u8 agent[DHCP_AGENT_MAX];

	if (step != DHCPK_NEXT)
		return step;
	if (!dhcpk_request_has_giaddr(&req))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_NO_ADDRESS);
	find_server(ctx, &req);
	dhcpk_request_plan_agent(&req, ctx->msg.agent.whole.data, station_of(ctx), ctx->unicast,
				 agent);
	if (!ctx->msg.hdr->giaddr)
		track_client(ctx, relay);
	dhcpk_forward_all(ctx->dn, &req);
	if (req.sent)
		count_up(relay, ctx->msg.type);
	if (req.skb_consumed)
		return DHCPK_GONE;
	return req.sent ? DHCPK_DONE : DHCPK_DROP;
}
