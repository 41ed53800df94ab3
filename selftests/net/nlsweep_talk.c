// SPDX-License-Identifier: GPL-2.0-or-later
/* nlsweep: messages put together byte by byte, and the answers to them. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "nlsweep.h"

uint16_t family;
uint32_t events_group;

static int sock = -1;
static uint32_t seq = 1;
static uint8_t reply[1 << 17];

int talk_fd(void) { return sock; }

/* Return: 0 or -errno. */
int talk_open(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	struct timeval patience = { .tv_sec = 20 };
	int on = 1;

	talk_close();
	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (sock < 0 || bind(sock, (struct sockaddr *)&addr, sizeof(addr)))
		return -errno;
	setsockopt(sock, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(sock, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return 0;
}

void talk_close(void)
{
	if (sock >= 0)
		close(sock);
	sock = -1;
}

void msg_start(struct msg *m, uint16_t type, uint8_t cmd, uint16_t flags)
{
	struct genlmsghdr *genl = (struct genlmsghdr *)(m->buf + NLMSG_HDRLEN);

	m->hdr = (struct nlmsghdr){ .nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | flags };
	if (!(flags & NLM_F_DUMP))
		m->hdr.nlmsg_flags |= NLM_F_ACK;
	*genl = (struct genlmsghdr){ .cmd = cmd, .version = DHCPK_GENL_VERSION };
	m->hdr.nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN;
}

/* @type may have flags. What does not fit is left out, and seen as a message that is too short. */
struct nlattr *msg_put(struct msg *m, unsigned int type, const void *data, size_t len)
{
	struct nlattr *attr = (struct nlattr *)(m->buf + m->hdr.nlmsg_len);
	size_t size = NLA_HDRLEN + NLA_ALIGN(len);

	if (m->hdr.nlmsg_len + size > sizeof(m->buf))
		return attr;
	memset(attr, 0, size);
	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	if (len)
		memcpy((uint8_t *)attr + NLA_HDRLEN, data, len);
	m->hdr.nlmsg_len += size;
	return attr;
}

void msg_put_u8(struct msg *m, unsigned int type, uint8_t value)
{
	msg_put(m, type, &value, sizeof(value));
}
void msg_put_u16(struct msg *m, unsigned int type, uint16_t value)
{
	msg_put(m, type, &value, sizeof(value));
}
void msg_put_u32(struct msg *m, unsigned int type, uint32_t value)
{
	msg_put(m, type, &value, sizeof(value));
}
void msg_put_u64(struct msg *m, unsigned int type, uint64_t value)
{
	msg_put(m, type, &value, sizeof(value));
}
void msg_put_text(struct msg *m, unsigned int type, const char *text)
{
	msg_put(m, type, text, strlen(text) + 1);
}

struct nlattr *msg_nest(struct msg *m, unsigned int type)
{
	return msg_put(m, type | NLA_F_NESTED, NULL, 0);
}

void msg_end(struct msg *m, struct nlattr *nest)
{
	nest->nla_len = m->buf + m->hdr.nlmsg_len - (uint8_t *)nest;
}

/* The first attribute of a type in @data, or NULL. */
const struct nlattr *attr_in(const void *data, size_t len, unsigned int type)
{
	const uint8_t *at = data;

	while (len >= NLA_HDRLEN) {
		const struct nlattr *a = (const struct nlattr *)at;
		size_t size = NLA_ALIGN(a->nla_len);

		if (a->nla_len < NLA_HDRLEN || a->nla_len > len)
			break;
		if ((a->nla_type & NLA_TYPE_MASK) == type)
			return a;
		if (size >= len)
			break;
		at += size;
		len -= size;
	}
	return NULL;
}

uint32_t attr_u32(const struct nlattr *attr)
{
	uint32_t value = 0;

	if (attr && attr_len(attr) == sizeof(value))
		memcpy(&value, attr_data(attr), sizeof(value));
	return value;
}

static void read_text(struct answer *a, const struct nlmsghdr *h, size_t before)
{
	const struct nlattr *text;

	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	text = attr_in((const uint8_t *)NLMSG_DATA(h) + before,
		       h->nlmsg_len - NLMSG_HDRLEN - before, NLMSGERR_ATTR_MSG);
	if (text)
		strncpy(a->text, attr_data(text), sizeof(a->text) - 1);
}

/* Return: whether that was the last of the answer. */
static bool read_one(struct answer *a, const struct nlmsghdr *h, reader read, void *arg)
{
	const uint8_t *body = NLMSG_DATA(h);

	switch (h->nlmsg_type) {
	case NLMSG_ERROR:
		a->err = ((const struct nlmsgerr *)body)->error;
		read_text(a, h, sizeof(struct nlmsgerr));
		return true;
	case NLMSG_DONE:
		memcpy(&a->err, body, sizeof(a->err));
		read_text(a, h, sizeof(int));
		a->end = true;
		return true;
	}
	a->replies++;
	if (h->nlmsg_type == family && !a->generation)
		a->generation = attr_u32(attr_in(body + GENL_HDRLEN,
						 h->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN,
						 DHCPK_A_GENERATION));
	if (read)
		read(h, arg);
	return false;
}

static bool receive(struct answer *a, reader read, void *arg)
{
	ssize_t left = recv(sock, reply, sizeof(reply), 0);
	const struct nlmsghdr *h = (const struct nlmsghdr *)reply;

	if (left < 0) {
		a->err = errno == EAGAIN ? 1 : -errno;
		a->lost = true;
		return true;
	}
	for (; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
		if (h->nlmsg_seq == seq && read_one(a, h, read, arg))
			return true;
	}
	return false;
}

/* Sends @len bytes of a message and reads the answer, all of it. */
static struct answer exchange(struct msg *m, size_t len, reader read, void *arg)
{
	struct answer a = { .err = 1 };

	m->hdr.nlmsg_seq = ++seq;
	if (send(sock, m->buf, len, 0) < 0) {
		a.err = -errno;
		return a;
	}
	while (!receive(&a, read, arg))
		;
	return a;
}

struct answer ask(struct msg *m, reader read, void *arg)
{
	return exchange(m, m->hdr.nlmsg_len, read, arg);
}

/*
 * One that may be too short for the kernel to know that it was asked: then a question behind it
 * comes back first.
 */
struct answer ask_short(struct msg *m, size_t len)
{
	static struct msg marker;
	struct answer a = { .err = 1 };

	m->hdr.nlmsg_seq = ++seq;
	if (send(sock, m->buf, len, 0) < 0) {
		a.err = -errno;
		return a;
	}
	for (;;) {
		ssize_t n = recv(sock, reply, sizeof(reply), MSG_DONTWAIT);
		const struct nlmsghdr *h = (const struct nlmsghdr *)reply;

		if (n <= 0)
			break;
		for (; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
			if (h->nlmsg_seq == seq)
				read_one(&a, h, NULL, NULL);
		}
	}
	msg_start(&marker, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	msg_put_text(&marker, CTRL_ATTR_FAMILY_NAME, DHCPK_GENL_NAME);
	if (ask(&marker, NULL, NULL).err)
		a.err = 1;
	return a;
}

static void read_family(const struct nlmsghdr *h, void *arg)
{
	const uint8_t *body = (const uint8_t *)NLMSG_DATA(h) + GENL_HDRLEN;
	size_t len = h->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
	const struct nlattr *id = attr_in(body, len, CTRL_ATTR_FAMILY_ID);
	const struct nlattr *groups = attr_in(body, len, CTRL_ATTR_MCAST_GROUPS), *group;

	if (id)
		memcpy(&family, attr_data(id), sizeof(family));
	group = groups ? attr_in(attr_data(groups), attr_len(groups), 1) : NULL;
	if (group)
		events_group = attr_u32(
			attr_in(attr_data(group), attr_len(group), CTRL_ATTR_MCAST_GRP_ID));
}

/* Return: whether the family and its group are there. */
bool talk_family(void)
{
	static struct msg m;

	msg_start(&m, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	msg_put_text(&m, CTRL_ATTR_FAMILY_NAME, DHCPK_GENL_NAME);
	return !ask(&m, read_family, NULL).err && family && events_group;
}
