// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * discover IF [fill=N from=M first=IP server=IP] [n=N]: what a DISCOVER of a new client costs, from sending it to having read
 * the OFFER. Before that, clients M to N-1 are bound to the addresses IP + M, IP + M + 1... Prints "median lowest highest"
 * in nanoseconds, which are instructions under scripts/vm --icount.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/measure.h"
#include "dhcp.h"
#include "net/dhcpc.h"

enum { HEADERS = 14 + 20 + 8 };

static struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_halen = 6 };

static struct dhcp_hdr *message(uint8_t *frame)
{
	return (struct dhcp_hdr *)(frame + HEADERS);
}

/* The client is in its chaddr and in the transaction. */
static void set_client(uint8_t *frame, uint32_t client)
{
	uint32_t be = htonl(client);

	memcpy(message(frame)->chaddr + 2, &be, 4);
	memcpy(frame + 6 + 2, &be, 4);
	message(frame)->xid = be;
}

/* Waits for the reply to @frame; returns its time. */
static uint64_t ask(int fd, uint8_t *frame, size_t len)
{
	uint8_t reply[FRAME_SIZE];
	uint64_t start = now();

	if (sendto(fd, frame, len, 0, (struct sockaddr *)&to, sizeof(to)) < 0) {
		perror("discover");
		exit(2);
	}
	for (;;) {
		ssize_t n = recv(fd, reply, sizeof(reply), 0);

		if (n < HEADERS + DHCP_HDR_LEN) {
			fprintf(stderr, "discover: no answer to client %u\n", ntohl(message(frame)->xid));
			exit(1);
		}
		if (message(reply)->op == 2 && message(reply)->xid == message(frame)->xid)
			return now() - start;
	}
}

/* REQUESTs in state SELECTING for addresses that nobody has: bound at once. */
static void fill(int fd, uint32_t from, uint32_t until)
{
	char sid[32], *request[] = { "type=request", "req=0.0.0.0", sid };
	uint32_t first = ntohl(inet_addr(get("first", "0.0.0.0")));
	uint8_t frame[FRAME_SIZE] = {};
	uint8_t *wanted;
	size_t len;

	snprintf(sid, sizeof(sid), "sid=%s", get("server", "0.0.0.0"));
	len = build_frame_of(frame, request, 3);
	wanted = message(frame)->options + 3 + 2;	/* behind option 53 */
	for (; from < until; from++) {
		uint32_t ip = htonl(first + from);

		memcpy(wanted, &ip, 4);
		set_client(frame, from);
		ask(fd, frame, len);
	}
}

static void measure(int fd, unsigned int n, uint32_t client)
{
	uint64_t took[1000];
	uint8_t frame[FRAME_SIZE] = {};
	size_t len = build_frame(frame);
	unsigned int i;

	for (i = 0; i < n; i++) {
		set_client(frame, client + i);
		took[i] = ask(fd, frame, len);
	}
	print_series(took, n);
}

int main(int argc, char **argv)
{
	struct timeval patience = { .tv_sec = 5 };
	uint32_t n;
	int fd;

	if (argc < 2)
		return 2;
	keys = argv + 2;
	n_keys = argc - 2;
	n = number("n", 50);
	to.sll_ifindex = if_nametoindex(argv[1]);
	fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP));
	if (!n || n > 1000 || fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
	    bind(fd, (struct sockaddr *)&(struct sockaddr_ll){ .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP),
							      .sll_ifindex = to.sll_ifindex }, sizeof(to))) {
		perror("discover");
		return 2;
	}
	fill(fd, number("from", 0), number("fill", 0));
	measure(fd, n, 0xff000000 + getpid() * 1000);
	return 0;
}
