// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "dhcpkd/last_good.h"
#include "dhcpkd/config.h"
#include "dhcpkd/log.h"
#include "dhcpkd/state_dir.h"
#include "dhcpkd/store/clock.h"
#include "lib/conv.h"
#include "lib/model/file.h"
#include "lib/model/model.h"

#define HEAD	"as it was last applied from "
#define KEEP_NS	(UINT64_C(10) * 1000000000)

static void path_of(const struct daemon *d, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/" LAST_GOOD_NAME, d->state_dir);
}

/*
 * The file's absolute name, since the next daemon may start in another directory. It is written
 * into a comment.
 */
static int head_of(const struct daemon *d, char head[PATH_MAX + 64])
{
	char dir[PATH_MAX] = "";

	if (*d->config_file != '/' && !getcwd(dir, sizeof(dir)))
		return -1;
	snprintf(head, PATH_MAX + 64, HEAD "%s%s%s", dir, *dir ? "/" : "", d->config_file);
	return strchr(head, '\n') || strlen(head) >= PATH_MAX ? -1 : 0;
}

void last_good_keep(struct daemon *d)
{
	char path[PATH_MAX], head[PATH_MAX + 64];
	struct err e = {};

	path_of(d, path);
	chmod(path, 0600); /* an earlier dhcpkd may have left it readable by all */
	/* A name that does not fit into a comment will not fit later either: do not retry. */
	d->to_keep = !head_of(d, head) && config_save(path, head, 0600, d->model, &e);
	if (d->to_keep && !d->keep_failed)
		say(LOG_WARNING,
		    "%s; until that is fixed, %s is not kept as the last good configuration: if it "
		    "is found bad, an older one is served, or none",
		    e.text, d->config_file);
	d->keep_failed = d->to_keep;
	d->keep_at = clock_boot_ns() + KEEP_NS;
}

void last_good_keep_again(struct daemon *d)
{
	if (d->to_keep && !*d->unknown_config && clock_boot_ns() >= d->keep_at)
		last_good_keep(d);
}

/* Was the copy kept from this file, and when? */
static bool is_copy_of_file(const struct daemon *d, const char *path, time_t *at)
{
	char head[PATH_MAX + 64], line[PATH_MAX + 66] = "";
	FILE *f = fopen(path, "re");
	struct stat st;
	bool ours;

	if (!f) {
		if (errno != ENOENT)
			say(LOG_ERR, "%s: cannot open: %s", path, strerror(errno));
		return false;
	}
	ours = !head_of(d, head) && fgets(line, sizeof(line), f) && !fstat(fileno(f), &st);
	fclose(f);
	line[strcspn(line, "\n")] = '\0';
	if (ours)
		*at = st.st_mtime;
	return ours && !strncmp(line, "# ", 2) && !strcmp(line + 2, head);
}

int last_good_take(struct daemon *d, const struct err *e)
{
	char path[PATH_MAX], when[DATE_SIZE], text[ERR_LINE_SIZE];
	struct json_object *model;
	struct err bad = {};
	time_t at;

	path_of(d, path);
	if (!is_copy_of_file(d, path, &at))
		return -1;
	model = config_load_soon(path, &bad);
	if (!model)
		say(LOG_ERR, "%s", bad.text);
	if (!model || (d->model && json_object_equal(model, d->model))) {
		json_object_put(model);
		return -1;
	}
	snprintf(d->file_error, sizeof(d->file_error), "%s", err_line(text, e));
	say(LOG_ERR,
	    "%s; what was applied from it on %s is served until it is fixed and read again",
	    d->file_error, format_date(when, at));
	json_object_put(d->model);
	d->model = model;
	d->good_at = at;
	d->to_keep = false;
	return 0;
}
