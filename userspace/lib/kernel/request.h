/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A request to the module, and its answers. Internal to this folder. */
#ifndef DHCPK_KERNEL_REQUEST_H
#define DHCPK_KERNEL_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/dhcpk.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include "lib/err.h"

struct kernel {
	struct nl_sock	*sock;
	int		family;
	/* of the current request */
	struct err	*err;
	int		error;
	bool		done;
	bool		has_dirty;	/* DHCPK_CMD_EVENT_DIRTY arrived between answers */
	void		(*each)(struct nlattr **attrs, void *arg);
	void		*arg;
};

/*
 * kernel_take_answers - handle answers on the socket as those of the current request, or as its
 * error
 */
void kernel_take_answers(struct kernel *k);

/* kernel_message - a request with space for the biggest pool */
struct nl_msg *kernel_message(struct kernel *k, int cmd, int flags);

/*
 * kernel_request - send @msg (taken over), and call @each for every answer
 *
 * -EINTR: it was a dump, and the configuration changed during it.
 */
int kernel_request(struct kernel *k, struct nl_msg *msg, void (*each)(struct nlattr **, void *),
		   void *arg, struct err *e);

/* kernel_fail - netlink itself failed: the errno for a libnl error, and a text */
int kernel_fail(struct err *e, int nl_error);

/* A list of elements of @each bytes; the caller frees @all in any case. */
struct kernel_list {
	size_t	each;
	void	*all;
	size_t	n, size;
};

/* kernel_list_next - append an element, all zero */
void *kernel_list_next(struct kernel_list *l);

/* kernel_dump - read all objects of a kind, from one configuration; @take gets @l to append to */
int kernel_dump(struct kernel *k, int cmd, void (*take)(struct nlattr **, void *),
		struct kernel_list *l, struct err *e);

/* kernel_configure - send @msg, unless its contents did not fit (@unfit, a libnl error) */
int kernel_configure(struct kernel *k, struct nl_msg *msg, int unfit, struct err *e);

/* The value of an attribute; 0, or no bytes, if it is absent. Bytes beyond @size are cut off. */
static inline uint8_t u8_of(const struct nlattr *a)
{
	return a ? nla_get_u8(a) : 0;
}

static inline uint16_t u16_of(const struct nlattr *a)
{
	return a ? nla_get_u16(a) : 0;
}

static inline uint32_t u32_of(const struct nlattr *a)
{
	return a ? nla_get_u32(a) : 0;
}

static inline uint64_t u64_of(const struct nlattr *a)
{
	return a ? nla_get_u64(a) : 0;
}

size_t bytes_of(const struct nlattr *a, uint8_t *bytes, size_t size);

#endif
