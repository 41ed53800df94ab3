/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * dhcpk: generic netlink interface of the in-kernel DHCPv4 server and relay agent.
 *
 * Family "dhcpk", version 1. Every command needs CAP_NET_ADMIN in the initial user namespace
 * (GENL_ADMIN_PERM), reads included: leases name people's machines. Joining the multicast group
 * needs it in the user namespace that owns the network namespace. A socket talks to the network
 * namespace in which it was opened; namespaces share nothing. The kernel refuses unknown or
 * malformed attributes, with an extended ACK text that says what is wrong. Addresses are __be32 in
 * network order. Times are CLOCK_BOOTTIME in nanoseconds, durations are seconds; 0xffffffff seconds
 * is infinite (RFC 2131 section 3.3).
 *
 * Configuration is a generation: begin, objects, commit. The commit replaces the running generation
 * whole and at once, or changes nothing. A begin discards what an earlier begin had staged, so a
 * program that died half way blocks no other; messages with its cookie then get ESTALE. Leases
 * belong to addresses, not to pools: a pool may be renamed, split, merged, grown or shrunk, and a
 * client stays bound as long as a pool of its link contains its address. A lease that no pool
 * contains any more stays until it ends; no other client gets its address before that.
 *
 * Leases outlive the machine in a store that a daemon keeps. A changed lease is dirty until the
 * daemon has pulled it, and in flight until the daemon has said that it is on stable storage. An
 * ACK that grants more than the store covers waits for that (in a pool with DHCPK_POOL_F_ASYNC only
 * while the oldest dirty lease has been dirty for more than a second). The store covers more than
 * the client is told: a lease may be in use until its horizon, DHCPK_HORIZON_FACTOR lease times and
 * an eighth after it was written, and renewals up to there need no write. One socket at a time is
 * attached; when it closes, or another one attaches, leases in flight are dirty again. No change
 * gets lost: the dirty list is state, not a stream.
 *
 * DHCPK_CMD_GET_INFO  (do)
 *   reply: DHCPK_A_VERSION, DHCPK_A_GENERATION (of the running configuration, 0: none yet),
 *   DHCPK_A_NOW, DHCPK_A_STORE_ID (absent: none has been attached), DHCPK_A_ATTACHED (u8),
 *   DHCPK_A_DIRTY, DHCPK_A_IN_FLIGHT, DHCPK_A_PARKED (u32: replies that wait), DHCPK_A_DUPLICATES
 *   (absent: none): DHCPK_A_LEASE, at most eight times. Each is a lease that two machines have used
 *   in turn within a day: DHCPK_A_LEASE_{POOL,IP,HTYPE,MAC,ALSO_MAC,CLIENT_ID}
 *
 * DHCPK_CMD_CONFIG_BEGIN  (do)
 *   reply: DHCPK_A_GENERATION, the cookie that the other CONFIG commands must carry
 *
 * DHCPK_CMD_CONFIG_POOL  (do)
 *   request: DHCPK_A_GENERATION, DHCPK_A_POOL:
 *     DHCPK_A_POOL_NAME      string, 1..31 bytes, unique in its generation
 *     DHCPK_A_POOL_SUBNET    __be32, host bits zero
 *     DHCPK_A_POOL_PREFIX    u8, 1..30
 *     DHCPK_A_POOL_DEV       string; optional. The interface may appear, vanish and be renamed at
 *                            any time
 *     DHCPK_A_POOL_RANGE     nested, repeated: DHCPK_A_RANGE_FIRST, DHCPK_A_RANGE_LAST (__be32,
 *                            both inclusive). Inside the subnet, without its network and broadcast
 *                            address, apart from each other
 *     DHCPK_A_POOL_LEASE     u32 s, the default lease time
 *     DHCPK_A_POOL_LEASE_MIN u32 s, the shortest lease of a client that asks for a time
 *     DHCPK_A_POOL_LEASE_MAX u32 s, the longest lease of a client that asks for a time
 *     DHCPK_A_POOL_FLAGS     u32, DHCPK_POOL_F_*; optional
 *     DHCPK_A_POOL_IDENTITY  u8, enum dhcpk_identity; optional
 *     DHCPK_A_POOL_DECLINE   u32 s, how long a declined address rests; optional,
 *                            DHCPK_DECLINE_DEFAULT otherwise
 *     DHCPK_A_POOL_RELAY_LINK nested, repeated: DHCPK_A_LINK_NET (__be32, host bits zero),
 *                            DHCPK_A_LINK_PREFIX (u8, 1..32): more giaddrs, besides those in the
 *                            subnet, with clients that the pool serves
 *     DHCPK_A_POOL_VIA       string, repeated: the interfaces on which messages may arrive that are
 *                            relayed or routed to the pool; without one, the interface of the route
 *                            back to the relay or the client. On an interface that does not exist
 *                            no message arrives
 *     DHCPK_A_POOL_SET       nested, optional: the option set:
 *       DHCPK_A_SET_OPTIONS     binary, at most DHCPK_OPTIONS_MAX: options as on the wire (code,
 *                               length, value)*, no pad, no end, and none that the server owns
 *                               (50..55, 57..59, 61, 80..82, 118). A code may come again only right
 *                               behind itself, after a piece of 255 bytes: one long option
 *                               (RFC 3396)
 *       DHCPK_A_SET_NEXT_SERVER __be32, siaddr; optional
 *       DHCPK_A_SET_SERVER_NAME string, at most 63 bytes, the field sname; optional
 *       DHCPK_A_SET_BOOT_FILE   string, at most 127 bytes, the field file; optional
 *       DHCPK_A_SET_ALWAYS      binary, at most 255 bytes: codes of options that a client gets even
 *                               if it has not asked for them; optional. A code that is not in
 *                               DHCPK_A_SET_OPTIONS has no effect
 *       DHCPK_A_SET_RENEW       u32, T1, option 58: seconds; or DHCPK_TIME_SHARE and how many
 *                               thousandths of the lease, 1..999; or DHCPK_TIME_OFF: the option is
 *                               not sent; optional, half the lease. If T1 would not be before T2
 *                               (without T2, the end of the lease), T1 is half of that
 *       DHCPK_A_SET_REBIND      u32, T2, option 59, as RENEW; optional, seven eighths of the lease.
 *                               If T2 would not be before the end of the lease, T2 is seven eighths
 *                               of it
 *   errors: ESTALE cookie, EEXIST name or an overlap with another pool, EINVAL, ERANGE, E2BIG,
 *   ENOMEM
 *
 * DHCPK_CMD_CONFIG_HOST  (do)
 *   request: DHCPK_A_GENERATION, DHCPK_A_HOST:
 *     DHCPK_A_HOST_POOL      string: a pool staged before
 *     DHCPK_A_HOST_MAC       binary, 6 bytes, or
 *     DHCPK_A_HOST_CLIENT_ID binary, 1..255 bytes: option 61 as the client sends it, or
 *     DHCPK_A_HOST_CIRCUIT_ID binary, 1..255 bytes: sub-option 1 of option 82 as the relay sends it
 *                            (RFC 3046 section 3.1)
 *     DHCPK_A_HOST_IP        __be32; optional. In the pool's subnet; it need not be in a range
 *     DHCPK_A_HOST_SET       nested like DHCPK_A_POOL_SET; optional: this host's whole option set
 *                            in place of the pool's
 *     DHCPK_A_HOST_LEASE     u32 s, at least 1: its lease, and the longest that it can ask for;
 *                            optional, those of the pool
 *   errors: as above; ENOENT no such pool; EEXIST the client or the address is reserved already
 *
 * DHCPK_CMD_CONFIG_RELAY  (do)
 *   request: DHCPK_A_GENERATION, DHCPK_A_RELAY: the messages of clients on an interface are relayed
 *   (RFC 1542, RFC 3046):
 *     DHCPK_A_RELAY_DEV      string, the interface, one relay each; it may appear, vanish and be
 *                            renamed at any time
 *     DHCPK_A_RELAY_SERVER   nested, repeated, at most DHCPK_RELAY_SERVERS_MAX: DHCPK_A_SERVER_IP
 *                            (__be32, a host's address), in the order of their priority
 *     DHCPK_A_RELAY_FLAGS    u32, DHCPK_RELAY_F_*; optional
 *     DHCPK_A_RELAY_POLICY   u8, enum dhcpk_relay_policy; optional
 *     DHCPK_A_RELAY_HOPS     u8, 1..16, a request with a higher hops field is dropped; optional,
 *                            DHCPK_HOPS_DEFAULT
 *     DHCPK_A_RELAY_SECS     u16 s, a request with a lower secs field is not relayed yet, unless it
 *                            is a RELEASE or DECLINE; optional
 *     DHCPK_A_RELAY_GIADDR   __be32, an address of this host; optional, the interface's first
 *                            address
 *     DHCPK_A_RELAY_PORT     u16, the UDP port from which requests are sent, and to which replies
 *                            come (RFC 8357, which requires sub-option 19 in AGENT), not 68;
 *                            optional, 67
 *     DHCPK_A_RELAY_SURVIVE  u32 s, how long after the end of a lease the relay extends it while no
 *                            server answers; optional, 0: not at all
 *     DHCPK_A_RELAY_AGENT    binary, at most DHCPK_AGENT_TEMPLATE_MAX: the template of option 82;
 *                            absent: no such option. At most 32 sub-options, each its code (u8),
 *                            the length of its pieces (u8) and the pieces. Each piece is an enum
 *                            dhcpk_agent_piece (u8), a length (u8) and, with DHCPK_AGENT_TEXT, as
 *                            many bytes
 *   errors: ESTALE cookie, EEXIST the interface has a relay, EINVAL, ERANGE, E2BIG, ENOMEM
 *
 * DHCPK_CMD_GET_RELAY  (dump)
 *   reply, one message a relay: DHCPK_A_RELAY with DHCPK_A_RELAY_DEV, _IFINDEX (u32, 0 while there
 *   is no such interface), _FLAGS, _SURVIVE (absent: not at all), _GIADDR (the one in use, absent:
 *   none), _REMEMBERED (u32: number of stored ACKs), _VOUCHED (u32: number of leases that the relay
 *   has extended and no server has confirmed), _STATS (nested: attribute type N is counter N of
 *   enum dhcpk_relay_stat, u64), and for each server DHCPK_A_RELAY_SERVER: DHCPK_A_SERVER_IP, _UP
 *   (u8), _SENT, _REPLIES (u64), _LAST (u64 ns, absent: it has never answered), _SILENT (u64 ns:
 *   when the first request was sent that it has not answered; absent: it owes no answer)
 *
 * DHCPK_CMD_SET_SERVER  (do)
 *   request: DHCPK_A_RELAY with DHCPK_A_RELAY_DEV and one DHCPK_A_RELAY_SERVER: DHCPK_A_SERVER_IP,
 *   DHCPK_A_SERVER_UP (u8, 0 or 1): whether the server answers. A new server is up; the state
 *   outlives generations. With DHCPK_RELAY_F_PRIORITY only the first server that is up gets
 *   requests, or the server that a request names. All servers get them if none is up, or if no
 *   daemon is attached that could tell. With this host's server identifier (DHCPK_AGENT_SERVER_ID)
 *   all servers get the messages about a lease. A server that has owed an answer for 15 s counts as
 *   down whatever its state. With SURVIVE the relay extends leases while no server is up, and none
 *   has answered for some seconds.
 *   errors: ENOENT no such relay or server, EINVAL
 *
 * DHCPK_CMD_PROBE_SERVER  (do)
 *   request: as SET_SERVER without UP. Sends the server a DISCOVER as the relay sends requests, for
 *   a client with the interface's hardware address. The answer counts as one of the server, and no
 *   client gets it.
 *   errors: ENOENT, EINVAL, ENETDOWN the interface is not there or down, EADDRNOTAVAIL it has no
 *   address, EHOSTUNREACH and other errors of routing
 *
 * DHCPK_CMD_CONFIG_RESTORE  (do)
 *   request: DHCPK_A_GENERATION, DHCPK_A_POOL with DHCPK_A_POOL_NAME, DHCPK_A_LEASE, repeated:
 *   leases out of the store, as PULL gave them (DHCPK_A_LEASE_{IP,STATE,HTYPE,MAC,ID_KIND,ID,
 *   SERVER_ID,HOSTNAME,STARTS,EXPIRES,HORIZON,AGENT}), for a pool staged before; with
 *   DHCPK_A_LEASE_ORDER (u64 below 2^63), which is greater for the lease that was written later. Of
 *   two leases of one client on a link the later one that has not ended is the client's, and the
 *   address of the other rests until its horizon. A lease in state BOUND counts as in use until its
 *   horizon. A lease outside of the pool's subnet is left out, and so is a lease with an address
 *   that the running generation serves or has a record of: the kernel's table is the truth.
 *   errors: ESTALE cookie, ENOENT no such pool, EEXIST the running generation has a pool with all
 *   of its subnet, EINVAL
 *
 * DHCPK_CMD_CONFIG_COMMIT  (do)
 *   request: DHCPK_A_GENERATION
 *
 * DHCPK_CMD_GET_POOL  (dump)
 *   reply, one message a pool: DHCPK_A_POOL with
 *   DHCPK_A_POOL_{NAME,SUBNET,PREFIX,DEV,LEASE,LEASE_MIN,LEASE_MAX,FLAGS} and
 *   DHCPK_A_POOL_{IFINDEX,SIZE,BOUND,OFFERED,DECLINED,RESTING,FREE}; IFINDEX is 0 while the
 *   interface does not exist
 *
 * DHCPK_CMD_GET_LEASE  (dump)
 *   request: DHCPK_A_LEASE_POOL, DHCPK_A_LEASE_IP in DHCPK_A_LEASE, both optional: this pool only,
 *   this address only
 *   reply, one message a lease, ordered by address: DHCPK_A_LEASE:
 *     DHCPK_A_LEASE_POOL (absent if no pool contains the address), _IP, _STATE (u8, enum
 *     dhcpk_lease_state), _HTYPE (u8), _MAC (binary, hlen bytes), _CLIENT_ID, _HOSTNAME (binary, as
 *     the client sent it: not to be trusted, no NUL; absent if unknown), _STARTS, _EXPIRES (u64 ns;
 *     EXPIRES is U64_MAX for an infinite lease), _AGENT (binary: option 82 as the client's relay
 *     sent it last, RFC 3046; absent for a client without a relay), _HORIZON (u64 ns, absent: the
 *     store has nothing of the lease), _ALSO_MAC (binary, absent if there is none: another hardware
 *     address that has used the client identifier in turn with _MAC)
 *
 * DHCPK_CMD_DEL_LEASE  (do)
 *   request: DHCPK_A_LEASE with DHCPK_A_LEASE_IP, and DHCPK_A_LEASE_POOL to be sure of the pool; or
 *   DHCPK_A_POOL with DHCPK_A_POOL_SUBNET, DHCPK_A_POOL_PREFIX: all records of that net. The kernel
 *   deletes them and frees their addresses at once, whatever the clients believe.
 *   errors: ENOENT no such pool, or no record of the address
 *
 * DHCPK_CMD_GET_STATS  (do)
 *   reply: DHCPK_A_STATS, nested: attribute type N is counter N of enum dhcpk_stat, u64
 *
 * DHCPK_CMD_ATTACH  (do)
 *   request: DHCPK_A_STORE_ID, 16 bytes that tell stores apart; DHCPK_A_SEQ (absent: 0): the store
 *   has every change up to this number. If the kernel does not know the store, or if the store
 *   lacks what was committed to it (it is an older copy), every lease is dirty. From now on the
 *   socket gets DHCPK_CMD_EVENT_DIRTY.
 *   errors: EBUSY another socket is attached with another store
 *
 * DHCPK_CMD_PULL  (dump)
 *   reply, one message a lease, in the order of their last changes, at most DHCPK_PULL_MAX; they
 *   are in flight now: DHCPK_A_LEASE:
 *     DHCPK_A_LEASE_POOL (absent if no pool contains the address), _IP, _SEQ (u64), _STATE:
 *     DHCPK_LEASE_BOUND, _RELEASED, _DECLINED or _RESTING are to be stored, FREE is to be removed
 *     and has nothing more; _HTYPE, _MAC, _ID_KIND (u16) with _ID (absent: of no client),
 *     _SERVER_ID (__be32), _HOSTNAME, _AGENT, _STARTS, _EXPIRES, _HORIZON
 *   errors: EPERM this socket is not attached
 *
 * DHCPK_CMD_COMMIT  (do)
 *   request: DHCPK_A_SEQ: all that was pulled up to this number is on stable storage
 *   errors: EPERM this socket is not attached
 *
 * DHCPK_CMD_EVENT_DIRTY  (unicast, to the attached socket)
 *   there is something to pull. The kernel sends it again until it is pulled.
 *
 * DHCPK_CMD_EVENT_LEASE  (multicast, group "events")
 *   a lease changed: DHCPK_A_LEASE as above. A hint, lost under load; the dump is the truth.
 */
#ifndef _UAPI_LINUX_DHCPK_H
#define _UAPI_LINUX_DHCPK_H

#include <linux/dhcpk_stats.h>

#define DHCPK_GENL_NAME		"dhcpk"
#define DHCPK_GENL_VERSION	1
#define DHCPK_MCGRP_EVENTS	"events"

#define DHCPK_POOL_NAME_SIZE	32	/* with the NUL */
#define DHCPK_OPTIONS_MAX	4096
#define DHCPK_RANGES_MAX	64
#define DHCPK_RELAY_LINKS_MAX	64
#define DHCPK_VIA_MAX		16
#define DHCPK_POOL_SIZE_MAX	(1U << 24)
#define DHCPK_LEASE_INFINITE	0xffffffffU
#define DHCPK_DECLINE_DEFAULT	3600U	/* s */
#define DHCPK_STORE_ID_SIZE	16
#define DHCPK_HORIZON_FACTOR	3
#define DHCPK_PULL_MAX		4096
#define DHCPK_RELAY_SERVERS_MAX	16
#define DHCPK_RELAY_PORTS_MAX	4	/* other than 67, of all relays together */
#define DHCPK_HOPS_DEFAULT	4	/* RFC 1542 section 4.1.1; many networks use 10 */
#define DHCPK_AGENT_TEMPLATE_MAX 1024

enum dhcpk_cmd {
	DHCPK_CMD_UNSPEC,
	DHCPK_CMD_GET_INFO,
	DHCPK_CMD_CONFIG_BEGIN,
	DHCPK_CMD_CONFIG_POOL,
	DHCPK_CMD_CONFIG_HOST,
	DHCPK_CMD_CONFIG_COMMIT,
	DHCPK_CMD_GET_POOL,
	DHCPK_CMD_GET_LEASE,
	DHCPK_CMD_DEL_LEASE,
	DHCPK_CMD_GET_STATS,
	DHCPK_CMD_EVENT_LEASE,
	DHCPK_CMD_CONFIG_RESTORE,
	DHCPK_CMD_ATTACH,
	DHCPK_CMD_PULL,
	DHCPK_CMD_COMMIT,
	DHCPK_CMD_EVENT_DIRTY,
	DHCPK_CMD_CONFIG_RELAY,
	DHCPK_CMD_GET_RELAY,
	DHCPK_CMD_SET_SERVER,
	DHCPK_CMD_PROBE_SERVER,
	__DHCPK_CMD_MAX
};
#define DHCPK_CMD_MAX (__DHCPK_CMD_MAX - 1)

enum dhcpk_attr {
	DHCPK_A_UNSPEC,
	DHCPK_A_PAD,
	DHCPK_A_VERSION,	/* string */
	DHCPK_A_GENERATION,	/* u32 */
	DHCPK_A_NOW,		/* u64 ns */
	DHCPK_A_POOL,		/* nested, enum dhcpk_pool_attr */
	DHCPK_A_HOST,		/* nested, enum dhcpk_host_attr */
	DHCPK_A_LEASE,		/* nested, enum dhcpk_lease_attr */
	DHCPK_A_STATS,		/* nested, enum dhcpk_stat */
	DHCPK_A_STORE_ID,	/* binary */
	DHCPK_A_ATTACHED,	/* u8 */
	DHCPK_A_DIRTY,		/* u32 */
	DHCPK_A_IN_FLIGHT,	/* u32 */
	DHCPK_A_PARKED,		/* u32 */
	DHCPK_A_SEQ,		/* u64 */
	DHCPK_A_RELAY,		/* nested, enum dhcpk_relay_attr */
	DHCPK_A_DUPLICATES,	/* nested, DHCPK_A_LEASE, repeated; reply only */
	__DHCPK_A_MAX
};
#define DHCPK_A_MAX (__DHCPK_A_MAX - 1)

enum dhcpk_pool_attr {
	DHCPK_A_POOL_UNSPEC,
	DHCPK_A_POOL_NAME,
	DHCPK_A_POOL_SUBNET,
	DHCPK_A_POOL_PREFIX,
	DHCPK_A_POOL_DEV,
	DHCPK_A_POOL_RANGE,
	DHCPK_A_POOL_LEASE,
	DHCPK_A_POOL_LEASE_MIN,
	DHCPK_A_POOL_LEASE_MAX,
	DHCPK_A_POOL_FLAGS,
	DHCPK_A_POOL_IDENTITY,
	DHCPK_A_POOL_DECLINE,
	DHCPK_A_POOL_RELAY_LINK,
	DHCPK_A_POOL_SET,	/* nested, enum dhcpk_set_attr */
	DHCPK_A_POOL_IFINDEX,	/* u32, reply only, as are the next */
	DHCPK_A_POOL_SIZE,	/* u32: addresses in ranges, without reserved ones */
	DHCPK_A_POOL_BOUND,	/* u32: bindings */
	DHCPK_A_POOL_OFFERED,	/* u32: offers outstanding */
	DHCPK_A_POOL_DECLINED,	/* u32: addresses in quarantine */
	DHCPK_A_POOL_FREE,	/* u32: addresses that a new client may get */
	DHCPK_A_POOL_VIA,	/* string, repeated, request only */
	DHCPK_A_POOL_RESTING,	/* u32, reply only: the last client may still use them */
	__DHCPK_A_POOL_MAX
};
#define DHCPK_A_POOL_MAX (__DHCPK_A_POOL_MAX - 1)

/* Bits of DHCPK_A_POOL_FLAGS */
#define DHCPK_POOL_F_AUTHORITATIVE	(1U << 0)	/* NAK to a client that it does not know */
#define DHCPK_POOL_F_RAPID_COMMIT	(1U << 1)	/* RFC 4039 */
#define DHCPK_POOL_F_BOOTP		(1U << 2)	/* serve BOOTP, infinite leases, RFC 1534 */
#define DHCPK_POOL_F_SUBNET_SELECTION	(1U << 3)	/* obey option 118, RFC 3011 */
/* Drop a request without a relay if its chaddr is not the source of its frame. */
#define DHCPK_POOL_F_VERIFY_CHADDR	(1U << 4)
#define DHCPK_POOL_F_ASYNC		(1U << 5)	/* durability async: ACK, then store */
/* Obey option 82 of a message that no relay has sent (giaddr 0), RFC 3046 section 2.1. */
#define DHCPK_POOL_F_TRUSTED		(1U << 6)
#define DHCPK_POOL_F_MASK		0x7fU

/* Who a client is, RFC 2131 section 4.2 */
enum dhcpk_identity {
	DHCPK_IDENTITY_CLIENT_ID,	/* option 61; chaddr if the message or the lease has none */
	DHCPK_IDENTITY_MAC,		/* chaddr, whatever options it sends */
	DHCPK_IDENTITY_CIRCUIT_ID,	/* the port of the relay, else as CLIENT_ID */
	DHCPK_IDENTITY_CLIENT_ID_STRICT, /* option 61 if the message has one, else chaddr */
	__DHCPK_IDENTITY_MAX
};
#define DHCPK_IDENTITY_MAX (__DHCPK_IDENTITY_MAX - 1)

enum dhcpk_link_attr {
	DHCPK_A_LINK_UNSPEC,
	DHCPK_A_LINK_NET,
	DHCPK_A_LINK_PREFIX,
	__DHCPK_A_LINK_MAX
};
#define DHCPK_A_LINK_MAX (__DHCPK_A_LINK_MAX - 1)

enum dhcpk_relay_attr {
	DHCPK_A_RELAY_UNSPEC,
	DHCPK_A_RELAY_PAD,
	DHCPK_A_RELAY_DEV,
	DHCPK_A_RELAY_SERVER,	/* nested, enum dhcpk_server_attr */
	DHCPK_A_RELAY_FLAGS,
	DHCPK_A_RELAY_POLICY,
	DHCPK_A_RELAY_HOPS,
	DHCPK_A_RELAY_SECS,
	DHCPK_A_RELAY_GIADDR,
	DHCPK_A_RELAY_PORT,
	DHCPK_A_RELAY_SURVIVE,
	DHCPK_A_RELAY_AGENT,
	DHCPK_A_RELAY_IFINDEX,	/* reply only, as are the next */
	DHCPK_A_RELAY_REMEMBERED,
	DHCPK_A_RELAY_VOUCHED,
	DHCPK_A_RELAY_STATS,	/* nested, enum dhcpk_relay_stat */
	__DHCPK_A_RELAY_MAX
};
#define DHCPK_A_RELAY_MAX (__DHCPK_A_RELAY_MAX - 1)

/* Bits of DHCPK_A_RELAY_FLAGS */
#define DHCPK_RELAY_F_PRIORITY		(1U << 0)	/* only to the first server that is up */
/* Requests on the interface may have an option 82, RFC 3046 section 2.1. */
#define DHCPK_RELAY_F_TRUSTED		(1U << 1)
#define DHCPK_RELAY_F_VALIDATE		(1U << 2)	/* drop a reply without its option 82 */
#define DHCPK_RELAY_F_ANY_SERVER	(1U << 3)	/* accept replies of unlisted servers */
/* No DHCPK_AGENT_LINK if giaddr is on the client's link, RFC 3527 section 3. */
#define DHCPK_RELAY_F_LINK_AUTO		(1U << 4)
#define DHCPK_RELAY_F_MASK		0x1fU

/* A request that carries option 82 already, through another relay or a trusted port */
enum dhcpk_relay_policy {
	DHCPK_RELAY_KEEP,	/* option 82 stays, RFC 3046 section 2.1.1 */
	DHCPK_RELAY_APPEND,	/* the relay adds its own behind it */
	DHCPK_RELAY_REPLACE,	/* the relay replaces it by its own */
	DHCPK_RELAY_DROP,	/* dropped */
	__DHCPK_RELAY_POLICY_MAX
};
#define DHCPK_RELAY_POLICY_MAX (__DHCPK_RELAY_POLICY_MAX - 1)

enum dhcpk_server_attr {
	DHCPK_A_SERVER_UNSPEC,
	DHCPK_A_SERVER_PAD,
	DHCPK_A_SERVER_IP,
	DHCPK_A_SERVER_UP,
	DHCPK_A_SERVER_SENT,
	DHCPK_A_SERVER_REPLIES,
	DHCPK_A_SERVER_LAST,
	DHCPK_A_SERVER_SILENT,
	__DHCPK_A_SERVER_MAX
};
#define DHCPK_A_SERVER_MAX (__DHCPK_A_SERVER_MAX - 1)

/* Piece of a sub-option. The relay leaves out a sub-option if it lacks one of its pieces. */
enum dhcpk_agent_piece {
	DHCPK_AGENT_TEXT,	/* the bytes that follow */
	DHCPK_AGENT_DEV,	/* the interface's name */
	DHCPK_AGENT_VLAN,	/* its VLAN, in decimal; 0: none */
	DHCPK_AGENT_SVLAN,	/* the VLAN around that one, in decimal; 0: none */
	DHCPK_AGENT_MAC,	/* the client's hardware address, in hexadecimal with colons */
	DHCPK_AGENT_PORT,	/* the name of the bridge port of the request; no bridge: DEV */
	DHCPK_AGENT_LINK,	/* an address of the client's link, 4 bytes (RFC 3527) */
	DHCPK_AGENT_SERVER_ID,	/* the relay's address on the client's link, 4 bytes (RFC 5107) */
	DHCPK_AGENT_FLAGS,	/* broadcast or unicast, 1 byte (RFC 5010) */
	__DHCPK_AGENT_MAX
};
#define DHCPK_AGENT_MAX (__DHCPK_AGENT_MAX - 1)

#define DHCPK_TIME_SHARE	(1U << 31)	/* thousandths of the lease */
#define DHCPK_TIME_OFF		0xffffffffU	/* the option is not sent */

enum dhcpk_set_attr {
	DHCPK_A_SET_UNSPEC,
	DHCPK_A_SET_OPTIONS,
	DHCPK_A_SET_NEXT_SERVER,
	DHCPK_A_SET_SERVER_NAME,
	DHCPK_A_SET_BOOT_FILE,
	DHCPK_A_SET_ALWAYS,
	DHCPK_A_SET_RENEW,
	DHCPK_A_SET_REBIND,
	__DHCPK_A_SET_MAX
};
#define DHCPK_A_SET_MAX (__DHCPK_A_SET_MAX - 1)

enum dhcpk_range_attr {
	DHCPK_A_RANGE_UNSPEC,
	DHCPK_A_RANGE_FIRST,
	DHCPK_A_RANGE_LAST,
	__DHCPK_A_RANGE_MAX
};
#define DHCPK_A_RANGE_MAX (__DHCPK_A_RANGE_MAX - 1)

enum dhcpk_host_attr {
	DHCPK_A_HOST_UNSPEC,
	DHCPK_A_HOST_POOL,
	DHCPK_A_HOST_MAC,
	DHCPK_A_HOST_CLIENT_ID,
	DHCPK_A_HOST_CIRCUIT_ID,
	DHCPK_A_HOST_IP,
	DHCPK_A_HOST_SET,	/* nested, enum dhcpk_set_attr */
	DHCPK_A_HOST_LEASE,
	__DHCPK_A_HOST_MAX
};
#define DHCPK_A_HOST_MAX (__DHCPK_A_HOST_MAX - 1)

enum dhcpk_lease_attr {
	DHCPK_A_LEASE_UNSPEC,
	DHCPK_A_LEASE_PAD,
	DHCPK_A_LEASE_POOL,
	DHCPK_A_LEASE_IP,
	DHCPK_A_LEASE_STATE,
	DHCPK_A_LEASE_HTYPE,
	DHCPK_A_LEASE_MAC,
	DHCPK_A_LEASE_CLIENT_ID,
	DHCPK_A_LEASE_HOSTNAME,
	DHCPK_A_LEASE_STARTS,
	DHCPK_A_LEASE_EXPIRES,
	DHCPK_A_LEASE_AGENT,
	DHCPK_A_LEASE_HORIZON,
	DHCPK_A_LEASE_SEQ,
	DHCPK_A_LEASE_ID_KIND,
	DHCPK_A_LEASE_ID,
	DHCPK_A_LEASE_SERVER_ID,
	DHCPK_A_LEASE_ORDER,	/* u64, request only */
	DHCPK_A_LEASE_ALSO_MAC,	/* binary, reply only: uses _CLIENT_ID in turn with _MAC */
	__DHCPK_A_LEASE_MAX
};
#define DHCPK_A_LEASE_MAX (__DHCPK_A_LEASE_MAX - 1)

enum dhcpk_lease_state {
	DHCPK_LEASE_FREE,	/* only in events: the record is gone */
	DHCPK_LEASE_OFFERED,
	DHCPK_LEASE_PENDING,	/* bound once the store has it; the ACK waits for that */
	DHCPK_LEASE_BOUND,
	DHCPK_LEASE_EXPIRED,
	DHCPK_LEASE_RELEASED,
	DHCPK_LEASE_DECLINED,
	/* No client has the address: its last one has another, or the store does not say which. */
	DHCPK_LEASE_RESTING,
	__DHCPK_LEASE_STATE_MAX
};

#endif /* _UAPI_LINUX_DHCPK_H */
