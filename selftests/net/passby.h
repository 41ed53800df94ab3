/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What both halves of passby share: bytes out of a seed, and their hash. */
#ifndef PASSBY_H
#define PASSBY_H

#include <stddef.h>
#include <stdint.h>

#include "dhcpc.h"

#define HASH_OF_NOTHING	0xcbf29ce484222325	/* FNV-1a */

enum { SIZE = 1 << 16, PATIENCE_MS = 120000 };

void seed(const char *text);
uint32_t any(uint32_t below); /* below > 0 */
void fill(uint8_t *p, size_t len);
uint64_t hash(uint64_t h, const void *data, size_t len);
void die(const char *what); /* with errno's text, status 2 */
void stay_here(void); /* on one processor: packets of two would overtake each other */

/* stream, datagrams and echoes; the command line from that word on. Returns the exit status. */
int sockets(int argc, char **argv);

#endif
