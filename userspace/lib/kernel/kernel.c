// SPDX-License-Identifier: GPL-2.0-or-later
/* The netlink socket, and the family number of the module. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <netlink/genl/ctrl.h>

#include "lib/kernel/kernel.h"
#include "lib/kernel/request.h"

static void take_family(struct nlattr **attrs, void *arg)
{
	struct kernel *k = arg;

	k->family = u16_of(attrs[CTRL_ATTR_FAMILY_ID]);
}

/* genl_ctrl_resolve() does not tell a missing family from other errors. */
static int find_family(struct kernel *k, struct err *e)
{
	struct nl_msg *msg;

	k->family = GENL_ID_CTRL;
	msg = kernel_message(k, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	if (nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, DHCPK_GENL_NAME))
		abort();	/* a name always fits */
	return kernel_request(k, msg, take_family, k, e);
}

static int connect_to(struct kernel *k, struct err *e)
{
	int one = 1, n;

	k->sock = nl_socket_alloc();
	n = k->sock ? genl_connect(k->sock) : -NLE_NOMEM;
	if (n)
		return kernel_fail(e, n);
	setsockopt(nl_socket_get_fd(k->sock), SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	kernel_take_answers(k);
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

bool kernel_has_dirty(struct kernel *k)
{
	bool has_dirty = k->has_dirty;

	k->has_dirty = false;
	return has_dirty;
}
