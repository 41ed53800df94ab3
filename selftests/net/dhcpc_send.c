// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dhcpc.h"

/* Returns the new length. */
static size_t put_tags(uint8_t *frame, size_t len)
{
	const char *text = get("tags", "");
	unsigned int tpid, vid;
	int at = 12, used;

	while (sscanf(text, "%x.%u%n", &tpid, &vid, &used) == 2) {
		memmove(frame + at + 4, frame + at, len - at);
		frame[at++] = tpid >> 8;
		frame[at++] = tpid;
		frame[at++] = vid >> 8;
		frame[at++] = vid;
		len += 4;
		text += used + (text[used] == '/');
	}
	return len;
}

ssize_t send_frame(int fd, uint8_t *frame, size_t len, const struct sockaddr_ll *to)
{
	return sendto(fd, frame, put_tags(frame, len), 0, (const struct sockaddr *)to, sizeof(*to));
}

/* The frame's datagram in two, the first with @first bytes (a multiple of 8) of what follows the IP header. */
static ssize_t send_fragments(int fd, uint8_t *frame, size_t len, const struct sockaddr_ll *to, size_t first)
{
	uint8_t part[FRAME_SIZE];
	struct iphdr *ip = (struct iphdr *)(part + 14);
	size_t from, n, head = 14 + sizeof(*ip);

	for (from = 0; from < len - head; from += n) {
		n = from ? len - head - from : first;
		memcpy(part, frame, head);
		memcpy(part + head, frame + head + from, n);
		ip->id = htons(number("xid", 1));
		ip->frag_off = htons(from / 8 | (from ? 0 : IP_MF));
		ip->tot_len = htons(sizeof(*ip) + n);
		ip->check = 0;
		ip->check = checksum(ip, sizeof(*ip), 0);
		if (send_frame(fd, part, head + n, to) < 0)
			return -1;
	}
	return len;
}

/* The checksum is left to the device, as any program's is. */
static ssize_t send_udp(const char *dev)
{
	struct sockaddr_in me = { .sin_family = AF_INET, .sin_port = htons(68),
				  .sin_addr.s_addr = inet_addr(get("ipsrc", "0.0.0.0")) };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(67),
				  .sin_addr.s_addr = inet_addr(get("ipdst", "255.255.255.255")) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), on = 1;
	uint8_t body[4096] = {};
	size_t len = build_message(body);
	ssize_t sent = -1;
	int size = len;

	if (get("gso", NULL)) {
		memcpy(body + len, body, len);
		len *= 2;
		if (setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)))
			return -1;
	}
	setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (!setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, dev, strlen(dev)) &&
	    !bind(fd, (struct sockaddr *)&me, sizeof(me)))
		sent = sendto(fd, body, len, 0, (struct sockaddr *)&to, sizeof(to));
	close(fd);
	return sent;
}

/* What a program puts into such a ring goes into the skb as pages, all but the MAC header. */
static ssize_t send_ring(const uint8_t *frame, size_t len, const struct sockaddr_ll *to)
{
	struct tpacket_req req = { .tp_block_size = 4096, .tp_block_nr = 1, .tp_frame_size = 4096, .tp_frame_nr = 1 };
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP)), version = TPACKET_V2;
	struct tpacket2_hdr *h = MAP_FAILED;
	ssize_t sent = -1;

	if (!setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) &&
	    !setsockopt(fd, SOL_PACKET, PACKET_TX_RING, &req, sizeof(req)))
		h = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (h != MAP_FAILED) {
		memcpy((uint8_t *)h + TPACKET2_HDRLEN - sizeof(struct sockaddr_ll), frame, len);
		h->tp_len = len;
		h->tp_status = TP_STATUS_SEND_REQUEST;
		sent = sendto(fd, NULL, 0, 0, (const struct sockaddr *)to, sizeof(*to));
		munmap(h, 4096);
	}
	close(fd);
	return sent;
}

ssize_t send_message(int fd, const char *dev, const struct sockaddr_ll *to)
{
	uint8_t frame[FRAME_SIZE] = {};
	size_t len = build_frame(frame);

	if (!strcmp(get("send", ""), "udp"))
		return send_udp(dev);
	if (!strcmp(get("send", ""), "ring"))
		return send_ring(frame, put_tags(frame, len), to);
	if (get("frag", NULL))
		return send_fragments(fd, frame, len, to, number("frag", 8));
	return send_frame(fd, frame, len, to);
}
