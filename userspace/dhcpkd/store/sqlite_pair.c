// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A log belongs to the file that it was begun on. Somebody who copies an older leases.db back, and leaves the log beside it,
 * makes a store of both that never was: SQLite takes pages of the log, and the others of the older file.
 *
 * So each log has a number, which its first transaction writes, together with the number of the log before it. All of that
 * one is in the file by then. What the file alone says is one of these two: the number of the log before, or, where a
 * checkpoint has begun to carry this log into it, that of this one.
 *
 * A checkpoint that was cut off leaves a file of which some pages are older than others. SQLite without the log may then read
 * a page of another table, or half of one: what has not the store's id says nothing.
 */
#include <string.h>

#include "dhcpkd/store/sqlite_pair.h"
#include "dhcpkd/state_dir.h"
#include "dhcpkd/store/sqlite_schema.h"

enum { LAYOUT_WITH_NUMBERS = 3 };

struct pair {
	int64_t	layout;
	bool	known;		/* what follows */
	bool	without;	/* there are no such columns */
	uint8_t	id[DHCPK_STORE_ID_SIZE];
	int64_t	log, before;
};

static bool read_layout(sqlite3 *db, struct pair *p)
{
	sqlite3_stmt *q = NULL;
	bool found = !sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &q, NULL) && sqlite3_step(q) == SQLITE_ROW;

	p->layout = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return found;
}

static bool read_numbers(sqlite3 *db, struct pair *p)
{
	sqlite3_stmt *q = NULL;
	bool found = !sqlite3_prepare_v2(db, "SELECT id, log, log_before FROM store", -1, &q, NULL) &&
		     sqlite3_step(q) == SQLITE_ROW && sqlite3_column_bytes(q, 0) == sizeof(p->id);

	p->without = !q && sqlite3_errcode(db) == SQLITE_ERROR;
	if (found)
		memcpy(p->id, sqlite3_column_blob(q, 0), sizeof(p->id));
	p->log = sqlite3_column_int64(q, 1);
	p->before = sqlite3_column_int64(q, 2);
	sqlite3_finalize(q);
	return found;
}

/* Returns false if not even the layout can be read. */
static bool read_pair(sqlite3 *db, struct pair *p)
{
	*p = (struct pair){};
	if (!read_layout(db, p))
		return false;
	p->known = p->layout >= LAYOUT_WITH_NUMBERS && read_numbers(db, p);
	return true;
}

/*
 * What the file says without its log. The name in /proc, which SQLite follows to the file's own, needs no quoting in a URI. The
 * lock stays: SQLite does not close its second descriptor before the first, and O_PATH has none to take off. Where the file
 * cannot be read like this, nothing is said of it.
 */
static bool read_file_alone(const struct sqlite *s, struct pair *p)
{
	sqlite3 *db = NULL;
	char name[64];
	bool found;

	sqlite3_snprintf(sizeof(name), name, "file:/proc/self/fd/%d?immutable=1", s->file_fd);
	found = !sqlite3_open_v2(name, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL) && read_pair(db, p);
	sqlite3_close(db);
	return found;
}

/*
 * A log with a number was begun when the file had a layout with numbers. One that brings this layout has none yet, and all of
 * that transaction, so that the numbers can be read.
 */
static bool belong_together(const struct pair *file, const struct pair *both)
{
	if (file->layout < LAYOUT_WITH_NUMBERS)
		return both->layout < LAYOUT_WITH_NUMBERS || (both->known ? !both->log : !both->without);
	if (!file->known || !both->known || memcmp(file->id, both->id, sizeof(file->id)))
		return true;
	return file->log == both->log || file->log == both->before;
}

int sqlite_check_pair(struct sqlite *s, struct err *e)
{
	struct pair both, file;

	if (!read_pair(s->db, &both) || !read_file_alone(s, &file) || belong_together(&file, &both))
		return 0;
	return err_set(e, NULL, "%s: its log " STORE_LOG_NAME " stands on another state of it: put the two back that belong together; if "
		       "they are lost, move both away, and put a copy of the file alone in their place",
		       s->base.name);
}

int sqlite_mark_pair(struct sqlite *s, struct err *e)
{
	char layout[48];

	if (!s->log_is_new)
		return 0;
	/* That the layout is what it was brings the file's first page into the log: a file of the layout before is told by it. */
	sqlite3_snprintf(sizeof(layout), layout, "PRAGMA user_version = %d", sqlite_n_steps);
	if (sqlite3_exec(s->db, layout, NULL, NULL, NULL))
		return sqlite_error(s, "beginning a log", e);
	return sqlite_run(s, NEW_LOG, "beginning a log", e);
}
