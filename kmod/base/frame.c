// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames: the skb of each message that this host sends, its headers, and its transmission on a link
 * or by the routing table.
 */
#include "base/frame.h"

#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/l3mdev.h>
#include <net/nexthop.h>
#include <net/route.h>

#include "base/net.h"

static_assert(sizeof(struct iphdr) + sizeof(struct udphdr) == DHCP_IP_UDP_LEN);

/**
 * dhcpk_usable_chaddr - can a frame be sent to a message's hardware address?
 * @dev: the egress interface
 * @hdr: the message
 *
 * Return: true for a unicast Ethernet address that is not this interface's.
 * Context: any.
 */
bool dhcpk_usable_chaddr(const struct net_device *dev, const struct dhcp_hdr *hdr)
{
	return dev->type == ARPHRD_ETHER && hdr->htype == DHCP_HTYPE_ETHERNET &&
	       hdr->hlen == ETH_ALEN && is_valid_ether_addr(hdr->chaddr) &&
	       !ether_addr_equal_unaligned(hdr->chaddr, dev->dev_addr);
}

/* The flow of a datagram from this machine, in the VRF of @dev */
static struct flowi4 flow_to(const struct net_device *dev, const struct dhcpk_dest *to)
{
	return (struct flowi4){
		.flowi4_iif	= LOOPBACK_IFINDEX,
		.flowi4_oif	= l3mdev_master_ifindex_rcu(dev),
		.flowi4_proto	= IPPROTO_UDP,
		.daddr		= to->addr,
		.saddr		= to->source,
		.fl4_sport	= to->sport,
		.fl4_dport	= to->port,
	};
}

/**
 * dhcpk_route - look up a route, in the VRF of an interface, with IPsec policies
 * @dev: the interface on which the message arrived
 * @to: the destination; if its source is 0, the route sets it
 *
 * Return: the route, or an error pointer.
 * Context: softirq or process with softirqs off; RCU.
 */
struct rtable *dhcpk_route(struct net_device *dev, struct dhcpk_dest *to)
{
	struct flowi4 fl4 = flow_to(dev, to);
	struct rtable *rt = ip_route_output_flow(dev_net(dev), &fl4, NULL);

	to->source = fl4.saddr;
	return rt;
}

/*
 * A path of a route in a VRF may end at the VRF's own device. Given that device,
 * fib_info_nh_uses_dev() would match each interface of the VRF. So this function compares the
 * devices.
 */
static bool path_ends_at(const struct fib_info *fi, const struct net_device *master)
{
	int i;

	for (i = 0; i < fib_info_num_path(fi); i++) {
		if (fib_info_nhc((struct fib_info *)fi, i)->nhc_dev == master)
			return true;
	}
	return false;
}

/**
 * dhcpk_is_way - does a path to a destination use this interface?
 * @by: the interface
 * @of: an interface in a VRF: the routing table of that VRF counts
 * @to: the destination, with the source and the ports that a message to it would have
 *
 * This is the strict reverse path check (RFC 3704 section 2.2). The stack makes the same check
 * after our hook. With a multipath route, each path counts.
 *
 * Context: softirq, RCU.
 */
bool dhcpk_is_way(const struct net_device *by, const struct net_device *of,
		  const struct dhcpk_dest *to)
{
	struct net_device *master = l3mdev_master_dev_rcu(by);
	struct flowi4 fl4 = flow_to(of, to);
	struct fib_result found;

	if (fib_lookup(dev_net(of), &fl4, &found, 0))
		return false;
	if (found.type == RTN_LOCAL)
		return by->flags & IFF_LOOPBACK;
	return found.type == RTN_UNICAST &&
	       (fib_info_nh_uses_dev(found.fi, by) || (master && path_ends_at(found.fi, master)));
}

/**
 * dhcpk_frame_new - make an skb for a message
 * @dev: the egress interface
 * @size: space for the message; the space for headers is added
 *
 * Return: the skb, empty, or NULL for lack of memory.
 * Context: softirq.
 */
struct sk_buff *dhcpk_frame_new(const struct net_device *dev, unsigned int size)
{
	unsigned int room = LL_RESERVED_SPACE(dev) + DHCP_IP_UDP_LEN;
	struct sk_buff *skb = alloc_skb(room + size + dev->needed_tailroom, DHCPK_GFP_SOFTIRQ);

	if (skb)
		skb_reserve(skb, room);
	return skb;
}

/*
 * Empties the received skb, to send the message on in the same memory: a new skb and a copy are
 * most of the cost of forwarding a message. @message is in the linear part of the skb. The skb
 * cannot be reused if a tap may hold the same bytes, or if it is too small. Returns true if it can:
 * then the skb has no data, and no state from its reception. Otherwise it is unchanged.
 */
static bool reuse_skb(struct sk_buff *skb, const u8 *message, unsigned int size,
		      const struct net_device *dev)
{
	unsigned int offset = message - skb->data;

	if (skb_shared(skb) || skb_cloned(skb) || skb_is_nonlinear(skb) ||
	    skb_headroom(skb) + offset < LL_RESERVED_SPACE(dev) + DHCP_IP_UDP_LEN ||
	    skb_end_offset(skb) - (message - skb->head) < size + dev->needed_tailroom)
		return false;
	__skb_pull(skb, offset);
	__skb_trim(skb, 0);
	skb_scrub_packet(skb, true);
	skb_clear_hash(skb);
	__vlan_hwaccel_clear_tag(skb);
	skb->priority = 0;
	/* Hooks on the egress path must not see the ingress interface. */
	skb->dev = NULL;
	skb_orphan(skb);
	skb_unset_mac_header(skb);
	return true;
}

/**
 * dhcpk_frame_for - an skb in which to send a message on
 * @dev: the egress interface
 * @skb: the skb in which the message arrived, if it may be reused, or NULL
 * @message: the message
 * @len: its length
 * @size: the size up to which the message may grow
 * @gone: set to true if @skb is reused
 *
 * Return: the skb, with a length of 0 and the message in its tailroom; NULL for lack of memory.
 * Context: softirq.
 */
struct sk_buff *dhcpk_frame_for(const struct net_device *dev, struct sk_buff *skb,
				const u8 *message, unsigned int len, unsigned int size, bool *gone)
{
	if (skb && reuse_skb(skb, message, size, dev)) {
		*gone = true;
		return skb;
	}
	skb = dhcpk_frame_new(dev, size);
	if (skb)
		memcpy(skb->data, message, len);
	return skb;
}

/*
 * Fills in the checksum here: clients that read raw frames drop a frame that left the checksum to
 * the device.
 */
static void put_udp(struct sk_buff *skb, const struct dhcpk_dest *to)
{
	struct udphdr *uh = skb_push(skb, sizeof(*uh));

	skb_reset_transport_header(skb);
	uh->source = to->sport;
	uh->dest = to->port;
	uh->len = htons(skb->len);
	uh->check = 0;
	uh->check = csum_tcpudp_magic(to->source, to->addr, skb->len, IPPROTO_UDP,
				      csum_partial(uh, skb->len, 0));
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;
	skb->ip_summed = CHECKSUM_NONE;
}

static void put_ip(struct sk_buff *skb, const struct dhcpk_dest *to)
{
	struct iphdr *iph = skb_push(skb, sizeof(*iph));

	skb_reset_network_header(skb);
	*iph = (struct iphdr){
		.version	= 4,
		.ihl		= sizeof(*iph) / 4,
		.tot_len	= htons(skb->len),
		.frag_off	= htons(IP_DF),
		.ttl		= IPDEFTTL,
		.protocol	= IPPROTO_UDP,
		.saddr		= to->source,
		.daddr		= to->addr,
	};
	ip_send_check(iph);
	skb->protocol = htons(ETH_P_IP);
}

/* Consumes @skb. The frame passes taps and the queueing discipline like any other frame. */
static int send_on_link(struct net_device *dev, const struct dhcpk_dest *to, struct sk_buff *skb)
{
	int err;

	skb->dev = dev;
	if (dev_hard_header(skb, dev, ETH_P_IP, to->on_all ? dev->broadcast : to->mac, NULL,
			    skb->len) < 0) {
		kfree_skb(skb);
		return -EINVAL;
	}
	err = dev_queue_xmit(skb);
	return net_xmit_eval(err);
}

/*
 * Consumes @skb and @rt. The datagram leaves like any other of this host. Routers on the path may
 * fragment it.
 */
static int send_routed(struct net *net, struct rtable *rt, struct sk_buff *skb)
{
	int err;

	ip_hdr(skb)->frag_off = 0;
	ip_select_ident(net, skb, NULL);
	skb_dst_set(skb, &rt->dst);
	err = ip_local_out(net, NULL, skb);
	return net_xmit_eval(err);
}

/**
 * dhcpk_frame_send - add headers to a message, and send it
 * @dev: the egress interface if @rt is NULL
 * @rt: the route, or NULL; consumed
 * @to: the destination; not in the cb of @skb
 * @skb: the message; consumed
 *
 * Return: 0 or the error of the queue or the device.
 * Context: softirq or process with softirqs off; RCU.
 */
int dhcpk_frame_send(struct net_device *dev, struct rtable *rt, const struct dhcpk_dest *to,
		     struct sk_buff *skb)
{
	/* From here on IP uses the cb. */
	memset(skb->cb, 0, sizeof(skb->cb));
	skb->tstamp = 0;
	put_udp(skb, to);
	put_ip(skb, to);
	return rt ? send_routed(dev_net(dev), rt, skb) : send_on_link(dev, to, skb);
}
