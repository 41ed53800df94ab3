// SPDX-License-Identifier: GPL-2.0-only
/* RFC 2131 section 4.3 as a table: from message and lease to verdict. */
#include "dhcp.h"

static struct dhcp_decision verdict(enum dhcp_verdict v)
{
	return (struct dhcp_decision){ .verdict = v };
}

static struct dhcp_decision no_reply(enum dhcp_silence why)
{
	return (struct dhcp_decision){ .verdict = DHCP_DO_NOTHING, .silence = why };
}

static struct dhcp_decision nak(const char *message)
{
	return (struct dhcp_decision){ .verdict = DHCP_DO_NAK, .message = message };
}

/*
 * A server that does not know all clients stays silent. An authoritative server sends a NAK, if it
 * is the only server.
 */
static struct dhcp_decision nak_if_authoritative(const struct dhcp_facts *facts,
						 const char *message)
{
	if (facts->authoritative && !facts->others)
		return nak(message);
	return no_reply(DHCP_SILENT_UNKNOWN);
}

/*
 * RFC 2131 4.3.1. A client that needs no IPv4 address gets none from the pool (RFC 8925 3.3), not
 * even with rapid commit.
 */
static struct dhcp_decision discover(const struct dhcp_msg *msg, const struct dhcp_facts *facts)
{
	if (facts->v6_mostly && dhcp_asks_for(msg, DHCP_OPT_V6_ONLY))
		return verdict(DHCP_DO_PREFER_V6);
	return verdict(facts->rapid_commit && msg->rapid_commit ? DHCP_DO_RAPID : DHCP_DO_OFFER);
}

/* RFC 2131 4.3.2, SELECTING: the client has taken an offer, of this server or of another one. */
static struct dhcp_decision selecting(const struct dhcp_msg *msg, const struct dhcp_facts *facts)
{
	if (!facts->server_id_matches)
		return verdict(DHCP_DO_FORGET);
	/*
	 * The client may have taken the other server's offer: both have the same server identifier.
	 */
	if (!facts->allowed && facts->others_as_us && facts->hold == DHCP_HELD_BY_NONE)
		return no_reply(DHCP_SILENT_UNKNOWN);
	if (facts->hold == DHCP_HELD_BY_OTHER)
		return nak("address in use");
	/*
	 * The server has not offered this address. If the client could take one after the other,
	 * each address that it left would be quarantined until its lease ends.
	 */
	if (facts->bound_elsewhere && !facts->reserved)
		return nak("another address is yours");
	/*
	 * RFC 2131 3.1: the selected server SHOULD send a NAK if it cannot give the address, to any
	 * client.
	 */
	return facts->allowed ? verdict(DHCP_DO_ACK) : nak("address not available");
}

/*
 * RFC 2131 4.3.2, INIT-REBOOT, RENEWING and REBINDING: the client claims to have an address
 * already.
 */
static struct dhcp_decision claiming(const struct dhcp_msg *msg, const struct dhcp_facts *facts)
{
	/*
	 * An unknown client that rebinds may have another server on this link, for a subnet that
	 * this server does not know.
	 */
	if (!facts->on_link)
		return facts->others || (msg->hdr->ciaddr && !facts->known) ?
		       nak_if_authoritative(facts, "wrong network") : nak("wrong network");
	if (facts->hold == DHCP_HELD_BY_OTHER)
		return nak("address in use");
	if (facts->hold == DHCP_HELD_BY_CLIENT)
		return facts->allowed ? verdict(DHCP_DO_ACK) : nak("address no longer available");
	if (facts->reserved)
		return facts->allowed ? verdict(DHCP_DO_ACK) : nak("address not available");
	if (facts->known)
		return nak("another address is yours");
	/* RFC 2131 4.3.2: a server without a record of this client MUST remain silent. */
	return nak_if_authoritative(facts, "address unknown");
}

/*
 * RFC 2131 table 4 has the address in option 50 or in ciaddr. Clients send both in every state, and
 * option 54 in renewals. The server accepts an address that is sent twice, but not two different
 * addresses.
 */
static struct dhcp_decision request(const struct dhcp_msg *msg, const struct dhcp_facts *facts)
{
	if (!dhcp_asked_addr(msg) || dhcp_contradicts(msg))
		return no_reply(DHCP_SILENT_VIOLATION);
	return msg->server_id ? selecting(msg, facts) : claiming(msg, facts);
}

/*
 * RFC 2131 table 5: DECLINE has the address in option 50, RELEASE in ciaddr. DECLINE is broadcast
 * and must name the server.
 */
static struct dhcp_decision give_back(const struct dhcp_msg *msg, const struct dhcp_facts *facts,
				      enum dhcp_verdict v)
{
	if ((!msg->server_id && v == DHCP_DO_DECLINE) || !dhcp_asked_addr(msg))
		return no_reply(DHCP_SILENT_VIOLATION);
	if (!facts->server_id_matches)
		return no_reply(DHCP_SILENT_OTHER_SERVER);
	/*
	 * Only the holder may give an address back: otherwise any client could take addresses from
	 * others.
	 */
	if (facts->hold != DHCP_HELD_BY_CLIENT)
		return no_reply(DHCP_SILENT_UNKNOWN);
	return verdict(v);
}

static struct dhcp_decision inform(const struct dhcp_msg *msg, const struct dhcp_facts *facts)
{
	if (msg->server_id && !facts->server_id_matches)
		return no_reply(DHCP_SILENT_OTHER_SERVER);
	/*
	 * RFC 2131 3.4: check the address for consistency. Otherwise an INFORM could direct replies
	 * at other hosts.
	 */
	if (!facts->on_link)
		return no_reply(DHCP_SILENT_VIOLATION);
	return verdict(DHCP_DO_INFORM);
}

/**
 * dhcp_asked_addr - the address that a message is about
 * @msg: a parsed message
 *
 * RFC 2131 tables 4 and 5: option 50 while the client has no address, ciaddr when it has one.
 *
 * Return: the address, 0 if the message names none.
 * Context: any.
 */
__be32 dhcp_asked_addr(const struct dhcp_msg *msg)
{
	switch (msg->type) {
	case DHCP_RELEASE:
	case DHCP_INFORM:
		return msg->hdr->ciaddr;
	case DHCP_REQUEST:
		return msg->requested_ip ? msg->requested_ip : msg->hdr->ciaddr;
	default:
		return msg->requested_ip;
	}
}

/**
 * dhcp_decide - the verdict on a message
 * @msg: a parsed BOOTREQUEST
 * @facts: the server's knowledge of the client and of dhcp_asked_addr()
 *
 * Return: the verdict with its reason.
 * Context: any; the caller holds the lock that keeps @facts true until it has executed the verdict.
 */
struct dhcp_decision dhcp_decide(const struct dhcp_msg *msg, const struct dhcp_facts *facts)
{
	switch (msg->type) {
	case DHCP_NONE:
		return facts->bootp ? verdict(DHCP_DO_BOOTP) : no_reply(DHCP_SILENT_SWITCHED_OFF);
	case DHCP_DISCOVER:
		return discover(msg, facts);
	case DHCP_REQUEST:
		return request(msg, facts);
	case DHCP_DECLINE:
		return give_back(msg, facts, DHCP_DO_DECLINE);
	case DHCP_RELEASE:
		return give_back(msg, facts, DHCP_DO_RELEASE);
	case DHCP_INFORM:
		return inform(msg, facts);
	default:
		return no_reply(DHCP_SILENT_VIOLATION);
	}
}
