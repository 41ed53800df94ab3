// SPDX-License-Identifier: GPL-2.0-only
/*
 * A relay with "survive" stores the ACKs that it passes on. A client that renews while no server
 * answers gets its own ACK again, in the name of its server. The lease of that ACK ends at most
 * "survive" after the end of the lease that the server knows of. As long as a lease lasts that the
 * relay has granted, the relay drops replies that give the address to another client. reconcile.c
 * asks the servers to confirm the lease.
 */
#include "relay/survive.h"

#include <linux/inetdevice.h>
#include <linux/jhash.h>
#include <linux/slab.h>

#include "relay/counters.h"
#include "relay/ack_cache.h"
#include "relay/option82.h"
#include "relay/servers.h"

enum {
	REQUEST_MAX	 = 1472,	/* bytes of a stored request; clients send no longer ones */
	PATIENCE_SECONDS = 1,		/* that a server has to answer a client before the relay */
	NO_IDENTIFIER	 = 2,		/* the hash of an identifier is odd */
};

static bool same_client(struct dhcpk_ack_entry *r, const struct dhcp_hdr *hdr)
{
	const struct dhcp_hdr *ack = dhcpk_msg_copy_hdr(r->ack);

	return ack->htype == hdr->htype && ack->hlen == hdr->hlen &&
	       !memcmp(ack->chaddr, hdr->chaddr, sizeof(ack->chaddr));
}

/* A client identifier identifies its client. An ACK of an RFC 6842 server contains it, too. */
static bool same_identifier(const struct dhcp_msg *ack, const struct dhcp_msg *msg)
{
	return !ack->client_id.len ||
	       (ack->client_id.len == msg->client_id.len &&
		!memcmp(ack->client_id.data, msg->client_id.data, msg->client_id.len));
}

/* Is @msg from the client that got the stored ACK? @ack: set to the parsed ACK. */
static bool is_holder(struct dhcpk_ack_entry *r, const struct dhcp_msg *msg, struct dhcp_msg *ack,
		      struct dhcp_scratch *scratch)
{
	return same_client(r, msg->hdr) &&
	       !dhcp_parse(ack, scratch, r->ack->data, r->ack->len) && same_identifier(ack, msg);
}

/* ---- messages that pass ---- */

/*
 * A new ACK replaces the stored one. A longer lease that this relay has granted to the same client
 * stays valid. Returns NULL if there is no room or no memory; the stored ACK is unchanged then.
 */
static struct dhcpk_ack_entry *put_ack(struct dhcpk_ack_cache *m, struct dhcpk_ack_entry *r,
				       const struct dhcp_msg *ack, const void *body,
				       unsigned int len, u64 now)
{
	struct dhcpk_msg_copy *copy = dhcpk_msg_copy_new(body, len);

	if (!r && copy)
		r = dhcpk_ack_cache_add(m, ack->hdr->yiaddr);
	if (!r || !copy || !dhcpk_ack_cache_replace(m, &r->ack, copy)) {
		kfree(copy);
		if (r && !r->ack)
			dhcpk_ack_cache_del(m, ntohl(ack->hdr->yiaddr), r);
		return NULL;
	}
	dhcpk_ack_cache_confirm(m, r);
	r->asks = 0;
	r->unanswered_since = 0;
	r->expires = now + (u64)ack->lease_time * NSEC_PER_SEC;
	return r;
}

/* Has the relay granted the lease to another client? */
static bool granted_to_other(struct dhcpk_ack_entry *r, const struct dhcp_msg *reply, u64 now)
{
	return r && r->granted_until > now && !same_client(r, reply->hdr);
}

/*
 * The lease that a NAK refuses to its client. NULL: there is none, or it is the lease of another
 * client with the same hardware address.
 */
static struct dhcpk_ack_entry *find_refused(struct dhcpk_ack_cache *m, const struct dhcp_hdr *nak,
					    const struct dhcpk_request_note *asked)
{
	struct dhcpk_ack_entry *r = dhcpk_ack_cache_find(m, asked->addr);

	return r && same_client(r, nak) && (!r->id || r->id == asked->id) ? r : NULL;
}

/*
 * Stores the ACK, and deletes the entry of a previous holder of the address. Returns the counter of
 * the event.
 */
static enum dhcpk_relay_stat store_ack(struct dhcpk_relay *relay, const struct net_device *dev,
				       __be32 from, const struct dhcp_msg *reply, const void *body,
				       unsigned int len, u64 now)
{
	struct dhcpk_ack_cache *m = relay->ack_cache;
	struct dhcpk_ack_entry *r = dhcpk_ack_cache_find(m, reply->hdr->yiaddr);
	bool unconfirmed = r && !list_empty(&r->unconfirmed);
	struct dhcpk_request_note asked;

	if (r && !same_client(r, reply->hdr)) {
		dhcpk_ack_cache_del(m, ntohl(reply->hdr->yiaddr), r);
		r = NULL;
		unconfirmed = false;
	}
	/* Without "survive" the relay grants no more leases. A server may confirm a granted one. */
	if (!r && !relay->survive)
		return DHCPK_RELAY_STAT_UNSPEC;
	/* A BOOTP reply, or an ACK to an INFORM, grants no lease. */
	if (reply->type != DHCP_ACK || !reply->has_lease_time)
		return DHCPK_RELAY_STAT_UNSPEC;
	/* A client never renews an infinite lease. */
	if (reply->lease_time == DHCPK_LEASE_INFINITE) {
		if (r)
			dhcpk_ack_cache_del(m, ntohl(reply->hdr->yiaddr), r);
	} else {
		/*
		 * RFC 4390: a client without a hardware address has an identifier, but replies need
		 * not contain it.
		 */
		r = reply->hdr->hlen ? put_ack(m, r, reply, body, len, now) : NULL;
		if (!r)
			return DHCPK_RELAY_NOT_REMEMBERED;
		r->link = dhcpk_relay_link(relay, dev);
		r->server = from;
		if (dhcpk_ack_cache_get_request(m, reply->hdr, &asked) &&
		    asked.addr == reply->hdr->yiaddr)
			r->id = asked.id;
	}
	return unconfirmed ? DHCPK_RELAY_SURVIVE_CONFIRMED : DHCPK_RELAY_STAT_UNSPEC;
}

/*
 * With the relay's server identifier in option 82, each server gets messages about the leases of
 * other servers (RFC 5107 section 4). Does the lease last, and is it one of another server than
 * @from that is up?
 */
static bool has_other_server(struct dhcpk_relay *relay, const struct dhcpk_ack_entry *r,
			     __be32 from, u64 now)
{
	const struct dhcpk_server *server = dhcpk_relay_server(relay, r->server);

	return server && server->addr != from && dhcpk_server_is_up(server, now) &&
	       now < r->expires;
}

/*
 * A client that gets a NAK has lost its address. But a client that has got this relay's ACK to the
 * same request already ignores the NAK. Then the granted lease lasts to its end, and the relay does
 * not extend it again. Returns false if the client must not get the NAK.
 */
static bool handle_nak(struct dhcpk_relay *relay, __be32 from, const struct dhcp_hdr *nak,
		       u64 now)
{
	struct dhcpk_ack_entry *r;
	struct dhcpk_request_note asked;

	/*
	 * The NAK may refuse the lease of another server, if there is another one. A client without
	 * an answer sends its request again.
	 */
	if (!dhcpk_ack_cache_get_request(relay->ack_cache, nak, &asked))
		return relay->n_servers == 1 && !(relay->flags & DHCPK_RELAY_F_ANY_SERVER);
	r = find_refused(relay->ack_cache, nak, &asked);
	if (!r)
		return true;
	if (has_other_server(relay, r, from, now))
		return false;
	/* The granted lease lasts: the NAK may be lost, or may answer a request of the relay. */
	if (r->granted_until > now)
		r->asks = DHCPK_ASKS_MAX;
	else
		dhcpk_ack_cache_del(relay->ack_cache, ntohl(dhcpk_msg_copy_hdr(r->ack)->yiaddr), r);
	return true;
}

/**
 * dhcpk_survive_reply - check a reply for a client, and store an ACK
 * @relay: a relay with a cache of ACKs
 * @dev: its interface
 * @from: the server's address
 * @reply: the parsed reply
 * @body: the reply as the client gets it
 * @len: its length
 *
 * Return: false if the client must not get the reply: it contains an address that the relay has
 * granted to another client, or refuses a lease that may be of another server.
 * Context: softirq.
 */
bool dhcpk_survive_reply(struct dhcpk_relay *relay, const struct net_device *dev, __be32 from,
			 const struct dhcp_msg *reply, const void *body, unsigned int len)
{
	enum dhcpk_relay_stat stat = DHCPK_RELAY_STAT_UNSPEC;
	struct dhcpk_ack_cache *m = relay->ack_cache;
	u64 now = ktime_get_boottime_ns();
	bool may_go;

	if (reply->type != DHCP_OFFER && reply->type != DHCP_ACK && reply->type != DHCP_NAK &&
	    reply->type != DHCP_NONE)
		return true;
	spin_lock(&m->lock);
	if (reply->type == DHCP_NAK)
		may_go = handle_nak(relay, from, reply->hdr, now);
	else
		may_go = !granted_to_other(dhcpk_ack_cache_find(m, reply->hdr->yiaddr), reply, now);
	if (may_go && reply->hdr->yiaddr && (reply->type == DHCP_ACK || reply->type == DHCP_NONE))
		stat = store_ack(relay, dev, from, reply, body, len, now);
	spin_unlock(&m->lock);
	if (stat)
		dhcpk_relay_count(relay, stat);
	return may_go;
}

/**
 * dhcpk_survive_release - delete the entry of an address that a client gives back
 * @relay: a relay with a cache of ACKs
 * @msg: the client's RELEASE or DECLINE
 *
 * Context: softirq.
 */
void dhcpk_survive_release(struct dhcpk_relay *relay, const struct dhcp_msg *msg)
{
	__be32 addr = msg->type == DHCP_RELEASE ? msg->hdr->ciaddr : msg->requested_ip;
	struct dhcpk_ack_cache *m = relay->ack_cache;
	struct dhcp_scratch scratch;
	struct dhcpk_ack_entry *r;
	struct dhcp_msg ack;

	spin_lock(&m->lock);
	r = dhcpk_ack_cache_find(m, addr);
	if (r && is_holder(r, msg, &ack, &scratch))
		dhcpk_ack_cache_del(m, ntohl(addr), r);
	spin_unlock(&m->lock);
}

/**
 * dhcpk_survive_request - note the address that a client requests, which a NAK will not contain
 * @relay: a relay with a cache of ACKs
 * @msg: the client's REQUEST
 * @exchange: its dhcpk_relay_exchange()
 *
 * Context: softirq.
 */
void dhcpk_survive_request(struct dhcpk_relay *relay, const struct dhcp_msg *msg, u32 exchange)
{
	u32 id = NO_IDENTIFIER;

	if (msg->client_id.len)
		id = jhash(msg->client_id.data, msg->client_id.len, 0) | 1;

	dhcpk_ack_cache_note_request(relay->ack_cache, exchange, dhcp_asked_addr(msg), id);
}

/* ---- answers in the name of the server ---- */

/*
 * Do other interfaces have clients in the same subnet? Then a server may have given the address to
 * a client there after the end of the lease, and this relay would not know. An interface without a
 * subnet shares one with others, most likely.
 */
static bool shares_subnet(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay)
{
	struct dhcpk_subnet subnet = dhcpk_relay_subnet(relay, ctx->dev), other_subnet;
	const struct dhcpk_relay *other;
	struct net_device *dev;

	if (!dhcpk_relay_has_subnet(ctx->dev))
		return true;
	list_for_each_entry(other, &ctx->config->relays, list) {
		dev = other == relay ? NULL : dev_get_by_index_rcu(dev_net(ctx->dev),
								   READ_ONCE(other->link->ifindex));
		if (!dev || !dhcpk_same_vrf(ctx->dev, dev))
			continue;
		other_subnet = dhcpk_relay_subnet(other, dev);
		if (!((subnet.addr ^ other_subnet.addr) & subnet.mask & other_subnet.mask))
			return true;
	}
	return false;
}

/* Would the relay name the same subnet to the server now as when the server granted the lease? */
static bool link_unchanged(const struct dhcpk_relay *relay, const struct net_device *dev,
			   struct dhcpk_ack_entry *r)
{
	if (dhcpk_msg_copy_hdr(r->ack)->giaddr != dhcpk_relay_giaddr(relay, dev))
		return false;
	return r->link == dhcpk_relay_link(relay, dev);
}

/* For how many seconds may the relay grant the lease? 0: not at all. */
static u32 seconds_left(const struct dhcpk_relay *relay, const struct dhcpk_ctx *ctx,
			const struct dhcpk_ack_entry *r, const struct dhcp_msg *ack)
{
	u64 end = r->expires, now = ctx->now;

	if (!shares_subnet(ctx, relay))
		end += (u64)relay->survive * NSEC_PER_SEC;
	if (r->asks == DHCPK_ASKS_MAX || now >= end)
		return 0;
	return min_t(u64, ack->lease_time, div_u64(end - now, NSEC_PER_SEC));
}

static void extend(struct dhcpk_ack_cache *m, struct dhcpk_ack_entry *r, u64 until, u64 now)
{
	if (list_empty(&r->unconfirmed))
		m->n_unconfirmed++;
	list_move_tail(&r->unconfirmed, &m->unconfirmed);
	r->granted_until = max(r->granted_until, until);
	r->asked_at = now;
}

/*
 * A server that answers this client is not silent, even if it owes answers to others. The relay
 * answers only a client that has got no answer of a server for PATIENCE_SECONDS.
 */
static bool has_waited(struct dhcpk_ack_entry *r, u64 now)
{
	if (!r->unanswered_since)
		r->unanswered_since = now;
	return now >= r->unanswered_since + (u64)PATIENCE_SECONDS * NSEC_PER_SEC;
}

/* The client's ACK again, for the caller to free. NULL: no lease to extend, or no memory. */
static struct dhcpk_msg_copy *repeat_ack(struct dhcpk_relay *relay, const struct dhcpk_ctx *ctx,
					 struct dhcp_scratch *scratch)
{
	struct dhcpk_ack_entry *r = dhcpk_ack_cache_find(relay->ack_cache,
							 dhcp_asked_addr(&ctx->msg));
	struct dhcpk_msg_copy *reply, *request;
	struct dhcp_msg ack;
	u32 seconds;

	if (!r || ctx->len > REQUEST_MAX || !link_unchanged(relay, ctx->dev, r) ||
	    !is_holder(r, &ctx->msg, &ack, scratch))
		return NULL;
	seconds = seconds_left(relay, ctx, r, &ack);
	if (!has_waited(r, ctx->now) || !seconds)
		return NULL;
	reply = dhcpk_msg_copy_new(r->ack->data, r->ack->len);
	request = dhcpk_msg_copy_new(ctx->msg.hdr, ctx->len);
	if (!reply || !request || !dhcp_ack_again(reply->data, reply->len, ctx->msg.hdr, seconds) ||
	    !dhcpk_ack_cache_replace(relay->ack_cache, &r->request, request)) {
		kfree(reply);
		kfree(request);
		return NULL;
	}
	extend(relay->ack_cache, r, ctx->now + (u64)seconds * NSEC_PER_SEC, ctx->now);
	return reply;
}

/**
 * dhcpk_survive_answer - make the ACK that answers a renewal in the name of a silent server
 * @relay: a relay with "survive"
 * @ctx: a REQUEST that does not select an offer, from a client on the link
 *
 * Return: the ACK, for the caller to kfree(); NULL if the relay has no lease to extend, or no
 * memory.
 * Context: softirq.
 */
struct dhcpk_msg_copy *dhcpk_survive_answer(struct dhcpk_relay *relay, const struct dhcpk_ctx *ctx)
{
	struct dhcp_scratch scratch;
	struct dhcpk_msg_copy *reply;

	spin_lock(&relay->ack_cache->lock);
	reply = repeat_ack(relay, ctx, &scratch);
	spin_unlock(&relay->ack_cache->lock);
	return reply;
}
