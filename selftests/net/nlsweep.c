// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nlsweep: every command of the netlink family with everything that it does not want. What is
 * refused has an errno, and a text if that is EINVAL; what linux/dhcpk.h does not allow is refused.
 *
 *   nlsweep policy		what the kernel says of its policies
 *   nlsweep top		every command x every attribute x lengths
 *   nlsweep nested		the same inside of each nest of a request that is right besides
 *   nlsweep shapes		cut off, too deep, twice, too many
 *   nlsweep denied		every command, all refused: this is not root, or not the machine's
 *   nlsweep deaf		and no events are to be had
 *   nlsweep dropped		the same with a socket of root's, after giving up root
 *   nlsweep borrowed		as root with a socket of somebody else's
 *   nlsweep random		configurations, ROUNDS of them, each request also broken
 *   nlsweep nth		each command with its Nth allocation refused; STEP=COMMAND: of this
 * one
 *
 * The last two are the daemon of a namespace of their own. Random numbers start from SEED, which is
 * printed. Exit status 1 if something was wrong.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "nlsweep.h"

#define SAID_MAX 20

struct tally tally;

static uint64_t state;

uint32_t rnd(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state >> 16;
}

void reseed(uint64_t value)
{
	state = value * 0x9e3779b97f4a7c15 + 1;
}

static void seed(void)
{
	const char *given = getenv("SEED");
	unsigned long value = given && *given ? strtoul(given, NULL, 0) : (unsigned long)time(NULL);

	reseed(value);
	printf("SEED=%lu\n", value);
}

void wrong(const char *fmt, ...)
{
	va_list args;

	if (tally.wrong++ >= SAID_MAX)
		return;
	va_start(args, fmt);
	printf("wrong: ");
	vprintf(fmt, args);
	putchar('\n');
	va_end(args);
	fflush(stdout);
}

static bool is_refusal(int err)
{
	static const int known[] = { EINVAL,	    ERANGE,	  ENOENT,     EEXIST, E2BIG,
				     ESTALE,	    EPERM,	  EOPNOTSUPP, EBUSY,  ENETDOWN,
				     EADDRNOTAVAIL, EHOSTUNREACH, ENETUNREACH };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (err == -known[i])
			return true;
	}
	return false;
}

struct answer judge(struct msg *m, bool must_refuse, const char *what)
{
	struct answer a = ask(m, NULL, NULL);

	tally.sent++;
	if (!a.err) {
		tally.taken++;
		if (must_refuse)
			wrong("%s: taken", what);
		return a;
	}
	tally.refused++;
	if (!is_refusal(a.err))
		wrong("%s: answer %d (%s)", what, a.err, a.text);
	else if (a.err == -EINVAL && !a.text[0])
		wrong("%s: EINVAL without a text", what);
	return a;
}

/* Return: the cookie of a new generation. */
uint32_t begin(void)
{
	static struct msg m;
	struct answer a;

	msg_start(&m, family, DHCPK_CMD_CONFIG_BEGIN, 0);
	a = ask(&m, NULL, NULL);
	if (a.err || !a.generation)
		wrong("CONFIG_BEGIN: %d (%s)", a.err, a.text);
	return a.generation;
}

static const struct {
	const char *name;
	void (*run)(void);
} modes[] = {
	{ "policy", sweep_policies },
	{ "top", sweep_top },
	{ "nested", sweep_nested },
	{ "shapes", sweep_shapes },
	{ "denied", sweep_denied },
	{ "deaf", sweep_deaf },
	{ "dropped", sweep_dropped },
	{ "borrowed", sweep_borrowed },
	{ "random", sweep_random },
	{ "nth", sweep_nth },
};

int main(int argc, char **argv)
{
	unsigned int i;

	for (i = 0; argc == 2 && i < ARRAY_SIZE(modes); i++) {
		if (!strcmp(argv[1], modes[i].name))
			break;
	}
	if (argc != 2 || i == ARRAY_SIZE(modes)) {
		fprintf(stderr, "usage: nlsweep MODE, one of the first lines of nlsweep.c\n");
		return 2;
	}
	seed();
	if (talk_open() || !talk_family()) {
		fprintf(stderr, "nlsweep: no family \"%s\" here\n", DHCPK_GENL_NAME);
		return 2;
	}
	modes[i].run();
	printf("%s: %lu messages, %lu refused, %lu taken; %lu wrong\n", argv[1], tally.sent,
	       tally.refused, tally.taken, tally.wrong);
	return tally.wrong > 0;
}
