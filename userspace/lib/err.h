/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An error that a person can act on: what is wrong, and with which word. */
#ifndef DHCPK_ERR_H
#define DHCPK_ERR_H

struct err {
	char text[1024];
	char word[128];		/* the word at fault, as the user wrote it; may be empty */
	char object[64];	/* "pool lan", where it is known */
};

/* err_set - say what is wrong; @word may be NULL. Returns -1, so that "return err_set(...)" reads well. */
int err_set(struct err *e, const char *word, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
