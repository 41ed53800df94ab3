// SPDX-License-Identifier: GPL-2.0-only
/* The door: which packets enter the road at all. */
#include "hook.h"

#include <linux/if_macvlan.h>
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/netfilter_bridge.h>
#include <linux/netfilter_ipv4.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "config/link.h"
#include "config/pool.h"
#include "fastpath.h"

/* Between "raw" (-300), where operators may put rules of their own before us, and connection tracking (-200). */
#define DHCPK_HOOK_PRIORITY	(NF_IP_PRI_RAW + 50)

/* The server's port; or one that a relay sends from, and gets its answers at. */
static bool is_port(const struct dhcpk_config *config, __be16 port)
{
	unsigned int i;

	if (port == htons(DHCP_SERVER_PORT))
		return true;
	for (i = 0; i < config->n_relay_ports; i++) {
		if (config->relay_port[i] == port)
			return true;
	}
	return false;
}

/* The cheap half of the question "is it ours?": a whole UDP datagram for a port of ours. May not touch the skb. */
static bool dhcp_shaped(const struct dhcpk_config *config, struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct udphdr *uh;
	struct udphdr copy;

	if (iph->protocol != IPPROTO_UDP || ip_is_fragment(iph) || skb_is_gso(skb))
		return false;
	uh = skb_header_pointer(skb, skb_network_offset(skb) + ip_hdrlen(skb), sizeof(copy), &copy);
	return uh && is_port(config, uh->dest);
}

/*
 * Where nothing is served, a message may still be for a pool: a relay's shows its giaddr, one from a client behind routers
 * its ciaddr. Or it is a server's, for a relay of ours. May not touch the skb.
 */
static bool from_elsewhere(const struct dhcpk_config *config, const struct sk_buff *skb)
{
	int offset = skb_network_offset(skb) + ip_hdrlen(skb) + sizeof(struct udphdr);
	const struct dhcp_hdr *hdr;
	struct dhcp_hdr copy;

	hdr = skb_header_pointer(skb, offset, offsetofend(struct dhcp_hdr, giaddr), &copy);
	return hdr &&
	       (hdr->giaddr || hdr->ciaddr || (config->n_relays && hdr->op == DHCP_BOOTREPLY));
}

/* A packet that a program has had in an nft queue goes on in that program's system call, with softirqs on. */
static enum dhcpk_step with_softirqs_off(struct dhcpk_ctx *ctx)
{
	enum dhcpk_step step;

	if (likely(in_softirq()))
		return dhcpk_fastpath(ctx);
	local_bh_disable();
	step = dhcpk_fastpath(ctx);
	local_bh_enable();
	return step;
}

/* A datagram of DHCP's shape goes on its road if something is served on the interface, or it may be for a pool elsewhere. */
static unsigned int handle(struct dhcpk_net *dn, const struct dhcpk_config *config,
			   struct sk_buff *skb, struct net_device *dev)
{
	const struct dhcpk_link *link = dhcpk_link_find(config, dev->ifindex);
	/* Every field has a value from here on, whichever way the message takes. */
	struct dhcpk_ctx ctx = { .skb = skb, .dev = dev, .dn = dn, .config = config, .link = link };

	if (!link && !from_elsewhere(config, skb))
		return NF_ACCEPT;
	switch (with_softirqs_off(&ctx)) {
	case DHCPK_DONE:
		consume_skb(skb);
		return NF_STOLEN;
	case DHCPK_GONE:
		return NF_STOLEN;
	case DHCPK_DROP:
		return NF_DROP;
	default:
		return NF_ACCEPT;
	}
}

static unsigned int dhcpk_hook(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct dhcpk_net *dn = dhcpk_pernet(state->net);
	const struct dhcpk_config *config = rcu_dereference(dn->config);

	if (!config || !dhcp_shaped(config, skb))
		return NF_ACCEPT;
	if (skb->pkt_type == PACKET_OTHERHOST || skb->pkt_type == PACKET_LOOPBACK)
		return NF_ACCEPT;
	/* The bridge has not decided yet whom the frame is for; see dhcpk_bridge_hook(). */
	if (nf_bridge_in_prerouting(skb))
		return NF_ACCEPT;
	/* A VRF has no wire of its own: what comes by one of its interfaces is that interface's. */
	if (netif_is_l3_master(state->in))
		return NF_ACCEPT;
	return handle(dn, config, skb, state->in);
}

/*
 * Fragments pass the hook above as they are. If nothing has put them together before it, the stack has done so by here, with those
 * that are for this machine. What was whole above, and left alone, is left alone once more.
 */
static unsigned int dhcpk_local_hook(void *priv, struct sk_buff *skb,
				     const struct nf_hook_state *state)
{
	struct dhcpk_net *dn = dhcpk_pernet(state->net);
	const struct dhcpk_config *config;
	struct net_device *dev;

	if (likely(!IPCB(skb)->frag_max_size))
		return NF_ACCEPT;
	config = rcu_dereference(dn->config);
	if (!config || !dhcp_shaped(config, skb))
		return NF_ACCEPT;
	/* In a VRF @state has the VRF's device. */
	dev = dev_get_by_index_rcu(state->net, IPCB(skb)->iif);
	return dev ? handle(dn, config, skb, dev) : NF_ACCEPT;
}

#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
/* Has a bridge, or what stands on it and the frame goes up to, a pool? A macvlan on it is only known further up. */
static bool served_on_bridge(const struct dhcpk_config *config, const struct sk_buff *skb)
{
	const struct net_device *dev = skb->dev;

	if (skb_vlan_tag_present(skb) && skb_vlan_tag_get_id(skb))
		dev = __vlan_find_dev_deep_rcu(skb->dev, skb->vlan_proto, skb_vlan_tag_get_id(skb));
	return dev && (dhcpk_link_find(config, dev->ifindex) || netif_is_macvlan_port(dev));
}

static bool to_us(struct net *net, const struct sk_buff *skb)
{
	return ipv4_is_lbcast(ip_hdr(skb)->daddr) || __ip_dev_find(net, ip_hdr(skb)->daddr, false);
}

/*
 * br_netfilter calls PRE_ROUTING on a port for every bridged frame, those of others too, and before the bridge knows its
 * VLAN. To make up for it, a frame that comes up to the bridge is spared the regular call. That is the one we want, once
 * for each frame that is for us while copies go on to the other ports: so the mark is taken off that would prevent it.
 */
static unsigned int dhcpk_bridge_hook(void *priv, struct sk_buff *skb,
				      const struct nf_hook_state *state)
{
	const struct dhcpk_config *config = rcu_dereference(dhcpk_pernet(state->net)->config);

	if (config && nf_bridge_info_exists(skb) && skb->protocol == htons(ETH_P_IP) &&
	    dhcp_shaped(config, skb) &&
	    (served_on_bridge(config, skb) ||
	     (from_elsewhere(config, skb) && to_us(state->net, skb))))
		skb_ext_del(skb, SKB_EXT_BRIDGE_NF);
	return NF_ACCEPT;
}
#endif

static const struct nf_hook_ops dhcpk_hook_ops[] = {
	{
		.hook		= dhcpk_hook,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= DHCPK_HOOK_PRIORITY,
	},
	{
		.hook		= dhcpk_local_hook,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_LOCAL_IN,
		.priority	= DHCPK_HOOK_PRIORITY,
	},
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	{
		.hook		= dhcpk_bridge_hook,
		.pf		= NFPROTO_BRIDGE,
		.hooknum	= NF_BR_LOCAL_IN,
		.priority	= NF_BR_PRI_LAST,
	},
#endif
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
	err = nf_register_net_hooks(dn->net, dhcpk_hook_ops, ARRAY_SIZE(dhcpk_hook_ops));
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
		nf_unregister_net_hooks(dn->net, dhcpk_hook_ops, ARRAY_SIZE(dhcpk_hook_ops));
	dn->hooked = false;
}
