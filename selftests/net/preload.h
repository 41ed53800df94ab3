/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a library that is loaded before others needs, to have calls fail while a test says so in a file. Before all includes. */
#ifndef PRELOAD_H
#define PRELOAD_H

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

/* REAL - the function that the library stands before */
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* read_word - the word in the file that @variable of the environment names, "" if there is none in it; 0 without a file */
static inline int read_word(const char *variable, char word[16])
{
	const char *file = getenv(variable);
	FILE *f = file ? fopen(file, "re") : NULL;

	if (!f)
		return 0;
	if (fscanf(f, "%15s", word) != 1)
		*word = '\0';
	fclose(f);
	return 1;
}

#endif
