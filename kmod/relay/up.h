/* SPDX-License-Identifier: GPL-2.0-only */
/* The relay's road up: a client's requests to the servers. */
#ifndef DHCPK_RELAY_UP_H
#define DHCPK_RELAY_UP_H

#include "ctx.h"

enum dhcpk_step dhcpk_relay_request(struct dhcpk_ctx *ctx);

#endif
