// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dhcpkctl must not name the daemon's own files as a configuration. Writing would destroy them; and
 * when a process closes any descriptor of a file, it loses the locks that SQLite has on that file.
 */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dhcpkd/state_dir.h"

static const char *const names[] = {
	STORE_FILE_NAME, STORE_LOG_NAME, STORE_FILE_NAME "-shm", STORE_FILE_NAME "-journal",
	STORE_LOCK_NAME, STORE_NEW_NAME, STORE_NEW_NAME "-wal", STORE_NEW_NAME "-journal",
	LAST_GOOD_NAME,
};

bool is_same_file(const char *one, const char *other)
{
	struct stat a, b;

	return !stat(one, &a) && !stat(other, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Compare names, since the file may not exist yet */
static bool has_name(const char *dir, const char *file, const char *name)
{
	const char *slash = strrchr(file, '/');
	char folder[PATH_MAX];

	if (strcmp(slash ? slash + 1 : file, name))
		return false;
	snprintf(folder, sizeof(folder), "%s", file);
	return is_same_file(dirname(folder), dir);
}

int state_dir_check(const char *dir, const char *file, struct err *e)
{
	char path[PATH_MAX];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		if (has_name(dir, file, names[i]) || is_same_file(file, path))
			return err_set(e, file,
				       "%s is dhcpkd's own %s, and no configuration; name another "
				       "file",
				       file, names[i]);
	}
	return 0;
}
