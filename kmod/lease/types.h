/* SPDX-License-Identifier: GPL-2.0-only */
/* Leases, address maps, and the lease database: what the files of this layer share. */
#ifndef DHCPK_LEASE_TYPES_H
#define DHCPK_LEASE_TYPES_H

#include <linux/list.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/xarray.h>

#include <linux/dhcpk.h>

#include "base/net.h"
#include "lease/alloc.h"
#include "lease/id.h"

enum {
	DHCPK_WHEEL_SLOTS	= 1024,
	DHCPK_LISTED_SLOTS	= 32,
	DHCPK_AWAITED_BUCKETS	= 2048,
	DHCPK_BURST		= 256,	/* leases in one go with the lock held */
	DHCPK_DUPLICATES_MAX	= 8,
};

/*
 * Above all order numbers of the store: a change in the kernel is later than what was restored.
 * Each lease database starts somewhere behind this number, so that no two of them use the same
 * numbers.
 */
#define DHCPK_SEQ_FIRST	(1ULL << 63)

/**
 * struct dhcpk_map - the addresses of a pool: which are free, and the number of leases by state
 * @first: the first address of the pool's subnet, host order
 * @last: the last address of the subnet
 * @users: number of generations with this map, under dhcpk_net.lock
 * @key: key of the hash that selects the first address to try for a client
 * @alloc: the addresses of the pool's ranges
 * @filled: while the map's generation is staged, changes to addresses below it are followed;
 *	U64_MAX: to all addresses
 * @offers: struct dhcpk_lease.offer, oldest first
 * @count: number of leases by state
 *
 * If the subnet and the ranges of a pool are unchanged, the next generation takes over its map.
 * dhcpk_leases.lock guards everything that is not constant, except @users.
 */
struct dhcpk_map {
	u32			first;
	u32			last;
	unsigned int		users;
	siphash_key_t		key;
	struct dhcpk_alloc	*alloc;
	u64			filled;
	struct list_head	offers;
	u32			count[__DHCPK_LEASE_STATE_MAX];
};

/**
 * struct dhcpk_maps - the address maps of a generation
 * @n: number of maps
 * @map: sorted by address; they do not overlap
 */
struct dhcpk_maps {
	unsigned int		n;
	struct dhcpk_map	*map[];
};

/* A hardware address as in a message */
struct dhcpk_hardware {
	u8			type;
	u8			len;
	u8			addr[DHCP_CHADDR_LEN];
};

/**
 * struct dhcpk_duplicate - two machines that seem to have the same client identifier
 * @at: boottime ns, when the lease last moved between the two; 0: the entry is unused
 * @addr: the address of the lease, host order
 * @hw: the two hardware addresses
 */
struct dhcpk_duplicate {
	u64			at;
	u32			addr;
	struct dhcpk_hardware	hw[2];
};

/**
 * struct dhcpk_leases - the lease database of a network namespace
 * @dn: the namespace
 * @lock: guards everything below
 * @config: the running generation; NULL: none. Only compared here, to tell one generation from the
 *	next
 * @maps: the maps of the running generation, in which a lease finds its map by its address; NULL:
 *	none
 * @staged: the maps of the generation that will run next, while they are filled; otherwise NULL
 * @by_id: struct dhcpk_lease.by_id and .by_hw
 * @by_addr: struct dhcpk_lease, by address in host order
 * @wheel: struct dhcpk_lease.timer, by the second of its end
 * @wheel_second: all slots for earlier seconds have been handled
 * @expiring: the slot of @wheel that is being handled
 * @seq: number of the last change for the store
 * @dirty: struct dhcpk_lease.dirty_node, sorted by seq
 * @in_flight: struct dhcpk_lease.dirty_node: pulled, not yet committed
 * @parked: replies that wait for the store, oldest first
 * @awaited: struct dhcpk_exchange.node, for each reply in @parked, and for each one that is being
 *	sent
 * @n_awaited: number of exchanges in @awaited
 * @listed: number of leases on @dirty and @in_flight, by the time since which they are listed; see
 *	dirty.c
 * @listed_base: the oldest time that has its own slot in @listed
 * @listed_before: number of leases that have been listed since before @listed_base
 * @duplicates: see duplicates.c
 * @n_duplicates: number of entries in use
 * @forget_from: while a new store is attached: addresses from here on may still have the horizon of
 *	the old store, which counts for nothing
 *
 * A lease belongs to its address, whatever pool contains it: pools come, go, grow and are renamed,
 * and the lease stays.
 */
struct dhcpk_leases {
	struct dhcpk_net	*dn;
	spinlock_t		lock;
	const struct dhcpk_config *config;
	const struct dhcpk_maps	*maps;
	const struct dhcpk_maps	*staged;
	struct dhcpk_id_table	by_id;
	struct xarray		by_addr;
	struct hlist_head	wheel[DHCPK_WHEEL_SLOTS];
	u64			wheel_second;
	struct hlist_head	expiring;
	u64			seq;
	struct list_head	dirty;
	struct list_head	in_flight;
	struct sk_buff_head	parked;
	struct hlist_head	awaited[DHCPK_AWAITED_BUCKETS];
	unsigned int		n_awaited;
	u32			listed[DHCPK_LISTED_SLOTS];
	u32			listed_base;
	u32			listed_before;
	u64			forget_from;
	struct dhcpk_duplicate	duplicates[DHCPK_DUPLICATES_MAX];
	unsigned int		n_duplicates;
};

/* The list that a lease is on */
enum dhcpk_commit_state {
	DHCPK_COMMIT_NONE,
	DHCPK_COMMIT_DIRTY,
	DHCPK_COMMIT_IN_FLIGHT,
};

#define DHCPK_MOVED_UNKNOWN	U32_MAX

/* A value from a message, kept with the lease */
struct dhcpk_blob {
	u16			len;
	u8			data[];
};

/**
 * struct dhcpk_lease - a lease, or the memory of one
 * @by_id: identity and address; of kind DHCPK_ID_NONE if it is not in dhcpk_leases.by_id (an
 *	address that rests has no client)
 * @by_hw: the same lease by @htype and @chaddr, if @by_id is of kind DHCPK_ID_CLIENT, or if the
 *	client has declined the address; otherwise of kind DHCPK_ID_NONE
 * @timer: in the timer wheel, while @expires is finite
 * @offer: in dhcpk_map.offers, in state OFFERED
 * @dirty_node: in dhcpk_leases.dirty or .in_flight, as @commit_state says
 * @parked: the reply that waits for the store, in dhcpk_leases.parked, or NULL
 * @host_name: the client's host name, for display; NULL for none
 * @agent: option 82 as the relay last sent it, or NULL
 * @seq: number of the last change for the store; for a restored lease its order in the store, which
 *	is less
 * @horizon: boottime ns until which the client may use the address according to the store; 0: not
 *	at all
 * @prev_expires: with @prev_state, the value of @expires
 * @starts: boottime ns of the last ACK or OFFER
 * @expires: boottime ns, U64_MAX for an infinite lease; not before the end of any lease that the
 *	client has been granted
 * @lease: lease time of the last ACK in seconds; 0 if it is not known
 * @dirty_since: time since which the lease is listed, in units of dirty.c
 * @released: second of the last RELEASE that was not ignored, 0 for none
 * @server_id: server identifier that the relay asked for (RFC 5107), 0 for none
 * @moved: second of the last change of the hardware address, 0 for never, DHCPK_MOVED_UNKNOWN if it
 *	is not known
 * @leaving: the reply that waited is being sent
 * @unnamed: the last message that it was granted to had no option 61
 * @in_use: since the grant, the client has found another host at the address
 * @id_room: number of bytes that @id_data has room for
 * @stored: the store has a row for the address, of this lease or of an earlier one
 * @prev_state: in state OFFERED, the state to return to if the client does not take the offer;
 *	DHCPK_LEASE_FREE for none
 *
 * In state DHCPK_LEASE_FREE it is a tombstone: it has no client, and stays only until the store has
 * deleted the row.
 */
struct dhcpk_lease {
	struct dhcpk_id_node	by_id;
	struct dhcpk_id_node	by_hw;
	union {
		struct {
			struct hlist_node	timer;
			struct list_head	offer;
		};
		struct rcu_head		rcu;
	};
	struct list_head	dirty_node;
	struct sk_buff		*parked;
	struct dhcpk_blob	*host_name;
	struct dhcpk_blob	*agent;
	u64			seq;
	u64			horizon;
	u64			prev_expires;
	u64			starts;
	u64			expires;
	u32			lease;
	u32			dirty_since;
	__be32			server_id;
	u32			released;
	u32			moved;
	u8			state : 4;
	u8			prev_state : 4;
	u8			commit_state : 2;
	u8			leaving : 1;
	u8			unnamed : 1;
	u8			in_use : 1;
	u8			stored : 1;
	u8			id_room;
	u8			htype;
	u8			hlen;
	u8			chaddr[DHCP_CHADDR_LEN];
	u8			id_data[];
};

/* Does the client have the address, even if the store does not know yet? */
static inline bool dhcpk_lease_bound(const struct dhcpk_lease *l)
{
	return l->state == DHCPK_LEASE_BOUND || l->state == DHCPK_LEASE_PENDING;
}

/* Does the address have no client, and may no client get it for now? */
static inline bool dhcpk_lease_rests(const struct dhcpk_lease *l)
{
	return l->state == DHCPK_LEASE_DECLINED || l->state == DHCPK_LEASE_RESTING;
}

/* Has the client's ACK not left yet? */
static inline bool dhcpk_lease_untold(const struct dhcpk_lease *l)
{
	return l->parked || l->leaving;
}

static inline u64 dhcpk_expiry(u64 now, u32 seconds)
{
	return seconds == DHCPK_LEASE_INFINITE ? U64_MAX : now + (u64)seconds * NSEC_PER_SEC;
}

#endif
