/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of the SQLite store: _schema (what is in the file), _open (which files are taken), _wal (commits and faults),
 * _pair (which log is whose), _rows (bindings to rows and back), _review (rows that cannot be), _check (which those are).
 */
#ifndef DHCPKD_STORE_SQLITE_H
#define DHCPKD_STORE_SQLITE_H

#include <limits.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <sys/types.h>

#include "dhcpkd/state_dir.h"
#include "dhcpkd/store/store.h"

#define STORE_APPLICATION_ID	0x6468706b	/* "dhpk" */
#define STORE_PAGE_SIZE		2048		/* a row changed at random costs a page or two in the log: small ones */

enum store_statement {
	PUT, DEL_NET, PUT_BOOT, EACH, COUNT, KEEP, NEW_LOG, BEGIN, COMMIT, N_STATEMENTS
};

struct store {
	char			file[PATH_MAX];
	int			dir_fd;
	int			lock_fd;	/* holds the lock that keeps other daemons out */
	int			file_fd;	/* O_PATH: the file that was looked at when the store was opened */
	sqlite3			*db;
	sqlite3_stmt		*statements[N_STATEMENTS];
	uint8_t			id[DHCPK_STORE_ID_SIZE];
	bool			in_tx;

	/* times */
	int			(*now)(struct clock_now *now, struct err *e);
	struct clock_boot	*boots;		/* by number; the last one is running */
	size_t			n_boots;
	bool			registered;	/* the file has the running boot, and its age in the others */
	uint64_t		seq;		/* in the file, with the running boot */
	uint64_t		next_seq;	/* once the transaction is committed */

	/* the write-ahead log, _wal */
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

/* statement of the open connection; NULL if it cannot be made, and then store_run() says why */
sqlite3_stmt *store_statement(struct store *s, enum store_statement n);
/* store_run - one that answers with no row */
int store_run(struct store *s, enum store_statement n, const char *doing, struct err *e);
int store_require_tx(struct store *s, struct err *e);
/* store_boot - boot @n; NULL if there is no such boot. The last one is running. */
const struct clock_boot *store_boot(const struct store *s, int64_t n);

/* _rows */
enum row_kind {
	ROW_GOOD,
	ROW_RESTS,	/* it cannot be, and the address is nobody's until the horizon */
	ROW_BAD,	/* it cannot be, and the address is free: the horizon has passed */
};

/* store_take_row - what EACH has found; @why is set unless it is good. One that rests is what it becomes. */
enum row_kind store_take_row(struct store *s, sqlite3_stmt *q, struct binding *b, char why[96]);
/* store_select - the statement, which reads or changes the rows of a net; NULL if it cannot be made */
sqlite3_stmt *store_select(struct store *s, enum store_statement n, uint32_t subnet, uint8_t prefix);

/* _review: store_review - put rows that cannot be aside. It may fail for a disk; they are left out all the same. */
int store_review(struct store *s, struct err *e);

/* _schema */
extern const char *const store_steps[];		/* from layout N to N + 1 */
extern const int store_n_steps;
/* store_newer - say that a file is of a later layout than @n_steps; -1 */
int store_newer(struct store *s, int64_t version, int n_steps, struct err *e);
/* store_migrate - bring @db to layout @n_steps by the missing ones of @steps, or leave it as it is; -1 and a text */
int store_migrate(struct store *s, const char *const *steps, int n_steps, struct err *e);

/* store_take - lock @dir, look at its file or make one, and connect to it */
int store_take(struct store *s, const char *dir, struct err *e);
/*
 * store_connect, store_disconnect - a connection without any look at what is in it, and its end; @tidy: the log goes into
 * the file
 */
int store_connect(struct store *s, struct err *e);
void store_disconnect(struct store *s, bool tidy);
/* store_error - what SQLite says of @s->db, while @doing ("committing"); -1 */
int store_error(struct store *s, const char *doing, struct err *e);
/* store_errno - of the last thing that failed with one of the two files */
int store_errno(struct store *s);
/* store_pragma - the number that @sql answers with */
int store_pragma(struct store *s, const char *sql, int64_t *value, struct err *e);

/* _pair */
/* store_check_pair - does the log belong to the file beside it? Before anything of either is believed. */
int store_check_pair(struct store *s, struct err *e);
/* store_mark_pair - where the transaction that is open begins a log, let it say on what */
int store_mark_pair(struct store *s, struct err *e);

/* _wal */
/* store_ready - a connection that can be trusted with a transaction, and a log that is not too long */
int store_ready(struct store *s, struct err *e);
/* store_readable - a connection that shows what was committed, and nothing else */
int store_readable(struct store *s, struct err *e);
/*
 * store_settle - put what a file was found with on stable storage, before any of it is believed
 * The daemon that wrote it may have died before its sync: then it can be read, and is gone after a power cut all the same.
 */
int store_settle(struct store *s, struct err *e);
/* store_committed - to be called after each commit */
void store_committed(struct store *s);
/*
 * store_check_log - is what was committed where the next connection finds it? No transaction is open.
 *
 * If it is not, -1 and a text that says what becomes of it: it is in the file once the next transaction can be begun, or
 * store_seq() is 0 and the kernel is to tell all of it again.
 */
int store_check_log(struct store *s, struct err *e);
/* store_log_is_cut - does it lack what was committed? A transaction may be open, and is then not to be committed. */
bool store_log_is_cut(struct store *s);
/* store_cut - take what failed off the log, if there is any; 0 if there is none any more */
int store_cut(struct store *s);
/* store_fault - a write failed: take back what it may have left; -1 */
int store_fault(struct store *s);
/* store_idle - the time to do what would hold up a transaction */
void store_idle(struct store *s);

#endif
