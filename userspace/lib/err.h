/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An error that a person can act on: the reason, and the word at fault. */
#ifndef DHCPK_ERR_H
#define DHCPK_ERR_H

#include <stdbool.h>

struct err {
	char text[1024];
	char word[128];		/* as the user wrote it; may be empty */
	char object[64];	/* "pool lan", if known */
	bool not_now;		/* nothing is at fault: a retry may succeed */
};

/* err_set - set an error; @word may be NULL. Returns -1, for "return err_set(...)". */
int err_set(struct err *e, const char *word, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* err_not_now - the machine cannot do it now; no word of the user is at fault. Returns -1. */
int err_not_now(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* err_line - the whole error in one line of UTF-8, "pool lan: ..."; returns @buf */
enum { ERR_LINE_SIZE = sizeof(((struct err *)0)->text) + sizeof(((struct err *)0)->object) + 2 };
char *err_line(char buf[ERR_LINE_SIZE], const struct err *e);

#endif
