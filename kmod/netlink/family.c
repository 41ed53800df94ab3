// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family: replies, error texts, and the generation that a request belongs to.
 */
#include "netlink/family.h"

#include <linux/rwsem.h>

static const struct genl_multicast_group dhcpk_mcgrps[] = {
	{ .name = DHCPK_MCGRP_EVENTS, .flags = GENL_MCAST_CAP_NET_ADMIN },
};

/*
 * The handlers need the family, and the table of commands needs the handlers: ops.c sets .ops and
 * .n_ops.
 */
struct genl_family dhcpk_genl_family __ro_after_init = {
	.name		= DHCPK_GENL_NAME,
	.version	= DHCPK_GENL_VERSION,
	.maxattr	= DHCPK_A_MAX,
	.netnsok	= true,
	/* Each handler takes dhcpk_net.lock: no other namespace or family waits. */
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.resv_start_op	= __DHCPK_CMD_MAX,
	.mcgrps		= dhcpk_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(dhcpk_mcgrps),
};

/*
 * The family is unregistered before the hooks, since a request must not find a namespace without
 * its state. After that, hooks and works send no message: another family may have got the number of
 * the family and of its group.
 */
static bool is_open;
static DECLARE_RWSEM(open_sem);

/**
 * dhcpk_netlink_open - allow processes to hold the family, which is registered now
 *
 * Context: process, while the module is loaded.
 */
void dhcpk_netlink_open(void)
{
	is_open = true;
}

/**
 * dhcpk_netlink_close - wait for processes that hold the family, and let no other hold it
 *
 * Context: process, while the module is unloaded.
 */
void dhcpk_netlink_close(void)
{
	down_write(&open_sem);
	is_open = false;
	up_write(&open_sem);
}

/**
 * dhcpk_netlink_hold - keep the family registered while a process sends a message
 *
 * Return: false if the family is about to be unregistered; otherwise the caller must call
 *	dhcpk_netlink_release().
 * Context: process.
 */
bool dhcpk_netlink_hold(void)
{
	down_read(&open_sem);
	if (is_open)
		return true;
	up_read(&open_sem);
	return false;
}

/**
 * dhcpk_netlink_release - end a dhcpk_netlink_hold()
 *
 * Context: process.
 */
void dhcpk_netlink_release(void)
{
	up_read(&open_sem);
}

/**
 * dhcpk_reply_new - start the answer to a request
 * @info: the request
 * @hdr: set to the message, for dhcpk_reply_send()
 *
 * Return: the message or NULL for lack of memory.
 * Context: process.
 */
struct sk_buff *dhcpk_reply_new(struct genl_info *info, void **hdr)
{
	struct sk_buff *msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);

	if (!msg)
		return NULL;
	*hdr = genlmsg_put_reply(msg, info, &dhcpk_genl_family, 0, info->genlhdr->cmd);
	if (!*hdr) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

/**
 * dhcpk_reply_send - finish an answer and send it
 * @msg: from dhcpk_reply_new(); taken over
 * @hdr: from dhcpk_reply_new()
 * @info: the request
 *
 * Return: 0 or -errno.
 * Context: process.
 */
int dhcpk_reply_send(struct sk_buff *msg, void *hdr, struct genl_info *info)
{
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

/**
 * dhcpk_refuse - report an error in a request
 * @info: the request
 * @attr: the attribute with the error, or NULL
 * @why: the text, a constant
 *
 * Return: -EINVAL.
 * Context: process.
 */
int dhcpk_refuse(struct genl_info *info, const struct nlattr *attr, const char *why)
{
	if (info->extack) {
		info->extack->_msg = why;
		info->extack->bad_attr = attr;
	}
	return -EINVAL;
}

/* Returns the staged generation of a request, or NULL with @err. @dn->lock is held. */
static struct dhcpk_config *staged_generation(struct dhcpk_net *dn, struct genl_info *info,
					      int *err)
{
	struct nlattr *cookie = info->attrs[DHCPK_A_GENERATION];

	if (!cookie) {
		NL_SET_ERR_MSG(info->extack, "no generation given");
		*err = -EINVAL;
		return NULL;
	}
	if (!dn->staged || dn->staged->generation != nla_get_u32(cookie)) {
		NL_SET_ERR_MSG_ATTR(info->extack, cookie,
				    "another program has begun a newer configuration");
		*err = -ESTALE;
		return NULL;
	}
	return dn->staged;
}

/**
 * dhcpk_nl_stage - change the staged generation that a request belongs to
 * @info: the request
 * @change: the function that makes the change
 * @object: argument for @change
 *
 * Return: what @change returns, or -errno with a text in the extended ACK if another generation is
 *	staged, or none.
 * Context: process.
 */
int dhcpk_nl_stage(struct genl_info *info, dhcpk_nl_change change, void *object)
{
	struct dhcpk_net *dn = dhcpk_pernet(genl_info_net(info));
	struct dhcpk_config *c;
	int err;

	mutex_lock(&dn->lock);
	c = staged_generation(dn, info, &err);
	if (c)
		err = change(dn, c, object, info);
	mutex_unlock(&dn->lock);
	return err;
}

/**
 * dhcpk_nl_running - the running generation
 * @dn: the namespace
 *
 * Return: the generation, or NULL.
 * Context: process, dn->lock held.
 */
const struct dhcpk_config *dhcpk_nl_running(const struct dhcpk_net *dn)
{
	return rcu_dereference_protected(dn->config, lockdep_is_held(&dn->lock));
}

/**
 * dhcpk_nl_shown - the generation that a dump shows
 * @dn: the namespace
 * @cb: the dump
 *
 * A dump that began in another generation is marked as interrupted.
 *
 * Return: the running generation, or NULL.
 * Context: process, dn->lock held.
 */
const struct dhcpk_config *dhcpk_nl_shown(const struct dhcpk_net *dn, struct netlink_callback *cb)
{
	const struct dhcpk_config *c = dhcpk_nl_running(dn);

	cb->seq = c ? c->generation : 0;
	return c;
}

/**
 * dhcpk_put_header - start a message of a dump
 * @skb: to fill
 * @cb: the dump
 * @cmd: enum dhcpk_cmd
 *
 * Return: the message, or NULL if @skb is full.
 * Context: process.
 */
void *dhcpk_put_header(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				&dhcpk_genl_family, NLM_F_MULTI, cmd);

	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}
