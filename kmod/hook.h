/* SPDX-License-Identifier: GPL-2.0-only */
/* Which packets enter the data path. */
#ifndef DHCPK_HOOK_H
#define DHCPK_HOOK_H

#include "base/net.h"

int dhcpk_hook_register(struct dhcpk_net *dn);
void dhcpk_hook_unregister(struct dhcpk_net *dn);

#endif
