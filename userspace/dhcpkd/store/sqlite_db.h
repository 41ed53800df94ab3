/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A connection to the SQLite file; the ground of sqlite_*.c. */
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
	int			file_fd;	/* O_PATH: the file that was looked at when the store was opened */
	sqlite3			*db;
	sqlite3_stmt		*statements[N_STATEMENTS];

	/* the write-ahead log */
	bool			broken;		/* a write failed: the connection is to be replaced */
	bool			uncut;		/* the log may end with a transaction that failed */
	bool			emptied;	/* the log had nothing but our own transactions since the connection was made */
	bool			log_is_new;	/* all that is in it is in the file: the next transaction begins a new one */
	int64_t			page_size;
	int64_t			frames;		/* in the log as of the last commit */
	uint8_t			salt[8];	/* of the log as of then */
	dev_t			log_dev;	/* where it is */
	ino_t			log_ino;
	int64_t			checkpoint_at;	/* this many frames are enough */
};

static inline struct sqlite *sqlite_of(struct store *s)
{
	return (struct sqlite *)((char *)s - offsetof(struct sqlite, base));
}

/*
 * sqlite_statement - one of the open connection; NULL if it cannot be made, and then sqlite_run()
 * says why
 */
sqlite3_stmt *sqlite_statement(struct sqlite *s, enum sqlite_statement n);
/* sqlite_run - one that answers with no row */
int sqlite_run(struct sqlite *s, enum sqlite_statement n, const char *doing, struct err *e);

/*
 * sqlite_connect, sqlite_disconnect - a connection without any look at what is in it, and its end;
 * @tidy: the log goes into the file
 */
int sqlite_connect(struct sqlite *s, struct err *e);
void sqlite_disconnect(struct sqlite *s, bool tidy);
/* sqlite_error - what SQLite says of @s->db, while @doing ("committing"); -1 */
int sqlite_error(struct sqlite *s, const char *doing, struct err *e);
/* sqlite_errno - of the last thing that failed with one of the two files */
int sqlite_errno(struct sqlite *s);
/* sqlite_pragma - the number that @sql answers with */
int sqlite_pragma(struct sqlite *s, const char *sql, int64_t *value, struct err *e);

#endif
