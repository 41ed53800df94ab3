// SPDX-License-Identifier: GPL-2.0-only
/*
 * A relay sends a reply to its client (RFC 1542 section 4.1.2): removes option 82, and chooses the
 * destination.
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
 * RFC 1542 section 4.1.2: broadcast with flag B; and also if the IP address or the hardware address
 * is no valid destination.
 */
static struct dhcpk_dest client_dest(const struct dhcpk_relay_reply *rep)
{
	const struct dhcp_hdr *hdr = (const struct dhcp_hdr *)rep->body;
	__be32 addr = hdr->yiaddr ?: hdr->ciaddr;
	struct dhcpk_dest to = {
		.addr	= htonl(INADDR_BROADCAST),
		.port	= htons(DHCP_CLIENT_PORT),
		.sport	= htons(DHCP_SERVER_PORT),
		.source	= hdr->giaddr,
		.on_all	= true,
	};

	if (rep->relay->giaddr)
		to.source = dhcpk_relay_address(rep->dev) ?: hdr->giaddr;
	/* RFC 2131 4.3.2: a client that gets a NAK has no address. */
	if (rep->type == DHCP_NAK || hdr->flags & htons(DHCP_FLAG_BROADCAST) || !addr)
		return to;
	if (!dhcpk_usable_chaddr(rep->dev, hdr) || !dhcpk_is_host_address(addr))
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
 * dhcpk_deliver - send a reply out of the interface of its client
 * @rep: the reply
 *
 * Return: DHCPK_DONE or DHCPK_DROP, counted.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_deliver(struct dhcpk_relay_reply *rep)
{
	unsigned int size = max(rep->len, DHCP_MIN_BODY + 0U);
	struct dhcpk_relay *relay = rep->relay;
	struct dhcpk_dest to = client_dest(rep);
	size_t len = rep->len;
	struct sk_buff *skb;

	skb = dhcpk_frame_for(rep->dev, rep->skb, rep->body, rep->len, size, &rep->skb_consumed);
	if (!skb)
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_NO_MEMORY);
	if (rep->strip_agent)
		len = dhcp_agent_remove(skb->data, len, size, rep->expected);
	if (!len || len + DHCP_IP_UDP_LEN > READ_ONCE(rep->dev->mtu)) {
		kfree_skb(skb);
		return dhcpk_relay_drop(relay, len ? DHCPK_RELAY_DROP_TX_FAILED :
					DHCPK_RELAY_DROP_PARSE_FAILED);
	}
	len = dhcp_pad(skb->data, len, size);
	skb_put(skb, len);
	/* No other client must get an address that the relay has granted. */
	if (rep->parsed &&
	    !dhcpk_survive_reply(relay, rep->dev, rep->from, rep->parsed, skb->data, len)) {
		kfree_skb(skb);
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_PROMISED);
	}
	trace_relay(relay->dev, false, rep->type, skb->data, to.addr);
	if (dhcpk_frame_send(rep->dev, NULL, &to, skb))
		return dhcpk_relay_drop(relay, DHCPK_RELAY_DROP_TX_FAILED);
	count_down(relay, rep->type);
	return DHCPK_DONE;
}

/**
 * dhcpk_relay_answer_renewal - answer a renewal while all servers are silent
 * @relay: a relay with "survive"
 * @ctx: a REQUEST that does not select an offer, from a client on the link
 *
 * Context: softirq, RCU.
 */
void dhcpk_relay_answer_renewal(struct dhcpk_relay *relay, const struct dhcpk_ctx *ctx)
{
	struct dhcpk_relay_reply rep = { .relay = relay, .dev = ctx->dev, .type = DHCP_ACK };
	struct dhcpk_msg_copy *ack = dhcpk_survive_answer(relay, ctx);

	if (!ack)
		return;
	rep.body = ack->data;
	rep.len = ack->len;
	if (dhcpk_deliver(&rep) == DHCPK_DONE)
		dhcpk_relay_count(relay, DHCPK_RELAY_SURVIVE_ACKS);
	kfree(ack);
}
