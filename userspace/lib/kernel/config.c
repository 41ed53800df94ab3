// SPDX-License-Identifier: GPL-2.0-or-later
/* Sends a generation of the configuration to the module. */
#include <arpa/inet.h>
#include <string.h>

#include "lib/kernel/config.h"
#include "lib/kernel/request.h"

static void take_generation(struct nlattr **attrs, void *arg)
{
	if (attrs[DHCPK_A_GENERATION])
		*(uint32_t *)arg = nla_get_u32(attrs[DHCPK_A_GENERATION]);
}

int kernel_begin(struct kernel *k, uint32_t *generation, struct err *e)
{
	*generation = 0;
	return kernel_request(k, kernel_message(k, DHCPK_CMD_CONFIG_BEGIN, NLM_F_ACK),
			      take_generation, generation, e);
}

/* The put functions below return 0, or a negative libnl error if the message is full. */
static int put_range(struct nl_msg *msg, const struct range *r)
{
	struct nlattr *nest = nla_nest_start(msg, DHCPK_A_POOL_RANGE);

	if (!nest)
		goto nla_put_failure;
	NLA_PUT_U32(msg, DHCPK_A_RANGE_FIRST, htonl(r->first));
	NLA_PUT_U32(msg, DHCPK_A_RANGE_LAST, htonl(r->last));
	return nla_nest_end(msg, nest);
nla_put_failure:
	return -NLE_MSGSIZE;
}

static int put_relay_link(struct nl_msg *msg, const struct link_spec *l)
{
	struct nlattr *nest = nla_nest_start(msg, DHCPK_A_POOL_RELAY_LINK);

	if (!nest)
		goto nla_put_failure;
	NLA_PUT_U32(msg, DHCPK_A_LINK_NET, htonl(l->net));
	NLA_PUT_U8(msg, DHCPK_A_LINK_PREFIX, l->prefix);
	return nla_nest_end(msg, nest);
nla_put_failure:
	return -NLE_MSGSIZE;
}

/* In the order of the options: a reply that is full drops the last ones first. */
static int put_always(struct nl_msg *msg, const struct option_block *options)
{
	uint8_t codes[256];
	size_t at, n = 0;

	for (at = 0; at < options->len; at += 2 + options->data[at + 1]) {
		if (options->always[options->data[at]] && !memchr(codes, options->data[at], n))
			codes[n++] = options->data[at];
	}
	return n ? nla_put(msg, DHCPK_A_SET_ALWAYS, n, codes) : 0;
}

static int put_set(struct nl_msg *msg, int attr, const struct option_set *set)
{
	struct nlattr *nest = nla_nest_start(msg, attr);

	if (!nest)
		goto nla_put_failure;
	if (set->options.len)
		NLA_PUT(msg, DHCPK_A_SET_OPTIONS, set->options.len, set->options.data);
	if (set->next_server)
		NLA_PUT_U32(msg, DHCPK_A_SET_NEXT_SERVER, htonl(set->next_server));
	if (set->server_name)
		NLA_PUT_STRING(msg, DHCPK_A_SET_SERVER_NAME, set->server_name);
	if (set->boot_file)
		NLA_PUT_STRING(msg, DHCPK_A_SET_BOOT_FILE, set->boot_file);
	if (set->renew)
		NLA_PUT_U32(msg, DHCPK_A_SET_RENEW, set->renew);
	if (set->rebind)
		NLA_PUT_U32(msg, DHCPK_A_SET_REBIND, set->rebind);
	if (put_always(msg, &set->options))
		goto nla_put_failure;
	return nla_nest_end(msg, nest);
nla_put_failure:
	return -NLE_MSGSIZE;
}

static int put_pool(struct nl_msg *msg, const struct pool_spec *p)
{
	struct nlattr *nest = nla_nest_start(msg, DHCPK_A_POOL);
	unsigned int i;

	if (!nest)
		goto nla_put_failure;
	NLA_PUT_STRING(msg, DHCPK_A_POOL_NAME, p->name);
	NLA_PUT_U32(msg, DHCPK_A_POOL_SUBNET, htonl(p->subnet));
	NLA_PUT_U8(msg, DHCPK_A_POOL_PREFIX, p->prefix);
	if (p->dev)
		NLA_PUT_STRING(msg, DHCPK_A_POOL_DEV, p->dev);
	for (i = 0; i < p->n_ranges; i++) {
		if (put_range(msg, &p->ranges[i]))
			goto nla_put_failure;
	}
	for (i = 0; i < p->n_relay_links; i++) {
		if (put_relay_link(msg, &p->relay_links[i]))
			goto nla_put_failure;
	}
	for (i = 0; i < p->n_via; i++)
		NLA_PUT_STRING(msg, DHCPK_A_POOL_VIA, p->via[i]);
	NLA_PUT_U32(msg, DHCPK_A_POOL_LEASE, p->lease);
	NLA_PUT_U32(msg, DHCPK_A_POOL_LEASE_MIN, p->lease_min);
	NLA_PUT_U32(msg, DHCPK_A_POOL_LEASE_MAX, p->lease_max);
	NLA_PUT_U32(msg, DHCPK_A_POOL_FLAGS, p->flags);
	NLA_PUT_U8(msg, DHCPK_A_POOL_IDENTITY, p->identity);
	NLA_PUT_U32(msg, DHCPK_A_POOL_DECLINE, p->decline);
	if (put_set(msg, DHCPK_A_POOL_SET, &p->set))
		goto nla_put_failure;
	return nla_nest_end(msg, nest);
nla_put_failure:
	return -NLE_MSGSIZE;
}

static int put_host(struct nl_msg *msg, const struct host_spec *h)
{
	struct nlattr *nest = nla_nest_start(msg, DHCPK_A_HOST);

	if (!nest)
		goto nla_put_failure;
	NLA_PUT_STRING(msg, DHCPK_A_HOST_POOL, h->pool);
	NLA_PUT(msg, h->key, h->id_len, h->id);
	if (h->ip)
		NLA_PUT_U32(msg, DHCPK_A_HOST_IP, htonl(h->ip));
	if (h->lease)
		NLA_PUT_U32(msg, DHCPK_A_HOST_LEASE, h->lease);
	if (h->set && put_set(msg, DHCPK_A_HOST_SET, h->set))
		goto nla_put_failure;
	return nla_nest_end(msg, nest);
nla_put_failure:
	return -NLE_MSGSIZE;
}

int kernel_pool(struct kernel *k, uint32_t generation, const struct pool_spec *p, struct err *e)
{
	struct nl_msg *msg = kernel_message(k, DHCPK_CMD_CONFIG_POOL, NLM_F_ACK);
	int n = nla_put_u32(msg, DHCPK_A_GENERATION, generation);

	return kernel_configure(k, msg, n ? n : put_pool(msg, p), e);
}

int kernel_host(struct kernel *k, uint32_t generation, const struct host_spec *h, struct err *e)
{
	struct nl_msg *msg = kernel_message(k, DHCPK_CMD_CONFIG_HOST, NLM_F_ACK);
	int n = nla_put_u32(msg, DHCPK_A_GENERATION, generation);

	return kernel_configure(k, msg, n ? n : put_host(msg, h), e);
}

int kernel_commit(struct kernel *k, uint32_t generation, struct err *e)
{
	struct nl_msg *msg = kernel_message(k, DHCPK_CMD_CONFIG_COMMIT, NLM_F_ACK);

	return kernel_configure(k, msg, nla_put_u32(msg, DHCPK_A_GENERATION, generation), e);
}
