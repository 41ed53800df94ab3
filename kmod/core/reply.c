// SPDX-License-Identifier: GPL-2.0-only
/* Builds all replies: OFFER, ACK, NAK and the answer to BOOTP, from pre-rendered options. */
#include <linux/string.h>
#include <linux/unaligned.h>

#include "dhcp.h"

/* A field that options are written to. Its last byte is kept free for END. */
struct field {
	u8	*start;
	u8	*p;
	u8	*end;
};

/* A set of option codes */
struct codes {
	u8 bits[256 / 8];
};

/**
 * struct build - a reply under construction
 * @reply: the contents of the reply
 * @hdr: the message
 * @field: fields for options: options, with overload also file and sname (RFC 2131 section 4.1)
 * @overload: the fields of these in use, the value of option 52
 * @sent: options that are done: sent, or not configured
 * @routes_first: option 121 comes before the other requested options
 * @routes_cut: option 121 has been cut over several fields
 * @left_out: number of options that did not fit
 */
struct build {
	const struct dhcp_reply	*reply;
	struct dhcp_hdr		*hdr;
	struct field		field[3];
	u8			overload;
	struct codes		sent;
	bool			routes_first;
	bool			routes_cut;
	u16			left_out;
};

enum { OPTIONS, FILE, SNAME };	/* the value of option 52 has bit (field - 1) set */

static bool has_code(const struct codes *set, u8 code)
{
	return set->bits[code / 8] & 1U << code % 8;
}

static void add_code(struct codes *set, u8 code)
{
	set->bits[code / 8] |= 1U << code % 8;
}

/* Reserves space for a whole option, in one field. NULL if no field has enough. */
static u8 *reserve(struct build *b, size_t len)
{
	u8 *room;
	int i;

	for (i = OPTIONS; i <= SNAME; i++) {
		struct field *f = &b->field[i];

		if ((size_t)(f->end - f->p) < len)
			continue;
		room = f->p;
		f->p += len;
		b->overload |= i;
		return room;
	}
	return NULL;
}

/* How many bytes of a value fit into a field, in pieces of up to 255 bytes */
static size_t room_in_pieces(const struct field *f)
{
	size_t room = f->end - f->p, rest = room % 257;

	return room / 257 * 255 + (rest > 2 ? rest - 2 : 0);
}

/* Copies @len bytes of an option's value, from @from. @wire: the option, in pieces of 255 bytes. */
static void copy_value(u8 *to, const u8 *wire, size_t from, u8 len)
{
	size_t i;

	for (i = from; i < from + len; i++)
		*to++ = wire[2 + i + i / 255 * 2];
}

/*
 * RFC 3396 sections 5 and 6: cuts an option over the fields. The receiver joins the pieces of
 * options, file and sname, in this order. Returns false if all fields together are too short.
 */
static bool put_pieces(struct build *b, const u8 *wire, size_t len)
{
	size_t size = len - (len + 256) / 257 * 2, room = 0, at = 0;
	int i;

	for (i = OPTIONS; i <= SNAME; i++)
		room += room_in_pieces(&b->field[i]);
	if (!size || room < size)
		return false;
	b->routes_cut |= wire[0] == DHCP_OPT_CLASSLESS_ROUTES && size <= 255;
	for (i = OPTIONS; i <= SNAME; i++) {
		struct field *f = &b->field[i];

		while (at < size && f->end - f->p > 2) {
			size_t n = size - at;

			if (n > 255)
				n = 255;
			if (n > (size_t)(f->end - f->p - 2))
				n = f->end - f->p - 2;
			f->p[0] = wire[0];
			f->p[1] = n;
			copy_value(f->p + 2, wire, at, n);
			f->p += 2 + n;
			at += n;
			b->overload |= i;
		}
	}
	return true;
}

static void put_option(struct build *b, u8 code, const void *value, u8 len)
{
	u8 *p = reserve(b, 2 + len);

	add_code(&b->sent, code);
	if (!p) {
		b->left_out++;
		return;
	}
	p[0] = code;
	p[1] = len;
	memcpy(p + 2, value, len);
}

static void put_u32(struct build *b, u8 code, u32 value)
{
	u8 bytes[4];

	put_unaligned_be32(value, bytes);
	put_option(b, code, bytes, sizeof(bytes));
}

/* A time of the set as seconds of @lease; @otherwise if it is 0 or not below @limit. */
static u32 time_within(u32 time, u32 lease, u32 limit, u32 otherwise)
{
	u32 share = time & ~DHCP_TIME_SHARE;

	if (time & DHCP_TIME_SHARE)
		time = lease / 1000 * share + lease % 1000 * share / 1000;
	return time && time < limit ? time : otherwise;
}

/* RFC 2131 4.4.5: T1 < T2 < lease time; 1/2 and 7/8 by default. Infinite if the lease is. */
static void put_times(struct build *b, u32 lease)
{
	const struct dhcp_option_set *set = b->reply->set;
	bool infinite = lease == 0xffffffff;
	u32 rebind = lease;

	put_u32(b, DHCP_OPT_LEASE_TIME, lease);
	if (set->rebind != DHCP_TIME_OFF)
		rebind = time_within(set->rebind, lease, lease, lease - (lease / 8 ?: lease > 1));
	if (set->renew != DHCP_TIME_OFF)
		put_u32(b, DHCP_OPT_T1, infinite ? lease :
			time_within(set->renew ?: lease / 2, lease, rebind, rebind / 2));
	if (set->rebind != DHCP_TIME_OFF)
		put_u32(b, DHCP_OPT_T2, infinite ? lease : rebind);
}

static const u8 *option_at(const struct dhcp_option_set *set, u8 code, size_t *len)
{
	const struct dhcp_option_ref *ref = &set->ref[set->slot[code] - 1];

	*len = ref->len;
	return set->data + ref->at;
}

/* RFC 4702 section 4: answers the client's option 81 in its encoding. No DNS record is updated. */
static void put_fqdn(struct build *b)
{
	const struct dhcp_option_set *set = b->reply->set;
	const u8 *domain = NULL;
	u8 answer[255];
	size_t len = 0;

	if (!b->reply->msg->fqdn.data)
		return;
	if (dhcp_options_have(set, DHCP_OPT_DOMAIN_NAME))
		domain = option_at(set, DHCP_OPT_DOMAIN_NAME, &len);
	len = dhcp_fqdn_answer(answer, &b->reply->msg->fqdn, domain ? domain + 2 : NULL,
			       domain ? domain[1] : 0);
	if (len)
		put_option(b, DHCP_OPT_FQDN, answer, len);
}

/* The options that the protocol requires come first, so they are the last ones that lack space. */
static void put_protocol(struct build *b)
{
	const struct dhcp_reply *r = b->reply;
	const struct dhcp_bytes *id = &r->msg->client_id;
	u8 type = r->type;

	put_option(b, DHCP_OPT_MESSAGE_TYPE, &type, sizeof(type));
	put_option(b, DHCP_OPT_SERVER_ID, &r->server_id, sizeof(r->server_id));
	if (r->lease_time)
		put_times(b, r->lease_time);
	if (r->rapid_commit)
		put_option(b, DHCP_OPT_RAPID_COMMIT, "", 0);
	if (id->data)
		put_option(b, DHCP_OPT_CLIENT_ID, id->data, id->len);
	if (r->subnet_selection)
		put_option(b, DHCP_OPT_SUBNET_SELECTION, &r->subnet_selection,
			   sizeof(r->subnet_selection));
	if (r->message)
		put_option(b, DHCP_OPT_MESSAGE, r->message, strlen(r->message));
}

static void put_configured(struct build *b, u8 code)
{
	const u8 *wire;
	size_t len;
	u8 *p;

	if (has_code(&b->sent, code))
		return;
	add_code(&b->sent, code);
	if (!dhcp_options_have(b->reply->set, code))
		return;
	wire = option_at(b->reply->set, code, &len);
	p = reserve(b, len);
	if (p)
		memcpy(p, wire, len);
	else if (!put_pieces(b, wire, len))
		b->left_out++;
}

/* Without a parameter request list: all options, in the configured order. */
static void put_all(struct build *b)
{
	const struct dhcp_option_set *set = b->reply->set;
	u8 i;

	for (i = 0; i < set->n; i++)
		put_configured(b, set->data[set->ref[i].at]);
}

/* RFC 3442: a client that asks for option 121 gets it instead of options 3 and 33. */
static bool routes_replace_routers(const struct dhcp_reply *r)
{
	return dhcp_asks_for(r->msg, DHCP_OPT_CLASSLESS_ROUTES) &&
	       dhcp_options_have(r->set, DHCP_OPT_CLASSLESS_ROUTES);
}

/*
 * The options that the client asks for, in its order (RFC 2132 9.8), then those that it gets
 * without asking: the last ones are left out first. Routes matter most: if options are left out,
 * option 121 is not among them, or else options 3 and 33 are sent after all.
 */
static void put_requested(struct build *b, const struct dhcp_bytes *prl)
{
	bool replaced = routes_replace_routers(b->reply);
	u16 left_out = b->left_out, i;

	if (b->routes_first) {
		put_configured(b, DHCP_OPT_CLASSLESS_ROUTES);
		replaced = b->left_out == left_out;
	}
	if (replaced) {
		add_code(&b->sent, DHCP_OPT_ROUTERS);
		add_code(&b->sent, DHCP_OPT_STATIC_ROUTES);
	}
	for (i = 0; i < prl->len; i++)
		put_configured(b, prl->data[i]);
	for (i = 0; i < b->reply->set->n_always; i++)
		put_configured(b, b->reply->set->always[i]);
}

static void put_options(struct build *b)
{
	const struct dhcp_bytes *prl = &b->reply->msg->prl;

	if (b->reply->type != DHCP_NONE)
		put_protocol(b);
	if (b->reply->type == DHCP_NAK)
		return;
	/* RFC 2132 3.3: the subnet mask before the router. */
	put_configured(b, DHCP_OPT_SUBNET_MASK);
	put_fqdn(b);
	if (prl->data)
		put_requested(b, prl);
	else
		put_all(b);
}

/* RFC 3046 section 2.2: option 82 is echoed unchanged. */
static const struct dhcp_bytes *agent_of(const struct dhcp_reply *r)
{
	return r->echo ? r->echo : &r->msg->agent.whole;
}

/* The length of option 82 on the wire, with a header for each piece of 255 bytes; 0: no option. */
static size_t agent_size(const struct dhcp_bytes *agent)
{
	size_t pieces = agent->len ? (agent->len + 254) / 255 : 1;

	return agent->data ? agent->len + 2 * pieces : 0;
}

/* The length of option 82; 0 if there is none, or no space beside the required options. */
static size_t room_for_agent(const struct dhcp_reply *r, size_t room, bool *left_out)
{
	size_t len = agent_size(agent_of(r));
	/* 53, 54, 51, 58, 59, 80, 118, 56, 1, 52 and END, generously; BOOTP: the mask and END. */
	size_t own = r->type == DHCP_NONE ? 7 : 80 + r->msg->client_id.len;

	*left_out = len && own + len > room;
	return *left_out ? 0 : len;
}

/* RFC 1542 section 2.1: a BOOTP client accepts 300 bytes, without option 82 of the relay. */
static size_t bootp_size(const struct dhcp_reply *r)
{
	const struct dhcp_msg *msg = r->msg;

	/* RFC 1542 section 5.4: a BOOTP client with a ciaddr is answered without its relay. */
	if (!msg->hdr->giaddr || msg->hdr->ciaddr)
		return DHCP_MIN_BODY;
	return DHCP_MIN_BODY + agent_size(agent_of(r));
}

/* RFC 3046 section 2.2: echoed unchanged, last before END, in the options field only. */
static void put_agent(u8 **at, const struct dhcp_bytes *agent)
{
	const u8 *from = agent->data;
	size_t left = agent->len;
	u8 *p = *at;

	do {
		u8 len = left < 255 ? left : 255;

		*p++ = DHCP_OPT_RELAY_AGENT;
		*p++ = len;
		memcpy(p, from, len);
		p += len;
		from += len;
		left -= len;
	} while (left);
	*at = p;
}

static void put_header(struct dhcp_hdr *hdr, const struct dhcp_reply *r)
{
	const struct dhcp_hdr *req = r->msg->hdr;

	hdr->op = DHCP_BOOTREPLY;
	hdr->htype = req->htype;
	hdr->hlen = req->hlen;
	hdr->xid = req->xid;
	hdr->flags = req->flags;
	/* RFC 2131 4.3.2: the relay must broadcast it: the client may think it has an address. */
	if (r->type == DHCP_NAK && req->giaddr)
		put_unaligned_be16(get_unaligned_be16(&req->flags) | DHCP_FLAG_BROADCAST,
				   &hdr->flags);
	/* RFC 2131 table 3: ciaddr is echoed in an ACK only. */
	if (r->type == DHCP_ACK || r->type == DHCP_NONE)
		hdr->ciaddr = req->ciaddr;
	hdr->yiaddr = r->yiaddr;
	hdr->giaddr = req->giaddr;
	memcpy(hdr->chaddr, req->chaddr, sizeof(hdr->chaddr));
	if (r->type == DHCP_NAK)
		return;
	hdr->siaddr = r->set->next_server;
	if (r->set->server_name)
		memcpy(hdr->sname, r->set->server_name, strlen(r->set->server_name));
	if (r->set->boot_file)
		memcpy(hdr->file, r->set->boot_file, strlen(r->set->boot_file));
}

static void open_field(struct field *f, u8 *start, size_t size)
{
	f->start = start;
	f->p = start;
	f->end = start + size - 1;
}

/* With @overload, unused fields take options; option 52 names them (RFC 2131 4.1, RFC 2132 9.3). */
static void write_options(struct build *b, size_t room, bool overload)
{
	const struct dhcp_option_set *set = b->reply->set;
	u8 *value = NULL;
	int i;

	open_field(&b->field[OPTIONS], b->hdr->options, room);
	if (overload) {
		if (!set->boot_file)
			open_field(&b->field[FILE], b->hdr->file, sizeof(b->hdr->file));
		if (!set->server_name)
			open_field(&b->field[SNAME], b->hdr->sname, sizeof(b->hdr->sname));
		value = reserve(b, 3) + 2;
		memcpy(value - 2, "\x34\x01", 2);
	}
	put_options(b);
	if (!overload)
		return;
	*value = b->overload;
	for (i = FILE; i <= SNAME; i++) {
		if (b->overload & i)
			*b->field[i].p = DHCP_OPT_END;
	}
}

/* One attempt. The buffer is zeroed first, so no byte of an earlier packet or attempt is sent. */
static void write_reply(struct build *b, u8 *buf, size_t size, size_t agent, bool overload)
{
	memset(buf, 0, size);
	*b = (struct build){ .reply = b->reply, .routes_first = b->routes_first,
			     .hdr = (struct dhcp_hdr *)buf };
	put_header(b->hdr, b->reply);
	if (b->reply->msg->bare)
		return;
	put_unaligned_be32(DHCP_COOKIE, &b->hdr->cookie);
	write_options(b, size - DHCP_HDR_LEN - agent, overload);
}

/* The fields file and sname are only used if the options field is too short. */
static void write_fitting(struct build *b, u8 *buf, size_t size, size_t agent)
{
	u8 type = b->reply->type;

	write_reply(b, buf, size, agent, false);
	if (!b->left_out || type == DHCP_NAK || type == DHCP_NONE)
		return;
	write_reply(b, buf, size, agent, true);
	if (!b->overload)
		write_reply(b, buf, size, agent, false);
}

/*
 * Not every client joins pieces, and such a client has no default route without option 121. So
 * option 121 comes first, if that keeps it in one piece, or makes it fit at all. But if all options
 * fit and option 121 is only cut, no other option is left out to keep it in one piece.
 */
static void write_routes_whole(struct build *b, u8 *buf, size_t size, size_t agent)
{
	bool complete = !b->left_out;

	if ((complete && !b->routes_cut) || !routes_replace_routers(b->reply))
		return;
	b->routes_first = true;
	write_fitting(b, buf, size, agent);
	if (!complete || !b->left_out)
		return;
	b->routes_first = false;
	write_fitting(b, buf, size, agent);
}

/**
 * dhcp_reply_build - write a reply
 * @buf: where to write, at any alignment; all of it is written
 * @size: its size in bytes, at least DHCP_MIN_DATAGRAM - DHCP_IP_UDP_LEN
 * @reply: the contents of the reply
 * @left_out: set to the number of options that did not fit, and whether option 82 did not
 *
 * RFC 2131 section 4.3.1 and table 3. The options that the protocol requires come first and always
 * fit; then the options that the client asks for, in its order; option 82 last. If the options
 * field is too short, options and pieces of options also go into the fields file and sname, unless
 * these are used for themselves. BOOTP clients accept 300 bytes (RFC 1542 section 2.1).
 *
 * Return: the length of the message in bytes, at least DHCP_MIN_BODY.
 * Context: any.
 */
size_t dhcp_reply_build(u8 *buf, size_t size, const struct dhcp_reply *reply,
			struct dhcp_left_out *left_out)
{
	struct build b = { .reply = reply };
	size_t agent;
	u8 *end;

	if (reply->type == DHCP_NONE && size > bootp_size(reply))
		size = bootp_size(reply);
	agent = room_for_agent(reply, size - DHCP_HDR_LEN, &left_out->agent);
	if (reply->type == DHCP_NONE && left_out->agent)
		size = DHCP_MIN_BODY;
	write_fitting(&b, buf, size, agent);
	write_routes_whole(&b, buf, size, agent);
	left_out->options = b.left_out;
	if (reply->msg->bare)
		return DHCP_MIN_BODY;

	end = b.field[OPTIONS].p;
	if (agent)
		put_agent(&end, agent_of(reply));
	*end++ = DHCP_OPT_END;
	return end - buf < DHCP_MIN_BODY ? DHCP_MIN_BODY : end - buf;
}
