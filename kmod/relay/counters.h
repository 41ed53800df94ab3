/* SPDX-License-Identifier: GPL-2.0-only */
/* The counters of a relay. */
#ifndef DHCPK_RELAY_COUNTERS_H
#define DHCPK_RELAY_COUNTERS_H

#include "ctx.h"
#include "relay/types.h"

void dhcpk_relay_read(const struct dhcpk_relay *relay, struct dhcpk_relay_counts *counts);
void dhcpk_relay_count(const struct dhcpk_relay *relay, enum dhcpk_relay_stat stat);
void dhcpk_relay_count_sent(const struct dhcpk_relay *relay, const struct dhcpk_server *server);
void dhcpk_relay_count_reply(const struct dhcpk_relay *relay, const struct dhcpk_server *server);

enum dhcpk_step dhcpk_relay_drop(const struct dhcpk_relay *relay, enum dhcpk_relay_stat why);

#endif
