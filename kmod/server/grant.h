/* SPDX-License-Identifier: GPL-2.0-only */
/* The server gives a client an address. */
#ifndef DHCPK_GRANT_H
#define DHCPK_GRANT_H

#include "ctx.h"

const struct dhcpk_host *dhcpk_host_here(const struct dhcpk_ctx *ctx);
u32 dhcpk_lease_time(const struct dhcpk_ctx *ctx);
bool dhcpk_choose_address(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *lease, u32 *addr);
struct dhcpk_lease *dhcpk_grant(struct dhcpk_ctx *ctx, struct dhcpk_lease *lease, u32 addr,
				u8 state, u32 seconds);
enum dhcpk_step dhcpk_grant_bound(struct dhcpk_ctx *ctx, struct dhcpk_lease *lease, u32 addr,
				  u32 seconds);

#endif
