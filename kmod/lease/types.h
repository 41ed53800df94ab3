/* SPDX-License-Identifier: GPL-2.0-only */
/* Leases, the address maps of pools, and the lease database of a network namespace: what the files of this layer share. */
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
	DHCPK_BURST		= 256,	/* records in one go with the lock held */
	DHCPK_DUPLICATES_MAX	= 8,
};

/*
 * Above whatever order the store has: a change that the kernel makes is later than what was restored. Each space begins
 * somewhere behind it, so that no two have the same numbers.
 */
#define DHCPK_SEQ_FIRST	(1ULL << 63)

/**
 * struct dhcpk_map - the addresses of a pool: which are free, and how many bindings are in which state
 * @first: the first address of the pool's subnet, host order
 * @last: the last one
 * @users: generations that have it, under dhcpk_net.lock
 * @key: for the address that a client is given first
 * @alloc: the addresses of the pool's ranges
 * @filled: addresses below it are followed, while the map's generation is staged; U64_MAX: all
 * @offers: struct dhcpk_lease.offer, the oldest first
 * @count: records by state
 *
 * A generation takes over the maps of pools whose subnet and ranges stay. Guarded by dhcpk_leases.lock, but for the constants.
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
 * struct dhcpk_maps - the maps of a generation's pools
 * @n: how many
 * @map: in the order of their addresses; they do not overlap
 */
struct dhcpk_maps {
	unsigned int		n;
	struct dhcpk_map	*map[];
};

/* A hardware address as a message has it */
struct dhcpk_hardware {
	u8			type;
	u8			len;
	u8			addr[DHCP_CHADDR_LEN];
};

/**
 * struct dhcpk_duplicate - two machines with one client identifier, so it seems
 * @at: boottime ns, when the binding went from one to the other last; 0: not in use
 * @addr: the binding's, host order
 * @hw: the two
 */
struct dhcpk_duplicate {
	u64			at;
	u32			addr;
	struct dhcpk_hardware	hw[2];
};

/**
 * struct dhcpk_leases - the bindings of a network namespace
 * @dn: the namespace
 * @lock: guards everything below
 * @config: the running generation; NULL: none. Not looked into here: it tells one generation from the next
 * @maps: of the running generation, where a lease finds its map by its address; NULL: none
 * @staged: those of the generation that is about to run: they are being filled
 * @by_id: struct dhcpk_lease.by_id and .by_hw
 * @by_addr: host order address -> struct dhcpk_lease
 * @wheel: struct dhcpk_lease.timer, by the second
 * @wheel_second: everything due before it has been dealt with
 * @expiring: a slot of @wheel that is being dealt with
 * @seq: of the last change that is to be stored
 * @dirty: struct dhcpk_lease.dirty_node, in the order of their seq
 * @in_flight: struct dhcpk_lease.dirty_node: pulled, not yet committed
 * @parked: replies that wait, the oldest first
 * @awaited: struct dhcpk_exchange.node, for each of @parked, and of what is just being sent
 * @n_awaited: how many there are
 * @commit_state: records on @dirty and @in_flight by the time since which they are there; see commit.c
 * @listed_base: the oldest time that @listed tells apart
 * @listed_before: records that were listed before @listed_base
 * @duplicates: see duplicates.c
 * @n_duplicates: of them in use
 * @forget_from: while a new store is attached: what the old store said of addresses from here on counts for nothing
 *
 * A binding belongs to its address, whatever pool contains that: pools come, go, grow and are renamed around it.
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

/* Where a binding is on its way to the store */
enum dhcpk_commit_state {
	DHCPK_COMMIT_NONE,
	DHCPK_COMMIT_DIRTY,
	DHCPK_COMMIT_IN_FLIGHT,
};

#define DHCPK_MOVED_UNKNOWN	U32_MAX

/* What a client has said, kept beside its binding. */
struct dhcpk_said {
	u16			len;
	u8			data[];
};

/**
 * struct dhcpk_lease - a binding, or what is remembered of one
 *
 * One in state DHCPK_LEASE_FREE is a tombstone: no client's, and only there until the store has forgotten it, too.
 *
 * @by_id: the client and the address; kind DHCPK_ID_NONE if it is not in dhcpk_leases.by_id (an address that rests has no client)
 * @by_hw: the same record by @htype and @chaddr, if @by_id is of kind DHCPK_ID_CLIENT, or if the client has declined the offer of the
 * address; else of kind DHCPK_ID_NONE
 * @timer: in the wheel, while @expires is a moment
 * @offer: in dhcpk_map.offers, while it is offered
 * @dirty_node: in dhcpk_leases.dirty or .in_flight, as @commit_state says
 * @parked: in dhcpk_leases.parked, the reply that waits for the store, or NULL
 * @host_name: what the client calls itself, for people; NULL for nothing
 * @agent: option 82 as the relay sent it last, or NULL
 * @seq: of the last change that is to be stored; of a restored binding its order in the store, which is less
 * @horizon: boottime ns: up to then, the store says, the client may use the address; 0: it does not
 * @prev_expires: with @prev_state, what @expires was
 * @starts: boottime ns of the last ACK or OFFER
 * @expires: boottime ns, U64_MAX for never; not before the end of any lease that the client has been promised
 * @lease: seconds that the last ACK gave; 0 if that is not known
 * @dirty_since: since when it has been listed, in units of commit.c
 * @released: the second of the last RELEASE that was obeyed, 0 for none
 * @server_id: the identifier that the relay gave us for this client (RFC 5107), 0 for none
 * @moved: the second in which it last went from one hardware address to another, 0 for never, DHCPK_MOVED_UNKNOWN if that is not known
 * @leaving: the reply that waited is being sent
 * @unnamed: the last message that it was granted to had no option 61
 * @in_use: its client has found somebody at the address since it was granted
 * @id_room: bytes that @id_data has room for
 * @stored: the store has a row for the address, of this binding or of an earlier one
 * @prev_state: with an offer, the state that it came from and goes back to if it is not taken; DHCPK_LEASE_FREE for none
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
	struct dhcpk_said	*host_name;
	struct dhcpk_said	*agent;
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

/* Has the client the address, be it that the store is still to be told? */
static inline bool dhcpk_lease_bound(const struct dhcpk_lease *l)
{
	return l->state == DHCPK_LEASE_BOUND || l->state == DHCPK_LEASE_PENDING;
}

/* Has no client the address, and may no client get it for now? */
static inline bool dhcpk_lease_rests(const struct dhcpk_lease *l)
{
	return l->state == DHCPK_LEASE_DECLINED || l->state == DHCPK_LEASE_RESTING;
}

/* Can the client not know yet that it has the address? */
static inline bool dhcpk_lease_untold(const struct dhcpk_lease *l)
{
	return l->parked || l->leaving;
}

static inline u64 dhcpk_expiry(u64 now, u32 seconds)
{
	return seconds == DHCPK_LEASE_INFINITE ? U64_MAX : now + (u64)seconds * NSEC_PER_SEC;
}

#endif
