// SPDX-License-Identifier: GPL-2.0-or-later
/* nlsweep: the requests that linux/dhcpk.h describes. */
#include <string.h>

#include "nlsweep.h"

/* NEEDED ones are in every request of their set, with a value that is right. */
#define NUMBER(id, size)		{ .type = id, .kind = K_NUMBER, .min = size, .max = size }
#define NEEDED(id, size, v)                                                                        \
	{                                                                                          \
		.type = id, .kind = K_NUMBER, .min = size, .max = size, .needed = true,            \
		.number = v                                                                        \
	}
#define TEXT(id, longest)		{ .type = id, .kind = K_TEXT, .max = longest }
#define NEEDED_TEXT(id, longest, t)                                                                \
	{                                                                                          \
		.type = id, .kind = K_TEXT, .max = longest, .needed = true, .text = t              \
	}
#define BYTES(id, least, most)		{ .type = id, .kind = K_BYTES, .min = least, .max = most }
#define NEEDED_BYTES(id, l, h, t)                                                                  \
	{                                                                                          \
		.type = id, .kind = K_BYTES, .min = l, .max = h, .needed = true, .text = t         \
	}
#define NEST(id, set)                                                                              \
	{                                                                                          \
		.type = id, .kind = K_NEST, .max = UINT16_MAX, .nest = &set                        \
	}
#define NEEDED_NEST(id, set)                                                                       \
	{                                                                                          \
		.type = id, .kind = K_NEST, .max = UINT16_MAX, .needed = true, .nest = &set        \
	}
#define HTONL(x) ((uint32_t)__builtin_bswap32(x) * LITTLE + (uint32_t)(x) * !LITTLE)
#define LITTLE				(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
#define NET				0xc6336400U	/* 198.51.100.0, RFC 5737 */
#define POOL				"nlsweep"
#define SET(max_type, list)	{ #list, max_type, ARRAY_SIZE(list), list }

static const struct attr range[] = {
	NEEDED(DHCPK_A_RANGE_FIRST, 4, HTONL(NET + 10)),
	NEEDED(DHCPK_A_RANGE_LAST, 4, HTONL(NET + 19)),
};
static const struct set range_set = SET(DHCPK_A_RANGE_MAX, range);

static const struct attr link[] = {
	NEEDED(DHCPK_A_LINK_NET, 4, HTONL(0xcb007100)),
	NEEDED(DHCPK_A_LINK_PREFIX, 1, 24),
};
static const struct set link_set = SET(DHCPK_A_LINK_MAX, link);

static const struct attr options[] = {
	BYTES(DHCPK_A_SET_OPTIONS, 0, DHCPK_OPTIONS_MAX),
	NUMBER(DHCPK_A_SET_NEXT_SERVER, 4),
	TEXT(DHCPK_A_SET_SERVER_NAME, 63),
	TEXT(DHCPK_A_SET_BOOT_FILE, 127),
	BYTES(DHCPK_A_SET_ALWAYS, 0, 255),
	NUMBER(DHCPK_A_SET_RENEW, 4),
	NUMBER(DHCPK_A_SET_REBIND, 4),
};
static const struct set options_set = SET(DHCPK_A_SET_MAX, options);

static const struct attr pool[] = {
	NEEDED_TEXT(DHCPK_A_POOL_NAME, DHCPK_POOL_NAME_SIZE - 1, POOL),
	NEEDED(DHCPK_A_POOL_SUBNET, 4, HTONL(NET)),
	NEEDED(DHCPK_A_POOL_PREFIX, 1, 24),
	TEXT(DHCPK_A_POOL_DEV, 15),
	NEEDED_NEST(DHCPK_A_POOL_RANGE, range_set),
	NEEDED(DHCPK_A_POOL_LEASE, 4, 60),
	NEEDED(DHCPK_A_POOL_LEASE_MIN, 4, 60),
	NEEDED(DHCPK_A_POOL_LEASE_MAX, 4, 60),
	NUMBER(DHCPK_A_POOL_FLAGS, 4),
	NUMBER(DHCPK_A_POOL_IDENTITY, 1),
	NUMBER(DHCPK_A_POOL_DECLINE, 4),
	NEST(DHCPK_A_POOL_RELAY_LINK, link_set),
	NEST(DHCPK_A_POOL_SET, options_set),
	TEXT(DHCPK_A_POOL_VIA, 15),
};
static const struct set pool_set = SET(DHCPK_A_POOL_MAX, pool);

static const struct attr host[] = {
	NEEDED_TEXT(DHCPK_A_HOST_POOL, DHCPK_POOL_NAME_SIZE - 1, POOL),
	NEEDED_BYTES(DHCPK_A_HOST_MAC, 6, 6, "\2nlswp"),
	BYTES(DHCPK_A_HOST_CLIENT_ID, 1, 255),
	BYTES(DHCPK_A_HOST_CIRCUIT_ID, 1, 255),
	NUMBER(DHCPK_A_HOST_IP, 4),
	NEST(DHCPK_A_HOST_SET, options_set),
	NUMBER(DHCPK_A_HOST_LEASE, 4),
};
static const struct set host_set = SET(DHCPK_A_HOST_MAX, host);

static const struct attr server[] = {
	NEEDED(DHCPK_A_SERVER_IP, 4, HTONL(NET + 2)),
	NUMBER(DHCPK_A_SERVER_UP, 1),
};
static const struct set server_set = SET(DHCPK_A_SERVER_MAX, server);

static const struct attr relay[] = {
	NEEDED_TEXT(DHCPK_A_RELAY_DEV, 15, "nlsweep0"),
	NEEDED_NEST(DHCPK_A_RELAY_SERVER, server_set),
	NUMBER(DHCPK_A_RELAY_FLAGS, 4),
	NUMBER(DHCPK_A_RELAY_POLICY, 1),
	NUMBER(DHCPK_A_RELAY_HOPS, 1),
	NUMBER(DHCPK_A_RELAY_SECS, 2),
	NUMBER(DHCPK_A_RELAY_GIADDR, 4),
	NUMBER(DHCPK_A_RELAY_PORT, 2),
	NUMBER(DHCPK_A_RELAY_SURVIVE, 4),
	BYTES(DHCPK_A_RELAY_AGENT, 0, DHCPK_AGENT_TEMPLATE_MAX),
};
static const struct set relay_set = SET(DHCPK_A_RELAY_MAX, relay);

static const struct attr lease[] = {
	NEEDED_TEXT(DHCPK_A_LEASE_POOL, DHCPK_POOL_NAME_SIZE - 1, POOL),
	NEEDED(DHCPK_A_LEASE_IP, 4, HTONL(NET + 12)),
};
static const struct set lease_set = SET(DHCPK_A_LEASE_MAX, lease);

static const struct attr stored[] = {
	NEEDED(DHCPK_A_LEASE_IP, 4, HTONL(NET + 12)),
	NEEDED(DHCPK_A_LEASE_STATE, 1, DHCPK_LEASE_BOUND),
	NUMBER(DHCPK_A_LEASE_HTYPE, 1),
	BYTES(DHCPK_A_LEASE_MAC, 0, 16),
	BYTES(DHCPK_A_LEASE_HOSTNAME, 0, 255),
	NUMBER(DHCPK_A_LEASE_STARTS, 8),
	NUMBER(DHCPK_A_LEASE_EXPIRES, 8),
	BYTES(DHCPK_A_LEASE_AGENT, 0, UINT16_MAX),
	NUMBER(DHCPK_A_LEASE_HORIZON, 8),
	NEEDED(DHCPK_A_LEASE_ID_KIND, 2, 1),
	NEEDED_BYTES(DHCPK_A_LEASE_ID, 1, 255, "\2nlswp"),
	NUMBER(DHCPK_A_LEASE_SERVER_ID, 4),
	NUMBER(DHCPK_A_LEASE_ORDER, 8),
};
static const struct set stored_set = SET(DHCPK_A_LEASE_MAX, stored);

static const struct attr config_pool[] = { NEEDED(DHCPK_A_GENERATION, 4, 0),
					   NEEDED_NEST(DHCPK_A_POOL, pool_set) };
static const struct attr config_host[] = { NEEDED(DHCPK_A_GENERATION, 4, 0),
					   NEEDED_NEST(DHCPK_A_HOST, host_set) };
static const struct attr config_relay[] = { NEEDED(DHCPK_A_GENERATION, 4, 0),
					    NEEDED_NEST(DHCPK_A_RELAY, relay_set) };
static const struct attr config_commit[] = { NEEDED(DHCPK_A_GENERATION, 4, 0) };
static const struct attr get_lease[] = { NEST(DHCPK_A_LEASE, lease_set) };
static const struct attr del_lease[] = { NEEDED_NEST(DHCPK_A_LEASE, lease_set),
					 NEST(DHCPK_A_POOL, pool_set) };
static const struct attr restore[] = {
	NEEDED(DHCPK_A_GENERATION, 4, 0),
	NEEDED_NEST(DHCPK_A_POOL, pool_set),
	NEEDED_NEST(DHCPK_A_LEASE, stored_set),
};
static const struct attr attach[] = { BYTES(DHCPK_A_STORE_ID, DHCPK_STORE_ID_SIZE, DHCPK_STORE_ID_SIZE),
				      NUMBER(DHCPK_A_SEQ, 8) };
static const struct attr commit[] = { NUMBER(DHCPK_A_SEQ, 8) };

#define DO(command, list)	{ DHCPK_CMD_##command, #command, false, SET(DHCPK_A_MAX, list) }
#define DUMP(command, list)	{ DHCPK_CMD_##command, #command, true, SET(DHCPK_A_MAX, list) }
#define NOTHING			{ "nothing", DHCPK_A_MAX, 0, NULL }

const struct command commands[] = {
	{ DHCPK_CMD_GET_INFO, "GET_INFO", false, NOTHING },
	{ DHCPK_CMD_CONFIG_BEGIN, "CONFIG_BEGIN", false, NOTHING },
	DO(CONFIG_POOL, config_pool),
	DO(CONFIG_HOST, config_host),
	DO(CONFIG_COMMIT, config_commit),
	{ DHCPK_CMD_GET_POOL, "GET_POOL", true, NOTHING },
	DUMP(GET_LEASE, get_lease),
	DO(DEL_LEASE, del_lease),
	{ DHCPK_CMD_GET_STATS, "GET_STATS", false, NOTHING },
	DO(CONFIG_RESTORE, restore),
	DO(ATTACH, attach),
	{ DHCPK_CMD_PULL, "PULL", true, NOTHING },
	DO(COMMIT, commit),
	DO(CONFIG_RELAY, config_relay),
	{ DHCPK_CMD_GET_RELAY, "GET_RELAY", true, NOTHING },
	DO(SET_SERVER, config_relay),
	DO(PROBE_SERVER, config_relay),
};

const unsigned int n_commands = ARRAY_SIZE(commands);

const struct command *command_of(unsigned int cmd)
{
	unsigned int i;

	for (i = 0; i < n_commands; i++) {
		if (commands[i].cmd == cmd)
			return &commands[i];
	}
	return NULL;
}

const struct attr *attr_of(const struct set *set, unsigned int type)
{
	unsigned int i;

	for (i = 0; set && i < set->n; i++) {
		if (set->attr[i].type == type)
			return &set->attr[i];
	}
	return NULL;
}

/* Bytes that are no attributes: a length below that of a header, or beyond the end. */
static bool no_attributes(const uint8_t *data, size_t len)
{
	uint16_t first;

	if (!len)
		return false;
	if (len < NLA_HDRLEN)
		return true;
	memcpy(&first, data, sizeof(first));
	return first < NLA_HDRLEN || first > len;
}

/*
 * Must a request be refused for this value, whatever else is in it? @attr: NULL if it does not
 * belong there.
 */
bool illegal(const struct attr *attr, bool nested, const void *data, size_t len)
{
	const uint8_t *text = data;
	size_t n;

	if (!attr || nested != (attr->kind == K_NEST))
		return true;
	switch (attr->kind) {
	case K_TEXT:
		n = len < attr->max + 1 ? len : attr->max + 1;
		if (!n || !memchr(text, 0, n))
			return true;
		return len - !text[len - 1] > attr->max;
	case K_NEST:
		return no_attributes(data, len);
	default:
		return len < attr->min || len > attr->max;
	}
}

/*
 * A value that is right, behind @m; of a nest all that it needs. @generation: the cookie of what is
 * staged
 */
void msg_put_right(struct msg *m, const struct attr *attr, uint32_t generation)
{
	struct nlattr *nest;

	switch (attr->kind) {
	case K_NUMBER:
		if (attr->min == 1)
			msg_put_u8(m, attr->type, attr->number);
		else if (attr->min == 2)
			msg_put_u16(m, attr->type, attr->number);
		else if (attr->min == 4)
			msg_put_u32(m, attr->type, attr->number ?: generation);
		else
			msg_put_u64(m, attr->type, attr->number);
		break;
	case K_TEXT:
		msg_put_text(m, attr->type, attr->text ?: "x");
		break;
	case K_BYTES:
		msg_put(m, attr->type, attr->text ?: "0123456789abcdef", attr->min > 6 ? 16 : 6);
		break;
	case K_NEST:
		nest = msg_nest(m, attr->type);
		msg_put_needed(m, attr->nest, 0, generation);
		msg_end(m, nest);
		break;
	}
}

/* All that a set needs but for the attribute @without. */
void msg_put_needed(struct msg *m, const struct set *set, unsigned int without, uint32_t generation)
{
	unsigned int i;

	for (i = 0; i < set->n; i++) {
		if (set->attr[i].needed && set->attr[i].type != without)
			msg_put_right(m, &set->attr[i], generation);
	}
}
