/* SPDX-License-Identifier: GPL-2.0-only */
/* Which address a client may have. */
#ifndef DHCPK_ALLOWED_H
#define DHCPK_ALLOWED_H

#include "ctx.h"

u32 dhcpk_reserved_address(const struct dhcpk_ctx *ctx);
bool dhcpk_machine_has(const struct dhcpk_ctx *ctx, u32 addr);
bool dhcpk_taken_by_other(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease, u32 addr);
bool dhcpk_allowed(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease, u32 addr);
bool dhcpk_remembered_for_another(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease,
				  u32 addr);
bool dhcpk_may_keep(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease);

#endif
