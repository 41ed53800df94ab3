// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A log belongs to the file that it was begun on. If an older leases.db is copied back beside a
 * newer log, SQLite combines pages of the log with pages of the older file: a state that never
 * existed.
 *
 * So each log has a number. Its first transaction writes that number, and the number of the
 * previous log; by then the file has all of the previous log. The file without its log therefore
 * has one of two numbers: that of the previous log, or, if a checkpoint has begun to move this log
 * into the file, that of this log.
 *
 * An interrupted checkpoint leaves a file with pages of different age. Without the log SQLite may
 * then read a page of another table, or half a page: contents without the store's id are not
 * evaluated.
 */
#include <string.h>

#include "dhcpkd/store/sqlite_pair.h"
#include "dhcpkd/state_dir.h"
#include "dhcpkd/store/sqlite_schema.h"

enum { LAYOUT_WITH_NUMBERS = 3 };

struct pair {
	int64_t	layout;
	bool	known;		/* the members below are valid */
	bool	without;	/* the columns do not exist */
	uint8_t	id[DHCPK_STORE_ID_SIZE];
	int64_t	log, before;
};

static bool read_layout(sqlite3 *db, struct pair *p)
{
	sqlite3_stmt *q = NULL;
	bool found = !sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &q, NULL) &&
		     sqlite3_step(q) == SQLITE_ROW;

	p->layout = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return found;
}

static bool read_numbers(sqlite3 *db, struct pair *p)
{
	sqlite3_stmt *q = NULL;
	bool found = !sqlite3_prepare_v2(db, "SELECT id, log, log_before FROM store", -1, &q,
					 NULL) &&
		     sqlite3_step(q) == SQLITE_ROW && sqlite3_column_bytes(q, 0) == sizeof(p->id);

	p->without = !q && sqlite3_errcode(db) == SQLITE_ERROR;
	if (found)
		memcpy(p->id, sqlite3_column_blob(q, 0), sizeof(p->id));
	p->log = sqlite3_column_int64(q, 1);
	p->before = sqlite3_column_int64(q, 2);
	sqlite3_finalize(q);
	return found;
}

/* Return: false if not even the layout can be read. */
static bool read_pair(sqlite3 *db, struct pair *p)
{
	*p = (struct pair){};
	if (!read_layout(db, p))
		return false;
	p->known = p->layout >= LAYOUT_WITH_NUMBERS && read_numbers(db, p);
	return true;
}

/*
 * Read the file without its log. A name in /proc, which SQLite resolves to the file, needs no
 * quoting in a URI. The lock is kept: SQLite does not close its second descriptor before the first,
 * and O_PATH descriptors hold no lock. If the file cannot be read this way, the check is skipped.
 */
static bool read_file_alone(const struct sqlite *s, struct pair *p)
{
	sqlite3 *db = NULL;
	char name[64];
	bool found;

	sqlite3_snprintf(sizeof(name), name, "file:/proc/self/fd/%d?immutable=1", s->file_fd);
	found = !sqlite3_open_v2(name, &db,
				 SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
				 NULL) &&
		read_pair(db, p);
	sqlite3_close(db);
	return found;
}

/*
 * A log with a number was begun on a file whose layout has numbers. A log that introduces this
 * layout has no number yet; but it contains that whole transaction, so that the columns can be
 * read.
 */
static bool belong_together(const struct pair *file, const struct pair *both)
{
	if (file->layout < LAYOUT_WITH_NUMBERS)
		return both->layout < LAYOUT_WITH_NUMBERS ||
		       (both->known ? !both->log : !both->without);
	if (!file->known || !both->known || memcmp(file->id, both->id, sizeof(file->id)))
		return true;
	return file->log == both->log || file->log == both->before;
}

int sqlite_check_pair(struct sqlite *s, struct err *e)
{
	struct pair both, file;

	if (!read_pair(s->db, &both) || !read_file_alone(s, &file) || belong_together(&file, &both))
		return 0;
	return err_set(e, NULL,
		       "%s: its log " STORE_LOG_NAME " belongs to another state of it: put the "
		       "matching pair back; if that is lost, move both away, and put a copy of the "
		       "file alone in their place",
		       s->base.name);
}

int sqlite_mark_pair(struct sqlite *s, struct err *e)
{
	char layout[48];

	if (!s->log_is_new)
		return 0;
	/*
	 * Writing the unchanged layout puts the file's first page into the log: that identifies a
	 * file of the previous layout.
	 */
	sqlite3_snprintf(sizeof(layout), layout, "PRAGMA user_version = %d", sqlite_n_steps);
	if (sqlite3_exec(s->db, layout, NULL, NULL, NULL))
		return sqlite_error(s, "beginning a log", e);
	return sqlite_run(s, NEW_LOG, "beginning a log", e);
}
