// SPDX-License-Identifier: GPL-2.0-only
/*
 * The data path of a message, from the hook to the transmission, as named steps. All functions run
 * in softirq or with softirqs off, under RCU.
 */
#include "fastpath.h"

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/route.h>

#include "base/address.h"
#include "base/frame.h"
#include "base/trace.h"
#include "config/link.h"
#include "lease/parked.h"
#include "relay/counters.h"
#include "relay/down.h"
#include "relay/up.h"
#include "server/binding.h"
#include "server/client.h"
#include "server/reply.h"
#include "server/select.h"
#include "server/xmit.h"

/* The reply to a message is written before this CPU can receive the next message. */
static DEFINE_PER_CPU(struct dhcp_scratch, scratch);

/*
 * Is @to an address of this host in another VRF? A server may be in another VRF than the relay's
 * clients.
 */
static bool local_in_other_vrf(const struct dhcpk_ctx *ctx, __be32 to)
{
	return ctx->config->n_relays && __ip_dev_find(dev_net(ctx->dev), to, false);
}

/*
 * Is the packet for this host: broadcast, to a broadcast address of a subnet, or to a local
 * address? Packets that this interface sent itself do not count.
 */
static enum dhcpk_step for_us(struct dhcpk_ctx *ctx)
{
	struct sk_buff *skb = ctx->skb;
	__be32 to = ip_hdr(skb)->daddr;
	unsigned int type;

	if (ctx->dev->type == ARPHRD_ETHER && skb_mac_header_was_set(skb) &&
	    ether_addr_equal(eth_hdr(skb)->h_source, ctx->dev->dev_addr))
		return DHCPK_PASS;
	ctx->in_this_vrf = true;
	if (ipv4_is_lbcast(to))
		return DHCPK_NEXT;
	type = dhcpk_address_type(ctx->dev, to);
	ctx->unicast = type == RTN_LOCAL;
	ctx->in_this_vrf = type == RTN_LOCAL || type == RTN_BROADCAST;
	return ctx->in_this_vrf || local_in_other_vrf(ctx, to) ? DHCPK_NEXT : DHCPK_PASS;
}

/*
 * A checksum of 0 means "no checksum" (RFC 768). If a local sender has left the checksum to its
 * device, the datagram is valid. @uh: the datagram of @len bytes, wholly in the linear part of the
 * skb.
 */
static bool udp_checksum_ok(const struct sk_buff *skb, const struct udphdr *uh, unsigned int len)
{
	const struct iphdr *iph = ip_hdr(skb);

	if (!uh->check || skb_csum_unnecessary(skb))
		return true;
	return !csum_tcpudp_magic(iph->saddr, iph->daddr, len, IPPROTO_UDP,
				  csum_partial(uh, len, 0));
}

/*
 * An unreadable packet may be for another program: it passes if the interface has neither a pool
 * nor a relay, if its destination is in another VRF, or if its port is not 67.
 */
static enum dhcpk_step pass_or_drop_unreadable(struct dhcpk_ctx *ctx, enum dhcpk_stat why)
{
	if (!ctx->link || !ctx->in_this_vrf || ctx->port != htons(DHCP_SERVER_PORT))
		return DHCPK_PASS;
	if (ctx->link->relay && !ctx->link->pools.n)
		return dhcpk_relay_drop(ctx->link->relay, why == DHCPK_STAT_DROP_NO_MEMORY ?
				DHCPK_RELAY_DROP_NO_MEMORY : DHCPK_RELAY_DROP_PARSE_FAILED);
	return dhcpk_drop(ctx, why);
}

/*
 * Any user of this host can send to its addresses over the loopback interface, from an unprivileged
 * port. A relay agent or server on this host sends from port 67 or 68. Users cannot bind these
 * ports, unless ip_unprivileged_port_start allows it.
 */
static bool from_unprivileged_port(const struct dhcpk_ctx *ctx, const struct udphdr *uh)
{
	if (!(ctx->dev->flags & IFF_LOOPBACK) || uh->source == htons(DHCP_SERVER_PORT) ||
	    uh->source == htons(DHCP_CLIENT_PORT))
		return false;
	return !inet_port_requires_bind_service(dev_net(ctx->dev), ntohs(uh->source));
}

/*
 * The lengths of the skb, the datagram and the message may differ. Bytes beyond the shortest length
 * are ignored.
 */
static enum dhcpk_step find_message(struct dhcpk_ctx *ctx, const u8 **message)
{
	struct sk_buff *skb = ctx->skb;
	int offset = skb_network_offset(skb) + ip_hdrlen(skb);
	const struct udphdr *uh;
	unsigned int len;

	/* The hook has seen the UDP header. */
	if (!pskb_may_pull(skb, offset + sizeof(*uh)))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_NO_MEMORY);
	uh = (const struct udphdr *)(skb->data + offset);
	if (from_unprivileged_port(ctx, uh))
		return DHCPK_PASS;
	ctx->port = uh->dest;
	len = min_t(unsigned int, ntohs(uh->len), skb->len - offset);
	if (len < sizeof(*uh) + DHCP_HDR_LEN)
		return pass_or_drop_unreadable(ctx, DHCPK_STAT_DROP_PARSE_FAILED);
	if (!pskb_may_pull(skb, offset + len))
		return pass_or_drop_unreadable(ctx, DHCPK_STAT_DROP_NO_MEMORY);
	uh = (const struct udphdr *)(skb->data + offset);
	if (!udp_checksum_ok(skb, uh, len))
		return pass_or_drop_unreadable(ctx, DHCPK_STAT_DROP_PARSE_FAILED);
	*message = (const u8 *)(uh + 1);
	ctx->len = len - sizeof(*uh);
	return DHCPK_NEXT;
}

static void count_received(struct dhcpk_ctx *ctx)
{
	static const u8 stat[] = {
		[DHCP_NONE]	= DHCPK_STAT_RX_BOOTP,
		[DHCP_DISCOVER]	= DHCPK_STAT_RX_DISCOVER,
		[DHCP_REQUEST]	= DHCPK_STAT_RX_REQUEST,
		[DHCP_DECLINE]	= DHCPK_STAT_RX_DECLINE,
		[DHCP_RELEASE]	= DHCPK_STAT_RX_RELEASE,
		[DHCP_INFORM]	= DHCPK_STAT_RX_INFORM,
	};
	unsigned int type = ctx->msg.type;

	dhcpk_count(ctx->dn,
		    type < ARRAY_SIZE(stat) && stat[type] ? stat[type] : DHCPK_STAT_RX_OTHER);
	if (unlikely(ctx->msg.ignored))
		dhcpk_count_many(ctx->dn, DHCPK_STAT_OPTIONS_IGNORED, ctx->msg.ignored);
}

/*
 * Choose the pool, identify the client, decide the answer. A message for which dhcpk_select()
 * returns DHCPK_PASS is not counted.
 */
static enum dhcpk_step find_answer(struct dhcpk_ctx *ctx, bool count)
{
	enum dhcpk_step step = dhcpk_select(ctx);

	if (step == DHCPK_PASS)
		return step;
	if (count)
		count_received(ctx);
	if (step == DHCPK_NEXT)
		step = dhcpk_identify(ctx);
	if (step == DHCPK_NEXT)
		step = dhcpk_decide(ctx);
	return step;
}

/*
 * The reply grants more than the store has. It waits for the commit (server/commit.c), unless the
 * commit has come while the reply was built.
 */
static enum dhcpk_step wait_for_store(struct dhcpk_ctx *ctx)
{
	enum dhcpk_parking parking;

	DHCPK_DEST(ctx->answer)->addresses = rt_genid_ipv4(ctx->dn->net);
	parking = dhcpk_park(ctx->dn->leases, &ctx->answer, ntohl(ctx->reply.yiaddr), ctx->seq,
			     ctx->now);
	if (parking == DHCPK_STORED_MEANWHILE)
		return DHCPK_NEXT;
	dhcpk_reply_end(ctx);
	if (parking == DHCPK_PARKED) {
		dhcpk_count(ctx->dn, DHCPK_STAT_PARKED);
		return DHCPK_DONE;
	}
	kfree_skb(ctx->answer);
	return dhcpk_drop(ctx, DHCPK_STAT_DROP_COMMIT_BACKLOG);
}

/*
 * Commit before ACK: a reply that the store covers already leaves at once, any other reply waits
 * for the commit.
 */
static enum dhcpk_step send_answer(struct dhcpk_ctx *ctx)
{
	enum dhcpk_step step = dhcpk_reply(ctx);

	if (step == DHCPK_NEXT && ctx->wait)
		step = wait_for_store(ctx);
	return step == DHCPK_NEXT ? dhcpk_xmit(ctx) : step;
}

/*
 * The pool of the message answers it. DHCPK_PASS: there is no pool for it. The configuration is
 * replaced at most once meanwhile: the next replacement waits for the RCU grace period of this one.
 */
static enum dhcpk_step serve(struct dhcpk_ctx *ctx)
{
	enum dhcpk_step step = find_answer(ctx, true);

	if (unlikely(step == DHCPK_AGAIN)) {
		dhcpk_restore_agent(ctx);
		ctx->config = rcu_dereference(ctx->dn->config);
		ctx->link = ctx->config ? dhcpk_link_find(ctx->config, ctx->dev->ifindex) : NULL;
		if (!ctx->config)
			return DHCPK_PASS;
		step = find_answer(ctx, false);
	}
	if (WARN_ON_ONCE(step == DHCPK_AGAIN))
		return DHCPK_DROP;
	return step == DHCPK_NEXT ? send_answer(ctx) : step;
}

/**
 * dhcpk_fastpath - the whole data path of a message
 * @ctx: the packet, its interface and link, and the configuration; the steps fill in the rest
 *
 * The work per message does not depend on the number of pools, leases or addresses. Nothing sleeps.
 * Memory is allocated only for a lease, for the reply, and for an ACK that a relay stores.
 *
 * Return: what happens to the packet; never DHCPK_NEXT. Unless it is DHCPK_GONE, the skb still
 * belongs to the caller, but its data may have moved.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_fastpath(struct dhcpk_ctx *ctx)
{
	enum dhcp_parse_error err;
	const u8 *message;
	enum dhcpk_step step;

	step = for_us(ctx);
	if (step == DHCPK_NEXT)
		step = find_message(ctx, &message);
	if (step != DHCPK_NEXT)
		return step;
	ctx->now = ktime_get_boottime_ns();
	err = dhcp_parse(&ctx->msg, this_cpu_ptr(&scratch), message, ctx->len);
	if (err && err != DHCP_PARSE_TRUNCATED && err != DHCP_PARSE_VALUE)
		return pass_or_drop_unreadable(ctx, DHCPK_STAT_DROP_PARSE_FAILED);
	trace_rx(ctx->dev, &ctx->msg);
	if (ctx->msg.hdr->op == DHCP_BOOTREPLY)
		return dhcpk_relay_down(ctx, err);
	if (!ctx->in_this_vrf || ctx->port != htons(DHCP_SERVER_PORT))
		return DHCPK_PASS;
	/* A relay does not need the meaning of the options. */
	if (err && !(err == DHCP_PARSE_VALUE && dhcpk_relayed_on(ctx)))
		return pass_or_drop_unreadable(ctx, DHCPK_STAT_DROP_PARSE_FAILED);
	step = err ? DHCPK_PASS : serve(ctx);
	if (step != DHCPK_PASS || !dhcpk_relayed_on(ctx))
		return step;
	dhcpk_restore_agent(ctx);
	return dhcpk_relay_up(ctx);
}
