// SPDX-License-Identifier: GPL-2.0-only
/* The relay's road down: a server's replies to their client (RFC 1542 section 4.1.2, RFC 3046 section 2.1). */
#include <linux/etherdevice.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/slab.h>

#include "relay/relay.h"

static void has_answered(const struct dhcpk_relay *relay, struct dhcpk_server *server)
{
	WRITE_ONCE(server->last, ktime_get_boottime_ns());
	WRITE_ONCE(server->silent, 0);
	WRITE_ONCE(server->probe, 0);
	dhcpk_relay_count_reply(relay, server);
}

static bool answers_probe(const struct dhcp_hdr *hdr, const struct net_device *dev)
{
	u8 chaddr[ETH_ALEN];

	dhcpk_relay_probe_chaddr(dev, chaddr);
	return hdr->htype == DHCP_HTYPE_ETHERNET && hdr->hlen == ETH_ALEN && ether_addr_equal_unaligned(hdr->chaddr, chaddr);
}

/* Whose is a reply that comes from none of the servers? The only one's, or that of the one which we have asked ourselves. */
static struct dhcpk_server *server_behind(struct dhcpk_relay *relay, const struct net_device *dev,
					  const struct dhcp_hdr *hdr)
{
	unsigned int i;

	if (relay->n_servers == 1)
		return &relay->server[0];
	for (i = 0; i < relay->n_servers && hdr->xid && answers_probe(hdr, dev); i++) {
		if (READ_ONCE(relay->server[i].probe) == hdr->xid)
			return &relay->server[i];
	}
	return NULL;
}

/**
 * struct downward - a reply on its way to its client
 * @relay: its relay
 * @dev: the client's interface
 * @skb: the one that brought it, or NULL
 * @gone: @skb carries it on and is not ours any more
 * @from: the server that it is of
 * @body: the message
 * @len: its bytes
 * @type: of the message
 * @strip: option 82 is taken out,
 * @ours: only this part of it; NULL: whatever there is
 * @note: what the parser made of it, if the relay is to heed and to remember it; or NULL
 */
struct downward {
	struct dhcpk_relay		*relay;
	struct net_device		*dev;
	struct sk_buff			*skb;
	bool				gone;
	__be32				from;
	const u8			*body;
	unsigned int			len;
	enum dhcp_type			type;
	bool				strip;
	const struct dhcp_own_agent	*ours;
	const struct dhcp_msg		*note;
};

/* Only what is ours is taken out; where nobody else may put one in, all of it is. @ours, in @buf: what we would have put in. */
static enum dhcpk_step check_option(const struct dhcpk_ctx *ctx, struct downward *down, struct dhcp_own_agent *ours, u8 *buf)
{
	const struct dhcpk_relay *relay = down->relay;
	bool shared = relay->flags & DHCPK_RELAY_F_TRUSTED && relay->policy != DHCPK_RELAY_REPLACE;

	/* RFC 6607 section 5: a server that left it in, or does not say for which VPN, has an address of the wrong network. */
	if (relay->vss && (!ctx->msg.agent.vss || ctx->msg.agent.vss_control))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_VSS);
	down->strip = ctx->msg.agent.whole.data;
	if (!shared && !(relay->flags & DHCPK_RELAY_F_VALIDATE))
		return DHCPK_NEXT;
	dhcpk_relay_own_agent(relay, down->dev, ctx->msg.hdr, ours, buf);
	if (relay->flags & DHCPK_RELAY_F_VALIDATE && ours->value.len && !dhcp_agent_ours(&ctx->msg.agent.whole, ours))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_FOREIGN_AGENT);
	ours->joined = ctx->msg.agent.whole;
	if (shared)
		down->ours = ours;
	return DHCPK_NEXT;
}

/* RFC 1542 section 4.1.2: by flag B; to everybody, too, if the address or the hardware address are none to write to. */
static struct dhcpk_dest client_of(const struct downward *down)
{
	const struct dhcp_hdr *hdr = (const struct dhcp_hdr *)down->body;
	__be32 addr = hdr->yiaddr ?: hdr->ciaddr;
	struct dhcpk_dest to = {
		.addr	= htonl(INADDR_BROADCAST),
		.port	= htons(DHCP_CLIENT_PORT),
		.sport	= htons(DHCP_SERVER_PORT),
		.source	= hdr->giaddr,
		.on_all	= true,
	};

	if (down->relay->giaddr)
		to.source = dhcpk_relay_address(down->dev) ?: hdr->giaddr;
	/* RFC 2131 4.3.2: a client that is refused has no address. */
	if (down->type == DHCP_NAK || hdr->flags & htons(DHCP_FLAG_BROADCAST) || !addr)
		return to;
	if (!dhcpk_usable_chaddr(down->dev, hdr) || ipv4_is_multicast(addr) || ipv4_is_loopback(addr) || ipv4_is_lbcast(addr))
		return to;
	to.addr = addr;
	to.on_all = false;
	memcpy(to.mac, hdr->chaddr, ETH_ALEN);
	return to;
}

static void count_down(const struct dhcpk_relay *relay, enum dhcp_type type)
{
	static const u8 stat[] = {
		[DHCP_NONE]	= DHCPK_RELAY_DOWN_BOOTP,
		[DHCP_OFFER]	= DHCPK_RELAY_DOWN_OFFER,
		[DHCP_ACK]	= DHCPK_RELAY_DOWN_ACK,
		[DHCP_NAK]	= DHCPK_RELAY_DOWN_NAK,
	};

	dhcpk_relay_count(relay, type < ARRAY_SIZE(stat) && stat[type] ? stat[type] : DHCPK_RELAY_DOWN_OTHER);
}

/* Out of the client's interface. Returns DHCPK_DONE or DHCPK_DROP. */
static enum dhcpk_step deliver(struct downward *down)
{
	unsigned int size = max(down->len, DHCP_MIN_BODY + 0U);
	struct dhcpk_relay *relay = down->relay;
	struct dhcpk_dest to = client_of(down);
	struct sk_buff *skb = dhcpk_frame_for(down->dev, down->skb, down->body, down->len, size, &down->gone);
	size_t len = down->len;

	if (!skb)
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_NO_MEMORY);
	if (down->strip)
		len = dhcp_agent_remove(skb->data, len, size, down->ours);
	if (!len || len + DHCP_IP_UDP_LEN > READ_ONCE(down->dev->mtu)) {
		kfree_skb(skb);
		return dhcpk_relay_drop(relay, len ? DHCPK_RELAY_DROP_TX_FAILED : DHCPK_RELAY_DROP_PARSE_FAILED);
	}
	len = dhcp_pad(skb->data, len, size);
	skb_put(skb, len);
	/* Others must not get what we have promised. */
	if (down->note && !dhcpk_survive_reply(relay, down->dev, down->from, down->note, skb->data, len)) {
		kfree_skb(skb);
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_PROMISED);
	}
	if (dhcpk_frame_send(down->dev, NULL, &to, skb))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_TX_FAILED);
	count_down(relay, down->type);
	return DHCPK_DONE;
}

/**
 * dhcpk_relay_vouch - answer a renewal while no server does
 * @relay: a relay that survives
 * @ctx: a REQUEST that chooses no offer, from a client on the link
 *
 * Context: softirq, RCU.
 */
void dhcpk_relay_vouch(struct dhcpk_relay *relay, const struct dhcpk_ctx *ctx)
{
	struct downward down = { .relay = relay, .dev = ctx->dev, .type = DHCP_ACK };
	struct dhcpk_body *ack = dhcpk_survive_answer(relay, ctx);

	if (!ack)
		return;
	down.body = ack->data;
	down.len = ack->len;
	if (deliver(&down) == DHCPK_DONE)
		dhcpk_relay_count(relay, DHCPK_RELAY_VOUCHED);
	kfree(ack);
}

static enum dhcpk_step down_by(struct dhcpk_ctx *ctx, struct dhcpk_relay *relay, struct net_device *dev)
{
	struct downward down = {
		.relay	= relay,
		.dev	= dev,
		.skb	= ctx->skb,
		.from	= ip_hdr(ctx->skb)->saddr,
		.body	= (const u8 *)ctx->msg.hdr,
		.len	= ctx->len,
		.type	= ctx->msg.type,
		.note	= relay->memory ? &ctx->msg : NULL,
	};
	struct dhcp_own_agent ours;
	u8 agent[DHCP_AGENT_MAX];
	enum dhcpk_step step;

	if (answers_probe(ctx->msg.hdr, dev)) {
		dhcpk_relay_count(relay, DHCPK_RELAY_PROBE_REPLIES);
		return DHCPK_DONE;
	}
	step = check_option(ctx, &down, &ours, agent);
	/* The client will say that it takes ours. */
	if (step == DHCPK_NEXT && ctx->msg.type == DHCP_OFFER && relay->pieces & BIT(DHCPK_AGENT_SERVER_ID))
		dhcpk_exchange_offered(ctx->config->exchanges, dev, ctx->msg.hdr, down.from);
	if (step == DHCPK_NEXT)
		step = deliver(&down);
	return down.gone ? DHCPK_GONE : step;
}

/* To a port that is not DHCP's own, anything may come. */
static enum dhcpk_step not_for_us(struct dhcpk_ctx *ctx)
{
	return ctx->here && ctx->port == htons(DHCP_SERVER_PORT) ? dhcpk_drop(ctx, DHCPK_STAT_DROP_NOT_FOR_US) : DHCPK_PASS;
}

/**
 * dhcpk_relay_reply - step: back to the client
 * @ctx: a BOOTREPLY to an address of ours
 * @err: what the parser found, not worse than DHCP_PARSE_TRUNCATED
 *
 * RFC 1542 section 4.1.2: out of the interface that giaddr, or our option 82, is of. The message goes on byte for byte, but
 * for our option 82.
 *
 * Return: DHCPK_GONE or DHCPK_DONE; DHCPK_PASS if it is for no relay of ours; DHCPK_DROP, counted.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_relay_reply(struct dhcpk_ctx *ctx, enum dhcp_parse_error err)
{
	__be32 giaddr = ctx->msg.hdr->giaddr;
	struct dhcpk_server *server;
	struct dhcpk_relay *relay;
	struct net_device *dev;
	enum dhcpk_step step;

	if (!ctx->config->n_relays)
		return DHCPK_PASS;
	if (!giaddr || !__ip_dev_find(dev_net(ctx->dev), giaddr, false))
		return not_for_us(ctx);
	step = dhcpk_relay_of_reply(ctx, &relay);
	if (step != DHCPK_NEXT)
		return step;
	dev = dev_get_by_index_rcu(dev_net(ctx->dev), READ_ONCE(relay->link->ifindex));
	if (!dev)
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_TX_FAILED);
	step = dhcpk_relay_check_server(ctx, relay, dev, &server);
	if (step != DHCPK_NEXT)
		return step;
	if (err == DHCP_PARSE_TRUNCATED)
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_PARSE_FAILED);
	server = server ?: server_behind(relay, dev, ctx->msg.hdr);
	if (server)
		has_answered(relay, server);
	return down_by(ctx, relay, dev);
}
