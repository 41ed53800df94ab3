/* SPDX-License-Identifier: GPL-2.0-only */
/* One generation of the configuration replaces another. */
#ifndef DHCPK_GENERATION_H
#define DHCPK_GENERATION_H

#include "base/net.h"

int dhcpk_config_publish(struct dhcpk_net *dn, struct dhcpk_config *c);
void dhcpk_config_discard(struct dhcpk_net *dn);
void dhcpk_config_retire(struct dhcpk_net *dn);

#endif
