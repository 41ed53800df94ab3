/* SPDX-License-Identifier: GPL-2.0-only */
/* The data path. */
#ifndef DHCPK_FASTPATH_H
#define DHCPK_FASTPATH_H

#include "ctx.h"

enum dhcpk_step dhcpk_fastpath(struct dhcpk_ctx *ctx);

#endif
