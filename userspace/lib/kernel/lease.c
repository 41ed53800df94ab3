// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/genl/ctrl.h>

#include "lib/kernel/lease.h"
#include "lib/kernel/request.h"

static const char *const state_names[] = {
	"free", "offered", "pending", "bound", "expired", "released", "declined", "resting",
};

const char *lease_state_name(unsigned int state)
{
	return state < sizeof(state_names) / sizeof(state_names[0]) ? state_names[state] : NULL;
}

struct lease_visit {
	void	(*each)(const struct kernel_lease *l, void *arg);
	void	*arg;
};

static void take_one(struct nlattr *nest, const struct lease_visit *v)
{
	struct nlattr *a[DHCPK_A_LEASE_MAX + 1];
	struct kernel_lease l = {};

	if (nla_parse_nested(a, DHCPK_A_LEASE_MAX, nest, NULL))
		return;
	if (a[DHCPK_A_LEASE_POOL])
		nla_strlcpy(l.pool, a[DHCPK_A_LEASE_POOL], sizeof(l.pool));
	l.ip = ntohl(u32_of(a[DHCPK_A_LEASE_IP]));
	l.state = u8_of(a[DHCPK_A_LEASE_STATE]);
	l.htype = u8_of(a[DHCPK_A_LEASE_HTYPE]);
	l.mac_len = bytes_of(a[DHCPK_A_LEASE_MAC], l.mac, sizeof(l.mac));
	l.also_mac_len = bytes_of(a[DHCPK_A_LEASE_ALSO_MAC], l.also_mac, sizeof(l.also_mac));
	l.client_id_len = bytes_of(a[DHCPK_A_LEASE_CLIENT_ID], l.client_id, sizeof(l.client_id));
	l.hostname_len = bytes_of(a[DHCPK_A_LEASE_HOSTNAME], l.hostname, sizeof(l.hostname));
	l.agent_len = bytes_of(a[DHCPK_A_LEASE_AGENT], l.agent, sizeof(l.agent));
	l.starts = u64_of(a[DHCPK_A_LEASE_STARTS]);
	l.expires = u64_of(a[DHCPK_A_LEASE_EXPIRES]);
	l.horizon = u64_of(a[DHCPK_A_LEASE_HORIZON]);
	v->each(&l, v->arg);
}

static void take_lease(struct nlattr **attrs, void *arg)
{
	if (attrs[DHCPK_A_LEASE])
		take_one(attrs[DHCPK_A_LEASE], arg);
}

static void take_duplicates(struct nlattr **attrs, void *arg)
{
	struct nlattr *a;
	int rem;

	if (!attrs[DHCPK_A_DUPLICATES])
		return;
	nla_for_each_nested(a, attrs[DHCPK_A_DUPLICATES], rem)
		take_one(a, arg);
}

int kernel_duplicates(struct kernel *k, void (*each)(const struct kernel_lease *, void *),
		      void *arg, struct err *e)
{
	struct lease_visit v = { each, arg };

	return kernel_request(k, kernel_message(k, DHCPK_CMD_GET_INFO, NLM_F_ACK), take_duplicates,
			      &v, e);
}

const uint8_t *lease_agent(const struct kernel_lease *l, uint8_t code, size_t *len)
{
	size_t at;

	for (at = 0; at + 2 <= l->agent_len; at += 2 + *len) {
		*len = l->agent[at + 1];
		if (at + 2 + *len > l->agent_len)
			break;
		if (l->agent[at] == code)
			return &l->agent[at + 2];
	}
	return NULL;
}

/*
 * The message, or NULL if @pool is too long for a pool name. A NULL pool or an address of 0 is left
 * out.
 */
static struct nl_msg *lease_message(struct kernel *k, int cmd, int flags, const char *pool,
				    uint32_t ip, struct err *e)
{
	struct nl_msg *msg;
	struct nlattr *nest;

	if (pool && strlen(pool) >= DHCPK_POOL_NAME_SIZE) {
		err_set(e, pool, "there is no pool \"%.60s\"", pool);
		return NULL;
	}
	msg = kernel_message(k, cmd, flags);
	nest = nla_nest_start(msg, DHCPK_A_LEASE);
	if (!nest || (pool && nla_put_string(msg, DHCPK_A_LEASE_POOL, pool)) ||
	    (ip && nla_put_u32(msg, DHCPK_A_LEASE_IP, htonl(ip))))
		abort();	/* a name always fits */
	nla_nest_end(msg, nest);
	return msg;
}

int kernel_leases(struct kernel *k, const char *pool, uint32_t ip,
		  void (*each)(const struct kernel_lease *, void *), void *arg, struct err *e)
{
	struct nl_msg *msg = lease_message(k, DHCPK_CMD_GET_LEASE, NLM_F_DUMP, pool, ip, e);
	struct lease_visit v = { each, arg };

	return msg ? kernel_request(k, msg, take_lease, &v, e) : -ENOENT;
}

int kernel_del_lease(struct kernel *k, const char *pool, uint32_t ip, struct err *e)
{
	struct nl_msg *msg = lease_message(k, DHCPK_CMD_DEL_LEASE, NLM_F_ACK, pool, ip, e);

	return msg ? kernel_request(k, msg, NULL, NULL, e) : -ENOENT;
}

int kernel_del_net(struct kernel *k, uint32_t subnet, uint8_t prefix, struct err *e)
{
	struct nl_msg *msg = kernel_message(k, DHCPK_CMD_DEL_LEASE, NLM_F_ACK);
	struct nlattr *nest = nla_nest_start(msg, DHCPK_A_POOL);

	if (!nest || nla_put_u32(msg, DHCPK_A_POOL_SUBNET, htonl(subnet)) ||
	    nla_put_u8(msg, DHCPK_A_POOL_PREFIX, prefix))
		abort();	/* a net always fits */
	nla_nest_end(msg, nest);
	return kernel_request(k, msg, NULL, NULL, e);
}

int kernel_events(struct kernel *k, void (*each)(const struct kernel_lease *, void *), void *arg,
		  struct err *e)
{
	struct lease_visit v = { each, arg };
	int group = genl_ctrl_resolve_grp(k->sock, DHCPK_GENL_NAME, DHCPK_MCGRP_EVENTS);
	int n = group < 0 ? group : nl_socket_add_membership(k->sock, group);

	if (n < 0)
		return err_set(e, NULL, "cannot listen: %s (it needs CAP_NET_ADMIN)",
			       nl_geterror(n)),
		       -EPERM;
	nl_socket_disable_seq_check(k->sock);
	k->each = take_lease;
	k->arg = &v;
	/*
	 * Events were lost because they were read too slowly; the following ones are still shown.
	 */
	do {
		n = nl_recvmsgs_default(k->sock);
	} while (n >= 0 || n == -NLE_NOMEM);
	return kernel_fail(e, n);
}
