/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of dhcpc: keys and the frames made of them, ways to send these, and answers printed. */
#ifndef DHCPC_H
#define DHCPC_H

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { FRAME_SIZE = 4096 };

/* dhcpc_frame.c: the KEY=VALUEs of the message at hand; the first of a name counts. */
extern int n_keys;
extern char **keys;

const char *get(const char *key, const char *otherwise);
uint32_t number(const char *key, uint32_t otherwise);
size_t hex(const char *text, uint8_t *out, size_t size);
uint8_t type_number(const char *name);
const char *type_name(uint8_t type); /* valid until the next call */
size_t build_message(uint8_t *buf);
size_t build_frame(uint8_t *frame);
/* build_frame_of - with these keys in place of the command line's */
size_t build_frame_of(uint8_t *frame, char **words, int n_words);
uint16_t checksum(const void *data, size_t len, uint32_t sum);
uint32_t pseudo_sum(const struct iphdr *ip, const struct udphdr *udp);

/* dhcpc_send.c: by @fd, a packet socket, or in the way that the keys want. Returns -1 with errno set. */
ssize_t send_message(int fd, const char *dev, const struct sockaddr_ll *to);
ssize_t send_frame(int fd, uint8_t *frame, size_t len, const struct sockaddr_ll *to);

/* dhcpc_print.c: @where: "if=... tags=...", or NULL if only answers to our own xid count. Returns 1 if it is an answer. */
int print_reply(const uint8_t *frame, size_t len, const char *where);
void print_addr(const char *name, uint32_t addr);
void print_hex(const char *name, const uint8_t *bytes, size_t len);
struct dhcp_hdr;
void print_rest(const struct dhcp_hdr *h);
void print_options(const uint8_t *p, const uint8_t *end);

#endif
