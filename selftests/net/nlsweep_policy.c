// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nlsweep: what the kernel says of its policies. Anybody may ask, and it reads them as far as their
 * maxattr says.
 */
#include <string.h>

#include "nlsweep.h"

#define POLICIES 64
#define TYPES 64

/*
 * What one dump said: the policy of each command, and of each attribute of a policy the one inside
 * of it, or -1.
 */
struct dump {
	bool has_op[256];
	uint32_t op[256];
	bool takes[POLICIES][TYPES];
	int inside[POLICIES][TYPES];
	unsigned int n_ops;
};

#define for_each_attr(a, data, len, left)                                                          \
	for (a = (const struct nlattr *)(data), left = (len);                                      \
	     left >= NLA_HDRLEN && a->nla_len >= NLA_HDRLEN && a->nla_len <= left;                 \
	     left -= left < NLA_ALIGN((size_t)a->nla_len) ? left : NLA_ALIGN((size_t)a->nla_len),  \
	    a = (const struct nlattr *)((const uint8_t *)a + NLA_ALIGN(a->nla_len)))

static unsigned int type_of(const struct nlattr *a) { return a->nla_type & NLA_TYPE_MASK; }

static void read_ops(struct dump *d, const struct nlattr *ops)
{
	const struct nlattr *op, *policy;
	size_t left, inner;

	for_each_attr(op, attr_data(ops), attr_len(ops), left) {
		for_each_attr(policy, attr_data(op), attr_len(op), inner) {
			d->has_op[type_of(op) & 0xff] = true;
			d->op[type_of(op) & 0xff] = attr_u32(policy);
			d->n_ops++;
		}
	}
}

static void read_policies(struct dump *d, const struct nlattr *policies)
{
	const struct nlattr *policy, *attr, *index;
	size_t left, inner;

	for_each_attr(policy, attr_data(policies), attr_len(policies), left) {
		for_each_attr(attr, attr_data(policy), attr_len(policy), inner) {
			unsigned int p = type_of(policy), t = type_of(attr);

			if (p >= POLICIES || t >= TYPES) {
				wrong("policy %u has an attribute %u", p, t);
				continue;
			}
			index = attr_in(attr_data(attr), attr_len(attr),
					NL_POLICY_TYPE_ATTR_POLICY_IDX);
			d->takes[p][t] = true;
			d->inside[p][t] = index ? (int)attr_u32(index) : -1;
		}
	}
}

static void read_policy(const struct nlmsghdr *h, void *arg)
{
	const uint8_t *body = (const uint8_t *)NLMSG_DATA(h) + GENL_HDRLEN;
	size_t len = h->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
	const struct nlattr *a;

	a = attr_in(body, len, CTRL_ATTR_OP_POLICY);
	if (a)
		read_ops(arg, a);
	a = attr_in(body, len, CTRL_ATTR_POLICY);
	if (a)
		read_policies(arg, a);
}

/* Does it take nothing that the contract does not know? */
static void compare(const struct dump *d, int policy, const struct set *set, const char *where)
{
	unsigned int t;

	if (policy < 0 || policy >= POLICIES) {
		wrong("%s: its policy is number %d", where, policy);
		return;
	}
	for (t = 0; t < TYPES; t++) {
		const struct attr *attr = attr_of(set, t);

		if (!d->takes[policy][t])
			continue;
		if (!attr)
			wrong("%s takes attribute %u of \"%s\", which linux/dhcpk.h does not know",
			      where, t, set->name);
		else if ((attr->kind == K_NEST) != (d->inside[policy][t] >= 0))
			wrong("%s: attribute %u of \"%s\" is a nest there, and not here, or the "
			      "other way round",
			      where, t, set->name);
		else if (attr->kind == K_NEST)
			compare(d, d->inside[policy][t], attr->nest, where);
	}
}

static void dump_policies(struct dump *d, const char *what, int op)
{
	static struct msg m;
	struct answer a;

	memset(d, 0, sizeof(*d));
	msg_start(&m, GENL_ID_CTRL, CTRL_CMD_GETPOLICY, NLM_F_DUMP);
	msg_put_u16(&m, CTRL_ATTR_FAMILY_ID, family);
	if (op >= 0)
		msg_put_u32(&m, CTRL_ATTR_OP, op);
	a = ask(&m, read_policy, d);
	if (a.err || !a.end)
		wrong("GETPOLICY of %s: %d (%s)%s", what, a.err, a.text,
		      a.end ? "" : ", without an end");
}

/* GETFAMILY as a dump, and GETPOLICY of the family and of each of its commands */
void sweep_policies(void)
{
	static struct dump d;
	static struct msg m;
	struct answer a;
	unsigned int i;

	msg_start(&m, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_DUMP);
	a = ask(&m, NULL, NULL);
	if (a.err || !a.end)
		wrong("GETFAMILY: %d", a.err);
	dump_policies(&d, "the family", -1);
	if (d.n_ops != n_commands)
		wrong("GETPOLICY of the family: %u commands of %u", d.n_ops, n_commands);
	for (i = 0; i < n_commands; i++) {
		if (!d.has_op[commands[i].cmd])
			wrong("GETPOLICY: %s is not there", commands[i].name);
		else if (commands[i].set.n)
			compare(&d, d.op[commands[i].cmd], &commands[i].set, commands[i].name);
	}
	for (i = 0; i < n_commands; i++) {
		dump_policies(&d, commands[i].name, commands[i].cmd);
		if (!d.has_op[commands[i].cmd])
			wrong("GETPOLICY of %s: it is not there", commands[i].name);
		else if (commands[i].set.n)
			compare(&d, d.op[commands[i].cmd], &commands[i].set, commands[i].name);
	}
}
