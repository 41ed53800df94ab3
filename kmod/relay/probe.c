// SPDX-License-Identifier: GPL-2.0-only
/* Requests that no client has sent just now: a relay's own, or a client's once more. */
#include "relay/probe.h"

#include <linux/if_arp.h>
#include <linux/random.h>

#include "relay/counters.h"
#include "relay/exchange.h"
#include "relay/forward.h"
#include "relay/option82.h"

/**
 * dhcpk_relay_probe_chaddr - the hardware address in a probe
 * @dev: the interface of the clients that the server would serve
 * @chaddr: ETH_ALEN bytes, set to the interface's address, or if it has none to one of no station
 *
 * Context: any.
 */
void dhcpk_relay_probe_chaddr(const struct net_device *dev, u8 *chaddr)
{
	__be32 ifindex = htonl(dev->ifindex);

	if (dev->type == ARPHRD_ETHER) {
		memcpy(chaddr, dev->dev_addr, ETH_ALEN);
		return;
	}
	chaddr[0] = 0x02;	/* locally administered */
	chaddr[1] = 0;
	memcpy(chaddr + 2, &ifindex, sizeof(ifindex));
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

/* A request of ours gets what up.c gives one of a client. @agent: room for DHCP_AGENT_MAX bytes. */
static void plan(const struct dhcpk_net *dn, struct dhcpk_upward *up, u8 *agent)
{
	const struct dhcp_hdr *hdr = (const struct dhcp_hdr *)up->body;

	up->giaddr = dhcpk_relay_giaddr(up->relay, up->dev);
	up->answer = true;
	up->now = ktime_get_boottime_ns();
	dhcpk_upward_plan_agent(up, has_agent(up->body, up->len), hdr->chaddr, false, agent);
	dhcpk_exchange_asked(dn->exchanges, up->dev, dhcpk_relay_exchange(hdr));
}

static int probe_by(const struct dhcpk_net *dn, struct dhcpk_relay *relay,
		    struct dhcpk_server *server, struct net_device *dev)
{
	u8 body[DHCP_MIN_BODY] = {}, agent[DHCP_AGENT_MAX];
	struct dhcpk_upward up = { .relay = relay, .dev = dev, .body = body, .len = sizeof(body) };
	/* The same until it answers, however late. */
	__be32 xid = READ_ONCE(server->probe) ?: htonl(get_random_u32() | 1);

	make_probe((struct dhcp_hdr *)body, dev, xid);
	plan(dn, &up, agent);
	if (!dhcpk_upward_may_speak(&up))
		return -EADDRNOTAVAIL;
	WRITE_ONCE(server->probe, xid);
	dhcpk_relay_count(relay, DHCPK_RELAY_PROBES);
	return dhcpk_forward(&up, server, true);
}

/**
 * dhcpk_relay_probe - ask a server for a sign of life
 * @dn: the namespace
 * @relay: a relay of the running generation
 * @server: its server
 *
 * A DISCOVER of a client that has the interface's own hardware address, by the road that all
 * requests take. Only a server that would serve the link's clients answers it; dhcpk_relay_reply()
 * knows the answer by that address.
 *
 * Return: 0; -ENETDOWN or -EADDRNOTAVAIL if it is the interface that is not there, is down or has
 * no address; or another -errno if there is no way to the server.
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
bool dhcpk_relay_ask(struct dhcpk_net *dn, struct dhcpk_relay *relay, const u8 *body,
		     unsigned int len)
{
	struct dhcpk_upward up = {
		.relay	= relay,
		.dev	= dev_get_by_index_rcu(dn->net, READ_ONCE(relay->link->ifindex)),
		.body	= body,
		.len	= len,
		.to_all	= true,		/* whose lease it is we do not know */
		.type	= DHCP_REQUEST,
	};
	u8 agent[DHCP_AGENT_MAX];

	if (!up.dev)
		return false;
	plan(dn, &up, agent);
	if (dhcpk_upward_may_speak(&up))
		dhcpk_forward_all(dn, &up);
	return up.sent;
}
