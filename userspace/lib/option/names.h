/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Types for names: of hosts, of domains, and lists of them. */
#ifndef DHCPK_OPTION_NAMES_H
#define DHCPK_OPTION_NAMES_H

#include "lib/option/type.h"

extern const struct option_type type_host_name, type_domain, type_domain_text, type_domains,
	type_domain_list, type_sip;

/*
 * put_name - append a domain name as labels, RFC 1035 section 3.1; -1 if it does not fit, or with
 * @why set
 */
int put_name(struct bytes *b, const char *name);

#endif
