// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/control.h"

int control_connect(const char *path, struct err *e)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(addr.sun_path))
		return err_set(e, path, "the socket's path is too long: %s", path);
	strcpy(addr.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_set(e, NULL, "socket: %s", strerror(errno));
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		err_set(e, NULL, "dhcpkd does not answer at %s: %s", path, strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
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

		if (n <= 0)
			break;
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

int control_call(int fd, struct json_object *request, struct json_object **result, struct err *e)
{
	int sent = send_line(fd, json_object_to_json_string_ext(request, JSON_C_TO_STRING_PLAIN));
	char *line = sent ? NULL : read_line(fd);
	struct json_object *answer = line ? json_tokener_parse(line) : NULL;
	int ok;

	json_object_put(request);
	free(line);
	if (!answer)
		return err_set(e, NULL, "dhcpkd closed the connection");
	ok = json_object_get_boolean(json_object_object_get(answer, "ok"));
	if (!ok)
		err_set(e, string_in(answer, "word"), "%s", string_in(answer, "error"));
	else if (result)
		*result = json_object_get(json_object_object_get(answer, "result"));
	json_object_put(answer);
	return ok ? 0 : -1;
}
