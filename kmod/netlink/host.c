// SPDX-License-Identifier: GPL-2.0-only
/* Command that stages a host. */
#include "netlink/host.h"

#include <linux/slab.h>

#include "config/pool.h"
#include "netlink/option_set.h"

static const struct nla_policy host_policy[DHCPK_A_HOST_MAX + 1] = {
	[DHCPK_A_HOST_POOL]		= { .type = NLA_NUL_STRING,
					    .len = DHCPK_POOL_NAME_SIZE - 1 },
	[DHCPK_A_HOST_MAC]		= NLA_POLICY_EXACT_LEN(ETH_ALEN),
	[DHCPK_A_HOST_CLIENT_ID]	= NLA_POLICY_RANGE(NLA_BINARY, 1, 255),
	[DHCPK_A_HOST_CIRCUIT_ID]	= NLA_POLICY_RANGE(NLA_BINARY, 1, 255),
	[DHCPK_A_HOST_IP]		= { .type = NLA_BE32 },
	[DHCPK_A_HOST_SET]		= NLA_POLICY_NESTED(dhcpk_set_policy),
	[DHCPK_A_HOST_LEASE]		= NLA_POLICY_MIN(NLA_U32, 1),
};

const struct nla_policy dhcpk_config_host_policy[DHCPK_A_MAX + 1] = {
	[DHCPK_A_GENERATION]		= { .type = NLA_U32 },
	[DHCPK_A_HOST]			= NLA_POLICY_NESTED(host_policy),
};

/* Returns the one attribute that identifies the host, or NULL. */
static struct nlattr *host_id(struct nlattr **tb, u16 *kind)
{
	struct nlattr *mac = tb[DHCPK_A_HOST_MAC], *client = tb[DHCPK_A_HOST_CLIENT_ID];
	struct nlattr *circuit = tb[DHCPK_A_HOST_CIRCUIT_ID];

	if (!!mac + !!client + !!circuit != 1)
		return NULL;
	*kind = mac ? DHCP_HTYPE_ETHERNET : client ? DHCPK_ID_CLIENT : DHCPK_ID_CIRCUIT;
	return mac ?: client ?: circuit;
}

static struct dhcpk_host *host_new(const struct nlattr *id, u16 kind, const struct nlattr *ip)
{
	struct dhcpk_host *host = kzalloc(struct_size(host, id_data, nla_len(id)), GFP_KERNEL);

	if (!host)
		return NULL;
	memcpy(host->id_data, nla_data(id), nla_len(id));
	host->by_id.kind = kind;
	host->by_id.len = nla_len(id);
	host->by_id.at = offsetof(struct dhcpk_host, id_data) - offsetof(struct dhcpk_host, by_id);
	if (ip)
		host->addr = ntohl(nla_get_be32(ip));
	return host;
}

/* A host, and the attributes of its request */
struct host_request {
	struct dhcpk_host	*host;
	struct nlattr		*tb[DHCPK_A_HOST_MAX + 1];
};

static int stage_host(struct dhcpk_net *dn, struct dhcpk_config *c, void *object,
		      struct genl_info *info)
{
	const struct host_request *r = object;
	const char *name = nla_data(r->tb[DHCPK_A_HOST_POOL]);
	struct dhcpk_pool *pool = c->last_named;
	int err;

	if (!pool || strcmp(pool->name, name))
		pool = c->last_named = dhcpk_config_pool(c, name);
	if (!pool) {
		dhcpk_refuse(info, r->tb[DHCPK_A_HOST_POOL], "host: no such pool");
		return -ENOENT;
	}
	if (r->tb[DHCPK_A_HOST_IP] && !dhcpk_pool_has(pool, r->host->addr))
		return dhcpk_refuse(info, r->tb[DHCPK_A_HOST_IP],
				    "host: the address is not a host's in the pool's subnet");
	err = dhcpk_pool_add_host(c, pool, r->host);
	if (err == -EEXIST)
		dhcpk_refuse(info, NULL, "host: the client or the address is reserved already");
	return err;
}

/**
 * dhcpk_nl_config_host - DHCPK_CMD_CONFIG_HOST
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or -errno, with a text in the extended ACK.
 * Context: process.
 */
int dhcpk_nl_config_host(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *nest = info->attrs[DHCPK_A_HOST], *id;
	struct host_request r;
	u16 kind;
	int err;

	if (!nest)
		return dhcpk_refuse(info, NULL, "no host given");
	err = dhcpk_parse_nest(r.tb, nest, host_policy, info->extack);
	if (err)
		return err;
	if (!r.tb[DHCPK_A_HOST_POOL])
		return dhcpk_refuse(info, nest, "host: no pool given");
	id = host_id(r.tb, &kind);
	if (!id)
		return dhcpk_refuse(info, nest,
				    "host: give a hardware address, a client identifier or a circuit-id, one of them");
	r.host = host_new(id, kind, r.tb[DHCPK_A_HOST_IP]);
	if (!r.host)
		return -ENOMEM;
	if (r.tb[DHCPK_A_HOST_LEASE])
		r.host->lease = nla_get_u32(r.tb[DHCPK_A_HOST_LEASE]);
	if (r.tb[DHCPK_A_HOST_SET])
		r.host->set = dhcpk_nl_option_set(info, r.tb[DHCPK_A_HOST_SET], &err);
	if (!err)
		err = dhcpk_nl_stage(info, stage_host, &r);
	if (err) {
		kfree(r.host->set);
		kfree(r.host);
	}
	return err;
}
