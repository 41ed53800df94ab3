// SPDX-License-Identifier: GPL-2.0-only
/*
 * A relay that outlives its servers remembers the ACKs that it has passed on. A client that renews
 * while no server answers gets its own ACK once more, in its server's name. That ACK never lasts
 * longer than "survive" after the end of the lease that the server knows of. Nobody else is told
 * that he may have the address until a server has confirmed it; reconcile.c asks the servers.
 */
#include "relay/survive.h"

#include <linux/inetdevice.h>
#include <linux/jhash.h>
#include <linux/slab.h>

#include "relay/counters.h"
#include "relay/memory.h"
#include "relay/option82.h"
#include "relay/servers.h"

enum {
	REQUEST_MAX	 = 1472,	/* bytes of a request that is kept; no client says more */
	PATIENCE_SECONDS = 1,		/* a server has this much to answer a client before we do */
	NO_IDENTIFIER	 = 2,		/* a hash of one is odd */
};

static bool same_client(struct remembered *r, const struct dhcp_hdr *hdr)
{
	const struct dhcp_hdr *ack = dhcpk_body_hdr(r->ack);

	return ack->htype == hdr->htype && ack->hlen == hdr->hlen &&
	       !memcmp(ack->chaddr, hdr->chaddr, sizeof(ack->chaddr));
}

/* A client that sends an identifier is known by that. An ACK of RFC 6842 has it, too. */
static bool same_identifier(const struct dhcp_msg *ack, const struct dhcp_msg *msg)
{
	return !ack->client_id.len ||
	       (ack->client_id.len == msg->client_id.len &&
		!memcmp(ack->client_id.data, msg->client_id.data, msg->client_id.len));
}

/* Is it of the client that it was given to? @ack: set to what the parser makes of the ACK. */
static bool is_holders(struct remembered *r, const struct dhcp_msg *msg, struct dhcp_msg *ack,
		       struct dhcp_scratch *scratch)
{
	return same_client(r, msg->hdr) &&
	       !dhcp_parse(ack, scratch, r->ack->data, r->ack->len) && same_identifier(ack, msg);
}

/* ---- what passes ---- */

/*
 * A server's word about an address replaces what was said of it before; but for its client, our
 * word still holds where that is more. Returns NULL for lack of room; then what was known of the
 * address before still is.
 */
static struct remembered *remember(struct dhcpk_memory *m, struct remembered *r,
				   const struct dhcp_msg *ack, const void *body,
				   unsigned int len, u64 now)
{
	struct dhcpk_body *copy = dhcpk_body_new(body, len);

	if (!r && copy)
		r = dhcpk_memory_add(m, ack->hdr->yiaddr);
	if (!r || !copy || !dhcpk_memory_keep(m, &r->ack, copy)) {
		kfree(copy);
		if (r && !r->ack)
			dhcpk_memory_forget(m, ntohl(ack->hdr->yiaddr), r);
		return NULL;
	}
	dhcpk_memory_stop_vouching(m, r);
	r->asks = 0;
	r->unanswered = 0;
	r->expires = now + (u64)ack->lease_time * NSEC_PER_SEC;
	return r;
}

/* Is it another client's, by our word? */
static bool promised(struct remembered *r, const struct dhcp_msg *reply, u64 now)
{
	return r && r->until > now && !same_client(r, reply->hdr);
}

/*
 * The lease that is refused to its holder; NULL: there is none, or it is another's with the same
 * hardware address.
 */
static struct remembered *refused(struct dhcpk_memory *m, const struct dhcp_hdr *nak,
				  const struct dhcpk_asked *asked)
{
	struct remembered *r = dhcpk_memory_find(m, asked->addr);

	return r && same_client(r, nak) && (!r->id || r->id == asked->id) ? r : NULL;
}

/*
 * What a client gets is kept in mind, and who had the address before him is forgotten. Returns what
 * there is to count.
 */
static enum dhcpk_relay_stat take_note(struct dhcpk_relay *relay, const struct net_device *dev,
				       __be32 from, const struct dhcp_msg *reply, const void *body,
				       unsigned int len, u64 now)
{
	struct dhcpk_memory *m = relay->memory;
	struct remembered *r = dhcpk_memory_find(m, reply->hdr->yiaddr);
	bool vouched = r && !list_empty(&r->vouched);
	struct dhcpk_asked asked;

	if (r && !same_client(r, reply->hdr)) {
		dhcpk_memory_forget(m, ntohl(reply->hdr->yiaddr), r);
		r = NULL;
		vouched = false;
	}
	/* Nobody is vouched for any more, but what is promised may be confirmed. */
	if (!r && !relay->survive)
		return DHCPK_RELAY_STAT_UNSPEC;
	/* BOOTP, or an answer to INFORM: no lease. */
	if (reply->type != DHCP_ACK || !reply->has_lease_time)
		return DHCPK_RELAY_STAT_UNSPEC;
	/* An infinite lease is never renewed. */
	if (reply->lease_time == DHCPK_LEASE_INFINITE) {
		if (r)
			dhcpk_memory_forget(m, ntohl(reply->hdr->yiaddr), r);
	} else {
		/*
		 * RFC 4390: clients without a hardware address have an identifier, but it need not
		 * be in what they are sent.
		 */
		r = reply->hdr->hlen ? remember(m, r, reply, body, len, now) : NULL;
		if (!r)
			return DHCPK_RELAY_NOT_REMEMBERED;
		r->link = dhcpk_relay_link(relay, dev);
		r->server = from;
		if (dhcpk_memory_get_asked(m, reply->hdr, &asked) &&
		    asked.addr == reply->hdr->yiaddr)
			r->id = asked.id;
	}
	return vouched ? DHCPK_RELAY_SURVIVE_CONFIRMED : DHCPK_RELAY_STAT_UNSPEC;
}

/*
 * Where we stand in for all servers, each gets to see what is about another's leases (RFC 5107
 * section 4). Is a lease another's to refuse, who is there to do it?
 */
static bool is_anothers(struct dhcpk_relay *relay, const struct remembered *r, __be32 from, u64 now)
{
	const struct dhcpk_server *server = dhcpk_relay_server(relay, r->server);

	return server && server->addr != from && dhcpk_server_is_up(server, now) &&
	       now < r->expires;
}

/*
 * A client that is refused an address has it no more; but if it has our ACK to the same request
 * already, it takes no NAK for an answer. Then our word holds as long as it was given, and is given
 * no more. Returns false if the client is not to hear of it.
 */
static bool take_refusal(struct dhcpk_relay *relay, __be32 from, const struct dhcp_hdr *nak,
			 u64 now)
{
	struct remembered *r;
	struct dhcpk_asked asked;

	/*
	 * It may refuse another server's lease, if there is another. A client that has heard
	 * nothing asks again.
	 */
	if (!dhcpk_memory_get_asked(relay->memory, nak, &asked))
		return relay->n_servers == 1 && !(relay->flags & DHCPK_RELAY_F_ANY_SERVER);
	r = refused(relay->memory, nak, &asked);
	if (!r)
		return true;
	if (is_anothers(relay, r, from, now))
		return false;
	/* We stand by our word: the client need not hear this NAK, nor have asked for it. */
	if (r->until > now)
		r->asks = DHCPK_ASKS_MAX;
	else
		dhcpk_memory_forget(relay->memory, ntohl(dhcpk_body_hdr(r->ack)->yiaddr), r);
	return true;
}

/**
 * dhcpk_survive_reply - a reply is on its way to its client
 * @relay: a relay with a memory
 * @dev: its interface
 * @from: the server's address
 * @reply: what the parser made of it
 * @body: as it goes to the client
 * @len: its length
 *
 * Return: false if it gives somebody an address that we vouch for to another, or refuses a lease of
 * another server's; then it must not go.
 * Context: softirq.
 */
bool dhcpk_survive_reply(struct dhcpk_relay *relay, const struct net_device *dev, __be32 from,
			 const struct dhcp_msg *reply, const void *body, unsigned int len)
{
	enum dhcpk_relay_stat stat = DHCPK_RELAY_STAT_UNSPEC;
	struct dhcpk_memory *m = relay->memory;
	u64 now = ktime_get_boottime_ns();
	bool may_go;

	if (reply->type != DHCP_OFFER && reply->type != DHCP_ACK && reply->type != DHCP_NAK &&
	    reply->type != DHCP_NONE)
		return true;
	spin_lock(&m->lock);
	if (reply->type == DHCP_NAK)
		may_go = take_refusal(relay, from, reply->hdr, now);
	else
		may_go = !promised(dhcpk_memory_find(m, reply->hdr->yiaddr), reply, now);
	if (may_go && reply->hdr->yiaddr && (reply->type == DHCP_ACK || reply->type == DHCP_NONE))
		stat = take_note(relay, dev, from, reply, body, len, now);
	spin_unlock(&m->lock);
	if (stat)
		dhcpk_relay_count(relay, stat);
	return may_go;
}

/**
 * dhcpk_survive_given_back - a client gives its address back
 * @relay: a relay with a memory
 * @msg: its RELEASE or DECLINE
 *
 * Context: softirq.
 */
void dhcpk_survive_given_back(struct dhcpk_relay *relay, const struct dhcp_msg *msg)
{
	__be32 addr = msg->type == DHCP_RELEASE ? msg->hdr->ciaddr : msg->requested_ip;
	struct dhcpk_memory *m = relay->memory;
	struct dhcp_scratch scratch;
	struct remembered *r;
	struct dhcp_msg ack;

	spin_lock(&m->lock);
	r = dhcpk_memory_find(m, addr);
	if (r && is_holders(r, msg, &ack, &scratch))
		dhcpk_memory_forget(m, ntohl(addr), r);
	spin_unlock(&m->lock);
}

/**
 * dhcpk_survive_asked - a client asks for an address, and a server may refuse it
 * @relay: a relay with a memory
 * @msg: its REQUEST
 * @exchange: as dhcpk_relay_exchange() has it
 *
 * Context: softirq.
 */
void dhcpk_survive_asked(struct dhcpk_relay *relay, const struct dhcp_msg *msg, u32 exchange)
{
	u32 id = NO_IDENTIFIER;

	if (msg->client_id.len)
		id = jhash(msg->client_id.data, msg->client_id.len, 0) | 1;

	dhcpk_memory_put_asked(relay->memory, exchange, dhcp_asked_addr(msg), id);
}

/* ---- in the server's name ---- */

/*
 * Do other interfaces have clients in the same subnet? Then a server may have given the address to
 * one of them, once its lease was over, and we would not know here. An interface without a subnet
 * is one of several, most likely.
 */
static bool shares_subnet(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay)
{
	struct dhcpk_subnet ours = dhcpk_relay_subnet(relay, ctx->dev), theirs;
	const struct dhcpk_relay *other;
	struct net_device *dev;

	if (!dhcpk_relay_has_subnet(ctx->dev))
		return true;
	list_for_each_entry(other, &ctx->config->relays, list) {
		dev = other == relay ? NULL : dev_get_by_index_rcu(dev_net(ctx->dev),
								   READ_ONCE(other->link->ifindex));
		if (!dev || !dhcpk_same_vrf(ctx->dev, dev))
			continue;
		theirs = dhcpk_relay_subnet(other, dev);
		if (!((ours.addr ^ theirs.addr) & ours.mask & theirs.mask))
			return true;
	}
	return false;
}

/* Would the server be told of the same subnet now as when it gave the address? */
static bool is_of_here(const struct dhcpk_relay *relay, const struct net_device *dev,
		       struct remembered *r)
{
	if (dhcpk_body_hdr(r->ack)->giaddr != dhcpk_relay_giaddr(relay, dev))
		return false;
	return r->link == dhcpk_relay_link(relay, dev);
}

/* For how many seconds more? 0: not at all. */
static u32 seconds_left(const struct dhcpk_relay *relay, const struct dhcpk_ctx *ctx,
			const struct remembered *r, const struct dhcp_msg *ack)
{
	u64 end = r->expires, now = ctx->now;

	if (!shares_subnet(ctx, relay))
		end += (u64)relay->survive * NSEC_PER_SEC;
	if (r->asks == DHCPK_ASKS_MAX || now >= end)
		return 0;
	return min_t(u64, ack->lease_time, div_u64(end - now, NSEC_PER_SEC));
}

static void vouch(struct dhcpk_memory *m, struct remembered *r, u64 until, u64 now)
{
	if (list_empty(&r->vouched))
		m->n_vouched++;
	list_move_tail(&r->vouched, &m->vouched);
	r->until = max(r->until, until);
	r->asked = now;
}

/*
 * A server that answers this client is not silent, whatever it has for others: only who asks in
 * vain is answered by us.
 */
static bool has_waited(struct remembered *r, u64 now)
{
	if (!r->unanswered)
		r->unanswered = now;
	return now >= r->unanswered + (u64)PATIENCE_SECONDS * NSEC_PER_SEC;
}

/* Its ACK once more, for the caller to free. NULL: there is nothing to vouch for, or no memory. */
static struct dhcpk_body *answer(struct dhcpk_relay *relay, const struct dhcpk_ctx *ctx,
				 struct dhcp_scratch *scratch)
{
	struct remembered *r = dhcpk_memory_find(relay->memory, dhcp_asked_addr(&ctx->msg));
	struct dhcpk_body *reply, *request;
	struct dhcp_msg ack;
	u32 seconds;

	if (!r || ctx->len > REQUEST_MAX || !is_of_here(relay, ctx->dev, r) ||
	    !is_holders(r, &ctx->msg, &ack, scratch))
		return NULL;
	seconds = seconds_left(relay, ctx, r, &ack);
	if (!has_waited(r, ctx->now) || !seconds)
		return NULL;
	reply = dhcpk_body_new(r->ack->data, r->ack->len);
	request = dhcpk_body_new(ctx->msg.hdr, ctx->len);
	if (!reply || !request || !dhcp_ack_again(reply->data, reply->len, ctx->msg.hdr, seconds) ||
	    !dhcpk_memory_keep(relay->memory, &r->request, request)) {
		kfree(reply);
		kfree(request);
		return NULL;
	}
	vouch(relay->memory, r, ctx->now + (u64)seconds * NSEC_PER_SEC, ctx->now);
	return reply;
}

/**
 * dhcpk_survive_answer - what a server that is silent would answer to a renewal
 * @relay: a relay that survives
 * @ctx: a REQUEST that chooses no offer, from a client on the link
 *
 * Return: the ACK, for the caller to kfree(); NULL if there is nothing to vouch for.
 * Context: softirq.
 */
struct dhcpk_body *dhcpk_survive_answer(struct dhcpk_relay *relay, const struct dhcpk_ctx *ctx)
{
	struct dhcp_scratch scratch;
	struct dhcpk_body *reply;

	spin_lock(&relay->memory->lock);
	reply = answer(relay, ctx, &scratch);
	spin_unlock(&relay->memory->lock);
	return reply;
}
