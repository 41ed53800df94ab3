/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints: messages received, replies sent, replies that wait, messages dropped with the
 * reason. They are in /sys/kernel/tracing/events/dhcpk, and dhcpk:NAME for perf. A disabled
 * tracepoint costs a jump that is not taken.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM dhcpk

#if !defined(DHCPK_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define DHCPK_TRACE_H

#include <linux/netdevice.h>
#include <linux/tracepoint.h>

#include <linux/dhcpk.h>

#include "core/dhcp.h"

#ifndef DHCPK_TRACE_NAMES
#define DHCPK_TRACE_NAMES
#define DHCPK_MESSAGE_TYPES \
	{ DHCP_NONE, "bootp" }, { DHCP_DISCOVER, "discover" }, { DHCP_OFFER, "offer" }, \
	{ DHCP_REQUEST, "request" }, { DHCP_DECLINE, "decline" }, { DHCP_ACK, "ack" }, \
	{ DHCP_NAK, "nak" }, { DHCP_RELEASE, "release" }, { DHCP_INFORM, "inform" }
#define DHCPK_DROP_REASONS \
	{ DHCPK_STAT_DROP_PARSE_FAILED, "parse-failed" }, \
	{ DHCPK_STAT_DROP_NOT_FOR_US, "not-for-us" }, \
	{ DHCPK_STAT_DROP_RFC_VIOLATION, "rfc-violation" }, \
	{ DHCPK_STAT_DROP_UNKNOWN_CLIENT, "unknown-client" }, \
	{ DHCPK_STAT_DROP_ADMIN_FILTERED, "admin-filtered" }, \
	{ DHCPK_STAT_DROP_LIMIT_EXCEEDED, "limit-exceeded" }, \
	{ DHCPK_STAT_DROP_NO_POOL, "no-pool" }, \
	{ DHCPK_STAT_DROP_POOL_EXHAUSTED, "pool-exhausted" }, \
	{ DHCPK_STAT_DROP_NO_ADDRESS, "no-address" }, \
	{ DHCPK_STAT_DROP_NO_MEMORY, "no-memory" }, \
	{ DHCPK_STAT_DROP_TX_FAILED, "tx-failed" }, \
	{ DHCPK_STAT_DROP_DUPLICATE, "duplicate" }, \
	{ DHCPK_STAT_DROP_COMMIT_BACKLOG, "commit-backlog" }, \
	{ DHCPK_STAT_DROP_WRONG_WAY, "wrong-way" }
#define DHCPK_RELAY_DROP_REASONS \
	{ DHCPK_RELAY_DROP_PARSE_FAILED, "parse-failed" }, \
	{ DHCPK_RELAY_DROP_RFC_VIOLATION, "rfc-violation" }, \
	{ DHCPK_RELAY_DROP_HOPS, "hops" }, \
	{ DHCPK_RELAY_DROP_SECS, "secs" }, \
	{ DHCPK_RELAY_DROP_SPOOFED, "spoofed" }, \
	{ DHCPK_RELAY_DROP_UNTRUSTED, "untrusted" }, \
	{ DHCPK_RELAY_DROP_POLICY, "policy" }, \
	{ DHCPK_RELAY_DROP_NO_ADDRESS, "no-address" }, \
	{ DHCPK_RELAY_DROP_NO_ROUTE, "no-route" }, \
	{ DHCPK_RELAY_DROP_NOT_A_SERVER, "not-a-server" }, \
	{ DHCPK_RELAY_DROP_AMBIGUOUS, "ambiguous" }, \
	{ DHCPK_RELAY_DROP_FOREIGN_AGENT, "foreign-agent" }, \
	{ DHCPK_RELAY_DROP_VSS, "vss" }, \
	{ DHCPK_RELAY_DROP_PROMISED, "promised" }, \
	{ DHCPK_RELAY_DROP_NO_MEMORY, "no-memory" }, \
	{ DHCPK_RELAY_DROP_TX_FAILED, "tx-failed" }
#endif

/* A message has been parsed. */
TRACE_EVENT(rx,
	TP_PROTO(const struct net_device *dev, const struct dhcp_msg *msg),
	TP_ARGS(dev, msg),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__field(u8, type)
		__field(u32, xid)
		__array(u8, chaddr, 6)
		__field(__be32, ciaddr)
		__field(__be32, giaddr)
	),
	TP_fast_assign(
		__entry->ifindex = dev->ifindex;
		__entry->type = msg->type;
		__entry->xid = ntohl(msg->hdr->xid);
		memcpy(__entry->chaddr, msg->hdr->chaddr, 6);
		__entry->ciaddr = msg->hdr->ciaddr;
		__entry->giaddr = msg->hdr->giaddr;
	),
	TP_printk("ifindex=%d type=%s xid=%08x chaddr=%pM ciaddr=%pI4 giaddr=%pI4",
		  __entry->ifindex, __print_symbolic(__entry->type, DHCPK_MESSAGE_TYPES),
		  __entry->xid, __entry->chaddr, &__entry->ciaddr, &__entry->giaddr)
);

/* A reply leaves. @to: its destination; @waited: it has waited for the commit */
TRACE_EVENT(reply,
	TP_PROTO(const struct net_device *dev, u8 type, const struct dhcp_hdr *hdr, __be32 to,
		 bool waited),
	TP_ARGS(dev, type, hdr, to, waited),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__field(u8, type)
		__field(u32, xid)
		__field(__be32, yiaddr)
		__field(__be32, to)
		__field(bool, waited)
	),
	TP_fast_assign(
		__entry->ifindex = dev->ifindex;
		__entry->type = type;
		__entry->xid = ntohl(hdr->xid);
		__entry->yiaddr = hdr->yiaddr;
		__entry->to = to;
		__entry->waited = waited;
	),
	TP_printk("ifindex=%d type=%s xid=%08x yiaddr=%pI4 to=%pI4%s", __entry->ifindex,
		  __print_symbolic(__entry->type, DHCPK_MESSAGE_TYPES), __entry->xid,
		  &__entry->yiaddr, &__entry->to, __entry->waited ? " after the commit" : "")
);

/* The server drops a message. @hdr: the message, or NULL if it could not be parsed */
TRACE_EVENT(drop,
	TP_PROTO(const struct net_device *dev, const struct dhcp_hdr *hdr, enum dhcpk_stat reason),
	TP_ARGS(dev, hdr, reason),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__field(u32, xid)
		__field(int, reason)
	),
	TP_fast_assign(
		__entry->ifindex = dev->ifindex;
		__entry->xid = hdr ? ntohl(hdr->xid) : 0;
		__entry->reason = reason;
	),
	TP_printk("ifindex=%d xid=%08x reason=%s", __entry->ifindex, __entry->xid,
		  __print_symbolic(__entry->reason, DHCPK_DROP_REASONS))
);

/* A reply waits until the store has the change @seq. */
TRACE_EVENT(park,
	TP_PROTO(u32 addr, u64 seq),
	TP_ARGS(addr, seq),
	TP_STRUCT__entry(
		__field(__be32, addr)
		__field(u64, seq)
	),
	TP_fast_assign(
		__entry->addr = htonl(addr);
		__entry->seq = seq;
	),
	TP_printk("addr=%pI4 seq=%llu", &__entry->addr, __entry->seq)
);

/* The store has all changes up to @seq. @in_flight: number of leases that were in flight */
TRACE_EVENT(commit,
	TP_PROTO(u64 seq, int in_flight),
	TP_ARGS(seq, in_flight),
	TP_STRUCT__entry(
		__field(u64, seq)
		__field(int, in_flight)
	),
	TP_fast_assign(
		__entry->seq = seq;
		__entry->in_flight = in_flight;
	),
	TP_printk("seq=%llu in_flight=%d", __entry->seq, __entry->in_flight)
);

/* A relay forwards a message. @to: a server, or the client; @up: to a server */
TRACE_EVENT(relay,
	TP_PROTO(const char *relay, bool up, u8 type, const void *message, __be32 to),
	TP_ARGS(relay, up, type, message, to),
	TP_STRUCT__entry(
		__array(char, relay, IFNAMSIZ)
		__field(bool, up)
		__field(u8, type)
		__field(u32, xid)
		__field(__be32, to)
	),
	TP_fast_assign(
		strscpy(__entry->relay, relay, IFNAMSIZ);
		__entry->up = up;
		__entry->type = type;
		__entry->xid = ntohl(((const struct dhcp_hdr *)message)->xid);
		__entry->to = to;
	),
	TP_printk("relay=%s %s type=%s xid=%08x to=%pI4", __entry->relay,
		  __entry->up ? "up" : "down",
		  __print_symbolic(__entry->type, DHCPK_MESSAGE_TYPES), __entry->xid, &__entry->to)
);

/* A relay drops a message. */
TRACE_EVENT(relay_drop,
	TP_PROTO(const char *relay, enum dhcpk_relay_stat reason),
	TP_ARGS(relay, reason),
	TP_STRUCT__entry(
		__array(char, relay, IFNAMSIZ)
		__field(int, reason)
	),
	TP_fast_assign(
		strscpy(__entry->relay, relay, IFNAMSIZ);
		__entry->reason = reason;
	),
	TP_printk("relay=%s reason=%s", __entry->relay,
		  __print_symbolic(__entry->reason, DHCPK_RELAY_DROP_REASONS))
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH base
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
