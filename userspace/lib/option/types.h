/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plain types: addresses, numbers, text, bytes. */
#ifndef DHCPK_OPTION_TYPES_H
#define DHCPK_OPTION_TYPES_H

#include "lib/option/type.h"

extern const struct option_type type_ip, type_ip_list, type_ip_pairs, type_text, type_u8, type_u16,
	type_u16_list, type_u32, type_i32, type_time, type_bool, type_hex, type_node_type;

#endif
