// SPDX-License-Identifier: GPL-2.0-only
/* Bytes from the network to struct dhcp_msg. */
#include <linux/string.h>
#include <linux/unaligned.h>

#include "dhcp.h"

/* Which fields carry options beside the options field, RFC 2132 section 9.3 */
enum {
	OVERLOAD_FILE	= 1,
	OVERLOAD_SNAME	= 2,
};

static bool take_addr(__be32 *addr, const u8 *data, u8 len)
{
	if (len != sizeof(*addr))
		return false;
	memcpy(addr, data, sizeof(*addr));
	return true;
}

static bool take_bytes(struct dhcp_bytes *bytes, const u8 *data, u8 len)
{
	bytes->data = data;
	bytes->len = len;
	return true;
}

static bool take_lease_time(struct dhcp_msg *msg, const u8 *data, u8 len)
{
	if (len != 4)
		return false;
	msg->lease_time = get_unaligned_be32(data);
	msg->has_lease_time = true;
	return true;
}

static bool take_max_size(struct dhcp_msg *msg, const u8 *data, u8 len)
{
	if (len != 2)
		return false;
	msg->max_size = get_unaligned_be16(data);
	/* RFC 2132 9.10: the legal minimum is 576; a client that says less is wrong about itself. */
	if (msg->max_size < DHCP_MIN_DATAGRAM)
		msg->max_size = DHCP_MIN_DATAGRAM;
	return true;
}

static bool take_client_id(struct dhcp_msg *msg, const u8 *data, u8 len)
{
	/* RFC 2132 9.14 asks for two bytes. One is served as it stands; none is no identity at all and must not make
	 * all such clients one.
	 */
	return len ? take_bytes(&msg->client_id, data, len) : true;
}

static bool take_host_name(struct dhcp_msg *msg, const u8 *data, u8 len)
{
	/* RFC 2132 section 2: accept a trailing NUL and strip it. */
	while (len && !data[len - 1])
		len--;
	return len ? take_bytes(&msg->host_name, data, len) : true;
}

/* Returns false if the value's length is not one that the option may have. Options we have no use for are fine. */
static bool take_option(struct dhcp_msg *msg, u8 *overload, u8 code, const u8 *data, u8 len)
{
	switch (code) {
	case DHCP_OPT_MESSAGE_TYPE:
		if (len != 1)
			return false;
		msg->type = data[0];
		return true;
	case DHCP_OPT_OVERLOAD:
		if (len != 1)
			return false;
		*overload = data[0] & (OVERLOAD_FILE | OVERLOAD_SNAME);
		return true;
	case DHCP_OPT_REQUESTED_IP:
		return take_addr(&msg->requested_ip, data, len);
	case DHCP_OPT_SERVER_ID:
		return take_addr(&msg->server_id, data, len);
	case DHCP_OPT_LEASE_TIME:
		return take_lease_time(msg, data, len);
	case DHCP_OPT_MAX_SIZE:
		return take_max_size(msg, data, len);
	case DHCP_OPT_CLIENT_ID:
		return take_client_id(msg, data, len);
	case DHCP_OPT_HOST_NAME:
		return take_host_name(msg, data, len);
	case DHCP_OPT_PARAMETER_LIST:
		return take_bytes(&msg->prl, data, len);
	case DHCP_OPT_RELAY_AGENT:
		return take_bytes(&msg->relay_agent, data, len);
	default:
		return true;
	}
}

/* One field of options. A missing END is tolerated, what follows END is ignored (RFC 2132 section 2). */
static enum dhcp_parse_error parse_field(struct dhcp_msg *msg, u8 *overload, const u8 *p, const u8 *end)
{
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
			return DHCP_PARSE_VALUE;
		p += len;
	}
	return DHCP_PARSE_OK;
}

/* RFC 2131 section 4.1: options, then file, then sname. An overload found inside an overloaded field means nothing. */
static enum dhcp_parse_error parse_options(struct dhcp_msg *msg, const u8 *options, const u8 *end)
{
	const struct dhcp_hdr *hdr = msg->hdr;
	enum dhcp_parse_error err;
	u8 overload = 0, nested;

	err = parse_field(msg, &overload, options, end);
	if (!err && overload & OVERLOAD_FILE)
		err = parse_field(msg, &nested, hdr->file, hdr->file + sizeof(hdr->file));
	if (!err && overload & OVERLOAD_SNAME)
		err = parse_field(msg, &nested, hdr->sname, hdr->sname + sizeof(hdr->sname));
	return err;
}

/**
 * dhcp_parse - make a view of a message
 * @msg: the view; undefined after an error
 * @data: the UDP payload, at any alignment
 * @len: its length in bytes; whatever the packet's headers claim, not more than there is
 *
 * Accepts what real clients send: no END, no padding to 300 bytes, anything behind END (RFC 2131 section 4.1, RFC 2132).
 * Never reads outside @data. Of an option that comes twice the last counts.
 *
 * Return: DHCP_PARSE_OK, or what is wrong.
 * Context: any.
 */
enum dhcp_parse_error dhcp_parse(struct dhcp_msg *msg, const u8 *data, size_t len)
{
	const struct dhcp_hdr *hdr = (const struct dhcp_hdr *)data;

	if (len < DHCP_HDR_LEN)
		return DHCP_PARSE_SHORT;
	if (hdr->op != DHCP_BOOTREQUEST && hdr->op != DHCP_BOOTREPLY)
		return DHCP_PARSE_OP;
	if (hdr->hlen > DHCP_CHADDR_LEN)
		return DHCP_PARSE_HLEN;
	if (get_unaligned_be32(&hdr->cookie) != DHCP_COOKIE)
		return DHCP_PARSE_COOKIE;

	memset(msg, 0, sizeof(*msg));
	msg->hdr = hdr;
	msg->max_size = DHCP_MIN_DATAGRAM;
	return parse_options(msg, hdr->options, data + len);
}
