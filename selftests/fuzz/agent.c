// SPDX-License-Identifier: GPL-2.0-or-later
/* Option 82 both ways: rendered from a template, put into a request, known again in a reply and taken out. */
#include <linux/dhcpk.h>

#include "agent.h"
#include "dhcp.h"
#include "fuzz.h"
#include "walk.h"

enum { NAME_SIZE = 16 };

/* What the input says of a relay */
struct relay {
	struct agent_knobs	knobs;
	struct dhcp_bytes	template;
	struct dhcp_agent_facts	facts;
	char			dev[NAME_SIZE], port[NAME_SIZE];
	u8			chaddr[DHCP_CHADDR_LEN];
	u32			pieces;
	bool			vss;
};

/* A message with room behind it, in a block of exactly that size */
struct body {
	u8	*data;
	size_t	len, size;
};

static struct body copy_of(const u8 *data, size_t len, size_t more)
{
	struct body b = { .len = len, .size = len + more };

	b.data = malloc(b.size + !b.size);
	CHECK(b.data);
	memset(b.data, 0xa5, b.size);
	if (len)
		memcpy(b.data, data, len);
	return b;
}

static bool is_port(const void *bridge, const u8 *name, size_t len)
{
	const struct relay *r = bridge;

	return len == strlen(r->port) && same_bytes(name, r->port, len);
}

static const char *name_of(char *text, const char *head, size_t len)
{
	memset(text, 'x', len);
	memcpy(text, head, len < strlen(head) ? len : strlen(head));
	text[len] = '\0';
	return len ? text : NULL;
}

static uint8_t *take_relay(struct relay *r, struct input *in)
{
	uint8_t *template;
	size_t len;

	take(in, &r->knobs, sizeof(r->knobs));
	template = take_block(in, r->knobs.template_len, &len);
	r->template = (struct dhcp_bytes){ .data = template, .len = len };
	memcpy(r->chaddr, "\x02\x00\x5e\x10\xab\xcd\xef", 8);
	memset(r->chaddr + 8, 0x81, 8);
	name_of(r->dev, "eth", 1 + r->knobs.dev % (NAME_SIZE - 1));
	r->facts = (struct dhcp_agent_facts){
		.dev		= r->dev,
		.port		= name_of(r->port, "lan", r->knobs.port % NAME_SIZE),
		.vlan		= r->knobs.vlan,
		.svlan		= r->knobs.svlan,
		.chaddr		= r->chaddr,
		.hlen		= r->knobs.hlen,
		.link		= r->knobs.link,
		.server_id	= r->knobs.server_id,
		.flags		= r->knobs.flags & DHCP_AGENT_UNICAST,
	};
	return template;
}

/* ---- a template's value ---- */

static void check_value(const struct dhcp_bytes *value, const u8 *hole)
{
	const u8 *p = value->data, *end = p + value->len;

	CHECK(value->len <= DHCP_AGENT_MAX);
	for (; p < end; p += 2 + p[1]) {
		CHECK(end - p >= 2 && p[1] <= end - p - 2);
		if (hole) {
			CHECK(*hole == DHCP_NO_HOLE || *hole <= p[1]);
			hole++;
		}
	}
}

/* Into two blocks of different bytes: the value depends on nothing that lay there. */
static bool render(const struct relay *r, struct dhcp_bytes *value, u8 *buf, u8 *hole)
{
	struct dhcp_agent_facts facts = r->facts;
	u8 again[DHCP_AGENT_MAX], holes[DHCP_AGENT_SUBS_MAX];
	struct dhcp_bytes same;
	bool fits;

	if (hole)
		facts.port = NULL;
	memset(buf, 0xa5, DHCP_AGENT_MAX);
	memset(again, 0x5a, sizeof(again));
	fits = dhcp_agent_render(value, buf, &r->template, &facts, hole);
	CHECK(fits == dhcp_agent_render(&same, again, &r->template, &facts, hole ? holes : NULL));
	CHECK(value->data == buf && value->len == same.len && same_bytes(buf, again, same.len));
	check_value(value, hole);
	return fits;
}

/* ---- put in ---- */

/* Where the options end: at END, or behind the last one; false if they do not add up. */
static bool options_end(const struct body *b, size_t *at)
{
	struct dhcp_place p;
	size_t next;

	*at = DHCP_HDR_LEN;
	if (b->len < DHCP_HDR_LEN || memcmp(b->data + DHCP_HDR_LEN - 4, "\x63\x82\x53\x63", 4))
		return false;
	for (next = *at; dhcp_next_option(b->data, b->len, next, &p); next = p.at + p.len) {
		if (p.code == DHCP_OPT_END) {
			*at = p.at < b->len ? p.at : next;
			return true;
		}
	}
	return false;
}

static void check_append(const struct body *before, struct body *b, const struct dhcp_bytes *agent)
{
	size_t at, end, len = dhcp_agent_append(b->data, b->len, b->size, agent);

	if (!len) {
		CHECK(!options_end(before, &at) || !agent->len || at + 2 + agent->len + 1 > b->size);
		CHECK(same_bytes(before->data, b->data, before->size));
		return;
	}
	CHECK(options_end(before, &at) && len >= b->len && len <= b->size);
	end = at + 2 + agent->len;
	CHECK(len == (end + 1 > b->len ? end + 1 : b->len));
	CHECK(!memcmp(before->data, b->data, at));
	CHECK(b->data[at] == DHCP_OPT_RELAY_AGENT && b->data[at + 1] == agent->len && b->data[end] == DHCP_OPT_END);
	CHECK(!memcmp(b->data + at + 2, agent->data, agent->len));
	CHECK(same_bytes(before->data + end + 1, b->data + end + 1, b->size - end - 1));
	b->len = len;
}

/* ---- taken out ---- */

/* The options field of @b without all of option 82, or its pieces shortened, is that of @left. */
static void check_left(const struct body *b, const struct body *left, bool all)
{
	size_t at = DHCP_HDR_LEN, to = DHCP_HDR_LEN;
	struct dhcp_place p, q;

	CHECK(!memcmp(b->data, left->data, DHCP_HDR_LEN));
	for (;;) {
		CHECK(dhcp_next_option(b->data, b->len, at, &p));
		/* Pads before what is taken out stay. */
		CHECK(same_bytes(b->data + at, left->data + to, p.at - at));
		to += p.at - at;
		at = p.at + p.len;
		if (p.code == DHCP_OPT_END)
			break;
		if (p.code != DHCP_OPT_RELAY_AGENT) {
			CHECK(!memcmp(b->data + p.at, left->data + to, p.len));
			to += p.len;
			continue;
		}
		CHECK(dhcp_next_option(left->data, left->len, to, &q));
		if (all || q.at != to || q.code != DHCP_OPT_RELAY_AGENT || q.len > p.len ||
		    !same_bytes(left->data + q.at + 2, b->data + p.at + 2, q.len - 2))
			continue;
		to += q.len;
	}
	CHECK(to <= left->len);
	/* What is behind END has moved with it, and there is padding at most behind that. */
	CHECK(left->len >= to + b->len - p.at && same_bytes(b->data + p.at, left->data + to, b->len - p.at));
	CHECK(is_zero(left->data + to + b->len - p.at, left->len - to - (b->len - p.at)));
}

/* Returns false if there is nothing that may go on its way. */
static bool remove_from(struct body *b, const struct dhcp_own_agent *ours)
{
	struct body before = copy_of(b->data, b->len, b->size - b->len);
	size_t at, len = dhcp_agent_remove(b->data, b->len, b->size, ours);
	bool fine = len;

	CHECK(len <= b->size);
	if (!len) {
		CHECK(!options_end(&before, &at));
	} else if (!options_end(&before, &at)) {
		/* Without a cookie there are no options to take out. */
		CHECK(len == before.len && same_bytes(before.data, b->data, b->size));
	} else {
		CHECK(len >= DHCP_MIN_BODY || b->size < DHCP_MIN_BODY);
		CHECK(len <= before.len || len == DHCP_MIN_BODY);
		b->len = len;
		check_left(&before, b, !ours);
	}
	free(before.data);
	return fine;
}

static bool has_agent(const struct body *b)
{
	size_t at = DHCP_HDR_LEN;
	struct dhcp_place p;

	for (; dhcp_next_option(b->data, b->len, at, &p) && p.code != DHCP_OPT_END; at = p.at + p.len) {
		if (p.code == DHCP_OPT_RELAY_AGENT)
			return true;
	}
	return false;
}

/* Up to END nothing is other than it was. */
static void check_back(const struct body *first, const struct body *b)
{
	size_t at, end;

	CHECK(options_end(first, &at) && options_end(b, &end));
	CHECK(end == at && !memcmp(first->data, b->data, at));
}

/* ---- ---- */

/* Of several pieces that a reply does not show one hole is made, which is known again only if a port's name is all of it. */
static bool one_hole_each(const struct dhcp_bytes *template)
{
	const u8 *sub = template->data, *end = sub + template->len, *p;

	for (; sub < end; sub += 2 + sub[1]) {
		unsigned int n = 0;

		for (p = sub + 2; p < sub + 2 + sub[1]; p += 2 + p[1])
			n += p[0] == DHCPK_AGENT_PORT || p[0] == DHCPK_AGENT_FLAGS;
		if (n > 1)
			return false;
	}
	return true;
}

/* The server echoes it, by itself: it is known again, and goes. */
static void echoed(const struct relay *r, const struct dhcp_bytes *agent, const struct body *first, struct body *b)
{
	struct dhcp_own_agent ours = { .is_port = is_port, .bridge = r };
	u8 buf[DHCP_AGENT_MAX];

	if (!render(r, &ours.value, buf, ours.hole) || !one_hole_each(&r->template))
		return;
	CHECK(dhcp_agent_matches(agent, &ours));
	ours.joined = *agent;
	CHECK(remove_from(b, &ours));
	check_back(first, b);
}

/* What a relay puts into a request comes out again, whoever put it in. */
static void round_trip(const struct relay *r, const struct dhcp_bytes *agent, const struct body *first)
{
	struct body b = copy_of(first->data, first->len, first->size - first->len), all;
	size_t at;

	check_append(first, &b, agent);
	if (!options_end(first, &at) || !has_agent(&b))
		goto out;
	all = copy_of(b.data, b.len, b.size - b.len);
	CHECK(remove_from(&all, NULL));
	CHECK(!has_agent(&all));
	if (!has_agent(first)) {
		check_back(first, &all);
		echoed(r, agent, first, &b);
	}
	free(all.data);
out:
	free(b.data);
}

/* What all of option 82 in the options field says, in a row */
static size_t all_agents(const struct body *b, u8 *to)
{
	size_t at = DHCP_HDR_LEN, len = 0;
	struct dhcp_place p;

	for (; dhcp_next_option(b->data, b->len, at, &p) && p.code != DHCP_OPT_END; at = p.at + p.len) {
		if (p.code != DHCP_OPT_RELAY_AGENT)
			continue;
		memcpy(to + len, b->data + p.at + 2, p.len - 2);
		len += p.len - 2;
	}
	return len;
}

static bool whole_in_one(const struct body *b, const struct dhcp_own_agent *ours)
{
	size_t at = DHCP_HDR_LEN;
	struct dhcp_place p;

	for (; dhcp_next_option(b->data, b->len, at, &p) && p.code != DHCP_OPT_END; at = p.at + p.len) {
		struct dhcp_bytes value = { .data = b->data + p.at + 2, .len = p.len - 2 };

		if (p.code == DHCP_OPT_RELAY_AGENT && dhcp_agent_matches(&value, ours))
			return true;
	}
	return false;
}

/* What came in pieces is cut once: what is left is what was before, and ours begins where it ends. */
static void check_pieces(const struct body *before, const struct body *b, const struct dhcp_own_agent *ours, bool is_ours)
{
	u8 *had = malloc(before->len), *left = malloc(b->len);
	size_t n_had = all_agents(before, had), n_left = all_agents(b, left);
	struct dhcp_bytes cut = { .data = ours->joined.data + n_left, .len = ours->joined.len - n_left };

	CHECK(n_left <= n_had && same_bytes(had, left, n_left));
	if (!is_ours)
		CHECK(n_left == n_had);
	else if (n_left < n_had)
		CHECK(dhcp_agent_matches(&cut, ours));
	free(had);
	free(left);
}

/* A reply as it comes, with whatever option 82 is in it */
static void take_out(const struct relay *r, const struct body *first)
{
	struct body b = copy_of(first->data, first->len, first->size - first->len);
	struct dhcp_own_agent ours = { .is_port = is_port, .bridge = r };
	struct dhcp_scratch scratch;
	enum dhcp_parse_error err;
	u8 buf[DHCP_AGENT_MAX];
	struct dhcp_msg msg;
	bool is_ours;

	render(r, &ours.value, buf, ours.hole);
	if (!ours.value.len)
		ours.value.data = NULL; /* A relay without a template has none. */
	err = dhcp_parse(&msg, &scratch, first->data, first->len);
	if (err && err != DHCP_PARSE_VALUE)
		goto out;
	is_ours = dhcp_agent_matches(&msg.agent.whole, &ours);
	CHECK(!is_ours || (msg.agent.whole.data && ours.value.len));
	ours.joined = msg.agent.whole;
	if (ours.value.len && remove_from(&b, &ours) && ours.joined.data && !whole_in_one(first, &ours))
		check_pieces(first, &b, &ours, is_ours);
	free(b.data);
	b = copy_of(first->data, first->len, first->size - first->len);
	ours.joined = (struct dhcp_bytes){};
	remove_from(&b, &ours);
out:
	free(b.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct dhcp_bytes agent;
	u8 buf[DHCP_AGENT_MAX];
	uint8_t *template;
	struct body first;
	struct relay r;

	template = take_relay(&r, &in);
	first = copy_of(in.data, in.len, r.knobs.more);
	if (dhcp_agent_check(&r.template, &r.pieces, &r.vss)) {
		CHECK(r.pieces < 2U << DHCPK_AGENT_MAX);
		if (render(&r, &agent, buf, NULL))
			round_trip(&r, &agent, &first);
		take_out(&r, &first);
	}
	remove_from(&first, NULL);
	free(first.data);
	free(template);
	return 0;
}
