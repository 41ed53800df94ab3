/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What several kinds of objects say alike. All return 0, or -1 with the word at fault. */
#ifndef DHCPKD_COMPILE_WORDS_H
#define DHCPKD_COMPILE_WORDS_H

#include <json-c/json.h>
#include <stdint.h>

#include "lib/err.h"

enum {
	/* more take a second piece of the option, which old clients do not join to the first */
	ADDRS_MAX = 63,
	DHCP_SERVER_PORT = 67,
	DHCP_CLIENT_PORT = 68,
};

struct addrs {
	uint32_t	ip[ADDRS_MAX];
	unsigned int	n;
};

/* compile_switch - a key that is "on" or "off"; what was in @on stays without it */
int compile_switch(struct json_object *object, const char *key, int *on, struct err *e);

/*
 * compile_choice - the place of a key's value among @names; "wants" is how they are said; what was in
 * @which stays without it
 */
int compile_choice(struct json_object *object, const char *key, const char *const *names, const char *wants,
		   unsigned int *which, struct err *e);

/* compile_time - a key that is a time; what was in @seconds stays without it */
int compile_time(struct json_object *object, const char *key, uint32_t *seconds, struct err *e);

/* compile_addresses - a key's addresses, at most @max */
int compile_addresses(struct json_object *object, const char *key, unsigned int max,
		      struct addrs *a, struct err *e);

#endif
