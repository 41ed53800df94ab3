/* SPDX-License-Identifier: GPL-2.0-or-later */
/* This machine's own addresses. */
#ifndef DHCPKD_COMPILE_OWN_H
#define DHCPKD_COMPILE_OWN_H

#include <stdbool.h>
#include <stdint.h>

#include "dhcpkd/compile/compiled.h"
#include "lib/err.h"

/* own_load - read the current addresses. Return: 0, or -1 with the reason. */
int own_load(struct compiled *s, struct err *e);

/*
 * own_warn - make the error in @e a warning; but -1 if it is about an object that is being edited
 */
int own_warn(struct compiled *s, enum object_type type, const char *name, const char *effect,
	     struct err *e);

/* own_note - a check depended on whether the machine has @ip: compile again when that changes */
void own_note(struct compiled *s, uint32_t ip);

/*
 * own_watch - open a socket for own_changed(). Return: the socket, or -1.
 * own_changed - have this machine's addresses changed since the last call?
 */
int own_watch(void);
bool own_changed(int fd);

#endif
