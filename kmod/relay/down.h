/* SPDX-License-Identifier: GPL-2.0-only */
/* Data path of the relay: replies of servers to clients. */
#ifndef DHCPK_RELAY_DOWN_H
#define DHCPK_RELAY_DOWN_H

#include "ctx.h"

enum dhcpk_step dhcpk_relay_down(struct dhcpk_ctx *ctx, enum dhcp_parse_error err);

#endif
