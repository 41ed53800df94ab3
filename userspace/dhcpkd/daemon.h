/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon's state, and what its files do with it. One thread, one event loop. */
#ifndef DHCPKD_DAEMON_H
#define DHCPKD_DAEMON_H

#include <ev.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <time.h>

#include "dhcpkd/kernel/commit.h"
#include "dhcpkd/relay/health.h"
#include "dhcpkd/control/hosts.h"
#include "lib/err.h"
#include "lib/kernel/info.h"

struct typed;

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

void say(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * program.c: make the kernel do what a model says: 0 or a negative errno. -ENODEV: no module, nothing is wrong with it;
 * -EAGAIN: nor is there, but it cannot be done now
 */
int program_kernel(struct daemon *d, struct json_object *model, const struct typed *typed, uint32_t *generation,
		   struct err *e);
/* program_running - what the kernel runs now: 0, or as kernel_open() */
int program_running(struct kernel_info *info, struct err *e);
/* program_is_fault - is that an error of what the model says, which it will be the next time, too? */
bool program_is_fault(int err, const struct err *e);
/* daemon_is_ending - has somebody stopped us? What takes long looks now and then, and leaves off. */
bool daemon_is_ending(void);
/* Looks whether the module is there and still has our generation; if not, programs it. */
bool program_watch(struct daemon *d);

/*
 * daemon_change - make @model the running one: checked, programmed, swapped; or nothing changes (-errno)
 * Without the module it is kept for when the module comes. @model is taken over if the call succeeds. @typed may be NULL.
 */
int daemon_change(struct daemon *d, struct json_object *model, const struct typed *typed, struct err *e);
int daemon_reload(struct daemon *d, const char *file, struct err *e);
/* daemon_is_file - is this the daemon's own configuration file? daemon_file_runs - it says what runs, and is good */
bool daemon_is_file(const struct daemon *d, const char *file);
void daemon_file_runs(struct daemon *d);

/* control.c */
int control_start(struct daemon *d, struct err *e);
void control_stop(struct daemon *d);

/* Changes of a peer's that are to be made together. All of it 0: it has begun none. */
struct pending {
	struct json_object	*base, *model;	/* what ran when they began, and what is to run */
	struct net		*nets;		/* of pools that are deleted */
	size_t			n_nets;
	struct typed		*typed;		/* what is added or set */
	bool			refused;	/* one of them, and so all */
};

/* change_ports.c: warn_of_ports - add to @warnings which of the pools and relays that somebody has typed names a port */
void warn_of_ports(struct json_object *warnings, struct json_object *model, const struct typed *typed);

/* change.c: pending_drop - its peer has gone */
void pending_drop(struct pending *p);

/* requests.c: the answer to a request line of a peer's, a JSON object for the caller to put */
struct json_object *answer_request(struct daemon *d, struct pending *p, const char *line, size_t len);

#endif
