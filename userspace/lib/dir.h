/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPK_DIR_H
#define DHCPK_DIR_H

/*
 * sync_dir - the names in an open directory are on stable storage: 0, or -1 with errno
 * A file system that syncs no directories loses no name.
 */
int sync_dir(int fd);

#endif
