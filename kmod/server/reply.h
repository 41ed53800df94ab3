/* SPDX-License-Identifier: GPL-2.0-only */
/* The reply, and its destination. */
#ifndef DHCPK_REPLY_H
#define DHCPK_REPLY_H

#include "ctx.h"

enum dhcpk_step dhcpk_reply(struct dhcpk_ctx *ctx);
void dhcpk_reply_end(struct dhcpk_ctx *ctx);

#endif
