// SPDX-License-Identifier: GPL-2.0-only
/*
 * A relay that outlives its servers. It remembers the ACKs that it has passed on. While no server answers it gives a client
 * that renews its own ACK once more, in its server's name, but never for longer than "survive" after the end of the lease
 * that the server knows of. Until a server has confirmed that, nobody else is told that he may have the address; and as soon
 * as one answers, it is asked to, with the client's own words.
 */
#include <linux/inetdevice.h>
#include <linux/jhash.h>
#include <linux/slab.h>

#include "relay/memory.h"

enum {
	LOOKS		= 1024,		/* of a relay's that are looked at in a second, */
	LOOKS_OF_ALL	= 65536,	/* and of all relays', as far as each has some */
	ASKS		= 64,		/* that servers are asked about in a second, of a relay's, */
	ASKS_OF_ALL	= 1024,		/* and of all relays' */
	REQUEST_MAX	= 1472,		/* bytes of a request that is kept; no client has more to say */
	ASK_SECONDS	= 10,		/* until servers are asked again */
	ASKS_MAX	= 3,
	PATIENCE_SECONDS = 1,		/* a server has this much to answer a client before we do */
	NO_IDENTIFIER	= 2,		/* a hash of one is odd */
};

static bool same_client(struct remembered *r, const struct dhcp_hdr *hdr)
{
	const struct dhcp_hdr *ack = dhcpk_body_hdr(r->ack);

	return ack->htype == hdr->htype && ack->hlen == hdr->hlen && !memcmp(ack->chaddr, hdr->chaddr, sizeof(ack->chaddr));
}

/* A client that sends an identifier is known by that; the ACK has it, if its server heeds RFC 6842. */
static bool same_identifier(const struct dhcp_msg *ack, const struct dhcp_msg *msg)
{
	return !ack->client_id.len ||
	       (ack->client_id.len == msg->client_id.len &&
		!memcmp(ack->client_id.data, msg->client_id.data, msg->client_id.len));
}

/* Is it of the client that it was given to? @ack: set to what the parser makes of the ACK. */
static bool is_holders(struct remembered *r, const struct dhcp_msg *msg, struct dhcp_msg *ack, struct dhcp_scratch *scratch)
{
	return same_client(r, msg->hdr) && !dhcp_parse(ack, scratch, r->ack->data, r->ack->len) && same_identifier(ack, msg);
}

/* ---- what passes ---- */

/*
 * A server's word about an address replaces what was said of it before; but for its client, our word still holds where that
 * is more. Returns NULL for lack of room; then what was known of the address before still is.
 */
static struct remembered *remember(struct dhcpk_memory *m, struct remembered *r, const struct dhcp_msg *ack,
				   const void *body, unsigned int len, u64 now)
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

/* What a client has asked for, and a hash of its identifier */
struct asked {
	__be32	addr;
	u32	id;
};

/* Returns false if a later REQUEST has taken the place of this one. */
static bool asked_in(const struct dhcpk_memory *m, const struct dhcp_hdr *hdr, struct asked *asked)
{
	u32 exchange = dhcpk_relay_exchange(hdr);

	return dhcpk_table_get(m->asked, DHCPK_MEMORY_REQUESTS, exchange, (__force u32 *)&asked->addr) &&
	       dhcpk_table_get(m->asking, DHCPK_MEMORY_REQUESTS, exchange, &asked->id);
}

static void keep_asked(struct dhcpk_memory *m, u32 exchange, __be32 addr, u32 id)
{
	dhcpk_table_put(m->asked, DHCPK_MEMORY_REQUESTS, exchange, (__force u32)addr);
	dhcpk_table_put(m->asking, DHCPK_MEMORY_REQUESTS, exchange, id);
}

/* The lease that is refused to its holder; NULL: there is none, or it is another's with the same hardware address. */
static struct remembered *refused(struct dhcpk_memory *m, const struct dhcp_hdr *nak, const struct asked *asked)
{
	struct remembered *r = dhcpk_memory_find(m, asked->addr);

	return r && same_client(r, nak) && (!r->id || r->id == asked->id) ? r : NULL;
}

/* What a client gets is kept in mind, and who had the address before him is forgotten. Returns what there is to count. */
static enum dhcpk_relay_stat take_note(struct dhcpk_relay *relay, const struct net_device *dev, __be32 from,
				       const struct dhcp_msg *reply, const void *body, unsigned int len, u64 now)
{
	struct dhcpk_memory *m = relay->memory;
	struct remembered *r = dhcpk_memory_find(m, reply->hdr->yiaddr);
	bool vouched = r && !list_empty(&r->vouched);
	struct asked asked;

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
		/* RFC 4390: clients without a hardware address have an identifier, but it need not be in what they are sent. */
		r = reply->hdr->hlen ? remember(m, r, reply, body, len, now) : NULL;
		if (!r)
			return DHCPK_RELAY_NOT_REMEMBERED;
		r->link = dhcpk_relay_link(relay, dev);
		r->server = from;
		if (asked_in(m, reply->hdr, &asked) && asked.addr == reply->hdr->yiaddr)
			r->id = asked.id;
	}
	return vouched ? DHCPK_RELAY_RECONCILED : DHCPK_RELAY_STAT_UNSPEC;
}

/*
 * Where we stand in for all servers, each gets to see what is about another's leases (RFC 5107 section 4). Is a lease
 * another's to refuse, who is there to do it?
 */
static bool is_anothers(struct dhcpk_relay *relay, const struct remembered *r, __be32 from, u64 now)
{
	const struct dhcpk_server *server = dhcpk_relay_server(relay, r->server);

	return server && server->addr != from && dhcpk_server_is_up(server, now) && now < r->expires;
}

/*
 * A client that is refused an address has it no more; but if it has our ACK to the same request already, it takes no NAK for
 * an answer. Then our word holds as long as it was given, and is given no more. Returns false if the client is not to hear of
 * it.
 */
static bool take_refusal(struct dhcpk_relay *relay, __be32 from, const struct dhcp_hdr *nak, u64 now)
{
	struct remembered *r;
	struct asked asked;

	/* It may refuse another server's lease, if there is another. A client that has heard nothing asks again. */
	if (!asked_in(relay->memory, nak, &asked))
		return relay->n_servers == 1 && !(relay->flags & DHCPK_RELAY_F_ANY_SERVER);
	r = refused(relay->memory, nak, &asked);
	if (!r)
		return true;
	if (is_anothers(relay, r, from, now))
		return false;
	/* We stand by our word: the client need not hear this NAK, nor have asked for it. */
	if (r->until > now)
		r->asks = ASKS_MAX;
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
 * Return: false if it gives somebody an address that we vouch for to another, or refuses a lease of another server's; then it
 * must not go.
 * Context: softirq.
 */
bool dhcpk_survive_reply(struct dhcpk_relay *relay, const struct net_device *dev, __be32 from, const struct dhcp_msg *reply,
			 const void *body, unsigned int len)
{
	enum dhcpk_relay_stat stat = DHCPK_RELAY_STAT_UNSPEC;
	struct dhcpk_memory *m = relay->memory;
	u64 now = ktime_get_boottime_ns();
	bool may_go;

	if (reply->type != DHCP_OFFER && reply->type != DHCP_ACK && reply->type != DHCP_NAK && reply->type != DHCP_NONE)
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
	u32 id = msg->client_id.len ? jhash(msg->client_id.data, msg->client_id.len, 0) | 1 : NO_IDENTIFIER;

	keep_asked(relay->memory, exchange, dhcp_asked_addr(msg), id);
}

/* ---- in the server's name ---- */

/*
 * Do other interfaces have clients in the same subnet? Then a server may have given the address to one of them, once its
 * lease was over, and we would not know here. An interface without a subnet is one of several, most likely.
 */
static bool shares_subnet(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay)
{
	struct dhcpk_subnet ours = dhcpk_relay_subnet(relay, ctx->dev), theirs;
	const struct dhcpk_relay *other;
	struct net_device *dev;

	if (!dhcpk_relay_has_subnet(ctx->dev))
		return true;
	list_for_each_entry(other, &ctx->config->relays, list) {
		dev = other == relay ? NULL : dev_get_by_index_rcu(dev_net(ctx->dev), READ_ONCE(other->link->ifindex));
		if (!dev || !dhcpk_same_vrf(ctx->dev, dev))
			continue;
		theirs = dhcpk_relay_subnet(other, dev);
		if (!((ours.addr ^ theirs.addr) & ours.mask & theirs.mask))
			return true;
	}
	return false;
}

/* Would the server be told of the same subnet now as when it gave the address? */
static bool is_of_here(const struct dhcpk_relay *relay, const struct net_device *dev, struct remembered *r)
{
	if (dhcpk_body_hdr(r->ack)->giaddr != dhcpk_relay_giaddr(relay, dev))
		return false;
	return r->link == dhcpk_relay_link(relay, dev);
}

/* For how many seconds more? 0: not at all. */
static u32 seconds_left(const struct dhcpk_relay *relay, const struct dhcpk_ctx *ctx, const struct remembered *r,
			const struct dhcp_msg *ack)
{
	u64 end = r->expires, now = ctx->now;

	if (!shares_subnet(ctx, relay))
		end += (u64)relay->survive * NSEC_PER_SEC;
	if (r->asks == ASKS_MAX || now >= end)
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

/* A server that answers this client is not silent, whatever it has for others: only who asks in vain is answered by us. */
static bool has_waited(struct remembered *r, u64 now)
{
	if (!r->unanswered)
		r->unanswered = now;
	return now >= r->unanswered + (u64)PATIENCE_SECONDS * NSEC_PER_SEC;
}

/* Its ACK once more, for the caller to free; NULL if there is nothing to vouch for, or no memory. */
static struct dhcpk_body *answer(struct dhcpk_relay *relay, const struct dhcpk_ctx *ctx, struct dhcp_scratch *scratch)
{
	struct remembered *r = dhcpk_memory_find(relay->memory, dhcp_asked_addr(&ctx->msg));
	struct dhcpk_body *reply, *request;
	struct dhcp_msg ack;
	u32 seconds;

	if (!r || ctx->len > REQUEST_MAX || !is_of_here(relay, ctx->dev, r) || !is_holders(r, &ctx->msg, &ack, scratch))
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

/* ---- and the reckoning ---- */

/*
 * The one that has waited longest for a server's word, moved behind the others; NULL: none is due. Those that servers have
 * been asked about often enough make way.
 */
static struct remembered *next_to_ask(struct dhcpk_memory *m, u64 now)
{
	struct remembered *r;
	unsigned int n;

	for (n = 0; n < LOOKS; n++) {
		r = list_first_entry_or_null(&m->vouched, struct remembered, vouched);
		if (!r || r->asked + (u64)ASK_SECONDS * NSEC_PER_SEC > now)
			return NULL;
		r->asked = now;
		list_move_tail(&r->vouched, &m->vouched);
		if (r->asks < ASKS_MAX)
			return r;
	}
	return NULL;
}

/* Its client's request, once more, for the caller to free; @addr: what it is about. NULL: none is due, or no memory. */
static struct dhcpk_body *request_again(struct dhcpk_memory *m, u64 now, __be32 *addr)
{
	struct remembered *r;
	struct dhcpk_body *request;

	spin_lock_bh(&m->lock);
	r = next_to_ask(m, now);
	request = r ? dhcpk_body_new(r->request->data, r->request->len) : NULL;
	if (request) {
		*addr = dhcpk_body_hdr(r->ack)->yiaddr;
		keep_asked(m, dhcpk_relay_exchange(dhcpk_body_hdr(request)), *addr, r->id);
	}
	spin_unlock_bh(&m->lock);
	return request;
}

/* Unless a server has been quicker: then there is nothing to confirm any more. */
static void count_ask(struct dhcpk_memory *m, __be32 addr)
{
	struct remembered *r;

	spin_lock_bh(&m->lock);
	r = dhcpk_memory_find(m, addr);
	if (r && !list_empty(&r->vouched) && r->asks < ASKS_MAX)
		r->asks++;
	spin_unlock_bh(&m->lock);
}

/* Returns false if there is nothing to ask about now. */
static bool ask(struct dhcpk_net *dn, struct dhcpk_relay *relay, u64 now)
{
	struct dhcpk_body *request;
	__be32 addr;
	bool sent;

	request = request_again(relay->memory, now, &addr);
	if (!request)
		return false;
	local_bh_disable();
	sent = dhcpk_relay_ask(dn, relay, request->data, request->len);
	local_bh_enable();
	kfree(request);
	if (sent)
		count_ask(relay->memory, addr);
	return true;
}

/**
 * dhcpk_survive_tick - once a second, or in turns: forget what is over; ask servers that are back about what was done without them
 * @dn: the namespace
 * @relay: a relay with a memory
 * @n_relays: how many have their turn in this second; together they do not more than a few of them
 * @now: boottime ns
 *
 * Context: process, RCU.
 */
void dhcpk_survive_tick(struct dhcpk_net *dn, struct dhcpk_relay *relay, unsigned int n_relays, u64 now)
{
	unsigned int asks = clamp_t(unsigned int, ASKS_OF_ALL / n_relays, 1, ASKS);
	unsigned int looks = clamp_t(unsigned int, LOOKS_OF_ALL / n_relays, ASKS, LOOKS);

	dhcpk_memory_forget_past(relay->memory, relay->survive, looks, now);
	while (asks && !dhcpk_relay_silent(relay, now) && ask(dn, relay, now))
		asks--;
}
