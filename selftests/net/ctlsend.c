// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ctlsend SOCKET: standard input to a Unix socket, what comes back to standard output.
 * ctlsend SOCKET datagrams: another program with a socket of another kind, which runs until it is ended.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int copy(int from, int to)
{
	char buf[4096];
	ssize_t n = read(from, buf, sizeof(buf));

	return n > 0 && write(to, buf, n) == n;
}

/* What is asked next may depend on an answer. */
static int talk(int fd)
{
	struct pollfd p[] = { { .fd = 0, .events = POLLIN }, { .fd = fd, .events = POLLIN } };

	while (poll(p, 2, -1) > 0) {
		if (p[0].revents && !copy(0, fd)) {
			shutdown(fd, SHUT_WR);
			p[0].fd = -1;
		}
		if (p[1].revents && !copy(fd, 1))
			return 0;
	}
	return 1;
}

int main(int argc, char **argv)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (argc < 2 || strlen(argv[1]) >= sizeof(addr.sun_path))
		return 2;
	strcpy(addr.sun_path, argv[1]);
	if (argc > 2)
		return bind(socket(AF_UNIX, SOCK_DGRAM, 0), (struct sockaddr *)&addr, sizeof(addr)) || pause();
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return 1;
	return talk(fd);
}
