/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A layer under SQLite that lets the Nth write, sync or truncation fail, once or from then on. */
#ifndef STORE_DISK_H
#define STORE_DISK_H

#include <errno.h>

#include "store_util.h"

enum fault { NO_FAULT, WRITE_ENOSPC, WRITE_EIO, SHORT_WRITE, SYNC_EIO, SYNC_ENOSPC, TRUNCATE_EIO, N_FAULTS };

static struct {
	enum fault	kind;
	int		after;		/* so many calls are fine */
	bool		once;
	bool		hit;
	int		error;		/* the last one */
	bool		deadly;		/* the next sync is the end of the process */
	int		unsynced;	/* logs that were found with something in them, and have not been synced since */
	int		synced;		/* ... that have been */
} disk;

struct shim_file {
	sqlite3_file		base;
	sqlite3_file		*real;
	bool			found;		/* it is one of those */
};

static sqlite3_vfs shim_vfs, *real_vfs;

static sqlite3_file *real(sqlite3_file *f)
{
	return ((struct shim_file *)f)->real;
}

static bool fails(enum fault a, enum fault b, enum fault c)
{
	if (disk.kind == NO_FAULT || (disk.kind != a && disk.kind != b && disk.kind != c) || disk.after-- > 0)
		return false;
	disk.hit = true;
	disk.error = disk.kind == WRITE_ENOSPC || disk.kind == SYNC_ENOSPC ? ENOSPC : EIO;
	return true;
}

static int over(int result)
{
	if (disk.once)
		disk.kind = NO_FAULT;
	return result;
}

static int shim_close(sqlite3_file *f)
{
	int result = real(f)->pMethods->xClose(real(f));

	disk.unsynced -= ((struct shim_file *)f)->found;
	free(real(f));
	return result;
}

static int shim_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return real(f)->pMethods->xRead(real(f), p, n, at);
}

static int shim_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	if (!fails(WRITE_ENOSPC, WRITE_EIO, SHORT_WRITE))
		return real(f)->pMethods->xWrite(real(f), p, n, at);
	if (disk.kind == SHORT_WRITE)
		real(f)->pMethods->xWrite(real(f), p, n / 2, at);
	return over(disk.kind == WRITE_ENOSPC ? SQLITE_FULL : SQLITE_IOERR_WRITE);
}

static int shim_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return fails(TRUNCATE_EIO, TRUNCATE_EIO, TRUNCATE_EIO) ? over(SQLITE_IOERR_TRUNCATE) :
	       real(f)->pMethods->xTruncate(real(f), size);
}

/* What was written stays to be read: the worst that a failed sync can do. */
static int shim_sync(sqlite3_file *f, int flags)
{
	struct shim_file *s = (struct shim_file *)f;
	int result;

	if (disk.deadly)
		_exit(0);
	result = fails(SYNC_EIO, SYNC_ENOSPC, SYNC_EIO) ? over(SQLITE_IOERR_FSYNC) : real(f)->pMethods->xSync(real(f), flags);
	if (!result && s->found) {
		disk.unsynced--;
		disk.synced++;
		s->found = false;
	}
	return result;
}

static int shim_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return real(f)->pMethods->xFileSize(real(f), size);
}

static int shim_lock(sqlite3_file *f, int level)
{
	return real(f)->pMethods->xLock(real(f), level);
}

static int shim_unlock(sqlite3_file *f, int level)
{
	return real(f)->pMethods->xUnlock(real(f), level);
}

static int shim_reserved(sqlite3_file *f, int *reserved)
{
	return real(f)->pMethods->xCheckReservedLock(real(f), reserved);
}

static int shim_control(sqlite3_file *f, int op, void *arg)
{
	if (op != SQLITE_FCNTL_LAST_ERRNO || !disk.error)
		return real(f)->pMethods->xFileControl(real(f), op, arg);
	*(int *)arg = disk.error;
	return SQLITE_OK;
}

static int shim_sector(sqlite3_file *f)
{
	return real(f)->pMethods->xSectorSize(real(f));
}

static int shim_traits(sqlite3_file *f)
{
	return real(f)->pMethods->xDeviceCharacteristics(real(f));
}

/* Version 1: no shared memory, which an exclusive connection does without. */
static const sqlite3_io_methods shim_methods = {
	1, shim_close, shim_read, shim_write, shim_truncate, shim_sync, shim_size, shim_lock, shim_unlock, shim_reserved,
	shim_control, shim_sector, shim_traits,
};

/* A log that is there when it is opened */
static void shim_found(struct shim_file *s, int flags)
{
	sqlite3_int64 size = 0;

	if (!(flags & SQLITE_OPEN_WAL) || s->real->pMethods->xFileSize(s->real, &size))
		return;
	s->found = size;
	disk.unsynced += s->found;
}

static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	struct shim_file *s = (struct shim_file *)f;
	int result;

	s->base.pMethods = NULL;
	s->real = calloc(1, real_vfs->szOsFile);
	result = real_vfs->xOpen(real_vfs, name, s->real, flags, out);
	s->found = false;
	if (result) {
		free(s->real);
	} else {
		s->base.pMethods = &shim_methods;
		shim_found(s, flags);
	}
	return result;
}

static inline void put_shim(void)
{
	if (real_vfs)
		return;
	real_vfs = sqlite3_vfs_find(NULL);
	shim_vfs = *real_vfs;
	shim_vfs.zName = "shim";
	shim_vfs.szOsFile = sizeof(struct shim_file);
	shim_vfs.xOpen = shim_open;
	sqlite3_vfs_register(&shim_vfs, 1);
}

#endif
