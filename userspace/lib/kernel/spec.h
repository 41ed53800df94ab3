/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration that the daemon programs. The caller owns all pointers. Addresses are in host
 * order.
 */
#ifndef DHCPK_KERNEL_SPEC_H
#define DHCPK_KERNEL_SPEC_H

#include <stddef.h>
#include <stdint.h>

#include <linux/dhcpk.h>

#include "lib/conv.h"
#include "lib/option/block.h"

struct option_set {
	struct option_block	options;
	uint32_t		next_server;	/* 0: none */
	const char		*server_name;	/* or NULL */
	const char		*boot_file;	/* or NULL */
	uint32_t		renew, rebind;	/* T1 and T2, as DHCPK_A_SET_RENEW; 0: default */
};

struct link_spec {
	uint32_t		net;
	uint8_t			prefix;
};

struct pool_spec {
	const char		*name;
	uint32_t		subnet;
	uint8_t			prefix;
	const char		*dev;		/* or NULL */
	struct range		ranges[DHCPK_RANGES_MAX];
	unsigned int		n_ranges;
	struct link_spec	relay_links[DHCPK_RELAY_LINKS_MAX];
	unsigned int		n_relay_links;
	const char		*via[DHCPK_VIA_MAX];
	unsigned int		n_via;
	uint32_t		lease, lease_min, lease_max;
	uint32_t		decline;
	uint32_t		flags;		/* DHCPK_POOL_F_* */
	uint8_t			identity;	/* enum dhcpk_identity */
	struct option_set	set;
};

/* The client identifier of a host: its attribute */
enum host_key {
	HOST_MAC	= DHCPK_A_HOST_MAC,
	HOST_CLIENT_ID	= DHCPK_A_HOST_CLIENT_ID,
	HOST_CIRCUIT_ID	= DHCPK_A_HOST_CIRCUIT_ID,
};

struct host_spec {
	const char		*name;		/* not sent to the kernel */
	const char		*pool;
	enum host_key		key;
	uint8_t			id[255];
	size_t			id_len;
	uint32_t		ip;		/* 0: none */
	uint32_t		lease;		/* s; 0: the pool's */
	struct option_set	*set;		/* in place of the pool's; NULL: the pool's */
};

struct relay_spec {
	const char	*dev;
	uint32_t	servers[DHCPK_RELAY_SERVERS_MAX];
	unsigned int	n_servers;
	uint32_t	flags;		/* DHCPK_RELAY_F_* */
	uint8_t		policy;		/* enum dhcpk_relay_policy */
	uint8_t		hops;
	uint16_t	secs;
	uint16_t	port;
	uint32_t	giaddr;		/* 0: the interface's address */
	uint32_t	survive;	/* s; 0: off */
	uint8_t		agent[DHCPK_AGENT_TEMPLATE_MAX];
	size_t		agent_len;	/* 0: no option 82 */
	size_t		store_id;	/* offset of the store's id in AGENT; 0: none */
};

#endif
