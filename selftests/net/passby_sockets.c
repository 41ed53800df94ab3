// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The half of passby that leaves packets to the kernel.
 *
 * passby stream|datagrams listen PORT, passby stream|datagrams IP PORT SEED N: N bytes of TCP, or N
 *	datagrams. Of the large ones some go in fragments, and some are cut up by the kernel last of
 *	all (UDP_SEGMENT). Both ends print what passed by
 * passby echoes IP SEED N: N pings, each answered once, with what was sent
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "passby.h"

static uint64_t state = 1;

void seed(const char *text)
{
	state = strtoul(text, NULL, 0) * 0x9e3779b97f4a7c15 + 1;
}

uint32_t any(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 16) % below;
}

void fill(uint8_t *p, size_t len)
{
	while (len--)
		*p++ = any(256);
}

uint64_t hash(uint64_t h, const void *data, size_t len)
{
	const uint8_t *p = data;

	while (len--)
		h = (h ^ *p++) * 0x100000001b3;
	return h;
}

void die(const char *what)
{
	perror(what);
	exit(2);
}

/* ---- sockets ---- */

static uint64_t passed = HASH_OF_NOTHING;
static unsigned long n_passed;

static void pass(const void *data, size_t len)
{
	passed = hash(passed, data, len);
	n_passed += len;
}

static int report(void)
{
	printf("%lu bytes %016llx\n", n_passed, (unsigned long long)passed);
	return 0;
}

static struct sockaddr_in address(const char *ip, const char *port)
{
	return (struct sockaddr_in){
		.sin_family		= AF_INET,
		.sin_addr.s_addr	= inet_addr(ip),
		.sin_port		= htons(atoi(port)),
	};
}

static int listen_at(int type, const char *port)
{
	struct sockaddr_in at = address("0.0.0.0", port);
	struct timeval patience = { .tv_sec = PATIENCE_MS / 1000 };
	int fd = socket(AF_INET, type, 0), on = 1, size = 64 << 20;
	static uint8_t buf[SIZE];
	ssize_t len;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) || (type == SOCK_STREAM && listen(fd, 1)))
		die("listen");
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("ready");
	if (type == SOCK_STREAM)
		fd = accept(fd, NULL, NULL);
	/* The end of a stream, or a datagram without a byte */
	while ((len = recv(fd, buf, sizeof(buf), 0)) > 0) {
		pass(buf, len);
		if (type == SOCK_DGRAM)
			pass(&len, sizeof(len));
	}
	return report();
}

static void send_stream(int fd, size_t n)
{
	static uint8_t buf[SIZE];
	size_t len;

	for (; n; n -= len) {
		len = any(SIZE) + 1;
		len = len < n ? len : n;
		fill(buf, len);
		if (send(fd, buf, len, MSG_NOSIGNAL) != (ssize_t)len)
			die("send");
		pass(buf, len);
	}
}

static void send_datagrams(int fd, unsigned int n)
{
	static uint8_t buf[SIZE];
	unsigned int i, at, piece;
	size_t len, l;

	for (i = 0; i < n; i++) {
		len = any(8) ? any(1400) + 1 : any(40000) + 1;
		fill(buf, len);
		piece = any(4) ? 0 : 1000;
		setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &piece, sizeof(piece));
		if (send(fd, buf, len, 0) != (ssize_t)len)
			die("send");
		for (at = 0; at < len; at += l) {
			l = piece && len - at > piece ? piece : len - at;
			pass(buf + at, l);
			pass(&l, sizeof(l));
		}
		if (i % 16 == 15)
			usleep(1000);
	}
	piece = 0;
	setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &piece, sizeof(piece));
	send(fd, buf, 0, 0);
}

void stay_here(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		die("sched_setaffinity");
}

/* ---- pings ---- */

static size_t echo_request(uint8_t *p, uint16_t seq)
{
	size_t len = 8 + any(1400);
	uint16_t sum;

	fill(p, len);
	memcpy(p, (uint8_t[]){ 8, 0, 0, 0, 0x50, 0x34, seq >> 8, seq }, 8);
	sum = checksum(p, len, 0);
	memcpy(p + 2, &sum, sizeof(sum));
	return len;
}

/* How many answers come to this one that say the same; it is not waited for more than one. */
static unsigned int answers(int fd, const uint8_t *asked, size_t len)
{
	static uint8_t buf[SIZE];
	const uint8_t *p = buf + sizeof(struct iphdr);
	struct pollfd in = { .fd = fd, .events = POLLIN };
	unsigned int n = 0;
	ssize_t got;

	while (poll(&in, 1, n ? 0 : PATIENCE_MS / 10) > 0) {
		got = recv(fd, buf, sizeof(buf), 0) - sizeof(struct iphdr);
		if (got >= 8 && p[0] == 0 && !memcmp(p + 4, asked + 4, 2))
			n += got == (ssize_t)len && !memcmp(p + 4, asked + 4, len - 4) ? 1 : 1000;
	}
	return n;
}

static int echoes(const char *ip, unsigned int n)
{
	struct sockaddr_in to = address(ip, "0");
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	static uint8_t buf[SIZE];
	unsigned int i, answered;
	size_t len;

	for (i = 0; i < n; i++) {
		len = echo_request(buf, i);
		if (sendto(fd, buf, len, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
			die("sendto");
		answered = answers(fd, buf, len);
		if (answered != 1) {
			printf("ping %u, %zu bytes: %u answers, or 1000 for a wrong one\n",
			       i, len, answered);
			return 1;
		}
	}
	return 0;
}

int sockets(int argc, char **argv)
{
	int type = !strcmp(argv[0], "stream") ? SOCK_STREAM : SOCK_DGRAM;
	struct sockaddr_in to;
	int fd;

	if (argc == 4 && !strcmp(argv[0], "echoes")) {
		seed(argv[2]);
		return echoes(argv[1], atoi(argv[3]));
	}
	if (strcmp(argv[0], "stream") && strcmp(argv[0], "datagrams"))
		return 2;
	if (argc == 3 && !strcmp(argv[1], "listen"))
		return listen_at(type, argv[2]);
	if (argc != 5)
		return 2;
	to = address(argv[1], argv[2]);
	seed(argv[3]);
	stay_here();
	fd = socket(AF_INET, type, 0);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
		die("connect");
	if (type == SOCK_STREAM)
		send_stream(fd, strtoul(argv[4], NULL, 0));
	else
		send_datagrams(fd, strtoul(argv[4], NULL, 0));
	return report();
}
