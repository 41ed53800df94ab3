/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPK_DIR_H
#define DHCPK_DIR_H

/*
 * sync_dir - sync the names in an open directory: 0, or -1 with errno
 *
 * Success if the file system does not sync directories: it does not lose names.
 */
int sync_dir(int fd);

#endif
