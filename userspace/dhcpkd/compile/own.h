/* SPDX-License-Identifier: GPL-2.0-or-later */
/* This machine's own addresses. */
#ifndef DHCPKD_COMPILE_OWN_H
#define DHCPKD_COMPILE_OWN_H

#include <stdbool.h>
#include <stdint.h>

#include "dhcpkd/compile/specs.h"
#include "lib/err.h"

/* own_load - the addresses as they are now; -1 with the reason */
int own_load(struct specs *s, struct err *e);

/* own_warn - a complaint about one, turned into a warning unless somebody has just said it (-1) */
int own_warn(struct specs *s, enum object_type type, const char *name, const char *effect, struct err *e);

/* own_saw - a complaint that hangs on whether the machine has this address is looked at again when that changes */
void own_saw(struct specs *s, uint32_t ip);

/* own_watch - a socket for own_changed(), or -1; have this machine's addresses changed since? */
int own_watch(void);
bool own_changed(int fd);

#endif
