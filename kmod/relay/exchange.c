// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notes of an exchange while it lasts: the interface of its client, and which server has made which
 * offer. If a later exchange has taken the slot of an entry, the caller finds the relay by the
 * message, or sends to all servers.
 */
#include "relay/exchange.h"

#include <linux/inetdevice.h>
#include <linux/mm.h>

enum {
	EXCHANGES	= 2048,
	WAYS		= 8,	/* the slots for one exchange: a set, which is a cache line */
	OWN_WAYS	= 2,	/* how many of them an interface keeps in a flood on another */
};

/**
 * struct slots - a table of values by hash
 * @entry: the hash in the upper half, the value in the lower half; 0: free
 * @owner: the interface of the client, its lower 16 bits
 *
 * Packets write both without a lock: a writer may see the owner of another entry. Then that entry
 * may lose its slot.
 */
struct slots {
	u64	entry[EXCHANGES];
	u16	owner[EXCHANGES];
};

/**
 * struct dhcpk_exchanges - the exchanges of a namespace
 * @asked: by exchange, the interface on which the request came
 * @offered: by client and address, the server that has offered the address
 */
struct dhcpk_exchanges {
	struct slots	asked;
	struct slots	offered;
};

/**
 * dhcpk_exchanges_init - allocate the tables of a namespace, which last as long as it
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
 * dhcpk_exchanges_free - free the tables of a namespace
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

static unsigned int count_slots(const u16 *owner, u16 dev)
{
	unsigned int i, n = 0;

	for (i = 0; i < WAYS; i++)
		n += READ_ONCE(owner[i]) == dev;
	return n;
}

/* In a full set: a slot of the interface that has the most slots there */
static unsigned int most_used(const u16 *owner)
{
	unsigned int i, n, most = 0, found = 0;

	for (i = 0; i < WAYS; i++) {
		n = count_slots(owner, READ_ONCE(owner[i]));
		if (n > most) {
			most = n;
			found = i;
		}
	}
	return found;
}

/*
 * The first slot of a hash is taken. The hash keeps another slot that it has, or gets a free slot.
 * In a full set it replaces an entry: of its own interface, if that has OWN_WAYS slots there, else
 * of the interface with the most slots there.
 */
static unsigned int other_slot(const u64 *entry, const u16 *owner, u32 hash, u16 dev)
{
	unsigned int i, at, n_own = 0, own_slot = 0, free = WAYS;

	for (i = 0; i < WAYS; i++) {
		at = (hash + i) % WAYS;
		if (READ_ONCE(entry[at]) >> 32 == hash)
			return at;
		if (!READ_ONCE(entry[at]))
			free = at;
		if (READ_ONCE(owner[at]) != dev)
			continue;
		n_own++;
		own_slot = at;
	}
	if (free < WAYS)
		return free;
	return n_own >= OWN_WAYS ? own_slot : most_used(owner);
}

/* A flood on a link replaces exchanges of that link. Exchanges of other links keep their slots. */
static unsigned int find_slot(const u64 *entry, const u16 *owner, u32 hash, u16 dev)
{
	unsigned int first = hash % WAYS;
	u64 e = READ_ONCE(entry[first]);

	/* A slot never becomes free again: while the first slot is free, the hash has no other. */
	return !e || e >> 32 == hash ? first : other_slot(entry, owner, hash, dev);
}

static void insert(struct slots *s, const struct net_device *dev, u32 hash, u32 value)
{
	unsigned int set = set_of(hash);
	unsigned int at = set + find_slot(&s->entry[set], &s->owner[set], hash, dev->ifindex);

	WRITE_ONCE(s->owner[at], dev->ifindex);
	WRITE_ONCE(s->entry[at], (u64)hash << 32 | value);
}

/* Returns the value of a hash, 0 if the table does not have it. */
static u32 lookup(const struct slots *s, u32 hash)
{
	const u64 *entry = &s->entry[set_of(hash)];
	u64 e = READ_ONCE(entry[hash % WAYS]);
	unsigned int i;

	for (i = 0; e >> 32 != hash && i < WAYS; i++)
		e = READ_ONCE(entry[i]);
	return e >> 32 == hash ? e : 0;
}

/**
 * dhcpk_exchange_asked - note the interface of a request
 * @x: the exchanges of the namespace
 * @dev: the interface
 * @exchange: dhcpk_relay_exchange() of the request
 *
 * Context: softirq, or process with softirqs off.
 */
void dhcpk_exchange_asked(struct dhcpk_exchanges *x, const struct net_device *dev, u32 exchange)
{
	insert(&x->asked, dev, exchange, dev->ifindex);
}

/**
 * dhcpk_exchange_dev - find the interface on which the client's request came
 * @x: the exchanges of the namespace
 * @net: the namespace
 * @hdr: a reply
 *
 * Return: the interface; NULL if the table does not have it any more, or it does not exist.
 * Context: softirq, RCU.
 */
struct net_device *dhcpk_exchange_dev(const struct dhcpk_exchanges *x, struct net *net,
				      const struct dhcp_hdr *hdr)
{
	u32 ifindex = lookup(&x->asked, dhcpk_relay_exchange(hdr));

	return ifindex ? dev_get_by_index_rcu(net, ifindex) : NULL;
}

/**
 * dhcpk_exchange_offered - note the server of an offer that goes to its client
 * @x: the exchanges of the namespace
 * @dev: the client's interface
 * @hdr: the OFFER
 * @server: the server's address
 *
 * Context: softirq.
 */
void dhcpk_exchange_offered(struct dhcpk_exchanges *x, const struct net_device *dev,
			    const struct dhcp_hdr *hdr, __be32 server)
{
	insert(&x->offered, dev, dhcpk_client_hash(hdr, hdr->yiaddr), (__force u32)server);
}

/**
 * dhcpk_exchange_server - find the server of the offer that a client selects
 * @x: the exchanges of the namespace
 * @hdr: the client's REQUEST
 * @addr: the address that was offered
 *
 * Return: the server's address, 0 if the table does not have it any more.
 * Context: softirq.
 */
__be32 dhcpk_exchange_server(const struct dhcpk_exchanges *x, const struct dhcp_hdr *hdr,
			     __be32 addr)
{
	return (__force __be32)lookup(&x->offered, dhcpk_client_hash(hdr, addr));
}
