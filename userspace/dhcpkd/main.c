// SPDX-License-Identifier: GPL-2.0-or-later
/* dhcpkd: owns the configuration of the in-kernel DHCP server, and the store of its leases. */
#include <errno.h>
#include <getopt.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "dhcpkd/apply.h"
#include "dhcpkd/compile/compile.h"
#include "dhcpkd/compile/own.h"
#include "dhcpkd/config.h"
#include "dhcpkd/control/control.h"
#include "dhcpkd/failpoint.h"
#include "dhcpkd/kernel/program.h"
#include "dhcpkd/last_good.h"
#include "dhcpkd/log.h"
#include "dhcpkd/state_dir.h"
#include "dhcpkd/stop.h"
#include "lib/control.h"
#include "lib/model/model.h"

#define CONFIG_FILE	"/etc/dhcpk/dhcpkd.conf"
#define STATE_DIR	"/var/lib/dhcpk"

/* Send READY=1 to the service manager, sd_notify(3), if it asked for it. */
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

static void on_stop(struct ev_loop *loop, ev_signal *w, int events)
{
	ev_break(loop, EVBREAK_ALL);
}

static void on_watch(struct ev_loop *loop, ev_timer *w, int events)
{
	struct daemon *d = w->data;

	if (daemon_watch(d))
		health_look(&d->health);
	else
		health_forget(&d->health);
}

/* A SIGHUP during the start stays pending until its watcher runs. */
static void mask_hangup(int how)
{
	sigset_t hangup;

	sigemptyset(&hangup);
	sigaddset(&hangup, SIGHUP);
	sigprocmask(how, &hangup, NULL);
}

static void on_signal(struct daemon *d, ev_signal *w,
		      void (*handler)(struct ev_loop *, ev_signal *, int), int sig)
{
	ev_signal_init(w, handler, sig);
	w->data = d;
	ev_signal_start(d->loop, w);
}

/*
 * One daemon a namespace: two would program the kernel in turn. A daemon that is being stopped may
 * need a moment. If the kernel cannot be asked now, it may have one; a later step asks it again
 * before it changes anything.
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
	if (err)
		return 0;
	return err_set(e, NULL, "another dhcpkd is attached to the module in this network "
		       "namespace; stop it first");
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
	stop_watch();
	daemon_watch(d);
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

/*
 * A dangling link, as the file or its directory, counts as unreadable, not absent: the disk may not
 * be mounted yet.
 */
static bool is_absent(const char *file)
{
	char dir[PATH_MAX];
	struct stat st;

	if (!lstat(file, &st) || errno != ENOENT)
		return false;
	snprintf(dir, sizeof(dir), "%s", file);
	return !stat(dirname(dir), &st) || lstat(dir, &st);
}

/* -t: errors were printed already; print the warnings. */
static int test_model(const char *file, struct json_object *model)
{
	struct compiled compiled;
	struct err e = {};
	size_t i;

	if (model_compile(model, NULL, &compiled, &e)) {
		say(LOG_ERR, "%s", e.text);
		return 1;
	}
	for (i = 0; i < json_object_array_length(compiled.warnings); i++)
		say(LOG_WARNING, "%s: %s", file,
		    json_object_get_string(json_object_array_get_idx(compiled.warnings, i)));
	compiled_free(&compiled);
	printf(is_absent(file) ? "%s: is not there; dhcpkd would start with nothing configured\n"
			       : "%s: fine\n", file);
	return 0;
}

static void usage(FILE *to)
{
	fprintf(to,
		"usage: dhcpkd [-c FILE] [-s STATE_DIR] [-S SOCKET] [-t]\n"
		"  -c FILE       configuration (%s; starts empty if that is not there)\n"
		"  -s STATE_DIR  directory of the lease store (%s)\n"
		"  -S SOCKET     socket for dhcpkctl (%s)\n"
		"  -t            check the configuration and exit\n"
		"Runs in the foreground. SIGHUP reads the configuration again; "
		"the kernel goes on serving when it ends.\n",
		CONFIG_FILE, STATE_DIR, CONTROL_SOCKET);
}

/*
 * If the file is bad, the last good copy is served, if there is one. The daemon's own state files
 * are refused.
 */
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
	struct daemon d = { .config_file = CONFIG_FILE,
			    .socket_path = CONTROL_SOCKET,
			    .state_dir = STATE_DIR };
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
		say(LOG_ERR, "unexpected argument \"%s\"", argv[optind]);
		usage(stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	/* A write beyond the file size limit then fails like a write to a full disk. */
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
