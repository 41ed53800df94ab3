// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dhcpc IF type=discover [KEY=VALUE]...: sends one DHCP message as a raw frame and prints the answer, or "silence".
 * dhcpc IF - [KEY=VALUE]...: the same for each line of input, which holds further keys; an empty line follows the answers.
 *
 * Keys: type xid mac src (the frame's source, mac by default) cid req sid ciaddr giaddr flags lease prl name ipsrc ipdst
 *       l2dst op wait (ms) len (cut the UDP payload) csum=bad|good (0 by default) htype hlen secs hops sport dport cookie
 *       chaddr=HEX (up to 16 bytes, instead of mac) opt=HEX (raw options) flood=N (random clients, no wait)
 *       yiaddr siaddr sname=HEX file=HEX end=0 (no option END) proto=N (in the IP header; what follows it is the same)
 *       raw=1 (prints the answer's bytes as well) dry=1 (prints the bytes of the message and sends nothing)
 *       tail=HEX (in the frame, behind the datagram) udplen=N (what the UDP header has as the length of its payload)
 *       tags=TPID.VID[/TPID.VID] (hex and decimal, outermost first) frag=N (two fragments, the first with N bytes)
 *       send=udp (an ordinary socket; gso=1: twice in one skb) send=ring (an skb with nothing linear but the MAC header)
 *       all=1 (every answer within the time, or count=N of them) more=MS (no longer than that after the first; 0: what is there by then)
 *       any=1 (answers by any interface and to any xid, and which interface, tags and xid that was; hear=1: requests)
 *       probe=1: a DISCOVER of another client follows; once that is answered and this is not, it is known to be silence,
 *       without waiting ("lost" if neither is: there is no server). For servers that take messages in their order.
 * Without wait it is a second, or TEST_SLOW of them on a machine that lib.sh has found to be slow.
 */
#include <arpa/inet.h>
#include <limits.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "dhcp.h"
#include "dhcpc.h"

/* Its own, so that a late answer to an earlier probe is not taken for this one's. */
static uint32_t n_probes;

static uint32_t probe_xid(void)
{
	return 0x70000000 + (getpid() << 12) + n_probes;
}

static size_t build_probe(uint8_t *frame)
{
	char xid[16];
	char *probe[] = { "type=discover", "mac=02:00:00:00:00:ee", "flags=0x8000", xid };

	snprintf(xid, sizeof(xid), "xid=%u", probe_xid());
	return build_frame_of(frame, probe, sizeof(probe) / sizeof(probe[0]));
}

static int answers_probe(const uint8_t *frame, size_t len)
{
	const struct dhcp_hdr *h = (const struct dhcp_hdr *)(frame + 42);

	return len >= 42 + DHCP_HDR_LEN && h->op == 2 && h->xid == htonl(probe_xid());
}

static long milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A socket that hears what comes in by any interface, and is told of tags that a device has taken off. */
static int listen_everywhere(void)
{
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)), on = 1;

	if (fd >= 0)
		setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on));
	return fd;
}

static int is_tag(uint16_t proto)
{
	return proto == ETH_P_8021Q || proto == ETH_P_8021AD;
}

/* Takes the tags off a frame, whether they came in it or beside it, and adds them to @text. */
static uint8_t *untag(struct msghdr *msg, uint8_t *frame, size_t *len, char *text)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	const char *start = text;

	if (c && c->cmsg_type == PACKET_AUXDATA) {
		const struct tpacket_auxdata *aux = (const void *)CMSG_DATA(c);

		if (aux->tp_status & TP_STATUS_VLAN_VALID)
			text += sprintf(text, "%x.%u", aux->tp_vlan_tpid, aux->tp_vlan_tci & 0xfff);
	}
	while (*len > 18 && is_tag(frame[12] << 8 | frame[13])) {
		text += sprintf(text, "%s%x.%u", text == start ? "" : "/", frame[12] << 8 | frame[13],
				(frame[14] & 15) << 8 | frame[15]);
		memmove(frame + 4, frame, 12);
		frame += 4;
		*len -= 4;
	}
	if (text == start)
		strcpy(text, "none");
	return frame;
}

/* Returns how many answers it printed; *probed is set if this was the probe's. */
static int receive(int fd, int *probed)
{
	uint8_t buf[FRAME_SIZE], *frame = buf;
	char control[CMSG_SPACE(sizeof(struct tpacket_auxdata))], where[128] = "", name[IF_NAMESIZE] = "?";
	struct sockaddr_ll from;
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { &from, sizeof(from), &iov, 1, control, sizeof(control), 0 };
	ssize_t len = recvmsg(fd, &msg, 0);
	size_t left = len;

	if (len <= 0 || from.sll_pkttype == PACKET_OUTGOING)
		return 0;
	*probed |= answers_probe(frame, left);
	if (!get("any", NULL))
		return print_reply(frame, left, NULL);
	if_indextoname(from.sll_ifindex, name);
	frame = untag(&msg, frame, &left, where + sprintf(where, "if=%s tags=", name));
	return print_reply(frame, left, where);
}

/* The factor of a busy machine, as lib.sh has it */
static int how_slow(void)
{
	const char *text = getenv("TEST_SLOW");
	int factor = text ? atoi(text) : 1;

	return factor > 0 ? factor : 1;
}

/* Prints every answer within the time, or until the probe's; returns how many, -1 if not even the probe was answered. */
static int listen_for_answers(int fd)
{
	long end = milliseconds() + number("wait", 1000 * how_slow());
	int with_probe = !!get("probe", NULL), probed = 0, n = 0;
	int enough = get("all", NULL) || with_probe ? number("count", INT_MAX) : 1;

	while (n < enough && !probed) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		long left = end - milliseconds();
		int was = n;

		if (poll(&p, 1, left > 0 ? left : 0) <= 0)
			break;
		n += receive(fd, &probed);
		if (!was && n && get("more", NULL))
			end = milliseconds() + number("more", 0);
	}
	return n || probed || !with_probe ? n : -1;
}

static void flood(int fd, struct sockaddr_ll *to, long count)
{
	uint8_t frame[FRAME_SIZE] = {};
	size_t len = build_frame(frame);
	struct dhcp_hdr *h = (struct dhcp_hdr *)(frame + 42);

	while (count--) {
		uint32_t client = random();

		memcpy(h->chaddr + 2, &client, 4);
		memcpy(frame + 8, &client, 4);
		if (sendto(fd, frame, len, 0, (struct sockaddr *)to, sizeof(*to)) < 0)
			return;
	}
}

static void exchange(int fd, int ear, const char *dev, const struct sockaddr_ll *to)
{
	uint8_t probe[FRAME_SIZE] = {};
	int n;

	if (send_message(fd, dev, to) < 0 || (get("probe", NULL) && send_frame(fd, probe, build_probe(probe), to) < 0)) {
		perror("dhcpc");
		exit(2);
	}
	n = listen_for_answers(ear);
	if (n <= 0)
		puts(n ? "lost" : "silence");
}

/* The keys of a line stand before those of the command. */
static void exchange_lines(int fd, int ear, const char *dev, const struct sockaddr_ll *to)
{
	int n_common = n_keys - 1;
	char **common = keys + 1;
	char *words[64], line[2048], *word;

	keys = words;
	while (fgets(line, sizeof(line), stdin)) {
		n_keys = 0;
		for (word = strtok(line, " \n"); word && n_keys < 64 - n_common; word = strtok(NULL, " \n"))
			words[n_keys++] = word;
		memcpy(words + n_keys, common, n_common * sizeof(*words));
		n_keys += n_common;
		n_probes++;
		exchange(fd, ear, dev, to);
		puts("");
		fflush(stdout);
	}
}

static int print_message(void)
{
	uint8_t body[FRAME_SIZE] = {};
	size_t len = build_message(body);

	print_hex("raw", body, number("len", len));
	puts("");
	return 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_halen = 6 };
	int fd, ear;

	if (argc < 2)
		return 2;
	n_keys = argc - 2;
	keys = argv + 2;
	if (get("dry", NULL))
		return print_message();
	fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP));
	to.sll_ifindex = if_nametoindex(argv[1]);
	if (fd < 0 || bind(fd, (struct sockaddr *)&to, sizeof(to))) {
		perror("dhcpc");
		return 2;
	}
	ear = get("any", NULL) ? listen_everywhere() : fd;
	if (get("flood", NULL)) {
		srandom(getpid());
		flood(fd, &to, number("flood", 0));
	} else if (n_keys && !strcmp(keys[0], "-")) {
		exchange_lines(fd, ear, argv[1], &to);
	} else {
		exchange(fd, ear, argv[1], &to);
	}
	return 0;
}
