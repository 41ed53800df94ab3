// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is kept in mind of an exchange while it lasts: by which interface its client has asked, and which server
 * has made which offer. Where a later exchange has taken an entry's place, the caller works it out from the message.
 */
#include <linux/inetdevice.h>
#include <linux/mm.h>

#include "relay.h"

enum {
	EXCHANGES	= 2048,
	WAYS		= 8,	/* a set of places that an exchange may have: a cache line */
	OWN_WAYS	= 2,	/* of these an interface keeps, whatever the others hear */
};

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

static u64 *set_of(struct dhcpk_exchanges *x, u32 exchange)
{
	return &x->asked[dhcpk_hash_slot(exchange, EXCHANGES / WAYS) * WAYS];
}

static unsigned int places_of(const u64 *set, u32 ifindex)
{
	unsigned int i, n = 0;

	for (i = 0; i < WAYS; i++)
		n += (u32)READ_ONCE(set[i]) == ifindex;
	return n;
}

/* A place of whoever has most of them in a full set */
static u64 *widest(u64 *set)
{
	unsigned int i, n, most = 0;
	u64 *found = set;

	for (i = 0; i < WAYS; i++) {
		n = places_of(set, READ_ONCE(set[i]));
		if (n > most) {
			most = n;
			found = &set[i];
		}
	}
	return found;
}

/*
 * The place of an exchange: the one that it has, else a free one, else one of its interface's own. So whoever floods a link puts the
 * exchanges of that link out of mind, and not those of others.
 */
static u64 *place_for(u64 *set, u32 exchange, u32 ifindex)
{
	unsigned int i, own = 0, skip = exchange % WAYS;
	u64 *free = NULL, *mine = NULL;

	for (i = 0; i < WAYS; i++) {
		u64 *at = &set[(i + skip) % WAYS], entry = READ_ONCE(*at);

		if (entry >> 32 == exchange)
			return at;
		if (!entry)
			free = at;
		if ((u32)entry != ifindex)
			continue;
		own++;
		mine = at;
	}
	return free ?: own >= OWN_WAYS ? mine : widest(set);
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
	u64 *place = place_for(set_of(x, exchange), exchange, dev->ifindex);

	WRITE_ONCE(*place, (u64)exchange << 32 | dev->ifindex);
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
	u32 exchange = dhcpk_relay_exchange(hdr);
	const u64 *set = set_of((struct dhcpk_exchanges *)x, exchange);
	unsigned int i;

	for (i = 0; i < WAYS; i++) {
		u64 entry = READ_ONCE(set[i]);

		if (entry && entry >> 32 == exchange)
			return dev_get_by_index_rcu(net, (u32)entry);
	}
	return NULL;
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
