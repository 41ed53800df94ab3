// SPDX-License-Identifier: GPL-2.0-or-later
/* Accepts a file as a store, or creates one. A refused file is left unchanged. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dhcpkd/store/sqlite_file.h"
#include "dhcpkd/state_dir.h"
#include "dhcpkd/stop.h"
#include "dhcpkd/store/sqlite_pair.h"
#include "dhcpkd/store/sqlite_schema.h"
#include "dhcpkd/store/sqlite_wal.h"
#include "lib/dir.h"

/* ---- a new file ---- */

/* Write the header with the application id into the file itself, not into a log beside it. */
static int fill_new(struct sqlite *s, struct err *e)
{
	char settings[128];

	sqlite3_snprintf(sizeof(settings), settings,
			 "PRAGMA page_size = %d; PRAGMA application_id = %d", STORE_PAGE_SIZE,
			 STORE_APPLICATION_ID);
	sqlite3_extended_result_codes(s->db, 1);
	if (sqlite3_exec(s->db, settings, NULL, NULL, NULL))
		return sqlite_error(s, "making it", e);
	if (sqlite_migrate(s, sqlite_steps, sqlite_n_steps, e))
		return -1;
	if (sqlite3_exec(s->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL))
		return sqlite_error(s, "making it", e);
	return 0;
}

static int make_new(struct sqlite *s, const char *path, struct err *e)
{
	int fd = openat(s->dir_fd, STORE_NEW_NAME, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600),
	    result;

	if (fd < 0)
		return err_set(e, NULL, "%s: cannot make it: %s", path, strerror(errno));
	if (sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READWRITE, NULL))
		result = sqlite_error(s, "making it", e);
	else
		result = fill_new(s, e);
	sqlite3_close(s->db);
	s->db = NULL;
	if (!result && fsync(fd))
		result = err_set(e, NULL, "%s: cannot sync it: %s", s->base.name, strerror(errno));
	close(fd);
	return result;
}

static int sync_names(struct sqlite *s, struct err *e)
{
	return sync_dir(s->dir_fd) ? err_set(e, NULL, "%s: cannot sync its directory: %s",
					     s->base.name, strerror(errno)) : 0;
}

/* Created under another name until complete: an empty leases.db is a damaged store. */
static int create(struct sqlite *s, struct err *e)
{
	char path[PATH_MAX + sizeof(".new")];
	struct stat log;

	if (!fstatat(s->dir_fd, STORE_LOG_NAME, &log, AT_SYMLINK_NOFOLLOW) &&
	    (log.st_size || !S_ISREG(log.st_mode)))
		return err_set(e, NULL,
			       "%s: is not there, but its log " STORE_LOG_NAME " is: put both "
			       "back, or move that away and start without bindings",
			       s->base.name);
	snprintf(path, sizeof(path), "%s.new", s->base.name);
	unlinkat(s->dir_fd, STORE_NEW_NAME, 0);
	unlinkat(s->dir_fd, STORE_NEW_NAME "-wal", 0);
	unlinkat(s->dir_fd, STORE_NEW_NAME "-journal", 0);
	if (make_new(s, path, e) || sync_names(s, e)) {
		unlinkat(s->dir_fd, STORE_NEW_NAME, 0);
		return -1;
	}
	if (renameat(s->dir_fd, STORE_NEW_NAME, s->dir_fd, STORE_FILE_NAME))
		return err_set(e, NULL, "%s: cannot rename it: %s", path, strerror(errno));
	return sync_names(s, e);
}

/* ---- an existing file ---- */

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

/*
 * SQLite accepts a partial page as a whole one. That is valid only while the log has that page too.
 */
static bool ends_within_page(struct sqlite *s, const uint8_t *header, off_t size)
{
	uint32_t page = header[16] << 8 | header[17];
	struct stat wal;

	if (page == 1)
		page = 65536;
	return page && size % page && (fstatat(s->dir_fd, STORE_LOG_NAME, &wal, 0) || !wal.st_size);
}

/* Before SQLite opens it: SQLite would recover a foreign log. */
static int check_header(struct sqlite *s, struct err *e)
{
	uint8_t h[100];
	struct stat st;
	int fd, error;
	ssize_t n;

	fd = openat(s->dir_fd, STORE_FILE_NAME, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0 && errno == ELOOP)
		return err_set(e, NULL,
			       "%s: is a symbolic link, and its log would be elsewhere; link the "
			       "directory, or name another one",
			       s->base.name);
	if (fd < 0 || fstat(fd, &st)) {
		err_set(e, NULL, "%s: cannot open: %s", s->base.name, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	n = S_ISREG(st.st_mode) ? pread(fd, h, sizeof(h), 0) : 0;
	error = errno;
	close(fd);
	if (!S_ISREG(st.st_mode))
		return err_set(e, NULL, "%s: is no regular file; move it away", s->base.name);
	if (n < 0)
		return err_set(e, NULL, "%s: cannot read: %s", s->base.name, strerror(error));
	if (n != sizeof(h))
		return err_set(e, NULL, "%s: is cut short, to %lld bytes; " STORE_RESTORE,
			       s->base.name, (long long)st.st_size);
	if (memcmp(h, "SQLite format 3", 16))
		return err_set(e, NULL, "%s: is no database; " STORE_RESTORE, s->base.name);
	if (be32(h + 68) != STORE_APPLICATION_ID)
		return err_set(e, NULL,
			       "%s: is a database of another program; move it away, or name "
			       "another directory",
			       s->base.name);
	if (be32(h + 60) > (uint32_t)sqlite_n_steps)
		return sqlite_newer(s, be32(h + 60), sqlite_n_steps, e);
	if (ends_within_page(s, h, st.st_size))
		return err_set(e, NULL, "%s: is cut short, to %lld bytes; " STORE_RESTORE,
			       s->base.name, (long long)st.st_size);
	return 0;
}

static void remove_other_permissions(struct sqlite *s, const char *name)
{
	struct stat st;

	if (!fstatat(s->dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) && S_ISREG(st.st_mode) &&
	    st.st_mode & S_IRWXO)
		fchmodat(s->dir_fd, name, st.st_mode & 07770, 0);
}

/*
 * A restored copy may be readable by all, and any process that can read it can lock it. Do this
 * before SQLite creates a log, which inherits the file's permissions.
 */
static void restrict_permissions(struct sqlite *s)
{
	remove_other_permissions(s, STORE_FILE_NAME);
	remove_other_permissions(s, STORE_LOG_NAME);
}

/*
 * While this descriptor is open, the inode number stays this file's. Open it after SQLite, since
 * some file systems copy the file then. Use O_PATH: closing any other descriptor would drop
 * SQLite's lock.
 */
static int hold_file(struct sqlite *s, struct err *e)
{
	s->file_fd = openat(s->dir_fd, STORE_FILE_NAME, O_PATH | O_CLOEXEC | O_NOFOLLOW);
	return s->file_fd < 0 ? err_set(e, NULL, "%s: cannot open: %s",
					s->base.name, strerror(errno)) : 0;
}

/* 0.2 s of CPU for a million rows: little compared with serving from a damaged store. */
static int check_content(struct sqlite *s, struct err *e)
{
	sqlite3_stmt *check;
	const char *verdict = NULL;
	int result;

	if (sqlite3_prepare_v2(s->db, "PRAGMA quick_check(1)", -1, &check, NULL))
		return sqlite_error(s, "checking it", e);
	if (sqlite3_step(check) == SQLITE_ROW)
		verdict = (const char *)sqlite3_column_text(check, 0);
	if (!verdict)
		result = sqlite_error(s, "checking it", e);
	else if (strcmp(verdict, "ok"))
		result = err_set(e, NULL, "%s: is damaged (%s); " STORE_RESTORE, s->base.name,
				 verdict);
	else
		result = 0;
	sqlite3_finalize(check);
	return result;
}

/* Move the log into the file first: if a step fails, the log has nothing but that step. */
static int migrate(struct sqlite *s, struct err *e)
{
	int64_t version;

	if (sqlite_pragma(s, "PRAGMA user_version", &version, e))
		return -1;
	if (version == sqlite_n_steps)
		return 0;
	if (sqlite_ready(s, e))
		return -1;
	if (sqlite_migrate(s, sqlite_steps, sqlite_n_steps, e))
		return sqlite_fault(s);
	s->emptied = false;
	return 0;
}

/* ---- the directory ---- */

/*
 * If a power cut loses the directory's name, the store is lost with it. So sync the parent once a
 * start, whichever program created the directory.
 */
static int sync_parent(int dir_fd)
{
	int fd = openat(dir_fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC), err;

	if (fd < 0)
		return errno == EACCES ? 0 : -1;
	/* A read-only file system cannot lose a name. */
	err = sync_dir(fd) && errno != EROFS ? errno : 0;
	close(fd);
	errno = err;
	return err ? -1 : 0;
}

/*
 * A daemon that is being stopped needs some seconds at most; it has detached from the module
 * before.
 */
static int take_lock(int fd)
{
	int tries, result;

	for (tries = 0; (result = flock(fd, LOCK_EX | LOCK_NB)) && errno == EWOULDBLOCK &&
			tries < 10 * DHCPKD_STOP_S;
	     tries++)
		usleep(100000);
	return result;
}

/*
 * Keep other daemons out by a lock on a file that only the store's owner can open. The lock is held
 * while the connection is replaced too. Without space for that file lock the directory, as older
 * versions do; other users may be able to open that one. If two daemons lock one each, SQLite's own
 * lock keeps them apart.
 */
static int lock(struct sqlite *s, struct err *e)
{
	s->lock_fd = openat(s->dir_fd, STORE_LOCK_NAME, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
			    0600);
	if (s->lock_fd >= 0)
		fchmod(s->lock_fd, 0600);
	else if (errno == ENOSPC || errno == EDQUOT)
		s->lock_fd = fcntl(s->dir_fd, F_DUPFD_CLOEXEC, 0);
	if (s->lock_fd < 0)
		return err_set(e, NULL, "%s: cannot open " STORE_LOCK_NAME " beside it: %s",
			       s->base.name, strerror(errno));
	if (!take_lock(s->lock_fd))
		return 0;
	if (errno != EWOULDBLOCK)
		return err_set(e, NULL, "%s: %s", s->base.name, strerror(errno));
	return err_set(e, NULL, "%s: another dhcpkd has it open; end that one, or name another "
		       "directory", s->base.name);
}

static int open_dir(struct sqlite *s, const char *dir, struct err *e)
{
	if (mkdir(dir, 0700) && errno != EEXIST)
		return err_set(e, NULL, "%s: cannot make this directory: %s", dir, strerror(errno));
	s->dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->dir_fd < 0)
		return err_set(e, NULL, "%s: cannot open this directory: %s", dir, strerror(errno));
	if (sync_parent(s->dir_fd))
		return err_set(e, NULL, "%s: cannot sync the directory that it is in: %s", dir,
			       strerror(errno));
	if (faccessat(s->dir_fd, ".", W_OK, AT_EACCESS))
		return err_set(e, NULL, "%s: cannot write to this directory: %s", dir,
			       strerror(errno));
	return lock(s, e);
}

int sqlite_take(struct sqlite *s, const char *dir, struct err *e)
{
	struct stat st;

	if (snprintf(s->base.name, sizeof(s->base.name), "%s/" STORE_FILE_NAME, dir) >=
	    (int)sizeof(s->base.name))
		return err_set(e, NULL, "%.64s...: this path is too long", dir);
	if (open_dir(s, dir, e))
		return -1;
	if (fstatat(s->dir_fd, STORE_FILE_NAME, &st, AT_SYMLINK_NOFOLLOW)) {
		if (errno != ENOENT)
			return err_set(e, NULL, "%s: %s", s->base.name, strerror(errno));
		if (create(s, e))
			return -1;
	}
	if (check_header(s, e))
		return -1;
	restrict_permissions(s);
	if (sqlite_connect(s, e) || hold_file(s, e) || sqlite_check_pair(s, e))
		return -1;
	return check_content(s, e) || sqlite_settle(s, e) || migrate(s, e) ? -1 : 0;
}
