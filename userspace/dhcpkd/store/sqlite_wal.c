// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The write-ahead log, and its repair after disk errors.
 *
 * A commit appends its pages to the log, the last one marked, and syncs it. If the sync fails, the
 * pages are still in the log: the next process that opens it would find a complete transaction,
 * which may never reach the disk. So truncate the log to the end of the last good commit, and sync
 * that, before the connection is replaced. The cut pages are never used again: after a failed sync
 * the page cache and the disk may differ.
 *
 * Once the file has all of the log, and is synced, the log starts over at its beginning with
 * another salt. If the salt is not that of the last commit, the log has nothing but the failed
 * transaction.
 *
 * Another program may remove or truncate the log while it is in use. SQLite does not notice that,
 * and goes on writing data that is lost. So the log is checked before each transaction, before and
 * after each commit, and before a connection is closed.
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

	/*
	 * The commit is safe, but it could not be told from a later failure: use a new connection.
	 */
	if (!f || f->pMethods->xRead(f, s->salt, sizeof(s->salt), WAL_SALT_AT))
		s->broken = true;
}

/* Length of the log after the last good commit */
static sqlite3_int64 good_length(const struct sqlite *s)
{
	return s->frames ? WAL_HEADER + s->frames * (FRAME_HEADER + s->page_size) : 0;
}

/* Offset of the end of the last good commit in the current log; 0 if the log has started over. */
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
	/* Another program has cut a shorter log: sqlite_check_log() sees that. */
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
		s->frames = 0; /* the file has them all */
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
	/*
	 * The end of a log that another connection wrote is unknown here, and nothing has been
	 * written to it.
	 */
	s->uncut |= s->emptied;
	s->broken = true;
	sqlite_cut(s);
	return -1;
}

/* One connection and no readers: a checkpoint does all of it, or fails. */
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

/* ---- files changed by other programs ---- */

/*
 * Does the file's name refer to another file, or to none? If that cannot be determined: not moved.
 */
static bool is_moved(const struct sqlite *s)
{
	struct stat name, file;

	if (lstat(s->base.name, &name))
		return errno == ENOENT;
	return !fstat(s->file_fd, &file) &&
	       (name.st_ino != file.st_ino || name.st_dev != file.st_dev);
}

/* The next dhcpkd accepts another file at this place, but no log without its file. */
static int check_moved(struct sqlite *s, struct err *e)
{
	if (!is_moved(s))
		return 0;
	return err_set(e, NULL,
		       "%s: was moved or deleted while in use: move the same file back, or %s",
		       s->base.name, access(s->base.name, F_OK) ?
		       "end dhcpkd, move " STORE_LOG_NAME " away, and start it without bindings" :
		       "start dhcpkd again");
}

/* Return: does the log's name refer to the log? -1 with errno: there is nothing of that name. */
static int names_log(const struct sqlite *s)
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
	/*
	 * A commit extends a log that was cut before it, and another log may have been copied over
	 * it.
	 */
	if (s->frames && (memcmp(salt, s->salt, sizeof(salt)) || !memcmp(salt, hole, sizeof(salt))))
		return LOG_CUT;
	named = names_log(s);
	if (named < 0 && errno != ENOENT)
		return LOG_UNKNOWN;
	return named > 0 ? LOG_GOOD : LOG_REMOVED;
}

/* Another file with the log's name must not be taken for the log. */
static int clear_name(struct sqlite *s, struct err *e)
{
	if (names_log(s) > 0)
		return 0;
	if ((!unlinkat(s->dir_fd, STORE_LOG_NAME, 0) || errno == ENOENT) && !sync_dir(s->dir_fd))
		return 0;
	return err_set(e, NULL, "%s: cannot remove what is in the place of its log: %s",
		       s->base.name, strerror(errno));
}

/* The next transaction uses a new connection, and that a new log. */
static void leave_log(struct sqlite *s)
{
	s->frames = 0;
	s->emptied = false;
	s->broken = true;
}

static int say_removed(struct sqlite *s, struct err *e)
{
	return err_not_now(e,
			   "%s: its log was removed while in use; what was in it is in the file "
			   "now",
			   s->base.name);
}

/*
 * Give the file its final length before the first page of the log is written to it. Otherwise a
 * full disk would accept pages that replace others and refuse appended ones, and the file would be
 * neither the old nor the new state.
 */
static int make_room(struct sqlite *s, struct err *e)
{
	int chunk = s->page_size;
	int64_t size;

	if (sqlite_pragma(s, "PRAGMA page_count", &size, e))
		return -1;
	size *= s->page_size;
	/* Without a chunk size SQLITE_FCNTL_SIZE_HINT does nothing. */
	sqlite3_file_control(s->db, "main", SQLITE_FCNTL_CHUNK_SIZE, &chunk);
	if (!sqlite3_file_control(s->db, "main", SQLITE_FCNTL_SIZE_HINT, &size))
		return 0;
	return err_set(e, NULL,
		       "%s: its log was removed while in use, and the file cannot grow by what is "
		       "in it (%s): make room on the disk before dhcpkd ends",
		       s->base.name, strerror(sqlite_errno(s)));
}

/*
 * SQLite still has the log open, and moves its contents into the file. It is the only complete
 * copy, and stays open until that has succeeded.
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

/*
 * The rest of a cut log is useless: the file may have later pages. The kernel sends all leases
 * again.
 */
static int start_over(struct sqlite *s, struct err *e)
{
	s->base.seq = 0;
	s->base.registered = false;
	if (clear_name(s, e))
		return -1;
	leave_log(s);
	s->uncut = true;
	sqlite_cut(s);
	return err_not_now(e,
			   "%s: its log was cut while in use; all bindings are written once more",
			   s->base.name);
}

int sqlite_check_log(struct sqlite *s, struct err *e)
{
	/*
	 * With a failed transaction at its end, a log cannot be told from a cut one. The log of a
	 * moved file belongs to that file.
	 */
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
 * The directory cannot be synced. A second sync may do nothing and report success, although the
 * name is not on the disk. So the next connection creates another log; this one is empty.
 */
static int give_up_name(struct sqlite *s, struct err *e)
{
	err_set(e, NULL, "%s: cannot sync the directory that has its log: %s", s->base.name,
		strerror(errno));
	unlinkat(s->dir_fd, STORE_LOG_NAME, 0);
	s->broken = true;
	return -1;
}

/* The log is empty now. If the file of its name is not, or there is none, the log was removed. */
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
	/* SQLite syncs the directory only once, at the log's first sync, and ignores errors. */
	return sync_dir(s->dir_fd) ? give_up_name(s, e) : 0;
}

/* ---- a usable connection ---- */

static int reconnect(struct sqlite *s, struct err *e)
{
	if (s->db && sqlite_cut(s))
		return err_set(e, NULL, "%s: cannot cut a failed transaction off its log: %s",
			       s->base.name, strerror(sqlite_errno(s)));
	/* If another file has the name, it was not checked. */
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
 * If the disk is full, a synced log is enough to read from: known clients are served. Other disk
 * errors are reported by the next write.
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
