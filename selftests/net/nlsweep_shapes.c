// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nlsweep: requests that have the wrong shape: cut off, too deep, twice the same, too many; and
 * those who may not ask.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nlsweep.h"

static struct msg m;
static char what[160];

/* All that the command needs; a cookie of a generation that there is not. */
static void needed(const struct command *c)
{
	msg_start(&m, family, c->cmd, c->dump ? NLM_F_DUMP : 0);
	msg_put_needed(&m, &c->set, 0, 0xfffffffe);
}

static void said(const struct command *c, const char *shape, unsigned int n)
{
	snprintf(what, sizeof(what), "%s, %s %u", c->name, shape, n);
}

/* What asks for nothing is refused with a text, where something is needed. */
static void no_attributes(const struct command *c)
{
	bool needs = false;
	unsigned int i;

	for (i = 0; i < c->set.n; i++)
		needs |= c->set.attr[i].needed;
	msg_start(&m, family, c->cmd, c->dump ? NLM_F_DUMP : 0);
	said(c, "no attributes", 0);
	judge(&m, needs, what);
}

/* Every length up to the whole, said and sent; and said but not sent, of which nobody hears. */
static void cut_off(const struct command *c)
{
	size_t whole, len;

	needed(c);
	whole = m.hdr.nlmsg_len;
	for (len = 0; len < whole; len++) {
		m.hdr.nlmsg_len = len;
		said(c, "cut off at", len);
		if (len < NLMSG_HDRLEN) {
			if (ask_short(&m, NLMSG_HDRLEN).err <= 0)
				wrong("%s: answered", what);
		} else if (len < NLMSG_HDRLEN + GENL_HDRLEN) {
			if (ask_short(&m, len).err != -EINVAL)
				wrong("%s: not EINVAL", what);
		} else {
			judge(&m, false, what);
		}
		m.hdr.nlmsg_len = whole;
		said(c, "sent without its last", whole - len);
		if (len && ask_short(&m, len).err <= 0)
			wrong("%s: answered", what);
	}
}

/* The same of a nest: its length, and that of the first in it, is what it must not be. */
static void cut_off_nest(const struct command *c, const struct attr *attr)
{
	static const uint16_t odd[] = { 0, 1, 2, 3, UINT16_MAX };
	struct nlattr *nest, *first;
	uint16_t whole;
	unsigned int i, len;

	msg_start(&m, family, c->cmd, c->dump ? NLM_F_DUMP : 0);
	nest = msg_nest(&m, attr->type);
	msg_put_needed(&m, attr->nest, 0, 0);
	msg_end(&m, nest);
	whole = nest->nla_len;
	first = (struct nlattr *)((uint8_t *)nest + NLA_HDRLEN);
	for (len = 0; len < whole; len++) {
		nest->nla_len = len;
		said(c, "a nest cut off at", len);
		judge(&m, len < NLA_HDRLEN, what);
	}
	nest->nla_len = whole + 1;
	said(c, "a nest that is longer than its message", 0);
	judge(&m, true, what);
	nest->nla_len = whole;
	if (whole == NLA_HDRLEN)
		return;
	for (i = 0; i < ARRAY_SIZE(odd); i++) {
		first->nla_len = odd[i];
		said(c, "in a nest one of length", odd[i]);
		judge(&m, true, what);
	}
}

static void too_deep(const struct command *c, const struct attr *attr)
{
	static const unsigned int depths[] = { 2, 3, 5, 10, 11, 100, 1000, 8000 };
	static struct nlattr *nest[8000];
	unsigned int d, i;

	for (d = 0; d < ARRAY_SIZE(depths); d++) {
		msg_start(&m, family, c->cmd, c->dump ? NLM_F_DUMP : 0);
		for (i = 0; i < depths[d]; i++)
			nest[i] = msg_nest(&m, attr->type);
		msg_put_u32(&m, 1, 0);
		while (i--)
			msg_end(&m, nest[i]);
		said(c, "nests in nests", depths[d]);
		judge(&m, true, what);
	}
}

/* As often as there is room for, alone and with all that is needed */
static void too_many(const struct command *c, const struct attr *attr)
{
	unsigned int i, n;

	needed(c);
	for (n = 1; m.hdr.nlmsg_len < 60000 && n < 3000; n++)
		msg_put_right(&m, attr, 0xfffffffe);
	said(c, "attributes of one type:", n);
	judge(&m, false, what);

	for (i = 0; attr->nest && i < attr->nest->n; i++) {
		struct nlattr *nest;

		msg_start(&m, family, c->cmd, c->dump ? NLM_F_DUMP : 0);
		nest = msg_nest(&m, attr->type);
		msg_put_needed(&m, attr->nest, attr->nest->attr[i].type, 0);
		for (n = 0; m.hdr.nlmsg_len < 60000 && n < 3000; n++)
			msg_put_right(&m, &attr->nest->attr[i], 0);
		msg_end(&m, nest);
		said(c, "in a nest as many:", n);
		judge(&m, false, what);
	}
}

static void odd_header(const struct command *c)
{
	struct genlmsghdr *genl = (struct genlmsghdr *)(m.buf + NLMSG_HDRLEN);
	unsigned int bit, garbage;

	for (bit = 0; bit < 16; bit++) {
		needed(c);
		genl->reserved = 1 << bit;
		genl->version = bit;
		said(c, "reserved bit", bit);
		judge(&m, false, what);
		needed(c);
		m.hdr.nlmsg_flags = (m.hdr.nlmsg_flags | 1 << bit | NLM_F_ACK) & ~NLM_F_ECHO;
		said(c, "flag", bit);
		judge(&m, false, what);
	}
	for (garbage = 1; garbage < 8; garbage++) {
		needed(c);
		memset(m.buf + m.hdr.nlmsg_len, 0xff, 8);
		m.hdr.nlmsg_len += garbage;
		said(c, "bytes behind the last attribute:", garbage);
		judge(&m, true, what);
	}
}

void sweep_shapes(void)
{
	unsigned int i, k;

	for (i = 0; i < n_commands; i++) {
		const struct command *c = &commands[i];

		/* What this takes is the daemon's place. */
		if (c->cmd == DHCPK_CMD_ATTACH)
			continue;
		no_attributes(c);
		cut_off(c);
		odd_header(c);
		for (k = 0; k < c->set.n; k++) {
			too_many(c, &c->set.attr[k]);
			if (c->set.attr[k].kind != K_NEST)
				continue;
			cut_off_nest(c, &c->set.attr[k]);
			too_deep(c, &c->set.attr[k]);
		}
	}
}

/* ---- those who may not ask ---- */

static void denied(unsigned int cmd, uint16_t flags, const char *with)
{
	const struct command *c = command_of(cmd);
	struct answer a = ask(&m, NULL, NULL);

	tally.sent++;
	tally.refused += a.err < 0;
	if (a.err != (c ? -EPERM : -EOPNOTSUPP) || a.replies)
		wrong("%s (%u) %s with %s: %d, %u replies", c ? c->name : "no command", cmd,
		      flags ? "dump" : "do", with, a.err, a.replies);
}

static void denied_command(unsigned int cmd, uint16_t flags)
{
	const struct command *c = command_of(cmd);
	unsigned int type;

	msg_start(&m, family, cmd, flags);
	denied(cmd, flags, "nothing");
	for (type = 0; type <= DHCPK_A_MAX + 3; type++) {
		const struct attr *attr = c ? attr_of(&c->set, type) : NULL;

		msg_start(&m, family, cmd, flags);
		if (attr)
			msg_put_right(&m, attr, 1);
		else
			msg_put_u32(&m, type, 1);
		denied(cmd, flags, "one attribute");
	}
	if (!c)
		return;
	msg_start(&m, family, cmd, flags);
	msg_put_needed(&m, &c->set, 0, 1);
	denied(cmd, flags, "all that it needs");
}

/* Every command is refused, whatever it says. */
void sweep_denied(void)
{
	unsigned int cmd;

	for (cmd = 0; cmd <= DHCPK_CMD_MAX + 3; cmd++) {
		denied_command(cmd, 0);
		denied_command(cmd, NLM_F_DUMP);
	}
}

/* And so are those who want to hear of bindings. */
void sweep_deaf(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	int group = events_group, fd;

	sweep_denied();
	if (!setsockopt(talk_fd(), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) ||
	    errno != EPERM)
		wrong("the group of events can be joined: %s", strerror(errno));
	addr.nl_groups = group <= 32 ? 1U << (group - 1) : 0;
	fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	if (addr.nl_groups && (!bind(fd, (struct sockaddr *)&addr, sizeof(addr)) || errno != EPERM))
		wrong("the group of events can be bound to: %s", strerror(errno));
	close(fd);
}

#define NOBODY 65534

/* A socket that root has opened, in the hands of somebody else. */
void sweep_dropped(void)
{
	if (setgid(NOBODY) || setuid(NOBODY)) {
		wrong("this is not root");
		return;
	}
	sweep_deaf();
}

/* And one that somebody else has opened, in the hands of root. */
void sweep_borrowed(void)
{
	if (seteuid(NOBODY) || talk_open() || seteuid(0)) {
		wrong("this is not root");
		return;
	}
	sweep_denied();
}
