/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A connection to the SQLite file; the lowest of sqlite_*.c. */
#ifndef DHCPKD_STORE_SQLITE_DB_H
#define DHCPKD_STORE_SQLITE_DB_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "dhcpkd/store/ops.h"
#include "lib/err.h"

#define STORE_RESTORE	"put a copy back, or move it away and start without the bindings in it"

enum sqlite_statement {
	PUT, DEL_NET, PUT_BOOT, EACH, COUNT, KEEP, NEW_LOG, BEGIN, COMMIT, N_STATEMENTS
};

struct sqlite {
	struct store		base;
	int			dir_fd;
	int			lock_fd;	/* holds the lock that keeps other daemons out */
	int			file_fd;	/* O_PATH: the file that was checked at the start */
	sqlite3			*db;
	sqlite3_stmt		*statements[N_STATEMENTS];

	/* the write-ahead log */
	bool			broken;		/* a write failed: replace the connection */
	bool			uncut;		/* the log may end with a failed transaction */
	bool			emptied;	/* this connection has written all of the log */
	bool			log_is_new;	/* the next transaction begins a new log */
	int64_t			page_size;
	int64_t			frames;		/* in the log after the last commit */
	uint8_t			salt[8];	/* of the log, at that time */
	dev_t			log_dev;	/* of the log file */
	ino_t			log_ino;
	int64_t			checkpoint_at;	/* checkpoint at this many frames */
};

static inline struct sqlite *sqlite_of(struct store *s)
{
	return (struct sqlite *)((char *)s - offsetof(struct sqlite, base));
}

/* sqlite_statement - a statement of this connection; NULL on error: then sqlite_run() reports it */
sqlite3_stmt *sqlite_statement(struct sqlite *s, enum sqlite_statement n);
/* sqlite_run - run a statement that returns no row */
int sqlite_run(struct sqlite *s, enum sqlite_statement n, const char *doing, struct err *e);

/*
 * sqlite_connect, sqlite_disconnect - open a connection without checking the contents, and close
 * it; @tidy: move the log into the file
 */
int sqlite_connect(struct sqlite *s, struct err *e);
void sqlite_disconnect(struct sqlite *s, bool tidy);
/* sqlite_error - SQLite's error of @s->db, while @doing ("committing"); -1 */
int sqlite_error(struct sqlite *s, const char *doing, struct err *e);
/* sqlite_errno - errno of the last failed operation on file or log */
int sqlite_errno(struct sqlite *s);
/* sqlite_pragma - the number that @sql returns */
int sqlite_pragma(struct sqlite *s, const char *sql, int64_t *value, struct err *e);

#endif
