/* SPDX-License-Identifier: GPL-2.0-only */
/* The daemon's side of commit before ACK. */
#ifndef DHCPK_COMMIT_H
#define DHCPK_COMMIT_H

#include "base/net.h"

int dhcpk_attach(struct dhcpk_net *dn, u32 portid, const u8 *store_id, u64 seq);
void dhcpk_detach(struct dhcpk_net *dn);
void dhcpk_commit(struct dhcpk_net *dn, u64 seq);
void dhcpk_doorbell(struct work_struct *work);

#endif
