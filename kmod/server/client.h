/* SPDX-License-Identifier: GPL-2.0-only */
/* A client's lease on its link. */
#ifndef DHCPK_CLIENT_H
#define DHCPK_CLIENT_H

#include "ctx.h"

enum dhcpk_step dhcpk_identify(struct dhcpk_ctx *ctx);
struct dhcpk_lease *dhcpk_client_lease(struct dhcpk_ctx *ctx);
struct dhcpk_lease *dhcpk_client_peek(const struct dhcpk_ctx *ctx, const struct dhcpk_pools *pools,
				      const struct dhcpk_host *host, u8 identity);
unsigned int dhcpk_client_declined(const struct dhcpk_ctx *ctx, unsigned int max);

#endif
