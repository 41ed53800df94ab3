// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is kept in mind of an exchange while it lasts: by which interface its client has asked, and which server
 * has made which offer. Where a later exchange has taken an entry's place, the caller works it out from the message.
 */
#include <linux/inetdevice.h>
#include <linux/mm.h>

#include "relay.h"

enum { EXCHANGES = 2048 };

/**
 * struct dhcpk_exchanges - a namespace's
 * @asked: a hash of the exchange in the upper half, an interface in the lower
 * @offered: a hash of the client and an address in the upper half, a server's address in the lower
 */
struct dhcpk_exchanges {
	u64	asked[EXCHANGES];
	u64	offered[EXCHANGES];
};

/**
 * dhcpk_exchanges_init - room for a namespace's, that lasts as long as that
 * @dn: the namespace
 * @c: a generation with relays
 *
 * Return: 0 or -ENOMEM.
 * Context: process, dn->lock held.
 */
int dhcpk_exchanges_init(struct dhcpk_net *dn, struct dhcpk_config *c)
{
	if (!dn->exchanges)
		dn->exchanges = kvzalloc(sizeof(*dn->exchanges), GFP_KERNEL);
	c->exchanges = dn->exchanges;
	return c->exchanges ? 0 : -ENOMEM;
}

/**
 * dhcpk_exchanges_free - end a namespace's
 * @dn: the namespace; no packet can reach it any more
 *
 * Context: process.
 */
void dhcpk_exchanges_free(struct dhcpk_net *dn)
{
	kvfree(dn->exchanges);
}

static void keep(u64 *table, u32 hash, u32 value)
{
	dhcpk_table_put(table, EXCHANGES, hash, value);
}

static u32 kept(const u64 *table, u32 hash)
{
	u32 value;

	return dhcpk_table_get(table, EXCHANGES, hash, &value) ? value : 0;
}

/**
 * dhcpk_exchange_asked - a request has come in
 * @x: the namespace's
 * @dev: the interface
 * @exchange: the request's, as dhcpk_relay_exchange() has it
 *
 * Context: softirq, or process with softirqs off.
 */
void dhcpk_exchange_asked(struct dhcpk_exchanges *x, const struct net_device *dev, u32 exchange)
{
	keep(x->asked, exchange, dev->ifindex);
}

/**
 * dhcpk_exchange_dev - by which interface has the client asked?
 * @x: the namespace's
 * @net: the namespace
 * @hdr: a reply
 *
 * Return: the interface; NULL if nobody knows, or it is gone.
 * Context: softirq, RCU.
 */
struct net_device *dhcpk_exchange_dev(const struct dhcpk_exchanges *x, struct net *net, const struct dhcp_hdr *hdr)
{
	u32 ifindex = kept(x->asked, dhcpk_relay_exchange(hdr));

	return ifindex ? dev_get_by_index_rcu(net, ifindex) : NULL;
}

/**
 * dhcpk_exchange_offered - a server's offer is on its way to the client
 * @x: the namespace's
 * @hdr: the OFFER
 * @server: the server's address
 *
 * Context: softirq.
 */
void dhcpk_exchange_offered(struct dhcpk_exchanges *x, const struct dhcp_hdr *hdr, __be32 server)
{
	keep(x->offered, dhcpk_client_hash(hdr, hdr->yiaddr), (__force u32)server);
}

/**
 * dhcpk_exchange_server - whose offer does a client take?
 * @x: the namespace's
 * @hdr: its REQUEST
 * @addr: the address that was offered
 *
 * Return: the server's address, 0 if nobody knows.
 * Context: softirq.
 */
__be32 dhcpk_exchange_server(const struct dhcpk_exchanges *x, const struct dhcp_hdr *hdr, __be32 addr)
{
	return (__force __be32)kept(x->offered, dhcpk_client_hash(hdr, addr));
}
