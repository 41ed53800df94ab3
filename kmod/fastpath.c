// SPDX-License-Identifier: GPL-2.0-only
/* The road of a message, from the hook to the wire, as named steps. Everything here runs in softirq under RCU. */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/route.h>

#include "dhcpk.h"

/* The reply to a message is written before the next one can come on this CPU. */
static DEFINE_PER_CPU(struct dhcp_scratch, scratch);

/* Is it sent to us? To everybody, to our subnet, or to an address of ours; and not by ourselves. */
static enum dhcpk_step ours(struct dhcpk_ctx *ctx)
{
	struct sk_buff *skb = ctx->skb;
	__be32 to = ip_hdr(skb)->daddr;
	unsigned int type;

	if (ctx->dev->type == ARPHRD_ETHER && skb_mac_header_was_set(skb) &&
	    ether_addr_equal(eth_hdr(skb)->h_source, ctx->dev->dev_addr))
		return DHCPK_PASS;
	ctx->unicast = false;
	if (ipv4_is_lbcast(to))
		return DHCPK_NEXT;
	type = inet_addr_type_dev_table(dev_net(ctx->dev), ctx->dev, to);
	ctx->unicast = type == RTN_LOCAL;
	return type == RTN_LOCAL || type == RTN_BROADCAST ? DHCPK_NEXT : DHCPK_PASS;
}

/* 0 is "no checksum" (RFC 768); one that a local sender left to its device is true as it stands. */
static bool udp_checksum_ok(struct sk_buff *skb, int offset, unsigned int len, __sum16 check)
{
	const struct iphdr *iph = ip_hdr(skb);

	if (!check || skb_csum_unnecessary(skb))
		return true;
	return !csum_fold(skb_checksum(skb, offset, len,
				       csum_tcpudp_nofold(iph->saddr, iph->daddr, len, IPPROTO_UDP, 0)));
}

/* Where nothing is served, what cannot be read is nobody's that we know of. */
static enum dhcpk_step unreadable(struct dhcpk_ctx *ctx, enum dhcpk_stat why)
{
	return ctx->link ? dhcpk_drop(ctx, why) : DHCPK_PASS;
}

/* The skb's, the datagram's and the message's length may disagree; what is outside the shortest does not exist. */
static enum dhcpk_step parse(struct dhcpk_ctx *ctx)
{
	struct sk_buff *skb = ctx->skb;
	int offset = skb_network_offset(skb) + ip_hdrlen(skb);
	const struct udphdr *uh;
	unsigned int len;

	if (!pskb_may_pull(skb, offset + sizeof(*uh)))
		return unreadable(ctx, DHCPK_STAT_DROP_PARSE_FAILED);
	uh = (const struct udphdr *)(skb->data + offset);
	len = min_t(unsigned int, ntohs(uh->len), skb->len - offset);
	if (len < sizeof(*uh) + DHCP_HDR_LEN || !udp_checksum_ok(skb, offset, len, uh->check))
		return unreadable(ctx, DHCPK_STAT_DROP_PARSE_FAILED);
	if (!pskb_may_pull(skb, offset + len))
		return unreadable(ctx, DHCPK_STAT_DROP_NO_MEMORY);

	offset += sizeof(*uh);
	if (dhcp_parse(&ctx->msg, this_cpu_ptr(&scratch), skb->data + offset, len - sizeof(*uh)))
		return unreadable(ctx, DHCPK_STAT_DROP_PARSE_FAILED);
	/* A reply is for a relay agent. */
	return ctx->msg.hdr->op == DHCP_BOOTREQUEST ? DHCPK_NEXT : DHCPK_PASS;
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

	dhcpk_count(ctx->dn, type < ARRAY_SIZE(stat) && stat[type] ? stat[type] : DHCPK_STAT_RX_OTHER);
}

/**
 * dhcpk_fastpath - a message's whole road
 * @ctx: the packet, its interface and link, and the configuration; the rest is filled in on the way
 *
 * Work per message is constant in pools, leases and addresses; nothing sleeps, and memory is only taken for a binding and
 * for the reply.
 *
 * Return: what is to become of the packet; never DHCPK_NEXT. The skb is still the caller's, but its data may have moved.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_fastpath(struct dhcpk_ctx *ctx)
{
	enum dhcpk_step step;

	step = ours(ctx);
	if (step == DHCPK_NEXT)
		step = parse(ctx);
	if (step != DHCPK_NEXT)
		return step;

	ctx->now = ktime_get_boottime_ns();
	step = dhcpk_select(ctx);
	if (step == DHCPK_PASS)
		return step;
	count_received(ctx);
	if (step == DHCPK_NEXT)
		step = dhcpk_identify(ctx);
	if (step == DHCPK_NEXT)
		step = dhcpk_decide(ctx);
	if (step == DHCPK_NEXT)
		step = dhcpk_xmit(ctx);
	return step;
}
