// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the configuration as text, and refuses what libconfuse would drop silently. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/model/text.h"
#include "lib/model/words.h"

enum { TEXT_MAX = 64 << 20, NESTED_MAX = 8 };

void text_position(const char *text, const char *at, int *line, int *column)
{
	const char *c, *start = text;

	*line = 1;
	for (c = text; c < at; c++) {
		if (*c == '\n') {
			++*line;
			start = c + 1;
		}
	}
	*column = at - start + 1;
}

static int damaged(const char *file, const char *text, const char *at, const char *what,
		   struct err *e)
{
	int line, column;

	text_position(text, at, &line, &column);
	return err_set(e, NULL, "%.200s:%d:%d: %s", file, line, column, what);
}

/*
 * ---- libconfuse's tokens: each function returns the end, or NULL if the file ends before it ----
 */

/* The next character within a string, after @at. ${NAME} counts as one, whatever it contains. */
static const char *next_in_string(const char *at, char quote)
{
	const char *brace = quote == '"' && at[0] == '$' && at[1] == '{' ? strchr(at, '}') : NULL;

	if (brace)
		return brace + 1;
	return at + (*at == '\\' && at[1] ? 2 : 1);
}

static const char *end_of_string(const char *at)
{
	char quote = *at++;

	while (*at && *at != quote)
		at = next_in_string(at, quote);
	return *at ? at + 1 : NULL;
}

static const char *end_of_comment(const char *at)
{
	const char *end = at[1] == '*' ? strstr(at + 2, "*/") : NULL;

	if (at[1] == '*')
		return end ? end + 2 : NULL;
	return at + strcspn(at, "\n");
}

/* A # ends a word, a / does not. */
static const char *end_of_word(const char *at)
{
	const char *brace = at[0] == '$' && at[1] == '{' ? strchr(at, '}') : NULL;
	size_t len = strcspn(at, " #\"'\t\n\r={}()+,*");

	return brace ? brace + 1 : at + (len ? len : 1);
}

static bool is_comment(const char *at)
{
	return *at == '#' || (*at == '/' && (at[1] == '/' || at[1] == '*'));
}

static const char *end_of_thing(const char *at)
{
	if (is_comment(at))
		return end_of_comment(at);
	return *at == '"' || *at == '\'' ? end_of_string(at) : end_of_word(at);
}

/* "\\0" to "\\000", "\\x0" and "\\x00" */
static bool is_nul(const char *at)
{
	bool hex = at[1] == 'x';
	const char *digits = at + 1 + hex;
	size_t zeros = strspn(digits, "0");

	return *at == '\\' && zeros &&
	       (zeros >= (hex ? 2 : 3) ||
		!strspn(digits + zeros, hex ? "0123456789abcdefABCDEF" : "01234567"));
}

/*
 * An escaped NUL byte in double quotes, where libconfuse would end the value; NULL if there is none
 */
static const char *find_nul(const char *at)
{
	if (*at++ != '"')
		return NULL;
	for (; *at != '"'; at = next_in_string(at, '"')) {
		if (is_nul(at))
			return at;
	}
	return NULL;
}

static int check_text(const char *file, const char *text, struct err *e)
{
	const char *open[NESTED_MAX] = {}, *at = text, *end, *nul;
	int depth = 0;

	for (; *at; at = end) {
		end = end_of_thing(at);
		if (!end)
			return damaged(file, text, at,
				       *at == '/' ? "the comment that begins here is not closed" :
						    "the quote that begins here is not closed",
				       e);
		nul = find_nul(at);
		if (nul)
			return damaged(file, text, nul,
				       "an escaped NUL byte: the value would end here", e);
		if (*at == '{' && ++depth <= NESTED_MAX)
			open[depth - 1] = at;
		else if (*at == '}' && depth)
			depth--;
	}
	if (depth && depth <= NESTED_MAX)
		return damaged(file, text, open[depth - 1], "the { is not closed", e);
	return 0;
}

/* ---- a section of a complete text ---- */

static const char *skip_blanks(const char *at)
{
	for (;;) {
		at += strspn(at, " \t\r\n");
		if (!is_comment(at))
			return at;
		at = end_of_comment(at);
	}
}

static const char *next_thing(const char *at)
{
	return skip_blanks(end_of_thing(at));
}

/* Is the token at @at this word, with or without quotes? */
static bool is_text(const char *at, const char *word)
{
	const char *end = end_of_thing(at);
	bool quoted = *at == '"' || *at == '\'';

	at += quoted;
	end -= quoted;
	for (; at < end && *word; at++, word++) {
		at += quoted && *at == '\\';
		if (*at != *word)
			return false;
	}
	return at == end && !*word;
}

static const char *closing_brace(const char *open)
{
	const char *at;
	int depth = 0;

	for (at = open; *at; at = next_thing(at)) {
		depth += (*at == '{') - (*at == '}');
		if (!depth)
			break;
	}
	return at;
}

const char *text_section(const char *text, const char *type, const char *name, const char **end)
{
	const char *at = skip_blanks(text), *title, *open;

	while (*at) {
		title = next_thing(at);
		open = *title ? next_thing(title) : title;
		if (*open == '{') {
			*end = closing_brace(open);
			if (is_text(at, type) && is_text(title, name))
				return title;
			at = *end;
		}
		at = *at ? next_thing(at) : at;
	}
	return NULL;
}

/* ---- words given twice: libconfuse silently takes the last one ---- */

struct given {
	const char	*words[KEYS_MAX];
	int		n;
};

/*
 * libconfuse also accepts a word with escapes, as a variable, or from outside its section:
 * "pool|range".
 */
static bool is_plain(const char *word)
{
	return word + strcspn(word, "\\$|") >= end_of_thing(word);
}

/* Skip the quotes of a word. Return: its length without them. */
static int bare(const char **word)
{
	const char *end = end_of_thing(*word);
	bool quoted = **word == '"' || **word == '\'';

	*word += quoted;
	return end - quoted - *word;
}

static bool is_same(const char *a, const char *b)
{
	int len = bare(&a);

	return len == bare(&b) && !memcmp(a, b, len);
}

/*
 * @equal is the = after @word. If there are more words than known ones, one is unknown, and
 * libconfuse refuses it.
 */
static int give(struct given *given, const char *file, const char *text, const char *word,
		const char *equal, struct err *e)
{
	const char *name = word;
	char what[128];
	int i, len;

	for (i = 0; i < given->n && !is_same(given->words[i], word); i++)
		;
	if (i == given->n) {
		if (i < KEYS_MAX)
			given->words[given->n++] = word;
		return 0;
	}
	if (equal[-1] == '+')
		return 0;
	len = bare(&name);
	snprintf(what, sizeof(what), "'%.*s' is given twice%s", len < 64 ? len : 64, name,
		 *skip_blanks(equal + 1) == '{' ? "; += adds to it" : "");
	return damaged(file, text, word, what, e);
}

static int check_words(const char *file, const char *text, struct err *e)
{
	const char *at, *word = NULL;
	struct given given = {};
	int depth = 0;

	for (at = skip_blanks(text); *at; at = next_thing(at)) {
		if (*at == '{' && !depth)
			given.n = 0;
		depth += (*at == '{') - (*at == '}');
		/* libconfuse skips a + or * that stands alone. */
		if (!strchr("=+*", *at))
			word = at;
		if (*at != '=' || !word)
			continue;
		if (!is_plain(word))
			return damaged(file, text, word,
				       "a word before = is written as it is, without \\, $ and |",
				       e);
		if (depth == 1 && give(&given, file, text, word, at, e))
			return -1;
	}
	return 0;
}

/* ---- reading ---- */

/* Short of memory or descriptors: the file is not at fault. */
static int cannot_read(const char *file, struct err *e)
{
	if (errno == ENOMEM || errno == EMFILE || errno == ENFILE)
		return err_not_now(e, "%s: %s", file, strerror(errno));
	return err_set(e, file, "%s: %s", file, strerror(errno));
}

static int open_file(const char *file, struct err *e)
{
	/* Do not wait for a writer if it is a pipe. */
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return cannot_read(file, e);
	if (!fstat(fd, &st) && (S_ISREG(st.st_mode) || S_ISCHR(st.st_mode)))
		return fd;
	close(fd);
	return err_set(e, file, "%s: not an ordinary file", file);
}

static int read_more(int fd, const char *file, char *text, size_t *len, size_t size, struct err *e)
{
	ssize_t n = read(fd, text + *len, size - *len);
	const char *nul;

	if (n < 0)
		return cannot_read(file, e);
	nul = memchr(text + *len, '\0', n);
	if (nul)
		return damaged(file, text, nul, "a NUL byte: this is no text, or it is damaged", e);
	*len += n;
	return n > 0;
}

/* Read the whole file into @text; the caller frees it. */
static int read_all(int fd, const char *file, char **text, struct err *e)
{
	size_t len = 0, size = 16384;
	int more = 1;

	while (more > 0) {
		char *bigger = realloc(*text, size + 1);

		if (!bigger)
			return err_not_now(e, "out of memory");
		*text = bigger;
		more = read_more(fd, file, *text, &len, size, e);
		if (len == size && (size *= 2) > TEXT_MAX)
			return err_set(e, file, "%s: more than %d MiB", file, TEXT_MAX >> 20);
	}
	(*text)[len] = '\0';
	return more;
}

/* Some editors begin a file with a byte order mark. */
static void drop_mark(char *text)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (!strncmp(text, mark, strlen(mark)))
		memmove(text, text + strlen(mark), strlen(text + strlen(mark)) + 1);
}

/* A power cut leaves an empty regular file, or an editor for a moment. */
static int check_empty(int fd, const char *file, const char *text, struct err *e)
{
	struct stat st;

	if (*text || (!fstat(fd, &st) && !S_ISREG(st.st_mode)))
		return 0;
	return err_set(e, file,
		       "%s is empty: 0 bytes, as a power cut leaves a file that was being written; "
		       "a comment in it would say that nothing is meant",
		       file);
}

char *text_read(const char *file, struct err *e)
{
	int fd = open_file(file, e), err;
	char *text = NULL;

	if (fd < 0)
		return NULL;
	err = read_all(fd, file, &text, e);
	if (!err) {
		drop_mark(text);
		err = check_empty(fd, file, text, e);
	}
	close(fd);
	if (!err && !check_text(file, text, e) && !check_words(file, text, e))
		return text;
	free(text);
	return NULL;
}
