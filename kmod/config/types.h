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
 * struct dhcpk_pools - the pools of one link; more than one are a shared network
 * @n: number of pools
 * @identities: bit N: a pool has identity N (enum dhcpk_identity)
 * @flags: DHCPK_POOL_F_* that all pools have
 * @any_via: a pool accepts relayed messages on certain interfaces only
 * @pool: the pools, in the order in which they are tried
 * @by_addr: the pools, sorted by address
 *
 * More pools are added only while the generation is staged.
 */
struct dhcpk_pools {
	unsigned int		n;
	unsigned long		identities;
	u32			flags;
	bool			any_via;
	struct dhcpk_pool	**pool;
	struct dhcpk_pool	**by_addr;
};

/*
 * An interface with pools or a relay. The index follows the interface when it appears, disappears
 * or is renamed.
 */
struct dhcpk_link {
	struct hlist_node	by_ifindex;
	struct list_head	list;
	struct dhcpk_pools	pools;
	struct dhcpk_relay	*relay;		/* for messages that no pool answers; or NULL */
	/* @relay asks servers to use its address as their server identifier, RFC 5107 */
	bool			overrides_server_id;
	int			ifindex;	/* 0: there is no such interface now */
	char			dev[IFNAMSIZ];
};

/* A net in which pools serve: the subnet of a pool, or a link behind a relay */
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
	u32			addr;		/* the reserved address, host order; 0: none */
	struct list_head	list;
	struct dhcpk_pool	*pool;
	struct dhcp_option_set	*set;		/* NULL: the pool's */
	u32			lease;		/* default and maximum, seconds; 0: the pool's */
	u8			id_data[];
};

struct dhcpk_pool {
	struct list_head	list;
	struct list_head	hosts;
	struct xarray		host_by_addr;
	struct dhcpk_link	*link;		/* NULL: on no interface */
	struct dhcpk_map	*map;		/* set in dhcpk_config_publish() */
	struct dhcp_option_set	*set;
	u32			subnet;		/* host order */
	u32			mask;
	u32			lease;		/* seconds, as are the next two */
	u32			lease_min;
	u32			lease_max;
	u32			decline;	/* seconds that a declined address rests */
	u32			flags;
	u8			prefix;
	u8			identity;	/* enum dhcpk_identity */
	char			name[DHCPK_POOL_NAME_SIZE];
	char			dev[IFNAMSIZ];
	unsigned int		n_ranges;
	unsigned int		n_relay_links;
	unsigned int		n_via;		/* 0: relayed messages on any interface */
	struct dhcpk_range	ranges[DHCPK_RANGES_MAX];
	struct dhcpk_net_key	relay_links[DHCPK_RELAY_LINKS_MAX];
	char			via[DHCPK_VIA_MAX][IFNAMSIZ];
};

/**
 * struct dhcpk_config - a generation of the configuration
 * @generation: its cookie
 * @n_pools: number of pools
 * @n_hosts: number of hosts
 * @n_relays: number of relays
 * @n_relay_ports: number of elements in @relay_port
 * @any_server: a relay accepts replies from servers that are not listed
 * @relay_port: ports besides 67 on which replies to relays arrive (RFC 8357)
 * @exchanges: those of the namespace, if there is a relay
 * @servers: servers of all relays, by their address in host order
 * @relay_by_giaddr: relays with a configured giaddr, by giaddr in host order; one for each giaddr
 * @pools: the pools
 * @maps: the maps of the pools
 * @all: the same pools, for lookups by address
 * @last_named: pool of the host that was staged last; the next host is often in the same pool
 * @host_by_id: struct dhcpk_host.by_id, of all pools
 * @relays: the relays
 * @links: the links
 * @segments: the segments
 * @segment_by_net: the segments, by their net
 * @prefixes: bit N: there is a segment of prefix length N
 * @link_by_ifindex: the links, by their interface index
 *
 * Does not change once it is published, except for the interface indexes of the links.
 */
struct dhcpk_config {
	u32			generation;
	unsigned int		n_pools;
	unsigned int		n_hosts;
	unsigned int		n_relays;
	unsigned int		n_relay_ports;
	bool			any_server;
	__be16			relay_port[DHCPK_RELAY_PORTS_MAX];
	struct dhcpk_exchanges	*exchanges;
	struct xarray		servers;
	struct xarray		relay_by_giaddr;
	struct list_head	pools;
	struct dhcpk_maps	*maps;
	struct dhcpk_pools	all;
	struct dhcpk_pool	*last_named;
	struct dhcpk_id_table	host_by_id;
	struct list_head	relays;
	struct list_head	links;
	struct list_head	segments;
	struct rhashtable	segment_by_net;
	u64			prefixes;
	struct hlist_head	link_by_ifindex[1 << DHCPK_LINK_HASH_BITS];
};

/*
 * Is this a host address of the pool's subnet? The first and the last address of a subnet are not,
 * but they may be host addresses of a wider subnet.
 */
static inline bool dhcpk_pool_has(const struct dhcpk_pool *pool, u32 addr)
{
	return addr > pool->subnet && addr < (pool->subnet | ~pool->mask);
}

static inline bool dhcpk_pool_on_link(const struct dhcpk_pool *pool, __be32 addr)
{
	return addr && (ntohl(addr) & pool->mask) == pool->subnet;
}

#endif
