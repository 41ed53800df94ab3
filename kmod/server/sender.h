/* SPDX-License-Identifier: GPL-2.0-only */
/* Which client has sent a message, and does a lease belong to it? */
#ifndef DHCPK_SENDER_H
#define DHCPK_SENDER_H

#include "ctx.h"

u32 dhcpk_asked(const struct dhcpk_ctx *ctx);
const struct dhcpk_host *dhcpk_host_find(const struct dhcpk_config *c,
					 const struct dhcpk_pools *pools,
					 const struct dhcp_msg *msg);
bool dhcpk_host_for_hardware(const struct dhcpk_host *host);
const struct dhcpk_host *dhcpk_host_of(const struct dhcpk_ctx *ctx, const struct dhcpk_pools *pools,
				       const struct dhcpk_lease *l);
struct dhcpk_id dhcpk_id_of_sender(const struct dhcpk_host *host, u8 identity,
				   const struct dhcp_msg *msg);
bool dhcpk_client_hardware_ambiguous(const struct dhcp_msg *msg);
bool dhcpk_hardware_counts(const struct dhcp_msg *msg, const struct dhcpk_host *host, u8 identity,
			   struct dhcpk_id *hw);
bool dhcpk_same_identifier(const struct dhcpk_lease *l, const struct dhcp_msg *msg,
		       const struct dhcpk_host *host, u8 identity);
bool dhcpk_found_by_hardware(const struct dhcpk_ctx *ctx, const struct dhcpk_pools *pools,
			     const struct dhcpk_host *host, u8 identity,
			     const struct dhcpk_lease *l);
bool dhcpk_same_circuit(const struct dhcpk_ctx *ctx, const struct dhcpk_host *host,
			const struct dhcpk_lease *l);
bool dhcpk_same_machine(const struct dhcpk_ctx *ctx, const struct dhcpk_pools *pools,
			const struct dhcpk_host *host, u8 identity, const struct dhcpk_lease *l);
bool dhcpk_lease_of_sender(const struct dhcpk_ctx *ctx, const struct dhcpk_lease *l);
bool dhcpk_lease_reserved(const struct dhcpk_ctx *ctx, const struct dhcpk_pools *pools,
			  const struct dhcpk_lease *l);
bool dhcpk_reservation_has(const struct dhcpk_ctx *ctx, const struct dhcpk_pools *pools,
			   const struct dhcpk_host *host, const struct dhcpk_lease *l);
bool dhcpk_pool_gives(const struct dhcpk_ctx *ctx, const struct dhcpk_pool *pool,
		      const struct dhcpk_lease *lease, u32 addr);

#endif
