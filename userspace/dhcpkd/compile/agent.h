/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Option 82 of a relay. */
#ifndef DHCPKD_COMPILE_AGENT_H
#define DHCPKD_COMPILE_AGENT_H

#include <json-c/json.h>
#include <stdint.h>

#include <linux/dhcpk.h>

#include "lib/err.h"
#include "lib/kernel/spec.h"

/*
 * relay_id_auto - the value of "relay-id auto": a DUID-UUID (RFC 6355) of the store's id, which
 * stays the same across boots
 */
enum { RELAY_ID_SIZE = 2 + DHCPK_STORE_ID_SIZE };
void relay_id_auto(uint8_t duid[RELAY_ID_SIZE], const uint8_t *id);

/* compile_agent - @r has its port and giaddr already. Return: 0, or -1 with the word at fault. */
int compile_agent(struct json_object *object, struct relay_spec *r, struct err *e);

#endif
