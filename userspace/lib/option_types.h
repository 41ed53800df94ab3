/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How options are written: a type turns text into the bytes of a value. Internal to the registry. */
#ifndef DHCPK_OPTION_TYPES_H
#define DHCPK_OPTION_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/options.h"

/* A value under way. */
struct bytes {
	uint8_t	data[DHCPK_OPTIONS_MAX];
	size_t	len;
	char	why[160];	/* what is wrong with it, where "wants" alone does not say; may be empty */
	bool	no_memory;	/* nothing is */
	char	note[96];	/* what is sent otherwise than it was said; may be empty */
};

struct option_type {
	const char	*name;
	const char	*wants;
	int		(*encode)(struct bytes *b, const char *value, const struct option_def *def);	/* 0 or -1 */
	uint32_t	max;		/* of a number; 0: it is none */
};

extern const struct option_type type_ip, type_ip_list, type_ip_pairs, type_text, type_u8, type_u16, type_u16_list, type_u32,
	type_i32, type_time, type_bool, type_hex, type_node_type;		/* option_types.c */
extern const struct option_type type_host_name, type_domain, type_domain_text, type_domains, type_domain_list, type_sip;	/* option_names.c */
extern const struct option_type type_routes, type_policy_filter, type_static_routes, type_uri, type_uri_list,
	type_slp_agents, type_slp_scope, type_vendor_class, type_vendor, type_6rd;	/* option_forms.c */
extern const struct option_type type_dnr;	/* option_dnr.c */

/* All return -1 if there is no room, or with @why set. */
int put_be(struct bytes *b, uint32_t value, size_t size);
int put_bytes(struct bytes *b, const void *data, size_t len);
int put_name(struct bytes *b, const char *name);	/* a domain name as labels, RFC 1035 section 3.1 */
int put_ips(struct bytes *b, const char *list);		/* addresses with commas or blanks between them; at least one */
int put_hosts(struct bytes *b, const char *list);	/* the same, each of which a host can have */
int because(struct bytes *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* be32_at - four bytes that have been put, as a number */
uint32_t be32_at(const struct bytes *b, size_t at);

/*
 * each_part - call @take for every part of @list between separators
 *
 * A part is cut out, with its blanks at both ends gone; a separator between double quotes is text. Empty parts are
 * skipped where a blank separates, and refused otherwise. -1 if @take says so, or if there is no part.
 */
int each_part(struct bytes *b, const char *list, const char *separators, int (*take)(struct bytes *b, char *part, void *arg),
	      void *arg);

/* next_word - cuts the first word off @text; "" at the end */
char *next_word(char **text);

#endif
