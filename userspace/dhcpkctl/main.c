// SPDX-License-Identifier: GPL-2.0-or-later
/* dhcpkctl: the command line for the daemon and the module. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dhcpkctl/ctl.h"

static enum status help_main(struct ctl *c, int argc, char **argv);

static const struct command objects[] = {
	{ "pool", pool_main, " add|set|del|show" },
	{ "host", host_main, " add|set|del|show" },
	{ "relay", relay_main, " add|set|del|show" },
	{ "option", option_main, " add|del|show" },
	{ "lease", lease_main, " show|del|flush|pin" },
	{ "stats", stats_main, " [show]" },
	{ "monitor", monitor_main, " [show]" },
	{ "config", config_main, " show|save|apply" },
	{ "status", status_main, " [show]" },
	{ "help", help_main, " [OBJECT]" },
	{}
};

static void usage(FILE *to)
{
	const struct command *o;

	fputs("usage: dhcpkctl [-j] [-p] [-s] [-S SOCKET] [-n NETNS] [-batch FILE] "
	      "OBJECT COMMAND [WORD VALUE]...\n"
	      "  -j  JSON    -p  indented JSON    -s  with counters    "
	      "-n  in this network namespace (ip netns)\n"
	      "  -batch FILE  a command a line, - for standard input; "
	      "consecutive changes are made as one: all or none\n"
	      "  -force       each line alone; continues after a line that fails\n"
	      "Words may be abbreviated while they are unambiguous, but not in files. "
	      "Without an object: the status.\n\n", to);
	for (o = objects; o->name; o++)
		fprintf(to, "  dhcpkctl %s%s\n", o->name, o->help);
	fputs("\nExit status: 0 done, 1 refused, 2 not understood. "
	      "\"dhcpkctl OBJECT help\" says more.\n", to);
}

static enum status help_main(struct ctl *c, int argc, char **argv)
{
	static char help[] = "help", *ask_help[] = { help, NULL };
	const struct command *o = argc ? find_command(objects, argv[0], "object") : NULL;

	if (argc && !o)
		return USAGE;
	if (o && strstr(o->help, "show"))
		return o->run(c, 1, ask_help);
	usage(stdout);
	return DONE;
}

/* Do its commands change the configuration, so that they may join a batch? */
static bool changes_config(const struct command *object)
{
	static const char *const changing[] = { "pool", "host", "relay", "option" };
	size_t i;

	for (i = 0; i < sizeof(changing) / sizeof(changing[0]); i++) {
		if (!strcmp(object->name, changing[i]))
			return true;
	}
	return false;
}

/* Commands to the kernel alone must come after the pending changes. */
static enum status run_words(struct ctl *c, int argc, char **argv)
{
	const struct command *o;

	if (!argc)
		return status_main(c, 0, argv);
	o = find_command(objects, argv[0], "object");
	if (!o)
		return USAGE;
	if (!changes_config(o) && batch_commit(c) != DONE)
		return REFUSED;
	return o->run(c, argc - 1, argv + 1);
}

enum { WORDS_MAX = 4096, OPEN_QUOTE = -1, TOO_MANY = -2, NUL_BYTE = -3 };

/*
 * Split a line into words; "a b" or 'a "b"' in quotes is one word. Modifies @line. Return: the
 * number of words, or a negative error.
 */
static int split(char *line, char **words, int max)
{
	int n = 0;

	for (;;) {
		line += strspn(line, " \t\r\n");
		if (!*line || *line == '#')
			return n;
		if (n == max)
			return TOO_MANY;
		if (*line == '"' || *line == '\'') {
			char quote = *line;

			words[n++] = ++line;
			line = strchr(line, quote);
			if (!line)
				return OPEN_QUOTE;
		} else {
			words[n++] = line;
			line += strcspn(line, " \t\r\n");
		}
		if (*line)
			*line++ = '\0';
	}
}

static enum status unreadable(const char *file)
{
	fprintf(stderr, "dhcpkctl: %s: %s\n", file, strerror(errno));
	return REFUSED;
}

static enum status run_line(struct ctl *c, char *line, size_t len)
{
	char *words[WORDS_MAX];
	int n = memchr(line, '\0', len) ? NUL_BYTE : split(line, words, WORDS_MAX);

	if (n == NUL_BYTE)
		return usage_error("a NUL byte");
	if (n < 0)
		return n == OPEN_QUOTE ? usage_error("a quote is not closed")
				       : usage_error("more than %d words", WORDS_MAX);
	return n ? run_words(c, n, words) : DONE;
}

/* With @force each line is carried out alone, and lines after a failed one, too. */
static enum status batch(struct ctl *c, const char *file, bool force)
{
	FILE *f = strcmp(file, "-") ? fopen(file, "re") : stdin;
	struct batch b = { .file = file, .fd = -1 };
	enum status status = DONE, worst = DONE;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	if (!f)
		return unreadable(file);
	c->batch = force ? NULL : &b;
	while ((status == DONE || force) && (len = getline(&line, &size, f)) >= 0) {
		b.line++;
		status = run_line(c, line, len);
		if (status != DONE)
			fprintf(stderr, "dhcpkctl: %s %s:%d\n", force ? "failed at" : "stopped at",
				file, b.line);
		worst = status > worst ? status : worst;
	}
	if (worst == DONE && !feof(f))
		worst = unreadable(file);
	if (worst == DONE)
		worst = batch_commit(c);
	else if (b.fd >= 0)
		fprintf(stderr, "dhcpkctl: of %s:%d to %d nothing is done\n", file, b.first,
			b.line);
	if (b.fd >= 0)
		close(b.fd);
	free(line);
	if (f != stdin)
		fclose(f);
	return worst;
}

static int enter_netns(const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET)) {
		fprintf(stderr, "dhcpkctl: cannot enter network namespace \"%s\": %s\n", name,
			strerror(errno));
		return -1;
	}
	close(fd);
	return 0;
}

/* The value of an option is the next word. */
static const char *value_of(int argc, char **argv, int *i)
{
	if (*i + 1 >= argc) {
		usage_error("%s needs a value", argv[*i]);
		exit(USAGE);
	}
	return argv[++*i];
}

static const char *only_one(const char *before, const char *file)
{
	if (before) {
		usage_error("-batch is given twice");
		exit(USAGE);
	}
	return file;
}

/* Incomplete output must not look complete. */
static enum status check_output(enum status status)
{
	bool failed = ferror(stdout);

	if (!fflush(stdout) && !failed)
		return status;
	fprintf(stderr, "dhcpkctl: cannot write what there is to say: %s\n",
		failed ? "an earlier write failed" : strerror(errno));
	return status == DONE ? REFUSED : status;
}

int main(int argc, char **argv)
{
	struct ctl c = { .socket = CONTROL_SOCKET };
	const char *file = NULL;
	bool force = false;
	int i;

	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (take_flag(&c, argv[i]))
			continue;
		if (!strcmp(argv[i], "-S"))
			c.socket = value_of(argc, argv, &i);
		else if (!strcmp(argv[i], "-batch") || !strcmp(argv[i], "-b"))
			file = only_one(file, value_of(argc, argv, &i));
		else if (!strcmp(argv[i], "-force") || !strcmp(argv[i], "-f"))
			force = true;
		else if (!strcmp(argv[i], "-n")) {
			if (enter_netns(value_of(argc, argv, &i)))
				return REFUSED;
		} else if (!strcmp(argv[i], "-h") || !strcmp(argv[i], "--help")) {
			usage(stdout);
			return check_output(DONE);
		} else if (!strcmp(argv[i], "-V")) {
			puts("dhcpkctl 0.1");
			return check_output(DONE);
		} else {
			usage_error("unknown option \"%s\"", argv[i]);
			usage(stderr);
			return USAGE;
		}
	}
	if (force && !file)
		return usage_error("-force is for -batch");
	if (file && i < argc)
		return usage_error("-batch takes its commands from %s; unexpected argument \"%s\"",
				   file, argv[i]);
	return check_output(file ? batch(&c, file, force) : run_words(&c, argc - i, argv + i));
}
