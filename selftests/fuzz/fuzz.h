/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fuzz targets share: the input read piece by piece, and checks that end the run where one does not hold.
 *
 * A target is LLVMFuzzerTestOneInput() as libFuzzer calls it. Whatever it checks beside what the sanitizers see is an
 * invariant of the code under test for any input.
 */
#ifndef DHCPK_FUZZ_H
#define DHCPK_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(what) do {								\
	if (!(what)) {									\
		fprintf(stderr, "%s:%d: %s: does not hold: %s\n", __FILE__, __LINE__, __func__, #what);	\
		abort();								\
	}										\
} while (0)

/* What is left of the input */
struct input {
	const uint8_t	*data;
	size_t		len;
};

/* take - @len bytes of the input into @to; what the input has not is 0 */
static inline void take(struct input *in, void *to, size_t len)
{
	size_t n = len < in->len ? len : in->len;

	memset(to, 0, len);
	if (n)
		memcpy(to, in->data, n);
	in->data += n;
	in->len -= n;
}

/* take_block - @len bytes or what there is, in a block of exactly that size, so that a byte too far is seen */
static inline uint8_t *take_block(struct input *in, size_t len, size_t *got)
{
	uint8_t *block;

	*got = len < in->len ? len : in->len;
	block = malloc(*got + !*got);
	CHECK(block);
	take(in, block, *got);
	return block;
}

/* same_bytes - memcmp() that may be asked about nothing */
static inline int same_bytes(const void *a, const void *b, size_t len)
{
	return !len || !memcmp(a, b, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
