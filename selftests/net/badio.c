// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * LD_PRELOAD=badio.so BADIO=FILE: while FILE is there, what it says fails on files whose name has "leases.db": "write" with
 * EIO, "full" with ENOSPC, "fsync" with EIO. With "hang" a sync takes as long as FILE says so; "dirsync" has only
 * the sync of a directory fail that has the store's log.
 */
#include "preload.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static int is_store(int fd)
{
	char link[64], path[4096];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, sizeof(path) - 1);
	if (len <= 0)
		return 0;
	path[len] = '\0';
	return strstr(path, "leases.db") != NULL;
}

static int fails(int fd, int syncs);

static int has_log(int fd)
{
	struct stat st;

	return !fstatat(fd, "leases.db-wal", &st, 0);
}

/* As a disk that does not answer; a signal comes through. */
static int hang(int fd)
{
	usleep(50000);
	return fails(fd, 1);
}

/* Is @what to fail now? Sets errno. */
static int fails(int fd, int syncs)
{
	char word[16];

	if (!read_word("BADIO", word))
		return 0;
	errno = !strcmp(word, "full") ? ENOSPC : EIO;
	if (!strcmp(word, "dirsync"))
		return syncs && has_log(fd);
	if (!is_store(fd))
		return 0;
	if (!strcmp(word, "hang"))
		return syncs && hang(fd);
	return !strcmp(word, "fsync") ? syncs : *word && !syncs;
}

ssize_t write(int fd, const void *buf, size_t n)
{
	return fails(fd, 0) ? -1 : REAL(write)(fd, buf, n);
}

ssize_t pwrite(int fd, const void *buf, size_t n, off_t at)
{
	return fails(fd, 0) ? -1 : REAL(pwrite)(fd, buf, n, at);
}

ssize_t pwrite64(int fd, const void *buf, size_t n, off64_t at)
{
	return fails(fd, 0) ? -1 : REAL(pwrite64)(fd, buf, n, at);
}

int fsync(int fd)
{
	return fails(fd, 1) ? -1 : REAL(fsync)(fd);
}

int fdatasync(int fd)
{
	return fails(fd, 1) ? -1 : REAL(fdatasync)(fd);
}
