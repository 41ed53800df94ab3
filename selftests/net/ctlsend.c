// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ctlsend SOCKET: standard input to a Unix socket, what comes back to standard output.
 * ctlsend SOCKET datagrams: another program with a socket of another kind, which runs until it is ended.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char buf[4096];
	ssize_t n;

	if (argc < 2 || strlen(argv[1]) >= sizeof(addr.sun_path))
		return 2;
	strcpy(addr.sun_path, argv[1]);
	if (argc > 2)
		return bind(socket(AF_UNIX, SOCK_DGRAM, 0), (struct sockaddr *)&addr, sizeof(addr)) || pause();
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return 1;
	while ((n = read(0, buf, sizeof(buf))) > 0) {
		if (write(fd, buf, n) != n)
			return 1;
	}
	shutdown(fd, SHUT_WR);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		fwrite(buf, 1, n, stdout);
	return 0;
}
