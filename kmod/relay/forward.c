// SPDX-License-Identifier: GPL-2.0-only
/* A relay sends a request to servers: the changes in the message, and the choice of servers. */
#include "relay/forward.h"

#include <net/ip.h>
#include <net/route.h>

#include "base/frame.h"
#include "base/trace.h"
#include "relay/counters.h"
#include "relay/option82.h"
#include "relay/servers.h"

enum {
	COPIES_A_SECOND	= 4096,		/* of requests, to the second and further servers */
	COPIES_AT_ONCE	= 65536,	/* the same in a burst: after a power cut of a street */
};

/**
 * dhcpk_request_plan_agent - choose the option 82 of a request to servers
 * @req: the request
 * @has_agent: the request has an option 82
 * @station: the hardware address of its frame
 * @unicast: the client sent it to this host alone
 * @agent: buffer of DHCP_AGENT_MAX bytes, to which @req refers
 *
 * The relay adds its option 82 to a client's request. To a request with an option 82, or of another
 * relay, it adds one only if the policy says so.
 *
 * Context: softirq, RCU.
 */
void dhcpk_request_plan_agent(struct dhcpk_relay_request *req, bool has_agent, const u8 *station,
			      bool unicast, u8 *agent)
{
	const struct dhcp_hdr *hdr = (const struct dhcp_hdr *)req->body;
	const struct dhcpk_relay *relay = req->relay;
	bool besides = relay->policy == DHCPK_RELAY_APPEND || relay->policy == DHCPK_RELAY_REPLACE;

	req->strip_agent = has_agent && relay->policy == DHCPK_RELAY_REPLACE;
	if (has_agent ? !besides : hdr->giaddr != 0)
		return;
	req->no_room = !dhcpk_relay_agent(relay, req->dev, hdr, station, unicast, &req->agent,
					  agent);
	if (req->no_room)
		req->agent.len = 0;
}

/* A relay may change hops, giaddr and option 82, and nothing else. */
static void edit(struct sk_buff *skb, const struct dhcpk_relay_request *req, unsigned int size)
{
	struct dhcp_hdr *hdr = (struct dhcp_hdr *)skb->data;
	size_t len = req->len;
	bool left_out = req->no_room;

	hdr->hops++;
	if (!hdr->giaddr)
		hdr->giaddr = req->giaddr;
	if (req->strip_agent)
		len = dhcp_agent_remove(skb->data, len, size, NULL) ?: len;
	if (req->agent.len) {
		size_t more = dhcp_agent_append(skb->data, len, size, &req->agent);

		left_out = !more;
		len = more ?: len;
	}
	if (left_out)
		dhcpk_relay_count(req->relay, DHCPK_RELAY_AGENT_LEFT_OUT);
	skb_put(skb, len);
}

/* With room for option 82, as long as the request fits into the path MTU (RFC 3046 section 2.1). */
static struct sk_buff *build_request(struct dhcpk_relay_request *req, const struct rtable *rt,
				     bool last)
{
	unsigned int size = max(req->len, DHCP_MIN_BODY + 0U) + 2 + req->agent.len + 1;
	unsigned int mtu = dst_mtu(&rt->dst) - DHCP_IP_UDP_LEN;
	struct sk_buff *skb;

	size = max(req->len, min(size, mtu));
	skb = dhcpk_frame_for(rt->dst.dev, last ? req->skb : NULL, req->body, req->len, size,
			      &req->skb_consumed);
	if (skb)
		edit(skb, req, size);
	return skb;
}

static int no_route(const struct dhcpk_relay_request *req, int err)
{
	dhcpk_relay_count(req->relay, DHCPK_RELAY_DROP_NO_ROUTE);
	return err;
}

/**
 * dhcpk_forward - send a request to one server
 * @req: the request
 * @server: the server
 * @last: no further server gets it, so that its own skb may carry it on
 *
 * Each request looks up the route to the server: routes, addresses and rules may change.
 *
 * Return: 0 or -errno, counted.
 * Context: softirq, RCU.
 */
int dhcpk_forward(struct dhcpk_relay_request *req, struct dhcpk_server *server, bool last)
{
	struct dhcpk_dest to = {
		.source	= req->relay->giaddr,
		.addr	= server->addr,
		.port	= htons(DHCP_SERVER_PORT),
		.sport	= req->relay->port,
	};
	struct rtable *rt = dhcpk_route(req->dev, &to);
	struct sk_buff *skb;
	int err;

	/* The server owes an answer even if the request cannot be sent. */
	if (req->expects_reply)
		dhcpk_server_owes(server, req->now);
	if (IS_ERR(rt))
		return no_route(req, PTR_ERR(rt));
	/* RFC 1542 4.1.1: no broadcast back onto the client's link; so no broadcast at all. */
	if (rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
		ip_rt_put(rt);
		return no_route(req, -ENETUNREACH);
	}
	skb = build_request(req, rt, last);
	if (!skb) {
		ip_rt_put(rt);
		dhcpk_relay_count(req->relay, DHCPK_RELAY_DROP_NO_MEMORY);
		return -ENOMEM;
	}
	trace_relay(req->relay->dev, true, req->type, skb->data, to.addr);
	err = dhcpk_frame_send(req->dev, rt, &to, skb);
	if (err)
		dhcpk_relay_count(req->relay, DHCPK_RELAY_DROP_TX_FAILED);
	else
		dhcpk_relay_count_sent(req->relay, server);
	return err;
}

/* Is the request about a lease that a client has, or has been offered? */
static bool is_about_a_lease(const struct dhcpk_relay_request *req)
{
	return req->type == DHCP_REQUEST || req->type == DHCP_RELEASE || req->type == DHCP_DECLINE;
}

/*
 * A relay copies a request to each of its servers. In a flood a request goes to one server only,
 * and the next request to the next server, so that a client that tries again reaches all of them.
 * REQUEST, RELEASE and DECLINE have a budget of their own, because an attacker can flood with other
 * messages without a lease. If two processors count at the same time, one count may get lost.
 */
static bool may_copy(const struct dhcpk_relay_request *req)
{
	struct dhcpk_relay *relay = req->relay;
	u64 *next_copy = &relay->next_copy[!is_about_a_lease(req)];
	u64 next = max(READ_ONCE(*next_copy), req->now);

	if (relay->n_servers == 1)
		return true;
	if (next > req->now + (u64)COPIES_AT_ONCE * NSEC_PER_SEC / COPIES_A_SECOND)
		return false;
	WRITE_ONCE(*next_copy, next + (relay->n_servers - 1) * (NSEC_PER_SEC / COPIES_A_SECOND));
	return true;
}

/*
 * Send the request to its target, or to the server that has its turn. The function prefers a server
 * that is up and has a route.
 */
static void forward_to_one(struct dhcpk_relay_request *req)
{
	struct dhcpk_relay *relay = req->relay;
	unsigned int turn = READ_ONCE(relay->turn), i;

	dhcpk_relay_count(relay, DHCPK_RELAY_COPIES_LEFT_OUT);
	WRITE_ONCE(relay->turn, turn + 1);
	if (req->target)
		req->sent = !dhcpk_forward(req, req->target, true);
	for (i = 0; i < 2 * relay->n_servers && !req->sent && !req->skb_consumed; i++) {
		struct dhcpk_server *server = &relay->server[(turn + i) % relay->n_servers];

		if (i >= relay->n_servers || dhcpk_server_is_up(server, req->now))
			req->sent = !dhcpk_forward(req, server, true);
	}
}

/* Send the request to all servers; with @up_only, to the first one that is up and has a route. */
static void forward_to(struct dhcpk_relay_request *req, bool up_only)
{
	struct dhcpk_relay *relay = req->relay;
	unsigned int i;

	if (!up_only && !may_copy(req)) {
		forward_to_one(req);
		return;
	}
	for (i = 0; i < relay->n_servers && !req->skb_consumed && !(up_only && req->sent); i++) {
		struct dhcpk_server *server = &relay->server[i];

		if (!up_only || dhcpk_server_is_up(server, req->now))
			req->sent |= !dhcpk_forward(req, server,
						   up_only || i + 1 == relay->n_servers);
	}
}

/**
 * dhcpk_forward_all - send a request to the servers that it is for
 * @dn: the namespace
 * @req: the request; the function sets its members sent and skb_consumed
 *
 * With DHCPK_RELAY_F_PRIORITY the request goes to one server: its target, or the first server that
 * is up. It goes to all servers if none is up, or while no daemon is attached that would notice a
 * server that goes down.
 *
 * Context: softirq, RCU.
 */
void dhcpk_forward_all(const struct dhcpk_net *dn, struct dhcpk_relay_request *req)
{
	bool to_one = req->relay->flags & DHCPK_RELAY_F_PRIORITY && READ_ONCE(dn->attached) &&
		      !req->all_servers;

	if (req->target && (to_one || req->target_only))
		req->sent = !dhcpk_forward(req, req->target, true);
	else if (to_one)
		forward_to(req, true);
	if (!req->sent && !req->skb_consumed && !req->target_only)
		forward_to(req, false);
}
