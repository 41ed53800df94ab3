// SPDX-License-Identifier: GPL-2.0-only
/* The road of a message, from the hook to the wire, as named steps. Everything here runs in softirq under RCU. */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/route.h>

#include "dhcpk.h"

/* Is it sent to us? To everybody, to our subnet, or to an address of ours; and not by ourselves. */
static enum dhcpk_step ours(struct dhcpk_ctx *ctx)
{
	struct sk_buff *skb = ctx->skb;
	__be32 to = ip_hdr(skb)->daddr;
	unsigned int type;

	if (ctx->dev->type == ARPHRD_ETHER && skb_mac_header_was_set(skb) &&
	    ether_addr_equal(eth_hdr(skb)->h_source, ctx->dev->dev_addr))
		return DHCPK_PASS;
	if (ipv4_is_lbcast(to))
		return DHCPK_NEXT;
	type = inet_addr_type_dev_table(dev_net(ctx->dev), ctx->dev, to);
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

/* The skb's, the datagram's and the message's length may disagree; what is outside the shortest does not exist. */
static enum dhcpk_step parse(struct dhcpk_ctx *ctx)
{
	struct sk_buff *skb = ctx->skb;
	int offset = skb_network_offset(skb) + ip_hdrlen(skb);
	const struct udphdr *uh;
	unsigned int len;

	if (!pskb_may_pull(skb, offset + sizeof(*uh)))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_PARSE_FAILED);
	uh = (const struct udphdr *)(skb->data + offset);
	len = min_t(unsigned int, ntohs(uh->len), skb->len - offset);
	if (len < sizeof(*uh) + DHCP_HDR_LEN || !udp_checksum_ok(skb, offset, len, uh->check))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_PARSE_FAILED);
	if (!pskb_may_pull(skb, offset + len))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_NO_MEMORY);

	offset += sizeof(*uh);
	if (dhcp_parse(&ctx->msg, skb->data + offset, len - sizeof(*uh)))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_PARSE_FAILED);
	/* Replies and what a relay sends are for the relay agent, which is not there yet. */
	if (ctx->msg.hdr->op != DHCP_BOOTREQUEST || ctx->msg.hdr->giaddr)
		return DHCPK_PASS;
	return DHCPK_NEXT;
}

static void count_received(struct dhcpk_ctx *ctx)
{
	static const u8 stat[] = {
		[DHCP_DISCOVER]	= DHCPK_STAT_RX_DISCOVER,
		[DHCP_REQUEST]	= DHCPK_STAT_RX_REQUEST,
		[DHCP_DECLINE]	= DHCPK_STAT_RX_DECLINE,
		[DHCP_RELEASE]	= DHCPK_STAT_RX_RELEASE,
		[DHCP_INFORM]	= DHCPK_STAT_RX_INFORM,
	};
	unsigned int type = ctx->msg.type;

	dhcpk_count(ctx->dn, type < ARRAY_SIZE(stat) && stat[type] ? stat[type] : DHCPK_STAT_RX_OTHER);
}

static bool server_id_ours(const struct dhcpk_ctx *ctx)
{
	__be32 id = ctx->msg.server_id;

	/* RFC 2131 4.1: a server with several addresses takes any of them for its identifier. */
	return id && (id == ctx->server_id ||
		      inet_addr_type_dev_table(dev_net(ctx->dev), ctx->dev, id) == RTN_LOCAL);
}

/* May this client have this address at all, whoever has it now? */
static bool allowed(const struct dhcpk_ctx *ctx, u32 addr)
{
	if (addr == ntohl(ctx->server_id))
		return false;
	if (ctx->host && ctx->host->addr)
		return addr == ctx->host->addr;
	return dhcpk_alloc_contains(ctx->pool->space->alloc, addr);
}

static bool taken_by_other(struct dhcpk_ctx *ctx, const struct dhcpk_lease *own, u32 addr)
{
	const struct dhcpk_lease *at = dhcpk_lease_at(ctx->pool->space, addr, ctx->now);

	return at && at != own && dhcpk_lease_live(at);
}

static struct dhcp_facts facts(struct dhcpk_ctx *ctx, const struct dhcpk_lease *own)
{
	u32 asked = ntohl(dhcp_asked_addr(&ctx->msg));
	struct dhcp_facts f = {
		.server_id_ours	= server_id_ours(ctx),
		.authoritative	= ctx->pool->flags & DHCPK_POOL_F_AUTHORITATIVE,
		.known		= own,
		.on_link	= dhcpk_pool_on_link(ctx->pool, htonl(asked)),
		.allowed	= asked && allowed(ctx, asked),
	};

	if (asked && own && own->addr == asked)
		f.hold = DHCP_HELD_BY_CLIENT;
	else if (asked && taken_by_other(ctx, own, asked))
		f.hold = DHCP_HELD_BY_OTHER;
	return f;
}

/* RFC 2131 4.3.1: the client's wish within the pool's limits, else the pool's time. Infinite is just the largest. */
static u32 lease_time(const struct dhcpk_ctx *ctx)
{
	const struct dhcpk_pool *pool = ctx->pool;

	return ctx->msg.has_lease_time ? clamp(ctx->msg.lease_time, pool->lease_min, pool->lease_max) : pool->lease;
}

static u64 expiry(u64 now, u32 seconds)
{
	return seconds == DHCPK_LEASE_INFINITE ? U64_MAX : now + (u64)seconds * NSEC_PER_SEC;
}

static bool pick(const struct dhcpk_ctx *ctx, u32 *addr)
{
	struct dhcpk_space *s = ctx->pool->space;
	u64 hash = dhcpk_id_hash(&ctx->id, &s->key);

	if (!dhcpk_alloc_pick(s->alloc, hash, addr))
		return false;
	if (*addr != ntohl(ctx->server_id))
		return true;
	/* The interface has got an address out of the pool. It is ours for good; ask once more. */
	dhcpk_alloc_reserve(s->alloc, *addr);
	return dhcpk_alloc_pick(s->alloc, hash, addr);
}

/* RFC 2131 4.3.1: reservation, current or remembered address, the one asked for, any. */
static bool choose_address(struct dhcpk_ctx *ctx, const struct dhcpk_lease *own, u32 *addr)
{
	u32 asked = ntohl(dhcp_asked_addr(&ctx->msg));

	if (ctx->host && ctx->host->addr)
		*addr = ctx->host->addr;
	else if (own && allowed(ctx, own->addr))
		*addr = own->addr;
	else if (asked && allowed(ctx, asked) && !taken_by_other(ctx, own, asked))
		*addr = asked;
	else
		return pick(ctx, addr);
	/* A reserved address may still be lived in by somebody else, who keeps it until his lease is over. */
	return !taken_by_other(ctx, own, *addr) || pick(ctx, addr);
}

static enum dhcpk_step offer(struct dhcpk_ctx *ctx, struct dhcpk_lease *own)
{
	struct dhcpk_space *s = ctx->pool->space;
	u32 addr;

	if (!choose_address(ctx, own, &addr))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_POOL_EXHAUSTED);
	/* A client that asks anew while it is bound keeps its binding: its REQUEST may never come. */
	if (!own || own->state != DHCPK_LEASE_BOUND || own->addr != addr)
		own = dhcpk_lease_grant(s, &ctx->id, addr, DHCPK_LEASE_OFFERED, ctx->now,
					expiry(ctx->now, DHCPK_OFFER_SECONDS), &ctx->msg);
	if (!own)
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_NO_MEMORY);
	ctx->reply.type = DHCP_OFFER;
	ctx->reply.yiaddr = htonl(addr);
	return DHCPK_NEXT;
}

static enum dhcpk_step bind(struct dhcpk_ctx *ctx)
{
	__be32 asked = dhcp_asked_addr(&ctx->msg);

	if (!dhcpk_lease_grant(ctx->pool->space, &ctx->id, ntohl(asked), DHCPK_LEASE_BOUND, ctx->now,
			       expiry(ctx->now, ctx->reply.lease_time), &ctx->msg))
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_NO_MEMORY);
	ctx->reply.type = DHCP_ACK;
	ctx->reply.yiaddr = asked;
	return DHCPK_NEXT;
}

static enum dhcpk_step silent(struct dhcpk_ctx *ctx, enum dhcp_silence why)
{
	switch (why) {
	case DHCP_SILENT_OTHER_SERVER:
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_NOT_FOR_US);
	case DHCP_SILENT_UNKNOWN:
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_UNKNOWN_CLIENT);
	default:
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_RFC_VIOLATION);
	}
}

/* The space is locked: what was decided is still true when it is done. */
static enum dhcpk_step carry_out(struct dhcpk_ctx *ctx, const struct dhcp_decision *d, struct dhcpk_lease *own)
{
	struct dhcpk_space *s = ctx->pool->space;

	switch (d->verdict) {
	case DHCP_DO_OFFER:
		return offer(ctx, own);
	case DHCP_DO_ACK:
		return bind(ctx);
	case DHCP_DO_NAK:
		ctx->reply.type = DHCP_NAK;
		ctx->reply.message = d->message;
		return DHCPK_NEXT;
	case DHCP_DO_INFORM:
		ctx->reply.type = DHCP_ACK;
		return DHCPK_NEXT;
	case DHCP_DO_RELEASE:
		dhcpk_lease_release(s, own, ctx->now);
		return DHCPK_DONE;
	case DHCP_DO_DECLINE:
		if (dhcpk_lease_live(own))
			dhcpk_lease_decline(s, own, ctx->now);
		return DHCPK_DONE;
	case DHCP_DO_FORGET:
		if (own && own->state == DHCPK_LEASE_OFFERED)
			dhcpk_lease_release(s, own, ctx->now);
		return silent(ctx, DHCP_SILENT_OTHER_SERVER);
	default:
		return silent(ctx, d->silence);
	}
}

static void start_reply(struct dhcpk_ctx *ctx)
{
	const struct dhcpk_options *options = ctx->pool->options;

	if (ctx->host && ctx->host->options)
		options = ctx->host->options;
	ctx->reply = (struct dhcp_reply){
		.msg		= &ctx->msg,
		.server_id	= ctx->server_id,
		.lease_time	= lease_time(ctx),
		.options	= options->data,
		.options_len	= options->len,
	};
}

/* RFC 2131 4.3: what the message means for the bindings, and what is answered. */
static enum dhcpk_step decide(struct dhcpk_ctx *ctx)
{
	struct dhcpk_space *s = ctx->pool->space;
	struct dhcp_decision decision;
	struct dhcpk_lease *own;
	struct dhcp_facts f;
	enum dhcpk_step step;

	start_reply(ctx);
	spin_lock(&s->lock);
	own = dhcpk_lease_find(s, &ctx->id, ctx->now);
	f = facts(ctx, own);
	decision = dhcp_decide(&ctx->msg, &f);
	step = carry_out(ctx, &decision, own);
	spin_unlock(&s->lock);
	return step;
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
	count_received(ctx);
	step = dhcpk_select(ctx);
	if (step == DHCPK_NEXT)
		step = dhcpk_identify(ctx);
	if (step == DHCPK_NEXT)
		step = decide(ctx);
	if (step == DHCPK_NEXT)
		step = dhcpk_xmit(ctx);
	return step;
}
