/* SPDX-License-Identifier: GPL-2.0-only */
/* By which interface a message has come. */
#ifndef DHCPK_WAY_H
#define DHCPK_WAY_H

#include "ctx.h"

bool dhcpk_by_return_path(const struct dhcpk_ctx *ctx);
bool dhcpk_accepted_by(const struct dhcpk_ctx *ctx, const struct dhcpk_pool *pool);
bool dhcpk_accepted_by_all(const struct dhcpk_ctx *ctx);

#endif
