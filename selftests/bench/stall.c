// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stall IF HOST [KEY=VALUE...]: how long does an answer take while the machine is busy with something else? Every 2 ms, in
 * turn, a DISCOVER of these keys goes out by IF, and an echo request to HOST. This program goes before all others: what holds
 * it up holds up any other traffic. So a wait begins when its message is due, and ends when the answer has been read.
 * It prints "ready" when both have been answered, and counts from then on. SIGTERM ends it: it prints "N OFFER ECHO", how many
 * messages there were and the longest waits, in microseconds.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <net/if.h>
#include <netinet/ip_icmp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/measure.h"
#include "dhcp.h"
#include "net/dhcpc.h"

enum { HEADERS = 14 + 20 + 8, TURN_NS = 2000000, XID = 0x7374616c };

/* Something that is asked by @fd, and answered. */
struct probe {
	const char		*name;
	int			fd;
	uint8_t			request[FRAME_SIZE];
	size_t			len;
	struct sockaddr_storage	to;
	socklen_t		to_len;
	uint64_t		longest;	/* ns */
};

static void check(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "stall: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* Of the 16,384 answers that others get, none is to be read here. */
static void only_our_offer(int fd)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, HEADERS + 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, XID, 0, 3),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, HEADERS),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, FRAME_SIZE),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog filter = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	check(!setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)), "filter");
}

static void open_discover(struct probe *p, const char *dev)
{
	struct sockaddr_ll *to = (struct sockaddr_ll *)&p->to;

	*to = (struct sockaddr_ll){ .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_halen = 6,
				    .sll_ifindex = if_nametoindex(dev) };
	p->to_len = sizeof(*to);
	p->fd = socket(AF_PACKET, SOCK_RAW, 0);
	check(p->fd >= 0, "packet socket");
	only_our_offer(p->fd);
	check(!bind(p->fd, (struct sockaddr *)to, sizeof(*to)), dev);
	p->len = build_frame(p->request);
	((struct dhcp_hdr *)(p->request + HEADERS))->xid = htonl(XID);
}

/* The kernel gives each such socket an identifier of its own, and only the answers to that. */
static void open_echo(struct probe *p, const char *host)
{
	struct sockaddr_in *to = (struct sockaddr_in *)&p->to;

	to->sin_family = AF_INET;
	check(inet_aton(host, &to->sin_addr), host);
	p->to_len = sizeof(*to);
	p->fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
	check(p->fd >= 0, "echo socket");
	((struct icmphdr *)p->request)->type = ICMP_ECHO;
	p->len = sizeof(struct icmphdr) + 56;
}

/* Answers come in the order of their requests, so what arrives is this one's. */
static void ask(struct probe *p, uint64_t due)
{
	uint8_t reply[FRAME_SIZE];
	uint64_t waited;

	check(sendto(p->fd, p->request, p->len, 0, (struct sockaddr *)&p->to, p->to_len) >= 0, p->name);
	check(recv(p->fd, reply, sizeof(reply), 0) > 0, p->name);
	waited = now() - due;
	if (waited > p->longest)
		p->longest = waited;
}

/* SIGTERM is blocked, and breaks off nothing. */
static bool told_to_end(void)
{
	sigset_t pending;

	sigpending(&pending);
	return sigismember(&pending, SIGTERM);
}

static uint64_t next_turn(uint64_t due)
{
	struct timespec t;

	due += TURN_NS;
	if (due < now())
		due = now();
	t = (struct timespec){ .tv_sec = due / 1000000000, .tv_nsec = due % 1000000000 };
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
	return due;
}

int main(int argc, char **argv)
{
	struct probe probes[2] = { { .name = "OFFER" }, { .name = "echo" } };
	struct timeval patience = { .tv_sec = 5 };
	unsigned int i, n = 0;
	uint64_t due;
	sigset_t term;

	if (argc < 3)
		return 2;
	keys = argv + 3;
	n_keys = argc - 3;
	open_discover(&probes[0], argv[1]);
	open_echo(&probes[1], argv[2]);
	for (i = 0; i < 2; i++)
		check(!setsockopt(probes[i].fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), "timeout");
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	check(!sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){ .sched_priority = 50 }), "SCHED_FIFO");
	for (i = 0; i < 2; i++) {
		ask(&probes[i], now());
		probes[i].longest = 0;
	}
	puts("ready");
	fflush(stdout);
	for (due = now(); !told_to_end(); due = next_turn(due))
		ask(&probes[n++ % 2], due);
	printf("%u %llu %llu\n", n, (unsigned long long)probes[0].longest / 1000, (unsigned long long)probes[1].longest / 1000);
	return 0;
}
