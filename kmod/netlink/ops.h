/* SPDX-License-Identifier: GPL-2.0-only */
/* The commands of the family. */
#ifndef DHCPK_NETLINK_OPS_H
#define DHCPK_NETLINK_OPS_H

int dhcpk_netlink_init(void);
void dhcpk_netlink_exit(void);

#endif
