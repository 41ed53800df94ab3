// SPDX-License-Identifier: GPL-2.0-only
/* Netfilter hooks: which packets enter the data path. */
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

/* After "raw" (-300), for the rules of operators, and before connection tracking (-200). */
#define DHCPK_HOOK_PRIORITY	(NF_IP_PRI_RAW + 50)

/* Port 67, or a port from which a relay sends and at which it receives the replies (RFC 8357). */
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

/*
 * The cheap first check: is this a whole UDP datagram to a DHCP port? The skb must not be changed
 * here.
 */
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
 * An interface without a pool or a relay may still receive messages for a pool: a relayed message
 * has a giaddr, a message of a client behind routers has a ciaddr. It may also receive the reply of
 * a server to a relay of this host. The skb must not be changed here.
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

/*
 * If a program reinjects a packet from an nft queue, the hook runs in the system call of that
 * program, with softirqs on.
 */
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

/*
 * A DHCP datagram enters the data path if its interface has a pool or a relay, or if it may be for
 * a pool elsewhere.
 */
static unsigned int handle(struct dhcpk_net *dn, const struct dhcpk_config *config,
			   struct sk_buff *skb, struct net_device *dev)
{
	const struct dhcpk_link *link = dhcpk_link_find(config, dev->ifindex);
	/* The initialiser sets every field, whichever path the message takes. */
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
	/* The bridge has not decided yet where the frame goes; see dhcpk_bridge_hook(). */
	if (nf_bridge_in_prerouting(skb))
		return NF_ACCEPT;
	/* A VRF device has no link: a packet on one of its interfaces is served on that one. */
	if (netif_is_l3_master(state->in))
		return NF_ACCEPT;
	return handle(dn, config, skb, state->in);
}

/*
 * dhcpk_hook() passes fragments. If no other hook has reassembled them earlier, the stack has
 * reassembled those for this host by now. A packet that was whole in dhcpk_hook() and passed there
 * passes here, too.
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
	/* In a VRF, @state has the VRF device. */
	dev = dev_get_by_index_rcu(state->net, IPCB(skb)->iif);
	return dev ? handle(dn, config, skb, dev) : NF_ACCEPT;
}

#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
/*
 * Is there a pool or a relay on the bridge, or on the VLAN interface of the frame? Pools of a
 * macvlan on one of them are only known further up.
 */
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
 * br_netfilter calls PRE_ROUTING on a bridge port for every bridged frame, also for frames to other
 * hosts, and before the bridge knows the VLAN of the frame. A frame that goes up to the bridge
 * device is marked and skips the regular PRE_ROUTING call. dhcpk_hook() needs the regular call: it
 * comes once for each frame to this host, even if copies of the frame go to other ports. So this
 * hook removes the mark.
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
 * dhcpk_hook_register - register the hooks
 * @dn: the namespace
 *
 * Does nothing if the hooks are registered. A namespace without a pool or a relay has no hooks, so
 * its packets cost nothing.
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
 * dhcpk_hook_unregister - unregister the hooks
 * @dn: the namespace
 *
 * Does nothing if no hooks are registered. A packet may still be in a hook when this returns; it
 * has left after a grace period.
 *
 * Context: process, dn->lock held or the namespace on its way out.
 */
void dhcpk_hook_unregister(struct dhcpk_net *dn)
{
	if (dn->hooked)
		nf_unregister_net_hooks(dn->net, dhcpk_hook_ops, ARRAY_SIZE(dhcpk_hook_ops));
	dn->hooked = false;
}
