/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an input of the target "agent" begins with; behind it are @template_len bytes of a template, then the message. */
#ifndef DHCPK_FUZZ_AGENT_H
#define DHCPK_FUZZ_AGENT_H

#include <stdint.h>

struct agent_knobs {
	uint8_t		dev;		/* length of the interface's name, modulo 16 */
	uint8_t		port;		/* and of the bridge port's; 0: there is no bridge, or it does not know the port */
	uint16_t	vlan, svlan;
	uint8_t		hlen;
	uint8_t		flags;
	uint32_t	link, server_id;
	uint8_t		more;		/* bytes of room behind the message */
	uint8_t		template_len;
} __attribute__((packed));

#endif
