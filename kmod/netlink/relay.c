// SPDX-License-Identifier: GPL-2.0-only
/* Commands that stage and show relays, and commands for their servers. */
#include "netlink/relay.h"

#include <net/sock.h>

#include "base/address.h"
#include "generation.h"
#include "relay/counters.h"
#include "relay/ack_cache.h"
#include "relay/option82.h"
#include "relay/probe.h"
#include "relay/relay.h"
#include "relay/servers.h"

static const struct nla_policy server_policy[DHCPK_A_SERVER_UP + 1] = {
	[DHCPK_A_SERVER_IP]		= { .type = NLA_BE32 },
	[DHCPK_A_SERVER_UP]		= NLA_POLICY_MAX(NLA_U8, 1),
};

static const struct nla_policy relay_policy[DHCPK_A_RELAY_AGENT + 1] = {
	[DHCPK_A_RELAY_DEV]		= { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[DHCPK_A_RELAY_SERVER]		= NLA_POLICY_NESTED(server_policy),
	[DHCPK_A_RELAY_FLAGS]		= NLA_POLICY_MASK(NLA_U32, DHCPK_RELAY_F_MASK),
	[DHCPK_A_RELAY_POLICY]		= NLA_POLICY_MAX(NLA_U8, DHCPK_RELAY_POLICY_MAX),
	[DHCPK_A_RELAY_HOPS]		= NLA_POLICY_RANGE(NLA_U8, 1, 16),
	[DHCPK_A_RELAY_SECS]		= { .type = NLA_U16 },
	[DHCPK_A_RELAY_GIADDR]		= { .type = NLA_BE32 },
	[DHCPK_A_RELAY_PORT]		= NLA_POLICY_MIN(NLA_U16, 1),
	[DHCPK_A_RELAY_SURVIVE]		= { .type = NLA_U32 },
	[DHCPK_A_RELAY_AGENT]		= { .type = NLA_BINARY, .len = DHCPK_AGENT_TEMPLATE_MAX },
};

const struct nla_policy dhcpk_config_relay_policy[DHCPK_A_MAX + 1] = {
	[DHCPK_A_GENERATION]		= { .type = NLA_U32 },
	[DHCPK_A_RELAY]			= NLA_POLICY_NESTED(relay_policy),
};

static struct nlattr *server_address(struct nlattr *nest, struct genl_info *info,
				     struct nlattr **up)
{
	struct nlattr *tb[DHCPK_A_SERVER_UP + 1];

	if (dhcpk_parse_nest(tb, nest, server_policy, info->extack))
		return NULL;
	if (up)
		*up = tb[DHCPK_A_SERVER_UP];
	if (!tb[DHCPK_A_SERVER_IP])
		dhcpk_refuse(info, nest, "server: no address given");
	return tb[DHCPK_A_SERVER_IP];
}

static int stage_server(struct dhcpk_relay *relay, struct nlattr *nest, struct genl_info *info)
{
	struct nlattr *addr = server_address(nest, info, NULL);

	if (!addr)
		return -EINVAL;
	if (!dhcpk_is_host_address(nla_get_be32(addr)))
		return dhcpk_refuse(info, addr, "server: not a host's address");
	if (dhcpk_relay_server(relay, nla_get_be32(addr)))
		return dhcpk_refuse(info, addr, "server: given twice");
	if (relay->n_servers == DHCPK_RELAY_SERVERS_MAX)
		return dhcpk_refuse(info, addr, "server: too many of them");
	relay->server[relay->n_servers++] = (struct dhcpk_server){
		.addr = nla_get_be32(addr),
		.up = true,
	};
	return 0;
}

static int stage_servers(struct dhcpk_relay *relay, struct nlattr *nest, struct genl_info *info)
{
	struct nlattr *attr;
	int rem, err = 0;

	nla_for_each_nested(attr, nest, rem) {
		if (!err && nla_type(attr) == DHCPK_A_RELAY_SERVER)
			err = stage_server(relay, attr, info);
	}
	if (!err && !relay->n_servers)
		err = dhcpk_refuse(info, nest, "relay: no server given");
	return err;
}

static void set_numbers(struct dhcpk_relay *relay, struct nlattr **tb)
{
	relay->hops = DHCPK_HOPS_DEFAULT;
	if (tb[DHCPK_A_RELAY_HOPS])
		relay->hops = nla_get_u8(tb[DHCPK_A_RELAY_HOPS]);
	relay->port = htons(DHCP_SERVER_PORT);
	if (tb[DHCPK_A_RELAY_PORT])
		relay->port = htons(nla_get_u16(tb[DHCPK_A_RELAY_PORT]));
	if (tb[DHCPK_A_RELAY_FLAGS])
		relay->flags = nla_get_u32(tb[DHCPK_A_RELAY_FLAGS]);
	if (tb[DHCPK_A_RELAY_POLICY])
		relay->policy = nla_get_u8(tb[DHCPK_A_RELAY_POLICY]);
	if (tb[DHCPK_A_RELAY_SECS])
		relay->secs = nla_get_u16(tb[DHCPK_A_RELAY_SECS]);
	if (tb[DHCPK_A_RELAY_SURVIVE])
		relay->survive = nla_get_u32(tb[DHCPK_A_RELAY_SURVIVE]);
}

static int fill_relay(struct dhcpk_relay *relay, struct nlattr **tb, struct nlattr *nest,
		      struct genl_info *info)
{
	nla_strscpy(relay->dev, tb[DHCPK_A_RELAY_DEV], sizeof(relay->dev));
	if (!dev_valid_name(relay->dev))
		return dhcpk_refuse(info, tb[DHCPK_A_RELAY_DEV], "relay: no valid interface name");
	set_numbers(relay, tb);
	/* Clients listen on port 68. */
	if (relay->port == htons(DHCP_CLIENT_PORT))
		return dhcpk_refuse(info, tb[DHCPK_A_RELAY_PORT], "source port: not 68");
	if (tb[DHCPK_A_RELAY_GIADDR]) {
		relay->giaddr = nla_get_be32(tb[DHCPK_A_RELAY_GIADDR]);
		if (!dhcpk_is_host_address(relay->giaddr))
			return dhcpk_refuse(info, tb[DHCPK_A_RELAY_GIADDR],
					    "giaddr: not a host's address");
	}
	return stage_servers(relay, nest, info);
}

static int stage_relay(struct dhcpk_net *dn, struct dhcpk_config *c, void *object,
		       struct genl_info *info)
{
	struct nlattr *nest = info->attrs[DHCPK_A_RELAY];
	struct dhcpk_relay *relay = object;
	int err;

	if (dhcpk_config_relay(c, relay->dev)) {
		dhcpk_refuse(info, nest, "relay: the interface has one");
		return -EEXIST;
	}
	err = dhcpk_config_add_relay(c, relay);
	if (err == -E2BIG)
		dhcpk_refuse(info, nest, "source port: relays have too many different ones");
	else if (err)
		dhcpk_config_discard(dn);
	return err;
}

/**
 * dhcpk_nl_config_relay - DHCPK_CMD_CONFIG_RELAY
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or -errno, with a text in the extended ACK.
 * Context: process.
 */
int dhcpk_nl_config_relay(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *nest = info->attrs[DHCPK_A_RELAY], *tb[DHCPK_A_RELAY_AGENT + 1], *agent;
	struct dhcpk_relay *relay;
	int err;

	if (!nest)
		return dhcpk_refuse(info, NULL, "no relay given");
	err = dhcpk_parse_nest(tb, nest, relay_policy, info->extack);
	if (err)
		return err;
	if (!tb[DHCPK_A_RELAY_DEV])
		return dhcpk_refuse(info, nest, "relay: no interface given");
	agent = tb[DHCPK_A_RELAY_AGENT];
	relay = dhcpk_relay_new(agent ? nla_data(agent) : NULL, agent ? nla_len(agent) : 0);
	if (IS_ERR(relay))
		return dhcpk_refuse(info, agent, "option 82: its template does not add up");
	if (!relay)
		return -ENOMEM;
	err = fill_relay(relay, tb, nest, info);
	if (!err)
		err = dhcpk_nl_stage(info, stage_relay, relay);
	if (err)
		dhcpk_relay_free(relay);
	return err;
}

/* ---- shown ---- */

static int put_server(struct sk_buff *skb, const struct dhcpk_server *s, u64 sent, u64 replies)
{
	struct nlattr *nest = nla_nest_start(skb, DHCPK_A_RELAY_SERVER);
	u64 last = READ_ONCE(s->last), silent = READ_ONCE(s->unanswered_since);

	if (!nest ||
	    nla_put_be32(skb, DHCPK_A_SERVER_IP, s->addr) ||
	    nla_put_u8(skb, DHCPK_A_SERVER_UP, READ_ONCE(s->up)) ||
	    nla_put_u64_64bit(skb, DHCPK_A_SERVER_SENT, sent, DHCPK_A_SERVER_PAD) ||
	    nla_put_u64_64bit(skb, DHCPK_A_SERVER_REPLIES, replies, DHCPK_A_SERVER_PAD) ||
	    (last && nla_put_u64_64bit(skb, DHCPK_A_SERVER_LAST, last, DHCPK_A_SERVER_PAD)) ||
	    (silent && nla_put_u64_64bit(skb, DHCPK_A_SERVER_SILENT, silent, DHCPK_A_SERVER_PAD)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_counts(struct sk_buff *skb, const struct dhcpk_relay *relay)
{
	struct dhcpk_relay_counts counts;
	struct nlattr *nest;
	unsigned int i;

	dhcpk_relay_read(relay, &counts);
	for (i = 0; i < relay->n_servers; i++) {
		if (put_server(skb, &relay->server[i], counts.sent[i], counts.replies[i]))
			return -EMSGSIZE;
	}
	nest = nla_nest_start(skb, DHCPK_A_RELAY_STATS);
	if (!nest)
		return -EMSGSIZE;
	for (i = 1; i <= DHCPK_RELAY_STAT_MAX; i++) {
		if (nla_put_u64_64bit(skb, i, counts.count[i], 0))
			return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* Returns the giaddr of this moment: the interface may have got another address. */
static __be32 giaddr_in_use(const struct net *net, const struct dhcpk_relay *relay, int ifindex)
{
	const struct net_device *dev;
	__be32 giaddr = relay->giaddr;

	rcu_read_lock();
	dev = dev_get_by_index_rcu((struct net *)net, ifindex);
	if (dev)
		giaddr = dhcpk_relay_giaddr(relay, dev);
	rcu_read_unlock();
	return giaddr;
}

static int put_memory(struct sk_buff *skb, struct dhcpk_ack_cache *m)
{
	u32 n, granted;

	dhcpk_ack_cache_size(m, &n, &granted);
	return nla_put_u32(skb, DHCPK_A_RELAY_REMEMBERED, n) ?:
	       nla_put_u32(skb, DHCPK_A_RELAY_VOUCHED, granted);
}

static int put_relay(struct sk_buff *skb, const struct net *net, const struct dhcpk_relay *relay)
{
	struct nlattr *nest = nla_nest_start(skb, DHCPK_A_RELAY);
	int ifindex = READ_ONCE(relay->link->ifindex);
	__be32 giaddr = giaddr_in_use(net, relay, ifindex);

	if (!nest ||
	    nla_put_string(skb, DHCPK_A_RELAY_DEV, relay->dev) ||
	    nla_put_u32(skb, DHCPK_A_RELAY_IFINDEX, ifindex) ||
	    nla_put_u32(skb, DHCPK_A_RELAY_FLAGS, relay->flags) ||
	    (relay->survive && nla_put_u32(skb, DHCPK_A_RELAY_SURVIVE, relay->survive)) ||
	    (giaddr && nla_put_be32(skb, DHCPK_A_RELAY_GIADDR, giaddr)) ||
	    (relay->ack_cache && put_memory(skb, relay->ack_cache)) ||
	    put_counts(skb, relay))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_message(struct sk_buff *skb, struct netlink_callback *cb, const struct net *net,
		       const struct dhcpk_relay *relay)
{
	void *hdr = dhcpk_put_header(skb, cb, DHCPK_CMD_GET_RELAY);

	if (!hdr)
		return -EMSGSIZE;
	if (put_relay(skb, net, relay)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/**
 * dhcpk_nl_dump_relays - DHCPK_CMD_GET_RELAY
 * @skb: to fill
 * @cb: the dump; ctx has the index of the next relay
 *
 * Return: bytes in @skb, 0 at the end, or -errno.
 * Context: process.
 */
int dhcpk_nl_dump_relays(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct dhcpk_net *dn = dhcpk_pernet(sock_net(skb->sk));
	unsigned int *at = (unsigned int *)cb->ctx;
	const struct dhcpk_config *c;
	const struct dhcpk_relay *relay;
	unsigned int n = 0;

	mutex_lock(&dn->lock);
	c = dhcpk_nl_shown(dn, cb);
	if (!c)
		goto unlock;
	list_for_each_entry(relay, &c->relays, list) {
		if (n++ < *at)
			continue;
		if (put_message(skb, cb, dn->net, relay))
			break;
		++*at;
	}
unlock:
	mutex_unlock(&dn->lock);
	return skb->len;
}

/* ---- servers ---- */

/* Returns the server that a request names, in the running generation. dn->lock is held. */
static struct dhcpk_server *named_server(struct dhcpk_net *dn, struct genl_info *info,
					 struct dhcpk_relay **relay, struct nlattr **up, int *err)
{
	const struct dhcpk_config *c = dhcpk_nl_running(dn);
	struct nlattr *nest = info->attrs[DHCPK_A_RELAY], *tb[DHCPK_A_RELAY_AGENT + 1], *addr;
	struct dhcpk_server *server = NULL;

	*err = nest ? dhcpk_parse_nest(tb, nest, relay_policy, info->extack) :
		      dhcpk_refuse(info, NULL, "no relay given");
	if (*err)
		return NULL;
	if (!tb[DHCPK_A_RELAY_DEV] || !tb[DHCPK_A_RELAY_SERVER]) {
		*err = dhcpk_refuse(info, nest, "relay: no interface or no server given");
		return NULL;
	}
	addr = server_address(tb[DHCPK_A_RELAY_SERVER], info, up);
	if (!addr) {
		*err = -EINVAL;
		return NULL;
	}
	*relay = dhcpk_config_relay(c, nla_data(tb[DHCPK_A_RELAY_DEV]));
	if (*relay)
		server = dhcpk_relay_server(*relay, nla_get_be32(addr));
	if (!server) {
		dhcpk_refuse(info, nest, "relay: no such interface or server");
		*err = -ENOENT;
	}
	return server;
}

/* An operation on the server that a request names. @up: the attribute, or NULL. */
typedef int (*server_job)(struct dhcpk_net *dn, struct dhcpk_relay *relay,
			  struct dhcpk_server *server, struct nlattr *up, struct genl_info *info);

static int on_server(struct genl_info *info, server_job job)
{
	struct dhcpk_net *dn = dhcpk_pernet(genl_info_net(info));
	struct dhcpk_server *server;
	struct dhcpk_relay *relay;
	struct nlattr *up;
	int err;

	mutex_lock(&dn->lock);
	server = named_server(dn, info, &relay, &up, &err);
	if (server)
		err = job(dn, relay, server, up, info);
	mutex_unlock(&dn->lock);
	return err;
}

static int set_server_up(struct dhcpk_net *dn, struct dhcpk_relay *relay,
			 struct dhcpk_server *server, struct nlattr *up, struct genl_info *info)
{
	if (!up)
		return dhcpk_refuse(info, NULL, "server: up or not?");
	WRITE_ONCE(server->up, nla_get_u8(up));
	return 0;
}

static int probe_server(struct dhcpk_net *dn, struct dhcpk_relay *relay,
			struct dhcpk_server *server, struct nlattr *up, struct genl_info *info)
{
	return dhcpk_relay_probe(dn, relay, server);
}

/**
 * dhcpk_nl_set_server - DHCPK_CMD_SET_SERVER
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or -errno, with a text in the extended ACK.
 * Context: process.
 */
int dhcpk_nl_set_server(struct sk_buff *skb, struct genl_info *info)
{
	return on_server(info, set_server_up);
}

/**
 * dhcpk_nl_probe_server - DHCPK_CMD_PROBE_SERVER
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or -errno, with a text in the extended ACK.
 * Context: process.
 */
int dhcpk_nl_probe_server(struct sk_buff *skb, struct genl_info *info)
{
	return on_server(info, probe_server);
}
