// SPDX-License-Identifier: GPL-2.0-only
/* A request on its way to servers: what a relay changes in it, and which of them get it. */
#include "relay/forward.h"

#include <net/ip.h>
#include <net/route.h>

#include "base/frame.h"
#include "base/trace.h"
#include "relay/counters.h"
#include "relay/option82.h"
#include "relay/servers.h"

enum {
	COPIES_A_SECOND	= 4096,		/* of requests, for the second server and further ones */
	COPIES_AT_ONCE	= 65536,	/* the same in a burst: a street's power comes back */
};

/**
 * dhcpk_upward_plan_agent - which option 82 goes to the servers?
 * @up: the request
 * @has_agent: the request has an option 82
 * @station: the hardware address of its frame
 * @unicast: it was sent to us alone
 * @agent: room for DHCP_AGENT_MAX bytes, which @up refers to
 *
 * A client's request gets ours. A request with an option 82, or of another relay, gets ours only
 * where the policy says so.
 *
 * Context: softirq, RCU.
 */
void dhcpk_upward_plan_agent(struct dhcpk_upward *up, bool has_agent, const u8 *station,
			     bool unicast, u8 *agent)
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

/* What a relay may change, and nothing else. */
static void edit(struct sk_buff *skb, const struct dhcpk_upward *up, unsigned int size)
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
static struct sk_buff *make_up(struct dhcpk_upward *up, const struct rtable *rt, bool last)
{
	unsigned int size = max(up->len, DHCP_MIN_BODY + 0U) + 2 + up->agent.len + 1;
	unsigned int mtu = dst_mtu(&rt->dst) - DHCP_IP_UDP_LEN;
	struct sk_buff *skb;

	size = max(up->len, min(size, mtu));
	skb = dhcpk_frame_for(rt->dst.dev, last ? up->skb : NULL, up->body, up->len, size,
			      &up->gone);
	if (skb)
		edit(skb, up, size);
	return skb;
}

static int no_route(const struct dhcpk_upward *up, int err)
{
	dhcpk_relay_count(up->relay, DHCPK_RELAY_DROP_NO_ROUTE);
	return err;
}

/**
 * dhcpk_forward - a request goes to one server
 * @up: the request
 * @server: the server
 * @last: no further server gets it, so that the skb that brought it may carry it on
 *
 * Each server's route is looked up anew: much may change.
 *
 * Return: 0 or -errno, counted.
 * Context: softirq, RCU.
 */
int dhcpk_forward(struct dhcpk_upward *up, struct dhcpk_server *server, bool last)
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

	/* It owes one also if nothing can be sent to it. */
	if (up->answer)
		dhcpk_server_owes(server, up->now);
	if (IS_ERR(rt))
		return no_route(up, PTR_ERR(rt));
	/* RFC 1542 4.1.1: never back onto its own link, and so not to everybody anywhere. */
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
	trace_relay(up->relay->dev, true, up->type, ntohl(((struct dhcp_hdr *)skb->data)->xid), to.addr);
	err = dhcpk_frame_send(up->dev, rt, &to, skb);
	if (err)
		dhcpk_relay_count(up->relay, DHCPK_RELAY_DROP_TX_FAILED);
	else
		dhcpk_relay_count_sent(up->relay, server);
	return err;
}

/* Is it about a lease that a client has, or has been offered? */
static bool is_about_a_lease(const struct dhcpk_upward *up)
{
	return up->type == DHCP_REQUEST || up->type == DHCP_RELEASE || up->type == DHCP_DECLINE;
}

/*
 * One request makes as many as there are servers. In a flood it goes to one of them alone, another
 * one for each request, so that who asks again is heard by all. REQUEST, RELEASE and DECLINE have a
 * budget of their own, since a flood needs no lease to be made of the others. Two processors that
 * count at the same time may count once.
 */
static bool may_copy(const struct dhcpk_upward *up)
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

/*
 * To the one that it is for, or one whose turn it is; rather to one that is up, and to which there
 * is a way.
 */
static void forward_to_one(struct dhcpk_upward *up)
{
	struct dhcpk_relay *relay = up->relay;
	unsigned int turn = READ_ONCE(relay->turn), i;

	dhcpk_relay_count(relay, DHCPK_RELAY_COPIES_LEFT_OUT);
	WRITE_ONCE(relay->turn, turn + 1);
	if (up->named)
		up->sent = !dhcpk_forward(up, up->named, true);
	for (i = 0; i < 2 * relay->n_servers && !up->sent && !up->gone; i++) {
		struct dhcpk_server *server = &relay->server[(turn + i) % relay->n_servers];

		if (i >= relay->n_servers || dhcpk_server_is_up(server, up->now))
			up->sent = !dhcpk_forward(up, server, true);
	}
}

/* To all of them; with @up_only, to the first that is up and to which there is a way. */
static void forward_to(struct dhcpk_upward *up, bool up_only)
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
			up->sent |= !dhcpk_forward(up, server,
						   up_only || i + 1 == relay->n_servers);
	}
}

/**
 * dhcpk_forward_all - a request goes to the servers that it is for
 * @dn: the namespace
 * @up: the request; @up->sent and @up->gone are set
 *
 * With priorities it goes to one: the server that it names, or the first that is up. It goes to all
 * servers if none is up, or if the daemon is away and would not notice one that goes down.
 *
 * Context: softirq, RCU.
 */
void dhcpk_forward_all(const struct dhcpk_net *dn, struct dhcpk_upward *up)
{
	bool to_one = up->relay->flags & DHCPK_RELAY_F_PRIORITY && READ_ONCE(dn->attached) &&
		      !up->to_all;

	if (up->named && (to_one || up->only))
		up->sent = !dhcpk_forward(up, up->named, true);
	else if (to_one)
		forward_to(up, true);
	if (!up->sent && !up->gone && !up->only)
		forward_to(up, false);
}
