// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * carry NS/IF NS/IF [n=N] [KEY=VALUE]...: sends a DHCP message (the keys are dhcpc's) by the first interface and waits for it
 * at the second, N times; whatever is between carries it. Prints "median lowest highest" in nanoseconds, which are
 * instructions under scripts/vm --icount.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/measure.h"
#include "dhcp.h"
#include "net/dhcpc.h"

enum { HEADERS = 14 + 20 + 8 };

static void die(const char *what)
{
	perror(what);
	exit(2);
}

/* A raw socket on the interface that "NS/IF" names; @to is set to it. */
static int open_at(char *place, struct sockaddr_ll *to)
{
	struct timeval patience = { .tv_sec = 5 };
	char *dev = strchr(place, '/'), path[128];
	int ns, fd;

	if (!dev) {
		fprintf(stderr, "carry: NS/IF, not %s\n", place);
		exit(2);
	}
	*dev++ = '\0';
	snprintf(path, sizeof(path), "/run/netns/%s", place);
	ns = open(path, O_RDONLY | O_CLOEXEC);
	if (ns < 0 || setns(ns, CLONE_NEWNET))
		die(path);
	close(ns);
	fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP));
	*to = (struct sockaddr_ll){ .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_halen = 6,
				    .sll_ifindex = if_nametoindex(dev) };
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
	    bind(fd, (struct sockaddr *)to, sizeof(*to)))
		die(dev);
	return fd;
}

static struct dhcp_hdr *message(uint8_t *frame)
{
	return (struct dhcp_hdr *)(frame + HEADERS);
}

static uint64_t carried(int out, const struct sockaddr_ll *to, int in, uint8_t *frame, size_t len)
{
	uint8_t got[FRAME_SIZE];
	uint64_t start = now();

	if (sendto(out, frame, len, 0, (const struct sockaddr *)to, sizeof(*to)) < 0)
		die("send");
	for (;;) {
		ssize_t n = recv(in, got, sizeof(got), 0);

		if (n < HEADERS + DHCP_HDR_LEN) {
			fprintf(stderr, "carry: it does not arrive\n");
			exit(1);
		}
		if (message(got)->xid == message(frame)->xid)
			return now() - start;
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_ll from, to;
	uint8_t frame[FRAME_SIZE] = {};
	uint64_t took[1000];
	uint32_t n, i;
	size_t len;
	int in, out;

	if (argc < 3)
		return 2;
	keys = argv + 3;
	n_keys = argc - 3;
	n = number("n", 100);
	if (!n || n > 1000)
		return 2;
	out = open_at(argv[1], &from);
	in = open_at(argv[2], &to);
	len = build_frame(frame);
	for (i = 0; i < n; i++)
		took[i] = carried(out, &from, in, frame, len);
	print_series(took, n);
	return 0;
}
