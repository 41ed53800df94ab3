// SPDX-License-Identifier: GPL-2.0-or-later
/* A request to the module, and its answers. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/kernel/request.h"

static int on_valid(struct nl_msg *msg, void *arg)
{
	struct kernel *k = arg;
	struct nlattr *attrs[DHCPK_A_MAX + 1];

	if (genlmsg_hdr(nlmsg_hdr(msg))->cmd == DHCPK_CMD_EVENT_DIRTY)
		k->has_dirty = true;
	else if (!genlmsg_parse(nlmsg_hdr(msg), 0, attrs, DHCPK_A_MAX, NULL) && k->each)
		k->each(attrs, k->arg);
	return NL_OK;
}

/* A dump that failed ends with the error. */
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

/* The kernel's text, from the attributes after the error (NETLINK_EXT_ACK). */
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
	text = nla_find((struct nlattr *)((char *)nlerr + skip),
			hdr->nlmsg_len - NLMSG_HDRLEN - skip, NLMSGERR_ATTR_MSG);
	return text ? nla_get_string(text) : NULL;
}

/*
 * The module sends a text if it does not have the requested object. -ENOENT without a text is from
 * generic netlink: the module is not loaded any more.
 */
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

int kernel_fail(struct err *e, int nl_error)
{
	if (nl_error == -NLE_DUMP_INTR)
		return err_not_now(e, "the configuration has changed on the way: ask again"),
		       -EINTR;
	err_not_now(e, "netlink: %s", nl_geterror(nl_error));
	return -EIO;
}

void kernel_take_answers(struct kernel *k)
{
	nl_socket_modify_cb(k->sock, NL_CB_VALID, NL_CB_CUSTOM, on_valid, k);
	nl_socket_modify_cb(k->sock, NL_CB_FINISH, NL_CB_CUSTOM, on_end, k);
	nl_socket_modify_cb(k->sock, NL_CB_ACK, NL_CB_CUSTOM, on_end, k);
	nl_socket_modify_err_cb(k->sock, NL_CB_CUSTOM, on_error, k);
}

int kernel_request(struct kernel *k, struct nl_msg *msg, void (*each)(struct nlattr **, void *),
		   void *arg, struct err *e)
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
	return n < 0 ? kernel_fail(e, n) : 0;
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

/* Repeat a dump during which the configuration changed. */
int kernel_dump(struct kernel *k, int cmd, void (*take)(struct nlattr **, void *),
		struct kernel_list *l, struct err *e)
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
 * Space for the biggest pool: DHCPK_OPTIONS_MAX of options, and 20 bytes for each range and relay
 * link. libnl's default is one page.
 */
enum { MESSAGE_SIZE = DHCPK_OPTIONS_MAX + 20 * (DHCPK_RANGES_MAX + DHCPK_RELAY_LINKS_MAX) + 4096 };

struct nl_msg *kernel_message(struct kernel *k, int cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc_size(MESSAGE_SIZE);

	if (!msg || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, k->family, 0, flags, cmd,
				 DHCPK_GENL_VERSION))
		abort();	/* out of memory for a few kilobytes */
	return msg;
}

int kernel_configure(struct kernel *k, struct nl_msg *msg, int unfit, struct err *e)
{
	if (!unfit)
		return kernel_request(k, msg, NULL, NULL, e);
	nlmsg_free(msg);
	return kernel_fail(e, unfit);
}

size_t bytes_of(const struct nlattr *a, uint8_t *bytes, size_t size)
{
	size_t len = a ? (size_t)nla_len(a) : 0;

	if (len > size)
		len = size;
	if (len)
		memcpy(bytes, nla_data(a), len);
	return len;
}
