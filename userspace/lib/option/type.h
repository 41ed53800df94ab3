/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The type of an option converts text into the bytes of a value. */
#ifndef DHCPK_OPTION_TYPE_H
#define DHCPK_OPTION_TYPE_H

#include <stdint.h>

#include "lib/option/value.h"

struct option_def;

struct option_type {
	const char	*name;
	const char	*wants;
	/* encode - 0 or -1 */
	int		(*encode)(struct bytes *b, const char *value, const struct option_def *def);
	uint32_t	max;		/* of a number; 0: not a number */
};

struct option_def {
	uint8_t				code;
	const char			*name;
	const struct option_type	*type;
	const char			*alias;		/* another well-known name, or NULL */
	uint32_t			min, max;	/* of a number; 0: the type's maximum */
};

#endif
