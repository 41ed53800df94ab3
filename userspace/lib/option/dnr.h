/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The type of encrypted DNS resolvers, RFC 9463. */
#ifndef DHCPK_OPTION_DNR_H
#define DHCPK_OPTION_DNR_H

#include "lib/option/type.h"

extern const struct option_type type_dnr;

#endif
