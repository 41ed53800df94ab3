/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Before Linux 6.12 this header is in asm/. Later kernels have a header of this name, which the
 * compiler finds first.
 */
#include <asm/unaligned.h>
