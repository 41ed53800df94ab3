// SPDX-License-Identifier: GPL-2.0-or-later
/* dhcpkd: owns the configuration of the in-kernel DHCP server, and the store of its bindings. */
#include <errno.h>
#include <getopt.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "dhcpkd/compile/compile.h"
#include "dhcpkd/compile/own.h"
#include "dhcpkd/config.h"
#include "dhcpkd/daemon.h"
#include "dhcpkd/failpoint.h"
#include "dhcpkd/last_good.h"
#include "dhcpkd/state_dir.h"
#include "lib/control.h"
#include "lib/conv.h"
#include "lib/model/model.h"
#include "lib/utf8.h"

#define CONFIG_FILE	"/etc/dhcpk/dhcpkd.conf"
#define STATE_DIR	"/var/lib/dhcpk"

/* Whoever should read it may have stopped: a line is lost then, rather than a binding not stored. */
static bool put_line(const char *line, size_t len)
{
	struct pollfd err = { .fd = STDERR_FILENO, .events = POLLOUT };

	return poll(&err, 1, 0) == 1 && err.revents & POLLOUT && write(STDERR_FILENO, line, len) == (ssize_t)len;
}

/*
 * To standard error with the priority in front, as a service manager's log wants it. A pipe that can be written to has room
 * for as much as this.
 */
void say(int priority, const char *format, ...)
{
	static unsigned int lost;
	char line[PIPE_BUF];
	va_list args;
	size_t len;

	len = isatty(STDERR_FILENO) ? 0 : snprintf(line, sizeof(line), "<%d>", priority);
	len += snprintf(line + len, sizeof(line) - len, "dhcpkd: ");
	if (lost)
		len += snprintf(line + len, sizeof(line) - len, "(after %u lines that are lost) ", lost);
	va_start(args, format);
	vsnprintf(line + len, sizeof(line) - len - 1, format, args);
	va_end(args);
	replace_non_utf8(line);
	strcat(line, "\n");
	lost = put_line(line, strlen(line)) ? 0 : lost + 1;
}

/* The service manager's READY=1, sd_notify(3), if one wants to know. */
static void notify_ready(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	int fd;

	if (!path || (*path != '/' && *path != '@') || strlen(path) >= sizeof(addr.sun_path))
		return;
	strcpy(addr.sun_path, path);
	if (*path == '@')
		addr.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	sendto(fd, "READY=1", 7, MSG_NOSIGNAL, (struct sockaddr *)&addr,
	       offsetof(struct sockaddr_un, sun_path) + strlen(path));
	close(fd);
}

bool daemon_is_file(const struct daemon *d, const char *file)
{
	return !strcmp(file, d->config_file) || is_same_file(file, d->config_file);
}

/* Without the module it is kept when it has come, since that may find fault with it, too. */
void daemon_file_runs(struct daemon *d)
{
	d->file_error[0] = '\0';
	d->good_at = 0;
	d->to_keep = true;
	d->keep_failed = false;
	if (d->generation)
		last_good_keep(d);
}

/* What runs goes on, and people are told until the file is mended. */
static int bad_file(struct daemon *d, const struct err *e)
{
	char text[ERR_LINE_SIZE];

	snprintf(d->file_error, sizeof(d->file_error), "%s", err_line(text, e));
	return -1;
}

int daemon_reload(struct daemon *d, const char *file, struct err *e)
{
	bool own = !file || daemon_is_file(d, file);
	const char *from = file ? file : d->config_file;
	struct json_object *model = state_dir_check(d->state_dir, from, e) ? NULL : config_load(from, e);
	int err;

	if (!model)
		return own && !e->not_now ? bad_file(d, e) : -1;
	err = daemon_change(d, model, NULL, e);
	if (err) {
		json_object_put(model);
		return own && program_is_fault(err, e) ? bad_file(d, e) : -1;
	}
	d->unsaved = !own;
	if (own)
		daemon_file_runs(d);
	else
		d->to_keep = false;
	return 0;
}

static void on_hup(struct ev_loop *loop, ev_signal *w, int events)
{
	struct daemon *d = w->data;
	char text[ERR_LINE_SIZE];
	struct err e = {};

	if (daemon_reload(d, NULL, &e))
		say(LOG_ERR, "%s; the running configuration stays", err_line(text, &e));
	else
		say(LOG_INFO, "read %s again", d->config_file);
}

static volatile sig_atomic_t ending;

bool daemon_is_ending(void)
{
	return ending;
}

/* A disk that does not answer, now or when it is asked for the last time, must not keep whoever has stopped us waiting. */
static void give_up(int sig)
{
	static const char text[] = "<3>dhcpkd: the store does not answer; the kernel keeps what it lacks for the next dhcpkd\n";

	put_line(text, sizeof(text) - 1);
	_exit(1);
}

static void limit_stop(int sig)
{
	ending = true;
	alarm(DHCPKD_STOP_S);
	ev_feed_signal(sig);
}

/* The loop does not run while a sync does: the time counts from the signal itself. */
static void watch_stop(void)
{
	struct sigaction stop = { .sa_handler = limit_stop, .sa_flags = SA_RESTART };

	signal(SIGALRM, give_up);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGINT, &stop, NULL);
}

static void on_stop(struct ev_loop *loop, ev_signal *w, int events)
{
	ev_break(loop, EVBREAK_ALL);
}

static void on_watch(struct ev_loop *loop, ev_timer *w, int events)
{
	struct daemon *d = w->data;

	if (program_watch(d))
		health_look(&d->health);
	else
		health_forget(&d->health);
}

/* One that comes during the start waits for its watcher, and is obeyed then. */
static void mask_hangup(int how)
{
	sigset_t hangup;

	sigemptyset(&hangup);
	sigaddset(&hangup, SIGHUP);
	sigprocmask(how, &hangup, NULL);
}

static void on_signal(struct daemon *d, ev_signal *w, void (*handler)(struct ev_loop *, ev_signal *, int), int sig)
{
	ev_signal_init(w, handler, sig);
	w->data = d;
	ev_signal_start(d->loop, w);
}

/*
 * One daemon a namespace: two would program the kernel in turn. One that is being stopped may take a moment to be gone. A kernel
 * that cannot be asked now may have one; it is asked again before anything is done to it.
 */
static int check_alone(struct err *e)
{
	struct kernel_info info;
	struct err why;
	int i, err;

	for (i = 0; i < 10 * DHCPKD_STOP_S; i++) {
		err = program_running(&info, &why);
		if (err ? !why.not_now : !info.attached)
			return 0;
		usleep(100000);
	}
	return err ? 0 : err_set(e, NULL, "another dhcpkd is attached to the module in this network namespace; stop it first");
}

static int serve(struct daemon *d)
{
	struct err e = {};

	d->addresses = own_watch();
	d->warnings = json_object_new_array();
	d->loop = ev_default_loop(0);
	if (check_alone(&e) || commit_start(&d->commit, d->loop, d->state_dir, &e)) {
		say(LOG_ERR, "%s", e.text);
		return 1;
	}
	if (control_start(d, &e)) {
		say(LOG_ERR, "%s", e.text);
		commit_stop(&d->commit);
		return 1;
	}
	failpoint("before-watching");
	on_signal(d, &d->hup, on_hup, SIGHUP);
	mask_hangup(SIG_UNBLOCK);
	on_signal(d, &d->term, on_stop, SIGTERM);
	on_signal(d, &d->intr, on_stop, SIGINT);
	watch_stop();
	program_watch(d);
	ev_timer_init(&d->watch, on_watch, 1, 1);
	d->watch.data = d;
	ev_timer_start(d->loop, &d->watch);
	notify_ready();
	ev_run(d->loop, 0);
	control_stop(d);
	health_forget(&d->health);
	commit_stop(&d->commit);
	alarm(0);
	ev_default_destroy();
	return 0;
}

/* A link that leads nowhere, be it the file or its directory, is a file that cannot be read: its disk may not be mounted yet. */
static bool is_absent(const char *file)
{
	char dir[PATH_MAX];
	struct stat st;

	if (!lstat(file, &st) || errno != ENOENT)
		return false;
	snprintf(dir, sizeof(dir), "%s", file);
	return !stat(dirname(dir), &st) || lstat(dir, &st);
}

/* -t: what is wrong has been said; this is what would be served otherwise than it is written. */
static int test_model(const char *file, struct json_object *model)
{
	struct specs specs;
	struct err e = {};
	size_t i;

	if (model_compile(model, NULL, &specs, &e)) {
		say(LOG_ERR, "%s", e.text);
		return 1;
	}
	for (i = 0; i < json_object_array_length(specs.warnings); i++)
		say(LOG_WARNING, "%s: %s", file, json_object_get_string(json_object_array_get_idx(specs.warnings, i)));
	specs_free(&specs);
	printf(is_absent(file) ? "%s: is not there; dhcpkd would start with nothing configured\n" : "%s: fine\n", file);
	return 0;
}

static void usage(FILE *to)
{
	fprintf(to, "usage: dhcpkd [-c FILE] [-s STATE_DIR] [-S SOCKET] [-t]\n"
		    "  -c FILE       configuration (%s; starts empty if that is not there)\n"
		    "  -s STATE_DIR  where bindings are kept (%s)\n"
		    "  -S SOCKET     where dhcpkctl finds it (%s)\n"
		    "  -t            check the configuration and exit\n"
		    "Runs in the foreground. SIGHUP reads the configuration again; the kernel goes on serving when it ends.\n",
		CONFIG_FILE, STATE_DIR, CONTROL_SOCKET);
}

/* A bad file keeps no pool from being served, if there has been a good one. The daemon's own files are none. */
static int first_model(struct daemon *d, bool given, bool test, struct err *e)
{
	if (!test && state_dir_check(d->state_dir, d->config_file, e))
		return -1;
	if (!given && is_absent(d->config_file)) {
		d->model = model_new();
		return 0;
	}
	d->model = config_load_soon(d->config_file, e);
	d->to_keep = d->model;
	return d->model || (!test && !e->not_now && !last_good_take(d, e)) ? 0 : -1;
}

int main(int argc, char **argv)
{
	struct daemon d = { .config_file = CONFIG_FILE, .socket_path = CONTROL_SOCKET, .state_dir = STATE_DIR };
	int opt, test = 0, given = 0, status = 0;
	struct err e = {};

	mask_hangup(SIG_BLOCK);
	while ((opt = getopt(argc, argv, "c:s:S:thV")) != -1) {
		switch (opt) {
		case 'c':
			d.config_file = optarg;
			given = 1;
			break;
		case 's':
			d.state_dir = optarg;
			break;
		case 'S':
			d.socket_path = optarg;
			break;
		case 't':
			test = 1;
			break;
		case 'V':
			puts("dhcpkd 0.1");
			return 0;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	}
	if (optind < argc) {
		say(LOG_ERR, "what is \"%s\"?", argv[optind]);
		usage(stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	/* A write beyond the limit of a file's size fails then, as one to a full disk does. */
	signal(SIGXFSZ, SIG_IGN);
	if (first_model(&d, given, test, &e)) {
		say(LOG_ERR, "%s", e.text);
		return 1;
	}
	status = test ? test_model(d.config_file, d.model) : serve(&d);
	json_object_put(d.warnings);
	json_object_put(d.model);
	return status;
}
