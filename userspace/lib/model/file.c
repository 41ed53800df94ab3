// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include <confuse.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/model/file.h"
#include "lib/dir.h"
#include "lib/model/model.h"
#include "lib/model/text.h"

/* libconfuse's last error; its callback has no argument of the caller. */
static struct err parse_error;
static int parse_line;

static void on_parse_error(cfg_t *cfg, const char *format, va_list args)
{
	vsnprintf(parse_error.text, sizeof(parse_error.text), format, args);
	parse_line = cfg ? cfg->line : 0;
}

/* ---- positions: libconfuse gives at most the line, so find the word at fault in the text ---- */

static int in_word(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("-_.:", c));
}

/* Find a word before @end: preferably a whole word, else a part of a longer one; NULL: not found */
static const char *find_word(const char *text, const char *end, const char *word)
{
	const char *at = text, *part = NULL;
	size_t len = strlen(word);

	while ((at = strstr(at, word)) && at + len <= end) {
		if ((at == text || !in_word(at[-1])) && !in_word(at[len]))
			return at;
		if (!part)
			part = at;
		at++;
	}
	return part;
}

/* The word at fault within its object, else the object, else the start of the file. */
static const char *locate(const char *text, const struct err *e)
{
	const char *at = NULL, *end, *word;
	char type[8], name[64];

	if (sscanf(e->object, "%7s %63s", type, name) == 2)
		at = text_section(text, type, name, &end);
	if (!at) {
		at = text;
		end = text + strlen(text);
	}
	word = *e->word ? find_word(at, end, e->word) : NULL;
	return word ? word : at;
}

static void add_position(const char *file, const char *text, struct err *e)
{
	char said[768];
	int line, column;

	text_position(text, locate(text, e), &line, &column);
	snprintf(said, sizeof(said), "%s%s%.690s", e->object, *e->object ? ": " : "", e->text);
	snprintf(e->text, sizeof(e->text), "%.200s:%d:%d: %s", file, line, column, said);
	e->object[0] = '\0';
}

/* The sections and their words, for a hint after an unknown word. */
static char *known_words(char *buf, size_t size)
{
	char keys[512];
	unsigned int type;
	size_t at = 0;

	for (type = 0; type < OBJECT_TYPES && at < size; type++)
		at += snprintf(buf + at, size - at, "%s%s NAME { %s }",
			       type ? ", " : "; known here: ", object_kinds[type].name,
			       keys_text(keys, sizeof(keys), type));
	return buf;
}

/* A syntax error: the line is known; the column is that of the word that libconfuse quotes. */
static void syntax_error(const char *file, const char *text, struct err *e)
{
	char quoted[128] = "", *said = parse_error.text;
	const char *line_start = text, *at;
	char hint[800] = "";
	int line = parse_line ? parse_line : 1, i;

	for (i = 1; i < line && strchr(line_start, '\n'); i++)
		line_start = strchr(line_start, '\n') + 1;
	sscanf(said, "%*[^'\"]%*['\"]%127[^'\"]", quoted);
	at = *quoted ? strstr(line_start, quoted) : NULL;
	if (!at || (strchr(line_start, '\n') && at > strchr(line_start, '\n')))
		at = line_start + strspn(line_start, " \t");
	if (strstr(said, "no such option"))
		known_words(hint, sizeof(hint));
	else if (strstr(said, "missing equal sign"))
		snprintf(hint, sizeof(hint), "; write KEY = VALUE");
	err_set(e, quoted, "%.200s:%d:%d: %.150s%s", file, line, (int)(at - line_start) + 1, said,
		hint);
}

/* ---- reading ---- */

/* An empty list would equal an absent one: for a pool's range that means the whole subnet. */
static bool is_empty_list(cfg_t *section, const struct key *k)
{
	return k->list && !cfg_size(section, k->name) &&
	       cfg_getopt(section, k->name)->flags & CFGF_MODIFIED;
}

static int take_section(struct json_object *model, enum object_type type, cfg_t *section,
			struct err *e)
{
	const struct key *k;
	struct json_object *object;
	unsigned int i;

	if (model_add(model, type, cfg_title(section), &object, e))
		return -1;
	for (k = object_kinds[type].keys; k->name; k++) {
		if (is_empty_list(section, k))
			return err_set(e, k->name,
				       "%s = {}: the list is empty; leave the line out, or say "
				       "what is in it",
				       k->name);
		for (i = 0; i < cfg_size(section, k->name); i++) {
			const char *value = cfg_getnstr(section, k->name, i);

			if (value && model_value(object, type, k->name, value, e))
				return -1;
		}
	}
	return 0;
}

static int take_sections(struct json_object *model, enum object_type type, cfg_t *cfg,
			 struct err *e)
{
	const char *what = object_kinds[type].name;
	unsigned int i;

	for (i = 0; i < cfg_size(cfg, what); i++) {
		cfg_t *section = cfg_getnsec(cfg, what, i);

		if (take_section(model, type, section, e))
			return err_object(e, type, cfg_title(section));
	}
	return 0;
}

static struct json_object *model_of(cfg_t *cfg, model_check_fn *check, struct err *e)
{
	struct json_object *model = model_new();
	unsigned int type;

	for (type = 0; type < OBJECT_TYPES; type++) {
		if (take_sections(model, type, cfg, e))
			goto bad;
	}
	if (check(model, e))
		goto bad;
	return model;
bad:
	json_object_put(model);
	return NULL;
}

static void options_of(enum object_type type, cfg_opt_t *opts)
{
	const struct key *k;
	int n = 0;

	for (k = object_kinds[type].keys; k->name; k++) {
		if (k->list)
			opts[n++] = (cfg_opt_t)CFG_STR_LIST(k->name, NULL, CFGF_NODEFAULT);
		else
			opts[n++] = (cfg_opt_t)CFG_STR(k->name, NULL, CFGF_NODEFAULT);
	}
	opts[n] = (cfg_opt_t)CFG_END();
}

struct json_object *config_read(const char *file, model_check_fn *check, struct err *e)
{
	cfg_opt_t opts[OBJECT_TYPES + 1], keys[OBJECT_TYPES][KEYS_MAX];
	struct json_object *model = NULL;
	char *text = text_read(file, e);
	unsigned int type;
	cfg_t *cfg;

	if (!text)
		return NULL;
	for (type = 0; type < OBJECT_TYPES; type++) {
		options_of(type, keys[type]);
		opts[type] = (cfg_opt_t)CFG_SEC(object_kinds[type].name, keys[type],
						CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES);
	}
	opts[type] = (cfg_opt_t)CFG_END();
	memset(e, 0, sizeof(*e));
	cfg = cfg_init(opts, CFGF_NONE);
	if (!cfg) {
		err_not_now(e, "out of memory");
		free(text);
		return NULL;
	}
	cfg_set_error_function(cfg, on_parse_error);
	memset(&parse_error, 0, sizeof(parse_error));
	if (cfg_parse_buf(cfg, text) != CFG_SUCCESS) {
		syntax_error(file, text, e);
	} else {
		model = model_of(cfg, check, e);
		if (!model && !e->not_now)
			add_position(file, text, e);
	}
	cfg_free(cfg);
	free(text);
	return model;
}

/* ---- writing ---- */

/* In double quotes libconfuse expands \\n and ${NAME} of the environment; a backslash escapes $. */
static void write_value(FILE *f, const char *value)
{
	fputc('"', f);
	for (; *value; value++) {
		if (*value == '\n' || *value == '\r') {
			fputs(*value == '\n' ? "\\n" : "\\r", f);
			continue;
		}
		if (strchr("\"\\$", *value))
			fputc('\\', f);
		fputc(*value, f);
	}
	fputc('"', f);
}

/* Interface names may contain characters that are special to libconfuse. */
static void write_name(FILE *f, const char *name)
{
	const char *c;

	for (c = name; in_word(*c); c++)
		;
	if (*c)
		write_value(f, name);
	else
		fputs(name, f);
}

static void write_object(FILE *f, const struct object_kind *kind, const char *name,
			 struct json_object *object)
{
	const struct key *k;
	size_t i, n;

	fprintf(f, "%s ", kind->name);
	write_name(f, name);
	fputs(" {\n", f);
	for (k = kind->keys; k->name; k++) {
		struct json_object *values = json_object_object_get(object, k->name);

		n = values ? json_object_array_length(values) : 0;
		if (!n)
			continue;
		fprintf(f, "\t%s = %s", k->name, k->list ? "{" : "");
		for (i = 0; i < n; i++) {
			fputs(i ? ", " : "", f);
			write_value(f,
				    json_object_get_string(json_object_array_get_idx(values, i)));
		}
		fputs(k->list ? "}\n" : "\n", f);
	}
	fputs("}\n", f);
}

static void write_model(FILE *f, const char *head, struct json_object *model)
{
	unsigned int type;

	fprintf(f, "# %s\n", head);
	for (type = 0; type < OBJECT_TYPES; type++) {
		json_object_object_foreach(model_objects(model, type), name, object)
			write_object(f, &object_kinds[type], name, object);
	}
}

/*
 * The file to replace: the target of a symbolic link, with its owner and mode. Only regular files.
 */
static int save_target(const char *file, char path[PATH_MAX], struct stat *st, struct err *e)
{
	if (!realpath(file, path)) {
		if (!lstat(file, st))
			return err_set(e, file,
				       "cannot write %s: it is a link that leads nowhere (%s)",
				       file, strerror(errno));
		snprintf(path, PATH_MAX, "%s", file);
	}
	if (stat(path, st) || S_ISREG(st->st_mode))
		return 0;
	return err_set(e, file, "cannot write %s: it is no ordinary file", file);
}

/* The replaced file may have another owner. */
static int give_back(int fd, const struct stat *st)
{
	struct stat now;

	if (fstat(fd, &now))
		return -1;
	if ((now.st_uid == st->st_uid || st->st_uid == (uid_t)-1) &&
	    (now.st_gid == st->st_gid || st->st_gid == (gid_t)-1))
		return 0;
	return fchown(fd, st->st_uid, st->st_gid);
}

/* Sync the name, too. */
static int sync_folder(const char *path)
{
	char folder[PATH_MAX];
	int fd, failed;

	snprintf(folder, sizeof(folder), "%s", path);
	fd = open(dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	failed = fd < 0 || sync_dir(fd);
	if (fd >= 0)
		close(fd);
	return failed;
}

int config_save(const char *file, const char *head, mode_t mode, struct json_object *model,
		struct err *e)
{
	/* If no file exists: -1 keeps the new file's owner. */
	struct stat st = { .st_uid = -1, .st_gid = -1, .st_mode = mode };
	char path[PATH_MAX], tmp[PATH_MAX + 8];
	int fd, failed, not_its;
	FILE *f;

	if (save_target(file, path, &st, e))
		return -1;
	snprintf(tmp, sizeof(tmp), "%s.XXXXXX", path);
	fd = mkostemp(tmp, O_CLOEXEC);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!f) {
		err_set(e, file, "cannot write %s: %s", file, strerror(errno));
		if (fd >= 0) {
			close(fd);
			unlink(tmp);
		}
		return -1;
	}
	fchmod(fd, st.st_mode & 0777);
	write_model(f, head, model);
	failed = ferror(f) || fflush(f) || fsync(fd);
	not_its = !failed && give_back(fd, &st);
	failed |= fclose(f);
	if (failed || not_its || rename(tmp, path)) {
		err_set(e, file, "cannot write %s%s: %s", file,
			not_its ? ", and leave it to its owner" : "", strerror(errno));
		unlink(tmp);
		return -1;
	}
	if (sync_folder(path))
		return err_set(e, file, "cannot sync %s: %s", file, strerror(errno));
	return 0;
}
