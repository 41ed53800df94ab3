// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <unistd.h>

#include "lib/dir.h"

int sync_dir(int fd)
{
	return fsync(fd) && errno != EINVAL ? -1 : 0;
}
