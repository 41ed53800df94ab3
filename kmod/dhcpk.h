/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the module share: the state of a network namespace, and the steps of a message's road. */
#ifndef DHCPK_H
#define DHCPK_H

#include <linux/etherdevice.h>
#include <linux/if.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/rhashtable.h>
#include <linux/siphash.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>

#include <linux/dhcpk.h>

#include "alloc.h"
#include "core/dhcp.h"

#define DHCPK_MODULE_VERSION	"0.1"

enum {
	DHCPK_OFFER_SECONDS	= 30,	/* how long an offer waits for its REQUEST, RFC 2131 section 3.1 step 5 */
	DHCPK_OFFERS_MAX	= 16384, /* in a pool at once; the oldest gives way */
	DHCPK_PARKED_MAX	= 16384, /* replies that wait for the store, in a namespace */
	DHCPK_PARKED_SECONDS	= 8,	/* how long: by then the client has asked again, RFC 2131 section 4.1 */
	DHCPK_AWAITED_BUCKETS	= 2048,
	DHCPK_LINK_HASH_BITS	= 8,
};

#define DHCPK_GFP_SOFTIRQ	(GFP_ATOMIC | __GFP_NOWARN)

/* ---- identify.c: identities, and tables of them ---- */

/*
 * Kinds of identity: a hardware type (0..255) with the address of that type, the client's own identifier, or the relay's
 * port that it is behind.
 */
#define DHCPK_ID_CLIENT		256
#define DHCPK_ID_CIRCUIT	257
#define DHCPK_ID_NONE		258
#define DHCPK_ID_HARDWARE	512	/* and the hardware type: with the address of a client that has an identifier of its own */
#define DHCPK_ID_DECLINER	1024	/* and the hardware type: with the address of a client that declined what it was offered */

/**
 * struct dhcpk_id - a client's identity, RFC 2131 section 4.2
 * @kind: DHCPK_ID_CLIENT, DHCPK_ID_CIRCUIT, or the hardware type that @data is an address of
 * @len: bytes in @data
 * @data: the client identifier, circuit-id or hardware address
 */
struct dhcpk_id {
	u16		kind;
	u8		len;
	const u8	*data;
};

/**
 * struct dhcpk_id_node - part of a record that is found by a client's identity
 * @node: in dhcpk_id_table.table, if @in_table: one for all records of an identity
 * @sibling: in the tree of the identity's records, by @addr
 * @kind: of the identity; DHCPK_ID_NONE: the record is in no table
 * @len: bytes of the identity
 * @at: offset of these bytes from the node
 * @in_table: it is the one that is found first
 * @addr: the record's address, host order
 *
 * There is a record on each link at most, but for what reconfiguration has brought together. Links may be thousands, and
 * an identity such as "port 1" may be on all of them: hence the tree.
 */
struct dhcpk_id_node {
	struct rhash_head	node;
	struct rb_node		sibling;
	u16			kind : 15;
	u16			in_table : 1;
	u8			len;
	u8			at;
	u32			addr;
};

struct dhcpk_id_table {
	struct rhashtable	table;
};

struct dhcpk_pools;

extern siphash_key_t dhcpk_hash_key;	/* for tables of what strangers say: another one each time that the module is loaded */

void dhcpk_id_init(void);
struct dhcpk_id dhcpk_id_of_circuit(const struct dhcp_msg *msg);
bool dhcpk_id_made_by(const struct dhcpk_id_node *n, u8 identity);
struct dhcpk_id dhcpk_id_of_chaddr(const struct dhcp_msg *msg);
struct dhcpk_id dhcpk_id_of_client(const struct dhcp_msg *msg);
struct dhcpk_id dhcpk_id_of(const struct dhcpk_id_node *n);
bool dhcpk_id_is(const struct dhcpk_id_node *n, const struct dhcpk_id *id);
struct dhcpk_id dhcpk_id_for(u8 identity, const struct dhcp_msg *msg);
u64 dhcpk_id_hash(const struct dhcpk_id *id, const siphash_key_t *key);
int dhcpk_id_table_init(struct dhcpk_id_table *t);
void dhcpk_id_table_destroy(struct dhcpk_id_table *t);
int dhcpk_id_table_insert(struct dhcpk_id_table *t, struct dhcpk_id_node *n);
void dhcpk_id_table_remove(struct dhcpk_id_table *t, struct dhcpk_id_node *n);
struct dhcpk_id_node *dhcpk_id_table_find(const struct dhcpk_id_table *t, const struct dhcpk_id *id);
struct dhcpk_id_node *dhcpk_id_next_on_link(const struct dhcpk_id_node *any, const struct dhcpk_pools *pools, u64 addr);

/* ---- space.c, lease.c: which client has which address ---- */

enum {
	DHCPK_WHEEL_SLOTS	= 1024,
	DHCPK_LISTED_SLOTS	= 32,
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
 * A generation takes over the maps of pools whose subnet and ranges stay. Guarded by dhcpk_space.lock, but for the constants.
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
 * struct dhcpk_space - the bindings of a network namespace
 * @dn: the namespace
 * @lock: guards everything below
 * @config: the running generation, in which a binding finds its pool by its address; NULL: none
 * @staged: the generation that is about to run: its maps are being filled
 * @by_id: struct dhcpk_lease.by_id and .by_hw
 * @by_addr: host order address -> struct dhcpk_lease
 * @wheel: struct dhcpk_lease.timer, by the second
 * @wheel_second: everything due before it has been dealt with
 * @expiring: a slot of @wheel that is being dealt with
 * @seq: of the last change that is to be stored
 * @dirty: struct dhcpk_lease.unstored, in the order of their seq
 * @in_flight: struct dhcpk_lease.unstored: pulled, not yet committed
 * @parked: replies that wait, the oldest first
 * @awaited: struct dhcpk_exchange.node, for each of @parked, and of what is just being sent
 * @n_awaited: how many there are
 * @listed: records on @dirty and @in_flight by the time since which they are there; see commit.c
 * @listed_base: the oldest time that @listed tells apart
 * @listed_before: records that were listed before @listed_base
 * @duplicates: see duplicates.c
 * @n_duplicates: of them in use
 * @forget_from: while a new store is attached: what the old store said of addresses from here on counts for nothing
 *
 * A binding belongs to its address, whatever pool contains that: pools come, go, grow and are renamed around it.
 */
struct dhcpk_space {
	struct dhcpk_net	*dn;
	spinlock_t		lock;
	const struct dhcpk_config *config;
	const struct dhcpk_config *staged;
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
enum dhcpk_listed {
	DHCPK_LISTED_NOT,
	DHCPK_LISTED_DIRTY,
	DHCPK_LISTED_IN_FLIGHT,
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
 * @by_id: the client and the address; kind DHCPK_ID_NONE if it is not in dhcpk_space.by_id (an address that rests has no client)
 * @by_hw: the same record by @htype and @chaddr, if @by_id is of kind DHCPK_ID_CLIENT, or if the client has declined the offer of the
 * address; else of kind DHCPK_ID_NONE
 * @timer: in the wheel, while @expires is a moment
 * @offer: in dhcpk_map.offers, while it is offered
 * @unstored: in dhcpk_space.dirty or .in_flight, as @listed says
 * @parked: in dhcpk_space.parked, the reply that waits for the store, or NULL
 * @host_name: what the client calls itself, for people; NULL for nothing
 * @agent: option 82 as the relay sent it last, or NULL
 * @seq: of the last change that is to be stored; of a restored binding its order in the store, which is less
 * @horizon: boottime ns: up to then, the store says, the client may use the address; 0: it does not
 * @before_expires: with @before, what @expires was
 * @starts: boottime ns of the last ACK or OFFER
 * @expires: boottime ns, U64_MAX for never; not before the end of any lease that the client has been promised
 * @lease: seconds that the last ACK gave; 0 if that is not known
 * @listed_at: since when it has been listed, in units of commit.c
 * @released: the second of the last RELEASE that was obeyed, 0 for none
 * @server_id: the identifier that the relay gave us for this client (RFC 5107), 0 for none
 * @moved: the second in which it last went from one hardware address to another, 0 for never, DHCPK_MOVED_UNKNOWN if that is not known
 * @leaving: the reply that waited is being sent
 * @unnamed: the last message that it was granted to had no option 61
 * @in_use: its client has found somebody at the address since it was granted
 * @id_room: bytes that @id_data has room for
 * @stored: the store has a row for the address, of this binding or of an earlier one
 * @before: with an offer, the state that it came from and goes back to if it is not taken; DHCPK_LEASE_FREE for none
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
	struct list_head	unstored;
	struct sk_buff		*parked;
	struct dhcpk_said	*host_name;
	struct dhcpk_said	*agent;
	u64			seq;
	u64			horizon;
	u64			before_expires;
	u64			starts;
	u64			expires;
	u32			lease;
	u32			listed_at;
	__be32			server_id;
	u32			released;
	u32			moved;
	u8			state : 4;
	u8			before : 4;
	u8			listed : 2;
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

/* space.c */
struct dhcpk_map *dhcpk_map_new(u32 first, u32 last, struct dhcpk_alloc *alloc);
void dhcpk_map_free(struct dhcpk_map *m);
void dhcpk_map_follow_reservations(struct dhcpk_space *s, struct dhcpk_map *m, const struct dhcpk_alloc *a);
void dhcpk_map_fill(struct dhcpk_space *s, struct dhcpk_map *m);
void dhcpk_map_offers_move(struct dhcpk_space *s, struct dhcpk_map *m);
void dhcpk_map_leave(struct dhcpk_space *s, const struct dhcpk_map *m);
struct dhcpk_space *dhcpk_space_new(struct dhcpk_net *dn);
void dhcpk_space_free(struct dhcpk_space *s);
void dhcpk_space_expire(struct dhcpk_space *s, u64 now);
void dhcpk_space_shun(struct dhcpk_space *s, u32 addr);
void dhcpk_space_track(struct dhcpk_space *s, const struct dhcpk_lease *l, int from, int to);
unsigned int dhcpk_space_forget(struct dhcpk_space *s, u32 first, u32 last);
void dhcpk_space_unrestore(struct dhcpk_space *s, u32 first, u32 last);

/* lease.c */
int dhcpk_lease_init(void);
void dhcpk_lease_exit(void);
struct dhcpk_lease *dhcpk_lease_at(struct dhcpk_space *s, u32 addr, u64 now);
struct dhcpk_lease *dhcpk_lease_current(struct dhcpk_space *s, struct dhcpk_lease *l, u64 now);
void dhcpk_lease_give_up(struct dhcpk_space *s, struct dhcpk_lease *l, u64 now);
bool dhcpk_lease_live(const struct dhcpk_lease *l);
struct dhcpk_lease *dhcpk_lease_grant(struct dhcpk_space *s, struct dhcpk_lease *own, const struct dhcpk_id *id, u32 addr,
				      u8 state, u64 now, u32 seconds, const struct dhcp_msg *msg);
bool dhcpk_lease_release(struct dhcpk_space *s, struct dhcpk_lease *l, u64 now);
void dhcpk_lease_decline(struct dhcpk_space *s, struct dhcpk_lease *l, u64 until);
void dhcpk_lease_shun(struct dhcpk_space *s, struct dhcpk_lease *l);
void dhcpk_lease_forget(struct dhcpk_space *s, struct dhcpk_lease *l);
void dhcpk_lease_committed(struct dhcpk_space *s, struct dhcpk_lease *l, u64 from);
bool dhcpk_lease_expire(struct dhcpk_space *s, struct dhcpk_lease *l, u64 now);
void dhcpk_lease_free(struct dhcpk_space *s, struct dhcpk_lease *l);
void dhcpk_lease_timer(struct dhcpk_space *s, struct dhcpk_lease *l);
int dhcpk_lease_restore(struct dhcpk_space *s, const struct dhcpk_lease *from, const struct dhcpk_id *id,
			const struct dhcp_bytes *host_name, const struct dhcp_bytes *agent);
void dhcpk_lease_unrestore(struct dhcpk_space *s, u32 addr);

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

/* ---- link.c: where pools and relays are ---- */

struct dhcpk_config;
struct dhcpk_pool;
struct dhcpk_relay;

/**
 * struct dhcpk_pools - the pools of one link: more than one are a shared network
 * @n: how many
 * @identities: bit N: one of them tells clients apart by enum dhcpk_identity N
 * @flags: DHCPK_POOL_F_* that all of them have
 * @any_via: one of them is particular about where relayed messages come from
 * @pool: in the order in which they are tried
 * @by_addr: the same pools in the order of their addresses
 *
 * Grows while a generation is staged.
 */
struct dhcpk_pools {
	unsigned int		n;
	unsigned long		identities;
	u32			flags;
	bool			any_via;
	struct dhcpk_pool	**pool;
	struct dhcpk_pool	**by_addr;
};

/* An interface with pools or a relay; its index follows the interface as it comes, goes and is renamed. */
struct dhcpk_link {
	struct hlist_node	by_ifindex;
	struct list_head	list;
	struct dhcpk_pools	pools;
	struct dhcpk_relay	*relay;		/* for what no pool takes; NULL: there is none */
	int			ifindex;	/* 0: no such interface now */
	char			dev[IFNAMSIZ];
};

/* Addresses that pools are responsible for: their subnets, and the links of relays. */
struct dhcpk_net_key {
	u32			net;		/* host order */
	u32			prefix;
};

struct dhcpk_segment {
	struct rhash_head	node;
	struct list_head	list;
	struct dhcpk_net_key	key;
	struct dhcpk_pools	pools;
};

int dhcpk_link_notify(struct notifier_block *nb, unsigned long event, void *ptr);
void dhcpk_links_follow(struct dhcpk_net *dn, struct dhcpk_config *c);
const struct dhcpk_link *dhcpk_link_find(const struct dhcpk_config *c, int ifindex);
const struct dhcpk_pools *dhcpk_segment_find(const struct dhcpk_config *c, __be32 addr);
struct dhcpk_pool *dhcpk_pools_at(const struct dhcpk_pools *pools, u32 addr);
const struct dhcpk_pool *dhcpk_pools_behind(const struct dhcpk_pools *pools, u32 addr);
int dhcpk_pools_add(struct dhcpk_pools *pools, struct dhcpk_pool *pool);
void dhcpk_pools_free(struct dhcpk_pools *pools);
int dhcpk_links_init(struct dhcpk_config *c);
struct dhcpk_link *dhcpk_link_get(struct dhcpk_config *c, const char *dev);
int dhcpk_links_add_pool(struct dhcpk_config *c, struct dhcpk_pool *pool);
int dhcpk_segments_nest(struct dhcpk_config *c);
void dhcpk_links_free(struct dhcpk_config *c);

/* ---- pool.c: the configuration ---- */

struct dhcpk_host {
	struct dhcpk_id_node	by_id;		/* with @addr, or the pool's subnet */
	u32			addr;		/* the reserved one, host order; 0: none */
	struct list_head	list;
	struct dhcpk_pool	*pool;
	struct dhcp_option_set	*set;		/* NULL: the pool's */
	u32			lease;		/* seconds, and the most that it gets; 0: as the pool has it */
	u8			id_data[];
};

struct dhcpk_pool {
	struct list_head	list;
	struct list_head	hosts;
	struct xarray		host_by_addr;
	struct dhcpk_link	*link;		/* NULL: not attached anywhere */
	struct dhcpk_map	*map;		/* set when its generation is published */
	struct dhcp_option_set	*set;
	u32			subnet;		/* host order */
	u32			mask;
	u32			lease;		/* seconds, as are the next two */
	u32			lease_min;
	u32			lease_max;
	u32			decline;	/* how long a declined address rests */
	u32			flags;
	u8			prefix;
	u8			identity;	/* enum dhcpk_identity */
	char			name[DHCPK_POOL_NAME_SIZE];
	char			dev[IFNAMSIZ];
	unsigned int		n_ranges;
	unsigned int		n_relay_links;
	unsigned int		n_via;		/* 0: relayed messages come by any interface */
	struct dhcpk_range	ranges[DHCPK_RANGES_MAX];
	struct dhcpk_net_key	relay_links[DHCPK_RELAY_LINKS_MAX];
	char			via[DHCPK_VIA_MAX][IFNAMSIZ];
};

/* One generation. Immutable once published, but for the links' interface indexes. */
struct dhcpk_config {
	u32			generation;
	unsigned int		n_pools;
	unsigned int		n_hosts;
	unsigned int		n_relays;
	unsigned int		n_relay_ports;
	bool			any_server;	/* there is a relay that takes replies from anybody */
	__be16			relay_port[DHCPK_RELAY_PORTS_MAX];	/* besides 67, where replies come to (RFC 8357) */
	struct dhcpk_exchanges	*exchanges;	/* with a relay: the namespace's */
	struct xarray		servers;	/* those of all relays, by their address in host order */
	struct xarray		relay_by_giaddr; /* one of those with a giaddr of their own, by that in host order */
	struct list_head	pools;
	struct dhcpk_pools	all;		/* the same pools, to be found by an address */
	struct dhcpk_pool	*last_named;	/* the one that a host was staged for last, and often is the next */
	struct dhcpk_id_table	host_by_id;	/* struct dhcpk_host.by_id, of all pools */
	struct list_head	relays;
	struct list_head	links;
	struct list_head	segments;
	struct rhashtable	segment_by_net;
	u64			prefixes;	/* bit N: there is a segment of prefix length N */
	struct hlist_head	link_by_ifindex[1 << DHCPK_LINK_HASH_BITS];
};

struct dhcpk_config *dhcpk_config_new(u32 generation);
void dhcpk_config_free(struct dhcpk_config *c);
struct dhcpk_pool *dhcpk_config_pool(const struct dhcpk_config *c, const char *name);
bool dhcpk_config_overlap(const struct dhcpk_config *c, const struct dhcpk_pool *pool);
int dhcpk_config_add_pool(struct dhcpk_config *c, struct dhcpk_pool *pool);
int dhcpk_pool_add_host(struct dhcpk_config *c, struct dhcpk_pool *pool, struct dhcpk_host *host);
struct dhcpk_pool *dhcpk_pool_new(void);
void dhcpk_pool_free(struct dhcpk_pool *pool);
bool dhcpk_config_covers(const struct dhcpk_config *c, const struct dhcpk_pool *pool);

/* The pool that contains an address, or NULL */
static inline struct dhcpk_pool *dhcpk_pool_at(const struct dhcpk_config *c, u32 addr)
{
	return c ? dhcpk_pools_at(&c->all, addr) : NULL;
}

/* ---- generation.c: how one configuration takes the place of another ---- */

int dhcpk_config_publish(struct dhcpk_net *dn, struct dhcpk_config *c);
void dhcpk_config_discard(struct dhcpk_net *dn);
void dhcpk_config_retire(struct dhcpk_net *dn);

/* Can a client live there? A subnet's first address and its last one are no host's, but may be one's of a wider subnet. */
static inline bool dhcpk_pool_has(const struct dhcpk_pool *pool, u32 addr)
{
	return addr > pool->subnet && addr < (pool->subnet | ~pool->mask);
}

/* Does a pool of the configuration serve the address? Of its bindings the kernel has the truth. */
static inline bool dhcpk_config_serves(const struct dhcpk_config *c, u32 addr)
{
	const struct dhcpk_pool *pool = dhcpk_pool_at(c, addr);

	return pool && dhcpk_pool_has(pool, addr);
}

static inline bool dhcpk_pool_on_link(const struct dhcpk_pool *pool, __be32 addr)
{
	return addr && (ntohl(addr) & pool->mask) == pool->subnet;
}

/* ---- the namespace ---- */

struct dhcpk_stats {
	u64			count[__DHCPK_STAT_MAX];
	struct u64_stats_sync	syncp;
};

struct dhcpk_net {
	struct net			*net;	/* not counted: this state ends before its namespace does */
	struct dhcpk_config __rcu	*config;
	struct dhcpk_stats __percpu	*stats;
	struct dhcpk_exchanges		*exchanges;	/* there as soon as there is a relay */
	struct mutex			lock;	/* configuration: staged and published */
	struct dhcpk_config		*staged;
	u32				last_generation;
	bool				hooked;
	struct dhcpk_space		*space;		/* there as soon as a configuration has been begun */
	struct delayed_work		tick;
	atomic_long_t			remembered;	/* bytes, in the memories of relays that survive their servers */
	unsigned int			next_relay;	/* of the tick's, by its place in dhcpk_config.relays */
	struct delayed_work		doorbell;
	atomic_t			dirty;		/* bindings, as are these two */
	atomic_t			in_flight;
	atomic_t			parked;
	u32				attached;	/* the port of the daemon's socket, 0: none; under @lock */
	bool				stored;		/* a store has been attached; under @lock, as are these two: */
	u64				pulled;		/* the last change that the daemon has been given */
	u64				committed;	/* the last one that its store has; not after @pulled */
	bool				rung;		/* the daemon knows that there is something to pull */
	u8				store_id[DHCPK_STORE_ID_SIZE];
};

struct dhcpk_net *dhcpk_pernet(const struct net *net);

/* ---- the road: hook.c, fastpath.c, select.c, client.c, binding.c, xmit.c ---- */

/**
 * enum dhcpk_step - how a step of the road ends
 * @DHCPK_NEXT: go on
 * @DHCPK_AGAIN: the configuration has been replaced meanwhile; start again with the new one
 * @DHCPK_PASS: the packet is not ours; it goes on through the stack as it came
 * @DHCPK_DROP: it was for us and is refused, and counted
 * @DHCPK_DONE: it was for us and has been dealt with
 * @DHCPK_GONE: so it was, and the skb is not the caller's any more
 */
enum dhcpk_step {
	DHCPK_NEXT,
	DHCPK_AGAIN,
	DHCPK_PASS,
	DHCPK_DROP,
	DHCPK_DONE,
	DHCPK_GONE,
};

/**
 * struct dhcpk_ctx - a message on its road; lives on the stack
 *
 * @msg points into @skb's linear part. No step after parsing may pull, so the pointers hold to the end.
 *
 * @link: what is served on @dev, NULL for nothing
 * @pools: those of the client's link
 * @pool: the one of them that answers
 * @host: the client's reservation on its link, in @pool or in another of @pools
 * @len: of the message, in bytes
 * @port: that it was sent to
 * @here: sent to us as this interface's VRF knows us; otherwise it can only be a reply to a relay in another one
 * @unicast: sent to an address of ours, not to everybody
 * @remote: the client is not on @dev: it wrote to us through routers
 * @by_way_back: the way to its relay, or to itself if it is @remote, is by @dev
 * @unheeded: option 82 that no relay put in, and that the pools do not trust: @msg has none of it. It is echoed all the same
 * @source: the address of ours that the reply comes from
 * @wait: the reply promises more than the store says, and waits for it
 * @seq: with @wait, of the binding's change
 */
struct dhcpk_ctx {
	struct sk_buff			*skb;
	struct net_device		*dev;
	struct dhcpk_net		*dn;
	const struct dhcpk_config	*config;
	const struct dhcpk_link		*link;
	const struct dhcpk_pools	*pools;
	const struct dhcpk_pool		*pool;
	const struct dhcpk_host		*host;
	struct dhcp_msg			msg;
	unsigned int			len;
	struct dhcpk_id			id;
	struct dhcp_reply		reply;
	__be32				source;
	__be16				port;
	bool				here;
	bool				unicast;
	bool				remote;
	bool				by_way_back;
	bool				wait;
	u64				seq;
	u64				now;
	struct dhcp_agent		unheeded;
};

/* Is there a relay on the interface, for what no pool takes? */
static inline bool dhcpk_relayed_on(const struct dhcpk_ctx *ctx)
{
	return ctx->link && ctx->link->relay;
}

const struct in_ifaddr *dhcpk_first_address(const struct net_device *dev);
unsigned int dhcpk_address_type(const struct net_device *dev, __be32 addr);
unsigned int dhcpk_sender_type(const struct net_device *dev, __be32 addr);

enum dhcpk_step dhcpk_fastpath(struct dhcpk_ctx *ctx);
enum dhcpk_step dhcpk_select(struct dhcpk_ctx *ctx);
u32 dhcpk_asked(const struct dhcpk_ctx *ctx);
void dhcpk_heed_agent(struct dhcpk_ctx *ctx);
bool dhcpk_select_all_hear(const struct dhcpk_ctx *ctx);
bool dhcpk_select_by_subnet(const struct dhcpk_ctx *ctx);
struct dhcpk_id dhcpk_lease_circuit(const struct dhcpk_lease *l);
bool dhcpk_pool_gives(const struct dhcpk_ctx *ctx, const struct dhcpk_pool *pool, const struct dhcpk_lease *own, u32 addr);
const struct dhcpk_host *dhcpk_host_find(const struct dhcpk_config *c, const struct dhcpk_pools *pools,
					 const struct dhcp_msg *msg);
enum dhcpk_step dhcpk_identify(struct dhcpk_ctx *ctx);
bool dhcpk_same_hardware(const struct dhcpk_lease *l, const struct dhcp_hdr *hdr);
bool dhcpk_lease_of_sender(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *l);
bool dhcpk_reservation_has(const struct dhcpk_ctx *ctx, const struct dhcpk_pools *pools, const struct dhcpk_host *host,
			   const struct dhcpk_lease *l);
bool dhcpk_lease_reserved(const struct dhcpk_ctx *ctx, const struct dhcpk_pools *pools, const struct dhcpk_lease *l);
struct dhcpk_lease *dhcpk_client_seen(const struct dhcpk_ctx *ctx, const struct dhcpk_pools *pools, const struct dhcpk_host *host,
				      u8 identity);
struct dhcpk_lease *dhcpk_client_lease(struct dhcpk_ctx *ctx);
bool dhcpk_client_has_no_hardware(const struct dhcp_msg *msg);
unsigned int dhcpk_client_declined(const struct dhcpk_ctx *ctx, unsigned int max);
enum dhcpk_step dhcpk_decide(struct dhcpk_ctx *ctx);
enum dhcpk_step dhcpk_xmit(struct dhcpk_ctx *ctx);
void dhcpk_xmit_parked(struct dhcpk_net *dn, struct sk_buff *skb);

int dhcpk_hook_register(struct dhcpk_net *dn);
void dhcpk_hook_unregister(struct dhcpk_net *dn);

/**
 * struct dhcpk_dest - where a message goes; in its cb while it has no headers yet and waits for the store
 * @lease: whose @parked it is, while it waits for the store
 * @exchange: what it answers, then; NULL for lack of memory
 * @source: our address
 * @addr: the receiver's, with @port
 * @sport: the port that it comes from
 * @ifindex: the interface that the request came in by
 * @mac: on that link; unused with @on_all and @routed
 * @on_all: to everybody on that link
 * @routed: by the routing table, not by that link
 * @type: enum dhcp_type of the reply
 * @addresses: rt_genid_ipv4() when it began to wait: as long as that stays the same, no interface has got an address
 *
 * Nothing in here keeps an interface or a route from going away while the reply waits.
 */
struct dhcpk_dest {
	struct dhcpk_lease	*lease;
	struct dhcpk_exchange	*exchange;
	__be32			source;
	__be32			addr;
	int			ifindex;
	__be16			port;
	__be16			sport;
	u8			mac[ETH_ALEN];
	bool			on_all;
	bool			routed;
	u8			type;
	int			addresses;
};

static inline struct dhcpk_dest *DHCPK_DEST(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct dhcpk_dest) > sizeof(skb->cb));
	return (struct dhcpk_dest *)skb->cb;
}

/* ---- frame.c: frames and routes ---- */

struct rtable;

bool dhcpk_usable_chaddr(const struct net_device *dev, const struct dhcp_hdr *hdr);
struct rtable *dhcpk_route(struct net_device *dev, struct dhcpk_dest *to);
bool dhcpk_is_way(const struct net_device *by, const struct net_device *of, const struct dhcpk_dest *to);
struct sk_buff *dhcpk_frame_new(const struct net_device *dev, unsigned int size);
struct sk_buff *dhcpk_frame_for(const struct net_device *dev, struct sk_buff *skb, const u8 *message, unsigned int len,
				unsigned int size, bool *gone);
int dhcpk_frame_send(struct net_device *dev, struct rtable *rt, const struct dhcpk_dest *to, struct sk_buff *skb);

/* ---- parked.c: replies that wait for the store ---- */

bool dhcpk_awaited(struct dhcpk_space *s, const struct dhcp_hdr *hdr);
void dhcpk_await_end(struct dhcpk_space *s, struct dhcpk_exchange *x);
struct sk_buff *dhcpk_parked_take(struct dhcpk_space *s, struct dhcpk_lease *l);
struct sk_buff *dhcpk_unpark(struct dhcpk_space *s, struct dhcpk_lease *l);
bool dhcpk_parked_reply_to(const struct dhcpk_lease *l, const struct dhcp_msg *msg);
bool dhcpk_parked_already(const struct dhcpk_lease *l, const struct dhcp_msg *msg, u64 now);
enum dhcpk_step dhcpk_park(struct dhcpk_ctx *ctx, struct sk_buff *skb);
void dhcpk_parked_expire(struct dhcpk_space *s, u64 now);

/* ---- commit.c: on the way to stable storage ---- */

u64 dhcpk_horizon(const struct dhcpk_lease *l);
void dhcpk_dirty(struct dhcpk_space *s, struct dhcpk_lease *l);
void dhcpk_dirty_as(struct dhcpk_space *s, struct dhcpk_lease *l, const struct dhcpk_lease *old);
void dhcpk_dirty_unless_covered(struct dhcpk_space *s, struct dhcpk_lease *l);
void dhcpk_unlist(struct dhcpk_space *s, struct dhcpk_lease *l);
bool dhcpk_backlog(struct dhcpk_space *s, u64 now);
int dhcpk_attach(struct dhcpk_net *dn, u32 portid, const u8 *store_id, u64 seq);
void dhcpk_detach(struct dhcpk_net *dn);
void dhcpk_seq_after(struct dhcpk_space *s, u64 seq);
void dhcpk_pulled(struct dhcpk_space *s, struct dhcpk_lease *l);
void dhcpk_commit(struct dhcpk_net *dn, u64 seq);
void dhcpk_doorbell(struct work_struct *work);

/* ---- duplicates.c: one client identifier, two machines ---- */

void dhcpk_duplicate_note(struct dhcpk_space *s, struct dhcpk_lease *l, const struct dhcp_hdr *hdr, u64 now);
void dhcpk_duplicate_forget(struct dhcpk_space *s, u32 addr);
const struct dhcpk_hardware *dhcpk_duplicate_of(const struct dhcpk_space *s, const struct dhcpk_lease *l, u64 now);
const struct dhcpk_lease *dhcpk_duplicate_at(struct dhcpk_space *s, unsigned int i, u64 now, const struct dhcpk_hardware **also);

/* ---- stats.c ---- */

void dhcpk_count(struct dhcpk_net *dn, enum dhcpk_stat stat);
void dhcpk_count_many(struct dhcpk_net *dn, enum dhcpk_stat stat, unsigned int n);
u64 dhcpk_stat_read(const struct dhcpk_net *dn, enum dhcpk_stat stat);

/* Counts and says that the packet is dropped. */
static inline enum dhcpk_step dhcpk_drop(struct dhcpk_ctx *ctx, enum dhcpk_stat why)
{
	dhcpk_count(ctx->dn, why);
	return DHCPK_DROP;
}

/* A message that our pools cannot answer goes to the relay of its link. A link without a relay drops it. */
static inline enum dhcpk_step dhcpk_leave(struct dhcpk_ctx *ctx, enum dhcpk_stat why)
{
	return dhcpk_relayed_on(ctx) ? DHCPK_PASS : dhcpk_drop(ctx, why);
}

/* ---- netlink*.c: the desk ---- */

int dhcpk_netlink_init(void);
void dhcpk_netlink_exit(void);
void dhcpk_lease_event(struct dhcpk_space *s, const struct dhcpk_lease *l, u8 state);
int dhcpk_dirty_event(struct net *net, u32 portid);

#endif
