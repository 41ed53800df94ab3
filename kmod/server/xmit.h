/* SPDX-License-Identifier: GPL-2.0-only */
/* A reply leaves. */
#ifndef DHCPK_XMIT_H
#define DHCPK_XMIT_H

#include "ctx.h"

enum dhcpk_step dhcpk_xmit(struct dhcpk_ctx *ctx);
void dhcpk_xmit_parked(struct dhcpk_net *dn, struct sk_buff *skb);

#endif
