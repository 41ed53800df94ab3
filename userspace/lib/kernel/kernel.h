/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module, by generic netlink: include/uapi/linux/dhcpk.h says what each call means. */
#ifndef DHCPK_KERNEL_H
#define DHCPK_KERNEL_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include <linux/dhcpk.h>

#include "lib/kernel/binding.h"
#include "lib/conv.h"
#include "lib/err.h"
#include "lib/option/options.h"

struct kernel;		/* a netlink socket */
struct nl_msg;

struct kernel_info {
	char		version[32];
	uint32_t	generation;
	uint64_t	now;		/* boottime ns */
	bool		stored;		/* a store has been attached */
	bool		attached;	/* a daemon is there to store bindings */
	uint32_t	dirty, in_flight;	/* bindings that are to be stored, that are being stored */
	uint32_t	parked;		/* replies that wait for that */
};

struct kernel_pool {
	char		name[DHCPK_POOL_NAME_SIZE];
	uint32_t	subnet;		/* host order */
	uint8_t		prefix;
	char		dev[IFNAMSIZ];
	uint32_t	ifindex;
	uint32_t	lease;
	uint32_t	flags;		/* DHCPK_POOL_F_* */
	uint32_t	size, bound, offered, declined, resting, free;
};

struct kernel_lease {
	char		pool[DHCPK_POOL_NAME_SIZE];
	uint32_t	ip;		/* host order */
	uint8_t		state;
	uint8_t		htype;
	uint8_t		mac[16], mac_len;
	uint8_t		also_mac[16], also_mac_len;	/* another machine that uses the client identifier, in turn with this one */
	uint8_t		client_id[255], client_id_len;
	uint8_t		hostname[255], hostname_len;
	uint64_t	starts, expires;	/* boottime ns */
	uint64_t	horizon;	/* up to when the store says that it may be in use; 0: it does not */
	uint8_t		agent[1024];	/* option 82 as the relay sent it */
	size_t		agent_len;
};

/* What a relay knows of a server. Times are boottime ns. */
struct kernel_server {
	uint32_t	ip;		/* host order */
	bool		up;
	uint64_t	sent, replies;
	uint64_t	last;		/* when it answered last; 0: never */
	uint64_t	silent;		/* since when it owes an answer; 0: it owes none */
};

struct kernel_relay {
	char			dev[IFNAMSIZ];
	uint32_t		ifindex;	/* 0: there is no such interface */
	uint32_t		giaddr;		/* the one in use, host order; 0: none */
	uint32_t		flags;		/* DHCPK_RELAY_F_* */
	uint32_t		survive;	/* s; 0: not at all */
	uint32_t		remembered, vouched;
	struct kernel_server	servers[DHCPK_RELAY_SERVERS_MAX];
	unsigned int		n_servers;
	uint64_t		count[DHCPK_RELAY_STAT_MAX + 1];
};

/* What the daemon programs. Pointers belong to the caller. Addresses are in host order. */
struct option_set {
	struct option_block	options;
	uint32_t		next_server;	/* 0: none */
	const char		*server_name;	/* or NULL */
	const char		*boot_file;	/* or NULL */
	uint32_t		renew, rebind;	/* T1 and T2, as DHCPK_A_SET_RENEW; 0: as they are where nobody says otherwise */
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

/* What a host is known by: the attribute that says it */
enum host_key {
	HOST_MAC	= DHCPK_A_HOST_MAC,
	HOST_CLIENT_ID	= DHCPK_A_HOST_CLIENT_ID,
	HOST_CIRCUIT_ID	= DHCPK_A_HOST_CIRCUIT_ID,
};

struct host_spec {
	const char		*name;		/* not for the kernel */
	const char		*pool;
	enum host_key		key;
	uint8_t			id[255];
	size_t			id_len;
	uint32_t		ip;		/* 0: none */
	uint32_t		lease;		/* s; 0: as the pool has it */
	struct option_set	*set;		/* whole, in place of the pool's; NULL: the pool's */
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
	uint32_t	giaddr;		/* 0: the interface's own */
	uint32_t	survive;	/* s; 0: not at all */
	uint8_t		agent[DHCPK_AGENT_TEMPLATE_MAX];
	size_t		agent_len;	/* 0: no option 82 */
	size_t		store_id;	/* where in AGENT the store's id belongs; 0: nowhere */
};

/*
 * All calls: 0, or a negative errno and a text in @e (the kernel's own where it gave one). -ENODEV: the module is not
 * loaded, or has just gone; -EPERM: CAP_NET_ADMIN is missing; -EIO: netlink itself fails. Of what the kernel gives no text
 * for nothing is at fault (not_now).
 */
int kernel_open(struct kernel **k, struct err *e);
void kernel_close(struct kernel *k);
int kernel_fd(const struct kernel *k);

int kernel_info(struct kernel *k, struct kernel_info *info, struct err *e);
int kernel_begin(struct kernel *k, uint32_t *generation, struct err *e);
int kernel_pool(struct kernel *k, uint32_t generation, const struct pool_spec *pool, struct err *e);
int kernel_host(struct kernel *k, uint32_t generation, const struct host_spec *host, struct err *e);
int kernel_relay(struct kernel *k, uint32_t generation, const struct relay_spec *relay, struct err *e);
int kernel_commit(struct kernel *k, uint32_t generation, struct err *e);
int kernel_pools(struct kernel *k, void (*each)(const struct kernel_pool *p, void *arg), void *arg, struct err *e);
/*
 * kernel_leases - of all pools if @pool is NULL, of all addresses if @ip is 0, or if the module does not know better
 * -EINTR: the configuration has changed on the way, so that pools may be called as before, or no longer.
 */
int kernel_leases(struct kernel *k, const char *pool, uint32_t ip, void (*each)(const struct kernel_lease *l, void *arg),
		  void *arg, struct err *e);
int kernel_del_lease(struct kernel *k, const char *pool, uint32_t ip, struct err *e);
/* kernel_del_net - all bindings of a net: their addresses are free at once */
int kernel_del_net(struct kernel *k, uint32_t subnet, uint8_t prefix, struct err *e);
int kernel_stats(struct kernel *k, uint64_t count[DHCPK_STAT_MAX + 1], struct err *e);

/*
 * kernel_duplicates - call @each for the bindings whose client identifier two machines use in turn: the last eight of a day. Only
 * pool, ip, mac, also_mac and client_id are set.
 */
int kernel_duplicates(struct kernel *k, void (*each)(const struct kernel_lease *l, void *arg), void *arg, struct err *e);

/* kernel_events - join the group and call @each for every change, for ever */
int kernel_events(struct kernel *k, void (*each)(const struct kernel_lease *l, void *arg), void *arg, struct err *e);

/* ---- kernel_store.c: to the store and back ---- */

/* kernel_rang - has the kernel rung the bell while another answer was awaited? To ask clears it. */
bool kernel_rang(struct kernel *k);

/*
 * kernel_attach - this socket's daemon stores bindings; its store has the changes up to @seq, or 0
 * Doorbells make the socket readable, and are read by the next request.
 */
int kernel_attach(struct kernel *k, const uint8_t id[DHCPK_STORE_ID_SIZE], uint64_t seq, struct err *e);

/* kernel_pull - what is dirty, DHCPK_PULL_MAX at most; the first error of @each ends it, and is returned */
int kernel_pull(struct kernel *k, int (*each)(const struct binding *b, uint64_t seq, void *arg), void *arg, struct err *e);

/* kernel_stored - all that was pulled up to @seq is on stable storage */
int kernel_stored(struct kernel *k, uint64_t seq, struct err *e);

/*
 * Bindings of one pool into a generation: fill in the first ones, add each, end; or drop what has not been sent yet.
 * -EEXIST: the pool has its bindings already. Without any the kernel is told nothing. One that the kernel finds fault
 * with does not keep the others out: its address rests until its horizon, and @refused gets the kernel's words.
 */
struct kernel_restore {
	struct kernel	*k;
	const char	*pool;
	uint32_t	generation;
	void		(*refused)(uint32_t ip, const char *why, void *arg);
	void		*arg;
	struct nl_msg	*msg;		/* being filled, or NULL */
	uint64_t	n;		/* bindings so far */
};

int kernel_restore_add(struct kernel_restore *r, const struct binding *b, struct err *e);
int kernel_restore_end(struct kernel_restore *r, struct err *e);
void kernel_restore_drop(struct kernel_restore *r);

/* ---- kernel_relay.c ---- */

/* kernel_relays - all of them, for the caller to free, whatever is returned */
int kernel_relays(struct kernel *k, struct kernel_relay **all, size_t *n, struct err *e);

/* kernel_set_server - whether a relay's server answers; kernel_probe_server - ask it something: the dump has its answer */
int kernel_set_server(struct kernel *k, const char *dev, uint32_t ip, bool up, struct err *e);
int kernel_probe_server(struct kernel *k, const char *dev, uint32_t ip, struct err *e);

/* lease_agent - a sub-option of the relay's option 82: its value, or NULL */
const uint8_t *lease_agent(const struct kernel_lease *l, uint8_t code, size_t *len);

/* Names for people and JSON, NULL for a number that has none. */
const char *lease_state_name(unsigned int state);
const char *stat_name(unsigned int stat);
const char *relay_stat_name(unsigned int stat);

#endif
