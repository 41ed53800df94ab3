// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A log belongs to the file that it was begun on. Somebody who copies an older leases.db back, and leaves the log beside it,
 * makes a store of both that never was: SQLite takes pages of the log, and the others of the older file.
 *
 * So each log has a number, which its first transaction writes, together with the number of the log before it. All of that
 * one is in the file by then. What the file alone says is one of these two: the number of the log before, or, where a
 * checkpoint has begun to carry this log into it, that of this one.
 */
#include <fcntl.h>
#include <unistd.h>

#include "dhcpkd/store_sqlite.h"

struct pair {
	int64_t	log;
	int64_t	before;
};

/* Returns false where there is nothing to tell by: the layout before had no numbers, and a checkpoint may have brought them. */
static bool read_pair(sqlite3 *db, struct pair *p)
{
	sqlite3_stmt *q = NULL;
	bool found = !sqlite3_prepare_v2(db, "SELECT log, before FROM store", -1, &q, NULL) && sqlite3_step(q) == SQLITE_ROW;

	if (found)
		*p = (struct pair){ sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1) };
	sqlite3_finalize(q);
	return found;
}

/* What the file says without its log. We hold the lock on it, so nobody writes to it meanwhile. */
static bool read_file_alone(const struct store *s, struct pair *p)
{
	int fd = openat(s->dir_fd, STORE_FILE_NAME, O_RDONLY | O_CLOEXEC);
	sqlite3 *db = NULL;
	char name[64];
	bool found;

	if (fd < 0)
		return false;
	sqlite3_snprintf(sizeof(name), name, "file:/proc/self/fd/%d?immutable=1", fd);
	found = !sqlite3_open_v2(name, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL) && read_pair(db, p);
	sqlite3_close(db);
	close(fd);
	return found;
}

int store_check_pair(struct store *s, struct err *e)
{
	struct pair both, file;

	if (!read_pair(s->db, &both) || !read_file_alone(s, &file) || file.log == both.log || file.log == both.before)
		return 0;
	return err_set(e, NULL, "%s: is older or newer than its log " STORE_LOG_NAME ", which stands on another state of it: put the two "
		       "back that belong together, or move the log away and start with what the file has", s->file);
}

int store_mark_pair(struct store *s, struct err *e)
{
	return s->log_is_new ? store_run(s, NEW_LOG, "beginning a log", e) : 0;
}
