/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of nlsweep share: messages to the netlink family, byte by byte, and what is known
 * of them.
 */
#ifndef NLSWEEP_H
#define NLSWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include <linux/dhcpk.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* ---- nlsweep_spec.c: the contract of linux/dhcpk.h, as a table ---- */

enum kind { K_NUMBER, K_TEXT, K_BYTES, K_NEST };

/* An attribute of a request. @min, @max: bytes of its value, of a text without the NUL. */
struct attr {
	uint16_t type;
	enum kind kind;
	uint32_t min;
	uint32_t max;
	bool needed;
	uint64_t number;	/* a value that is right, as is */
	const char *text;	/* or this */
	const struct set *nest;
};

struct set {
	const char *name;
	uint16_t max_type;
	unsigned int n;
	const struct attr *attr;
};

struct command {
	uint8_t cmd;
	const char *name;
	bool dump;
	struct set set;		/* what its request may have */
};

extern const struct command commands[];
extern const unsigned int n_commands;

const struct command *command_of(unsigned int cmd);
const struct attr *attr_of(const struct set *set, unsigned int type);
bool illegal(const struct attr *attr, bool nested, const void *data, size_t len);

/* ---- nlsweep_talk.c: a message, and the answer to it ---- */

#define MSG_SIZE 70000

struct msg {
	union {
		struct nlmsghdr hdr;
		uint8_t buf[MSG_SIZE];
	};
};

/*
 * @err: 0, -errno, or 1 if nothing came. @end: whether a dump came to its end. @lost: the answer
 * was, and what was asked for may have been done
 */
struct answer {
	int err;
	bool end;
	bool lost;
	unsigned int replies;
	uint32_t generation;
	char text[160];
};

/* What is to be done with each reply that is no acknowledgement */
typedef void (*reader)(const struct nlmsghdr *reply, void *arg);

extern uint16_t family;
extern uint32_t events_group;

int talk_open(void);
void talk_close(void);
int talk_fd(void);
bool talk_family(void);
void msg_start(struct msg *m, uint16_t type, uint8_t cmd, uint16_t flags);
struct nlattr *msg_put(struct msg *m, unsigned int type, const void *data, size_t len);
void msg_put_u8(struct msg *m, unsigned int type, uint8_t value);
void msg_put_u16(struct msg *m, unsigned int type, uint16_t value);
void msg_put_u32(struct msg *m, unsigned int type, uint32_t value);
void msg_put_u64(struct msg *m, unsigned int type, uint64_t value);
void msg_put_text(struct msg *m, unsigned int type, const char *text);
struct nlattr *msg_nest(struct msg *m, unsigned int type);
void msg_end(struct msg *m, struct nlattr *nest);
struct answer ask(struct msg *m, reader read, void *arg);
struct answer ask_short(struct msg *m, size_t len);
const struct nlattr *attr_in(const void *data, size_t len, unsigned int type);
uint32_t attr_u32(const struct nlattr *attr);

static inline const void *attr_data(const struct nlattr *a)
{
	return (const uint8_t *)a + NLA_HDRLEN;
}
static inline size_t attr_len(const struct nlattr *a) { return a->nla_len - NLA_HDRLEN; }

/* And of both */
void msg_put_right(struct msg *m, const struct attr *attr, uint32_t generation);
void msg_put_needed(struct msg *m, const struct set *set, unsigned int without,
		    uint32_t generation);

/* ---- nlsweep.c ---- */

struct tally {
	unsigned long sent;
	unsigned long refused;
	unsigned long taken;
	unsigned long wrong;
};

extern struct tally tally;

uint32_t rnd(void);
void reseed(uint64_t value);
void wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
struct answer judge(struct msg *m, bool must_refuse, const char *what);
uint32_t begin(void);

/* ---- nlsweep_right.c: requests that are to be taken, at random ---- */

/* Configuration @number of a run, and how far it has come */
struct right {
	uint32_t number;
	uint32_t cookie;	/* of its generation */
	uint64_t seq;		/* of what has been pulled last */
	uint64_t now;		/* ns, the kernel's */
};

uint32_t net_of(const struct right *r, unsigned int n);
void right_pool(struct msg *m, const struct right *r, unsigned int n);
void right_host(struct msg *m, const struct right *r, unsigned int n, unsigned int h);
void right_relay(struct msg *m, const struct right *r, unsigned int n);
void right_restore(struct msg *m, const struct right *r, unsigned int n, unsigned int bindings);
void right_generation(struct msg *m, const struct right *r, uint8_t cmd);
void right_attach(struct msg *m, const struct right *r);
void right_commit(struct msg *m, const struct right *r);
void right_lease(struct msg *m, const struct right *r, uint8_t cmd, unsigned int n, unsigned int i);
void right_server(struct msg *m, uint8_t cmd, unsigned int n);
void run_nothing(void);

/* ---- what is swept ---- */

void sweep_top(void);
void sweep_nested(void);
void sweep_policies(void);
void sweep_shapes(void);
void sweep_denied(void);
void sweep_deaf(void);
void sweep_dropped(void);
void sweep_borrowed(void);
void sweep_random(void);
void sweep_nth(void);

#endif
