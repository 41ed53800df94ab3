/* SPDX-License-Identifier: GPL-2.0-only */
/* Which pool serves a message. */
#ifndef DHCPK_SELECT_H
#define DHCPK_SELECT_H

#include "ctx.h"

enum dhcpk_step dhcpk_select(struct dhcpk_ctx *ctx);
void dhcpk_restore_agent(struct dhcpk_ctx *ctx);
bool dhcpk_select_by_subnet(const struct dhcpk_ctx *ctx);

#endif
