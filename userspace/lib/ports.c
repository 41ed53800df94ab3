// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <string.h>

#include "lib/ports.h"

struct reader {
	void	(*found)(const char *dev, const char *master, void *arg);
	void	*arg;
};

/* Does a master of this kind receive all frames of its ports? */
static int takes_all(struct nlattr *info)
{
	static const char *const kinds[] = { "bridge", "openvswitch", "bond", "team" };
	struct nlattr *attrs[IFLA_INFO_MAX + 1];
	size_t i;

	if (!info || nla_parse_nested(attrs, IFLA_INFO_MAX, info, NULL) ||
	    !attrs[IFLA_INFO_SLAVE_KIND])
		return 0;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!nla_strcmp(attrs[IFLA_INFO_SLAVE_KIND], kinds[i]))
			return 1;
	}
	return 0;
}

static int is_vrf(struct nlattr *info)
{
	struct nlattr *attrs[IFLA_INFO_MAX + 1];

	return info && !nla_parse_nested(attrs, IFLA_INFO_MAX, info, NULL) &&
	       attrs[IFLA_INFO_KIND] && !nla_strcmp(attrs[IFLA_INFO_KIND], "vrf");
}

static int on_link(struct nl_msg *msg, void *arg)
{
	struct nlattr *attrs[IFLA_MAX + 1];
	const struct reader *r = arg;
	char master[IF_NAMESIZE];

	if (nlmsg_parse(nlmsg_hdr(msg), sizeof(struct ifinfomsg), attrs, IFLA_MAX, NULL))
		return NL_OK;
	if (attrs[IFLA_IFNAME] && is_vrf(attrs[IFLA_LINKINFO]))
		r->found(nla_get_string(attrs[IFLA_IFNAME]), NULL, r->arg);
	else if (attrs[IFLA_IFNAME] && attrs[IFLA_MASTER] && takes_all(attrs[IFLA_LINKINFO]) &&
	    if_indextoname(nla_get_u32(attrs[IFLA_MASTER]), master))
		r->found(nla_get_string(attrs[IFLA_IFNAME]), master, r->arg);
	return NL_OK;
}

static int dump(struct nl_sock *sock, struct reader *r)
{
	struct ifinfomsg all = { .ifi_family = AF_UNSPEC };
	int err;

	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, on_link, r);
	err = nl_connect(sock, NETLINK_ROUTE);
	if (!err)
		err = nl_send_simple(sock, RTM_GETLINK, NLM_F_DUMP, &all, sizeof(all));
	return err < 0 ? err : nl_recvmsgs_default(sock);
}

int ports_read(void (*found)(const char *dev, const char *master, void *arg), void *arg)
{
	struct reader r = { found, arg };
	struct nl_sock *sock = nl_socket_alloc();
	int err;

	if (!sock)
		return -1;
	err = dump(sock, &r);
	nl_socket_free(sock);
	return err < 0 ? -1 : 0;
}
