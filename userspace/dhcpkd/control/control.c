// SPDX-License-Identifier: GPL-2.0-or-later
/* The control socket: checks its clients, and reads and writes lines without blocking. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "dhcpkd/control/control.h"
#include "dhcpkd/control/requests.h"
#include "lib/control.h"

enum { CLIENTS_MAX = 64 };

struct client {
	ev_io		io;
	struct daemon	*daemon;
	struct pending	pending;
	char		*in;
	size_t		in_at, in_len, in_size;	/* unanswered from in_at on */
	char		*out;
	size_t		out_len, out_at;
};

static int n_clients;

static void close_client(struct client *c)
{
	ev_io_stop(c->daemon->loop, &c->io);
	close(c->io.fd);
	pending_drop(&c->pending);
	free(c->in);
	free(c->out);
	free(c);
	n_clients--;
}

static void listen_for(struct client *c, int events)
{
	ev_io_stop(c->daemon->loop, &c->io);
	ev_io_set(&c->io, c->io.fd, events);
	ev_io_start(c->daemon->loop, &c->io);
}

static int queue_answer(struct client *c, const char *text)
{
	size_t len = strlen(text);
	char *bigger = realloc(c->out, c->out_len + len + 1);

	if (!bigger)
		return -1;
	c->out = bigger;
	memcpy(c->out + c->out_len, text, len);
	c->out[c->out_len + len] = '\n';
	c->out_len += len + 1;
	return 0;
}

/* Return: the end of the next complete line, or NULL */
static char *line_end(const struct client *c)
{
	return c->in_at < c->in_len ? memchr(c->in + c->in_at, '\n', c->in_len - c->in_at) : NULL;
}

static int answer_line(struct client *c, const char *end)
{
	const char *start = c->in + c->in_at;
	struct json_object *answer = answer_request(c->daemon, &c->pending, start, end - start);
	int err = queue_answer(c, json_object_to_json_string_ext(answer, JSON_C_TO_STRING_PLAIN));

	json_object_put(answer);
	c->in_at = end + 1 - c->in;
	return err;
}

/* Remove answered lines from the buffer. */
static void forget_answered(struct client *c)
{
	if (!c->in_at)
		return;
	c->in_len -= c->in_at;
	memmove(c->in, c->in + c->in_at, c->in_len);
	c->in_at = 0;
}

static int receive(struct client *c)
{
	ssize_t n;

	forget_answered(c);
	if (c->in_len == c->in_size) {
		size_t size = c->in_size ? c->in_size * 2 : 4096;
		char *bigger = size <= CONTROL_LINE_MAX ? realloc(c->in, size) : NULL;

		if (!bigger)
			return -1;
		c->in = bigger;
		c->in_size = size;
	}
	n = read(c->io.fd, c->in + c->in_len, c->in_size - c->in_len);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0)
		return -1;
	c->in_len += n;
	return 0;
}

static int transmit(struct client *c)
{
	ssize_t n = send(c->io.fd, c->out + c->out_at, c->out_len - c->out_at,
			 MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	c->out_at += n;
	if (c->out_at == c->out_len)
		c->out_at = c->out_len = 0;
	return 0;
}

/* Answer one line at a time; answer the next one once that answer has been sent. */
static int serve_client(struct client *c, int events)
{
	const char *end;

	if (events & EV_READ && receive(c))
		return -1;
	end = c->out_len ? NULL : line_end(c);
	if (end && answer_line(c, end))
		return -1;
	return c->out_len ? transmit(c) : 0;
}

/*
 * While an answer waits to be sent, nothing more is read from this client, so that its buffers stay
 * bounded. Complete lines that were read already wait too, and other events are handled in between.
 */
static void on_client(struct ev_loop *loop, ev_io *io, int events)
{
	struct client *c = io->data;

	if (serve_client(c, events))
		close_client(c);
	else
		listen_for(c, c->out_len || line_end(c) ? EV_WRITE : EV_READ);
}

static int is_peer_allowed(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len))
		return 0;
	return peer.uid == 0 || peer.uid == geteuid();
}

static void on_accept(struct ev_loop *loop, ev_io *io, int events)
{
	struct daemon *d = io->data;
	int fd = accept4(io->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct client *c;

	if (fd < 0)
		return;
	c = is_peer_allowed(fd) && n_clients < CLIENTS_MAX ? calloc(1, sizeof(*c)) : NULL;
	if (!c) {
		close(fd);
		return;
	}
	n_clients++;
	c->daemon = d;
	ev_io_init(&c->io, on_client, fd, EV_READ);
	c->io.data = c;
	ev_io_start(loop, &c->io);
}

static int make_directory(const char *path, struct err *e)
{
	char dir[sizeof(((struct sockaddr_un *)0)->sun_path)];
	char *slash;

	snprintf(dir, sizeof(dir), "%s", path);
	slash = strrchr(dir, '/');
	if (!slash || slash == dir)
		return 0;
	*slash = '\0';
	if (mkdir(dir, 0755) && errno != EEXIST)
		return err_set(e, dir, "cannot make %s: %s", dir, strerror(errno));
	return 0;
}

/*
 * If something answers, the socket is another daemon's. If nothing does, it is stale. Other files
 * are not removed.
 */
static int remove_stale_socket(const char *path, struct err *e)
{
	struct err why = {};
	int fd = control_connect(path, CONTROL_SOON, &why);
	struct stat st;

	if (fd >= 0 || fd == -EAGAIN) {
		if (fd >= 0)
			close(fd);
		return err_set(e, path, "another dhcpkd serves %s", path);
	}
	if (!lstat(path, &st) && !S_ISSOCK(st.st_mode))
		return err_set(e, path, "%s is no socket; move it away, or name another place",
			       path);
	if (fd != -ECONNREFUSED && fd != -ENOENT)
		return err_set(e, path, "cannot tell if another dhcpkd uses %s: %s", path,
			       why.text);
	if (unlink(path) && errno != ENOENT)
		return err_set(e, path, "cannot remove %s: %s", path, strerror(errno));
	return 0;
}

int control_start(struct daemon *d, struct err *e)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct stat st;
	mode_t mask;
	int fd, err;

	if (strlen(d->socket_path) >= sizeof(addr.sun_path))
		return err_set(e, d->socket_path, "the socket's path is too long: %s",
			       d->socket_path);
	if (make_directory(d->socket_path, e) || remove_stale_socket(d->socket_path, e))
		return -1;
	strcpy(addr.sun_path, d->socket_path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	mask = umask(0177);
	err = fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) || listen(fd, 16);
	umask(mask);
	if (err) {
		err_set(e, d->socket_path, "cannot listen at %s: %s", d->socket_path,
			strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	if (!lstat(d->socket_path, &st)) {
		d->socket_dev = st.st_dev;
		d->socket_ino = st.st_ino;
	}
	ev_io_init(&d->accept, on_accept, fd, EV_READ);
	d->accept.data = d;
	ev_io_start(d->loop, &d->accept);
	return 0;
}

/* The path may be another daemon's socket by now. */
void control_stop(struct daemon *d)
{
	struct stat st;

	ev_io_stop(d->loop, &d->accept);
	if (!lstat(d->socket_path, &st) && st.st_dev == d->socket_dev && st.st_ino == d->socket_ino)
		unlink(d->socket_path);
	close(d->accept.fd);
}
