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
	dev_t			socket_dev;	/* of the socket that was created */
	ino_t			socket_ino;
	const char		*state_dir;
	struct json_object	*model;		/* the running configuration */
	bool			unsaved;	/* it differs from the file */
	bool			to_keep;	/* it is the file's: keep it once it runs */
	bool			keep_failed;	/* keeping it failed, and that was logged */
	uint64_t		keep_at;	/* boottime ns: when to try that again */
	char			file_error[ERR_LINE_SIZE];	/* the file's error; empty: none */
	time_t			good_at;	/* of the last good file; 0: it does not run */
	uint32_t		generation;	/* of the model in the kernel; 0: not programmed */
	bool			programmed;	/* this daemon has programmed the kernel once */
	char unknown_config[512]; /* runs in the kernel, but is not in the model */
	char			module[ERR_LINE_SIZE];	/* "loaded", or why not */
	struct json_object	*warnings;	/* differences from the configuration */
	uint64_t		own_seen;	/* as in struct compiled */
	bool			own_unseen;	/* addresses changed, not read yet */
	uint64_t		sweep_at;	/* boottime ns: when the store is swept next */
	int			addresses;	/* socket that reports address changes */
	struct commit		commit;
	struct health		health;
	struct ev_loop		*loop;
	ev_io			accept;
	ev_timer		watch;
	ev_signal		hup, term, intr;
};

#endif
