/* SPDX-License-Identifier: GPL-2.0-only */
/* Before Linux 6.12 this header had its place in asm/. Later kernels have their own, which is found first. */
#include <asm/unaligned.h>
