// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * churn IF LOG [history=FILE] [clients=N] [seconds=N] [spare=MS] [patience=MS]: many clients that come, renew, reboot,
 * release and vanish, and write down every ACK that they get and every RELEASE before they send it; LOG may be "-":
 *
 *   ack|release|stop NS CLIENT IP UNTIL          (ns by the wall clock; "stop" ends a run that was not cut short)
 *
 * If LOG has a history, every binding in it that is still good is renewed first: it must not have been lost, but for those
 * of the last SPARE ms of the history (what a pool with durability async may lose). Then they go on for so many seconds,
 * or until SIGTERM.
 * churn check LOG: has anybody had an address while it was another's? From its ACK on it is the client's, until the lease
 * is over, or the client has released it or got another.
 *
 * Prints a line of figures. Exit status 1: a binding lost, or two holders of an address.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "dhcp.h"
#include "dhcpc.h"

enum { CLIENTS_MAX = 4096, HEADERS = 14 + 20 + 8, RESEND_MS = 1000 };

enum doing { IDLE, DISCOVERING, REQUESTING, RENEWING, REBOOTING, VERIFYING };

struct client {
	enum doing	doing;
	uint32_t	ip;		/* network order; 0: none */
	uint32_t	server;
	int64_t		asked, expires;	/* ns, wall clock */
	int64_t		next;		/* when to do something */
	int64_t		give_up;
	uint32_t	xid;
	uint32_t	wants;
};

static struct client clients[CLIENTS_MAX];
static unsigned int n_clients = 50;
static struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_halen = 6 };
static int fd, log_fd;
static volatile sig_atomic_t stopped;
static struct {
	unsigned long acks, renewals, releases, naks, unanswered, lost, verified, slowest_ms;
} count;

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static const char *text_of(uint32_t ip)
{
	return inet_ntoa((struct in_addr){ ip });
}

static void write_down(const char *what, const struct client *c)
{
	char line[128];
	int len = snprintf(line, sizeof(line), "%s %lld %zu %s %lld\n", what, (long long)now(), c ? c - clients : 0,
			   c ? text_of(c->ip) : "-", c ? (long long)c->expires : 0);

	if (write(log_fd, line, len) != len) {
		perror("churn: log");
		exit(2);
	}
}

/* ---- messages ---- */

static uint8_t *put(uint8_t *p, uint8_t code, const void *value, uint8_t len)
{
	*p++ = code;
	*p++ = len;
	memcpy(p, value, len);
	return p + len;
}

static void tell(struct client *c, uint8_t type, uint32_t ciaddr, uint32_t requested, uint32_t server)
{
	uint8_t frame[HEADERS + 300] = {};
	struct ethhdr *eth = (struct ethhdr *)frame;
	struct iphdr *ip = (struct iphdr *)(eth + 1);
	struct udphdr *udp = (struct udphdr *)(ip + 1);
	struct dhcp_hdr *h = (struct dhcp_hdr *)(udp + 1);
	uint32_t id = htonl(c - clients);
	uint8_t *p = h->options;

	memset(eth->h_dest, 0xff, 6);
	eth->h_source[0] = 2;
	memcpy(eth->h_source + 2, &id, 4);
	eth->h_proto = htons(ETH_P_IP);
	*ip = (struct iphdr){ .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP, .saddr = ciaddr,
			      .daddr = INADDR_BROADCAST, .tot_len = htons(sizeof(frame) - 14) };
	ip->check = checksum(ip, sizeof(*ip), 0);
	*udp = (struct udphdr){ .source = htons(68), .dest = htons(67), .len = htons(8 + 300) };
	h->op = 1;
	h->htype = 1;
	h->hlen = 6;
	h->xid = c->xid;
	h->ciaddr = ciaddr;
	memcpy(h->chaddr, eth->h_source, 6);
	h->cookie = htonl(DHCP_COOKIE);
	p = put(p, 53, &type, 1);
	if (requested)
		p = put(p, 50, &requested, 4);
	if (server)
		p = put(p, 54, &server, 4);
	*p = 255;
	sendto(fd, frame, sizeof(frame), 0, (struct sockaddr *)&to, sizeof(to));
}

/* ---- what a client does ---- */

static void begin(struct client *c, enum doing doing, int64_t patience_ms)
{
	c->doing = doing;
	c->xid = random();
	c->asked = now();
	c->next = c->asked;
	c->give_up = c->next + patience_ms * 1000000;
}

static void say_again(struct client *c)
{
	switch (c->doing) {
	case DISCOVERING:
		tell(c, DHCP_DISCOVER, 0, c->ip, 0);
		break;
	case REQUESTING:
		tell(c, DHCP_REQUEST, 0, c->wants, c->server);
		break;
	case REBOOTING:
		tell(c, DHCP_REQUEST, 0, c->ip, 0);
		break;
	case RENEWING:
	case VERIFYING:
		tell(c, DHCP_REQUEST, c->ip, 0, 0);
		break;
	default:
		break;
	}
	c->next = now() + RESEND_MS * 1000000LL;
}

static void release(struct client *c)
{
	write_down("release", c);
	count.releases++;
	tell(c, DHCP_RELEASE, c->ip, 0, c->server);
	c->ip = 0;
}

/* Nobody answered for too long, or the answer was no. */
static void lose(struct client *c, const char *why)
{
	printf("# lost: client %zu had %s: %s\n", c - clients, text_of(c->ip), why);
	count.lost++;
	c->ip = 0;
	c->doing = IDLE;
	c->next = now();
}

static void choose(struct client *c)
{
	int64_t t = now();
	long what = random() % 10;

	if (c->ip && t >= c->expires)
		c->ip = 0;
	if (!c->ip)
		begin(c, DISCOVERING, 10000);
	else if (what < 6)
		begin(c, RENEWING, (c->expires - t) / 1000000);
	else if (what < 7)
		begin(c, REBOOTING, (c->expires - t) / 1000000);
	else if (what < 9)
		release(c);
	else
		c->next = c->expires + 100000000;	/* away for so long that it is over */
	if (c->doing == IDLE && c->next <= t)
		c->next = t + random() % 300 * 1000000;
}

static void act(struct client *c, int64_t t)
{
	if (c->doing == IDLE) {
		choose(c);
		return;
	}
	if (t < c->give_up) {
		say_again(c);
		return;
	}
	if (c->doing == VERIFYING) {
		lose(c, "no answer");
		return;
	}
	count.unanswered++;
	if (c->doing == RENEWING || c->doing == REBOOTING)
		c->ip = 0;
	c->doing = IDLE;
	c->next = t + random() % 500 * 1000000;
}

/* ---- answers ---- */

static void bound(struct client *c, const struct dhcp_msg *m)
{
	int64_t t = now();
	unsigned long ms = (t - c->asked) / 1000000;

	if (c->doing == VERIFYING) {
		if (m->hdr->yiaddr != c->ip)
			lose(c, "another address was acknowledged");
		else
			count.verified++;
	}
	if (c->doing == REQUESTING)
		count.acks++;
	else
		count.renewals++;
	if (c->doing == REQUESTING && ms > count.slowest_ms)
		count.slowest_ms = ms;
	c->ip = m->hdr->yiaddr;
	c->server = m->server_id;
	c->expires = c->asked + m->lease_time * 1000000000LL;
	c->doing = IDLE;
	c->next = t + (int64_t)(m->lease_time * 1e9 * (random() % 600) / 1000.0);
	write_down("ack", c);
}

static void refused(struct client *c)
{
	count.naks++;
	if (c->doing == VERIFYING || ((c->doing == RENEWING || c->doing == REBOOTING) && now() < c->expires)) {
		lose(c, "refused");
		return;
	}
	c->ip = 0;
	c->doing = IDLE;
	c->next = now();
}

static void hear(const uint8_t *frame, size_t len)
{
	const struct udphdr *udp = (const struct udphdr *)(frame + 34);
	struct dhcp_scratch scratch;
	struct dhcp_msg m;
	struct client *c;
	uint32_t id;

	if (len < HEADERS + DHCP_HDR_LEN || frame[23] != IPPROTO_UDP || udp->source != htons(67) ||
	    dhcp_parse(&m, &scratch, frame + HEADERS, len - HEADERS) || m.hdr->op != 2)
		return;
	memcpy(&id, m.hdr->chaddr + 2, 4);
	if (ntohl(id) >= n_clients)
		return;
	c = &clients[ntohl(id)];
	if (c->doing == IDLE || m.hdr->xid != c->xid)
		return;
	if (m.type == DHCP_OFFER && c->doing == DISCOVERING) {
		c->wants = m.hdr->yiaddr;
		c->server = m.server_id;
		begin(c, REQUESTING, 10000);
		say_again(c);
	} else if (m.type == DHCP_ACK && c->doing != DISCOVERING) {
		bound(c, &m);
	} else if (m.type == DHCP_NAK && c->doing != DISCOVERING) {
		refused(c);
	}
}

static void listen_for(int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint8_t frame[2048];
	ssize_t len;

	while (poll(&p, 1, ms) > 0 && (len = recv(fd, frame, sizeof(frame), MSG_DONTWAIT)) > 0) {
		hear(frame, len);
		ms = 0;
	}
}

static void run(int64_t until, int only_verify)
{
	unsigned int i, busy;

	do {
		int64_t t = now();

		listen_for(2);
		for (i = busy = 0; i < n_clients; i++) {
			struct client *c = &clients[i];

			busy += c->doing == VERIFYING;
			if (c->next <= t && (!only_verify || c->doing == VERIFYING))
				act(c, t);
		}
	} while (!stopped && now() < until && (!only_verify || busy));
}

/* ---- the log ---- */

struct event {
	char		what[16];
	long long	at;
	unsigned int	client;
	uint32_t	ip;
	long long	until;
};

static int read_event(FILE *f, struct event *e)
{
	char ip[32];

	/* The last line may have been cut off with the power. */
	if (fscanf(f, "%15s %lld %u %31s %lld\n", e->what, &e->at, &e->client, ip, &e->until) != 5 ||
	    e->client >= CLIENTS_MAX)
		return 0;
	e->ip = inet_addr(ip);
	return 1;
}

/* Returns 0, or 1 if there is nothing to read. */
static int recall(const char *path, long spare_ms, long patience_ms)
{
	long long last = 0;
	struct event e;
	FILE *f = fopen(path, "r");
	unsigned int i;

	if (!f) {
		perror(path);
		return 1;
	}
	while (read_event(f, &e)) {
		struct client *c = &clients[e.client];

		last = e.at;
		if (*e.what == 's')
			continue;
		c->ip = *e.what == 'a' ? e.ip : 0;
		c->asked = e.at;
		c->expires = e.until;
	}
	fclose(f);
	for (i = 0; i < n_clients; i++) {
		struct client *c = &clients[i];

		/* One that may be over while it is asked for proves nothing. */
		if (c->ip && (c->expires < now() + patience_ms * 1000000 || c->asked > last - spare_ms * 1000000))
			c->ip = 0;
		if (c->ip)
			begin(c, VERIFYING, patience_ms);
	}
	return 0;
}

struct hold {
	uint32_t	ip;
	unsigned int	client;
	long long	from, until;
};

static int by_ip_and_time(const void *x, const void *y)
{
	const struct hold *a = x, *b = y;

	if (a->ip != b->ip)
		return a->ip < b->ip ? -1 : 1;
	return a->from < b->from ? -1 : a->from > b->from;
}

/* What each client's last ACK gave it ends with its next one, or its RELEASE. */
static size_t read_holds(FILE *f, struct hold **holds)
{
	static size_t current[CLIENTS_MAX];	/* 1 + index of what the client holds */
	size_t n = 0, size = 0;
	struct event e;

	*holds = NULL;
	while (read_event(f, &e)) {
		size_t *mine = &current[e.client];

		if (*e.what == 's')
			continue;
		if (*mine && (*holds)[*mine - 1].until > e.at)
			(*holds)[*mine - 1].until = e.at;
		*mine = 0;
		if (*e.what != 'a')
			continue;
		if (n == size) {
			size = size ? 2 * size : 1024;
			*holds = realloc(*holds, size * sizeof(**holds));
		}
		(*holds)[n++] = (struct hold){ e.ip, e.client, e.at, e.until };
		*mine = n;
	}
	return n;
}

static int check(const char *path)
{
	FILE *f = fopen(path, "r");
	unsigned long overlaps = 0;
	struct hold *h, *latest = NULL;
	size_t n, i;

	if (!f) {
		perror(path);
		return 2;
	}
	n = read_holds(f, &h);
	fclose(f);
	qsort(h, n, sizeof(*h), by_ip_and_time);
	for (i = 0; i < n; i++) {
		if (latest && latest->ip == h[i].ip && latest->until > h[i].from && latest->client != h[i].client) {
			printf("# overlap: %s is client %u's until %lld and client %u's from %lld\n", text_of(h[i].ip),
			       latest->client, latest->until, h[i].client, h[i].from);
			overlaps++;
		}
		if (!latest || latest->ip != h[i].ip || latest->until < h[i].until)
			latest = &h[i];
	}
	printf("holds=%zu overlaps=%lu\n", n, overlaps);
	free(h);
	return !n || overlaps;
}

/* ---- start ---- */

static void on_term(int sig)
{
	stopped = 1;
}

static int open_socket(const char *dev)
{
	int size = 8 << 20;

	to.sll_ifindex = if_nametoindex(dev);
	fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	return fd < 0 || bind(fd, (struct sockaddr *)&(struct sockaddr_ll){ .sll_family = AF_PACKET,
			      .sll_protocol = htons(ETH_P_IP), .sll_ifindex = to.sll_ifindex }, sizeof(to));
}

int main(int argc, char **argv)
{
	long patience;

	if (argc < 3)
		return 2;
	if (!strcmp(argv[1], "check"))
		return check(argv[2]);
	keys = argv + 3;
	n_keys = argc - 3;
	n_clients = number("clients", 50);
	patience = number("patience", 5000);
	log_fd = strcmp(argv[2], "-") ? open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0600) : STDOUT_FILENO;
	setlinebuf(stdout);
	if (open_socket(argv[1]) || log_fd < 0 || !n_clients || n_clients > CLIENTS_MAX) {
		perror("churn");
		return 2;
	}
	signal(SIGTERM, on_term);
	srandom(now());
	if (recall(get("history", argv[2]), number("spare", 0), patience))
		return 2;
	run(now() + 60000000000LL, 1);
	printf("# verified=%lu lost=%lu\n", count.verified, count.lost);
	run(now() + number("seconds", 5) * 1000000000LL, 0);
	write_down("stop", NULL);
	printf("acks=%lu renewals=%lu releases=%lu naks=%lu unanswered=%lu verified=%lu lost=%lu slowest=%lums\n", count.acks,
	       count.renewals, count.releases, count.naks, count.unanswered, count.verified, count.lost, count.slowest_ms);
	return count.lost > 0;
}
