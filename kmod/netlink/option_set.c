// SPDX-License-Identifier: GPL-2.0-only
/* Option sets from their attribute. */
#include "netlink/option_set.h"

#include <linux/slab.h>

const struct nla_policy dhcpk_set_policy[DHCPK_A_SET_MAX + 1] = {
	[DHCPK_A_SET_OPTIONS]		= { .type = NLA_BINARY, .len = DHCPK_OPTIONS_MAX },
	[DHCPK_A_SET_NEXT_SERVER]	= { .type = NLA_BE32 },
	[DHCPK_A_SET_SERVER_NAME]	= { .type = NLA_NUL_STRING,
					    .len = sizeof_field(struct dhcp_hdr, sname) - 1 },
	[DHCPK_A_SET_BOOT_FILE]		= { .type = NLA_NUL_STRING,
					    .len = sizeof_field(struct dhcp_hdr, file) - 1 },
	[DHCPK_A_SET_ALWAYS]		= { .type = NLA_BINARY, .len = U8_MAX },
	[DHCPK_A_SET_RENEW]		= { .type = NLA_U32 },
	[DHCPK_A_SET_REBIND]		= { .type = NLA_U32 },
};

/* Copies a text to @at in the memory of a set. Returns the position behind it. */
static char *copy_text(char *at, const struct nlattr *attr, const char **text)
{
	if (!attr || !*(const char *)nla_data(attr))
		return at;
	strscpy(at, nla_data(attr), nla_len(attr) + 1);
	*text = at;
	return at + nla_len(attr) + 1;
}

/*
 * The set, its index, options, codes and texts are in one piece of memory. @tb: as
 * dhcpk_set_policy.
 */
static struct dhcp_option_set *set_new(struct nlattr **tb, u16 len, u8 n)
{
	const struct nlattr *always = tb[DHCPK_A_SET_ALWAYS];
	u8 n_always = always ? nla_len(always) : 0;
	struct dhcp_option_set *set;
	size_t size = struct_size(set, ref, n) + len + n_always;
	char *at;

	if (tb[DHCPK_A_SET_SERVER_NAME])
		size += nla_len(tb[DHCPK_A_SET_SERVER_NAME]) + 1;
	if (tb[DHCPK_A_SET_BOOT_FILE])
		size += nla_len(tb[DHCPK_A_SET_BOOT_FILE]) + 1;
	set = kzalloc(size, GFP_KERNEL);
	if (!set)
		return NULL;
	at = (char *)&set->ref[n];
	set->data = (const u8 *)at;
	set->len = len;
	if (len)
		memcpy(at, nla_data(tb[DHCPK_A_SET_OPTIONS]), len);
	at += len;
	set->always = (const u8 *)at;
	set->n_always = n_always;
	if (n_always)
		memcpy(at, nla_data(always), n_always);
	at = copy_text(at + n_always, tb[DHCPK_A_SET_SERVER_NAME], &set->server_name);
	copy_text(at, tb[DHCPK_A_SET_BOOT_FILE], &set->boot_file);
	if (tb[DHCPK_A_SET_NEXT_SERVER])
		set->next_server = nla_get_be32(tb[DHCPK_A_SET_NEXT_SERVER]);
	dhcp_options_index(set);
	return set;
}

static_assert(DHCPK_TIME_SHARE == DHCP_TIME_SHARE && DHCPK_TIME_OFF == DHCP_TIME_OFF);

/* Reads DHCPK_A_SET_RENEW or _REBIND. Without the attribute, @time keeps its value. */
static int time_from(struct genl_info *info, const struct nlattr *attr, u32 *time)
{
	u32 share;

	if (!attr)
		return 0;
	*time = nla_get_u32(attr);
	share = *time & ~DHCPK_TIME_SHARE;
	if (!*time || (*time != DHCPK_TIME_OFF && *time & DHCPK_TIME_SHARE &&
		       (!share || share > 999)))
		return dhcpk_refuse(info, attr,
				    "renew, rebind: neither seconds nor 1 to 999 thousandths");
	return 0;
}

/**
 * dhcpk_nl_option_set - make an option set from its attribute
 * @info: the request
 * @nest: DHCPK_A_POOL_SET or DHCPK_A_HOST_SET, or NULL for an empty set
 * @err: set to 0 or -errno
 *
 * Return: the set, to be freed with kfree(); or NULL with @err, and a text in the extended ACK.
 * Context: process.
 */
struct dhcp_option_set *dhcpk_nl_option_set(struct genl_info *info, struct nlattr *nest, int *err)
{
	struct nlattr *tb[DHCPK_A_SET_MAX + 1] = {};
	const struct nlattr *options;
	struct dhcp_option_set *set;
	u8 n = 0, code;
	u16 len;

	*err = nest ? dhcpk_parse_nest(tb, nest, dhcpk_set_policy, info->extack) : 0;
	if (*err)
		return NULL;
	options = tb[DHCPK_A_SET_OPTIONS];
	len = options ? nla_len(options) : 0;
	if (len && !dhcp_options_check(nla_data(options), len, &n, &code)) {
		*err = dhcpk_refuse(info, options,
				    "options: cut off, twice the same, or one that the server owns");
		return NULL;
	}
	set = set_new(tb, len, n);
	if (!set) {
		*err = -ENOMEM;
		return NULL;
	}
	*err = time_from(info, tb[DHCPK_A_SET_RENEW], &set->renew) ?:
	       time_from(info, tb[DHCPK_A_SET_REBIND], &set->rebind);
	if (!*err)
		return set;
	kfree(set);
	return NULL;
}
