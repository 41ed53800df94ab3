// SPDX-License-Identifier: GPL-2.0-or-later
/* A connection: its statements, and error texts for what SQLite reports. */
#include <errno.h>
#include <string.h>

#include "dhcpkd/store/sqlite_db.h"

#define SETTINGS \
	"PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192; " \
	"PRAGMA cache_spill = OFF; PRAGMA temp_store = MEMORY; " \
	"PRAGMA journal_size_limit = 33554432; PRAGMA trusted_schema = OFF"

/* ---- errors ---- */

static const struct {
	int		code;
	const char	*name;
} operations[] = {
	{ SQLITE_IOERR_READ, "read" },
	{ SQLITE_IOERR_SHORT_READ, "read" },
	{ SQLITE_IOERR_WRITE, "write" },
	{ SQLITE_FULL, "write" },
	{ SQLITE_IOERR_FSYNC, "sync" },
	{ SQLITE_IOERR_DIR_FSYNC, "sync the directory" },
	{ SQLITE_IOERR_TRUNCATE, "truncate" },
	{ SQLITE_IOERR_FSTAT, "look at it" },
	{ SQLITE_IOERR_DELETE, "delete its log" },
};

static const char *operation(int code)
{
	size_t i;

	for (i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		if (operations[i].code == code)
			return operations[i].name;
	}
	return (code & 0xff) == SQLITE_CANTOPEN ? "open it or its log" : "go on";
}

/*
 * SQLite's copy of errno is often a later one. Each file keeps its own, and a connection that
 * failed is soon replaced.
 */
int sqlite_errno(struct sqlite *s)
{
	sqlite3_file *log = NULL;
	int result = 0;

	sqlite3_file_control(s->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
	if (log && log->pMethods)
		log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &result);
	if (!result)
		sqlite3_file_control(s->db, "main", SQLITE_FCNTL_LAST_ERRNO, &result);
	return result;
}

int sqlite_error(struct sqlite *s, const char *doing, struct err *e)
{
	int code = sqlite3_extended_errcode(s->db), sys = 0;
	const char *reason = sqlite3_errmsg(s->db);

	switch (code & 0xff) {
	case SQLITE_BUSY:
		return err_set(e, NULL,
			       "%s: another program has it open, such as sqlite3: end that first",
			       s->base.name);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return err_set(e, NULL, "%s: is damaged (%s, while %s); " STORE_RESTORE,
			       s->base.name, reason, doing);
	case SQLITE_READONLY:
		return err_set(e, NULL, "%s: can be read only; make it and its directory writable",
			       s->base.name);
	case SQLITE_FULL:
		sys = ENOSPC;
		break;
	case SQLITE_IOERR:
		sys = sqlite_errno(s);
		break;
	case SQLITE_CANTOPEN:
		sys = sqlite3_system_errno(s->db);
		break;
	}
	return err_set(e, NULL, "%s: cannot %s, while %s: %s",
		       s->base.name, operation(code), doing, sys ? strerror(sys) : reason);
}

/* ---- statements ---- */

static const char *const texts[N_STATEMENTS] = {
	[PUT] = "INSERT OR REPLACE INTO leases "
		"VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, NULL)",
	[DEL_NET] = "DELETE FROM leases WHERE key BETWEEN ?1 AND ?2",
	[PUT_BOOT] = "INSERT OR REPLACE INTO boots VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[EACH] = "SELECT * FROM leases WHERE key BETWEEN ?1 AND ?2 ORDER BY key",
	[COUNT] = "SELECT count(*) FROM leases WHERE key BETWEEN ?1 AND ?2",
	[KEEP] = "INSERT INTO rejected SELECT NULL, ?2, ?3, * FROM leases WHERE key = ?1",
	[NEW_LOG] = "UPDATE store SET log_before = log, log = random()",
	[BEGIN] = "BEGIN IMMEDIATE",
	[COMMIT] = "COMMIT",
};

sqlite3_stmt *sqlite_statement(struct sqlite *s, enum sqlite_statement n)
{
	if (!s->statements[n])
		sqlite3_prepare_v3(s->db, texts[n], -1, SQLITE_PREPARE_PERSISTENT,
				   &s->statements[n], NULL);
	return s->statements[n];
}

/* sqlite_error() reads the reason before the statement is reset, which clears it. */
int sqlite_run(struct sqlite *s, enum sqlite_statement n, const char *doing, struct err *e)
{
	sqlite3_stmt *q = sqlite_statement(s, n);
	int result = q && sqlite3_step(q) == SQLITE_DONE ? 0 : sqlite_error(s, doing, e);

	sqlite3_reset(q);
	return result;
}

/* ---- a connection ---- */

int sqlite_pragma(struct sqlite *s, const char *sql, int64_t *value, struct err *e)
{
	sqlite3_stmt *statement;
	int result;

	if (sqlite3_prepare_v2(s->db, sql, -1, &statement, NULL))
		return sqlite_error(s, "reading its header", e);
	result = sqlite3_step(statement);
	*value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return result == SQLITE_ROW ? 0 : sqlite_error(s, "reading its header", e);
}

/*
 * Closing must not move a log into the file that was not checked, or that ends with a failed
 * transaction.
 */
int sqlite_connect(struct sqlite *s, struct err *e)
{
	int result = sqlite3_open_v2(s->base.name, &s->db,
				     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
				     NULL), keep_log = 1;
	int64_t mode;

	s->emptied = false;
	s->uncut = false;
	s->log_is_new = false;
	s->broken = true;
	if (!s->db)
		return err_set(e, NULL, "%s: cannot open: no memory", s->base.name);
	sqlite3_extended_result_codes(s->db, 1);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (result)
		return sqlite_error(s, "opening", e);
	if (sqlite3_db_readonly(s->db, "main") == 1)
		return err_set(e, NULL, "%s: can be read only; make it writable", s->base.name);
	/*
	 * Closing keeps an empty log: the next daemon finds one even if no file can be created any
	 * more.
	 */
	sqlite3_file_control(s->db, "main", SQLITE_FCNTL_PERSIST_WAL, &keep_log);
	if (sqlite3_exec(s->db, SETTINGS, NULL, NULL, NULL))
		return sqlite_error(s, "opening", e);
	/* The first read takes the lock on the file. */
	if (sqlite_pragma(s, "PRAGMA page_size", &s->page_size, e) ||
	    sqlite_pragma(s, "PRAGMA schema_version", &mode, e))
		return -1;
	if (sqlite3_exec(s->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL))
		return sqlite_error(s, "opening", e);
	s->broken = false;
	return 0;
}

void sqlite_disconnect(struct sqlite *s, bool tidy)
{
	int i;

	for (i = 0; i < N_STATEMENTS; i++) {
		sqlite3_finalize(s->statements[i]);
		s->statements[i] = NULL;
	}
	if (tidy)
		sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	sqlite3_close(s->db);
	s->db = NULL;
}
