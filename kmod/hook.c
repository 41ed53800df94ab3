// SPDX-License-Identifier: GPL-2.0-only
/* The door: which packets enter the road at all. */
#include <linux/ip.h>
#include <linux/netfilter_ipv4.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "dhcpk.h"

/* Between "raw" (-300), where operators may put rules of their own before us, and connection tracking (-200). */
#define DHCPK_HOOK_PRIORITY	(NF_IP_PRI_RAW + 50)

/* The cheap half of the question "is it ours?": a whole UDP datagram for the server's port. May not touch the skb. */
static bool dhcp_shaped(struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct udphdr *uh;
	struct udphdr copy;

	if (iph->protocol != IPPROTO_UDP || ip_is_fragment(iph) || skb_is_gso(skb))
		return false;
	uh = skb_header_pointer(skb, skb_network_offset(skb) + ip_hdrlen(skb), sizeof(copy), &copy);
	return uh && uh->dest == htons(DHCP_SERVER_PORT);
}

static unsigned int dhcpk_hook(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct dhcpk_ctx ctx;

	if (!dhcp_shaped(skb) || skb->pkt_type == PACKET_OTHERHOST || skb->pkt_type == PACKET_LOOPBACK)
		return NF_ACCEPT;

	ctx.dn = dhcpk_pernet(state->net);
	ctx.config = rcu_dereference(ctx.dn->config);
	if (!ctx.config)
		return NF_ACCEPT;
	ctx.link = dhcpk_link_find(ctx.config, state->in->ifindex);
	if (!ctx.link)
		return NF_ACCEPT;

	ctx.skb = skb;
	ctx.dev = state->in;
	switch (dhcpk_fastpath(&ctx)) {
	case DHCPK_DONE:
		consume_skb(skb);
		return NF_STOLEN;
	case DHCPK_DROP:
		return NF_DROP;
	default:
		return NF_ACCEPT;
	}
}

static const struct nf_hook_ops dhcpk_hook_ops = {
	.hook		= dhcpk_hook,
	.pf		= NFPROTO_IPV4,
	.hooknum	= NF_INET_PRE_ROUTING,
	.priority	= DHCPK_HOOK_PRIORITY,
};

/**
 * dhcpk_hook_register - start to see packets
 * @dn: the namespace; idempotent. A namespace without a pool has no hook, and its packets pay nothing.
 *
 * Return: 0 or -errno.
 * Context: process, dn->lock held.
 */
int dhcpk_hook_register(struct dhcpk_net *dn)
{
	int err;

	if (dn->hooked)
		return 0;
	err = nf_register_net_hook(dn->net, &dhcpk_hook_ops);
	dn->hooked = !err;
	return err;
}

/**
 * dhcpk_hook_unregister - see no more packets
 * @dn: the namespace; idempotent
 *
 * A packet may still be in the hook when this returns; it is gone after a grace period.
 *
 * Context: process, dn->lock held or the namespace on its way out.
 */
void dhcpk_hook_unregister(struct dhcpk_net *dn)
{
	if (dn->hooked)
		nf_unregister_net_hook(dn->net, &dhcpk_hook_ops);
	dn->hooked = false;
}
