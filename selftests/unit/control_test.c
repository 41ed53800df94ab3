// SPDX-License-Identifier: GPL-2.0-or-later
/* The control socket, under the sanitizers: peers that send many requests at once, or read nothing. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dhcpkd/control/control.h"
#include "dhcpkd/control/requests.h"
#include "lib/control.h"
#include "kselftest_harness.h"

enum { REQUESTS = 3000, LARGE = 2 << 20 /* more than any socket buffers */ };

static int answered;	/* requests so far */
static size_t size;	/* of an answer's text */

/* In place of the daemon's: how many there have been before, and a text */
void pending_drop(struct pending *p)
{
}

struct json_object *answer_request(struct daemon *d, struct pending *p, const char *line, size_t len)
{
	struct json_object *answer = json_object_new_object();
	char *text = malloc(size);

	memset(text, 'x', size);
	json_object_object_add(answer, "n", json_object_new_int(answered++));
	json_object_object_add(answer, "line", json_object_new_string_len(line, len));
	json_object_object_add(answer, "text", json_object_new_string_len(text, size));
	free(text);
	return answer;
}

FIXTURE(control) {
	struct daemon	d;
	struct err	e;
	char		dir[64], path[80];
	int		fd;
};

FIXTURE_SETUP(control)
{
	strcpy(self->dir, "/tmp/dhcpk-control.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	snprintf(self->path, sizeof(self->path), "%s/control", self->dir);
	self->d.socket_path = self->path;
	self->d.loop = ev_loop_new(0);
	ASSERT_EQ(0, control_start(&self->d, &self->e)) { TH_LOG("%s", self->e.text); }
	self->fd = control_connect(self->path, CONTROL_ALIVE, &self->e);
	ASSERT_LE(0, self->fd);
	fcntl(self->fd, F_SETFL, O_NONBLOCK);
	answered = 0;
	size = 10;
}

FIXTURE_TEARDOWN(control)
{
	int i;

	close(self->fd);
	for (i = 0; i < 4; i++)
		ev_run(self->d.loop, EVRUN_NOWAIT);
	control_stop(&self->d);
	ev_loop_destroy(self->d.loop);
	rmdir(self->dir);
}

static void turns(struct daemon *d, int n)
{
	while (n--)
		ev_run(d->loop, EVRUN_NOWAIT);
}

/* "0\n1\n2\n..." */
static size_t send_requests(int fd, int n)
{
	char lines[8 * REQUESTS];
	size_t len = 0;
	int i;

	for (i = 0; i < n; i++)
		len += snprintf(lines + len, sizeof(lines) - len, "%d\n", i);
	return send(fd, lines, len, MSG_NOSIGNAL) == (ssize_t)len ? len : 0;
}

/* Reads answers, each the next request's, until @n are here or the daemon hangs up; returns how many there were. */
static int read_answers(struct daemon *d, int fd, int n)
{
	static char buf[2 * LARGE];
	size_t len = 0;
	int got = 0, idle = 0;

	while (got < n && idle < 100) {
		ssize_t more = read(fd, buf + len, sizeof(buf) - 1 - len);
		char *end, wanted[64];

		turns(d, 1);
		if (!more)
			break;
		idle = more < 0 ? idle + 1 : 0;
		len += more < 0 ? 0 : more;
		buf[len] = '\0';
		while ((end = memchr(buf, '\n', len))) {
			snprintf(wanted, sizeof(wanted), "{\"n\":%d,\"line\":\"%d\"", got, got);
			if (strncmp(buf, wanted, strlen(wanted)))
				return -1;
			got++;
			len -= end + 1 - buf;
			memmove(buf, end + 1, len);
		}
	}
	return got;
}

TEST_F(control, who_reads_nothing_gets_no_second_answer)
{
	size = LARGE;
	ASSERT_LT(0, send_requests(self->fd, 50));
	turns(&self->d, 200);
	EXPECT_EQ(1, answered);
	EXPECT_EQ(50, read_answers(&self->d, self->fd, 50));
	EXPECT_EQ(50, answered);
}

TEST_F(control, others_have_their_turn_between_two_answers)
{
	int before, i;

	ASSERT_LT(0, send_requests(self->fd, REQUESTS));
	for (i = 0; i < 100; i++) {
		before = answered;
		turns(&self->d, 1);
		ASSERT_GE(before + 1, answered);
	}
	EXPECT_LT(50, answered);
	EXPECT_EQ(REQUESTS, read_answers(&self->d, self->fd, REQUESTS));
}

TEST_F(control, who_has_sent_everything_gets_all_answers)
{
	char byte;

	ASSERT_LT(0, send_requests(self->fd, REQUESTS));
	ASSERT_EQ(0, shutdown(self->fd, SHUT_WR));
	EXPECT_EQ(REQUESTS, read_answers(&self->d, self->fd, REQUESTS));
	turns(&self->d, 4);
	EXPECT_EQ(0, read(self->fd, &byte, 1));
}

TEST_F(control, a_line_may_come_in_pieces)
{
	ASSERT_EQ(3, send(self->fd, "0\n1", 3, 0));
	turns(&self->d, 5);
	EXPECT_EQ(1, answered);
	ASSERT_EQ(3, send(self->fd, "\n2\n", 3, 0));
	EXPECT_EQ(3, read_answers(&self->d, self->fd, 3));
}

/* A line that never ends is too long one day; one that is here is answered before. */
TEST_F(control, a_line_without_an_end)
{
	static char piece[10000];
	char byte;
	int i;

	memset(piece, 'x', sizeof(piece));
	ASSERT_EQ(2, send(self->fd, "0\n", 2, 0));
	for (i = 0; i < 1000 && (send(self->fd, piece, sizeof(piece), MSG_NOSIGNAL) >= 0 || errno == EAGAIN); i++)
		turns(&self->d, 4);
	EXPECT_GT(1000, i);
	EXPECT_EQ(1, answered);
	EXPECT_EQ(1, read_answers(&self->d, self->fd, 1));
	EXPECT_GE(0, read(self->fd, &byte, 1));
}

TEST_F(control, who_has_gone_is_forgotten)
{
	ASSERT_LT(0, send_requests(self->fd, REQUESTS));
	close(self->fd);
	turns(&self->d, 20);
	EXPECT_GE(2, answered);
	self->fd = control_connect(self->path, CONTROL_ALIVE, &self->e);
	ASSERT_LE(0, self->fd);
	fcntl(self->fd, F_SETFL, O_NONBLOCK);
	answered = 0;
	ASSERT_LT(0, send_requests(self->fd, 2));
	EXPECT_EQ(2, read_answers(&self->d, self->fd, 2));
}

TEST_HARNESS_MAIN
