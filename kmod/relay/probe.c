// SPDX-License-Identifier: GPL-2.0-only
/* Requests that the relay itself sends: probes, and clients' requests again. */
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
 * @chaddr: ETH_ALEN bytes, set to the interface's address; or if the interface has none, to an
 *     address that no station has
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

/* The relay prepares its own request as up.c does a client's. @agent: DHCP_AGENT_MAX bytes. */
static void plan(const struct dhcpk_net *dn, struct dhcpk_relay_request *req, u8 *agent)
{
	const struct dhcp_hdr *hdr = (const struct dhcp_hdr *)req->body;

	req->giaddr = dhcpk_relay_giaddr(req->relay, req->dev);
	req->expects_reply = true;
	req->now = ktime_get_boottime_ns();
	dhcpk_request_plan_agent(req, has_agent(req->body, req->len), hdr->chaddr, false, agent);
	dhcpk_exchange_asked(dn->exchanges, req->dev, dhcpk_relay_exchange(hdr));
}

static int probe_by(const struct dhcpk_net *dn, struct dhcpk_relay *relay,
		    struct dhcpk_server *server, struct net_device *dev)
{
	u8 body[DHCP_MIN_BODY] = {}, agent[DHCP_AGENT_MAX];
	struct dhcpk_relay_request req = {
		.relay	= relay,
		.dev	= dev,
		.body	= body,
		.len	= sizeof(body),
	};
	/* The same xid until the server answers, however late. */
	__be32 xid = READ_ONCE(server->probe) ?: htonl(get_random_u32() | 1);

	make_probe((struct dhcp_hdr *)body, dev, xid);
	plan(dn, &req, agent);
	if (!dhcpk_request_has_giaddr(&req))
		return -EADDRNOTAVAIL;
	WRITE_ONCE(server->probe, xid);
	dhcpk_relay_count(relay, DHCPK_RELAY_PROBES);
	return dhcpk_forward(&req, server, true);
}

/**
 * dhcpk_relay_probe - send a server a probe
 * @dn: the namespace
 * @relay: a relay of the running generation
 * @server: its server
 *
 * The probe is a DISCOVER of a client with the interface's own hardware address. The relay sends it
 * as all requests. Only a server that would serve the link's clients answers it. dhcpk_relay_down()
 * recognises the answer by the hardware address.
 *
 * Return: 0; -ENETDOWN if the interface does not exist or is down; -EADDRNOTAVAIL if the relay has
 * no giaddr; another -errno if the server has no route.
 * Context: process, dn->lock held.
 */
int dhcpk_relay_probe(struct dhcpk_net *dn, struct dhcpk_relay *relay, struct dhcpk_server *server)
{
	struct net_device *dev;
	int err;

	local_bh_disable();
	rcu_read_lock();
	dev = dev_get_by_index_rcu(dn->net, READ_ONCE(relay->link->ifindex));
	/* An interface that is down has no clients, and its address gets no answer. */
	err = dev && dev->flags & IFF_UP ? probe_by(dn, relay, server, dev) : -ENETDOWN;
	rcu_read_unlock();
	local_bh_enable();
	return err;
}

/**
 * dhcpk_relay_ask - send a client's request to the servers again
 * @dn: the namespace
 * @relay: a relay of the running generation
 * @body: the request as it arrived
 * @len: its length
 *
 * Return: false if the relay could send it to no server.
 * Context: softirq or process with softirqs off; RCU.
 */
bool dhcpk_relay_ask(struct dhcpk_net *dn, struct dhcpk_relay *relay, const u8 *body,
		     unsigned int len)
{
	struct dhcpk_relay_request req = {
		.relay	= relay,
		.dev	= dev_get_by_index_rcu(dn->net, READ_ONCE(relay->link->ifindex)),
		.body	= body,
		.len	= len,
		/* The relay does not know which server has the lease. */
		.all_servers = true,
		.type	= DHCP_REQUEST,
	};
	u8 agent[DHCP_AGENT_MAX];

	if (!req.dev)
		return false;
	plan(dn, &req, agent);
	if (dhcpk_request_has_giaddr(&req))
		dhcpk_forward_all(dn, &req);
	return req.sent;
}
