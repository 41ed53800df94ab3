// SPDX-License-Identifier: GPL-2.0-only
/* RFC 2131 section 4.3 as a table: message and binding to verdict. */
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

/* Where a server that does not know everything stays silent, an authoritative one refuses, if it is the only one. */
static struct dhcp_decision nak_if_authoritative(const struct dhcp_facts *facts,
						 const char *message)
{
	if (facts->authoritative && !facts->others)
		return nak(message);
	return no_reply(DHCP_SILENT_UNKNOWN);
}

/* RFC 2131 4.3.1. A client that can do without IPv4 takes no address out of the pool (RFC 8925 3.3), not at once either. */
static struct dhcp_decision discover(const struct dhcp_msg *msg, const struct dhcp_facts *facts)
{
	if (facts->v6_mostly && dhcp_asks_for(msg, DHCP_OPT_V6_ONLY))
		return verdict(DHCP_DO_PREFER_V6);
	return verdict(facts->rapid_commit && msg->rapid_commit ? DHCP_DO_RAPID : DHCP_DO_OFFER);
}

/* RFC 2131 4.3.2, SELECTING: the client took an offer, ours or another server's. */
static struct dhcp_decision selecting(const struct dhcp_msg *msg, const struct dhcp_facts *facts)
{
	if (!facts->server_id_matches)
		return verdict(DHCP_DO_FORGET);
	/* It may be another's offer. */
	if (!facts->allowed && facts->others_as_us && facts->hold == DHCP_HELD_BY_NONE)
		return no_reply(DHCP_SILENT_UNKNOWN);
	if (facts->hold == DHCP_HELD_BY_OTHER)
		return nak("address in use");
	/* It was not offered this one; each address that it left would rest until its lease is over. */
	if (facts->bound_elsewhere && !facts->reserved)
		return nak("another address is yours");
	/* RFC 2131 3.1: the server that was chosen SHOULD refuse what it can not give, whoever asks. */
	return facts->allowed ? verdict(DHCP_DO_ACK) : nak("address not available");
}

/* RFC 2131 4.3.2, INIT-REBOOT, RENEWING and REBINDING: the client claims to have an address already. */
static struct dhcp_decision claiming(const struct dhcp_msg *msg, const struct dhcp_facts *facts)
{
	/* A stranger who rebinds may have a server of his own on this link, for a subnet that we know nothing of. */
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
	/* RFC 2131 4.3.2: no record of this client, the server MUST remain silent. */
	return nak_if_authoritative(facts, "address unknown");
}

/*
 * RFC 2131 table 4 has the address in option 50 or in ciaddr. Clients send both in every state, and option 54 in renewals:
 * what says the same twice is served, and what contradicts itself is not.
 */
static struct dhcp_decision request(const struct dhcp_msg *msg, const struct dhcp_facts *facts)
{
	if (!dhcp_asked_addr(msg) || dhcp_contradicts(msg))
		return no_reply(DHCP_SILENT_VIOLATION);
	return msg->server_id ? selecting(msg, facts) : claiming(msg, facts);
}

/* RFC 2131 table 5: DECLINE names the address in option 50, RELEASE in ciaddr; DECLINE, which is broadcast, the server. */
static struct dhcp_decision give_back(const struct dhcp_msg *msg, const struct dhcp_facts *facts,
				      enum dhcp_verdict v)
{
	if ((!msg->server_id && v == DHCP_DO_DECLINE) || !dhcp_asked_addr(msg))
		return no_reply(DHCP_SILENT_VIOLATION);
	if (!facts->server_id_matches)
		return no_reply(DHCP_SILENT_OTHER_SERVER);
	/* Only the holder gives an address back; anything else would be a way to rob others. */
	if (facts->hold != DHCP_HELD_BY_CLIENT)
		return no_reply(DHCP_SILENT_UNKNOWN);
	return verdict(v);
}

static struct dhcp_decision inform(const struct dhcp_msg *msg, const struct dhcp_facts *facts)
{
	if (msg->server_id && !facts->server_id_matches)
		return no_reply(DHCP_SILENT_OTHER_SERVER);
	/* RFC 2131 3.4: check the address for consistency, or the answer becomes a weapon against others. */
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
 * Return: the address, 0 where the message names none.
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
 * dhcp_decide - what a message leads to
 * @msg: a parsed BOOTREQUEST
 * @facts: what the tables say about its client and about dhcp_asked_addr()
 *
 * Return: the verdict with its reason.
 * Context: any; the caller holds whatever keeps @facts true until it has acted on the verdict.
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
