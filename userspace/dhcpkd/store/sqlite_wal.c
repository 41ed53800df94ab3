// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The write-ahead log, and what becomes of it when the disk fails.
 *
 * A commit appends its pages to the log, the last one marked, and syncs it. If the sync fails, the pages are in the log all
 * the same, as far as anybody who reads it can tell: whoever opens it next would find the transaction whole, although it may
 * never get to the disk. So we cut the log back to where the last good commit ended, and sync that, before the connection is
 * replaced. Its pages are never trusted again: what a file's cache holds after a failed sync need not be what the disk holds.
 *
 * The log starts over at its beginning, with another salt, once all of it is in the file and that is synced. If the salt is
 * not the one of our last commit, then there is nothing but the failed transaction in the log.
 *
 * Somebody may remove the log, or cut it, while it is in use. SQLite does not notice, and goes on writing what nobody will
 * find. So it is looked at before each transaction, before and after each commit, and before a connection is given up.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dhcpkd/store/sqlite_wal.h"
#include "dhcpkd/state_dir.h"
#include "lib/dir.h"

enum {
	WAL_HEADER	= 32,
	WAL_SALT_AT	= 16,
	FRAME_HEADER	= 24,
	IDLE_FRAMES	= 500,		/* worth a checkpoint when there is time */
};

static sqlite3_file *wal_file(struct sqlite *s)
{
	sqlite3_file *f = NULL;

	sqlite3_file_control(s->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &f);
	return f && f->pMethods ? f : NULL;
}

static int count_frames(void *arg, sqlite3 *db, const char *name, int frames)
{
	struct sqlite *s = arg;

	s->frames = frames;
	return SQLITE_OK;
}

void sqlite_committed(struct sqlite *s)
{
	sqlite3_file *f = wal_file(s);

	/* What is committed is safe, but it could not be told from what comes next: that is for a new connection. */
	if (!f || f->pMethods->xRead(f, s->salt, sizeof(s->salt), WAL_SALT_AT))
		s->broken = true;
}

/* How long the log was when the last good commit had ended */
static sqlite3_int64 good_length(const struct sqlite *s)
{
	return s->frames ? WAL_HEADER + s->frames * (FRAME_HEADER + s->page_size) : 0;
}

/* Where the last good commit ended. */
static int good_end(struct sqlite *s, sqlite3_file *f, sqlite3_int64 *end)
{
	uint8_t salt[sizeof(s->salt)];
	int result;

	*end = 0;
	if (!s->frames)
		return 0;
	result = f->pMethods->xRead(f, salt, sizeof(salt), WAL_SALT_AT);
	if (result && result != SQLITE_IOERR_SHORT_READ)
		return -1;
	/* A log that is shorter than that was cut by somebody else: sqlite_check_log() sees it. */
	if (result || !memcmp(salt, s->salt, sizeof(salt)))
		*end = good_length(s);
	return 0;
}

int sqlite_cut(struct sqlite *s)
{
	sqlite3_file *f = s->uncut ? wal_file(s) : NULL;
	sqlite3_int64 size, end;

	if (!f)
		return 0;
	if (good_end(s, f, &end) || f->pMethods->xFileSize(f, &size))
		return -1;
	if (size > end && f->pMethods->xTruncate(f, end))
		return -1;
	if (!end)
		s->frames = 0; /* they are all in the file */
	if (f->pMethods->xSync(f, SQLITE_SYNC_FULL))
		return -1;
	s->uncut = false;
	return 0;
}

int sqlite_fault(struct sqlite *s)
{
	if (s->base.in_tx)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	s->base.in_tx = false;
	/* Of a log that we found, nobody knows where it ends well: SQLite does, and we have not written to it yet. */
	s->uncut |= s->emptied;
	s->broken = true;
	sqlite_cut(s);
	return -1;
}

/* One connection and no readers: a checkpoint gets all of it done, or fails. */
static int checkpoint(struct sqlite *s, int mode, struct err *e)
{
	int frames, carried;

	if (!sqlite3_wal_checkpoint_v2(s->db, "main", mode, &frames, &carried)) {
		s->frames = mode == SQLITE_CHECKPOINT_TRUNCATE ? 0 : s->frames;
		s->log_is_new = carried == frames;
		return 0;
	}
	sqlite_error(s, "moving its log into it", e);
	return sqlite_fault(s);
}

/* ---- files that somebody else has his hands on ---- */

/* Has something else the file's name, or nothing? As long as nobody can tell, it has not been moved. */
static bool is_moved(const struct sqlite *s)
{
	struct stat name, file;

	if (lstat(s->base.name, &name))
		return errno == ENOENT;
	return !fstat(s->file_fd, &file) && (name.st_ino != file.st_ino || name.st_dev != file.st_dev);
}

/* The next dhcpkd takes another file that is there by now, but none that has left its log behind. */
static int check_moved(struct sqlite *s, struct err *e)
{
	if (!is_moved(s))
		return 0;
	return err_set(e, NULL, "%s: was moved or deleted while in use: move the same file back, or %s",
		       s->base.name, access(s->base.name, F_OK) ?
		       "end dhcpkd, move " STORE_LOG_NAME " away, and start it without bindings" :
		       "start dhcpkd again");
}

/* Has the log's name the log, or something else, or is there nothing of that name (-1, and errno)? */
static int has_name(const struct sqlite *s)
{
	struct stat st;

	if (fstatat(s->dir_fd, STORE_LOG_NAME, &st, AT_SYMLINK_NOFOLLOW))
		return -1;
	return st.st_ino == s->log_ino && st.st_dev == s->log_dev;
}

enum log_state { LOG_GOOD, LOG_REMOVED, LOG_CUT, LOG_UNKNOWN };

static enum log_state look_at_log(struct sqlite *s)
{
	static const uint8_t hole[sizeof(s->salt)];
	uint8_t salt[sizeof(s->salt)];
	sqlite3_file *f = wal_file(s);
	sqlite3_int64 size;
	int named;

	if (!f)
		return LOG_GOOD;
	if (f->pMethods->xFileSize(f, &size))
		return LOG_UNKNOWN;
	if (size < good_length(s))
		return LOG_CUT;
	if (s->frames && f->pMethods->xRead(f, salt, sizeof(salt), WAL_SALT_AT))
		return LOG_UNKNOWN;
	/* A commit makes a log long again that was cut before it, and another one may have been written over it. */
	if (s->frames && (memcmp(salt, s->salt, sizeof(salt)) || !memcmp(salt, hole, sizeof(salt))))
		return LOG_CUT;
	named = has_name(s);
	if (named < 0 && errno != ENOENT)
		return LOG_UNKNOWN;
	return named > 0 ? LOG_GOOD : LOG_REMOVED;
}

/* What has the log's name by now, and is not the log, must not be taken for it. */
static int clear_name(struct sqlite *s, struct err *e)
{
	if (has_name(s) > 0)
		return 0;
	if ((!unlinkat(s->dir_fd, STORE_LOG_NAME, 0) || errno == ENOENT) && !sync_dir(s->dir_fd))
		return 0;
	return err_set(e, NULL, "%s: cannot remove what is in the place of its log: %s",
		       s->base.name, strerror(errno));
}

/* The next transaction has another connection, and that another log. */
static void leave_log(struct sqlite *s)
{
	s->frames = 0;
	s->emptied = false;
	s->broken = true;
}

static int say_removed(struct sqlite *s, struct err *e)
{
	return err_not_now(e, "%s: its log was removed while in use; what was in it is in the file now",
			   s->base.name);
}

/*
 * The file gets the length that it will have before the first page of the log is written to it: a disk that is full would
 * take the pages that replace others and refuse those that come behind, and the file would be neither the old nor the new.
 */
static int make_room(struct sqlite *s, struct err *e)
{
	int chunk = s->page_size;
	int64_t size;

	if (sqlite_pragma(s, "PRAGMA page_count", &size, e))
		return -1;
	size *= s->page_size;
	sqlite3_file_control(s->db, "main", SQLITE_FCNTL_CHUNK_SIZE, &chunk); /* without one, the next does nothing */
	if (!sqlite3_file_control(s->db, "main", SQLITE_FCNTL_SIZE_HINT, &size))
		return 0;
	return err_set(e, NULL, "%s: its log was removed while in use, and the file cannot grow by what is in it (%s): make room "
		       "on the disk before dhcpkd ends", s->base.name, strerror(sqlite_errno(s)));
}

/*
 * SQLite has the log open still, and moves what is in it into the file: it is the only whole copy, and stays open until that
 * has worked.
 */
static int carry_over(struct sqlite *s, struct err *e)
{
	if (clear_name(s, e) || make_room(s, e))
		return -1;
	if (sqlite3_wal_checkpoint_v2(s->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL))
		return sqlite_error(s, "moving its log, which was removed, into it", e);
	leave_log(s);
	return say_removed(s, e);
}

/* What is left of it is no good either: the file may have later pages than that. The kernel tells all of it again. */
static int start_over(struct sqlite *s, struct err *e)
{
	s->base.seq = 0;
	s->base.registered = false;
	if (clear_name(s, e))
		return -1;
	leave_log(s);
	s->uncut = true;
	sqlite_cut(s);
	return err_not_now(e, "%s: its log was cut while in use; all bindings are written once more",
			   s->base.name);
}

int sqlite_check_log(struct sqlite *s, struct err *e)
{
	/* Where a failed transaction ends it cannot be told from a log that was cut; and a log of a file that was moved is its. */
	switch (s->emptied && !s->uncut && !is_moved(s) ? look_at_log(s) : LOG_GOOD) {
	case LOG_REMOVED:
		return carry_over(s, e);
	case LOG_CUT:
		return start_over(s, e);
	case LOG_UNKNOWN:
		return err_set(e, NULL, "%s: cannot look at its log: %s",
			       s->base.name, strerror(errno));
	default:
		return 0;
	}
}

bool sqlite_log_is_cut(struct sqlite *s)
{
	return s->emptied && look_at_log(s) == LOG_CUT;
}

/*
 * The directory cannot be synced. A second sync may find nothing to do, and say that all is well, though the name is not on the
 * disk: so the next connection makes another log, which is empty as this one is.
 */
static int give_up_name(struct sqlite *s, struct err *e)
{
	err_set(e, NULL, "%s: cannot sync the directory that has its log: %s", s->base.name,
		strerror(errno));
	unlinkat(s->dir_fd, STORE_LOG_NAME, 0);
	s->broken = true;
	return -1;
}

/* The log has nothing in it any more. If what has its name has, or nothing has it, somebody has removed the log. */
static int note_log(struct sqlite *s, struct err *e)
{
	struct stat st;

	if (fstatat(s->dir_fd, STORE_LOG_NAME, &st, AT_SYMLINK_NOFOLLOW) || st.st_size) {
		s->log_ino = 0;
		s->broken = true;
		return clear_name(s, e) ? -1 : say_removed(s, e);
	}
	s->log_dev = st.st_dev;
	s->log_ino = st.st_ino;
	/* SQLite does that once, at the log's first sync, and does not look at what becomes of it. */
	return sync_dir(s->dir_fd) ? give_up_name(s, e) : 0;
}

/* ---- a connection that can be trusted ---- */

static int reconnect(struct sqlite *s, struct err *e)
{
	if (s->db && sqlite_cut(s))
		return err_set(e, NULL, "%s: cannot cut a failed transaction off its log: %s",
			       s->base.name, strerror(sqlite_errno(s)));
	/* Nobody has looked at a file that has the name instead. */
	if (check_moved(s, e) || (s->db && sqlite_check_log(s, e)))
		return -1;
	if (s->db)
		sqlite_disconnect(s, false);
	if (sqlite_connect(s, e)) {
		sqlite_disconnect(s, false);
		return -1;
	}
	s->broken = check_moved(s, e);
	return s->broken ? -1 : 0;
}

int sqlite_readable(struct sqlite *s, struct err *e)
{
	return s->broken ? reconnect(s, e) : 0;
}

int sqlite_ready(struct sqlite *s, struct err *e)
{
	if (sqlite_readable(s, e) || check_moved(s, e) || sqlite_check_log(s, e))
		return -1;
	if (!s->emptied) {
		if (checkpoint(s, SQLITE_CHECKPOINT_TRUNCATE, e) || note_log(s, e))
			return -1;
		sqlite3_wal_hook(s->db, count_frames, s);
		s->emptied = true;
	}
	return s->frames < s->checkpoint_at ? 0 : checkpoint(s, SQLITE_CHECKPOINT_PASSIVE, e);
}

/*
 * Without room for the file's part a log that is synced is enough to be believed: known clients are served from a full disk.
 * What else is wrong with the disk is said when something is to be written.
 */
int sqlite_settle(struct sqlite *s, struct err *e)
{
	sqlite3_file *f = wal_file(s);
	struct err ignored;

	if (f && f->pMethods->xSync(f, SQLITE_SYNC_FULL))
		return err_set(e, NULL, "%s: cannot sync its log: %s",
			       s->base.name, strerror(sqlite_errno(s)));
	return sqlite_ready(s, &ignored) ? sqlite_readable(s, e) : 0;
}

void sqlite_idle(struct sqlite *s)
{
	struct err ignored;

	if (s->frames >= IDLE_FRAMES && !s->base.in_tx && !s->broken)
		checkpoint(s, SQLITE_CHECKPOINT_PASSIVE, &ignored);
}
