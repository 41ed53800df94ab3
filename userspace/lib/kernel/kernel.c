// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <netlink/genl/ctrl.h>

#include "lib/kernel/request.h"

static const char *const state_names[] = {
	"free", "offered", "pending", "bound", "expired", "released", "declined", "resting",
};

static const char *const stat_names[] = {
	NULL, "rx-discover", "rx-request", "rx-decline", "rx-release", "rx-inform", "rx-bootp", "rx-other",
	"tx-offer", "tx-ack", "tx-nak", "tx-bootp", "drop-parse-failed", "drop-not-for-us", "drop-rfc-violation",
	"drop-unknown-client", "drop-admin-filtered", "drop-limit-exceeded", "drop-no-pool", "drop-pool-exhausted",
	"drop-no-address", "drop-no-memory", "drop-tx-failed", "drop-duplicate", "drop-commit-backlog",
	"options-left-out", "agent-left-out", "offers-cut-short", "parked", "committed",
	"options-ignored", "offers-declined", "agent-unheeded", "drop-wrong-way",
	"duplicate-ids",
};
_Static_assert(sizeof(stat_names) / sizeof(stat_names[0]) == DHCPK_STAT_MAX + 1, "each counter has a name");

const char *lease_state_name(unsigned int state)
{
	return state < sizeof(state_names) / sizeof(state_names[0]) ? state_names[state] : NULL;
}

const char *stat_name(unsigned int stat)
{
	return stat <= DHCPK_STAT_MAX ? stat_names[stat] : NULL;
}

/* ---- requests ---- */

static int on_valid(struct nl_msg *msg, void *arg)
{
	struct kernel *k = arg;
	struct nlattr *attrs[DHCPK_A_MAX + 1];

	if (genlmsg_hdr(nlmsg_hdr(msg))->cmd == DHCPK_CMD_EVENT_DIRTY)
		k->rang = true;
	else if (!genlmsg_parse(nlmsg_hdr(msg), 0, attrs, DHCPK_A_MAX, NULL) && k->each)
		k->each(attrs, k->arg);
	return NL_OK;
}

/* A list that has failed ends with the error. */
static int on_end(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *hdr = nlmsg_hdr(msg);
	struct kernel *k = arg;

	if (nlmsg_datalen(hdr) >= (int)sizeof(int) && *(int *)nlmsg_data(hdr) < 0) {
		k->error = *(int *)nlmsg_data(hdr);
		err_set(k->err, NULL, "kernel: %s", strerror(-k->error));
	}
	k->done = true;
	return NL_STOP;
}

/* The kernel's own words, from the attributes behind the error (NETLINK_EXT_ACK). */
static const char *extack_text(struct nlmsgerr *nlerr)
{
	struct nlmsghdr *hdr = (struct nlmsghdr *)((char *)nlerr - NLMSG_HDRLEN);
	size_t skip = sizeof(*nlerr);
	struct nlattr *text;

	if (!(hdr->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;
	if (!(hdr->nlmsg_flags & NLM_F_CAPPED))
		skip += nlerr->msg.nlmsg_len - NLMSG_HDRLEN;
	if (hdr->nlmsg_len < NLMSG_HDRLEN + skip)
		return NULL;
	text = nla_find((struct nlattr *)((char *)nlerr + skip), hdr->nlmsg_len - NLMSG_HDRLEN - skip, NLMSGERR_ATTR_MSG);
	return text ? nla_get_string(text) : NULL;
}

/* The module says what it has not got. Generic netlink says nothing when it is the module that is not there, or no more. */
static void no_family(struct kernel *k)
{
	k->error = -ENODEV;
	err_set(k->err, NULL, "the dhcpk module is not loaded (insmod dhcpk.ko)");
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *nlerr, void *arg)
{
	struct kernel *k = arg;
	const char *text = extack_text(nlerr);

	k->error = nlerr->error;
	k->done = true;
	if (text)
		err_set(k->err, NULL, "kernel: %s", text);
	else if (nlerr->error == -EPERM)
		err_set(k->err, NULL, "not permitted: this needs CAP_NET_ADMIN (run it as root)");
	else if (nlerr->error == -ENOENT)
		no_family(k);
	else
		err_not_now(k->err, "kernel: %s", strerror(-nlerr->error));
	return NL_STOP;
}

static int fail(struct err *e, int nl_error)
{
	if (nl_error == -NLE_DUMP_INTR)
		return err_not_now(e, "the configuration has changed on the way: ask again"), -EINTR;
	err_not_now(e, "netlink: %s", nl_geterror(nl_error));
	return -EIO;
}

int kernel_request(struct kernel *k, struct nl_msg *msg, void (*each)(struct nlattr **, void *), void *arg, struct err *e)
{
	int n;

	k->err = e;
	k->error = 0;
	k->done = false;
	k->each = each;
	k->arg = arg;
	n = nl_send_auto(k->sock, msg);
	nlmsg_free(msg);
	while (n >= 0 && !k->done)
		n = nl_recvmsgs_default(k->sock);
	if (k->error)
		return k->error;
	return n < 0 ? fail(e, n) : 0;
}

bool kernel_rang(struct kernel *k)
{
	bool rang = k->rang;

	k->rang = false;
	return rang;
}

void *kernel_list_next(struct kernel_list *l)
{
	if (l->n == l->size) {
		l->size = l->size ? 2 * l->size : 16;
		l->all = realloc(l->all, l->size * l->each);
		if (!l->all)
			abort();
	}
	return memset((char *)l->all + l->n++ * l->each, 0, l->each);
}

/* What was half of one configuration and half of the next is asked for again. */
int kernel_dump(struct kernel *k, int cmd, void (*take)(struct nlattr **, void *), struct kernel_list *l, struct err *e)
{
	int err, tries = 5;

	do {
		l->n = 0;
		memset(e, 0, sizeof(*e));
		err = kernel_request(k, kernel_message(k, cmd, NLM_F_DUMP), take, l, e);
	} while (err == -EINTR && --tries);
	return err;
}

/*
 * Room for the biggest pool: DHCPK_OPTIONS_MAX of options, and 20 bytes for each range and relay link. libnl's own size is
 * a page.
 */
enum { MESSAGE_SIZE = DHCPK_OPTIONS_MAX + 20 * (DHCPK_RANGES_MAX + DHCPK_RELAY_LINKS_MAX) + 4096 };

struct nl_msg *kernel_message(struct kernel *k, int cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc_size(MESSAGE_SIZE);

	if (!msg || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, k->family, 0, flags, cmd, DHCPK_GENL_VERSION))
		abort();	/* out of memory for a few kilobytes */
	return msg;
}

static void take_family(struct nlattr **attrs, void *arg)
{
	struct kernel *k = arg;

	k->family = u16_of(attrs[CTRL_ATTR_FAMILY_ID]);
}

/* Of genl_ctrl_resolve() one does not learn whether there is no such family, or something else went wrong. */
static int find_family(struct kernel *k, struct err *e)
{
	struct nl_msg *msg;

	k->family = GENL_ID_CTRL;
	msg = kernel_message(k, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	if (nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, DHCPK_GENL_NAME))
		abort();	/* there is room for a name */
	return kernel_request(k, msg, take_family, k, e);
}

static int connect_to(struct kernel *k, struct err *e)
{
	int one = 1, n;

	k->sock = nl_socket_alloc();
	n = k->sock ? genl_connect(k->sock) : -NLE_NOMEM;
	if (n)
		return fail(e, n);
	setsockopt(nl_socket_get_fd(k->sock), SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	nl_socket_modify_cb(k->sock, NL_CB_VALID, NL_CB_CUSTOM, on_valid, k);
	nl_socket_modify_cb(k->sock, NL_CB_FINISH, NL_CB_CUSTOM, on_end, k);
	nl_socket_modify_cb(k->sock, NL_CB_ACK, NL_CB_CUSTOM, on_end, k);
	nl_socket_modify_err_cb(k->sock, NL_CB_CUSTOM, on_error, k);
	return find_family(k, e);
}

int kernel_open(struct kernel **result, struct err *e)
{
	struct kernel *k = calloc(1, sizeof(*k));
	int err;

	if (!k)
		return err_not_now(e, "out of memory"), -ENOMEM;
	err = connect_to(k, e);
	if (err)
		kernel_close(k);
	else
		*result = k;
	return err;
}

void kernel_close(struct kernel *k)
{
	if (k && k->sock)
		nl_socket_free(k->sock);
	free(k);
}

int kernel_fd(const struct kernel *k)
{
	return nl_socket_get_fd(k->sock);
}

/* ---- questions ---- */

static void take_info(struct nlattr **attrs, void *arg)
{
	struct kernel_info *info = arg;

	if (attrs[DHCPK_A_VERSION])
		nla_strlcpy(info->version, attrs[DHCPK_A_VERSION], sizeof(info->version));
	if (attrs[DHCPK_A_GENERATION])
		info->generation = nla_get_u32(attrs[DHCPK_A_GENERATION]);
	if (attrs[DHCPK_A_NOW])
		info->now = nla_get_u64(attrs[DHCPK_A_NOW]);
	info->stored = attrs[DHCPK_A_STORE_ID];
	info->attached = u8_of(attrs[DHCPK_A_ATTACHED]);
	info->dirty = u32_of(attrs[DHCPK_A_DIRTY]);
	info->in_flight = u32_of(attrs[DHCPK_A_IN_FLIGHT]);
	info->parked = u32_of(attrs[DHCPK_A_PARKED]);
}

int kernel_info(struct kernel *k, struct kernel_info *info, struct err *e)
{
	memset(info, 0, sizeof(*info));
	return kernel_request(k, kernel_message(k, DHCPK_CMD_GET_INFO, NLM_F_ACK), take_info, info, e);
}

static void take_stats(struct nlattr **attrs, void *arg)
{
	uint64_t *count = arg;
	struct nlattr *a;
	int rem;

	if (!attrs[DHCPK_A_STATS])
		return;
	nla_for_each_nested(a, attrs[DHCPK_A_STATS], rem) {
		if (nla_type(a) <= DHCPK_STAT_MAX && nla_len(a) == sizeof(uint64_t))
			count[nla_type(a)] = nla_get_u64(a);
	}
}

int kernel_stats(struct kernel *k, uint64_t count[DHCPK_STAT_MAX + 1], struct err *e)
{
	memset(count, 0, sizeof(*count) * (DHCPK_STAT_MAX + 1));
	return kernel_request(k, kernel_message(k, DHCPK_CMD_GET_STATS, NLM_F_ACK), take_stats, count, e);
}

static void take_pool(struct nlattr **attrs, void *arg)
{
	struct nlattr *a[DHCPK_A_POOL_MAX + 1];
	struct kernel_pool *p;

	if (!attrs[DHCPK_A_POOL] || nla_parse_nested(a, DHCPK_A_POOL_MAX, attrs[DHCPK_A_POOL], NULL))
		return;
	p = kernel_list_next(arg);
	if (a[DHCPK_A_POOL_NAME])
		nla_strlcpy(p->name, a[DHCPK_A_POOL_NAME], sizeof(p->name));
	if (a[DHCPK_A_POOL_DEV])
		nla_strlcpy(p->dev, a[DHCPK_A_POOL_DEV], sizeof(p->dev));
	p->subnet = ntohl(u32_of(a[DHCPK_A_POOL_SUBNET]));
	p->prefix = u8_of(a[DHCPK_A_POOL_PREFIX]);
	p->ifindex = u32_of(a[DHCPK_A_POOL_IFINDEX]);
	p->lease = u32_of(a[DHCPK_A_POOL_LEASE]);
	p->size = u32_of(a[DHCPK_A_POOL_SIZE]);
	p->bound = u32_of(a[DHCPK_A_POOL_BOUND]);
	p->offered = u32_of(a[DHCPK_A_POOL_OFFERED]);
	p->declined = u32_of(a[DHCPK_A_POOL_DECLINED]);
	p->resting = u32_of(a[DHCPK_A_POOL_RESTING]);
	p->free = u32_of(a[DHCPK_A_POOL_FREE]);
	p->flags = u32_of(a[DHCPK_A_POOL_FLAGS]);
}

int kernel_pools(struct kernel *k, void (*each)(const struct kernel_pool *, void *), void *arg, struct err *e)
{
	struct kernel_list l = { .each = sizeof(struct kernel_pool) };
	int err = kernel_dump(k, DHCPK_CMD_GET_POOL, take_pool, &l, e);
	size_t i;

	for (i = 0; !err && i < l.n; i++)
		each((struct kernel_pool *)l.all + i, arg);
	free(l.all);
	return err;
}

struct lease_visit {
	void	(*each)(const struct kernel_lease *l, void *arg);
	void	*arg;
};

size_t bytes_of(const struct nlattr *a, uint8_t *bytes, size_t size)
{
	size_t len = a ? (size_t)nla_len(a) : 0;

	if (len > size)
		len = size;
	if (len)
		memcpy(bytes, nla_data(a), len);
	return len;
}

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

int kernel_duplicates(struct kernel *k, void (*each)(const struct kernel_lease *, void *), void *arg, struct err *e)
{
	struct lease_visit v = { each, arg };

	return kernel_request(k, kernel_message(k, DHCPK_CMD_GET_INFO, NLM_F_ACK), take_duplicates, &v, e);
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

/* The message, or NULL for a name that is too long for any pool's. A NULL pool and an address of 0 are left out. */
static struct nl_msg *lease_message(struct kernel *k, int cmd, int flags, const char *pool, uint32_t ip,
				    struct err *e)
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
		abort();	/* there is room for a name */
	nla_nest_end(msg, nest);
	return msg;
}

int kernel_leases(struct kernel *k, const char *pool, uint32_t ip, void (*each)(const struct kernel_lease *, void *),
		  void *arg, struct err *e)
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

	if (!nest || nla_put_u32(msg, DHCPK_A_POOL_SUBNET, htonl(subnet)) || nla_put_u8(msg, DHCPK_A_POOL_PREFIX, prefix))
		abort();	/* there is room for a net */
	nla_nest_end(msg, nest);
	return kernel_request(k, msg, NULL, NULL, e);
}

int kernel_events(struct kernel *k, void (*each)(const struct kernel_lease *, void *), void *arg, struct err *e)
{
	struct lease_visit v = { each, arg };
	int group = genl_ctrl_resolve_grp(k->sock, DHCPK_GENL_NAME, DHCPK_MCGRP_EVENTS);
	int n = group < 0 ? group : nl_socket_add_membership(k->sock, group);

	if (n < 0)
		return err_set(e, NULL, "cannot listen: %s (it needs CAP_NET_ADMIN)", nl_geterror(n)), -EPERM;
	nl_socket_disable_seq_check(k->sock);
	k->each = take_lease;
	k->arg = &v;
	/* Events that came faster than they were read are gone; what comes next is still worth showing. */
	do {
		n = nl_recvmsgs_default(k->sock);
	} while (n >= 0 || n == -NLE_NOMEM);
	return fail(e, n);
}

/* ---- configuration ---- */

static void take_generation(struct nlattr **attrs, void *arg)
{
	if (attrs[DHCPK_A_GENERATION])
		*(uint32_t *)arg = nla_get_u32(attrs[DHCPK_A_GENERATION]);
}

int kernel_begin(struct kernel *k, uint32_t *generation, struct err *e)
{
	*generation = 0;
	return kernel_request(k, kernel_message(k, DHCPK_CMD_CONFIG_BEGIN, NLM_F_ACK), take_generation, generation, e);
}

/* The puts below return 0, or a negative libnl error once the message is full. */
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

/* In the order of the options: what comes last is left out first. */
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

int kernel_configure(struct kernel *k, struct nl_msg *msg, int unfit, struct err *e)
{
	if (!unfit)
		return kernel_request(k, msg, NULL, NULL, e);
	nlmsg_free(msg);
	return fail(e, unfit);
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
