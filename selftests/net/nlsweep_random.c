// SPDX-License-Identifier: GPL-2.0-or-later
/* nlsweep: configurations that are right, and the same requests broken, in turn. ROUNDS of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nlsweep.h"

#define PLACES 200

static struct msg m, broken;
static struct right right;
static bool spoilt;	/* a broken request has been taken, so that a right one may be refused */
static unsigned int refused_right;

/* The attributes of a message, those inside of others too. */
static unsigned int places(struct msg *msg, size_t from, size_t to, size_t *at, unsigned int n)
{
	while (from + NLA_HDRLEN <= to && n < PLACES) {
		struct nlattr *a = (struct nlattr *)(msg->buf + from);

		if (a->nla_len < NLA_HDRLEN || from + a->nla_len > to)
			break;
		at[n++] = from;
		if (a->nla_type & NLA_F_NESTED)
			n = places(msg, from + NLA_HDRLEN, from + a->nla_len, at, n);
		from += NLA_ALIGN(a->nla_len);
	}
	return n;
}

static void break_attribute(struct nlattr *a, uint8_t *end)
{
	uint8_t *data = (uint8_t *)a + NLA_HDRLEN;
	unsigned int i;

	switch (rnd() % 6) {
	case 0:
		a->nla_len += rnd() % 9 - 4;
		break;
	case 1:
		a->nla_len = rnd();
		break;
	case 2:
		a->nla_type = (a->nla_type & NLA_F_NESTED) | rnd() % 24;
		break;
	case 3:
		a->nla_type ^= 1 << (rnd() % 16);
		break;
	default:
		for (i = 0; i < 1 + rnd() % 4 && end > data; i++)
			data[rnd() % (end - data < 16 ? end - data : 16)] =
				rnd() % 3 ? rnd() : rnd() % 2 * 0xff;
	}
}

static void break_one(void)
{
	size_t at[PLACES], len = m.hdr.nlmsg_len, copy;
	unsigned int n, i;

	memcpy(broken.buf, m.buf, len);
	n = places(&broken, NLMSG_HDRLEN + GENL_HDRLEN, len, at, 0);
	switch (rnd() % 8) {
	case 0:
		broken.hdr.nlmsg_len -= rnd() % (len - NLMSG_HDRLEN - GENL_HDRLEN + 1);
		break;
	case 1:
		((struct genlmsghdr *)NLMSG_DATA(&broken.hdr))->cmd = rnd() % (DHCPK_CMD_MAX + 2);
		break;
	case 2: /* from an attribute on, all once more */
		copy = n ? len - at[rnd() % n] : 0;
		memcpy(broken.buf + len, broken.buf + len - copy, copy);
		broken.hdr.nlmsg_len += copy;
		break;
	default:
		for (i = 0; n && i < 1 + rnd() % 3; i++)
			break_attribute((struct nlattr *)(broken.buf + at[rnd() % n]),
					broken.buf + len);
	}
}

static struct answer right_one(reader read, void *arg, const char *what)
{
	struct answer a;

	while (rnd() % 3) {
		break_one();
		spoilt |= !judge(&broken, false, what).err;
	}
	a = ask(&m, read, arg);
	tally.sent++;
	if (a.err && spoilt)
		refused_right++;
	else if (a.err)
		wrong("%s, which is right: %d (%s)", what, a.err, a.text);
	return a;
}

static void read_now(const struct nlmsghdr *h, void *arg)
{
	const struct nlattr *now = attr_in((const uint8_t *)NLMSG_DATA(h) + GENL_HDRLEN,
					   h->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN, DHCPK_A_NOW);

	if (now)
		memcpy(arg, attr_data(now), sizeof(uint64_t));
}

static void read_seq(const struct nlmsghdr *h, void *arg)
{
	const struct nlattr *lease =
		attr_in((const uint8_t *)NLMSG_DATA(h) + GENL_HDRLEN,
			h->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN, DHCPK_A_LEASE);
	const struct nlattr *seq =
		lease ? attr_in(attr_data(lease), attr_len(lease), DHCPK_A_LEASE_SEQ) : NULL;

	if (seq)
		memcpy(arg, attr_data(seq), sizeof(uint64_t));
}

static void dump(uint8_t cmd, reader read, void *arg, const char *what)
{
	msg_start(&m, family, cmd, NLM_F_DUMP);
	if (!right_one(read, arg, what).end && !spoilt)
		wrong("%s has no end", what);
}

/* All that is told of a generation once it runs. */
static void look(unsigned int pools, unsigned int relays)
{
	right_attach(&m, &right);
	right_one(NULL, NULL, "ATTACH");
	dump(DHCPK_CMD_PULL, read_seq, &right.seq, "PULL");
	right_commit(&m, &right);
	right_one(NULL, NULL, "COMMIT");
	dump(DHCPK_CMD_GET_POOL, NULL, NULL, "GET_POOL");
	dump(DHCPK_CMD_GET_RELAY, NULL, NULL, "GET_RELAY");
	if (pools) {
		right_lease(&m, &right, DHCPK_CMD_GET_LEASE, rnd() % pools, 0);
		right_one(NULL, NULL, "GET_LEASE");
	}
	if (relays) {
		right_server(&m, DHCPK_CMD_SET_SERVER, rnd() % relays);
		right_one(NULL, NULL, "SET_SERVER");
	}
	msg_start(&m, family, DHCPK_CMD_GET_STATS, 0);
	right_one(NULL, NULL, "GET_STATS");
}

static void round_of(void)
{
	unsigned int pools = rnd() % 4, relays = rnd() % 3, i, h;

	spoilt = false;
	right.number++;
	msg_start(&m, family, DHCPK_CMD_GET_INFO, 0);
	right_one(read_now, &right.now, "GET_INFO");
	right.cookie = begin();
	for (i = 0; i < pools; i++) {
		right_pool(&m, &right, i);
		right_one(NULL, NULL, "CONFIG_POOL");
		for (h = 0; h < rnd() % 4; h++) {
			right_host(&m, &right, i, h);
			right_one(NULL, NULL, "CONFIG_HOST");
		}
	}
	for (i = 0; i < relays; i++) {
		right_relay(&m, &right, i);
		right_one(NULL, NULL, "CONFIG_RELAY");
	}
	for (i = 0; i < pools; i++) {
		right_restore(&m, &right, i, rnd() % 30);
		right_one(NULL, NULL, "CONFIG_RESTORE");
	}
	/* A CONFIG_BEGIN among what was broken has taken the cookie away. */
	right_generation(&m, &right, DHCPK_CMD_CONFIG_COMMIT);
	right_one(NULL, NULL, "CONFIG_COMMIT");
	look(pools, relays);
}

/* In a namespace of its own, in which nlsweep is the daemon, and nothing is left but nothing. */
void sweep_random(void)
{
	const char *given = getenv("ROUNDS");
	unsigned int rounds = given && *given ? atoi(given) : 300, i;

	for (i = 0; i < rounds && !tally.wrong; i++)
		round_of();
	printf("%u configurations; %u requests refused after a broken one was taken\n", i,
	       refused_right);
	run_nothing();
}
