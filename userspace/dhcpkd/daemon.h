/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon's state. One thread, one event loop. */
#ifndef DHCPKD_DAEMON_H
#define DHCPKD_DAEMON_H

#include <ev.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "dhcpkd/kernel/commit.h"
#include "dhcpkd/relay/health.h"
#include "lib/err.h"

struct daemon {
	const char		*config_file;
	const char		*socket_path;
	dev_t			socket_dev;	/* the socket that was made there */
	ino_t			socket_ino;
	const char		*state_dir;
	struct json_object	*model;		/* what runs */
	bool			unsaved;	/* it is not what the file says */
	bool			to_keep;	/* it is, and that is to be kept once it runs */
	bool			keep_failed;	/* the kernel has it, and it could not be kept, as has been said */
	uint64_t		keep_at;	/* boottime ns: when that is tried again */
	char			file_error[ERR_LINE_SIZE];	/* what is wrong with the file; empty: nothing known */
	time_t			good_at;	/* the file is bad, and what it said then runs; 0: that is not so */
	uint32_t		generation;	/* of the kernel's configuration that says it; 0: the kernel has not got it */
	bool			programmed;	/* it has had one from us */
	char			foreign[512];	/* what runs and is not in the model; empty: nothing */
	char			module[ERR_LINE_SIZE];	/* "loaded", or why not */
	struct json_object	*warnings;	/* what it serves otherwise than it was told */
	uint64_t		own_seen;	/* as struct specs has it */
	bool			own_unseen;	/* addresses have changed since, and could not be read yet */
	uint64_t		sweep_at;	/* boottime ns: when the store is looked through for what is over */
	int			addresses;	/* tells of changes of this machine's addresses, or -1 */
	struct commit		commit;
	struct health		health;
	struct ev_loop		*loop;
	ev_io			accept;
	ev_timer		watch;
	ev_signal		hup, term, intr;
};

#endif
