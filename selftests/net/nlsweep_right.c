// SPDX-License-Identifier: GPL-2.0-or-later
/* nlsweep: configurations that are right, made up at random. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "nlsweep.h"

static uint32_t below(uint32_t n) { return rnd() % n; }
static bool maybe(void) { return rnd() & 1; }

static void put_be32(struct msg *m, unsigned int type, uint32_t value)
{
	msg_put_u32(m, type, htonl(value));
}

static void put_random(struct msg *m, unsigned int type, size_t len)
{
	uint8_t bytes[255];
	size_t i;

	for (i = 0; i < len; i++)
		bytes[i] = rnd();
	msg_put(m, type, bytes, len);
}

/* Pool @n of a configuration has 10.N.R.0/24, where R is that of the configuration. */
uint32_t net_of(const struct right *r, unsigned int n)
{
	return 10U << 24 | (n & 0xff) << 16 | (r->number & 0xff) << 8;
}

static void put_name(struct msg *m, unsigned int type, unsigned int n)
{
	char name[DHCPK_POOL_NAME_SIZE];

	snprintf(name, sizeof(name), "g%u", n);
	msg_put_text(m, type, name);
}

/* Options of codes that the server does not own, in pieces if they are long. */
static void put_set(struct msg *m, unsigned int type)
{
	struct nlattr *nest = msg_nest(m, type);
	uint8_t options[600];
	size_t len = 0, value;
	unsigned int code;

	for (code = 150; code < 155 && maybe(); code++) {
		value = below(100);
		options[len++] = code;
		options[len++] = value;
		memset(options + len, code, value);
		len += value;
	}
	msg_put(m, DHCPK_A_SET_OPTIONS, options, len);
	if (maybe())
		put_be32(m, DHCPK_A_SET_NEXT_SERVER, rnd());
	if (maybe())
		msg_put_text(m, DHCPK_A_SET_SERVER_NAME, maybe() ? "boot.example" : "");
	if (maybe())
		msg_put_text(m, DHCPK_A_SET_BOOT_FILE, "pxe.0");
	if (maybe())
		msg_put(m, DHCPK_A_SET_ALWAYS, "\x96\x98\x01", 3);
	if (maybe())
		msg_put_u32(m, DHCPK_A_SET_RENEW, maybe() ? DHCPK_TIME_SHARE + 1 + below(999) : DHCPK_TIME_OFF);
	if (maybe())
		msg_put_u32(m, DHCPK_A_SET_REBIND, 1 + below(100000));
	msg_end(m, nest);
}

static void put_two(struct msg *m, unsigned int type, unsigned int a, uint32_t first,
		    unsigned int b, uint32_t second)
{
	struct nlattr *nest = msg_nest(m, type);

	put_be32(m, a, first);
	put_be32(m, b, second);
	msg_end(m, nest);
}

static void put_link(struct msg *m, uint32_t net)
{
	struct nlattr *nest = msg_nest(m, DHCPK_A_POOL_RELAY_LINK);

	put_be32(m, DHCPK_A_LINK_NET, net);
	msg_put_u8(m, DHCPK_A_LINK_PREFIX, 24);
	msg_end(m, nest);
}

void right_pool(struct msg *m, const struct right *r, unsigned int n)
{
	uint32_t net = net_of(r, n);
	struct nlattr *nest;
	unsigned int i;

	msg_start(m, family, DHCPK_CMD_CONFIG_POOL, 0);
	msg_put_u32(m, DHCPK_A_GENERATION, r->cookie);
	nest = msg_nest(m, DHCPK_A_POOL);
	put_name(m, DHCPK_A_POOL_NAME, n);
	put_be32(m, DHCPK_A_POOL_SUBNET, net);
	msg_put_u8(m, DHCPK_A_POOL_PREFIX, 24);
	msg_put_u32(m, DHCPK_A_POOL_LEASE_MIN, 60 + below(60));
	msg_put_u32(m, DHCPK_A_POOL_LEASE, 120 + below(60));
	msg_put_u32(m, DHCPK_A_POOL_LEASE_MAX, maybe() ? DHCPK_LEASE_INFINITE : 180);
	for (i = 0; i < 4 && maybe(); i++)
		put_two(m, DHCPK_A_POOL_RANGE, DHCPK_A_RANGE_FIRST, net + 10 + 40 * i,
			DHCPK_A_RANGE_LAST, net + 10 + 40 * i + below(40));
	if (maybe())
		msg_put_text(m, DHCPK_A_POOL_DEV, maybe() ? "lo" : "g0");
	if (maybe())
		msg_put_u32(m, DHCPK_A_POOL_FLAGS, rnd() & DHCPK_POOL_F_MASK);
	if (maybe())
		msg_put_u8(m, DHCPK_A_POOL_IDENTITY, below(DHCPK_IDENTITY_MAX + 1));
	if (maybe())
		msg_put_u32(m, DHCPK_A_POOL_DECLINE, 1 + below(1000));
	for (i = 0; i < 3 && maybe(); i++)
		put_link(m, 172U << 24 | (16 + n) << 16 | i << 8);
	for (i = 0; i < 3 && maybe(); i++)
		put_name(m, DHCPK_A_POOL_VIA, i);
	if (maybe())
		put_set(m, DHCPK_A_POOL_SET);
	msg_end(m, nest);
}

/* Host @h of pool @n; each has an address, or not, of its own. */
void right_host(struct msg *m, const struct right *r, unsigned int n, unsigned int h)
{
	uint8_t id[6] = { 2, n, h, 1, 2, 3 };
	struct nlattr *nest;

	msg_start(m, family, DHCPK_CMD_CONFIG_HOST, 0);
	msg_put_u32(m, DHCPK_A_GENERATION, r->cookie);
	nest = msg_nest(m, DHCPK_A_HOST);
	put_name(m, DHCPK_A_HOST_POOL, n);
	msg_put(m, DHCPK_A_HOST_MAC + below(3), id, sizeof(id));
	if (maybe())
		put_be32(m, DHCPK_A_HOST_IP, net_of(r, n) + 200 + h);
	if (maybe())
		put_set(m, DHCPK_A_HOST_SET);
	if (maybe())
		msg_put_u32(m, DHCPK_A_HOST_LEASE, 1 + below(100000));
	msg_end(m, nest);
}

/* Sub-option 1: "eth", the VLAN */
static const uint8_t template[] = { 1, 7, DHCPK_AGENT_TEXT, 3, 'e', 't', 'h', DHCPK_AGENT_VLAN, 0 };

void right_relay(struct msg *m, const struct right *r, unsigned int n)
{
	struct nlattr *nest, *server;
	unsigned int i;

	msg_start(m, family, DHCPK_CMD_CONFIG_RELAY, 0);
	msg_put_u32(m, DHCPK_A_GENERATION, r->cookie);
	nest = msg_nest(m, DHCPK_A_RELAY);
	put_name(m, DHCPK_A_RELAY_DEV, n);
	for (i = 0; !i || (i < DHCPK_RELAY_SERVERS_MAX && maybe()); i++) {
		server = msg_nest(m, DHCPK_A_RELAY_SERVER);
		put_be32(m, DHCPK_A_SERVER_IP, 0xcb007101 + i);
		msg_end(m, server);
	}
	if (maybe())
		msg_put_u32(m, DHCPK_A_RELAY_FLAGS, rnd() & DHCPK_RELAY_F_MASK);
	if (maybe())
		msg_put_u8(m, DHCPK_A_RELAY_POLICY, below(DHCPK_RELAY_POLICY_MAX + 1));
	if (maybe())
		msg_put_u8(m, DHCPK_A_RELAY_HOPS, 1 + below(16));
	if (maybe())
		msg_put_u16(m, DHCPK_A_RELAY_SECS, rnd());
	if (maybe())
		put_be32(m, DHCPK_A_RELAY_GIADDR, 0xc6336401 + n);
	if (maybe())
		msg_put_u16(m, DHCPK_A_RELAY_PORT, 1067 + (n & 3));
	if (maybe())
		msg_put_u32(m, DHCPK_A_RELAY_SURVIVE, below(86400));
	if (maybe())
		msg_put(m, DHCPK_A_RELAY_AGENT, template, sizeof(template));
	msg_end(m, nest);
}

static void put_binding(struct msg *m, uint32_t addr, uint64_t now)
{
	static const uint8_t states[] = { DHCPK_LEASE_BOUND, DHCPK_LEASE_RELEASED,
					  DHCPK_LEASE_DECLINED, DHCPK_LEASE_RESTING };
	struct nlattr *nest = msg_nest(m, DHCPK_A_LEASE);
	uint32_t id = htonl(addr);

	put_be32(m, DHCPK_A_LEASE_IP, addr);
	msg_put_u8(m, DHCPK_A_LEASE_STATE, states[below(4)]);
	msg_put_u16(m, DHCPK_A_LEASE_ID_KIND, 1);
	msg_put(m, DHCPK_A_LEASE_ID, &id, sizeof(id));
	msg_put_u8(m, DHCPK_A_LEASE_HTYPE, 1);
	put_random(m, DHCPK_A_LEASE_MAC, 6);
	msg_put_u64(m, DHCPK_A_LEASE_STARTS, now);
	msg_put_u64(m, DHCPK_A_LEASE_EXPIRES, now + 3600000000000);
	msg_put_u64(m, DHCPK_A_LEASE_HORIZON, now + 7200000000000);
	if (maybe())
		put_random(m, DHCPK_A_LEASE_HOSTNAME, below(256));
	if (maybe())
		put_be32(m, DHCPK_A_LEASE_SERVER_ID, 0xc0000201);
	if (maybe())
		put_random(m, DHCPK_A_LEASE_AGENT, below(200));
	msg_end(m, nest);
}

/* @bindings of pool @n, none of them for an address of another. */
void right_restore(struct msg *m, const struct right *r, unsigned int n, unsigned int bindings)
{
	struct nlattr *nest;
	unsigned int i;

	msg_start(m, family, DHCPK_CMD_CONFIG_RESTORE, 0);
	msg_put_u32(m, DHCPK_A_GENERATION, r->cookie);
	nest = msg_nest(m, DHCPK_A_POOL);
	put_name(m, DHCPK_A_POOL_NAME, n);
	msg_end(m, nest);
	for (i = 0; i < bindings; i++)
		put_binding(m, net_of(r, n) + 100 + i, r->now);
}

void right_generation(struct msg *m, const struct right *r, uint8_t cmd)
{
	msg_start(m, family, cmd, 0);
	msg_put_u32(m, DHCPK_A_GENERATION, r->cookie);
}

void right_attach(struct msg *m, const struct right *r)
{
	uint8_t id[DHCPK_STORE_ID_SIZE] = "nlsweep";

	memcpy(id + 8, &r->number, sizeof(r->number));
	msg_start(m, family, DHCPK_CMD_ATTACH, 0);
	msg_put(m, DHCPK_A_STORE_ID, id, sizeof(id));
	msg_put_u64(m, DHCPK_A_SEQ, r->seq);
}

void right_commit(struct msg *m, const struct right *r)
{
	msg_start(m, family, DHCPK_CMD_COMMIT, 0);
	msg_put_u64(m, DHCPK_A_SEQ, r->seq);
}

/* Binding @i of pool @n, as GET_LEASE and DEL_LEASE name it */
void right_lease(struct msg *m, const struct right *r, uint8_t cmd, unsigned int n, unsigned int i)
{
	struct nlattr *nest;

	msg_start(m, family, cmd, cmd == DHCPK_CMD_GET_LEASE ? NLM_F_DUMP : 0);
	nest = msg_nest(m, DHCPK_A_LEASE);
	put_name(m, DHCPK_A_LEASE_POOL, n);
	put_be32(m, DHCPK_A_LEASE_IP, net_of(r, n) + 100 + i);
	msg_end(m, nest);
}

void right_server(struct msg *m, uint8_t cmd, unsigned int n)
{
	struct nlattr *nest, *server;

	msg_start(m, family, cmd, 0);
	nest = msg_nest(m, DHCPK_A_RELAY);
	put_name(m, DHCPK_A_RELAY_DEV, n);
	server = msg_nest(m, DHCPK_A_RELAY_SERVER);
	put_be32(m, DHCPK_A_SERVER_IP, 0xcb007101);
	if (cmd == DHCPK_CMD_SET_SERVER)
		msg_put_u8(m, DHCPK_A_SERVER_UP, maybe());
	msg_end(m, server);
	msg_end(m, nest);
}

/* An empty generation takes the place of what runs. */
void run_nothing(void)
{
	static struct msg m;
	struct right r = { .cookie = begin() };

	right_generation(&m, &r, DHCPK_CMD_CONFIG_COMMIT);
	if (ask(&m, NULL, NULL).err)
		wrong("an empty generation does not come");
}
