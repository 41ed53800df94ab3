// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nlbad: messages to the netlink family that must be refused with a text. Prints each answer; exits
 * 1 if one is taken.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include <linux/dhcpk.h>

static struct nl_sock *sock;
static int family, failures;

static struct nl_msg *message(int cmd)
{
	struct nl_msg *msg = nlmsg_alloc();

	genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, NLM_F_ACK, cmd, 1);
	return msg;
}

static void refused(const char *what, struct nl_msg *msg)
{
	int err = nl_send_auto(sock, msg);

	nlmsg_free(msg);
	if (err >= 0)
		err = nl_wait_for_ack(sock);
	printf("%s: %s\n", what, err ? nl_geterror(err) : "TAKEN");
	failures += !err;
}

static int take_cookie(struct nl_msg *msg, void *arg)
{
	struct nlattr *attrs[DHCPK_A_MAX + 1];

	if (!genlmsg_parse(nlmsg_hdr(msg), 0, attrs, DHCPK_A_MAX, NULL) && attrs[DHCPK_A_GENERATION])
		*(uint32_t *)arg = nla_get_u32(attrs[DHCPK_A_GENERATION]);
	return NL_OK;
}

static uint32_t begin(void)
{
	uint32_t cookie = 0;

	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, take_cookie, &cookie);
	nl_send_auto(sock, message(DHCPK_CMD_CONFIG_BEGIN));
	nl_recvmsgs_default(sock);
	nl_wait_for_ack(sock);
	return cookie;
}

/* A pool that is right but for what is passed; -1 leaves an attribute out. */
static struct nl_msg *pool(uint32_t cookie, const char *name, uint32_t subnet, int prefix, uint32_t first, uint32_t last,
			   const char *options, int options_len)
{
	struct nl_msg *msg = message(DHCPK_CMD_CONFIG_POOL);
	struct nlattr *nest, *range, *set;

	nla_put_u32(msg, DHCPK_A_GENERATION, cookie);
	nest = nla_nest_start(msg, DHCPK_A_POOL);
	if (name)
		nla_put_string(msg, DHCPK_A_POOL_NAME, name);
	nla_put_u32(msg, DHCPK_A_POOL_SUBNET, htonl(subnet));
	if (prefix >= 0)
		nla_put_u8(msg, DHCPK_A_POOL_PREFIX, prefix);
	range = nla_nest_start(msg, DHCPK_A_POOL_RANGE);
	nla_put_u32(msg, DHCPK_A_RANGE_FIRST, htonl(first));
	nla_put_u32(msg, DHCPK_A_RANGE_LAST, htonl(last));
	nla_nest_end(msg, range);
	nla_put_u32(msg, DHCPK_A_POOL_LEASE, 60);
	nla_put_u32(msg, DHCPK_A_POOL_LEASE_MIN, 60);
	nla_put_u32(msg, DHCPK_A_POOL_LEASE_MAX, 60);
	set = nla_nest_start(msg, DHCPK_A_POOL_SET);
	nla_put(msg, DHCPK_A_SET_OPTIONS, options_len, options);
	nla_nest_end(msg, set);
	nla_nest_end(msg, nest);
	return msg;
}

/* One whose last attribute is @type with these bytes; that of an attribute may be bytes, too. */
static struct nl_msg *pool_with(uint32_t cookie, int type, const void *data, int len)
{
	struct nl_msg *msg = pool(cookie, "a", 0xc0000200U, 24, 0xc0000209U, 0xc000020aU, "", 0);
	struct nlattr *nest = nlmsg_find_attr(nlmsg_hdr(msg), GENL_HDRLEN, DHCPK_A_POOL);

	nla_put(msg, type, len, data);
	nest->nla_len += nla_total_size(len);
	return msg;
}

/* Attributes inside of it, of 4 bytes and 1 byte */
static struct nl_msg *pool_with_link(uint32_t cookie, uint32_t net, int prefix)
{
	struct nl_msg *nested = nlmsg_alloc();
	struct nl_msg *msg;

	nla_put_u32(nested, DHCPK_A_LINK_NET, htonl(net));
	if (prefix >= 0)
		nla_put_u8(nested, DHCPK_A_LINK_PREFIX, prefix);
	msg = pool_with(cookie, DHCPK_A_POOL_RELAY_LINK | NLA_F_NESTED, nlmsg_data(nlmsg_hdr(nested)),
			nlmsg_datalen(nlmsg_hdr(nested)));
	nlmsg_free(nested);
	return msg;
}

#define NET	0xc0000200U

static void pools(uint32_t c)
{
	refused("no name", pool(c, NULL, NET, 24, NET + 9, NET + 10, "", 0));
	refused("empty name", pool(c, "", NET, 24, NET + 9, NET + 10, "", 0));
	refused("long name", pool(c, "0123456789012345678901234567890123", NET, 24, NET + 9, NET + 10, "", 0));
	refused("prefix 0", pool(c, "a", 0, 0, NET + 9, NET + 10, "", 0));
	refused("prefix 31", pool(c, "a", NET, 31, NET + 9, NET + 10, "", 0));
	refused("prefix missing", pool(c, "a", NET, -1, NET + 9, NET + 10, "", 0));
	refused("host bits", pool(c, "a", NET + 1, 24, NET + 9, NET + 10, "", 0));
	refused("range backwards", pool(c, "a", NET, 24, NET + 10, NET + 9, "", 0));
	refused("range outside", pool(c, "a", NET, 24, NET + 9, NET + 300, "", 0));
	refused("network address", pool(c, "a", NET, 24, NET, NET + 10, "", 0));
	refused("broadcast address", pool(c, "a", NET, 24, NET + 9, NET + 255, "", 0));
	refused("too many addresses", pool(c, "a", 0x80000000, 1, 0x80000001, 0xfffffff0, "", 0));
	refused("option cut off", pool(c, "a", NET, 24, NET + 9, NET + 10, "\x06\x04\x01", 3));
	refused("option of the server", pool(c, "a", NET, 24, NET + 9, NET + 10, "\x35\x01\x05", 3));
	refused("option twice", pool(c, "a", NET, 24, NET + 9, NET + 10, "\x06\x01\x05\x06\x01\x05", 6));
	refused("piece of a long option, short", pool(c, "a", NET, 24, NET + 9, NET + 10, "\xe0\x01\x05\xe0\x01\x05", 6));
	refused("unknown flag", pool_with(c, DHCPK_A_POOL_FLAGS, "\0\0\0\x80", 4));
	refused("unknown identity", pool_with(c, DHCPK_A_POOL_IDENTITY, "\x09", 1));
	refused("no rest after a decline", pool_with(c, DHCPK_A_POOL_DECLINE, "\0\0\0\0", 4));
	refused("link without prefix", pool_with_link(c, NET, -1));
	refused("link with prefix 0", pool_with_link(c, 0, 0));
	refused("link with host bits", pool_with_link(c, NET + 1, 24));
	refused("stale cookie", pool(c - 1, "a", NET, 24, NET + 9, NET + 10, "", 0));
}

static void others(uint32_t c)
{
	struct nl_msg *msg = message(DHCPK_CMD_CONFIG_HOST);
	struct nlattr *nest;

	nla_put_u32(msg, DHCPK_A_GENERATION, c);
	nest = nla_nest_start(msg, DHCPK_A_HOST);
	nla_put_string(msg, DHCPK_A_HOST_POOL, "nowhere");
	nla_put(msg, DHCPK_A_HOST_MAC, 6, "\2\0\0\0\0\1");
	nla_nest_end(msg, nest);
	refused("host without pool", msg);
	msg = message(DHCPK_CMD_CONFIG_HOST);
	nla_put_u32(msg, DHCPK_A_GENERATION, c);
	nest = nla_nest_start(msg, DHCPK_A_HOST);
	nla_put_string(msg, DHCPK_A_HOST_POOL, "a");
	nla_put(msg, DHCPK_A_HOST_MAC, 6, "\2\0\0\0\0\1");
	nla_put(msg, DHCPK_A_HOST_CIRCUIT_ID, 1, "x");
	nla_nest_end(msg, nest);
	refused("host who is two", msg);

	msg = message(DHCPK_CMD_CONFIG_COMMIT);
	refused("commit without cookie", msg);
	msg = message(DHCPK_CMD_CONFIG_COMMIT);
	nla_put_u32(msg, DHCPK_A_GENERATION, c + 7);
	refused("commit of another", msg);
	msg = message(DHCPK_CMD_CONFIG_POOL);
	nla_put_u32(msg, 77, 1);
	refused("unknown attribute", msg);
	refused("unknown command", message(99));
	msg = message(DHCPK_CMD_DEL_LEASE);
	refused("lease of nobody", msg);
}

int main(void)
{
	uint32_t cookie;

	sock = nl_socket_alloc();
	if (!sock || genl_connect(sock))
		return 2;
	family = genl_ctrl_resolve(sock, DHCPK_GENL_NAME);
	if (family < 0)
		return 2;
	cookie = begin();
	if (!cookie) {
		puts("no cookie");
		return 1;
	}
	pools(cookie);
	others(cookie);
	printf("%d taken\n", failures);
	return failures > 0;
}
