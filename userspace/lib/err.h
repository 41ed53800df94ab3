/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An error that a person can act on: what is wrong, and with which word. */
#ifndef DHCPK_ERR_H
#define DHCPK_ERR_H

#include <stdbool.h>

struct err {
	char text[1024];
	char word[128];		/* the word at fault, as the user wrote it; may be empty */
	char object[64];	/* "pool lan", where it is known */
	bool not_now;		/* nothing is at fault: the same may do in a second */
};

/* err_set - say what is wrong; @word may be NULL. Returns -1, so that "return err_set(...)" reads well. */
int err_set(struct err *e, const char *word, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* err_not_now - the machine cannot do it now, and none of the user's words is at fault. Returns -1. */
int err_not_now(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* err_line - all of it in a row and as UTF-8, "pool lan: ..."; returns @buf */
enum { ERR_LINE_SIZE = sizeof(((struct err *)0)->text) + sizeof(((struct err *)0)->object) + 2 };
char *err_line(char buf[ERR_LINE_SIZE], const struct err *e);

#endif
