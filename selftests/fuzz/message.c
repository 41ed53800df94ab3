// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A message on the server's data path: parsed, decided on, answered as kmod/server/binding.c does,
 * and the ACK made again for a relay.
 */
#include <arpa/inet.h>

#include "dhcp.h"
#include "fuzz.h"
#include "message.h"
#include "walk.h"

enum { SET_MAX = 4096, NAME_MAX_LEN = 64, FILE_MAX_LEN = 128 };

/* One run; two of them differ only in what lay in the memory before. */
struct run {
	struct dhcp_msg			msg;
	struct dhcp_scratch		scratch;
	struct dhcp_decision		decision;
	struct dhcp_reply		reply;
	struct dhcp_left_out		left_out;
	enum dhcp_parse_error		err;
	uint8_t				*buf;
	size_t				size, len;
};

/* What the input says of the server */
struct server {
	struct knobs		knobs;
	struct dhcp_option_set	*set;
	uint8_t			*options;
	char			name[NAME_MAX_LEN], file[FILE_MAX_LEN];
};

static const char *text_of(char *text, size_t len)
{
	memset(text, 'a' + len % 26, len);
	text[len] = '\0';
	return len ? text : NULL;
}

/* Returns false if the options are none: such a set the kernel never has. */
static bool take_server(struct server *s, struct input *in)
{
	size_t len;
	u8 n, bad;

	take(in, &s->knobs, sizeof(s->knobs));
	s->options = take_block(in, s->knobs.set_len % (SET_MAX + 1), &len);
	s->set = NULL;
	if (!dhcp_options_check(s->options, len, &n, &bad))
		return false;
	s->set = calloc(1, sizeof(*s->set) + n * sizeof(s->set->ref[0]));
	CHECK(s->set);
	s->set->data = s->options;
	s->set->len = len;
	/* Whatever bytes there are; those that are no option's code mean nothing. */
	s->set->always = s->options;
	s->set->n_always = len < s->knobs.boot_file % 8U ? len : s->knobs.boot_file % 8U;
	dhcp_options_index(s->set);
	CHECK(s->set->n == n);
	s->set->next_server = s->knobs.next_server;
	s->set->server_name = text_of(s->name, s->knobs.server_name % NAME_MAX_LEN);
	s->set->boot_file = text_of(s->file, s->knobs.boot_file % FILE_MAX_LEN);
	return true;
}

static void drop_server(struct server *s)
{
	free(s->set);
	free(s->options);
}

/* ---- the data path, as kmod/server/binding.c and kmod/server/reply.c have it ---- */

static struct dhcp_facts facts_of(const struct server *s)
{
	unsigned int f = s->knobs.facts;

	return (struct dhcp_facts){
		.server_id_matches = f & FACT_SERVER_ID_OURS,
		.authoritative	= f & FACT_AUTHORITATIVE,
		.rapid_commit	= f & FACT_RAPID_COMMIT,
		.bootp		= f & FACT_BOOTP,
		.others		= f & FACT_OTHERS,
		.others_as_us	= f & FACT_OTHERS_AS_US,
		.v6_mostly	= dhcp_options_have(s->set, DHCP_OPT_V6_ONLY),
		.known		= f & FACT_KNOWN,
		.reserved	= f & FACT_RESERVED,
		.on_link	= f & FACT_ON_LINK,
		.allowed	= f & FACT_ALLOWED,
		.hold		= s->knobs.hold % 3,
	};
}

/* Returns false if there is no answer. */
static bool answer(struct run *r)
{
	const struct dhcp_decision *d = &r->decision;
	struct dhcp_reply *reply = &r->reply;

	switch (d->verdict) {
	case DHCP_DO_OFFER:
		reply->type = DHCP_OFFER;
		return true;
	case DHCP_DO_PREFER_V6:
		reply->type = DHCP_OFFER;
		reply->yiaddr = 0;
		return true;
	case DHCP_DO_ACK:
		reply->type = DHCP_ACK;
		reply->yiaddr = dhcp_asked_addr(&r->msg);
		CHECK(reply->yiaddr);
		return true;
	case DHCP_DO_RAPID:
		reply->type = DHCP_ACK;
		reply->rapid_commit = true;
		return true;
	case DHCP_DO_BOOTP:
		reply->type = DHCP_NONE;
		reply->lease_time = 0;
		return true;
	case DHCP_DO_NAK:
		CHECK(d->message);
		reply->type = DHCP_NAK;
		reply->yiaddr = 0;
		reply->lease_time = 0;
		reply->message = d->message;
		return true;
	case DHCP_DO_INFORM:
		reply->type = DHCP_ACK;
		reply->yiaddr = 0;
		reply->lease_time = 0;
		return true;
	default:
		return false;
	}
}

static void check_decision(const struct run *r, const struct dhcp_facts *f);

static void go(struct run *r, const struct server *s, const uint8_t *data, size_t len, int poison)
{
	struct dhcp_facts facts = facts_of(s);
	unsigned int mtu = DHCP_MIN_DATAGRAM + 8 * s->knobs.mtu;

	memset(r, poison, sizeof(*r));
	r->buf = NULL;
	r->len = 0;
	r->err = dhcp_parse(&r->msg, &r->scratch, data, len);
	if (r->err || r->msg.hdr->op != DHCP_BOOTREQUEST)
		return;
	r->decision = dhcp_decide(&r->msg, &facts);
	check_decision(r, &facts);
	r->reply = (struct dhcp_reply){
		.msg		= &r->msg,
		.yiaddr		= s->knobs.yiaddr,
		.server_id	= r->msg.hdr->giaddr && r->msg.agent.server_id ? r->msg.agent.server_id : s->knobs.source,
		.lease_time	= r->msg.has_lease_time ? r->msg.lease_time : s->knobs.lease,
		.set		= s->set,
	};
	if (s->knobs.facts & FACT_SUBNET_SELECTION)
		r->reply.subnet_selection = r->msg.subnet_selection;
	if (!answer(r))
		return;
	r->size = (r->msg.max_size < mtu ? r->msg.max_size : mtu) - DHCP_IP_UDP_LEN;
	r->buf = malloc(r->size);
	CHECK(r->buf);
	memset(r->buf, poison, r->size);
	r->len = dhcp_reply_build(r->buf, r->size, &r->reply, &r->left_out);
}

/* ---- what must hold ---- */

static bool in_block(const struct dhcp_bytes *b, const void *block, size_t len)
{
	const u8 *start = block;

	return b->data >= start && b->data + b->len <= start + len;
}

/* A view refers to the message and its scratch, and to nothing else. */
static void check_view(const struct run *r, const uint8_t *data, size_t len)
{
	const struct dhcp_msg *m = &r->msg;
	const struct dhcp_bytes *all[] = {
		&m->client_id, &m->prl, &m->host_name, &m->fqdn, &m->agent.whole, &m->agent.circuit_id, &m->agent.remote_id,
	};
	size_t i;

	CHECK((const uint8_t *)m->hdr == data);
	CHECK(m->max_size >= DHCP_MIN_DATAGRAM);
	CHECK(m->joined_len <= DHCP_JOINED_MAX);
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (all[i]->data)
			CHECK(in_block(all[i], data, len) || in_block(all[i], r->scratch.joined, m->joined_len));
		else
			CHECK(!all[i]->len);
	}
	CHECK(m->host_name.len <= 255);
	CHECK(r->err || m->client_id.len <= DHCP_CLIENT_ID_MAX);
	CHECK(!m->bare || (!m->type && !m->prl.data && !m->agent.whole.data && !m->client_id.data));
}

static void check_same(const struct run *a, const struct run *b)
{
	CHECK(a->err == b->err);
	CHECK(a->len == b->len);
	CHECK(same_bytes(a->buf, b->buf, a->len));
	if (a->len) {
		CHECK(a->decision.verdict == b->decision.verdict);
		CHECK(a->left_out.options == b->left_out.options && a->left_out.agent == b->left_out.agent);
	}
}

/* What is promised, refused and taken back, whatever else is true */
static void check_decision(const struct run *r, const struct dhcp_facts *f)
{
	const struct dhcp_decision *d = &r->decision;
	enum dhcp_type type = r->msg.type;

	switch (d->verdict) {
	case DHCP_DO_ACK:
		CHECK(type == DHCP_REQUEST && dhcp_asked_addr(&r->msg));
		CHECK(f->hold != DHCP_HELD_BY_OTHER && (f->allowed || f->reserved));
		CHECK(!r->msg.server_id || f->server_id_matches);
		CHECK(!r->msg.requested_ip || !r->msg.hdr->ciaddr || r->msg.requested_ip == r->msg.hdr->ciaddr);
		break;
	case DHCP_DO_NAK:
		CHECK(type == DHCP_REQUEST && d->message && (!r->msg.server_id || f->server_id_matches));
		break;
	case DHCP_DO_RELEASE:
	case DHCP_DO_DECLINE:
		CHECK(type == (d->verdict == DHCP_DO_RELEASE ? DHCP_RELEASE : DHCP_DECLINE));
		CHECK(f->hold == DHCP_HELD_BY_CLIENT && f->server_id_matches);
		break;
	case DHCP_DO_FORGET:
		CHECK(type == DHCP_REQUEST && r->msg.server_id && !f->server_id_matches);
		break;
	case DHCP_DO_RAPID:
		CHECK(type == DHCP_DISCOVER && f->rapid_commit && r->msg.rapid_commit);
		break;
	case DHCP_DO_OFFER:
	case DHCP_DO_PREFER_V6:
		CHECK(type == DHCP_DISCOVER);
		break;
	case DHCP_DO_BOOTP:
		CHECK(type == DHCP_NONE && f->bootp);
		break;
	case DHCP_DO_INFORM:
		CHECK(type == DHCP_INFORM && f->on_link);
		break;
	case DHCP_DO_NOTHING:
		CHECK(d->silence);
		break;
	}
}

static void check_header(const struct run *r, const struct dhcp_option_set *set)
{
	const struct dhcp_hdr *h = (const struct dhcp_hdr *)r->buf, *q = r->msg.hdr;
	bool nak = r->reply.type == DHCP_NAK;

	CHECK(h->op == DHCP_BOOTREPLY && h->htype == q->htype && h->hlen == q->hlen);
	CHECK(!h->hops && !h->secs && h->xid == q->xid && h->giaddr == q->giaddr);
	CHECK(h->flags == (nak && q->giaddr ? q->flags | htons(DHCP_FLAG_BROADCAST) : q->flags));
	CHECK(h->yiaddr == r->reply.yiaddr && h->siaddr == (nak ? 0 : set->next_server));
	CHECK(h->ciaddr == (r->reply.type == DHCP_ACK || r->reply.type == DHCP_NONE ? q->ciaddr : 0));
	CHECK(!memcmp(h->chaddr, q->chaddr, sizeof(h->chaddr)));
	CHECK(h->cookie == (r->msg.bare ? 0 : htonl(DHCP_COOKIE)));
}

/* A field that carries no options has its text, and zeros behind. */
static void check_text(const uint8_t *field, size_t size, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	CHECK(len < size && same_bytes(field, text, len));
	CHECK(is_zero(field + len, size - len));
}

static bool is_u32(const struct place *o, u32 value)
{
	u8 bytes[4] = { value >> 24, value >> 16, value >> 8, value };

	return o->len == 4 && !memcmp(o->value, bytes, 4);
}

static bool is_text(const struct place *o, const void *data, size_t len)
{
	return o->len == len && same_bytes(o->value, data, len);
}

/* How much of each configured option's value the reply has had so far */
static size_t joined[256];

static size_t value_size(const struct dhcp_option_ref *ref)
{
	return ref->len - (ref->len + 256) / 257 * 2;
}

/* Is it what the protocol has the server say? */
static bool is_own(const struct run *r, const struct place *o)
{
	const struct dhcp_reply *reply = &r->reply;
	u32 lease = reply->lease_time, t1 = lease / 2, t2 = lease - lease / 8;
	u8 buf[255];
	size_t n;

	switch (o->code) {
	case DHCP_OPT_MESSAGE_TYPE:
		return o->len == 1 && o->value[0] == reply->type;
	case DHCP_OPT_OVERLOAD:
		return o->len == 1 && o->value[0] >= 1 && o->value[0] <= 3;
	case DHCP_OPT_SERVER_ID:
		return is_text(o, &reply->server_id, 4);
	case DHCP_OPT_LEASE_TIME:
		return lease && is_u32(o, lease);
	case DHCP_OPT_T1:
		return lease && is_u32(o, lease == 0xffffffff ? lease : t1);
	case DHCP_OPT_T2:
		return lease && is_u32(o, lease == 0xffffffff ? lease : t2);
	case DHCP_OPT_RAPID_COMMIT:
		return reply->rapid_commit && !o->len;
	case DHCP_OPT_CLIENT_ID:
		return r->msg.client_id.data && is_text(o, r->msg.client_id.data, r->msg.client_id.len);
	case DHCP_OPT_SUBNET_SELECTION:
		return reply->subnet_selection && is_text(o, &reply->subnet_selection, 4);
	case DHCP_OPT_MESSAGE:
		return reply->message && is_text(o, reply->message, strlen(reply->message));
	case DHCP_OPT_FQDN:
		n = r->msg.fqdn.data ? walk_fqdn(buf, &r->msg.fqdn, reply->set) : 0;
		return n && is_text(o, buf, n);
	default:
		return false;
	}
}

/* A configured option goes on from byte @at of its value, here with some of its pieces; returns where that ends. */
static size_t check_pieces(const struct place *o, const u8 *wire, size_t at)
{
	size_t piece, i;

	for (piece = 0; piece < o->whole; piece += 2 + o->start[piece + 1]) {
		for (i = 0; i < o->start[piece + 1]; i++, at++)
			CHECK(o->start[piece + 2 + i] == wire[2 + at + at / 255 * 2]);
	}
	return at;
}

/*
 * Each option is the protocol's or, byte for byte, configured and asked for; and none is there twice, but for pieces of what is
 * configured, one after the other.
 */
static void check_option(const struct run *r, const struct place *o, bool *seen)
{
	const struct dhcp_option_set *set = r->reply.set;
	const struct dhcp_option_ref *ref;

	CHECK(!seen[o->code] || joined[o->code]);
	seen[o->code] = true;
	if (r->reply.type != DHCP_NONE && is_own(r, o))
		return;
	if (r->reply.type == DHCP_NONE && (o->code == DHCP_OPT_FQDN || o->code == DHCP_OPT_OVERLOAD)) {
		CHECK(is_own(r, o));
		return;
	}
	CHECK(r->reply.type != DHCP_NAK && dhcp_options_have(set, o->code));
	CHECK(!r->msg.prl.data || o->code == DHCP_OPT_SUBNET_MASK || dhcp_asks_for(&r->msg, o->code) ||
	      memchr(set->always, o->code, set->n_always));
	ref = &set->ref[set->slot[o->code] - 1];
	joined[o->code] = check_pieces(o, set->data + ref->at, joined[o->code]);
	CHECK(joined[o->code] <= value_size(ref));
}

/* Option 82 is all of the request's, in pieces of 255 bytes, last before END; returns what it takes. */
static size_t agent_size(const struct run *r)
{
	size_t len = r->msg.agent.whole.len;

	if (!r->msg.agent.whole.data || r->left_out.agent)
		return 0;
	return len + 2 * (len ? (len + 254) / 255 : 1);
}

static void check_agent(const struct run *r, const uint8_t *p, const uint8_t *end)
{
	size_t at = 0, len = r->msg.agent.whole.len;

	for (; p < end; p += 2 + p[1]) {
		CHECK(end - p >= 2 && p[0] == DHCP_OPT_RELAY_AGENT && p[1] <= end - p - 2);
		CHECK(p[1] <= len - at && same_bytes(p + 2, r->msg.agent.whole.data + at, p[1]));
		at += p[1];
	}
	CHECK(at == len);
}

/* Options up to END, and zeros behind it; @tail: what is before END and not looked at here */
static void check_field(const struct run *r, const uint8_t *p, size_t size, size_t tail, bool *seen, u8 *overload)
{
	const uint8_t *end = field_end(p, size);
	struct place o;

	CHECK(end && (size_t)(end - p) >= tail);
	CHECK(is_zero(end + 1, p + size - end - 1));
	if (tail)
		check_agent(r, end - tail, end);
	for (end -= tail; p < end; p += o.whole) {
		CHECK(whole_at(p, end, &o));
		check_option(r, &o, seen);
		if (o.code == DHCP_OPT_OVERLOAD)
			*overload = o.value[0];
	}
}

/* What was asked for and is configured is there, if nothing was left out. */
static void check_complete(const struct run *r, const bool *seen)
{
	const struct dhcp_option_set *set = r->reply.set;
	const struct dhcp_bytes *prl = &r->msg.prl;
	bool routes = dhcp_asks_for(&r->msg, DHCP_OPT_CLASSLESS_ROUTES) && dhcp_options_have(set, DHCP_OPT_CLASSLESS_ROUTES);
	unsigned int i;

	CHECK(r->reply.type == DHCP_NONE || (seen[DHCP_OPT_MESSAGE_TYPE] && seen[DHCP_OPT_SERVER_ID]));
	CHECK(r->reply.type == DHCP_NONE || !r->reply.lease_time || seen[DHCP_OPT_LEASE_TIME]);
	CHECK(r->reply.type == DHCP_NONE || seen[DHCP_OPT_CLIENT_ID] == !!r->msg.client_id.data);
	if (r->left_out.options || r->reply.type == DHCP_NAK)
		return;
	for (i = 0; i < (prl->data ? prl->len : set->n); i++) {
		u8 code = prl->data ? prl->data[i] : set->data[set->ref[i].at];

		if (dhcp_options_have(set, code) && !(routes && (code == DHCP_OPT_ROUTERS || code == DHCP_OPT_STATIC_ROUTES)))
			CHECK(seen[code]);
	}
	CHECK(!routes || seen[DHCP_OPT_CLASSLESS_ROUTES]);
}

static void check_reply(const struct run *r, const struct dhcp_option_set *set)
{
	const struct dhcp_hdr *h = (const struct dhcp_hdr *)r->buf;
	bool seen[256] = {}, nak = r->reply.type == DHCP_NAK;
	u8 overload = 0, nested = 0;
	unsigned int i;

	memset(joined, 0, sizeof(joined));
	CHECK(r->len >= DHCP_MIN_BODY && r->len <= r->size);
	/* Its relay takes option 82 out again. */
	CHECK(r->reply.type != DHCP_NONE ||
	      r->len <= DHCP_MIN_BODY + (r->msg.hdr->giaddr && !r->msg.hdr->ciaddr ? agent_size(r) : 0));
	check_header(r, set);
	if (r->msg.bare)
		CHECK(is_zero(h->options, r->len - DHCP_HDR_LEN));
	else
		check_field(r, h->options, r->len - DHCP_HDR_LEN, agent_size(r), seen, &overload);
	if (overload & 1)
		check_field(r, h->file, sizeof(h->file), 0, seen, &nested);
	else
		check_text(h->file, sizeof(h->file), nak ? NULL : set->boot_file);
	if (overload & 2)
		check_field(r, h->sname, sizeof(h->sname), 0, seen, &nested);
	else
		check_text(h->sname, sizeof(h->sname), nak ? NULL : set->server_name);
	CHECK(!nested);
	if (!r->msg.bare)
		check_complete(r, seen);
	for (i = 0; i < set->n; i++)
		CHECK(!joined[set->data[set->ref[i].at]] || joined[set->data[set->ref[i].at]] == value_size(&set->ref[i]));
}

/* The parser reads what the builder wrote. */
static void check_parsed(const struct run *r)
{
	uint8_t *exact = memcpy(malloc(r->len), r->buf, r->len);
	struct dhcp_scratch scratch;
	struct dhcp_msg msg;
	enum dhcp_parse_error err = dhcp_parse(&msg, &scratch, exact, r->len);

	/* Options that are longer than any that the parser puts together it refuses. */
	CHECK(err == DHCP_PARSE_OK || (err == DHCP_PARSE_VALUE && r->reply.set->len > 255));
	CHECK(msg.type == r->reply.type && msg.bare == r->msg.bare);
	CHECK(msg.lease_time == (r->reply.type == DHCP_NONE ? 0 : r->reply.lease_time));
	if (!err && !r->left_out.agent)
		CHECK(msg.agent.whole.len == r->msg.agent.whole.len && !msg.agent.overloaded);
	free(exact);
}

/* An ACK once more: only the times change, and what the request says. */
static void check_again(const uint8_t *body, size_t len, const struct dhcp_hdr *req, u32 seconds)
{
	uint8_t *ack = memcpy(malloc(len), body, len), *want = memcpy(malloc(len), body, len);
	struct dhcp_hdr *h = (struct dhcp_hdr *)want;
	bool lease;

	h->xid = req->xid;
	h->secs = 0;
	h->flags = req->flags;
	h->ciaddr = req->ciaddr;
	lease = walk_times(want, len, seconds);
	CHECK(dhcp_ack_again(ack, len, req, seconds) == lease);
	CHECK(!memcmp(ack, want, len));
	free(ack);
	free(want);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct server s;
	struct run a, b;
	uint8_t *body;
	size_t len;

	if (take_server(&s, &in)) {
		body = take_block(&in, in.len, &len);
		go(&a, &s, body, len, 0xa5);
		go(&b, &s, body, len, 0x5a);
		check_same(&a, &b);
		if (!a.err || a.err == DHCP_PARSE_VALUE)
			check_view(&a, body, len);
		if (a.len) {
			check_reply(&a, s.set);
			check_parsed(&a);
			check_again(a.buf, a.len, a.msg.hdr, s.knobs.lease);
		} else if (len >= DHCP_HDR_LEN) {
			check_again(body, len, (const struct dhcp_hdr *)body, s.knobs.lease);
		}
		free(a.buf);
		free(b.buf);
		free(body);
	}
	drop_server(&s);
	return 0;
}
