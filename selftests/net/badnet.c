// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * LD_PRELOAD=badnet.so BADNET=FILE: while FILE is there, what it says goes wrong: "addresses", getifaddrs() has no memory;
 * "family", generic netlink is asked in vain for a family's number; "pool", the module is gone when it is told of one;
 * "forget", the kernel cannot be told to forget bindings; "list", the next list is one of two configurations, and FILE is
 * removed; "pools", "relays", the kernel cannot be asked for them.
 */
#include "preload.h"

#include <errno.h>
#include <ifaddrs.h>
#include <linux/genetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/dhcpk.h>

enum { NO_FAMILY = 0x7ff0 };

static int bad(const char *what)
{
	char word[16];

	return read_word("BADNET", word) && !strcmp(word, what);
}

int getifaddrs(struct ifaddrs **all)
{
	if (!bad("addresses"))
		return REAL(getifaddrs)(all);
	errno = ENOBUFS;
	return -1;
}

static int is_request(const struct msghdr *m)
{
	const struct sockaddr *to = m->msg_name;

	return to && to->sa_family == AF_NETLINK && m->msg_iovlen == 1 && m->msg_iov->iov_len >= NLMSG_HDRLEN + GENL_HDRLEN;
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
	struct nlmsghdr *hdr = is_request(m) ? m->msg_iov->iov_base : NULL;
	int cmd = hdr ? ((struct genlmsghdr *)NLMSG_DATA(hdr))->cmd : -1;
	int ctrl = hdr && hdr->nlmsg_type == GENL_ID_CTRL;

	if (ctrl ? bad("family") : (cmd == DHCPK_CMD_GET_POOL && bad("pools")) || (cmd == DHCPK_CMD_GET_RELAY && bad("relays")) ||
	    (cmd == DHCPK_CMD_DEL_LEASE && bad("forget"))) {
		errno = ENOBUFS;
		return -1;
	}
	if (!ctrl && cmd == DHCPK_CMD_CONFIG_POOL && bad("pool"))
		hdr->nlmsg_type = NO_FAMILY;
	return REAL(sendmsg)(fd, m, flags);
}

ssize_t recvmsg(int fd, struct msghdr *m, int flags)
{
	ssize_t n = REAL(recvmsg)(fd, m, flags);
	const struct sockaddr *from = m->msg_name;
	struct nlmsghdr *hdr = m->msg_iov->iov_base;

	if (n < NLMSG_HDRLEN || flags & MSG_PEEK || !from || from->sa_family != AF_NETLINK)
		return n;
	if (hdr->nlmsg_flags & NLM_F_MULTI && bad("list")) {
		hdr->nlmsg_flags |= NLM_F_DUMP_INTR;
		unlink(getenv("BADNET"));
	}
	return n;
}
