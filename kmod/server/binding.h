/* SPDX-License-Identifier: GPL-2.0-only */
/* What a message means for its client's lease. */
#ifndef DHCPK_BINDING_H
#define DHCPK_BINDING_H

#include "ctx.h"

enum dhcpk_step dhcpk_decide(struct dhcpk_ctx *ctx);

#endif
