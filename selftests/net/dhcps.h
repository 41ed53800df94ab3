/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of dhcps: a request as it came, and what is made of it. */
#ifndef DHCPS_H
#define DHCPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dhcp.h"

enum {
	BODY_MAX = 65536,
	ANSWER_MAX = 1472,	/* what a datagram holds on Ethernet */
};

/**
 * struct request - a datagram, whatever is in it
 * @body: its bytes
 * @len: how many
 * @hdr: the fixed part, with zeros for what is not there
 * @saddr: who sent it, as are the next two
 * @daddr: to which address
 * @sport: from which port, in host order
 * @ours: our address towards the sender
 * @type: option 53, 0 without
 * @agents: every option 82 with code and length, one behind the other
 * @agents_len: their length
 * @place: of the last option 82: "none", "last" (END follows), "open" (nothing but padding follows) or "inside"
 * @ended: there is an option END
 * @has_cookie: there are options
 * @source_port: sub-option 19 is there, RFC 8357
 */
struct request {
	const uint8_t	*body;
	size_t		len;
	struct dhcp_hdr	hdr;
	uint32_t	saddr;
	uint32_t	daddr;
	uint32_t	ours;
	uint16_t	sport;
	uint8_t		type;
	uint8_t		agents[BODY_MAX];
	size_t		agents_len;
	const char	*place;
	bool		ended;
	bool		has_cookie;
	bool		source_port;
};

/* dhcps_read.c */
void read_request(struct request *r, const uint8_t *body, size_t len);
void print_request(const struct request *r);

/* dhcps_answer.c: into @buf with room for ANSWER_MAX; returns the length, 0 for silence */
size_t build_answer(const struct request *r, uint8_t *buf);

#endif
