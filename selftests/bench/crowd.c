// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crowd IF n=N first=IP server=IP [window=W] [renew=R] [xid=X]: N clients with an identifier (RFC 4361) and a name, and as
 * many addresses from IP on, in an order like that of chance. All are bound, with W requests under way at once; or R of them,
 * at random, renew. A request that is lost is repeated. Prints how long that took; fails if an answer is not the ACK it must
 * be.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "dhcp.h"
#include "net/dhcpc.h"

enum { HEADERS = 14 + 20 + 8, STEP = 611953 /* a prime, so that each client has an address of its own */ };

static struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_halen = 6 };
static uint32_t n, first, left;
static uint8_t *done;	/* a byte a client: nothing to ask any more */

static struct dhcp_hdr *message(uint8_t *frame)
{
	return (struct dhcp_hdr *)(frame + HEADERS);
}

/* The value of an option that is in the frame before any end. */
static uint8_t *option(uint8_t *frame, uint8_t code)
{
	uint8_t *p = message(frame)->options;

	while (*p != code)
		p += 2 + p[1];
	return p + 2;
}

static uint32_t address_of(uint32_t client)
{
	return htonl(first + (uint64_t)client * STEP % n);
}

/* As every client of its kind: who it is, and the address where this kind of request has it. */
static void become(uint8_t *frame, uint32_t client, bool renewing)
{
	struct iphdr *ip = (struct iphdr *)(frame + 14);
	uint32_t be = htonl(client), addr = address_of(client);
	char name[16];

	memcpy(frame + 6 + 2, &be, 4);
	memcpy(message(frame)->chaddr + 2, &be, 4);
	memcpy(option(frame, 61) + 15, &be, 4);
	memcpy(option(frame, 12), name, snprintf(name, sizeof(name), "host-%07u", client));
	if (!renewing) {
		memcpy(option(frame, 50), &addr, 4);
		return;
	}
	message(frame)->ciaddr = addr;
	ip->saddr = addr;
	ip->check = 0;
	ip->check = checksum(ip, sizeof(*ip), 0);
}

static size_t template(uint8_t *frame, bool renewing)
{
	static char sid[32], dst[32], xid[32];
	char *words[] = {
		"type=request", "mac=02:00:00:00:00:00", "cid=ff:00:00:00:01:00:01:00:01:2f:00:00:00:02:00:00:00:00:00",
		"name=host-0000000", xid, renewing ? dst : sid, renewing ? "ciaddr=0.0.0.0" : "req=0.0.0.0",
	};

	snprintf(sid, sizeof(sid), "sid=%s", get("server", "0.0.0.0"));
	snprintf(dst, sizeof(dst), "ipdst=%s", get("server", "0.0.0.0"));
	snprintf(xid, sizeof(xid), "xid=%s", get("xid", "1"));
	return build_frame_of(frame, words, sizeof(words) / sizeof(words[0]));
}

/* Whatever else is said on the link is nothing to do with the crowd. Returns false if nothing is said for a while. */
static bool take_answer(int fd, uint32_t *under_way)
{
	uint8_t frame[FRAME_SIZE];
	const struct dhcp_hdr *h = message(frame);
	ssize_t len = recv(fd, frame, sizeof(frame), 0);
	uint32_t client;

	if (len < HEADERS + DHCP_HDR_LEN + 3)
		return len >= 0;
	memcpy(&client, h->chaddr + 2, 4);
	client = ntohl(client);
	if (h->op != 2 || client >= n || done[client])
		return true;
	if (*option(frame, 53) != 5 || h->yiaddr != address_of(client)) {
		fprintf(stderr, "crowd: client %u is told %u with address %08x\n", client, *option(frame, 53), ntohl(h->yiaddr));
		exit(1);
	}
	done[client] = 1;
	left--;
	*under_way -= *under_way > 0;
	return true;
}

static void ask_all(int fd, bool renewing, uint32_t window)
{
	uint32_t client = 0, under_way = 0, again = 0, before = left, total = left;
	uint8_t frame[FRAME_SIZE] = {};
	size_t len = template(frame, renewing);
	struct timespec start, end;

	clock_gettime(CLOCK_MONOTONIC, &start);
	while (left) {
		for (; client < n && under_way < window; client++) {
			if (done[client])
				continue;
			become(frame, client, renewing);
			if (sendto(fd, frame, len, 0, (struct sockaddr *)&to, sizeof(to)) >= 0)
				under_way++;
		}
		if (take_answer(fd, &under_way))
			continue;
		if (left == before) {
			fprintf(stderr, "crowd: %u are not answered\n", left);
			exit(1);
		}
		before = left;
		again += under_way;
		client = under_way = 0;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_nsec += (end.tv_sec - start.tv_sec) * 1000000000 - start.tv_nsec;
	printf("%u clients in %.2f s, %.0f a second; %u requests repeated\n", total, end.tv_nsec / 1e9,
	       total * 1e9 / end.tv_nsec, again);
}

static void choose(uint32_t renewing)
{
	uint32_t client;

	left = renewing ? renewing : n;
	memset(done, !!renewing, n);
	srandom(time(NULL));
	while (renewing) {
		client = random() % n;
		renewing -= done[client];
		done[client] = 0;
	}
}

static int open_socket(const char *dev)
{
	struct timeval patience = { .tv_sec = 5 };
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP)), room = 64 << 20;

	to.sll_ifindex = if_nametoindex(dev);
	to.sll_protocol = htons(ETH_P_IP);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) || bind(fd, (struct sockaddr *)&to, sizeof(to))) {
		perror("crowd");
		exit(2);
	}
	return fd;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	keys = argv + 2;
	n_keys = argc - 2;
	n = number("n", 0);
	first = ntohl(inet_addr(get("first", "0.0.0.0")));
	done = calloc(n ? n : 1, 1);
	if (!n || number("renew", 0) > n || !done) {
		fprintf(stderr, "crowd: how many clients?\n");
		return 2;
	}
	choose(number("renew", 0));
	ask_all(open_socket(argv[1]), number("renew", 0), number("window", 1));
	return 0;
}
