// SPDX-License-Identifier: GPL-2.0-only
/* The relay's road up: a client's requests to the servers (RFC 1542 section 4.1.1, RFC 3046 section 2.1). */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/random.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/route.h>

#include "base/address.h"
#include "relay/relay.h"

/**
 * struct upward - a request on its way to servers
 * @relay: its relay
 * @dev: the interface that it came in by
 * @skb: the one that brought it, or NULL
 * @gone: @skb carries it on; it is neither ours nor as it was any more
 * @sent: it went to a server
 * @body: the message
 * @len: its bytes
 * @giaddr: what is filled in where there is none
 * @strip: option 82 that is there is taken out
 * @agent: the one that is put in; empty: none
 * @no_room: one was to be put in, but there is no room for it in an option
 * @answer: it wants one
 * @named: the one of the relay's servers that it is for, NULL: none, or any
 * @only: no other is to see it
 * @to_all: nobody knows which one it is for
 * @type: of the message
 * @now: boottime ns
 */
struct upward {
	struct dhcpk_relay	*relay;
	struct net_device	*dev;
	struct sk_buff		*skb;
	bool			gone;
	bool			sent;
	const u8		*body;
	unsigned int		len;
	__be32			giaddr;
	bool			strip;
	struct dhcp_bytes	agent;
	bool			no_room;
	bool			answer;
	struct dhcpk_server	*named;
	bool			only;
	bool			to_all;
	enum dhcp_type		type;
	u64			now;
};

enum {
	SILENT_SECONDS		= 5,	/* what the daemon waits for, too, before it asks itself, */
	UNNOTICED_SECONDS	= 15,	/* and more than it takes to have no answer then */
	COPIES_A_SECOND		= 4096,	/* that a relay makes of requests, for the second server and further ones */
	COPIES_AT_ONCE		= 65536, /* the same in a burst: a street's power comes back */
};

/* An address of ours is a forgery here; one that no host can have, nobody on a wire has. */
static enum dhcpk_step check_type(const struct dhcpk_relay *relay, __be32 addr, unsigned int type)
{
	if (ipv4_is_loopback(addr) || !(addr & htonl(0xff000000)))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_RFC_VIOLATION);
	/* Ours may be one of another VRF. */
	if (type == RTN_LOCAL || addr == relay->giaddr)
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_SPOOFED);
	return type == RTN_UNICAST ? DHCPK_NEXT : dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_RFC_VIOLATION);
}

/* RFC 1542 4.1: a client may have no address; one that has the address of somebody else who hears us is no client. */
static enum dhcpk_step check_sender(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay)
{
	__be32 addr = ip_hdr(ctx->skb)->saddr;

	return addr ? check_type(relay, addr, dhcpk_sender_type(ctx->dev, addr)) : DHCPK_NEXT;
}

/* RFC 3046 2.1.1: giaddr is another relay's; it is ours in a request of somebody who would like our trust. */
static enum dhcpk_step check_giaddr(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay)
{
	__be32 addr = ctx->msg.hdr->giaddr;

	return addr ? check_type(relay, addr, dhcpk_address_type(ctx->dev, addr)) : DHCPK_NEXT;
}

/* RFC 3046 2.1: without a relay that could have put it in, option 82 is the client's own invention. */
static enum dhcpk_step check_agent(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay)
{
	if (!ctx->msg.agent.whole.data)
		return DHCPK_NEXT;
	if (!ctx->msg.hdr->giaddr && !(relay->flags & DHCPK_RELAY_F_TRUSTED))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_UNTRUSTED);
	/* What is said elsewhere we do not touch (section 2.1), and could not replace. */
	if (relay->policy == DHCPK_RELAY_DROP || (relay->policy == DHCPK_RELAY_REPLACE && ctx->msg.agent.overloaded))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_POLICY);
	return DHCPK_NEXT;
}

/* A client that gets no answer says it again, and counts the seconds; DECLINE and RELEASE it says once. */
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

/*
 * Ours is added to what comes from a client; to what has option 82 already, or comes from another relay, only where the policy
 * says so. @has_agent: it has one; @station: whose frame it was; @agent: room for ours.
 */
static void plan_agent(struct upward *up, bool has_agent, const u8 *station, bool unicast, u8 *agent)
{
	const struct dhcp_hdr *hdr = (const struct dhcp_hdr *)up->body;
	const struct dhcpk_relay *relay = up->relay;
	bool besides = relay->policy == DHCPK_RELAY_APPEND || relay->policy == DHCPK_RELAY_REPLACE;

	up->strip = has_agent && relay->policy == DHCPK_RELAY_REPLACE;
	if (has_agent ? !besides : hdr->giaddr)
		return;
	up->no_room = !dhcpk_relay_agent(relay, up->dev, hdr, station, unicast, &up->agent, agent);
	if (up->no_room)
		up->agent.len = 0;
}

/* Will the server have something to say? A REQUEST that names another is not for it. */
static bool wants_answer(const struct dhcp_msg *msg)
{
	return msg->type == DHCP_DISCOVER || msg->type == DHCP_INFORM || (msg->type == DHCP_REQUEST && !msg->server_id);
}

/* What a relay may change, and nothing else. */
static void edit(struct sk_buff *skb, const struct upward *up, unsigned int size)
{
	struct dhcp_hdr *hdr = (struct dhcp_hdr *)skb->data;
	size_t len = up->len;
	bool left_out = up->no_room;

	hdr->hops++;
	if (!hdr->giaddr)
		hdr->giaddr = up->giaddr;
	if (up->strip)
		len = dhcp_agent_remove(skb->data, len, size, NULL) ?: len;
	if (up->agent.len) {
		size_t more = dhcp_agent_append(skb->data, len, size, &up->agent);

		left_out = !more;
		len = more ?: len;
	}
	if (left_out)
		dhcpk_relay_count(up->relay, DHCPK_RELAY_AGENT_LEFT_OUT);
	skb_put(skb, len);
}

/* With room for option 82 as far as the path has it in one packet (RFC 3046 section 2.1). */
static struct sk_buff *make_up(struct upward *up, const struct rtable *rt, bool last)
{
	unsigned int size = max(up->len, DHCP_MIN_BODY + 0U) + 2 + up->agent.len + 1;
	unsigned int mtu = dst_mtu(&rt->dst) - DHCP_IP_UDP_LEN;
	struct sk_buff *skb;

	size = max(up->len, min(size, mtu));
	skb = dhcpk_frame_for(rt->dst.dev, last ? up->skb : NULL, up->body, up->len, size, &up->gone);
	if (skb)
		edit(skb, up, size);
	return skb;
}

/* It owes one also if nothing can be sent to it. */
static void expect_answer(const struct upward *up, struct dhcpk_server *server)
{
	if (up->answer && !READ_ONCE(server->silent))
		WRITE_ONCE(server->silent, up->now);
}

/* With an address that it was told to have, but that is not there, a relay says nothing; without any, only what others say. */
static bool may_speak(const struct upward *up)
{
	if (up->relay->giaddr)
		return __ip_dev_find(dev_net(up->dev), up->relay->giaddr, false);
	return up->giaddr || ((const struct dhcp_hdr *)up->body)->giaddr;
}

static int no_route(const struct upward *up, int err)
{
	dhcpk_relay_count(up->relay, DHCPK_RELAY_DROP_NO_ROUTE);
	return err;
}

/* To one server; @last: there is no further one. The route is looked up for each: much may change. Returns 0 or -errno. */
static int forward(struct upward *up, struct dhcpk_server *server, bool last)
{
	struct dhcpk_dest to = {
		.source	= up->relay->giaddr,
		.addr	= server->addr,
		.port	= htons(DHCP_SERVER_PORT),
		.sport	= up->relay->port,
	};
	struct rtable *rt = dhcpk_route(up->dev, &to);
	struct sk_buff *skb;
	int err;

	expect_answer(up, server);
	if (IS_ERR(rt))
		return no_route(up, PTR_ERR(rt));
	/* RFC 1542 4.1.1: never back onto the link that it came from, and so not to everybody anywhere. */
	if (rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
		ip_rt_put(rt);
		return no_route(up, -ENETUNREACH);
	}
	skb = make_up(up, rt, last);
	if (!skb) {
		ip_rt_put(rt);
		dhcpk_relay_count(up->relay, DHCPK_RELAY_DROP_NO_MEMORY);
		return -ENOMEM;
	}
	err = dhcpk_frame_send(up->dev, rt, &to, skb);
	if (err)
		dhcpk_relay_count(up->relay, DHCPK_RELAY_DROP_TX_FAILED);
	else
		dhcpk_relay_count_sent(up->relay, server);
	return err;
}

/**
 * dhcpk_server_is_up - does a server answer, as far as we know?
 * @server: the server
 * @now: boottime ns
 *
 * The daemon's word is worth nothing any more if it would have noticed by now, if it looked.
 *
 * Context: any.
 */
bool dhcpk_server_is_up(const struct dhcpk_server *server, u64 now)
{
	u64 silent = READ_ONCE(server->silent);

	return READ_ONCE(server->up) && (!silent || now < silent + (u64)UNNOTICED_SECONDS * NSEC_PER_SEC);
}

/* Is it about a lease that a client has, or has been offered? */
static bool is_about_a_lease(const struct upward *up)
{
	return up->type == DHCP_REQUEST || up->type == DHCP_RELEASE || up->type == DHCP_DECLINE;
}

/*
 * One request makes as many as there are servers. In a flood it goes to one of them alone, another one for each request, so that who
 * asks again is heard by all. REQUEST, RELEASE and DECLINE have a budget of their own, since a flood needs no lease to be made of the
 * others. Two processors that count at the same time may count once.
 */
static bool may_copy(const struct upward *up)
{
	struct dhcpk_relay *relay = up->relay;
	u64 *next_copy = &relay->next_copy[!is_about_a_lease(up)];
	u64 next = max(READ_ONCE(*next_copy), up->now);

	if (relay->n_servers == 1)
		return true;
	if (next > up->now + (u64)COPIES_AT_ONCE * NSEC_PER_SEC / COPIES_A_SECOND)
		return false;
	WRITE_ONCE(*next_copy, next + (relay->n_servers - 1) * (NSEC_PER_SEC / COPIES_A_SECOND));
	return true;
}

/* To the one that it is for, or one whose turn it is; rather to one that is up, and to which there is a way. */
static void forward_to_one(struct upward *up)
{
	struct dhcpk_relay *relay = up->relay;
	unsigned int turn = READ_ONCE(relay->turn), i;

	dhcpk_relay_count(relay, DHCPK_RELAY_COPIES_LEFT_OUT);
	WRITE_ONCE(relay->turn, turn + 1);
	if (up->named)
		up->sent = !forward(up, up->named, true);
	for (i = 0; i < 2 * relay->n_servers && !up->sent && !up->gone; i++) {
		struct dhcpk_server *server = &relay->server[(turn + i) % relay->n_servers];

		if (i >= relay->n_servers || dhcpk_server_is_up(server, up->now))
			up->sent = !forward(up, server, true);
	}
}

/* To all of them; with @up_only, to the first that is up and to which there is a way. */
static void forward_to(struct upward *up, bool up_only)
{
	struct dhcpk_relay *relay = up->relay;
	unsigned int i;

	if (!up_only && !may_copy(up)) {
		forward_to_one(up);
		return;
	}
	for (i = 0; i < relay->n_servers && !up->gone && !(up_only && up->sent); i++) {
		struct dhcpk_server *server = &relay->server[i];

		if (!up_only || dhcpk_server_is_up(server, up->now))
			up->sent |= !forward(up, server, up_only || i + 1 == relay->n_servers);
	}
}

/*
 * With priorities, to one: the one that it is for, if it says so, or the first that is up. If none is up, or nobody would
 * notice if it went down, to all.
 */
static void forward_all(const struct dhcpk_net *dn, struct upward *up)
{
	bool to_one = up->relay->flags & DHCPK_RELAY_F_PRIORITY && READ_ONCE(dn->attached) && !up->to_all;

	if (up->named && (to_one || up->only))
		up->sent = !forward(up, up->named, true);
	else if (to_one)
		forward_to(up, true);
	if (!up->sent && !up->gone && !up->only)
		forward_to(up, false);
}

/*
 * The server that a REQUEST names. Where we stand in for all (RFC 5107 section 4) it names us, and only who has made the
 * offer is to see that it is taken: to others it would look as if it were theirs, and they would refuse what they do not know.
 */
static void find_server(const struct dhcpk_ctx *ctx, struct upward *up)
{
	const struct dhcp_msg *msg = &ctx->msg;

	if (!msg->server_id)
		return;
	up->named = dhcpk_relay_server(up->relay, msg->server_id);
	if (up->named || !(up->relay->pieces & BIT(DHCPK_AGENT_SERVER_ID)) || msg->type != DHCP_REQUEST)
		return;
	up->named = dhcpk_relay_server(up->relay, dhcpk_exchange_server(ctx->config->exchanges, msg->hdr, msg->requested_ip));
	up->only = up->named;
}

/*
 * RFC 5107 section 4: where we stand in for the servers, a client does not say which one its lease is from. All get to see
 * what is about a lease; the others do not know the client, and say nothing.
 */
static bool is_for_any(const struct dhcp_msg *msg, const struct dhcpk_relay *relay)
{
	if (!(relay->pieces & BIT(DHCPK_AGENT_SERVER_ID)))
		return false;
	return msg->type == DHCP_RELEASE || msg->type == DHCP_DECLINE || (msg->type == DHCP_REQUEST && !dhcp_selects(msg));
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

	dhcpk_relay_count(relay, type < ARRAY_SIZE(stat) && stat[type] ? stat[type] : DHCPK_RELAY_UP_OTHER);
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
	if (relay->survive && !dhcp_selects(msg) && !dhcp_contradicts(msg) && dhcpk_relay_silent(relay, ctx->now))
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
 * RFC 1542 section 4.1.1. The message goes on byte for byte, but for hops, giaddr if there was none, and option 82.
 *
 * Return: DHCPK_GONE, DHCPK_DONE, or DHCPK_DROP if it is not to be relayed or could be sent to no server; counted.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_relay_request(struct dhcpk_ctx *ctx)
{
	struct dhcpk_relay *relay = ctx->link->relay;
	struct upward up = {
		.relay	= relay,
		.dev	= ctx->dev,
		.skb	= ctx->skb,
		.body	= (const u8 *)ctx->msg.hdr,
		.len	= ctx->len,
		.giaddr	= dhcpk_relay_giaddr(relay, ctx->dev),
		.answer	= wants_answer(&ctx->msg) && !ctx->msg.hdr->giaddr, /* else it goes to the relay before us */
		.to_all	= is_for_any(&ctx->msg, relay),
		.type	= ctx->msg.type,
		.now	= ctx->now,
	};
	enum dhcpk_step step = admit(ctx, relay);
	u8 agent[DHCP_AGENT_MAX];

	if (step != DHCPK_NEXT)
		return step;
	if (!may_speak(&up))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_NO_ADDRESS);
	find_server(ctx, &up);
	plan_agent(&up, ctx->msg.agent.whole.data, station_of(ctx), ctx->unicast, agent);
	if (!ctx->msg.hdr->giaddr)
		own_client(ctx, relay);
	forward_all(ctx->dn, &up);
	if (up.sent)
		count_up(relay, ctx->msg.type);
	if (up.gone)
		return DHCPK_GONE;
	return up.sent ? DHCPK_DONE : DHCPK_DROP;
}

/**
 * dhcpk_relay_silent - has every server fallen silent?
 * @relay: the relay
 * @now: boottime ns
 *
 * One that owes an answer for a moment only is not silent, whatever the daemon said last: that may have been a while ago, and
 * it may be away. Of those that need not survive, it may say that they are up without a look.
 *
 * Context: any.
 */
bool dhcpk_relay_silent(const struct dhcpk_relay *relay, u64 now)
{
	unsigned int i;

	for (i = 0; i < relay->n_servers; i++) {
		u64 silent = READ_ONCE(relay->server[i].silent);

		if ((relay->survive && dhcpk_server_is_up(&relay->server[i], now)) || !silent ||
		    now < silent + (u64)SILENT_SECONDS * NSEC_PER_SEC)
			return false;
	}
	return true;
}

static void make_probe(struct dhcp_hdr *hdr, const struct net_device *dev, __be32 xid)
{
	static const u8 discover[] = { DHCP_OPT_MESSAGE_TYPE, 1, DHCP_DISCOVER, DHCP_OPT_END };

	hdr->op = DHCP_BOOTREQUEST;
	hdr->htype = DHCP_HTYPE_ETHERNET;
	hdr->hlen = ETH_ALEN;
	hdr->xid = xid;
	dhcpk_relay_probe_chaddr(dev, hdr->chaddr);
	hdr->cookie = htonl(DHCP_COOKIE);
	memcpy(hdr->options, discover, sizeof(discover));
}

static bool has_agent(const u8 *body, size_t len)
{
	size_t at = DHCP_HDR_LEN;
	struct dhcp_place p;

	for (; dhcp_next_option(body, len, at, &p) && p.code != DHCP_OPT_END; at = p.at + p.len) {
		if (p.code == DHCP_OPT_RELAY_AGENT)
			return true;
	}
	return false;
}

/* A request that no client has sent just now: ours, or a client's once more. @agent: room for option 82. */
static struct upward own_request(const struct dhcpk_net *dn, struct dhcpk_relay *relay, struct net_device *dev, const u8 *body,
				 unsigned int len, u8 *agent)
{
	struct upward up = {
		.relay	= relay,
		.dev	= dev,
		.body	= body,
		.len	= len,
		.giaddr	= dhcpk_relay_giaddr(relay, dev),
		.answer	= true,
		.now	= ktime_get_boottime_ns(),
	};

	plan_agent(&up, has_agent(body, len), ((const struct dhcp_hdr *)body)->chaddr, false, agent);
	dhcpk_exchange_asked(dn->exchanges, dev, dhcpk_relay_exchange((const struct dhcp_hdr *)body));
	return up;
}

static int probe_by(const struct dhcpk_net *dn, struct dhcpk_relay *relay, struct dhcpk_server *server, struct net_device *dev)
{
	u8 body[DHCP_MIN_BODY] = {}, agent[DHCP_AGENT_MAX];
	/* The same until it answers, however late. */
	__be32 xid = READ_ONCE(server->probe) ?: htonl(get_random_u32() | 1);
	struct upward up;

	make_probe((struct dhcp_hdr *)body, dev, xid);
	up = own_request(dn, relay, dev, body, sizeof(body), agent);
	if (!may_speak(&up))
		return -EADDRNOTAVAIL;
	WRITE_ONCE(server->probe, xid);
	dhcpk_relay_count(relay, DHCPK_RELAY_PROBES);
	return forward(&up, server, true);
}

/**
 * dhcpk_relay_probe - ask a server for a sign of life
 * @dn: the namespace
 * @relay: a relay of the running generation
 * @server: its server
 *
 * A DISCOVER of a client that has the interface's own hardware address, by the road that all requests take. Only a server
 * that would serve the link's clients answers it; dhcpk_relay_reply() knows the answer by that address.
 *
 * Return: 0; -ENETDOWN or -EADDRNOTAVAIL if it is the interface that is not there, is down or has no address; or another
 * -errno if there is no way to the server.
 * Context: process, dn->lock held.
 */
int dhcpk_relay_probe(struct dhcpk_net *dn, struct dhcpk_relay *relay, struct dhcpk_server *server)
{
	struct net_device *dev;
	int err;

	local_bh_disable();
	rcu_read_lock();
	dev = dev_get_by_index_rcu(dn->net, READ_ONCE(relay->link->ifindex));
	/* One that is down has no clients, and its address takes no answer. */
	err = dev && dev->flags & IFF_UP ? probe_by(dn, relay, server, dev) : -ENETDOWN;
	rcu_read_unlock();
	local_bh_enable();
	return err;
}

/**
 * dhcpk_relay_ask - send a client's request to the servers once more
 * @dn: the namespace
 * @relay: a relay of the running generation
 * @body: the request, as it came
 * @len: its length
 *
 * Return: false if it could be sent to none.
 * Context: softirq or process with softirqs off; RCU.
 */
bool dhcpk_relay_ask(struct dhcpk_net *dn, struct dhcpk_relay *relay, const u8 *body, unsigned int len)
{
	struct net_device *dev = dev_get_by_index_rcu(dn->net, READ_ONCE(relay->link->ifindex));
	struct upward up;
	u8 agent[DHCP_AGENT_MAX];

	if (!dev)
		return false;
	up = own_request(dn, relay, dev, body, len, agent);
	/* Whose lease it is we do not know. */
	up.to_all = true;
	up.type = DHCP_REQUEST;
	if (may_speak(&up))
		forward_all(dn, &up);
	return up.sent;
}
