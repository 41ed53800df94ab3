// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Traffic that is no business of a DHCP server's, sent at one end and looked at where it arrives.
 *
 * passby send DEV MAC IP SEED N [to67] [many] [replies] [whole]: N packets out of a seed, to IP by
 *	way of the neighbour MAC: UDP of all kinds, in fragments, with IP options, with a wrong
 *	checksum, cut short; TCP, ICMP, GRE, and protocols without a name. Prints what has to
 *	arrive. to67: to port 67, too, DHCP and what only looks like it; many: to everybody and to
 *	groups, too; replies: BOOTREPLYs have a giaddr that is not the server's; whole: fragments
 *	arrive put together
 * passby hear local|routed|bridged DEV: prints "ready", and then each packet of a passby send as
 *	it is delivered on DEV to raw sockets, or arrives there on the wire, until its last one
 * passby stream|datagrams|echoes ...: see passby_sockets.c
 *
 * A packet is a line: id, fragment offset, length, and a hash of all its bytes from the IP header
 * on. A router's decrement of the TTL is taken back first, if it and its checksum are right.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "passby.h"

enum {
	TOS		= 0x54,		/* the packets of passby send, and no others */
	LAST		= 0xffff,	/* id of the last one */
	FRAGMENT	= 1024,
	QUIET_MS	= 100,
};

static void print_packet(const struct iphdr *ip)
{
	uint16_t len = ntohs(ip->tot_len);

	printf("%05u %05u %05u %016llx\n", ntohs(ip->id), ntohs(ip->frag_off) & IP_OFFMASK, len,
	       (unsigned long long)hash(HASH_OF_NOTHING, ip, len));
}

static void sum_header(struct iphdr *ip)
{
	ip->check = 0;
	ip->check = checksum(ip, ip->ihl * 4, 0);
}

/* ---- what is sent ---- */

static bool to67, many, replies, whole;

static uint16_t port(void)
{
	/* The last one is 67 the wrong way round. */
	static const uint16_t near[] = { 66, 68, 69, 53, 546, 547, 670, 1067, 4011, 17152 };

	return to67 && any(2) ? 67 : near[any(sizeof(near) / sizeof(*near))];
}

/* A message of a client or a server that have nothing to do with us, or its beginning */
static size_t message(uint8_t *p)
{
	static const uint8_t cookie[] = { 99, 130, 83, 99, 53, 1 };
	size_t len = 240 + any(300);
	bool reply = any(2);

	fill(p, len);
	p[0] = reply ? 2 : 1;
	p[1] = 1;
	p[2] = 6;
	memset(p + 12, 0, 16);
	if (any(2))
		memcpy(p + 12, (uint8_t[]){ 198, 18, 3, any(256) }, 4);
	if (any(2) && !reply)
		memcpy(p + 24, (uint8_t[]){ 198, 18, 4, any(256) }, 4);
	if (reply)
		memcpy(p + 24, (uint8_t[]){ 198, 51, 100, 1 }, 4);
	if (reply && replies)
		memcpy(p + 24, (uint8_t[]){ 198, 18, 5, any(256) }, any(5));
	memcpy(p + 236, cookie, sizeof(cookie));
	return any(8) ? len : any(240);
}

static size_t udp(struct iphdr *ip, uint8_t *p, size_t len)
{
	struct udphdr *uh = (struct udphdr *)p;
	unsigned int how = any(16);

	uh->source = htons(any(2) ? 67 : any(2) ? 68 : any(65536));
	uh->dest = htons(port());
	if (any(2))
		len = message((uint8_t *)(uh + 1));
	else
		fill((uint8_t *)(uh + 1), len);
	len += sizeof(*uh);
	uh->len = htons(how == 1 ? any(65536) : len);
	uh->check = 0;
	if (how > 3)
		uh->check = checksum(uh, len, pseudo_sum(ip, uh)) ?: 0xffff;
	else if (how > 2)
		fill((uint8_t *)&uh->check, 2);
	return how == 2 ? any(8) : len;
}

static size_t icmp(uint8_t *p, size_t len)
{
	static const uint8_t type[] = { 0, 8, 8, 8, 11, 13, 14, 3 };
	uint16_t sum;

	len += 8;
	fill(p, len);
	p[0] = type[any(sizeof(type))];
	p[1] = 0;
	p[2] = p[3] = 0;
	sum = checksum(p, len, 0);
	memcpy(p + 2, &sum, sizeof(sum));
	return len;
}

/* A segment of no connection, and what only has the ports where UDP has them */
static size_t other(struct iphdr *ip, uint8_t *p, size_t len)
{
	static const uint8_t protocol[] = {
		IPPROTO_TCP, IPPROTO_TCP, IPPROTO_GRE, IPPROTO_UDPLITE, 89, 132, 253
	};

	ip->protocol = protocol[any(sizeof(protocol))];
	len += sizeof(struct tcphdr);
	fill(p, len);
	p[0] = 0;
	p[1] = 67;
	p[2] = 0;
	p[3] = 67;
	return len;
}

/* Nothing that a router would write into: no operation, and an experiment of RFC 4727 */
static void options(struct iphdr *ip)
{
	uint8_t *p = (uint8_t *)(ip + 1);
	unsigned int words = any(10);

	ip->ihl += words;
	memset(p, 1, words * 4);
	if (words > 2 && any(2)) {
		p[1] = 0x5e;
		p[2] = words * 4 - 3;
		fill(p + 3, words * 4 - 5);
	}
}

static size_t build(uint8_t *buf, uint16_t id, uint32_t to)
{
	static const uint32_t crowd[] = { 0xffffffff, 0xe0000001, 0xef010203 };
	struct iphdr *ip = (struct iphdr *)buf;
	size_t len = any(4) ? any(400) : 400 + any(1000);
	unsigned int kind = any(8);
	uint8_t *p;

	*ip = (struct iphdr){
		.version	= 4,
		.ihl		= 5,
		.tos		= TOS,
		.id		= htons(id),
		.ttl		= 2 + any(250),
		.protocol	= IPPROTO_UDP,
		.saddr		= htonl(0xc6120001 + any(200)),
		.daddr		= to,
	};
	if (many && !any(3))
		ip->daddr = htonl(crowd[any(3)]);
	if (ip->daddr == 0xffffffff && any(2))
		ip->saddr = 0;
	if (!any(8))
		options(ip);
	p = buf + ip->ihl * 4;
	if (kind == 0) {
		ip->protocol = IPPROTO_ICMP;
		len = icmp(p, len);
	} else if (kind == 1) {
		len = other(ip, p, len);
	} else if (kind == 2 && ip->ihl == 5) {
		len = udp(ip, p, len + 1500);
	} else {
		len = udp(ip, p, len - len / 30);
	}
	ip->tot_len = htons(ip->ihl * 4 + len);
	sum_header(ip);
	return ip->ihl * 4 + len;
}

static struct sockaddr_ll wire = {
	.sll_family	= AF_PACKET,
	.sll_halen	= 6,
};
static uint8_t neighbour[6];

static void transmit(int fd, const uint8_t *packet, size_t len)
{
	const struct iphdr *ip = (const struct iphdr *)packet;
	const uint8_t *to = (const uint8_t *)&ip->daddr;
	uint8_t frame[SIZE];

	if (ip->daddr == 0xffffffff)
		memset(wire.sll_addr, 0xff, 6);
	else if (to[0] >= 224)
		memcpy(wire.sll_addr, (uint8_t[]){ 1, 0, 0x5e, to[1] & 127, to[2], to[3] }, 6);
	else
		memcpy(wire.sll_addr, neighbour, 6);
	memcpy(frame, packet, len);
	fill(frame + len, 40);
	if (len < 1400)
		len += any(2) * any(40);	/* behind the packet */
	if (sendto(fd, frame, len, 0, (struct sockaddr *)&wire, sizeof(wire)) < 0)
		die("sendto");
}

static void transmit_in_pieces(int fd, const uint8_t *packet, size_t len)
{
	size_t at, n, hdr = sizeof(struct iphdr);
	uint8_t buf[SIZE];
	struct iphdr *ip = (struct iphdr *)buf;

	for (at = 0; at < len - hdr; at += n) {
		n = len - hdr - at > FRAGMENT ? FRAGMENT : len - hdr - at;
		memcpy(buf, packet, hdr);
		memcpy(buf + hdr, packet + hdr + at, n);
		ip->tot_len = htons(hdr + n);
		ip->frag_off = htons(at / 8 | (at + n < len - hdr ? IP_MF : 0));
		sum_header(ip);
		if (!whole)
			print_packet(ip);
		transmit(fd, buf, hdr + n);
	}
	if (whole)
		print_packet((const struct iphdr *)packet);
}

static int send_all(int argc, char **argv)
{
	static uint8_t buf[SIZE];
	unsigned int i, n;
	int fd;

	if (argc < 5)
		return 2;
	fd = socket(AF_PACKET, SOCK_DGRAM, 0);
	wire.sll_protocol = htons(ETH_P_IP);
	wire.sll_ifindex = if_nametoindex(argv[0]);
	hex(argv[1], neighbour, 6);
	seed(argv[3]);
	n = strtoul(argv[4], NULL, 0);
	for (i = 5; i < (unsigned int)argc; i++) {
		to67 |= !strcmp(argv[i], "to67");
		many |= !strcmp(argv[i], "many");
		replies |= !strcmp(argv[i], "replies");
		whole |= !strcmp(argv[i], "whole");
	}
	if (fd < 0 || !wire.sll_ifindex)
		die(argv[0]);
	stay_here();
	for (i = 0; i <= n; i++) {
		size_t len = build(buf, i < n ? i : LAST, inet_addr(argv[2]));

		if (len > 1500) {
			transmit_in_pieces(fd, buf, len);
			continue;
		}
		print_packet((struct iphdr *)buf);
		transmit(fd, buf, len);
		if (i % 32 == 31)
			usleep(1000);
	}
	return 0;
}

/* ---- what arrives ---- */

/* Back to what the router has got */
static void before_the_router(struct iphdr *ip)
{
	uint16_t was = ip->check;

	sum_header(ip);
	if (ip->check != was)
		return;
	ip->ttl++;
	sum_header(ip);
}

static int open_wire(const char *dev)
{
	struct sockaddr_ll at = {
		.sll_family	= AF_PACKET,
		.sll_protocol	= htons(ETH_P_IP),
		.sll_ifindex	= if_nametoindex(dev),
	};
	int fd = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP));

	if (fd < 0 || !at.sll_ifindex || bind(fd, (struct sockaddr *)&at, sizeof(at)))
		die(dev);
	return fd;
}

static int open_raw(const char *dev, int protocol)
{
	struct ip_mreqn group = {
		.imr_multiaddr.s_addr	= htonl(0xef010203),
		.imr_ifindex		= if_nametoindex(dev),
	};
	int fd = socket(AF_INET, SOCK_RAW, protocol);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, dev, strlen(dev)) ||
	    setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof(group)))
		die(dev);
	return fd;
}

/* Returns true at the last one. */
static bool take(int fd, bool routed)
{
	static uint8_t buf[SIZE];
	struct iphdr *ip = (struct iphdr *)buf;
	struct sockaddr_ll from = {};
	socklen_t size = sizeof(from);
	ssize_t len = recvfrom(fd, buf, sizeof(buf), MSG_DONTWAIT, (struct sockaddr *)&from, &size);

	if (from.sll_family == AF_PACKET && from.sll_pkttype == PACKET_OUTGOING)
		return false;
	if (len < (ssize_t)sizeof(*ip) || ip->tos != TOS)
		return false;
	if (len < ntohs(ip->tot_len))
		printf("cut off after %zd bytes: ", len);
	if (routed)
		before_the_router(ip);
	print_packet(ip);
	return ip->id == LAST;
}

static int hear(int argc, char **argv)
{
	static const uint8_t protocol[] = {
		IPPROTO_UDP, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_GRE, IPPROTO_UDPLITE, 89, 132, 253
	};
	struct pollfd fds[sizeof(protocol)];
	int size = 64 << 20, timeout = PATIENCE_MS;
	unsigned int i, n = 0;

	if (argc != 2)
		return 2;
	if (strcmp(argv[0], "local"))
		fds[n++].fd = open_wire(argv[1]);
	else
		while (n < sizeof(protocol)) {
			fds[n].fd = open_raw(argv[1], protocol[n]);
			n++;
		}
	for (i = 0; i < n; i++) {
		fds[i].events = POLLIN;
		setsockopt(fds[i].fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("ready");
	while (poll(fds, n, timeout) > 0) {
		for (i = 0; i < n; i++) {
			if (fds[i].revents && take(fds[i].fd, !strcmp(argv[0], "routed")))
				timeout = QUIET_MS;	/* is there one too many? */
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "send"))
		return send_all(argc - 2, argv + 2);
	if (argc > 2 && !strcmp(argv[1], "hear"))
		return hear(argc - 2, argv + 2);
	if (argc > 2)
		return sockets(argc - 1, argv + 1);
	fputs("usage: passby send|hear|stream|datagrams|echoes ..., see passby.c\n", stderr);
	return 2;
}
