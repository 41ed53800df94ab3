// SPDX-License-Identifier: GPL-2.0-or-later
/* nlsweep: every command with every attribute, of every length. */
#include <stdio.h>
#include <string.h>

#include "nlsweep.h"

static const uint16_t lengths[] = { 0, 1, 2, 3, 4, 5, 8, 16, 255, 4096, 60000 };

enum { ZEROS, ONES, RANDOM, PATTERNS };

static struct msg m;
static uint8_t value[60000];
static char what[160];

static void fill(int pattern, size_t len)
{
	size_t i;

	if (pattern != RANDOM) {
		memset(value, pattern == ZEROS ? 0 : 0xff, len);
		return;
	}
	for (i = 0; i < len; i++)
		value[i] = rnd();
}

/* Many bytes are dear: memory of their own, which a sanitizer goes through. */
static unsigned int patterns(size_t len) { return len && len < 4096 ? PATTERNS : 1; }

/* One message with one attribute, and after it the cookie if there is one. */
static void one(unsigned int cmd, uint16_t flags, unsigned int type, size_t len, uint32_t cookie)
{
	const struct command *c = command_of(cmd);
	const struct attr *attr = c ? attr_of(&c->set, type & NLA_TYPE_MASK) : NULL;
	bool bad = !c || c->dump != !!flags || illegal(attr, type & NLA_F_NESTED, value, len);

	/* It would be attached, and the daemon would not. */
	if (cmd == DHCPK_CMD_ATTACH && !bad)
		return;
	msg_start(&m, family, cmd, flags);
	msg_put(&m, type, value, len);
	if (cookie)
		msg_put_u32(&m, DHCPK_A_GENERATION, cookie);
	snprintf(what, sizeof(what), "%s (%u) %s, attribute %u%s of %zu bytes %02x%s",
		 c ? c->name : "no command", cmd, flags ? "dump" : "do", type & NLA_TYPE_MASK,
		 type & NLA_F_NESTED ? " nested" : "", len, value[0],
		 cookie ? ", with a cookie" : "");
	judge(&m, bad, what);
}

static void one_type(unsigned int cmd, unsigned int type, uint32_t cookie)
{
	unsigned int l, p, bits;

	for (l = 0; l < ARRAY_SIZE(lengths); l++) {
		for (p = 0; p < patterns(lengths[l]); p++) {
			fill(p, lengths[l]);
			for (bits = 0; bits < 4; bits++)
				one(cmd, bits & 1 ? NLM_F_DUMP : 0,
				    type | (bits & 2 ? NLA_F_NESTED : 0), lengths[l], cookie);
		}
	}
}

void sweep_top(void)
{
	unsigned int cmd, type;

	for (cmd = 0; cmd <= DHCPK_CMD_MAX + 3; cmd++) {
		const struct command *c = command_of(cmd);

		for (type = 0; type <= DHCPK_A_MAX + 3; type++)
			one_type(cmd, type, 0);
		/* Committed it would take the place of what runs. */
		for (type = 0; c && attr_of(&c->set, DHCPK_A_GENERATION) && c->set.n > 1 &&
			       type <= DHCPK_A_MAX + 3;
		     type++)
			one_type(cmd, type, begin());
	}
}

/* ---- inside of nests ---- */

#define DEPTH 3

/* Where the attribute is that is swept: in which nest of the command, and in which one of that. */
struct path {
	unsigned int type[DEPTH];
	unsigned int depth;
};

/* All that a request needs, with one attribute of our own at the end of the path. */
static void build(const struct set *set, const struct path *path, unsigned int level,
		  unsigned int type, size_t len, uint32_t cookie)
{
	struct nlattr *nest;

	if (level == path->depth) {
		msg_put_needed(&m, set, type & NLA_TYPE_MASK, cookie);
		msg_put(&m, type, value, len);
		return;
	}
	msg_put_needed(&m, set, path->type[level], cookie);
	nest = msg_nest(&m, path->type[level]);
	build(attr_of(set, path->type[level])->nest, path, level + 1, type, len, cookie);
	msg_end(&m, nest);
}

/* A generation with the pool that hosts and bindings are for. */
static uint32_t begin_for(const struct command *c)
{
	uint32_t cookie = begin();

	if (c->cmd != DHCPK_CMD_CONFIG_HOST && c->cmd != DHCPK_CMD_CONFIG_RESTORE)
		return cookie;
	msg_start(&m, family, DHCPK_CMD_CONFIG_POOL, 0);
	msg_put_needed(&m, &command_of(DHCPK_CMD_CONFIG_POOL)->set, 0, cookie);
	if (ask(&m, NULL, NULL).err)
		wrong("a pool that is right is refused");
	return cookie;
}

static void nested_one(const struct command *c, const struct set *set, const struct path *path,
		       unsigned int type, size_t len, uint32_t *cookie)
{
	bool bad = illegal(attr_of(set, type & NLA_TYPE_MASK), type & NLA_F_NESTED, value, len);

	msg_start(&m, family, c->cmd, c->dump ? NLM_F_DUMP : 0);
	build(&c->set, path, 0, type, len, *cookie);
	snprintf(what, sizeof(what), "%s, in \"%s\" attribute %u%s of %zu bytes %02x", c->name,
		 set->name, type & NLA_TYPE_MASK, type & NLA_F_NESTED ? " nested" : "", len,
		 value[0]);
	if (!judge(&m, bad, what).err && *cookie)
		*cookie = begin_for(c);
}

static void nested_set(const struct command *c, const struct set *set, struct path *path)
{
	uint32_t cookie = attr_of(&c->set, DHCPK_A_GENERATION) ? begin_for(c) : 0;
	unsigned int type, l, p, i;

	for (type = 0; type <= set->max_type + 3u; type++) {
		for (l = 0; l < ARRAY_SIZE(lengths); l++) {
			for (p = 0; p < patterns(lengths[l]); p++) {
				fill(p, lengths[l]);
				nested_one(c, set, path, type, lengths[l], &cookie);
				nested_one(c, set, path, type | NLA_F_NESTED, lengths[l], &cookie);
			}
		}
	}
	for (i = 0; i < set->n && path->depth < DEPTH; i++) {
		if (set->attr[i].kind != K_NEST)
			continue;
		path->type[path->depth++] = set->attr[i].type;
		nested_set(c, set->attr[i].nest, path);
		path->depth--;
	}
}

void sweep_nested(void)
{
	unsigned int c, i;

	for (c = 0; c < n_commands; c++) {
		for (i = 0; i < commands[c].set.n; i++) {
			const struct attr *attr = &commands[c].set.attr[i];
			struct path path = { .type = { attr->type }, .depth = 1 };

			if (attr->kind == K_NEST)
				nested_set(&commands[c], attr->nest, &path);
		}
	}
}
