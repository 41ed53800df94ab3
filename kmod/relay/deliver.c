// SPDX-License-Identifier: GPL-2.0-only
/*
 * A reply on its way out to the client: what is taken out, and where it goes
 * (RFC 1542 section 4.1.2).
 */
#include "relay/deliver.h"

#include <linux/slab.h>

#include "base/address.h"
#include "base/frame.h"
#include "base/trace.h"
#include "relay/counters.h"
#include "relay/option82.h"
#include "relay/survive.h"

/*
 * RFC 1542 section 4.1.2: by flag B; to everybody, too, if the address or the hardware address are
 * none to write to.
 */
static struct dhcpk_dest client_of(const struct dhcpk_downward *down)
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
	if (!dhcpk_usable_chaddr(down->dev, hdr) || !dhcpk_is_host_address(addr))
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

	dhcpk_relay_count(relay, type < ARRAY_SIZE(stat) && stat[type] ?
			  stat[type] : DHCPK_RELAY_DOWN_OTHER);
}

/**
 * dhcpk_deliver - a reply leaves by the interface of its client
 * @down: the reply
 *
 * Return: DHCPK_DONE or DHCPK_DROP, counted.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_deliver(struct dhcpk_downward *down)
{
	unsigned int size = max(down->len, DHCP_MIN_BODY + 0U);
	struct dhcpk_relay *relay = down->relay;
	struct dhcpk_dest to = client_of(down);
	size_t len = down->len;
	struct sk_buff *skb;

	skb = dhcpk_frame_for(down->dev, down->skb, down->body, down->len, size, &down->gone);
	if (!skb)
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_NO_MEMORY);
	if (down->strip)
		len = dhcp_agent_remove(skb->data, len, size, down->ours);
	if (!len || len + DHCP_IP_UDP_LEN > READ_ONCE(down->dev->mtu)) {
		kfree_skb(skb);
		return dhcpk_relay_drop(relay, len ? DHCPK_RELAY_DROP_TX_FAILED :
					DHCPK_RELAY_DROP_PARSE_FAILED);
	}
	len = dhcp_pad(skb->data, len, size);
	skb_put(skb, len);
	/* Others must not get what we have promised. */
	if (down->note &&
	    !dhcpk_survive_reply(relay, down->dev, down->from, down->note, skb->data, len)) {
		kfree_skb(skb);
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_PROMISED);
	}
	trace_relay(relay->dev, false, down->type, ntohl(((struct dhcp_hdr *)skb->data)->xid), to.addr);
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
	struct dhcpk_downward down = { .relay = relay, .dev = ctx->dev, .type = DHCP_ACK };
	struct dhcpk_body *ack = dhcpk_survive_answer(relay, ctx);

	if (!ack)
		return;
	down.body = ack->data;
	down.len = ack->len;
	if (dhcpk_deliver(&down) == DHCPK_DONE)
		dhcpk_relay_count(relay, DHCPK_RELAY_SURVIVE_ACKS);
	kfree(ack);
}
