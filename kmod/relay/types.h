/* SPDX-License-Identifier: GPL-2.0-only */
/* A relay, its servers, and what the files of this layer know of a message. */
#ifndef DHCPK_RELAY_TYPES_H
#define DHCPK_RELAY_TYPES_H

#include <linux/hash.h>
#include <linux/u64_stats_sync.h>
#include <net/l3mdev.h>

#include "config/types.h"
#include "core/dhcp.h"

/**
 * struct dhcpk_server - a server that a relay sends to
 * @addr: its address
 * @up: what the daemon says: it answers
 * @last: when it last answered, boottime ns; 0: never
 * @silent: when the first request was sent to it that it has not answered, boottime ns; 0: it owes
 *     no answer
 * @probe: the transaction of our own questions since it last answered; 0: none
 *
 * Packets write the last three, without a lock: they are hints for the daemon.
 */
struct dhcpk_server {
	__be32	addr;
	bool	up;
	u64	last;
	u64	silent;
	__be32	probe;
};

struct dhcpk_relay_counts {
	u64	count[__DHCPK_RELAY_STAT_MAX];
	u64	sent[DHCPK_RELAY_SERVERS_MAX];
	u64	replies[DHCPK_RELAY_SERVERS_MAX];
};

struct dhcpk_relay_stats {
	struct dhcpk_relay_counts	counts;
	struct u64_stats_sync		syncp;
};

/**
 * struct dhcpk_relay - messages of clients on an interface go to servers elsewhere
 * @list: in dhcpk_config.relays
 * @link: the interface
 * @stats: since its generation was published
 * @before: what had been counted by then
 * @giaddr: 0: the interface's first address
 * @port: where requests are sent from, and replies come to
 * @flags: DHCPK_RELAY_F_*
 * @survive: seconds
 * @secs: the least that a client must have tried for, seconds
 * @hops: a request with more of them is dropped
 * @policy: enum dhcpk_relay_policy
 * @vss: the template has sub-option 152
 * @pieces: what the template has, bit N for piece N
 * @n_servers: in @server
 * @dev: the interface's name
 * @template: what option 82 is made of; empty: there is none
 * @next_copy: boottime ns, when what is about a lease [0], or any other request [1], may go to
 *     several servers again but for a burst
 * @turn: which server a request goes to that may not
 * @memory: with @survive, what it has passed on; goes on in the next generation, without @survive
 *     for what is promised
 */
struct dhcpk_relay {
	struct list_head			list;
	struct dhcpk_link			*link;
	struct dhcpk_relay_stats __percpu	*stats;
	struct dhcpk_relay_counts		before;
	__be32					giaddr;
	__be16					port;
	u32					flags;
	u32					survive;
	u16					secs;
	u8					hops;
	u8					policy;
	bool					vss;
	u32					pieces;
	unsigned int				n_servers;
	struct dhcpk_server			server[DHCPK_RELAY_SERVERS_MAX];
	char					dev[IFNAMSIZ];
	struct dhcp_bytes			template;
	u64					next_copy[2];
	unsigned int				turn;
	struct dhcpk_memory			*memory;
	u8					template_data[];
};

/* A copy of a message */
struct dhcpk_body {
	u16	len;
	u8	data[];
};

static inline bool dhcpk_same_vrf(const struct net_device *a, const struct net_device *b)
{
	return l3mdev_master_ifindex_rcu(a) == l3mdev_master_ifindex_rcu(b);
}

/*
 * A client, of whose hardware address 8 bytes will do, together with a number. For tables in which
 * others may have its place: who knows the number of another's needs no collision, and who does not
 * finds none.
 */
static inline u32 dhcpk_client_hash(const struct dhcp_hdr *hdr, __be32 number)
{
	u64 client;

	memcpy(&client, hdr->chaddr, sizeof(client));
	return hash_64(client * GOLDEN_RATIO_64 + (__force u32)number, 32);
}

/* The better bits of a hash, the upper ones, say its place among @size, a power of two. */
static inline u32 dhcpk_hash_slot(u32 hash, u32 size)
{
	return hash >> (32 - ilog2(size));
}

/*
 * In these tables a later entry takes the place of an earlier one with the same slot. Packets write
 * them without a lock. The upper half of an entry is its hash: a reader sees by that whether the
 * entry is the one that it looks for.
 */
static inline void dhcpk_table_put(u64 *table, u32 size, u32 hash, u32 value)
{
	WRITE_ONCE(table[dhcpk_hash_slot(hash, size)], (u64)hash << 32 | value);
}

static inline bool dhcpk_table_get(const u64 *table, u32 size, u32 hash, u32 *value)
{
	u64 entry = READ_ONCE(table[dhcpk_hash_slot(hash, size)]);

	*value = entry;
	return entry >> 32 == hash;
}

/* An exchange is known by its number and its client. */
static inline u32 dhcpk_relay_exchange(const struct dhcp_hdr *hdr)
{
	return dhcpk_client_hash(hdr, hdr->xid);
}

#endif
