/* SPDX-License-Identifier: GPL-2.0-only */
/* The relay's road down: a server's replies to their client. */
#ifndef DHCPK_RELAY_DOWN_H
#define DHCPK_RELAY_DOWN_H

#include "ctx.h"

enum dhcpk_step dhcpk_relay_reply(struct dhcpk_ctx *ctx, enum dhcp_parse_error err);

#endif
