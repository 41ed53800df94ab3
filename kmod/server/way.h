/* SPDX-License-Identifier: GPL-2.0-only */
/* By which interface a message has come. */
#ifndef DHCPK_WAY_H
#define DHCPK_WAY_H

#include "ctx.h"

bool dhcpk_by_way_back(const struct dhcpk_ctx *ctx);
bool dhcpk_comes_via(const struct dhcpk_ctx *ctx, const struct dhcpk_pool *pool);
bool dhcpk_select_all_hear(const struct dhcpk_ctx *ctx);

#endif
