// SPDX-License-Identifier: GPL-2.0-or-later
/* Leases from the kernel to the store, and back. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "lib/kernel/store.h"
#include "lib/kernel/request.h"

int kernel_attach(struct kernel *k, const uint8_t id[DHCPK_STORE_ID_SIZE], uint64_t seq,
		  struct err *e)
{
	struct nl_msg *msg = kernel_message(k, DHCPK_CMD_ATTACH, NLM_F_ACK);
	int unfit;

	/*
	 * EVENT_DIRTY messages come between answers, without a sequence number; and large buffers
	 * make a pull faster.
	 */
	nl_socket_disable_seq_check(k->sock);
	nl_socket_set_msg_buf_size(k->sock, 65536);
	unfit = nla_put(msg, DHCPK_A_STORE_ID, DHCPK_STORE_ID_SIZE, id);
	if (!unfit)
		unfit = nla_put_u64(msg, DHCPK_A_SEQ, seq);
	return kernel_configure(k, msg, unfit, e);
}

struct pull {
	int		(*each)(const struct stored_lease *l, uint64_t seq, void *arg);
	void		*arg;
	int		error;
};

static void take_lease(struct nlattr **attrs, void *arg)
{
	struct nlattr *a[DHCPK_A_LEASE_MAX + 1];
	struct pull *p = arg;
	struct stored_lease l = {};

	if (p->error || !attrs[DHCPK_A_LEASE] ||
	    nla_parse_nested(a, DHCPK_A_LEASE_MAX, attrs[DHCPK_A_LEASE], NULL))
		return;
	l.ip = ntohl(u32_of(a[DHCPK_A_LEASE_IP]));
	l.state = u8_of(a[DHCPK_A_LEASE_STATE]);
	l.htype = u8_of(a[DHCPK_A_LEASE_HTYPE]);
	l.chaddr_len = bytes_of(a[DHCPK_A_LEASE_MAC], l.chaddr, sizeof(l.chaddr));
	l.id_kind = u16_of(a[DHCPK_A_LEASE_ID_KIND]);
	l.id_len = bytes_of(a[DHCPK_A_LEASE_ID], l.id, sizeof(l.id));
	l.server_id = u32_of(a[DHCPK_A_LEASE_SERVER_ID]);
	l.hostname_len = bytes_of(a[DHCPK_A_LEASE_HOSTNAME], l.hostname, sizeof(l.hostname));
	l.agent_len = bytes_of(a[DHCPK_A_LEASE_AGENT], l.agent, sizeof(l.agent));
	l.starts = u64_of(a[DHCPK_A_LEASE_STARTS]);
	l.expires = u64_of(a[DHCPK_A_LEASE_EXPIRES]);
	l.horizon = u64_of(a[DHCPK_A_LEASE_HORIZON]);
	p->error = p->each(&l, u64_of(a[DHCPK_A_LEASE_SEQ]), p->arg);
}

int kernel_pull(struct kernel *k,
		int (*each)(const struct stored_lease *l, uint64_t seq, void *arg), void *arg,
		struct err *e)
{
	struct pull p = { each, arg, 0 };
	int err = kernel_request(k, kernel_message(k, DHCPK_CMD_PULL, NLM_F_DUMP), take_lease, &p,
				 e);

	return err ? err : p.error;
}

int kernel_stored(struct kernel *k, uint64_t seq, struct err *e)
{
	struct nl_msg *msg = kernel_message(k, DHCPK_CMD_COMMIT, NLM_F_ACK);

	return kernel_configure(k, msg, nla_put_u64(msg, DHCPK_A_SEQ, seq), e);
}

/* Return: 0, or a negative libnl error if the message is full */
static int put_lease(struct nl_msg *msg, const struct stored_lease *l)
{
	struct nlattr *nest = nla_nest_start(msg, DHCPK_A_LEASE);

	if (!nest)
		goto nla_put_failure;
	NLA_PUT_U32(msg, DHCPK_A_LEASE_IP, htonl(l->ip));
	NLA_PUT_U8(msg, DHCPK_A_LEASE_STATE, l->state);
	NLA_PUT_U8(msg, DHCPK_A_LEASE_HTYPE, l->htype);
	NLA_PUT(msg, DHCPK_A_LEASE_MAC, l->chaddr_len, l->chaddr);
	if (l->id_len) {
		NLA_PUT_U16(msg, DHCPK_A_LEASE_ID_KIND, l->id_kind);
		NLA_PUT(msg, DHCPK_A_LEASE_ID, l->id_len, l->id);
	}
	if (l->server_id)
		NLA_PUT_U32(msg, DHCPK_A_LEASE_SERVER_ID, l->server_id);
	if (l->hostname_len)
		NLA_PUT(msg, DHCPK_A_LEASE_HOSTNAME, l->hostname_len, l->hostname);
	if (l->agent_len)
		NLA_PUT(msg, DHCPK_A_LEASE_AGENT, l->agent_len, l->agent);
	NLA_PUT_U64(msg, DHCPK_A_LEASE_STARTS, l->starts);
	NLA_PUT_U64(msg, DHCPK_A_LEASE_EXPIRES, l->expires);
	NLA_PUT_U64(msg, DHCPK_A_LEASE_HORIZON, l->horizon);
	NLA_PUT_U64(msg, DHCPK_A_LEASE_ORDER, l->order);
	return nla_nest_end(msg, nest);
nla_put_failure:
	return -NLE_MSGSIZE;
}

/* A message with space for many leases of one pool */
static void start_message(struct kernel_restore *r)
{
	struct nlattr *nest;

	r->msg = kernel_message(r->k, DHCPK_CMD_CONFIG_RESTORE, NLM_F_ACK);
	nla_put_u32(r->msg, DHCPK_A_GENERATION, r->generation);
	nest = nla_nest_start(r->msg, DHCPK_A_POOL);
	nla_put_string(r->msg, DHCPK_A_POOL_NAME, r->pool);
	nla_nest_end(r->msg, nest);
}

/*
 * Restore only the address, as RESTING: until the later of the lease's times, whatever its state.
 */
static int send_rest(struct kernel_restore *r, struct nlattr **a, struct err *e)
{
	struct stored_lease rest = {
		.ip = ntohl(u32_of(a[DHCPK_A_LEASE_IP])),
		.expires = u64_of(a[DHCPK_A_LEASE_EXPIRES]),
		.horizon = u64_of(a[DHCPK_A_LEASE_HORIZON]),
		.order = u64_of(a[DHCPK_A_LEASE_ORDER]),
		.state = DHCPK_LEASE_RESTING,
	};

	lease_rest(&rest);
	start_message(r);
	return kernel_configure(r->k, r->msg, put_lease(r->msg, &rest), e);
}

static bool is_fault(int err)
{
	return err == -EINVAL || err == -ERANGE;
}

static int put_again(struct nl_msg *msg, const struct nlattr *lease)
{
	return nla_put(msg, DHCPK_A_LEASE | NLA_F_NESTED, nla_len(lease), nla_data(lease));
}

/* Send one lease alone. If the kernel refuses even the address, the lease is not at fault. */
static int send_one(struct kernel_restore *r, struct nlattr *lease, struct err *e)
{
	struct nlattr *a[DHCPK_A_LEASE_MAX + 1];
	struct err ignored;
	int err;

	start_message(r);
	err = kernel_configure(r->k, r->msg, put_again(r->msg, lease), e);
	if (!is_fault(err) || nla_parse_nested(a, DHCPK_A_LEASE_MAX, lease, NULL) ||
	    send_rest(r, a, &ignored))
		return err;
	r->refused(ntohl(u32_of(a[DHCPK_A_LEASE_IP])), e->text, r->arg);
	memset(e, 0, sizeof(*e));
	return 0;
}

static int send_singly(struct kernel_restore *r, struct nl_msg *msg, struct err *e)
{
	struct nlattr *attr;
	int rem, err = 0;

	nlmsg_for_each_attr(attr, nlmsg_hdr(msg), GENL_HDRLEN, rem) {
		if (!err && nla_type(attr) == DHCPK_A_LEASE)
			err = send_one(r, attr, e);
	}
	r->msg = NULL;
	return err;
}

int kernel_restore_end(struct kernel_restore *r, struct err *e)
{
	struct nl_msg *msg = r->msg;
	int err;

	r->msg = NULL;
	if (!msg)
		return 0;
	nlmsg_get(msg);
	err = kernel_request(r->k, msg, NULL, NULL, e);
	if (is_fault(err)) {
		memset(e, 0, sizeof(*e));
		err = send_singly(r, msg, e);
	}
	nlmsg_free(msg);
	return err;
}

void kernel_restore_drop(struct kernel_restore *r)
{
	nlmsg_free(r->msg);
	r->msg = NULL;
}

int kernel_restore_add(struct kernel_restore *r, const struct stored_lease *l, struct err *e)
{
	uint32_t len;
	int err;

	if (!r->msg)
		start_message(r);
	len = nlmsg_hdr(r->msg)->nlmsg_len;
	r->n++;
	if (!put_lease(r->msg, l))
		return 0;
	/* Full: the rest goes into the next message. */
	nlmsg_hdr(r->msg)->nlmsg_len = len;
	err = kernel_restore_end(r, e);
	if (err)
		return err;
	start_message(r);
	return put_lease(r->msg, l) ? err_set(e, NULL, "a binding is too large for a message"),
	       -EMSGSIZE : 0;
}
