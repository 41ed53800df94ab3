/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * dhcpk: the counters that DHCPK_CMD_GET_STATS and DHCPK_CMD_GET_RELAY show.
 *
 * The comment behind a counter is its name in programs. dhcpk-stats(7) has causes and remedies.
 */
#ifndef _UAPI_LINUX_DHCPK_STATS_H
#define _UAPI_LINUX_DHCPK_STATS_H

/* Counters of the server */
enum dhcpk_stat {
	DHCPK_STAT_UNSPEC,
	DHCPK_STAT_RX_DISCOVER,		/* rx-discover */
	DHCPK_STAT_RX_REQUEST,		/* rx-request */
	DHCPK_STAT_RX_DECLINE,		/* rx-decline */
	DHCPK_STAT_RX_RELEASE,		/* rx-release */
	DHCPK_STAT_RX_INFORM,		/* rx-inform */
	DHCPK_STAT_RX_BOOTP,		/* rx-bootp */
	DHCPK_STAT_RX_OTHER,		/* rx-other */
	DHCPK_STAT_TX_OFFER,		/* tx-offer */
	DHCPK_STAT_TX_ACK,		/* tx-ack */
	DHCPK_STAT_TX_NAK,		/* tx-nak */
	DHCPK_STAT_TX_BOOTP,		/* tx-bootp */
	DHCPK_STAT_DROP_PARSE_FAILED,	/* drop-parse-failed */
	DHCPK_STAT_DROP_NOT_FOR_US,	/* drop-not-for-us */
	DHCPK_STAT_DROP_RFC_VIOLATION,	/* drop-rfc-violation */
	DHCPK_STAT_DROP_UNKNOWN_CLIENT,	/* drop-unknown-client */
	DHCPK_STAT_DROP_ADMIN_FILTERED,	/* drop-admin-filtered */
	DHCPK_STAT_DROP_LIMIT_EXCEEDED,	/* drop-limit-exceeded */
	DHCPK_STAT_DROP_NO_POOL,	/* drop-no-pool */
	DHCPK_STAT_DROP_POOL_EXHAUSTED,	/* drop-pool-exhausted */
	DHCPK_STAT_DROP_NO_ADDRESS,	/* drop-no-address */
	DHCPK_STAT_DROP_NO_MEMORY,	/* drop-no-memory */
	DHCPK_STAT_DROP_TX_FAILED,	/* drop-tx-failed */
	/* The reply to this message waits already. */
	DHCPK_STAT_DROP_DUPLICATE,	/* drop-duplicate */
	/* Too many replies wait for the store, or one has waited for too long. */
	DHCPK_STAT_DROP_COMMIT_BACKLOG,	/* drop-commit-backlog */
	/* A client asked for an option, and the pool has it, but the reply had no room. */
	DHCPK_STAT_OPTIONS_LEFT_OUT,	/* options-left-out */
	/* The reply had no room for option 82. */
	DHCPK_STAT_AGENT_LEFT_OUT,	/* agent-left-out */
	/* An offer ended early: there were too many at once. */
	DHCPK_STAT_OFFERS_CUT_SHORT,	/* offers-cut-short */
	/* Replies that waited for the store */
	DHCPK_STAT_PARKED,		/* parked */
	/* Leases that have been stored */
	DHCPK_STAT_COMMITTED,		/* committed */
	/* Options of a wrong length on which the answer does not depend */
	DHCPK_STAT_OPTIONS_IGNORED,	/* options-ignored */
	/* A client declined an offer. The address rests, though no client had it. */
	DHCPK_STAT_OFFERS_DECLINED,	/* offers-declined */
	/* No relay has put this option 82 in, and the pools are not trusted. */
	DHCPK_STAT_AGENT_UNHEEDED,	/* agent-unheeded */
	/*
	 * The message did not arrive on the interface of the route back to its relay, or to its
	 * client behind routers. The message passes to the stack.
	 */
	DHCPK_STAT_DROP_WRONG_WAY,	/* drop-wrong-way */
	/* A lease changed its hardware address for the second time in a day. */
	DHCPK_STAT_DUPLICATE_IDS,	/* duplicate-ids */
	__DHCPK_STAT_MAX
};
#define DHCPK_STAT_MAX (__DHCPK_STAT_MAX - 1)

/* Counters of a relay: "up" is to the servers, "down" to the clients. */
enum dhcpk_relay_stat {
	DHCPK_RELAY_STAT_UNSPEC,
	DHCPK_RELAY_UP_DISCOVER,	/* up-discover */
	DHCPK_RELAY_UP_REQUEST,		/* up-request */
	DHCPK_RELAY_UP_DECLINE,		/* up-decline */
	DHCPK_RELAY_UP_RELEASE,		/* up-release */
	DHCPK_RELAY_UP_INFORM,		/* up-inform */
	DHCPK_RELAY_UP_BOOTP,		/* up-bootp */
	DHCPK_RELAY_UP_OTHER,		/* up-other */
	DHCPK_RELAY_DOWN_OFFER,		/* down-offer */
	DHCPK_RELAY_DOWN_ACK,		/* down-ack */
	DHCPK_RELAY_DOWN_NAK,		/* down-nak */
	DHCPK_RELAY_DOWN_BOOTP,		/* down-bootp */
	DHCPK_RELAY_DOWN_OTHER,		/* down-other */
	DHCPK_RELAY_DROP_PARSE_FAILED,	/* drop-parse-failed */
	/* The source or giaddr is an address that no host can have. */
	DHCPK_RELAY_DROP_RFC_VIOLATION,	/* drop-rfc-violation */
	DHCPK_RELAY_DROP_HOPS,		/* drop-hops */
	DHCPK_RELAY_DROP_SECS,		/* drop-secs */
	/*
	 * The source or giaddr of a request is an address of this host; or a reply did not arrive
	 * on an interface that a route to its server uses, or an IPsec policy forbids it.
	 */
	DHCPK_RELAY_DROP_SPOOFED,	/* drop-spoofed */
	/* A request without giaddr has an option 82, and the relay is not trusted. */
	DHCPK_RELAY_DROP_UNTRUSTED,	/* drop-untrusted */
	/*
	 * A request has an option 82, and the policy is drop; or the policy is replace, and the
	 * option is in the field file or sname.
	 */
	DHCPK_RELAY_DROP_POLICY,	/* drop-policy */
	/* The interface has no address, or this host does not have the configured giaddr. */
	DHCPK_RELAY_DROP_NO_ADDRESS,	/* drop-no-address */
	/* A server has no route. The request may have gone to another server. */
	DHCPK_RELAY_DROP_NO_ROUTE,	/* drop-no-route */
	/* The reply is from an address that is not a server of the relay. */
	DHCPK_RELAY_DROP_NOT_A_SERVER,	/* drop-not-a-server */
	/* The reply may be for clients of several relays. */
	DHCPK_RELAY_DROP_AMBIGUOUS,	/* drop-ambiguous */
	/* The reply lacks this relay's option 82, and the relay validates it. */
	DHCPK_RELAY_DROP_FOREIGN_AGENT,	/* drop-foreign-agent */
	/* The server of the reply did not understand RFC 6607. */
	DHCPK_RELAY_DROP_VSS,		/* drop-vss */
	/*
	 * The reply gives the address of a client to another client, or refuses a lease that this
	 * relay or another server has granted.
	 */
	DHCPK_RELAY_DROP_PROMISED,	/* drop-promised */
	DHCPK_RELAY_DROP_NO_MEMORY,	/* drop-no-memory */
	DHCPK_RELAY_DROP_TX_FAILED,	/* drop-tx-failed */
	/* The request had no room for option 82. */
	DHCPK_RELAY_AGENT_LEFT_OUT,	/* agent-left-out */
	DHCPK_RELAY_PROBES,		/* probes */
	DHCPK_RELAY_PROBE_REPLIES,	/* probe-replies */
	/* Renewals that the relay answered, because all servers were silent */
	DHCPK_RELAY_SURVIVE_ACKS,	/* survive-acks */
	/* Leases that the relay had extended, and that a server has confirmed */
	DHCPK_RELAY_SURVIVE_CONFIRMED,	/* survive-confirmed */
	/* ACKs that the relay did not store: no room, no memory, or no hardware address */
	DHCPK_RELAY_NOT_REMEMBERED,	/* not-remembered */
	/* In a flood, requests that went to one server and not to all */
	DHCPK_RELAY_COPIES_LEFT_OUT,	/* copies-left-out */
	__DHCPK_RELAY_STAT_MAX
};
#define DHCPK_RELAY_STAT_MAX (__DHCPK_RELAY_STAT_MAX - 1)

#endif /* _UAPI_LINUX_DHCPK_STATS_H */
