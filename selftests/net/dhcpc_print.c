// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "dhcp.h"
#include "dhcpc.h"

void print_addr(const char *name, uint32_t addr)
{
	printf(" %s=%s", name, inet_ntoa((struct in_addr){ addr }));
}

void print_hex(const char *name, const uint8_t *bytes, size_t len)
{
	printf(" %s=", name);
	while (len--)
		printf("%02x", *bytes++);
}

/* What no test looked at in the first place; empty fields for text are left out. */
void print_rest(const struct dhcp_hdr *h)
{
	print_addr("giaddr", h->giaddr);
	printf(" hops=%u secs=%u htype=%u hlen=%u", h->hops, ntohs(h->secs), h->htype, h->hlen);
	print_hex("chaddr", h->chaddr, sizeof(h->chaddr));
	if (h->sname[0])
		print_hex("sname", h->sname, strnlen((const char *)h->sname, sizeof(h->sname)));
	if (h->file[0])
		print_hex("file", h->file, strnlen((const char *)h->file, sizeof(h->file)));
}

/* Every option as oN=HEX, in the order sent. */
void print_options(const uint8_t *p, const uint8_t *end)
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

/* An answer, or a request, if those are to be heard */
static int is_wanted(const struct udphdr *udp, uint8_t op)
{
	return op == number("hear", 2) && (op == 1 ? udp->dest : udp->source) == htons(67);
}

/* @where: "if=... tags=...", or NULL if only answers to our own xid count */
int print_reply(const uint8_t *frame, size_t len, const char *where)
{
	const struct ethhdr *eth = (const struct ethhdr *)frame;
	const struct iphdr *ip = (const struct iphdr *)(eth + 1);
	const struct udphdr *udp = (const struct udphdr *)(ip + 1);
	const uint8_t *body = (const uint8_t *)(udp + 1);
	struct dhcp_scratch scratch;
	struct dhcp_msg m;

	if (len < 42 + DHCP_HDR_LEN || eth->h_proto != htons(ETH_P_IP) || ip->protocol != IPPROTO_UDP ||
	    dhcp_parse(&m, &scratch, body, len - 42) || !is_wanted(udp, m.hdr->op) ||
	    (!where && m.hdr->xid != htonl(number("xid", 0x12345678))))
		return 0;
	if (where)
		printf("%s xid=%u ", where, ntohl(m.hdr->xid));
	printf("type=%s", type_name(m.type));
	print_addr("yiaddr", m.hdr->yiaddr);
	print_addr("ciaddr", m.hdr->ciaddr);
	print_addr("siaddr", m.hdr->siaddr);
	print_addr("sid", m.server_id);
	print_addr("ipsrc", ip->saddr);
	print_addr("ipdst", ip->daddr);
	print_hex("l2dst", eth->h_dest, 6);
	print_hex("l2src", eth->h_source, 6);
	printf(" lease=%u dport=%u flags=%04x len=%zu csum=%s", m.lease_time, ntohs(udp->dest), ntohs(m.hdr->flags),
	       len - 42, checksum(udp, ntohs(udp->len), pseudo_sum(ip, udp)) || checksum(ip, 20, 0) ? "bad" : "ok");
	print_rest(m.hdr);
	print_options(m.hdr->options, frame + len);
	if (get("raw", NULL))
		print_hex("raw", body, len - 42);
	printf("\n");
	return 1;
}
