/* SPDX-License-Identifier: GPL-2.0-only */
/* Data path of the relay: requests of clients to servers. */
#ifndef DHCPK_RELAY_UP_H
#define DHCPK_RELAY_UP_H

#include "ctx.h"

enum dhcpk_step dhcpk_relay_up(struct dhcpk_ctx *ctx);

#endif
