// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dhcps [KEY=VALUE]...: a DHCP server that answers as it is told to, right or wrong, until it is killed. A line "listening"
 * says that it is ready; then there is a line of KEY=VALUEs for each request, with all of its bytes as raw= and those of
 * the answer, if there is one, as reply=.
 *
 * Keys: out=FILE (the lines go to its end; standard output) n=N (ends after so many requests) dev=IF bind=IP port=N
 *       plain=MAC (this client is answered by a good server, one that takes sub-option 152 out)
 *       reply=auto|none|TYPE (auto: OFFER, ACK, or BOOTP's; nothing to messages that want none)
 *       yiaddr=IP|auto (ciaddr, or base=IP and the last byte of chaddr) lease sid xid flags giaddr ciaddr siaddr htype
 *       hlen hops secs op chaddr=HEX sname=HEX file=HEX opt=HEX (raw options) end=0 (no option END) pad=N (the body's
 *       length at least) cut=N (at most)
 *       agent=echo (all of option 82, last, RFC 3046) none HEX (this value) first middle twice nested huge truncated
 *       overload-file overload-sname: what becomes of option 82, strip152=1: without sub-option 152
 *       to=IP:PORT (giaddr and 67, or the request's port with sub-option 19; without giaddr ciaddr and 68, or the sender)
 *       from=IP (a local address) repeat=N
 *       proto=N: takes every IP packet of this protocol instead, and prints what follows its IP header
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dhcpc.h"
#include "dhcps.h"

static void die(const char *what)
{
	fprintf(stderr, "dhcps: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* ---- keys ---- */

static bool is_text(const char *text) { return *text; }

static bool is_number(const char *text)
{
	char *end;

	errno = 0;
	strtoul(text, &end, 0);
	return isdigit(*text) && !*end && !errno;
}

static bool is_ip(const char *text)
{
	struct in_addr ip;

	return inet_pton(AF_INET, text, &ip) == 1;
}

/* As hex() in dhcpc_frame.c reads it: pairs of digits, with colons between them or not */
static bool is_hex(const char *text)
{
	while (isxdigit(text[0]) && isxdigit(text[1])) {
		text += 2;
		text += *text == ':' && text[1];
	}
	return !*text;
}

static bool is_one_of(const char *text, const char *words)
{
	char padded[64];

	return snprintf(padded, sizeof(padded), " %s ", text) < (int)sizeof(padded) && strstr(words, padded);
}

static bool is_yiaddr(const char *text) { return is_ip(text) || !strcmp(text, "auto"); }

static bool is_type(const char *text)
{
	return is_one_of(text, " auto none bootp discover offer request decline ack nak release inform ") ||
	       (is_number(text) && strtoul(text, NULL, 0) < 256);
}

static bool is_agent(const char *text)
{
	return (*text && is_hex(text)) || is_one_of(text, " echo none first middle twice nested huge truncated"
						    " overload-file overload-sname ");
}

static bool parse_target(const char *text, struct sockaddr_in *to)
{
	char ip[16];
	unsigned int port;
	int used = 0;

	if (sscanf(text, "%15[0-9.]:%u%n", ip, &port, &used) != 2 || text[used] || port > 65535)
		return false;
	to->sin_port = htons(port);
	return inet_pton(AF_INET, ip, &to->sin_addr) == 1;
}

static bool is_target(const char *text) { return parse_target(text, &(struct sockaddr_in){}); }

static const struct {
	const char *name;
	bool (*good)(const char *text);
} known[] = {
	{ "out", is_text }, { "n", is_number }, { "dev", is_text }, { "bind", is_ip }, { "port", is_number },
	{ "plain", is_hex }, { "reply", is_type }, { "yiaddr", is_yiaddr }, { "base", is_ip }, { "lease", is_number },
	{ "sid", is_ip }, { "xid", is_number }, { "flags", is_number }, { "giaddr", is_ip }, { "ciaddr", is_ip },
	{ "siaddr", is_ip }, { "htype", is_number }, { "hlen", is_number }, { "hops", is_number }, { "secs", is_number },
	{ "op", is_number }, { "chaddr", is_hex }, { "sname", is_hex }, { "file", is_hex }, { "opt", is_hex },
	{ "end", is_number }, { "pad", is_number }, { "cut", is_number }, { "agent", is_agent }, { "strip152", is_number },
	{ "to", is_target }, { "from", is_ip }, { "repeat", is_number }, { "proto", is_number },
};

static bool key_is_good(const char *word)
{
	size_t i, len = strcspn(word, "=");

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strlen(known[i].name) == len && !strncmp(known[i].name, word, len))
			return word[len] && known[i].good(word + len + 1);
	}
	return false;
}

static void check_keys(void)
{
	int i;

	for (i = 0; i < n_keys; i++) {
		if (!key_is_good(keys[i])) {
			fprintf(stderr, "dhcps: what is \"%s\"?\n", keys[i]);
			exit(2);
		}
	}
	if (number("pad", 0) > ANSWER_MAX) {
		fprintf(stderr, "dhcps: pad is at most %d\n", ANSWER_MAX);
		exit(2);
	}
}

/* ---- answers ---- */

static struct sockaddr_in target(const struct request *r)
{
	struct sockaddr_in to = { .sin_family = AF_INET };

	if (get("to", NULL)) {
		parse_target(get("to", ""), &to);
	} else if (r->hdr.giaddr) {
		to.sin_addr.s_addr = r->hdr.giaddr;
		to.sin_port = htons(r->source_port ? r->sport : DHCP_SERVER_PORT);
	} else if (r->hdr.ciaddr) {
		to.sin_addr.s_addr = r->hdr.ciaddr;
		to.sin_port = htons(DHCP_CLIENT_PORT);
	} else {
		to.sin_addr.s_addr = r->saddr;
		to.sin_port = htons(r->sport);
	}
	return to;
}

/* By the address that the request came to, or the script's. What cannot be sent is not: the request may be why. */
static void send_answer(int fd, const struct request *r, const uint8_t *body, size_t len)
{
	struct sockaddr_in to = target(r);
	char control[CMSG_SPACE(sizeof(struct in_pktinfo))] = {};
	struct iovec iov = { (void *)body, len };
	struct msghdr msg = { &to, sizeof(to), &iov, 1, control, sizeof(control), 0 };
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	struct in_pktinfo *info = (void *)CMSG_DATA(c);
	uint32_t times = number("repeat", 1);

	c->cmsg_level = IPPROTO_IP;
	c->cmsg_type = IP_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(*info));
	info->ipi_spec_dst.s_addr = get("from", NULL) ? inet_addr(get("from", "")) : r->ours;
	while (times--) {
		if (sendmsg(fd, &msg, 0) < 0)
			perror("dhcps: send");
	}
}

static bool is_plain(const struct request *r)
{
	uint8_t mac[6] = {};

	return hex(get("plain", ""), mac, sizeof(mac)) && !memcmp(mac, r->hdr.chaddr, sizeof(mac));
}

static void answer(int fd, const struct request *r)
{
	static char *plain[] = { "strip152=1" };
	uint8_t buf[ANSWER_MAX];
	char **own = keys;
	int n_own = n_keys;
	size_t len;

	if (is_plain(r)) {
		keys = plain;
		n_keys = 1;
	}
	print_request(r);
	len = build_answer(r, buf);
	if (len)
		print_hex("reply", buf, len);
	puts("");
	fflush(stdout); /* before the answer: who has that finds the line */
	if (len)
		send_answer(fd, r, buf, len);
	keys = own;
	n_keys = n_own;
}

/* ---- the socket ---- */

static int open_socket(void)
{
	struct sockaddr_in me = { .sin_family = AF_INET, .sin_port = htons(number("port", DHCP_SERVER_PORT)),
				  .sin_addr.s_addr = inet_addr(get("bind", "0.0.0.0")) };
	int raw = number("proto", 0), on = 1, room = 4 << 20;
	int fd = raw ? socket(AF_INET, SOCK_RAW, raw) : socket(AF_INET, SOCK_DGRAM, 0);
	const char *dev = get("dev", NULL);

	if (fd < 0)
		die("socket");
	if (dev && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, dev, strlen(dev)))
		die(dev);
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) ||
	    setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)))
		die("setsockopt");
	/* For a flood: what it does not hear was not sent. */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	if (bind(fd, (struct sockaddr *)&me, sizeof(me)))
		die("bind");
	return fd;
}

/* Returns the number of bytes. */
static size_t receive(int fd, struct request *r, uint8_t *buf)
{
	char control[CMSG_SPACE(sizeof(struct in_pktinfo))];
	struct sockaddr_in from = {};
	struct iovec iov = { buf, BODY_MAX };
	struct msghdr msg = { &from, sizeof(from), &iov, 1, control, sizeof(control), 0 };
	ssize_t len = recvmsg(fd, &msg, 0);
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	if (len < 0)
		die("receive");
	r->saddr = from.sin_addr.s_addr;
	r->sport = ntohs(from.sin_port);
	if (c && c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
		r->daddr = ((struct in_pktinfo *)CMSG_DATA(c))->ipi_addr.s_addr;
		r->ours = ((struct in_pktinfo *)CMSG_DATA(c))->ipi_spec_dst.s_addr;
	}
	return len;
}

static void print_packet(const struct request *r, const uint8_t *packet, size_t len)
{
	size_t head = len ? (packet[0] & 15) * 4 : 0;

	if (head > len)
		return;
	printf("proto=%u", number("proto", 0));
	print_addr("saddr", r->saddr);
	print_addr("daddr", r->daddr);
	print_hex("raw", packet + head, len - head);
	puts("");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static uint8_t buf[BODY_MAX];
	static struct request r;
	uint32_t left;
	size_t len;
	int fd;

	n_keys = argc - 1;
	keys = argv + 1;
	check_keys();
	if (get("out", NULL) && !freopen(get("out", NULL), "a", stdout))
		die(get("out", NULL));
	/* A line goes out as one piece. */
	setvbuf(stdout, NULL, _IOFBF, 8 * BODY_MAX);
	fd = open_socket();
	puts("listening");
	fflush(stdout);
	for (left = number("n", 0xffffffff); left; left--) {
		len = receive(fd, &r, buf);
		if (get("proto", NULL)) {
			print_packet(&r, buf, len);
			continue;
		}
		read_request(&r, buf, len);
		answer(fd, &r);
	}
	return 0;
}
