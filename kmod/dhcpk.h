/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the module share: the state of a network namespace, and the steps of a message's road. */
#ifndef DHCPK_H
#define DHCPK_H

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

#include "core/dhcp.h"

#define DHCPK_MODULE_VERSION	"0.1"

enum {
	DHCPK_OFFER_SECONDS	= 30,	/* how long an offer waits for its REQUEST, RFC 2131 section 3.1 step 5 */
	DHCPK_DECLINE_SECONDS	= 3600,	/* how long a declined address rests */
	DHCPK_LINK_HASH_BITS	= 8,
};

#define DHCPK_GFP_SOFTIRQ	(GFP_ATOMIC | __GFP_NOWARN)

/* ---- identify.c: who a client is ---- */

/* Kinds of identity: a hardware type (0..255) with the address of that type, or the client's own identifier. */
#define DHCPK_ID_CLIENT		256
#define DHCPK_ID_NONE		257

/**
 * struct dhcpk_id - a client's identity, RFC 2131 section 4.2
 * @kind: DHCPK_ID_CLIENT, or the hardware type that @data is an address of
 * @len: bytes in @data
 * @data: the client identifier or hardware address
 */
struct dhcpk_id {
	u16		kind;
	u8		len;
	const u8	*data;
};

/* Anything that is found by a client's identity carries one of these. */
struct dhcpk_id_node {
	struct rhash_head	node;
	struct dhcpk_id		id;
};

struct dhcpk_id_table {
	struct rhashtable	table;
};

struct dhcpk_id dhcpk_id_of_chaddr(const struct dhcp_msg *msg);
struct dhcpk_id dhcpk_id_of_client(const struct dhcp_msg *msg);
u64 dhcpk_id_hash(const struct dhcpk_id *id, const siphash_key_t *key);
int dhcpk_id_table_init(struct dhcpk_id_table *t);
void dhcpk_id_table_destroy(struct dhcpk_id_table *t);
int dhcpk_id_table_insert(struct dhcpk_id_table *t, struct dhcpk_id_node *n);
void dhcpk_id_table_remove(struct dhcpk_id_table *t, struct dhcpk_id_node *n);
struct dhcpk_id_node *dhcpk_id_table_find(struct dhcpk_id_table *t, const struct dhcpk_id *id);

/* ---- alloc.c: which addresses are free ---- */

struct dhcpk_range {
	u32 first;	/* host order, both inclusive */
	u32 last;
};

struct dhcpk_alloc;

struct dhcpk_alloc *dhcpk_alloc_new(const struct dhcpk_range *ranges, unsigned int n);
void dhcpk_alloc_free(struct dhcpk_alloc *a);
void dhcpk_alloc_reserve(struct dhcpk_alloc *a, u32 addr);
bool dhcpk_alloc_contains(const struct dhcpk_alloc *a, u32 addr);
void dhcpk_alloc_take(struct dhcpk_alloc *a, u32 addr);
void dhcpk_alloc_release(struct dhcpk_alloc *a, u32 addr, bool remembered);
bool dhcpk_alloc_pick(const struct dhcpk_alloc *a, u64 hash, u32 *addr);
u32 dhcpk_alloc_size(const struct dhcpk_alloc *a);
u32 dhcpk_alloc_available(const struct dhcpk_alloc *a);

/* ---- lease.c: who has which address ---- */

enum { DHCPK_WHEEL_SLOTS = 1024 };

/**
 * struct dhcpk_space - the addresses and bindings of a pool
 *
 * It belongs to the pool's name and outlives generations of the configuration. Everything below @lock is guarded by it.
 */
struct dhcpk_space {
	char			pool[DHCPK_POOL_NAME_SIZE];
	struct dhcpk_net	*dn;
	unsigned int		users;		/* generations, under dhcpk_net.lock */
	siphash_key_t		key;		/* for the address a client is given first */
	spinlock_t		lock;
	struct dhcpk_alloc	*alloc;
	struct dhcpk_id_table	by_id;
	struct xarray		by_addr;	/* host order address -> struct dhcpk_lease */
	struct hlist_head	wheel[DHCPK_WHEEL_SLOTS];
	u64			wheel_second;	/* everything due before it has been dealt with */
	u32			count[__DHCPK_LEASE_STATE_MAX];
};

/**
 * struct dhcpk_lease - a binding, or what is remembered of one
 * @by_id: key in dhcpk_space.by_id; kind DHCPK_ID_NONE if it is not in there (a declined address is nobody's)
 * @timer: in the wheel, while @expires is a moment
 * @starts: boottime ns of the last ACK or OFFER
 * @expires: boottime ns, U64_MAX for never
 */
struct dhcpk_lease {
	struct dhcpk_id_node	by_id;
	struct hlist_node	timer;
	u64			starts;
	u64			expires;
	u32			addr;
	u8			state;
	u8			htype;
	u8			hlen;
	u8			host_len;
	u8			chaddr[DHCP_CHADDR_LEN];
	u8			*host_name;
	struct rcu_head		rcu;
	u8			id_data[];
};

struct dhcpk_space *dhcpk_space_new(struct dhcpk_net *dn, const char *pool);
void dhcpk_space_free(struct dhcpk_space *s);
struct dhcpk_alloc *dhcpk_space_set_alloc(struct dhcpk_space *s, struct dhcpk_alloc *a);
void dhcpk_space_expire(struct dhcpk_space *s, u64 now);
struct dhcpk_lease *dhcpk_lease_find(struct dhcpk_space *s, const struct dhcpk_id *id, u64 now);
struct dhcpk_lease *dhcpk_lease_at(struct dhcpk_space *s, u32 addr, u64 now);
bool dhcpk_lease_live(const struct dhcpk_lease *l);
struct dhcpk_lease *dhcpk_lease_grant(struct dhcpk_space *s, const struct dhcpk_id *id, u32 addr, u8 state,
				      u64 now, u64 expires, const struct dhcp_msg *msg);
void dhcpk_lease_release(struct dhcpk_space *s, struct dhcpk_lease *l, u64 now);
void dhcpk_lease_decline(struct dhcpk_space *s, struct dhcpk_lease *l, u64 now);
void dhcpk_lease_forget(struct dhcpk_space *s, struct dhcpk_lease *l);

/* ---- pool.c: the configuration ---- */

struct dhcpk_options {
	u16	len;
	u8	data[];
};

/* An interface that pools are served on; its index follows the interface as it comes, goes and is renamed. */
struct dhcpk_link {
	struct hlist_node	by_ifindex;
	struct list_head	list;
	struct list_head	pools;
	int			ifindex;	/* 0: no such interface now */
	char			dev[IFNAMSIZ];
};

struct dhcpk_host {
	struct dhcpk_id_node	by_id;
	struct list_head	list;
	u32			addr;		/* host order, 0: none reserved */
	struct dhcpk_options	*options;	/* NULL: the pool's */
	u8			id_data[];
};

struct dhcpk_pool {
	struct list_head	list;
	struct list_head	on_link;
	struct list_head	hosts;
	struct dhcpk_id_table	host_by_id;
	struct xarray		host_by_addr;
	struct dhcpk_link	*link;		/* NULL: not attached anywhere */
	struct dhcpk_space	*space;		/* set when its generation is published */
	struct dhcpk_options	*options;
	u32			subnet;		/* host order */
	u32			mask;
	u32			lease;		/* seconds, as are the next two */
	u32			lease_min;
	u32			lease_max;
	u32			flags;
	u8			prefix;
	char			name[DHCPK_POOL_NAME_SIZE];
	char			dev[IFNAMSIZ];
	unsigned int		n_ranges;
	struct dhcpk_range	ranges[DHCPK_RANGES_MAX];
};

/* One generation. Immutable once published, but for the links' interface indexes. */
struct dhcpk_config {
	u32			generation;
	unsigned int		n_pools;
	struct list_head	pools;
	struct list_head	links;
	struct hlist_head	link_by_ifindex[1 << DHCPK_LINK_HASH_BITS];
};

struct dhcpk_config *dhcpk_config_new(u32 generation);
void dhcpk_config_free(struct dhcpk_config *c);
struct dhcpk_pool *dhcpk_config_pool(const struct dhcpk_config *c, const char *name);
struct dhcpk_pool *dhcpk_config_overlap(const struct dhcpk_config *c, const struct dhcpk_pool *pool);
int dhcpk_config_add_pool(struct dhcpk_config *c, struct dhcpk_pool *pool);
int dhcpk_pool_add_host(struct dhcpk_pool *pool, struct dhcpk_host *host);
struct dhcpk_pool *dhcpk_pool_new(void);
void dhcpk_pool_free(struct dhcpk_pool *pool);
int dhcpk_config_publish(struct dhcpk_net *dn, struct dhcpk_config *c);
void dhcpk_config_retire(struct dhcpk_net *dn);
int dhcpk_link_notify(struct notifier_block *nb, unsigned long event, void *ptr);
const struct dhcpk_link *dhcpk_link_find(const struct dhcpk_config *c, int ifindex);

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
	struct mutex			lock;	/* configuration: staged and published */
	struct dhcpk_config		*staged;
	u32				last_generation;
	bool				hooked;
	struct delayed_work		tick;
};

struct dhcpk_net *dhcpk_pernet(const struct net *net);

/* ---- the road: hook.c, fastpath.c, xmit.c ---- */

/**
 * enum dhcpk_step - how a step of the road ends
 * @DHCPK_NEXT: go on
 * @DHCPK_PASS: the packet is not ours; it goes on through the stack as it came
 * @DHCPK_DROP: it was for us and is refused, and counted
 * @DHCPK_DONE: it was for us and has been dealt with
 */
enum dhcpk_step {
	DHCPK_NEXT,
	DHCPK_PASS,
	DHCPK_DROP,
	DHCPK_DONE,
};

/**
 * struct dhcpk_ctx - a message on its road; lives on the stack
 *
 * @msg points into @skb's linear part. No step after parsing may pull, so the pointers hold to the end.
 */
struct dhcpk_ctx {
	struct sk_buff			*skb;
	struct net_device		*dev;
	struct dhcpk_net		*dn;
	const struct dhcpk_config	*config;
	const struct dhcpk_link		*link;
	const struct dhcpk_pool		*pool;
	const struct dhcpk_host		*host;
	struct dhcp_msg			msg;
	struct dhcpk_id			id;
	struct dhcp_reply		reply;
	__be32				server_id;
	u64				now;
};

enum dhcpk_step dhcpk_fastpath(struct dhcpk_ctx *ctx);
enum dhcpk_step dhcpk_select(struct dhcpk_ctx *ctx);
enum dhcpk_step dhcpk_identify(struct dhcpk_ctx *ctx);
enum dhcpk_step dhcpk_xmit(struct dhcpk_ctx *ctx);

int dhcpk_hook_register(struct dhcpk_net *dn);
void dhcpk_hook_unregister(struct dhcpk_net *dn);

/* ---- stats.c ---- */

void dhcpk_count(struct dhcpk_net *dn, enum dhcpk_stat stat);
u64 dhcpk_stat_read(const struct dhcpk_net *dn, enum dhcpk_stat stat);

/* Counts and says that the packet is dropped. */
static inline enum dhcpk_step dhcpk_drop(struct dhcpk_ctx *ctx, enum dhcpk_stat why)
{
	dhcpk_count(ctx->dn, why);
	return DHCPK_DROP;
}

/* ---- netlink*.c: the desk ---- */

int dhcpk_netlink_init(void);
void dhcpk_netlink_exit(void);
void dhcpk_lease_event(struct dhcpk_space *s, const struct dhcpk_lease *l, u8 state);

#endif
