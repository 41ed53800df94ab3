// SPDX-License-Identifier: GPL-2.0-only
/* Bytes from the network to struct dhcp_msg. */
#include <linux/string.h>
#include <linux/unaligned.h>

#include "dhcp.h"

/* Fields that contain options besides the options field, RFC 2132 section 9.3 */
enum {
	OVERLOAD_FILE	= 1,
	OVERLOAD_SNAME	= 2,
};

/*
 * An option in several pieces is one value (RFC 3396 section 7). For an option of fixed size, the
 * first piece is the value.
 */
static bool take_addr(__be32 *addr, const u8 *data, u8 len)
{
	if (len != sizeof(*addr))
		return false;
	if (!*addr)
		memcpy(addr, data, sizeof(*addr));
	return true;
}

static bool take_type(struct dhcp_msg *msg, const u8 *data, u8 len)
{
	if (len != 1)
		return false;
	if (!msg->type)
		msg->type = data[0];
	return true;
}

static bool take_overload(u8 *overload, const u8 *data, u8 len)
{
	if (len != 1)
		return false;
	*overload |= data[0] & (OVERLOAD_FILE | OVERLOAD_SNAME);
	return true;
}

static bool take_lease_time(struct dhcp_msg *msg, const u8 *data, u8 len)
{
	if (len != 4)
		return false;
	if (!msg->has_lease_time)
		msg->lease_time = get_unaligned_be32(data);
	msg->has_lease_time = true;
	return true;
}

static bool take_max_size(struct dhcp_msg *msg, const u8 *data, u8 len)
{
	if (len != 2)
		return false;
	/* RFC 2132 9.10: the minimum legal value is 576; a smaller value is ignored. */
	if (get_unaligned_be16(data) > DHCP_MIN_DATAGRAM)
		msg->max_size = get_unaligned_be16(data);
	return true;
}

/*
 * The first piece is used in place. The second one moves both into msg->joined, where further
 * pieces are appended.
 */
static bool take_piece(struct dhcp_msg *msg, struct dhcp_bytes *bytes, const u8 *data, u8 len)
{
	u8 *tail = msg->joined + msg->joined_len;
	bool last = bytes->data && bytes->data + bytes->len == tail;
	size_t moved = last ? 0 : bytes->len;

	if (!bytes->data) {
		bytes->data = data;
		bytes->len = len;
		return true;
	}
	if (moved + len > (size_t)(msg->joined + DHCP_JOINED_MAX - tail))
		return false;
	memcpy(tail, bytes->data, moved);
	memcpy(tail + moved, data, len);
	if (!last)
		bytes->data = tail;
	bytes->len += len;
	msg->joined_len += moved + len;
	return true;
}

/*
 * Some options are only wishes. If such an option has a wrong length, the server ignores it and
 * serves the client.
 */
static bool take_wish(struct dhcp_msg *msg, bool taken)
{
	msg->ignored += !taken;
	return true;
}

/*
 * Returns false if the option has an invalid length and the answer depends on its value. Options
 * that the server does not use are always valid.
 */
static bool take_option(struct dhcp_msg *msg, u8 *overload, u8 code, const u8 *data, u8 len)
{
	switch (code) {
	case DHCP_OPT_MESSAGE_TYPE:
		return take_type(msg, data, len);
	case DHCP_OPT_OVERLOAD:
		return take_overload(overload, data, len);
	case DHCP_OPT_REQUESTED_IP:
		return take_wish(msg, take_addr(&msg->requested_ip, data, len));
	case DHCP_OPT_SERVER_ID:
		msg->bad_server_id |= !take_addr(&msg->server_id, data, len);
		return true;
	case DHCP_OPT_SUBNET_SELECTION:
		return take_wish(msg, take_addr(&msg->subnet_selection, data, len));
	case DHCP_OPT_LEASE_TIME:
		return take_wish(msg, take_lease_time(msg, data, len));
	case DHCP_OPT_MAX_SIZE:
		return take_wish(msg, take_max_size(msg, data, len));
	case DHCP_OPT_RAPID_COMMIT:
		msg->rapid_commit = true;
		return true;
	case DHCP_OPT_CLIENT_ID:
		return take_piece(msg, &msg->client_id, data, len);
	case DHCP_OPT_HOST_NAME:
		return take_piece(msg, &msg->host_name, data, len);
	case DHCP_OPT_PARAMETER_LIST:
		return take_piece(msg, &msg->prl, data, len);
	case DHCP_OPT_FQDN:
		return take_piece(msg, &msg->fqdn, data, len);
	case DHCP_OPT_RELAY_AGENT:
		return take_piece(msg, &msg->agent.whole, data, len);
	default:
		return true;
	}
}

/*
 * One field of options. A missing END is tolerated, bytes behind END are ignored (RFC 2132 section
 * 2).
 */
static enum dhcp_parse_error parse_field(struct dhcp_msg *msg, u8 *overload, const u8 *p,
					 const u8 *end)
{
	enum dhcp_parse_error err = DHCP_PARSE_OK;

	while (p < end) {
		u8 code = *p++;
		u8 len;

		if (code == DHCP_OPT_PAD)
			continue;
		if (code == DHCP_OPT_END)
			break;
		if (p == end)
			return DHCP_PARSE_TRUNCATED;
		len = *p++;
		if (len > end - p)
			return DHCP_PARSE_TRUNCATED;
		if (!take_option(msg, overload, code, p, len))
			err = DHCP_PARSE_VALUE;
		p += len;
	}
	return err;
}

/*
 * RFC 2131 section 4.1: options, then file, then sname. Option 52 inside an overloaded field is
 * ignored.
 */
static enum dhcp_parse_error parse_options(struct dhcp_msg *msg, const u8 *options, const u8 *end)
{
	const struct dhcp_hdr *hdr = msg->hdr;
	enum dhcp_parse_error err, in_file = DHCP_PARSE_OK, in_sname = DHCP_PARSE_OK;
	struct dhcp_bytes agent;
	u8 overload = 0, nested = 0;

	err = parse_field(msg, &overload, options, end);
	agent = msg->agent.whole;
	if (overload & OVERLOAD_FILE)
		in_file = parse_field(msg, &nested, hdr->file, hdr->file + sizeof(hdr->file));
	if (overload & OVERLOAD_SNAME)
		in_sname = parse_field(msg, &nested, hdr->sname, hdr->sname + sizeof(hdr->sname));
	msg->agent.overloaded = msg->agent.whole.data != agent.data ||
				msg->agent.whole.len != agent.len;
	if (err == DHCP_PARSE_TRUNCATED || in_file == DHCP_PARSE_TRUNCATED ||
	    in_sname == DHCP_PARSE_TRUNCATED)
		return DHCP_PARSE_TRUNCATED;
	return err ?: in_file ?: in_sname;
}

/*
 * Option 82 is opaque, except for the sub-options that this module knows. From the first malformed
 * sub-option on, everything is opaque.
 */
static void parse_agent(struct dhcp_agent *agent)
{
	const u8 *p = agent->whole.data, *end;

	if (!p)
		return;
	end = p + agent->whole.len;
	/*
	 * RFC 3046 has each sub-option once. If there are several, the first one is by the relay
	 * nearest to the client.
	 */
	for (; end - p >= 2 && p[1] <= end - p - 2; p += 2 + p[1]) {
		struct dhcp_bytes value = { .data = p + 2, .len = p[1] };

		switch (p[0]) {
		case DHCP_AGENT_CIRCUIT_ID:
			if (!agent->circuit_id.data)
				agent->circuit_id = value;
			break;
		case DHCP_AGENT_REMOTE_ID:
			if (!agent->remote_id.data)
				agent->remote_id = value;
			break;
		case DHCP_AGENT_LINK_SELECTION:
			take_addr(&agent->link_selection, value.data, value.len);
			break;
		case DHCP_AGENT_SERVER_ID:
			take_addr(&agent->server_id, value.data, value.len);
			break;
		case DHCP_AGENT_SOURCE_PORT:
			agent->source_port = true;
			break;
		case DHCP_AGENT_VSS:
			agent->vss = true;
			break;
		case DHCP_AGENT_VSS_CONTROL:
			agent->vss_control = true;
			break;
		}
	}
}

/*
 * A server identifier of wrong length is ignored in a DISCOVER. In any other message, the server
 * identifier matters.
 */
static bool check_server_id(struct dhcp_msg *msg)
{
	if (!msg->bad_server_id)
		return true;
	return take_wish(msg, false) && msg->type == DHCP_DISCOVER;
}

/*
 * RFC 2132 9.14 requires two bytes of client identifier. One byte is accepted. An empty identifier
 * is treated as absent: otherwise all clients that send one would be a single client.
 */
static bool check_client_id(struct dhcp_msg *msg)
{
	if (!msg->client_id.len)
		msg->client_id.data = NULL;
	return msg->client_id.len <= DHCP_CLIENT_ID_MAX;
}

/*
 * RFC 4702 section 4: option 12 is ignored if there is an option 81. RFC 2132 section 2: trailing
 * NULs are removed.
 */
static void choose_host_name(struct dhcp_msg *msg)
{
	struct dhcp_bytes *name = &msg->host_name;
	const struct dhcp_bytes *fqdn = &msg->fqdn;

	if (fqdn->len > DHCP_FQDN_HEADER && fqdn->data[0] & DHCP_FQDN_ENCODED &&
	    fqdn->data[3] && fqdn->data[3] < fqdn->len - DHCP_FQDN_HEADER) {
		name->data = fqdn->data + 4;
		name->len = fqdn->data[3];
	}
	while (name->len && !name->data[name->len - 1])
		name->len--;
	if (!name->len)
		name->data = NULL;
	if (name->len > 255)
		name->len = 255;
}

/**
 * dhcp_parse - parse a message
 * @msg: the view; undefined after an error other than DHCP_PARSE_VALUE, except for @msg->hdr after
 * DHCP_PARSE_TRUNCATED
 * @scratch: space for options that came in pieces
 * @data: the UDP payload, at any alignment
 * @len: its length in bytes; not more than the packet contains, whatever the headers say
 *
 * Accepts messages as real clients send them: without END, without padding to 300 bytes, with any
 * bytes behind END (RFC 2131 section 4.1, RFC 2132). Never reads outside @data. An option in
 * several pieces is one option (RFC 3396). Without the cookie there are no options.
 *
 * Return: DHCP_PARSE_OK, or the error.
 * Context: any.
 */
enum dhcp_parse_error dhcp_parse(struct dhcp_msg *msg, struct dhcp_scratch *scratch, const u8 *data,
				 size_t len)
{
	const struct dhcp_hdr *hdr = (const struct dhcp_hdr *)data;
	enum dhcp_parse_error err;

	if (len < DHCP_HDR_LEN)
		return DHCP_PARSE_SHORT;
	if (hdr->op != DHCP_BOOTREQUEST && hdr->op != DHCP_BOOTREPLY)
		return DHCP_PARSE_OP;
	if (hdr->hlen > DHCP_CHADDR_LEN)
		return DHCP_PARSE_HLEN;

	*msg = (struct dhcp_msg){ .hdr = hdr, .joined = scratch->joined };
	msg->max_size = DHCP_MIN_DATAGRAM;
	msg->bare = get_unaligned_be32(&hdr->cookie) != DHCP_COOKIE;
	if (msg->bare)
		return DHCP_PARSE_OK;
	err = parse_options(msg, hdr->options, data + len);
	if (err == DHCP_PARSE_TRUNCATED)
		return err;
	parse_agent(&msg->agent);
	choose_host_name(msg);
	return check_client_id(msg) && check_server_id(msg) ? err : DHCP_PARSE_VALUE;
}

/**
 * dhcp_asks_for - is an option in the parameter request list?
 * @msg: a parsed message
 * @code: the option
 *
 * Context: any.
 */
bool dhcp_asks_for(const struct dhcp_msg *msg, u8 code)
{
	return msg->prl.data && memchr(msg->prl.data, code, msg->prl.len);
}
