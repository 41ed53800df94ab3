// SPDX-License-Identifier: GPL-2.0-only
/* Commands that begin and commit a generation of the configuration. */
#include "netlink/config.h"

#include "config/pool.h"
#include "generation.h"
#include "lease/leases.h"

/* Replaces the staged generation, if there is one, by an empty one. @dn->lock is held. */
static int begin_generation(struct dhcpk_net *dn, u32 generation)
{
	struct dhcpk_config *c;

	if (!dn->leases)
		dn->leases = dhcpk_leases_new(dn);
	c = dn->leases ? dhcpk_config_new(generation) : NULL;
	if (!c)
		return -ENOMEM;
	dhcpk_config_discard(dn);
	dn->staged = c;
	dn->last_generation = generation;
	return 0;
}

/**
 * dhcpk_nl_config_begin - DHCPK_CMD_CONFIG_BEGIN
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or -errno.
 * Context: process.
 */
int dhcpk_nl_config_begin(struct sk_buff *skb, struct genl_info *info)
{
	struct dhcpk_net *dn = dhcpk_pernet(genl_info_net(info));
	struct sk_buff *msg;
	u32 generation;
	void *hdr;
	int err;

	/*
	 * Allocates the answer first: without the answer the caller would not know the cookie of
	 * the generation that it has begun.
	 */
	msg = dhcpk_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;
	mutex_lock(&dn->lock);
	generation = dn->last_generation + 1 ?: 1;
	err = nla_put_u32(msg, DHCPK_A_GENERATION, generation) ?: begin_generation(dn, generation);
	mutex_unlock(&dn->lock);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return dhcpk_reply_send(msg, hdr, info);
}

const struct nla_policy dhcpk_config_commit_policy[DHCPK_A_MAX + 1] = {
	[DHCPK_A_GENERATION]		= { .type = NLA_U32 },
};

static int publish_generation(struct dhcpk_net *dn, struct dhcpk_config *c, void *unused,
			      struct genl_info *info)
{
	int err = dhcpk_config_publish(dn, c);

	if (!err)
		dn->staged = NULL;
	return err;
}

/**
 * dhcpk_nl_config_commit - DHCPK_CMD_CONFIG_COMMIT
 * @skb: the request
 * @info: the request
 *
 * Return: 0, or -errno and the running generation stays.
 * Context: process.
 */
int dhcpk_nl_config_commit(struct sk_buff *skb, struct genl_info *info)
{
	return dhcpk_nl_stage(info, publish_generation, NULL);
}
