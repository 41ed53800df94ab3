/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_SLAB_H
#define SHIM_LINUX_SLAB_H

#include <stdlib.h>

#define GFP_KERNEL			0
#define struct_size(p, member, n)	(sizeof(*(p)) + (n) * sizeof((p)->member[0]))
#define kzalloc(size, flags)		calloc(1, size)
#define kvcalloc(n, size, flags)	calloc(n, size)
#define kfree(p)			free(p)
#define kvfree(p)			free((void *)(p))

#endif
