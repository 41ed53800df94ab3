// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dhcpc IF type=discover [KEY=VALUE]...: sends one DHCP message as a raw frame and prints the answer, or "silence".
 *
 * Keys: type xid mac src (the frame's source, mac by default) cid req sid ciaddr giaddr flags lease prl name ipsrc ipdst
 *       l2dst op wait (ms) len (cut the UDP payload) csum=bad hlen opt=HEX (raw options) flood=N (random clients, no wait)
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "dhcp.h"

static int n_keys;
static char **keys;

static const char *get(const char *key, const char *otherwise)
{
	size_t len = strlen(key);
	int i;

	for (i = 0; i < n_keys; i++) {
		if (!strncmp(keys[i], key, len) && keys[i][len] == '=')
			return keys[i] + len + 1;
	}
	return otherwise;
}

static uint32_t number(const char *key, uint32_t otherwise)
{
	const char *text = get(key, NULL);

	return text ? strtoul(text, NULL, 0) : otherwise;
}

static size_t hex(const char *text, uint8_t *out, size_t size)
{
	size_t n = 0;
	unsigned int byte;

	while (*text && n < size && sscanf(text, "%2x", &byte) == 1) {
		out[n++] = byte;
		text += 2;
		text += *text == ':';
	}
	return n;
}

static uint8_t type_number(const char *name)
{
	static const char *const names[] = {
		"none", "discover", "offer", "request", "decline", "ack", "nak", "release", "inform",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(names[i], name))
			return i;
	}
	return atoi(name);
}

static uint8_t *put(uint8_t *p, uint8_t code, const void *value, size_t len)
{
	*p++ = code;
	*p++ = len;
	memcpy(p, value, len);
	return p + len;
}

static uint8_t *put_addr(uint8_t *p, uint8_t code, const char *key)
{
	in_addr_t addr;

	if (!get(key, NULL))
		return p;
	addr = inet_addr(get(key, ""));
	return put(p, code, &addr, 4);
}

static uint8_t *put_hex(uint8_t *p, uint8_t code, const char *key)
{
	uint8_t bytes[255];

	return get(key, NULL) ? put(p, code, bytes, hex(get(key, ""), bytes, sizeof(bytes))) : p;
}

static size_t build_message(uint8_t *buf)
{
	struct dhcp_hdr *h = (struct dhcp_hdr *)buf;
	uint8_t type = type_number(get("type", "discover"));
	uint32_t lease = htonl(number("lease", 0));
	uint8_t *p = h->options;

	h->op = number("op", 1);
	h->htype = 1;
	h->hlen = number("hlen", 6);
	h->xid = htonl(number("xid", 0x12345678));
	h->flags = htons(number("flags", 0));
	h->ciaddr = inet_addr(get("ciaddr", "0.0.0.0"));
	h->giaddr = inet_addr(get("giaddr", "0.0.0.0"));
	hex(get("mac", "02:00:00:00:00:01"), h->chaddr, 6);
	h->cookie = htonl(number("cookie", DHCP_COOKIE));
	if (type)
		p = put(p, 53, &type, 1);
	p = put_hex(p, 61, "cid");
	p = put_addr(p, 50, "req");
	p = put_addr(p, 54, "sid");
	if (get("lease", NULL))
		p = put(p, 51, &lease, 4);
	if (get("name", NULL))
		p = put(p, 12, get("name", ""), strlen(get("name", "")));
	p = put_hex(p, 55, "prl");
	p += hex(get("opt", ""), p, 200);
	*p++ = 255;
	return p - buf < DHCP_MIN_BODY ? DHCP_MIN_BODY : p - buf;
}

static uint16_t checksum(const void *data, size_t len, uint32_t sum)
{
	const uint8_t *p = data;

	for (; len > 1; len -= 2, p += 2)
		sum += p[0] << 8 | p[1];
	if (len)
		sum += p[0] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

static size_t build_frame(uint8_t *frame)
{
	struct ethhdr *eth = (struct ethhdr *)frame;
	struct iphdr *ip = (struct iphdr *)(eth + 1);
	struct udphdr *udp = (struct udphdr *)(ip + 1);
	size_t len = build_message((uint8_t *)(udp + 1));

	len = number("len", len);
	hex(get("l2dst", "ff:ff:ff:ff:ff:ff"), eth->h_dest, 6);
	hex(get("src", get("mac", "02:00:00:00:00:01")), eth->h_source, 6);
	eth->h_proto = htons(ETH_P_IP);
	ip->version = 4;
	ip->ihl = 5;
	ip->ttl = 64;
	ip->protocol = IPPROTO_UDP;
	ip->tot_len = htons(sizeof(*ip) + sizeof(*udp) + len);
	ip->saddr = inet_addr(get("ipsrc", get("ciaddr", "0.0.0.0")));
	ip->daddr = inet_addr(get("ipdst", "255.255.255.255"));
	ip->check = checksum(ip, sizeof(*ip), 0);
	udp->source = htons(68);
	udp->dest = htons(67);
	udp->len = htons(sizeof(*udp) + len);
	if (!strcmp(get("csum", ""), "bad"))
		udp->check = htons(0xdead);
	return sizeof(*eth) + sizeof(*ip) + sizeof(*udp) + len;
}

static void print_addr(const char *name, __be32 addr)
{
	printf(" %s=%s", name, inet_ntoa((struct in_addr){ addr }));
}

static void print_hex(const char *name, const uint8_t *bytes, size_t len)
{
	printf(" %s=", name);
	while (len--)
		printf("%02x", *bytes++);
}

/* Every option of the reply as oN=HEX, in the order sent. */
static void print_options(const uint8_t *p, const uint8_t *end)
{
	char name[8];

	while (end - p >= 2 && *p != 255) {
		if (!*p) {
			p++;
			continue;
		}
		if (end - p < 2 + p[1]) {
			printf(" malformed=1");
			return;
		}
		snprintf(name, sizeof(name), "o%u", p[0]);
		print_hex(name, p + 2, p[1]);
		p += 2 + p[1];
	}
}

static int print_reply(const uint8_t *frame, size_t len)
{
	static const char *const names[] = { "", "", "offer", "", "", "ack", "nak" };
	const struct ethhdr *eth = (const struct ethhdr *)frame;
	const struct iphdr *ip = (const struct iphdr *)(eth + 1);
	const struct udphdr *udp = (const struct udphdr *)(ip + 1);
	const uint8_t *body = (const uint8_t *)(udp + 1);
	uint32_t pseudo = IPPROTO_UDP;
	struct dhcp_msg m;

	if (len < 42 + DHCP_HDR_LEN || eth->h_proto != htons(ETH_P_IP) || ip->protocol != IPPROTO_UDP ||
	    udp->source != htons(67) || dhcp_parse(&m, body, len - 42) || m.hdr->op != 2 ||
	    m.hdr->xid != htonl(number("xid", 0x12345678)))
		return 0;
	pseudo += (ntohl(ip->saddr) >> 16) + (ntohl(ip->saddr) & 0xffff) + (ntohl(ip->daddr) >> 16) +
		  (ntohl(ip->daddr) & 0xffff) + ntohs(udp->len);
	printf("type=%s", m.type < 7 ? names[m.type] : "?");
	print_addr("yiaddr", m.hdr->yiaddr);
	print_addr("ciaddr", m.hdr->ciaddr);
	print_addr("siaddr", m.hdr->siaddr);
	print_addr("sid", m.server_id);
	print_addr("ipsrc", ip->saddr);
	print_addr("ipdst", ip->daddr);
	print_hex("l2dst", eth->h_dest, 6);
	printf(" lease=%u dport=%u flags=%04x len=%zu csum=%s", m.lease_time, ntohs(udp->dest), ntohs(m.hdr->flags),
	       len - 42, checksum(udp, ntohs(udp->len), pseudo) || checksum(ip, 20, 0) ? "bad" : "ok");
	print_options(m.hdr->options, frame + len);
	printf("\n");
	return 1;
}

static long milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Prints every answer within the time; returns how many. */
static int listen_for_answers(int fd, int first_only)
{
	long end = milliseconds() + number("wait", 1000);
	int n = 0;

	while (!(n && first_only)) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		struct sockaddr_ll from;
		socklen_t from_len = sizeof(from);
		uint8_t frame[2048];
		ssize_t len;
		long left = end - milliseconds();

		if (left <= 0 || poll(&p, 1, left) <= 0)
			break;
		len = recvfrom(fd, frame, sizeof(frame), 0, (struct sockaddr *)&from, &from_len);
		if (len > 0 && from.sll_pkttype != PACKET_OUTGOING)
			n += print_reply(frame, len);
	}
	return n;
}

static void flood(int fd, struct sockaddr_ll *to, long count)
{
	uint8_t frame[2048] = {};
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

int main(int argc, char **argv)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_halen = 6 };
	uint8_t frame[2048] = {};
	int fd;

	if (argc < 2)
		return 2;
	n_keys = argc - 2;
	keys = argv + 2;
	fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP));
	to.sll_ifindex = if_nametoindex(argv[1]);
	if (fd < 0 || bind(fd, (struct sockaddr *)&to, sizeof(to))) {
		perror("dhcpc");
		return 2;
	}
	if (get("flood", NULL)) {
		srandom(getpid());
		flood(fd, &to, number("flood", 0));
		return 0;
	}
	if (sendto(fd, frame, build_frame(frame), 0, (struct sockaddr *)&to, sizeof(to)) < 0) {
		perror("dhcpc");
		return 2;
	}
	if (!listen_for_answers(fd, !get("all", NULL)))
		puts("silence");
	return 0;
}
