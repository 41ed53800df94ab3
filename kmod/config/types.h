/* SPDX-License-Identifier: GPL-2.0-only */
/* One generation of the configuration: pools, hosts, and where they are served. */
#ifndef DHCPK_CONFIG_TYPES_H
#define DHCPK_CONFIG_TYPES_H

#include <linux/if.h>
#include <linux/list.h>
#include <linux/rhashtable.h>
#include <linux/xarray.h>

#include <linux/dhcpk.h>

#include "core/dhcp.h"
#include "lease/types.h"

enum { DHCPK_LINK_HASH_BITS = 8 };

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
	bool			overrides_server_id;	/* @relay asks servers to name its address as theirs, RFC 5107 */
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
	struct dhcpk_map	*map;		/* set when its generation is published, as is dhcpk_config.maps */
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
	struct dhcpk_maps	*maps;		/* those of the pools */
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

/* Can a client live there? A subnet's first address and its last one are no host's, but may be one's of a wider subnet. */
static inline bool dhcpk_pool_has(const struct dhcpk_pool *pool, u32 addr)
{
	return addr > pool->subnet && addr < (pool->subnet | ~pool->mask);
}

static inline bool dhcpk_pool_on_link(const struct dhcpk_pool *pool, __be32 addr)
{
	return addr && (ntohl(addr) & pool->mask) == pool->subnet;
}

#endif
