// SPDX-License-Identifier: GPL-2.0-or-later
/* Which files are taken for a store, and how one comes to be. Whatever is refused stays as it was found. */
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

/* With the header that says whose it is already in the file itself, and not in a log beside it. */
static int fill_new(struct sqlite *s, struct err *e)
{
	char settings[128];

	sqlite3_snprintf(sizeof(settings), settings, "PRAGMA page_size = %d; PRAGMA application_id = %d", STORE_PAGE_SIZE,
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
	int fd = openat(s->dir_fd, STORE_NEW_NAME, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600), result;

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

/* Under another name until it is whole: an empty file that has the right one is what a fault has left of a store. */
static int create(struct sqlite *s, struct err *e)
{
	char path[PATH_MAX + sizeof(".new")];
	struct stat log;

	if (!fstatat(s->dir_fd, STORE_LOG_NAME, &log, AT_SYMLINK_NOFOLLOW) && (log.st_size || !S_ISREG(log.st_mode)))
		return err_set(e, NULL, "%s: is not there, but its log " STORE_LOG_NAME " is: put both back, or move that away and start "
			       "without bindings", s->base.name);
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

/* ---- a file that is there ---- */

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

/* SQLite takes half a page for a whole one. There may be one while the log has that page, too. */
static bool ends_within_page(struct sqlite *s, const uint8_t *header, off_t size)
{
	uint32_t page = header[16] << 8 | header[17];
	struct stat wal;

	if (page == 1)
		page = 65536;
	return page && size % page && (fstatat(s->dir_fd, STORE_LOG_NAME, &wal, 0) || !wal.st_size);
}

/* Before SQLite sees it, which would recover a stranger's log. */
static int check_header(struct sqlite *s, struct err *e)
{
	uint8_t h[100];
	struct stat st;
	int fd, error;
	ssize_t n;

	fd = openat(s->dir_fd, STORE_FILE_NAME, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0 && errno == ELOOP)
		return err_set(e, NULL, "%s: is a symbolic link, and its log would be elsewhere; link the directory, or name another "
			       "one", s->base.name);
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
		return err_set(e, NULL, "%s: is a database of another program; move it away, or name another directory",
			       s->base.name);
	if (be32(h + 60) > (uint32_t)sqlite_n_steps)
		return sqlite_newer(s, be32(h + 60), sqlite_n_steps, e);
	if (ends_within_page(s, h, st.st_size))
		return err_set(e, NULL, "%s: is cut short, to %lld bytes; " STORE_RESTORE,
			       s->base.name, (long long)st.st_size);
	return 0;
}

static void hide(struct sqlite *s, const char *name)
{
	struct stat st;

	if (!fstatat(s->dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) && S_ISREG(st.st_mode) && st.st_mode & S_IRWXO)
		fchmodat(s->dir_fd, name, st.st_mode & 07770, 0);
}

/*
 * A copy that was put back may be for all to read, and whoever reads it can lock it. Before SQLite makes a log, which gets the rights
 * that the file has.
 */
static void hide_from_others(struct sqlite *s)
{
	hide(s, STORE_FILE_NAME);
	hide(s, STORE_LOG_NAME);
}

/*
 * As long as it is held, its number is no other file's. After SQLite has opened it: some file systems copy a file then. By
 * O_PATH, since closing any other descriptor would take SQLite's lock off the file.
 */
static int hold_file(struct sqlite *s, struct err *e)
{
	s->file_fd = openat(s->dir_fd, STORE_FILE_NAME, O_PATH | O_CLOEXEC | O_NOFOLLOW);
	return s->file_fd < 0 ? err_set(e, NULL, "%s: cannot open: %s",
					s->base.name, strerror(errno)) : 0;
}

/* 0.2 s of a processor for a million rows: nothing beside what it costs to serve from a damaged store. */
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

/* The log goes into the file first: if a step fails, there is nothing in it but that. */
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

/* If a power cut loses the directory's name, the store is lost with it. Whoever made the directory, this is once a start. */
static int sync_parent(int dir_fd)
{
	int fd = openat(dir_fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC), err;

	if (fd < 0)
		return errno == EACCES ? 0 : -1;
	/* Of a file system that cannot be written to, no name is lost. */
	err = sync_dir(fd) && errno != EROFS ? errno : 0;
	close(fd);
	errno = err;
	return err ? -1 : 0;
}

/* A daemon that is being stopped takes some seconds at most, and has let go of the module before. */
static int take_lock(int fd)
{
	int tries, result;

	for (tries = 0; (result = flock(fd, LOCK_EX | LOCK_NB)) && errno == EWOULDBLOCK && tries < 10 * DHCPKD_STOP_S; tries++)
		usleep(100000);
	return result;
}

/*
 * Other daemons are kept out by a lock on a file that only the store's owner can open. It holds while the connection is replaced,
 * too. Without room for such a file the directory has to do, which others may be able to open, and as older versions have it;
 * what keeps two daemons apart that lock one each is SQLite's own lock.
 */
static int lock(struct sqlite *s, struct err *e)
{
	s->lock_fd = openat(s->dir_fd, STORE_LOCK_NAME, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (s->lock_fd >= 0)
		fchmod(s->lock_fd, 0600);
	else if (errno == ENOSPC || errno == EDQUOT)
		s->lock_fd = fcntl(s->dir_fd, F_DUPFD_CLOEXEC, 0);
	if (s->lock_fd < 0)
		return err_set(e, NULL, "%s: cannot open " STORE_LOCK_NAME " beside it: %s",
			       s->base.name, strerror(errno));
	if (!take_lock(s->lock_fd))
		return 0;
	return err_set(e, NULL, "%s: %s", s->base.name, errno == EWOULDBLOCK ?
		       "another dhcpkd has it open; end that one, or name another directory" : strerror(errno));
}

static int open_dir(struct sqlite *s, const char *dir, struct err *e)
{
	if (mkdir(dir, 0700) && errno != EEXIST)
		return err_set(e, NULL, "%s: cannot make this directory: %s", dir, strerror(errno));
	s->dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->dir_fd < 0)
		return err_set(e, NULL, "%s: cannot open this directory: %s", dir, strerror(errno));
	if (sync_parent(s->dir_fd))
		return err_set(e, NULL, "%s: cannot sync the directory that it is in: %s", dir, strerror(errno));
	if (faccessat(s->dir_fd, ".", W_OK, AT_EACCESS))
		return err_set(e, NULL, "%s: cannot write to this directory: %s", dir, strerror(errno));
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
	hide_from_others(s);
	if (sqlite_connect(s, e) || hold_file(s, e) || sqlite_check_pair(s, e))
		return -1;
	return check_content(s, e) || sqlite_settle(s, e) || migrate(s, e) ? -1 : 0;
}
