/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an input of the target "message" begins with; behind it are @set_len bytes of options, then the message. */
#ifndef DHCPK_FUZZ_MESSAGE_H
#define DHCPK_FUZZ_MESSAGE_H

#include <stdint.h>

enum {
	FACT_SERVER_ID_OURS	= 0x001,
	FACT_AUTHORITATIVE	= 0x002,
	FACT_RAPID_COMMIT	= 0x004,
	FACT_BOOTP		= 0x008,
	FACT_OTHERS		= 0x010,
	FACT_OTHERS_AS_US	= 0x020,
	FACT_KNOWN		= 0x040,
	FACT_RESERVED		= 0x080,
	FACT_ON_LINK		= 0x100,
	FACT_ALLOWED		= 0x200,
	FACT_SUBNET_SELECTION	= 0x400,	/* the pool's switch */
};

struct knobs {
	uint16_t	facts;		/* FACT_* */
	uint8_t		hold;		/* enum dhcp_hold, modulo 3 */
	uint8_t		server_name;	/* length of the field sname, modulo 64; 0: NULL */
	uint8_t		boot_file;	/* length of the field file, modulo 128; 0: NULL */
	uint8_t		mtu;		/* in steps of 8 bytes above 576 */
	uint16_t	set_len;	/* modulo 4097 */
	uint32_t	lease;
	uint32_t	yiaddr;
	uint32_t	source;
	uint32_t	next_server;
} __attribute__((packed));

#endif
