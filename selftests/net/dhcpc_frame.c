// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dhcp.h"
#include "dhcpc.h"

int n_keys;
char **keys;

const char *get(const char *key, const char *otherwise)
{
	size_t len = strlen(key);
	int i;

	for (i = 0; i < n_keys; i++) {
		if (!strncmp(keys[i], key, len) && keys[i][len] == '=')
			return keys[i] + len + 1;
	}
	return otherwise;
}

uint32_t number(const char *key, uint32_t otherwise)
{
	const char *text = get(key, NULL);

	return text ? strtoul(text, NULL, 0) : otherwise;
}

size_t hex(const char *text, uint8_t *out, size_t size)
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

static const char *const type_names[] = {
	"bootp", "discover", "offer", "request", "decline", "ack", "nak", "release", "inform",
};

/* "none" is 0 as every word is that is no number. */
uint8_t type_number(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(type_names) / sizeof(type_names[0]); i++) {
		if (!strcmp(type_names[i], name))
			return i;
	}
	return atoi(name);
}

const char *type_name(uint8_t type)
{
	static char other[4];

	if (type < sizeof(type_names) / sizeof(type_names[0]))
		return type_names[type];
	snprintf(other, sizeof(other), "%u", type);
	return other;
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

size_t build_message(uint8_t *buf)
{
	struct dhcp_hdr *h = (struct dhcp_hdr *)buf;
	uint8_t type = type_number(get("type", "discover"));
	uint32_t lease = htonl(number("lease", 0));
	uint8_t *p = h->options;

	h->op = number("op", 1);
	h->htype = number("htype", 1);
	h->hlen = number("hlen", 6);
	h->hops = number("hops", 0);
	h->secs = htons(number("secs", 0));
	h->xid = htonl(number("xid", 0x12345678));
	h->flags = htons(number("flags", 0));
	h->ciaddr = inet_addr(get("ciaddr", "0.0.0.0"));
	h->yiaddr = inet_addr(get("yiaddr", "0.0.0.0"));
	h->siaddr = inet_addr(get("siaddr", "0.0.0.0"));
	h->giaddr = inet_addr(get("giaddr", "0.0.0.0"));
	hex(get("sname", ""), h->sname, sizeof(h->sname));
	hex(get("file", ""), h->file, sizeof(h->file));
	hex(get("mac", "02:00:00:00:00:01"), h->chaddr, 6);
	hex(get("chaddr", ""), h->chaddr, sizeof(h->chaddr));
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
	p += hex(get("opt", ""), p, 1400);
	if (number("end", 1))
		*p++ = 255;
	return p - buf < DHCP_MIN_BODY ? DHCP_MIN_BODY : p - buf;
}

uint16_t checksum(const void *data, size_t len, uint32_t sum)
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

uint32_t pseudo_sum(const struct iphdr *ip, const struct udphdr *udp)
{
	return IPPROTO_UDP + (ntohl(ip->saddr) >> 16) + (ntohl(ip->saddr) & 0xffff) + (ntohl(ip->daddr) >> 16) +
	       (ntohl(ip->daddr) & 0xffff) + ntohs(udp->len);
}

size_t build_frame(uint8_t *frame)
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
	ip->protocol = number("proto", IPPROTO_UDP);
	ip->tot_len = htons(sizeof(*ip) + sizeof(*udp) + len);
	ip->saddr = inet_addr(get("ipsrc", get("ciaddr", "0.0.0.0")));
	ip->daddr = inet_addr(get("ipdst", "255.255.255.255"));
	ip->check = checksum(ip, sizeof(*ip), 0);
	udp->source = htons(number("sport", 68));
	udp->dest = htons(number("dport", 67));
	udp->len = htons(sizeof(*udp) + number("udplen", len));
	if (!strcmp(get("csum", ""), "bad"))
		udp->check = htons(0xdead);
	if (!strcmp(get("csum", ""), "good"))
		udp->check = checksum(udp, ntohs(udp->len), pseudo_sum(ip, udp));
	len += sizeof(*eth) + sizeof(*ip) + sizeof(*udp);
	return len + hex(get("tail", ""), frame + len, FRAME_SIZE - len);
}

size_t build_frame_of(uint8_t *frame, char **words, int n_words)
{
	char **own = keys;
	int n_own = n_keys;
	size_t len;

	keys = words;
	n_keys = n_words;
	len = build_frame(frame);
	keys = own;
	n_keys = n_own;
	return len;
}
