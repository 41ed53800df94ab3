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

#include "relay.h"

enum {
	REMEMBERED_MAX	= 65536,	/* of a relay */
	LOOKS		= 1024,		/* of a relay's that are looked at in a second, */
	LOOKS_OF_ALL	= 65536,	/* and of all relays', as far as each has some */
	ASKS		= 64,		/* that servers are asked about in a second, of a relay's, */
	ASKS_OF_ALL	= 1024,		/* and of all relays' */
	REQUEST_MAX	= 1472,		/* bytes of a request that is kept; no client has more to say */
	ASK_SECONDS	= 10,		/* until servers are asked again */
	ASKS_MAX	= 3,
	PATIENCE_SECONDS = 1,		/* a server has this much to answer a client before we do */
	REQUESTS	= 1024,		/* lately passed on, of which we know the address that they ask for */
};

/**
 * struct remembered - an address that a server has given a client
 * @unanswered: when its client first asked for it without hearing from a server since, boottime ns; 0: it has heard from one
 * @vouched: in dhcpk_memory.vouched until a server has confirmed what we have vouched for, or empty
 * @expires: when the lease ends that the server knows of, boottime ns
 * @until: when the last one ends that we have vouched for, boottime ns; what a server confirms may end before
 * @asked: with @vouched, when we last would have asked a server to confirm it, boottime ns
 * @asks: how often we have; ASKS_MAX: the servers do not confirm it. We stand by our word, and give it no more
 * @link: what was the interface's address when it came; a server that heeds the link selection went by that
 * @server: whose word it is
 * @id: a hash of its client's identifier, 0 if it has sent none
 * @ack: the ACK, as the client got it
 * @request: with @vouched, the request that we answered
 */
struct remembered {
	u64			unanswered;
	struct list_head	vouched;
	u64			expires;
	u64			until;
	u64			asked;
	u8			asks;
	__be32			link;
	__be32			server;
	u32			id;
	struct dhcpk_body	*ack;
	struct dhcpk_body	*request;
};

/* What a relay remembers; it outlives generations. All is under @lock. */
struct dhcpk_memory {
	refcount_t		users;
	spinlock_t		lock;
	struct xarray		by_addr;	/* host order address -> struct remembered */
	struct list_head	vouched;	/* struct remembered, the one asked longest ago first */
	unsigned int		n;
	unsigned int		n_vouched;
	unsigned long		cursor;		/* up to here the past has been forgotten in this round */
	u64			asked[REQUESTS]; /* by exchange: a NAK does not say what is refused, and to whom. Without the lock */
};

/**
 * dhcpk_memory_new - nothing is remembered
 *
 * Return: the memory, with one user, or NULL.
 * Context: process.
 */
struct dhcpk_memory *dhcpk_memory_new(void)
{
	struct dhcpk_memory *m = kzalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return NULL;
	refcount_set(&m->users, 1);
	spin_lock_init(&m->lock);
	xa_init(&m->by_addr);
	INIT_LIST_HEAD(&m->vouched);
	return m;
}

/**
 * dhcpk_memory_get - one more user
 * @m: the memory
 *
 * Return: the memory.
 * Context: any.
 */
struct dhcpk_memory *dhcpk_memory_get(struct dhcpk_memory *m)
{
	refcount_inc(&m->users);
	return m;
}

static struct dhcpk_body *body_new(const void *data, unsigned int len)
{
	struct dhcpk_body *b = kmalloc(struct_size(b, data, len), DHCPK_GFP_SOFTIRQ);

	if (!b)
		return NULL;
	b->len = len;
	memcpy(b->data, data, len);
	return b;
}

static struct dhcp_hdr *hdr_of(struct dhcpk_body *b)
{
	return (struct dhcp_hdr *)b->data;
}

static void stop_vouching(struct dhcpk_memory *m, struct remembered *r)
{
	if (list_empty(&r->vouched))
		return;
	list_del_init(&r->vouched);
	m->n_vouched--;
	kfree(r->request);
	r->request = NULL;
}

static void forget(struct dhcpk_memory *m, unsigned long addr, struct remembered *r)
{
	stop_vouching(m, r);
	xa_erase(&m->by_addr, addr);
	m->n--;
	kfree(r->ack);
	kfree(r);
}

/**
 * dhcpk_memory_put - one user less; the last one ends it
 * @m: the memory or NULL
 *
 * Context: process.
 */
void dhcpk_memory_put(struct dhcpk_memory *m)
{
	struct remembered *r;
	unsigned long addr;

	if (!m || !refcount_dec_and_test(&m->users))
		return;
	xa_for_each(&m->by_addr, addr, r) {
		local_bh_disable();
		forget(m, addr, r);
		local_bh_enable();
	}
	xa_destroy(&m->by_addr);
	kfree(m);
}

/**
 * dhcpk_memory_is_empty - is nothing remembered?
 * @m: the memory
 *
 * Context: process.
 */
bool dhcpk_memory_is_empty(const struct dhcpk_memory *m)
{
	return xa_empty(&m->by_addr);
}

/**
 * dhcpk_memory_size - how much is remembered
 * @m: the memory
 * @n: set to the ACKs
 * @vouched: set to those of them that clients have more of than servers know
 *
 * Context: process.
 */
void dhcpk_memory_size(struct dhcpk_memory *m, u32 *n, u32 *vouched)
{
	spin_lock_bh(&m->lock);
	*n = m->n;
	*vouched = m->n_vouched;
	spin_unlock_bh(&m->lock);
}

/* What is over for everybody's part; where nobody is vouched for any more, only what has been promised counts. */
static bool is_past(const struct dhcpk_relay *relay, const struct remembered *r, u64 now)
{
	return r->until <= now && (!relay->survive || r->expires + (u64)relay->survive * NSEC_PER_SEC <= now);
}

static struct remembered *find(struct dhcpk_memory *m, __be32 addr)
{
	return addr ? xa_load(&m->by_addr, ntohl(addr)) : NULL;
}

static bool same_client(struct remembered *r, const struct dhcp_hdr *hdr)
{
	const struct dhcp_hdr *ack = hdr_of(r->ack);

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

static struct remembered *remembered_new(struct dhcpk_memory *m, __be32 addr)
{
	struct remembered *r;

	if (m->n >= REMEMBERED_MAX)
		return NULL;
	r = kzalloc(sizeof(*r), DHCPK_GFP_SOFTIRQ);
	if (!r)
		return NULL;
	INIT_LIST_HEAD(&r->vouched);
	if (xa_is_err(xa_store(&m->by_addr, ntohl(addr), r, DHCPK_GFP_SOFTIRQ))) {
		kfree(r);
		return NULL;
	}
	m->n++;
	return r;
}

/*
 * A server's word about an address replaces what was said of it before; but for its client, our word still holds where that
 * is more. Returns NULL for lack of room.
 */
static struct remembered *remember(struct dhcpk_memory *m, struct remembered *r, const struct dhcp_msg *ack,
				   const void *body, unsigned int len, u64 now)
{
	struct dhcpk_body *copy = body_new(body, len);

	if (!r && copy)
		r = remembered_new(m, ack->hdr->yiaddr);
	if (!r || !copy) {
		kfree(copy);
		return NULL;
	}
	stop_vouching(m, r);
	kfree(r->ack);
	r->ack = copy;
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

/* What a client has asked for, and a hash of its identifier, 0 for none */
struct asked {
	__be32	addr;
	u32	id;
};

static struct asked asked_in(const struct dhcpk_memory *m, const struct dhcp_hdr *hdr)
{
	u64 slot = READ_ONCE(m->asked[dhcpk_relay_exchange(hdr) % REQUESTS]);

	return (struct asked){ .addr = (__force __be32)(slot >> 32), .id = slot };
}

/* The lease that is refused to its holder; NULL: there is none, or it is another's with the same hardware address. */
static struct remembered *refused(struct dhcpk_memory *m, const struct dhcp_hdr *nak)
{
	struct asked asked = asked_in(m, nak);
	struct remembered *r = find(m, asked.addr);

	return r && same_client(r, nak) && r->id == asked.id ? r : NULL;
}

/* What a client gets is kept in mind, and who had the address before him is forgotten. Returns what there is to count. */
static enum dhcpk_relay_stat take_note(struct dhcpk_relay *relay, const struct net_device *dev, __be32 from,
				       const struct dhcp_msg *reply, const void *body, unsigned int len, u64 now)
{
	struct dhcpk_memory *m = relay->memory;
	struct remembered *r = find(m, reply->hdr->yiaddr);
	bool vouched = r && !list_empty(&r->vouched);
	struct asked asked;

	if (r && !same_client(r, reply->hdr)) {
		forget(m, ntohl(reply->hdr->yiaddr), r);
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
			forget(m, ntohl(reply->hdr->yiaddr), r);
	} else {
		/* RFC 4390: clients without a hardware address have an identifier, but it need not be in what they are sent. */
		r = reply->hdr->hlen ? remember(m, r, reply, body, len, now) : NULL;
		if (!r)
			return DHCPK_RELAY_NOT_REMEMBERED;
		r->link = dhcpk_relay_address(dev);
		r->server = from;
		asked = asked_in(m, reply->hdr);
		r->id = asked.addr == reply->hdr->yiaddr ? asked.id : 0;
	}
	return vouched ? DHCPK_RELAY_RECONCILED : DHCPK_RELAY_STAT_UNSPEC;
}

/*
 * A client that is refused an address has it no more; but if it has our ACK to the same request already, it takes no NAK for
 * an answer. Then our word holds as long as it was given, and is given no more.
 */
static void take_refusal(struct dhcpk_memory *m, const struct dhcp_hdr *nak)
{
	struct remembered *r = refused(m, nak);

	if (!r)
		return;
	if (r->request && hdr_of(r->request)->xid == nak->xid)
		r->asks = ASKS_MAX;
	else
		forget(m, ntohl(hdr_of(r->ack)->yiaddr), r);
}

/*
 * Where we stand in for all servers, each gets to see what is about another's leases (RFC 5107 section 4). Is a lease
 * another's to refuse, who is there to do it?
 */
static bool is_anothers(struct dhcpk_relay *relay, __be32 from, const struct dhcp_hdr *nak, u64 now)
{
	const struct remembered *r = refused(relay->memory, nak);
	const struct dhcpk_server *server = r ? dhcpk_relay_server(relay, r->server) : NULL;

	return server && server->addr != from && READ_ONCE(server->up) && now < r->expires;
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
	bool keep_back;

	if (reply->type != DHCP_OFFER && reply->type != DHCP_ACK && reply->type != DHCP_NAK && reply->type != DHCP_NONE)
		return true;
	spin_lock(&m->lock);
	if (reply->type == DHCP_NAK)
		keep_back = is_anothers(relay, from, reply->hdr, now);
	else
		keep_back = promised(find(m, reply->hdr->yiaddr), reply, now);
	if (reply->type == DHCP_NAK && !keep_back)
		take_refusal(m, reply->hdr);
	else if (reply->hdr->yiaddr && !keep_back && reply->type != DHCP_OFFER)
		stat = take_note(relay, dev, from, reply, body, len, now);
	spin_unlock(&m->lock);
	if (stat)
		dhcpk_relay_count(relay, stat);
	return !keep_back;
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
	r = find(m, addr);
	if (r && is_holders(r, msg, &ack, &scratch))
		forget(m, ntohl(addr), r);
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
	u32 id = msg->client_id.len ? jhash(msg->client_id.data, msg->client_id.len, 0) | 1 : 0;

	WRITE_ONCE(relay->memory->asked[exchange % REQUESTS], (u64)(__force u32)dhcp_asked_addr(msg) << 32 | id);
}

/* ---- in the server's name ---- */

/* What servers take for a relay's subnet: that of link selection, or else of giaddr, as far as we know it. */
struct subnet {
	__be32	addr;
	__be32	mask;
};

static struct subnet subnet_of(const struct dhcpk_relay *relay, const struct net_device *dev)
{
	const struct in_ifaddr *ifa = dhcpk_first_address(dev);
	struct subnet s = { .addr = relay->giaddr, .mask = htonl(INADDR_BROADCAST) };

	if (ifa && (!s.addr || relay->pieces & BIT(DHCPK_AGENT_LINK)))
		s.addr = ifa->ifa_local;
	if (ifa && inet_ifa_match(s.addr, ifa))
		s.mask = ifa->ifa_mask;
	return s;
}

/*
 * Do other interfaces have clients in the same subnet? Then a server may have given the address to one of them, once its
 * lease was over, and we would not know here. An interface without a subnet is one of several, most likely.
 */
static bool shares_subnet(const struct dhcpk_ctx *ctx, const struct dhcpk_relay *relay)
{
	struct subnet ours = subnet_of(relay, ctx->dev), theirs;
	const struct dhcpk_relay *other;
	struct net_device *dev;

	if (!dhcpk_relay_has_subnet(ctx->dev))
		return true;
	list_for_each_entry(other, &ctx->config->relays, list) {
		dev = other == relay ? NULL : dev_get_by_index_rcu(dev_net(ctx->dev), READ_ONCE(other->link->ifindex));
		if (!dev || !dhcpk_same_vrf(ctx->dev, dev))
			continue;
		theirs = subnet_of(other, dev);
		if (!((ours.addr ^ theirs.addr) & ours.mask & theirs.mask))
			return true;
	}
	return false;
}

/* Would the server be told of the same subnet now as when it gave the address? */
static bool is_of_here(const struct dhcpk_relay *relay, const struct net_device *dev, struct remembered *r)
{
	if (hdr_of(r->ack)->giaddr != dhcpk_relay_giaddr(relay, dev))
		return false;
	return !(relay->pieces & BIT(DHCPK_AGENT_LINK)) || r->link == dhcpk_relay_address(dev);
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

static void vouch(struct dhcpk_memory *m, struct remembered *r, struct dhcpk_body *request, u64 until, u64 now)
{
	if (list_empty(&r->vouched))
		m->n_vouched++;
	list_move_tail(&r->vouched, &m->vouched);
	kfree(r->request);
	r->request = request;
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
	struct remembered *r = find(relay->memory, dhcp_asked_addr(&ctx->msg));
	struct dhcpk_body *reply, *request;
	struct dhcp_msg ack;
	u32 seconds;

	if (!r || ctx->len > REQUEST_MAX || !is_of_here(relay, ctx->dev, r) || !is_holders(r, &ctx->msg, &ack, scratch))
		return NULL;
	seconds = seconds_left(relay, ctx, r, &ack);
	if (!has_waited(r, ctx->now) || !seconds)
		return NULL;
	reply = body_new(r->ack->data, r->ack->len);
	request = body_new(ctx->msg.hdr, ctx->len);
	if (!reply || !request || !dhcp_ack_again(reply->data, reply->len, ctx->msg.hdr, seconds)) {
		kfree(reply);
		kfree(request);
		return NULL;
	}
	vouch(relay->memory, r, request, ctx->now + (u64)seconds * NSEC_PER_SEC, ctx->now);
	return reply;
}

/**
 * dhcpk_survive_answer - what a server that is silent would answer to a renewal
 * @relay: a relay that survives
 * @ctx: a REQUEST that names no server, from a client on the link
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
	request = r ? body_new(r->request->data, r->request->len) : NULL;
	if (request)
		*addr = hdr_of(r->ack)->yiaddr;
	spin_unlock_bh(&m->lock);
	return request;
}

/* Unless a server has been quicker: then there is nothing to confirm any more. */
static void count_ask(struct dhcpk_memory *m, __be32 addr)
{
	struct remembered *r;

	spin_lock_bh(&m->lock);
	r = find(m, addr);
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

/* What is over is forgotten, some of it each second. */
static void forget_past(struct dhcpk_relay *relay, unsigned int looks, u64 now)
{
	struct dhcpk_memory *m = relay->memory;
	unsigned long addr = m->cursor;
	struct remembered *r;
	unsigned int n = 0;

	spin_lock_bh(&m->lock);
	xa_for_each_start(&m->by_addr, addr, r, m->cursor) {
		if (n++ == looks)
			break;
		if (r->until <= now)
			stop_vouching(m, r);
		if (is_past(relay, r, now))
			forget(m, addr, r);
	}
	m->cursor = r ? addr : 0;
	spin_unlock_bh(&m->lock);
}

/**
 * dhcpk_survive_tick - once a second: forget what is over; ask servers that are back about what was done without them
 * @dn: the namespace
 * @relay: a relay with a memory
 * @n_relays: how many there are; together they do not more than a few of them
 * @now: boottime ns
 *
 * Context: process, RCU.
 */
void dhcpk_survive_tick(struct dhcpk_net *dn, struct dhcpk_relay *relay, unsigned int n_relays, u64 now)
{
	unsigned int asks = clamp_t(unsigned int, ASKS_OF_ALL / n_relays, 1, ASKS);

	forget_past(relay, clamp_t(unsigned int, LOOKS_OF_ALL / n_relays, ASKS, LOOKS), now);
	while (asks && !dhcpk_relay_silent(relay, now) && ask(dn, relay, now))
		asks--;
}
