/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys that several kinds of objects have. All return 0, or -1 with the word at fault. */
#ifndef DHCPKD_COMPILE_WORDS_H
#define DHCPKD_COMPILE_WORDS_H

#include <json-c/json.h>
#include <stdint.h>

#include "lib/err.h"

enum {
	/* more need a second piece of the option, which old clients do not join to the first */
	ADDRS_MAX = 63,
	DHCP_SERVER_PORT = 67,
	DHCP_CLIENT_PORT = 68,
};

struct addrs {
	uint32_t	ip[ADDRS_MAX];
	unsigned int	n;
};

/* compile_switch - a key that is "on" or "off"; without it @on is unchanged */
int compile_switch(struct json_object *object, const char *key, int *on, struct err *e);

/*
 * compile_choice - the index of a key's value in @names; @wants lists them for errors; without the
 * key @which is unchanged
 */
int compile_choice(struct json_object *object, const char *key, const char *const *names,
		   const char *wants, unsigned int *which, struct err *e);

/* compile_time - a key that is a time; without it @seconds is unchanged */
int compile_time(struct json_object *object, const char *key, uint32_t *seconds, struct err *e);

/* compile_addresses - a key's addresses, at most @max */
int compile_addresses(struct json_object *object, const char *key, unsigned int max,
		      struct addrs *a, struct err *e);

#endif
