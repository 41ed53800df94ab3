/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A generation: begin, add pools, hosts and relays (relay.h), commit. */
#ifndef DHCPK_KERNEL_CONFIG_H
#define DHCPK_KERNEL_CONFIG_H

#include <stdint.h>

#include "lib/err.h"
#include "lib/kernel/spec.h"

struct kernel;

int kernel_begin(struct kernel *k, uint32_t *generation, struct err *e);
int kernel_pool(struct kernel *k, uint32_t generation, const struct pool_spec *pool, struct err *e);
int kernel_host(struct kernel *k, uint32_t generation, const struct host_spec *host, struct err *e);
int kernel_commit(struct kernel *k, uint32_t generation, struct err *e);

#endif
