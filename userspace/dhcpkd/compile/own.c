// SPDX-License-Identifier: GPL-2.0-or-later
/* This machine's own addresses: the server leases none of them, whatever pools and hosts say. */
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dhcpkd/compile/own.h"

static uint32_t address_of(const struct sockaddr *addr)
{
	return ntohl(((const struct sockaddr_in *)addr)->sin_addr.s_addr);
}

int own_load(struct compiled *s, struct err *e)
{
	struct ifaddrs *all, *ifa;
	size_t n = 0;

	if (getifaddrs(&all))
		return err_not_now(e, "cannot read this machine's addresses: %s", strerror(errno));
	for (ifa = all; ifa; ifa = ifa->ifa_next)
		n++;
	s->own = calloc(n + 1, sizeof(*s->own));
	s->broadcasts = calloc(n + 1, sizeof(*s->broadcasts));
	for (ifa = all; ifa && s->own && s->broadcasts; ifa = ifa->ifa_next) {
		if (!ifa->ifa_addr || ifa->ifa_addr->sa_family != AF_INET)
			continue;
		s->own[s->n_own++] = address_of(ifa->ifa_addr);
		/*
		 * Whatever "broadcast" is configured, the kernel takes the last address of a subnet
		 * for one, unless the subnet has at most two addresses.
		 */
		if (ifa->ifa_netmask && ~address_of(ifa->ifa_netmask) > 1)
			s->broadcasts[s->n_broadcasts++] = address_of(ifa->ifa_addr) |
							   ~address_of(ifa->ifa_netmask);
	}
	freeifaddrs(all);
	return s->own && s->broadcasts ? 0 : err_not_now(e, "out of memory");
}

/* FNV-1a over whole addresses: only used to see whether they have changed. */
void own_note(struct compiled *s, uint32_t ip)
{
	s->own_seen = (s->own_seen ^ ip) * UINT64_C(0x100000001b3);
}

int own_warn(struct compiled *s, enum object_type type, const char *name, const char *effect,
	     struct err *e)
{
	const struct edited_object *edited;
	char text[1100];

	for (edited = s->edited; edited; edited = edited->next) {
		if (edited->addresses && edited->type == type && !strcmp(edited->name, name))
			return -1;
	}
	snprintf(text, sizeof(text), "%s; %s", e->text, effect);
	compiled_warn(s, type, name, text);
	memset(e, 0, sizeof(*e));
	return 0;
}

int own_watch(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_IPV4_IFADDR };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

bool own_changed(int fd)
{
	bool changed = false;
	char message[4096];

	/* The contents do not matter. ENOBUFS: messages were lost; reading continues after them. */
	while (fd >= 0 && (recv(fd, message, sizeof(message), 0) > 0 || errno == ENOBUFS))
		changed = true;
	return changed;
}
