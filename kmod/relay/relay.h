/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The relay agent. relay_up.c and relay_down.c are its road, relay_match.c finds the relay that a reply is for, exchange.c
 * knows who has asked, relay_facts.c the interface, memory.c what has been passed on, survive.c what that is good for, and
 * relays.c keeps those of a generation.
 */
#ifndef DHCPK_RELAY_H
#define DHCPK_RELAY_H

#include <linux/hash.h>
#include <net/l3mdev.h>

#include "base/frame.h"
#include "config/link.h"
#include "ctx.h"

/**
 * struct dhcpk_server - a server that a relay sends to
 * @addr: its address
 * @up: what the daemon says: it answers
 * @last: when it last answered, boottime ns; 0: never
 * @silent: when the first request was sent to it that it has not answered, boottime ns; 0: it owes no answer
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
 * @next_copy: boottime ns, when what is about a lease [0], or any other request [1], may go to several servers again but for a burst
 * @turn: which server a request goes to that may not
 * @memory: with @survive, what it has passed on; goes on in the next generation, without @survive for what is promised
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

/* relays.c */
struct dhcpk_relay *dhcpk_relay_new(const void *template, size_t len);
void dhcpk_relay_free(struct dhcpk_relay *relay);
void dhcpk_relays_free(struct dhcpk_config *c);
struct dhcpk_relay *dhcpk_config_relay(const struct dhcpk_config *c, const char *dev);
int dhcpk_config_add_relay(struct dhcpk_config *c, struct dhcpk_relay *relay);
int dhcpk_relays_inherit(struct dhcpk_net *dn, const struct dhcpk_config *old, struct dhcpk_config *c);
void dhcpk_relays_inherit_counts(const struct dhcpk_config *old, struct dhcpk_config *c);
struct dhcpk_relay *dhcpk_config_relay_at(const struct dhcpk_config *c, __be32 giaddr);
bool dhcpk_config_names_server(const struct dhcpk_config *c, __be32 addr);
bool dhcpk_config_has_server(const struct dhcpk_config *c, __be32 addr);
struct dhcpk_server *dhcpk_relay_server(struct dhcpk_relay *relay, __be32 addr);
void dhcpk_relay_read(const struct dhcpk_relay *relay, struct dhcpk_relay_counts *counts);
void dhcpk_relay_count(const struct dhcpk_relay *relay, enum dhcpk_relay_stat stat);
void dhcpk_relay_count_sent(const struct dhcpk_relay *relay, const struct dhcpk_server *server);
void dhcpk_relay_count_reply(const struct dhcpk_relay *relay, const struct dhcpk_server *server);

/* relay_facts.c */
struct dhcpk_subnet {
	__be32	addr;	/* one in it */
	__be32	mask;
};

__be32 dhcpk_relay_address(const struct net_device *dev);
__be32 dhcpk_relay_link(const struct dhcpk_relay *relay, const struct net_device *dev);
struct dhcpk_subnet dhcpk_relay_subnet(const struct dhcpk_relay *relay, const struct net_device *dev);
bool dhcpk_relay_has_subnet(const struct net_device *dev);
__be32 dhcpk_relay_giaddr(const struct dhcpk_relay *relay, const struct net_device *dev);
void dhcpk_relay_probe_chaddr(const struct net_device *dev, u8 *chaddr);
bool dhcpk_relay_agent(const struct dhcpk_relay *relay, const struct net_device *dev, const struct dhcp_hdr *hdr,
		       const u8 *station, bool unicast, struct dhcp_bytes *agent, u8 *buf);
void dhcpk_relay_own_agent(const struct dhcpk_relay *relay, const struct net_device *dev, const struct dhcp_hdr *hdr,
			   struct dhcp_own_agent *own, u8 *buf);

/* relay_match.c */
enum dhcpk_step dhcpk_relay_of_reply(const struct dhcpk_ctx *ctx, struct dhcpk_relay **relay);
enum dhcpk_step dhcpk_relay_check_server(const struct dhcpk_ctx *ctx, struct dhcpk_relay *relay,
					 const struct net_device *dev, struct dhcpk_server **server);

/* exchange.c */
int dhcpk_exchanges_init(struct dhcpk_net *dn, struct dhcpk_config *c);
void dhcpk_exchanges_free(struct dhcpk_net *dn);
void dhcpk_exchange_asked(struct dhcpk_exchanges *x, const struct net_device *dev, u32 exchange);
struct net_device *dhcpk_exchange_dev(const struct dhcpk_exchanges *x, struct net *net, const struct dhcp_hdr *hdr);
void dhcpk_exchange_offered(struct dhcpk_exchanges *x, const struct net_device *dev, const struct dhcp_hdr *hdr, __be32 server);
__be32 dhcpk_exchange_server(const struct dhcpk_exchanges *x, const struct dhcp_hdr *hdr, __be32 addr);

/* relay_up.c */
enum dhcpk_step dhcpk_relay_request(struct dhcpk_ctx *ctx);
bool dhcpk_server_is_up(const struct dhcpk_server *server, u64 now);
bool dhcpk_relay_silent(const struct dhcpk_relay *relay, u64 now);
int dhcpk_relay_probe(struct dhcpk_net *dn, struct dhcpk_relay *relay, struct dhcpk_server *server);
bool dhcpk_relay_ask(struct dhcpk_net *dn, struct dhcpk_relay *relay, const u8 *body, unsigned int len);

/* relay_down.c */
enum dhcpk_step dhcpk_relay_reply(struct dhcpk_ctx *ctx, enum dhcp_parse_error err);
void dhcpk_relay_vouch(struct dhcpk_relay *relay, const struct dhcpk_ctx *ctx);

/* memory.c */
struct dhcpk_memory *dhcpk_memory_new(atomic_long_t *in_all);
struct dhcpk_memory *dhcpk_memory_get(struct dhcpk_memory *m);
void dhcpk_memory_put(struct dhcpk_memory *m);
bool dhcpk_memory_is_empty(const struct dhcpk_memory *m);
void dhcpk_memory_size(struct dhcpk_memory *m, u32 *n, u32 *vouched);

/* survive.c */
bool dhcpk_survive_reply(struct dhcpk_relay *relay, const struct net_device *dev, __be32 from, const struct dhcp_msg *reply,
			 const void *body, unsigned int len);
void dhcpk_survive_asked(struct dhcpk_relay *relay, const struct dhcp_msg *msg, u32 exchange);
void dhcpk_survive_given_back(struct dhcpk_relay *relay, const struct dhcp_msg *msg);
struct dhcpk_body *dhcpk_survive_answer(struct dhcpk_relay *relay, const struct dhcpk_ctx *ctx);
void dhcpk_survive_tick(struct dhcpk_net *dn, struct dhcpk_relay *relay, unsigned int n_relays, u64 now);

static inline bool dhcpk_same_vrf(const struct net_device *a, const struct net_device *b)
{
	return l3mdev_master_ifindex_rcu(a) == l3mdev_master_ifindex_rcu(b);
}

/*
 * A client, of whose hardware address 8 bytes will do, together with a number. For tables in which others may have its place:
 * who knows the number of another's needs no collision, and who does not finds none.
 */
static inline u32 dhcpk_client_hash(const struct dhcp_hdr *hdr, __be32 number)
{
	u64 client;

	memcpy(&client, hdr->chaddr, sizeof(client));
	return hash_64(client * GOLDEN_RATIO_64 + (__force u32)number, 32);
}

/* The place of a hash in a table of @size entries, a power of two. Its upper bits are the better ones. */
static inline u32 dhcpk_hash_slot(u32 hash, u32 size)
{
	return hash >> (32 - ilog2(size));
}

/*
 * In these tables a later entry takes the place of an earlier one with the same slot. Packets write them without a lock. The
 * upper half of an entry is its hash: a reader sees by that whether the entry is the one that it looks for.
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

/* Counts and says that the packet is dropped. */
static inline enum dhcpk_step dhcpk_relay_drop(const struct dhcpk_relay *relay, enum dhcpk_relay_stat why)
{
	dhcpk_relay_count(relay, why);
	return DHCPK_DROP;
}

#endif
