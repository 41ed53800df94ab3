// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is kept in mind of an exchange while it lasts: by which interface its client has asked, and which server
 * has made which offer. Where a later exchange has taken an entry's place, the caller works it out from the message, or asks all.
 */
#include "relay/exchange.h"

#include <linux/inetdevice.h>
#include <linux/mm.h>

enum {
	EXCHANGES	= 2048,
	WAYS		= 8,	/* a set of places that an exchange may have: a cache line */
	OWN_WAYS	= 2,	/* of these an interface keeps, whatever the others hear */
};

/**
 * struct places - a table of hashes and what belongs to them
 * @entry: the hash in the upper half, its value in the lower; 0: free
 * @owner: the clients' interface, as far as it fits
 *
 * Packets write both without a lock: what is seen of an owner may be another entry's, which costs that a place.
 */
struct places {
	u64	entry[EXCHANGES];
	u16	owner[EXCHANGES];
};

/**
 * struct dhcpk_exchanges - a namespace's
 * @asked: by the exchange, the interface that the client has asked by
 * @offered: by the client and an address, the server that offers it
 */
struct dhcpk_exchanges {
	struct places	asked;
	struct places	offered;
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

static unsigned int set_of(u32 hash)
{
	return dhcpk_hash_slot(hash, EXCHANGES / WAYS) * WAYS;
}

static unsigned int places_of(const u16 *owner, u16 who)
{
	unsigned int i, n = 0;

	for (i = 0; i < WAYS; i++)
		n += READ_ONCE(owner[i]) == who;
	return n;
}

/* In a full set: a place of the interface that has the most places there */
static unsigned int widest(const u16 *owner)
{
	unsigned int i, n, most = 0, found = 0;

	for (i = 0; i < WAYS; i++) {
		n = places_of(owner, READ_ONCE(owner[i]));
		if (n > most) {
			most = n;
			found = i;
		}
	}
	return found;
}

/* The first place of a hash is taken: it keeps another that it has, or gets a free one, or replaces one of its interface. */
static unsigned int other_place(const u64 *entry, const u16 *owner, u32 hash, u16 who)
{
	unsigned int i, at, own = 0, mine = 0, free = WAYS;

	for (i = 0; i < WAYS; i++) {
		at = (hash + i) % WAYS;
		if (READ_ONCE(entry[at]) >> 32 == hash)
			return at;
		if (!READ_ONCE(entry[at]))
			free = at;
		if (READ_ONCE(owner[at]) != who)
			continue;
		own++;
		mine = at;
	}
	if (free < WAYS)
		return free;
	return own >= OWN_WAYS ? mine : widest(owner);
}

/* A flood on one link replaces exchanges of that link. Exchanges of other links keep their places. */
static unsigned int place_for(const u64 *entry, const u16 *owner, u32 hash, u16 who)
{
	unsigned int first = hash % WAYS;
	u64 e = READ_ONCE(entry[first]);

	/* A place that is taken is never free again: as long as this one is, the hash has no other. */
	return !e || e >> 32 == hash ? first : other_place(entry, owner, hash, who);
}

static void keep(struct places *p, const struct net_device *dev, u32 hash, u32 value)
{
	unsigned int set = set_of(hash), at = set + place_for(&p->entry[set], &p->owner[set], hash, dev->ifindex);

	WRITE_ONCE(p->owner[at], dev->ifindex);
	WRITE_ONCE(p->entry[at], (u64)hash << 32 | value);
}

/* Its value; 0 if it is not there */
static u32 kept(const struct places *p, u32 hash)
{
	const u64 *entry = &p->entry[set_of(hash)];
	u64 e = READ_ONCE(entry[hash % WAYS]);
	unsigned int i;

	for (i = 0; e >> 32 != hash && i < WAYS; i++)
		e = READ_ONCE(entry[i]);
	return e >> 32 == hash ? e : 0;
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
	keep(&x->asked, dev, exchange, dev->ifindex);
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
	u32 ifindex = kept(&x->asked, dhcpk_relay_exchange(hdr));

	return ifindex ? dev_get_by_index_rcu(net, ifindex) : NULL;
}

/**
 * dhcpk_exchange_offered - a server's offer is on its way to the client
 * @x: the namespace's
 * @dev: the client's interface
 * @hdr: the OFFER
 * @server: the server's address
 *
 * Context: softirq.
 */
void dhcpk_exchange_offered(struct dhcpk_exchanges *x, const struct net_device *dev, const struct dhcp_hdr *hdr, __be32 server)
{
	keep(&x->offered, dev, dhcpk_client_hash(hdr, hdr->yiaddr), (__force u32)server);
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
	return (__force __be32)kept(&x->offered, dhcpk_client_hash(hdr, addr));
}
