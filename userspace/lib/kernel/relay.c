// SPDX-License-Identifier: GPL-2.0-or-later
/* Relays: programming them, reading their state, and setting the state of their servers. */
#include <string.h>
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>

#include "lib/kernel/relay.h"
#include "lib/kernel/request.h"

static const char *const relay_stat_names[] = {
	NULL, "up-discover", "up-request", "up-decline", "up-release", "up-inform", "up-bootp",
	"up-other", "down-offer", "down-ack", "down-nak", "down-bootp", "down-other",
	"drop-parse-failed", "drop-rfc-violation", "drop-hops", "drop-secs", "drop-spoofed",
	"drop-untrusted", "drop-policy", "drop-no-address", "drop-no-route",
	"drop-not-a-server", "drop-ambiguous", "drop-foreign-agent", "drop-vss", "drop-promised",
	"drop-no-memory", "drop-tx-failed", "agent-left-out", "probes", "probe-replies",
	"survive-acks", "survive-confirmed", "not-remembered", "copies-left-out",
};
_Static_assert(sizeof(relay_stat_names) / sizeof(relay_stat_names[0]) == DHCPK_RELAY_STAT_MAX + 1,
	       "each counter has a name");

const char *relay_stat_name(unsigned int stat)
{
	return stat <= DHCPK_RELAY_STAT_MAX ? relay_stat_names[stat] : NULL;
}

/*
 * ---- configuration: put functions return 0, or a negative libnl error if the message is full ----
 */

enum { UP_UNSAID = -1 };

/* A server, as configured or with its state */
static int put_server(struct nl_msg *msg, uint32_t ip, int up)
{
	struct nlattr *nest = nla_nest_start(msg, DHCPK_A_RELAY_SERVER);

	if (!nest)
		goto nla_put_failure;
	NLA_PUT_U32(msg, DHCPK_A_SERVER_IP, htonl(ip));
	if (up != UP_UNSAID)
		NLA_PUT_U8(msg, DHCPK_A_SERVER_UP, up);
	return nla_nest_end(msg, nest);
nla_put_failure:
	return -NLE_MSGSIZE;
}

static int put_relay(struct nl_msg *msg, const struct relay_spec *r)
{
	struct nlattr *nest = nla_nest_start(msg, DHCPK_A_RELAY);
	unsigned int i;

	if (!nest)
		goto nla_put_failure;
	NLA_PUT_STRING(msg, DHCPK_A_RELAY_DEV, r->dev);
	for (i = 0; i < r->n_servers; i++) {
		if (put_server(msg, r->servers[i], UP_UNSAID))
			goto nla_put_failure;
	}
	NLA_PUT_U32(msg, DHCPK_A_RELAY_FLAGS, r->flags);
	NLA_PUT_U8(msg, DHCPK_A_RELAY_POLICY, r->policy);
	NLA_PUT_U8(msg, DHCPK_A_RELAY_HOPS, r->hops);
	NLA_PUT_U16(msg, DHCPK_A_RELAY_SECS, r->secs);
	NLA_PUT_U16(msg, DHCPK_A_RELAY_PORT, r->port);
	if (r->giaddr)
		NLA_PUT_U32(msg, DHCPK_A_RELAY_GIADDR, htonl(r->giaddr));
	if (r->survive)
		NLA_PUT_U32(msg, DHCPK_A_RELAY_SURVIVE, r->survive);
	if (r->agent_len)
		NLA_PUT(msg, DHCPK_A_RELAY_AGENT, r->agent_len, r->agent);
	return nla_nest_end(msg, nest);
nla_put_failure:
	return -NLE_MSGSIZE;
}

int kernel_relay(struct kernel *k, uint32_t generation, const struct relay_spec *r, struct err *e)
{
	struct nl_msg *msg = kernel_message(k, DHCPK_CMD_CONFIG_RELAY, NLM_F_ACK);
	int n = nla_put_u32(msg, DHCPK_A_GENERATION, generation);

	return kernel_configure(k, msg, n ? n : put_relay(msg, r), e);
}

/* ---- servers ---- */

static int server_request(struct kernel *k, int cmd, const char *dev, uint32_t ip, int up,
			  struct err *e)
{
	struct nl_msg *msg = kernel_message(k, cmd, NLM_F_ACK);
	struct nlattr *nest = nla_nest_start(msg, DHCPK_A_RELAY);

	if (!nest || nla_put_string(msg, DHCPK_A_RELAY_DEV, dev) || put_server(msg, ip, up))
		abort();	/* a name always fits */
	nla_nest_end(msg, nest);
	return kernel_request(k, msg, NULL, NULL, e);
}

int kernel_set_server(struct kernel *k, const char *dev, uint32_t ip, bool up, struct err *e)
{
	return server_request(k, DHCPK_CMD_SET_SERVER, dev, ip, up, e);
}

int kernel_probe_server(struct kernel *k, const char *dev, uint32_t ip, struct err *e)
{
	return server_request(k, DHCPK_CMD_PROBE_SERVER, dev, ip, UP_UNSAID, e);
}

/* ---- state ---- */

static void take_server(struct kernel_relay *r, struct nlattr *nest)
{
	struct nlattr *a[DHCPK_A_SERVER_MAX + 1];

	if (r->n_servers == DHCPK_RELAY_SERVERS_MAX ||
	    nla_parse_nested(a, DHCPK_A_SERVER_MAX, nest, NULL))
		return;
	r->servers[r->n_servers++] = (struct kernel_server) {
		.ip = ntohl(u32_of(a[DHCPK_A_SERVER_IP])),
		.up = u8_of(a[DHCPK_A_SERVER_UP]),
		.sent = u64_of(a[DHCPK_A_SERVER_SENT]),
		.replies = u64_of(a[DHCPK_A_SERVER_REPLIES]),
		.last = u64_of(a[DHCPK_A_SERVER_LAST]),
		.unanswered_since = u64_of(a[DHCPK_A_SERVER_SILENT]),
	};
}

static void take_counts(uint64_t *count, struct nlattr *nest)
{
	struct nlattr *a;
	int rem;

	nla_for_each_nested(a, nest, rem) {
		if (nla_type(a) <= DHCPK_RELAY_STAT_MAX && nla_len(a) == sizeof(uint64_t))
			count[nla_type(a)] = nla_get_u64(a);
	}
}

static void take_relay(struct nlattr **attrs, void *arg)
{
	struct nlattr *a[DHCPK_A_RELAY_MAX + 1], *server;
	struct kernel_relay *r;
	int rem;

	if (!attrs[DHCPK_A_RELAY] ||
	    nla_parse_nested(a, DHCPK_A_RELAY_MAX, attrs[DHCPK_A_RELAY], NULL))
		return;
	r = kernel_list_next(arg);
	if (a[DHCPK_A_RELAY_DEV])
		nla_strlcpy(r->dev, a[DHCPK_A_RELAY_DEV], sizeof(r->dev));
	r->ifindex = u32_of(a[DHCPK_A_RELAY_IFINDEX]);
	r->giaddr = ntohl(u32_of(a[DHCPK_A_RELAY_GIADDR]));
	r->flags = u32_of(a[DHCPK_A_RELAY_FLAGS]);
	r->survive = u32_of(a[DHCPK_A_RELAY_SURVIVE]);
	r->remembered = u32_of(a[DHCPK_A_RELAY_REMEMBERED]);
	r->vouched = u32_of(a[DHCPK_A_RELAY_VOUCHED]);
	if (a[DHCPK_A_RELAY_STATS])
		take_counts(r->count, a[DHCPK_A_RELAY_STATS]);
	nla_for_each_nested(server, attrs[DHCPK_A_RELAY], rem) {
		if (nla_type(server) == DHCPK_A_RELAY_SERVER)
			take_server(r, server);
	}
}

int kernel_relays(struct kernel *k, struct kernel_relay **all, size_t *n, struct err *e)
{
	struct kernel_list l = { .each = sizeof(struct kernel_relay) };
	int err = kernel_dump(k, DHCPK_CMD_GET_RELAY, take_relay, &l, e);

	*all = l.all;
	*n = l.n;
	if (err != -EOPNOTSUPP)
		return err;
	/* An older module does not send this. */
	memset(e, 0, sizeof(*e));
	return 0;
}
