/* SPDX-License-Identifier: GPL-2.0-only */
/* Linux 6.12 moved asm/unaligned.h to linux/unaligned.h. */
#if __has_include_next(<linux/unaligned.h>)
#include_next <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif
