/* SPDX-License-Identifier: GPL-2.0-only */
/* Types of this layer: a relay, its servers and counters, and tables by hashes of clients. */
#ifndef DHCPK_RELAY_TYPES_H
#define DHCPK_RELAY_TYPES_H

#include <linux/hash.h>
#include <linux/u64_stats_sync.h>
#include <net/l3mdev.h>

#include "config/types.h"
#include "core/dhcp.h"

/**
 * struct dhcpk_server - a server of a relay
 * @addr: its address
 * @up: the daemon's state of the server: it answers
 * @last: when the server last answered, boottime ns; 0: never
 * @unanswered_since: when the relay sent the first request that the server has not answered,
 *     boottime ns; 0: the server owes no answer
 * @probe: the xid of the relay's probes since the server last answered; 0: none
 *
 * Packets write the last three members without a lock: they are hints for the daemon.
 */
struct dhcpk_server {
	__be32	addr;
	bool	up;
	u64	last;
	u64	unanswered_since;
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
 * struct dhcpk_relay - the relay of an interface: messages of its clients go to remote servers
 * @list: node in dhcpk_config.relays
 * @link: the interface
 * @stats: counters since the generation was published
 * @base_counts: counters of earlier generations
 * @giaddr: 0: the interface's first address
 * @port: the port from which requests are sent, and to which replies come
 * @flags: DHCPK_RELAY_F_*
 * @survive: seconds
 * @secs: the relay ignores a request with a lower secs field
 * @hops: the relay drops a request with a higher hops field
 * @policy: enum dhcpk_relay_policy
 * @vss: the template has sub-option 152
 * @pieces: the pieces in the template, bit N for piece N
 * @n_servers: number of servers in @server
 * @dev: the interface's name
 * @template: the template of option 82; empty: the relay adds none
 * @next_copy: when requests about a lease [0] and other requests [1] may go to several servers
 *     again, boottime ns; a burst may be ahead of that time
 * @turn: the server that gets the next request that may not go to several servers
 * @ack_cache: with @survive, the ACKs that the relay has passed on. The next generation takes the
 *     cache over, without @survive for the leases that the relay has granted
 */
struct dhcpk_relay {
	struct list_head			list;
	struct dhcpk_link			*link;
	struct dhcpk_relay_stats __percpu	*stats;
	struct dhcpk_relay_counts		base_counts;
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
	struct dhcpk_ack_cache			*ack_cache;
	u8					template_data[];
};

/* A copy of a message */
struct dhcpk_msg_copy {
	u16	len;
	u8	data[];
};

static inline bool dhcpk_same_vrf(const struct net_device *a, const struct net_device *b)
{
	return l3mdev_master_ifindex_rcu(a) == l3mdev_master_ifindex_rcu(b);
}

/*
 * Hash of a client, by 8 bytes of its hardware address, and of a number. For tables in which
 * another client may take the slot: a client that knows the other's number needs no collision, and
 * a client that does not know it finds none.
 */
static inline u32 dhcpk_client_hash(const struct dhcp_hdr *hdr, __be32 number)
{
	u64 client;

	memcpy(&client, hdr->chaddr, sizeof(client));
	return hash_64(client * GOLDEN_RATIO_64 + (__force u32)number, 32);
}

/* The slot of a hash among @size, a power of two: its upper bits, which are the better ones. */
static inline u32 dhcpk_hash_slot(u32 hash, u32 size)
{
	return hash >> (32 - ilog2(size));
}

/*
 * In these tables a later entry replaces an earlier one with the same slot. Packets write them
 * without a lock. The upper half of an entry is its hash. A reader compares it to know whether it
 * has found the right entry.
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

/* Hash of an exchange: its xid and its client */
static inline u32 dhcpk_relay_exchange(const struct dhcp_hdr *hdr)
{
	return dhcpk_client_hash(hdr, hdr->xid);
}

#endif
