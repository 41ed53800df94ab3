// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/control.h"

/* Limit the time that a read, a write or connect() of the socket may take. */
static int limit(int fd, int seconds)
{
	struct timeval t = { .tv_sec = seconds };

	return setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t)) ||
	       setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t)) ? -1 : 0;
}

/* The daemon accepts, but does not answer. */
static int no_reply(struct err *e, long seconds)
{
	return err_set(e, NULL,
		       "dhcpkd does not answer: nothing in %ld s (it is stopped, stuck, or reads "
		       "bindings back)",
		       seconds);
}

int control_connect(const char *path, int seconds, struct err *e)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, error;

	if (strlen(path) >= sizeof(addr.sun_path))
		return err_set(e, path, "the socket's path is too long: %s", path);
	strcpy(addr.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_set(e, NULL, "socket: %s", strerror(errno));
	if (!limit(fd, seconds) && !connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return fd;
	error = errno;
	close(fd);
	if (error == EAGAIN)
		no_reply(e, seconds);
	else
		err_set(e, NULL, "dhcpkd does not answer at %s: %s", path, strerror(error));
	return -error;
}

static int send_line(int fd, const char *text)
{
	size_t len = strlen(text), at = 0;

	while (at < len) {
		ssize_t n = send(fd, text + at, len - at, MSG_NOSIGNAL);

		if (n < 0)
			return -1;
		at += n;
	}
	return send(fd, "\n", 1, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

static char *read_line(int fd)
{
	size_t size = 4096, len = 0;
	char *line = malloc(size);

	while (line) {
		ssize_t n = read(fd, line + len, size - len - 1);

		if (n <= 0) {
			errno = n ? errno : ECONNRESET;
			break;
		}
		len += n;
		line[len] = '\0';
		if (line[len - 1] == '\n')
			return line;
		if (len + 1 == size) {
			char *bigger = realloc(line, size *= 2);

			if (!bigger)
				break;
			line = bigger;
		}
	}
	free(line);
	return NULL;
}

static const char *string_in(struct json_object *object, const char *key)
{
	struct json_object *value = json_object_object_get(object, key);

	return value ? json_object_get_string(value) : "";
}

/* Report why there is no answer, by errno. */
static int no_answer(int fd, struct err *e)
{
	struct timeval t = {};
	socklen_t len = sizeof(t);

	if (errno != EAGAIN) {
		err_set(e, NULL, "dhcpkd closed the connection");
		return -EIO;
	}
	getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, &len);
	no_reply(e, t.tv_sec);
	return -EIO;
}

int control_call(int fd, struct json_object *request, struct json_object **result, struct err *e)
{
	int sent = send_line(fd, json_object_to_json_string_ext(request, JSON_C_TO_STRING_PLAIN));
	char *line = sent ? NULL : read_line(fd);
	struct json_object *answer;
	int ok;

	json_object_put(request);
	if (!line)
		return no_answer(fd, e);
	answer = json_tokener_parse(line);
	free(line);
	if (!answer)
		return err_set(e, NULL, "dhcpkd's answer is no JSON"), -EIO;
	ok = json_object_get_boolean(json_object_object_get(answer, "ok"));
	if (!ok)
		err_set(e, string_in(answer, "word"), "%s", string_in(answer, "error"));
	else if (result)
		*result = json_object_get(json_object_object_get(answer, "result"));
	json_object_put(answer);
	return ok ? 0 : -1;
}

int64_t control_netns(int fd)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);

	return getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &len) ? 0 : cookie;
}

/* All network namespaces see the same socket file; the daemon's answer tells its own namespace. */
static int check_netns(int fd, const char *path, struct err *e)
{
	struct json_object *request = json_object_new_object(), *hello = NULL;
	int64_t theirs;

	json_object_object_add(request, "op", json_object_new_string("hello"));
	if (control_call(fd, request, &hello, e))
		return -1;
	theirs = json_object_get_int64(json_object_object_get(hello, "netns"));
	json_object_put(hello);
	if (theirs && theirs != control_netns(fd))
		return err_set(e, path,
			       "dhcpkd at %s serves another network namespace; -S names a socket, "
			       "-n a namespace",
			       path);
	return 0;
}

int control_open(const char *path, int alive, int work, struct err *e)
{
	int fd = control_connect(path, alive, e);

	if (fd < 0)
		return -1;
	if (!check_netns(fd, path, e) && !limit(fd, work))
		return fd;
	close(fd);
	return -1;
}
